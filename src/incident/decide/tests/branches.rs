//! Claims about branches: what opens them, what is N/A until then, and what a person may choose with a reason.

use super::*;
use crate::incident::{Move, derive, next_step, pilot};

/// A question before the watch step, a branch for each thing that can open one, and a step in each.
const TREE: &str = include_str!("tree.toml");

fn text() -> String {
    let watch = "\n[[steps]]\nid = \"watch\"";
    assert_eq!(PLAYBOOK.matches(watch).count(), 1);
    PLAYBOOK.replacen(watch, &format!("\n{TREE}[[steps]]\nid = \"watch\""), 1)
}

/// Declared, with the six steps of the checklist behind.
fn declared() -> Incident {
    let mut incident = Incident::declared_with(&text());
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle"]);
    incident
}

fn answer(step: &str, saw: &str, name: Option<&str>) -> Command {
    Command::Confirm { step: id(step), saw: saw.into(), took_ms: 900, approver: name.map(Into::into) }
}

impl Incident {
    fn is_open(&self, branch: &str) -> bool {
        self.state.branches.contains_key(&id(branch))
    }

    fn next(&self) -> Option<&str> {
        next_step(&self.playbook, &self.state).map(|step| step.id.as_str())
    }
}

#[test]
fn a_step_is_not_flown_before_its_branch_is_open() {
    let mut incident = declared();
    let open = "its branch `Bad arm in service` is not open";
    incident.is_refused(Command::StartStep { step: id("arms"), out_of_order: Some("now".into()) }, open);
    incident.is_refused(fire("pointer", Way::Do, Some("arms")), "");
    incident.is_refused(Command::Skip { step: id("arms"), reason: "no".into() }, open);
    incident.sees("arm", "blue");
    assert_eq!(incident.status("arms"), None, "its sensor ticks nothing that is not flown");
    assert_eq!(incident.next(), Some("check"));
    incident.does(answer("check", "yes", Some("noor")));
    assert_eq!(incident.next(), Some("watch"), "what is N/A is out of the order");
    incident.does(Command::StartStep { step: id("watch"), out_of_order: None });
    incident.replays();
}

#[test]
fn a_raised_symptom_opens_its_branch_once_declared_and_it_stays_open() {
    let mut incident = Incident::opened_with(&text());
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert!(incident.state.branches.is_empty(), "nothing is declared");
    incident.does(Command::Declare { severity: 2, size_up: "errors".into() });
    assert!(incident.is_open("bad-arm"));
    assert_eq!(incident.state.branches[&id("bad-arm")].why.as_str(), "symptom bad arm: errors up is raised");
    incident.judges("errors", VerdictState::Ok, ExitState::Met);
    assert!(incident.is_open("bad-arm"), "what was begun is not taken away");
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    incident.replays();
}

#[test]
fn what_is_in_force_when_its_branch_opens_is_ticked_at_once() {
    let mut incident = declared();
    incident.sees("arm", "blue");
    incident.does(Command::DeclareSymptom { symptom: id("bad-arm") });
    assert_eq!(incident.status("arms"), Some(StepStatus::Sensed));
    incident.replays();
}

#[test]
fn a_branch_that_opens_runs_the_sixty_second_clock_on() {
    let mut incident = declared();
    incident.does(answer("check", "yes", Some("noor")));
    assert!(incident.clock("60s").done, "the steps that are N/A are not waited for");
    incident.does(Command::DeclareSymptom { symptom: id("bad-arm") });
    assert!(incident.clock("60s").running, "one of its steps is open again");
    incident.replays();
}

/// The tree, with the question and the freeze N/A once the arm turns out bad.
fn replaced() -> Incident {
    let mut text = text();
    for step in ["check", "freeze", "throttle"] {
        let (id, unless) = (format!("id = \"{step}\"\n"), "unless = \"bad-arm\"\n");
        assert_eq!(text.matches(&id).count(), 1, "{step}");
        text = text.replacen(&id, &format!("{id}{unless}"), 1);
    }
    let mut incident = Incident::declared_with(&text);
    incident.skips(&["capture"]);
    incident
}

