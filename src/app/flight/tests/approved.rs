//! What is armed becomes live with the approval of exactly that, and of nothing else.

use super::slow_disk::{Desk, id};
use crate::incident::{Command, Event, Way};
use crate::playbook::Playbook;
use std::sync::Arc;

fn playbook() -> Arc<Playbook> {
    let text = include_str!("../../../../fixtures/playbooks/docs-rag.toml");
    let title = "title = \"Freeze writers\"\n";
    let text = text.replacen(title, &format!("{title}approval = \"second-person\"\n"), 1);
    Arc::new(Playbook::parse("docs-rag.toml", &text, Some("drill")).unwrap())
}

#[test]
fn an_approval_of_what_is_armed_makes_it_live_and_is_bound_to_its_request() {
    let mut desk = Desk::flying(playbook());
    desk.sees(1, "writers", "OK");
    let now = desk.start.plus_ms(1000);
    desk.flight.arm(&now, &id("freeze"), Way::Do, None, 0);
    let armed = desk.flight.armed().expect("it is armed").clone();
    let blocked = armed.blocked.as_ref().expect("it cannot be fired yet").to_string();
    assert!(blocked.contains("second person"), "{blocked}");
    assert!(desk.flight.fire_armed(&now, Some("now".into()), false).is_err());
    let approve = |sha256: &str| Command::Approve {
        approver: "noor".into(),
        lever: id("freeze"),
        way: Way::Do,
        want: armed.want.clone(),
        typed: armed.want.clone(),
        request_sha256: sha256.into(),
    };
    let other = desk.ask(1, approve("another")).expect("it is written down");
    desk.saved_all(1, other);
    assert!(desk.flight.armed().is_some_and(|armed| armed.blocked.is_some()), "another request was approved");
    let batch = desk.ask(2, approve(&armed.request_sha256)).expect("it is written down");
    assert!(matches!(&batch.entries[..], [(_, _, Event::Approved { .. })]));
    desk.saved_all(2, batch);
    assert_eq!(desk.flight.armed().and_then(|armed| armed.blocked.clone()), None);
    let fire = desk.flight.fire_armed(&desk.start.plus_ms(2000), None, false).expect("nothing blocks it");
    let batch = desk.ask(2, Command::Fire(fire)).expect("it is written down");
    assert!(batch.entries.iter().any(|(_, _, event)| matches!(event, Event::PullStarted { .. })));
}
