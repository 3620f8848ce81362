//! A time bound at arming is the one that is shown, and the one that is sent.

use super::slow_disk::{Desk, id};
use crate::incident::Way;
use crate::playbook::Playbook;
use crate::text::Text;
use std::sync::Arc;

/// The shared playbook, its freeze ending by itself half an hour after arming.
fn playbook() -> Arc<Playbook> {
    let text = include_str!("../../../../fixtures/playbooks/docs-rag.toml");
    let freeze =
        "redis = { backend = \"cache\", command = [\"ACL\", \"SETUSER\", \"writer\", \"-@write\"], ok = \"^OK$\" }";
    let paused = "bind = { until = { after = \"30m\" } }\nredis = { backend = \"cache\", command = [\"SET\", \"paused\", \"${until}\"] }";
    assert!(text.contains(freeze));
    Arc::new(Playbook::parse("docs-rag.toml", &text.replacen(freeze, paused, 1), Some("drill")).unwrap())
}

/// What the armed lever would send.
fn request(desk: &Desk) -> String {
    let armed = desk.flight.armed().expect("it is armed");
    armed.request.iter().map(Text::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_time_counts_from_arming_and_stands_still_until_it_is_fired() {
    let mut desk = Desk::flying(playbook());
    let (freeze, start) = (id("freeze"), desk.start.clone());
    desk.flight.arm(&start, &freeze, Way::Do, None, 0);
    let shown = start.plus_ms(30 * 60_000).rfc3339().unwrap();
    assert!(request(&desk).contains(&shown), "{} without {shown}", request(&desk));

    let later = start.plus_ms(20_000);
    let fire = desk.flight.fire_armed(&later, Some("now".into()), false).expect("the world has not changed");
    assert_eq!(fire.bindings["until"], shown);

    desk.flight.rearm(&later, 20_000);
    let anew = later.plus_ms(30 * 60_000).rfc3339().unwrap();
    assert!(anew != shown && request(&desk).contains(&anew), "{}", request(&desk));
}