#[test]
fn a_branch_that_is_flown_instead_takes_the_open_steps_out_and_leaves_what_was_done() {
    let mut incident = replaced();
    incident.does(Command::StartStep { step: id("freeze"), out_of_order: None });
    incident.pulls(1, "freeze", Way::Do, Some("freeze"), "no permissions");
    incident.sees("writers", "no permissions");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed));
    incident.skips(&["pick", "flip", "rotate"]);
    incident.does(Command::StartStep { step: id("throttle"), out_of_order: None });
    incident.does(Command::DeclareSymptom { symptom: id("bad-arm") });
    assert_eq!(incident.next(), Some("arms"), "neither the running step nor the question is in the way");
    incident.is_refused(answer("check", "yes", Some("noor")), "branch `Bad arm in service` is flown instead");
    incident.sees("limit", "20");
    assert_eq!(incident.status("throttle"), Some(StepStatus::Running), "what is N/A is not ticked");
    incident.sees("writers", "OK");
    assert_eq!(incident.status("freeze"), Some(StepStatus::Sensed), "nor opened again");
    incident.sees("arm", "blue");
    assert_eq!(incident.next(), Some("unthrottle"), "the other branches and the watch step go on");
    incident.replays();
}

#[test]
fn a_clock_that_passes_its_budget_opens_its_branch() {
    let mut incident = Incident::declared_with(&text());
    incident.does(Command::StartStep { step: id("capture"), out_of_order: None });
    incident.passes(60);
    incident.does(Command::Tick);
    assert!(!incident.is_open("late"), "it may take its budget");
    incident.passes(1);
    incident.does(Command::Tick);
    assert!(incident.is_open("late"));
    incident.replays();
}

#[test]
fn what_a_probe_sees_opens_its_branch() {
    let mut incident = declared();
    incident.sees("limit", "100000");
    assert!(!incident.is_open("throttled"));
    incident.sees("limit", "20");
    assert_eq!(
        incident.state.branches[&id("throttled")].why.as_str(),
        "requests per second let in shows 20",
        "the record says what was seen"
    );
    incident.replays();
}

#[test]
fn a_person_opens_a_branch_with_a_reason_and_only_once() {
    let open = |reason: &str| Command::OpenBranch { branch: id("by-hand"), reason: reason.into() };
    let mut early = Incident::opened_with(&text());
    early.is_refused(open("an audit"), "no rollback is declared");
    let mut incident = declared();
    incident.is_refused(open(""), "needs a reason");
    incident.does(open("a customer's data may be in it"));
    assert_eq!(incident.state.branches[&id("by-hand")].why.as_str(), "a customer's data may be in it");
    incident.is_refused(open("again"), "is open already");
    incident.is_refused(Command::OpenBranch { branch: id("nowhere"), reason: "x".into() }, "there is no branch");
    incident.replays();
}

#[test]
fn a_failed_step_waits_for_the_branch_it_opens_and_is_tried_again_behind_it() {
    let mut incident = declared();
    incident.is_refused(answer("mend", "yes", None), "is not open");
    incident.does(answer("check", "no", Some("noor")));
    assert_eq!(incident.status("check"), Some(StepStatus::Failed));
    assert!(incident.is_open("trouble"));
    assert_eq!(incident.next(), Some("mend"), "the failed step waits");
    let watch = Command::StartStep { step: id("watch"), out_of_order: None };
    incident.is_refused(watch, "is still open");
    incident.passes(20);
    incident.does(answer("mend", "yes", None));
    assert_eq!(incident.next(), Some("check"));
    let again = Command::StartStep { step: id("check"), out_of_order: None };
    assert_eq!(pilot(&incident.playbook, &incident.state), Move::Submit(again.clone()));
    incident.does(again);
    incident.passes(1);
    incident.does(answer("check", "no", Some("noor")));
    assert!(matches!(pilot(&incident.playbook, &incident.state), Move::Stop(_)), "one more try, not for ever");
    incident.replays();
}

#[test]
fn where_the_steps_of_a_branch_are_written_does_not_matter_to_what_failed() {
    let mend = "[[steps]]\nid = \"mend\"\nbranch = \"trouble\"\nask = { question = \"Are the shards merged?\", answers = [\"yes\", \"no\"] }\n";
    let last = format!("{}\n{mend}", text().replace(mend, ""));
    let mut incident = Incident::declared_with(&last);
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle"]);
    incident.does(answer("check", "no", Some("noor")));
    assert_eq!(incident.playbook.steps.last().map(|step| step.id.as_str()), Some("mend"), "behind the watch");
    assert_eq!(incident.next(), Some("mend"));
    incident.does(Command::StartStep { step: id("mend"), out_of_order: None });
    incident.replays();
}

