//! Claims about clocks and stages in the report.

use super::*;

/// The hand-written flight under a playbook with two stages and an SLA.
fn timed() -> Dossier {
    let text = PLAYBOOK
        .replace("id = \"freeze\"\ntitle", "id = \"freeze\"\nstage = \"stop\"\ntitle")
        .replace("id = \"watch\"\n", "id = \"watch\"\nstage = \"green\"\n")
        + "\n[stages.stop]\ntitle = \"Stop writers\"\nbudget = \"1s\"\n\n[stages.green]\nbudget = \"1s\"\n\n[[clocks]]\n\
           id = \"sla\"\nstarts_on = \"impact\"\nstops_on = \"closed\"\nbudget = \"900s\"\nsla = true\n";
    let playbook = Playbook::parse("timed.toml", &text, Some("drill")).expect("sound");
    Dossier { playbook: Some(playbook), ..dossier() }
}

fn row<'a>(made: &'a str, start: &str) -> &'a str {
    made.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no row {start}\n{made}"))
}

#[test]
fn every_stage_stands_against_its_budget_and_a_slow_one_is_an_action() {
    let made = markdown(&timed());
    let stop = row(&made, "| Stage `Stop writers`");
    assert!(stop.contains("**over by"), "{stop}");
    assert!(made.contains("| `slow-stage-"), "{made}");
}

#[test]
fn a_clock_from_the_impact_begins_when_the_sample_was_taken() {
    let dossier = timed();
    let made = markdown(&dossier);
    let sla = row(&made, "| Clock `sla`");
    assert!(sla.contains("first sample beyond a stop limit"), "{sla}");
    assert!(sla.contains("**~"), "a sample's time is another machine's: {sla}");
    let detect = row(&made, "| Impact to detect");
    assert!(detect.contains("first BREACH of the episode − first sample beyond a stop limit"), "{detect}");
}

#[test]
fn a_stage_that_was_never_finished_is_over_its_budget_too() {
    let mut dossier = timed();
    let begun = |record: &&Record| matches!(&record.event, Event::StepStarted { step, .. } if step.as_str() == "watch");
    let place = dossier.records.iter().position(|record| begun(&record)).expect("the flight watches");
    let met = |record: &Record| matches!(&record.event, Event::StepDone { step, .. } if step.as_str() == "watch");
    let left: Vec<Record> = dossier.records.iter().skip(place + 1).filter(|record| !met(record)).cloned().collect();
    dossier.records.truncate(place + 1);
    dossier.records.extend(left);
    let made = markdown(&dossier);
    let green = row(&made, "| Stage `green`");
    assert!(green.contains("not reached") && green.contains("and not reached when it closed**"), "{green}");
}
