//! Claims about the playbook's own word for what is declared.

use super::*;
use crate::playbook::Noun;

const RELEASE: &str = include_str!("../../../../fixtures/playbooks/ship.toml");

/// Why each of these is refused.
fn refusals(incident: &mut Incident, commands: Vec<Command>) -> Vec<String> {
    commands.into_iter().map(|command| incident.asks(command).expect_err("it must be refused").0).collect()
}

#[test]
fn a_release_that_is_refused_is_refused_as_a_release() {
    let mut incident = Incident::opened_with(RELEASE);
    let step = incident.playbook.steps[0].id.clone();
    let lever = incident.playbook.levers.keys().next().expect("a lever").clone();
    let branch = incident.playbook.branches.keys().next().expect("a branch").clone();
    let too_early = vec![
        Command::StartStep { step, out_of_order: None },
        fire(lever.as_str(), Way::Do, None),
        Command::OpenBranch { branch, reason: "it is due".into() },
    ];
    let mut told = refusals(&mut incident, too_early);
    let declare = |size_up: &str| Command::Declare { severity: 4, size_up: size_up.into() };
    let silent = refusals(&mut incident, vec![declare("")]);
    assert_eq!(silent, ["no stop limit is broken: say what it is about, it becomes the trigger"]);
    incident.does(declare("v42 is due"));
    told.extend(refusals(&mut incident, vec![declare("once more")]));
    for told in told {
        assert!(told.contains("release") && !told.contains("rollback"), "{told}");
    }
}

#[test]
fn what_becomes_of_a_baseline_is_told_in_the_same_word() {
    let mut incident =
        Incident::opened_with(&PLAYBOOK.replacen("baseline = 50", "baseline = { at_start = \"60s\" }", 1));
    incident.playbook.declares = Noun::new("release").unwrap();
    let events = incident.does(Command::Declare { severity: 2, size_up: "it is due".into() });
    let missed =
        events.iter().find_map(|event| if let Event::BaselineMissed { why, .. } = event { Some(why) } else { None });
    assert_eq!(missed.map(Text::as_str), Some("the release was declared before it was taken"));
}