#[test]
fn steps_that_wait_for_each_others_branches_are_left_to_a_person() {
    let crossed = text().replace("when = { symptom = \"bad-arm\" }", "when = { failed = \"mend\" }");
    let crossed = crossed.replace("when = { failed = \"check\" }", "when = { failed = \"legal\" }");
    let crossed = crossed.replace("id = \"arms\"\nbranch = \"bad-arm\"", "id = \"arms\"\nbranch = \"by-hand\"");
    let crossed = crossed.replace("branch = \"by-hand\"\nask", "branch = \"bad-arm\"\nask");
    let mut incident = Incident::declared_with(&crossed);
    incident.skips(&["capture", "freeze", "pick", "flip", "rotate", "throttle", "check"]);
    for branch in ["trouble", "bad-arm"] {
        incident.does(Command::OpenBranch { branch: id(branch), reason: "both".into() });
    }
    incident.does(answer("mend", "no", None));
    incident.does(answer("legal", "no", None));
    assert_eq!(incident.next(), Some("mend"), "the checklist is not complete while both are open");
    incident.replays();
}

#[test]
fn a_hold_is_not_met_while_a_branch_before_it_is_open() {
    let mut incident = declared();
    incident.does(answer("check", "yes", Some("noor")));
    incident.all_green();
    incident.does(Command::StartStep { step: id("watch"), out_of_order: None });
    incident.passes(5);
    incident.does(Command::OpenBranch { branch: id("by-hand"), reason: "legal called".into() });
    let held_s = incident.playbook.hold.green_for_ms / 1000;
    incident.passes(held_s);
    incident.does(Command::Tick);
    assert!(incident.state.marks.hold_met.is_none());
    incident.does(answer("legal", "yes", None));
    incident.does(Command::Tick);
    assert!(incident.state.marks.hold_met.is_some());
    incident.replays();
}

#[test]
fn a_second_person_answers_where_one_is_asked_for() {
    let mut incident = declared();
    incident.is_refused(answer("check", "yes", None), "a second person (Tech Lead): type their name");
    for nobody in ["", "-", "pilot"] {
        incident.is_refused(answer("check", "yes", Some(nobody)), "type their name");
    }
    for own in ["mira", " MIRA "] {
        incident.is_refused(answer("check", "yes", Some(own)), "somebody else (Tech Lead) must answer");
    }
    assert_eq!(incident.status("check"), None, "a refused answer begins nothing");
    incident.does(answer("check", "yes", Some("noor")));
    let done = incident.state.steps[&id("check")].done_by.clone();
    let by = DoneBy::Confirmed { saw: "yes".into(), took_ms: 900, approver: Some("noor".into()), reason: None };
    assert_eq!(done, Some(by));
    incident.replays();
}

#[test]
fn a_bad_answer_names_who_gave_it() {
    let mut incident = declared();
    incident.does(answer("check", "no", Some("noor")));
    assert_eq!(incident.state.steps[&id("check")].reason.as_ref().unwrap().as_str(), "no, says noor");
}

fn pick(lever: &str, reason: Option<&str>) -> Command {
    Command::Pick { step: id("pick"), lever: id(lever), took_ms: 900, reason: reason.map(Into::into) }
}

#[test]
fn a_lever_that_no_raised_symptom_lists_is_picked_with_a_reason_only() {
    let mixed = PLAYBOOK.replace("levers = [\"pointer\", \"flag\", \"pins\", \"alias\"]", "levers = [\"pointer\"]");
    let mut incident = Incident::declared_with(&mixed);
    incident.skips(&["capture", "freeze"]);
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    for nothing in [None, Some("")] {
        incident.is_refused(pick("flag", nothing), "picking it needs a reason");
    }
    incident.does(pick("flag", Some("the pointer's proxy is being replaced")));
    let Some(DoneBy::Confirmed { reason, .. }) = &incident.state.steps[&id("pick")].done_by else { panic!("picked") };
    assert_eq!(reason.as_ref().unwrap().as_str(), "the pointer's proxy is being replaced");
    incident.replays();
}

