//! Claims about what goes on after closing.

use super::*;
use crate::incident::follow_ups;

/// The first playbook with two follow-ups, the later one written first.
fn listed() -> String {
    let lists = "\n[[follow_ups]]\nid = \"redeploy\"\nwithin = \"7d\"\n\
        \n[[follow_ups]]\nid = \"confirm\"\nwithin = \"1h\"\nowner = \"Tech Lead\"\n";
    // Whatever it lists itself is not what this claim is about.
    let text = PLAYBOOK.split("[[follow_ups]]").next().unwrap();
    format!("{text}{lists}")
}

fn closed() -> Incident {
    let mut incident = Incident::declared_with(&listed());
    incident.does(Command::Close { override_reason: Some("handed to the day shift".into()) });
    incident
}

fn follow_up(name: &str, note: &str) -> Command {
    Command::FollowUp { id: id(name), note: note.into() }
}

#[test]
fn a_follow_up_is_ticked_off_after_closing_only_and_once() {
    let mut incident = Incident::declared_with(&listed());
    incident.is_refused(follow_up("confirm", "metrics hold"), "still open");
    incident.does(Command::Close { override_reason: Some("handed to the day shift".into()) });
    incident.is_refused(follow_up("confrm", "metrics hold"), "did you mean `confirm`?");
    incident.is_refused(follow_up("confirm", "ok"), "say what was done");
    incident.passes(60);
    let events = incident.does(follow_up("confirm", "metrics hold, see the board"));
    assert!(matches!(&events[..], [Event::FollowedUp { by, .. }] if by.as_str() == "mira"));
    incident.is_refused(follow_up("confirm", "metrics hold again"), "done already, by mira");
    incident.is_refused(fire("flag", Way::Do, None), "closed");
    assert_eq!(incident.state.closed, Some(false), "what was closed stays closed");
}

#[test]
fn replaying_what_came_after_closing_gives_the_same_state() {
    let mut incident = closed();
    incident.passes(3600);
    incident.does(follow_up("redeploy", "plan approved in the review"));
    assert_eq!(replay(&incident.playbook, &incident.records), incident.state);
}

#[test]
fn due_times_count_from_closing_and_the_earliest_comes_first() {
    let mut incident = closed();
    let closed_ms = incident.now.wall_ms;
    incident.passes(3_601);
    let now_ms = incident.now.wall_ms;
    let all = follow_ups(&incident.playbook, &incident.state);
    assert_eq!(all.iter().map(|due| due.follow_up.id.as_str()).collect::<Vec<_>>(), ["confirm", "redeploy"]);
    assert_eq!((all[0].due_ms, all[0].late_ms(now_ms)), (Some(closed_ms + 3_600_000), Some(1000)));
    assert_eq!(all[1].late_ms(now_ms), None);
    incident.does(follow_up("confirm", "metrics hold, a second late"));
    let (all, later) = (follow_ups(&incident.playbook, &incident.state), now_ms + 86_400_000);
    assert_eq!(all[0].late_ms(later), Some(1000), "what is done grows no later");
}

#[test]
fn before_closing_and_after_a_drill_nothing_is_overdue() {
    let open = Incident::declared_with(&listed());
    assert!(follow_ups(&open.playbook, &open.state).iter().all(|due| due.due_ms.is_none()));
    let mut drilled = closed();
    drilled.state.drill = Some(crate::incident::event::Drill::of(id("x"), 1));
    let all = follow_ups(&drilled.playbook, &drilled.state);
    assert!(all.iter().all(|due| due.late_ms(i64::MAX).is_none()), "its clock is nobody's");
}