#[test]
fn a_lever_is_picked_freely_where_it_fits_or_no_symptom_speaks_of_it() {
    for (raise, lever) in [(true, "alias"), (false, "flag")] {
        let mut incident = Incident::declared();
        incident.skips(&["capture", "freeze"]);
        if raise {
            incident.judges("errors", VerdictState::Breach, ExitState::Missed);
        }
        incident.does(pick(lever, Some("a reason nobody asked for")));
        let Some(DoneBy::Confirmed { reason, .. }) = &incident.state.steps[&id("pick")].done_by else {
            panic!("picked")
        };
        assert_eq!(*reason, None, "what needed no reason did not go past the ranking");
    }
}

#[test]
fn the_pilot_never_picks_past_the_ranking() {
    let only = PLAYBOOK.replace("levers = [\"pointer\", \"flag\", \"pins\", \"alias\"]", "levers = [\"pointer\"]");
    let mut incident = Incident::declared_with(&only);
    incident.skips(&["capture", "freeze"]);
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    incident.does(Command::StartStep { step: id("pick"), out_of_order: None });
    incident.sees("writers", "OK");
    let stop = pilot(&incident.playbook, &incident.state);
    assert!(matches!(&stop, Move::Stop(why) if why.contains("no lever of `pick lever` is ready")), "{stop:?}");
    incident.sees("writers", "no permissions");
    assert_eq!(pilot(&incident.playbook, &incident.state), Move::Submit(pick_by_pilot("pointer")));
}

fn pick_by_pilot(lever: &str) -> Command {
    Command::Pick { step: id("pick"), lever: id(lever), took_ms: 0, reason: None }
}

#[test]
fn the_pilot_flies_what_a_branch_adds_in_its_place() {
    let mut incident = declared();
    incident.does(answer("check", "yes", Some("noor")));
    incident.does(Command::DeclareSymptom { symptom: id("bad-arm") });
    let begins = Move::Submit(Command::StartStep { step: id("arms"), out_of_order: None });
    assert_eq!(pilot(&incident.playbook, &incident.state), begins);
}

#[test]
fn any_of_several_metrics_raises_a_symptom() {
    let any = PLAYBOOK.replace("when = [\"errors\"]\n", "any = [\"errors\", \"p99\"]\n");
    for metric in ["errors", "p99"] {
        let mut incident = Incident::declared_with(&any);
        assert!(raised(&incident.playbook, &incident.state).is_empty());
        incident.judges(metric, VerdictState::Breach, ExitState::Missed);
        assert_eq!(raised(&incident.playbook, &incident.state), [id("bad-arm")], "{metric}");
    }
    let both = PLAYBOOK.replace("when = [\"errors\"]\n", "when = [\"errors\"]\nany = [\"p99\"]\n");
    let mut incident = Incident::declared_with(&both);
    incident.judges("p99", VerdictState::Breach, ExitState::Missed);
    assert!(raised(&incident.playbook, &incident.state).is_empty(), "all of `when` as well");
    incident.judges("errors", VerdictState::Breach, ExitState::Missed);
    assert_eq!(raised(&incident.playbook, &incident.state), [id("bad-arm")]);
}

#[test]
fn what_was_written_before_there_were_approvers_still_reads() {
    let old = r#"{"step_done":{"step":"pick","by":{"confirmed":{"saw":"alias","took_ms":3100}},"pick":"alias"}}"#;
    let event: Event = serde_json::from_str(old).expect("an old record");
    let by = DoneBy::confirmed("alias".into(), 3100);
    assert_eq!(event, Event::StepDone { step: id("pick"), by, pick: Some(id("alias")) });
    assert_eq!(serde_json::to_string(&event).unwrap(), old, "and is written as it was");
}

#[test]
fn a_resume_opens_what_a_crash_cut_off() {
    let mut incident = declared();
    incident.does(answer("check", "no", Some("noor")));
    let cut: Vec<Record> =
        incident.records.iter().filter(|r| !matches!(r.event, Event::BranchOpened { .. })).cloned().collect();
    incident.state = replay(&incident.playbook, &cut);
    incident.records = cut;
    assert!(!incident.is_open("trouble") && derive::raised(&incident.playbook, &incident.state).is_empty());
    incident.does(Command::Resume { torn_bytes: 0 });
    assert!(incident.is_open("trouble"));
}
