//! Claims about observers: objections, and command that changes hands.

use super::*;
use crate::text::Text;

impl Incident {
    /// What somebody other than the commander asks.
    fn asked_by(&mut self, actor: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        let stamped = Stamped { at: self.now.clone(), actor: actor.into(), command };
        let events = decide(&self.playbook, &self.state, &stamped)?;
        for event in &events {
            let (seq, at) = (self.state.seq + 1, self.now.clone());
            let record = Record { seq, at, actor: actor.into(), event: event.clone() };
            apply(&self.playbook, &mut self.state, &record);
            self.records.push(record);
        }
        Ok(events)
    }
}

fn name(n: u32) -> Text {
    format!("00000000-0000-4000-8000-{n:012}").into()
}

fn object(n: u32) -> Command {
    Command::Object { id: name(n), text: "eu cache still old?".into() }
}

#[test]
fn the_same_objection_is_written_down_once_however_often_it_is_brought() {
    let mut incident = Incident::declared();
    assert_eq!(incident.asked_by("jo", object(1)).unwrap().len(), 1);
    assert_eq!(incident.asked_by("jo", object(1)).unwrap(), vec![]);
    assert_eq!(incident.asked_by("ed", object(2)).unwrap().len(), 1);
    let (seq, first) = incident.state.people.open_objection().unwrap();
    assert_eq!((first.by.as_str(), first.text.as_str()), ("jo", "eu cache still old?"));
    incident.does(Command::AcknowledgeObjection { objection: seq });
    assert_eq!(incident.does(Command::AcknowledgeObjection { objection: seq }), vec![]);
    assert_eq!(incident.state.people.open_objection().unwrap().1.by.as_str(), "ed");
    incident.is_refused(Command::AcknowledgeObjection { objection: 1 }, "no objection");
    incident.replays();
}

#[test]
fn goaround_itself_neither_objects_nor_commands() {
    let mut incident = Incident::declared();
    for nobody in ["sensor", "pilot", "\u{202e}"] {
        assert!(incident.asked_by(nobody, object(1)).is_err(), "{nobody}");
        assert!(incident.asked_by(nobody, Command::AskCommand { id: name(1) }).is_err(), "{nobody}");
    }
}

#[test]
fn command_goes_to_who_asked_and_nobody_commands_until_they_go_on() {
    let mut incident = Incident::declared();
    incident.is_refused(Command::HandOver { id: name(1) }, "nobody asks");
    incident.asked_by("jo", Command::AskCommand { id: name(1) }).unwrap();
    incident.does(Command::HandOver { id: name(1) });
    assert_eq!(incident.state.people.commander.as_str(), "jo");
    let note = || Command::Note { text: "still here".into() };
    incident.is_refused(Command::StartStep { step: id("capture"), out_of_order: None }, "handed over to jo");
    incident.is_refused(fire("alias", Way::Do, None), "handed over to jo");
    incident.is_refused(Command::HandOver { id: name(1) }, "handed over to jo");
    incident.does(note());
    incident.asked_by("jo", Command::Resume { torn_bytes: 0 }).unwrap();
    assert_eq!((incident.state.people.commander.as_str(), &incident.state.people.handed_over), ("jo", &None));
    incident.asked_by("jo", Command::StartStep { step: id("capture"), out_of_order: None }).unwrap();
    incident.replays();
}

#[test]
fn command_is_not_handed_over_while_a_pull_is_in_flight() {
    let mut incident = Incident::declared();
    incident.asked_by("jo", Command::AskCommand { id: name(1) }).unwrap();
    incident.does(overriding(fire("alias", Way::Do, None), "for this claim"));
    incident.is_refused(Command::HandOver { id: name(1) }, "pull 1 is in flight");
    incident.settles(1, Outcome::Applied);
    incident.does(Command::HandOver { id: name(1) });
    incident.replays();
}

#[test]
fn an_asking_is_answered_once_whether_declined_or_dropped() {
    let mut incident = Incident::declared();
    for n in [1, 2] {
        incident.asked_by("jo", Command::AskCommand { id: name(n) }).unwrap();
        assert_eq!(incident.asked_by("jo", Command::AskCommand { id: name(n) }).unwrap(), vec![]);
    }
    incident.does(Command::DeclineCommand { id: name(1) });
    incident.asked_by("sensor", Command::DropAsk { id: name(2) }).unwrap();
    assert_eq!(incident.asked_by("sensor", Command::DropAsk { id: name(2) }).unwrap(), vec![]);
    for n in [1, 2] {
        assert_eq!(incident.asked_by("jo", Command::AskCommand { id: name(n) }).unwrap(), vec![], "answered already");
        incident.is_refused(Command::HandOver { id: name(n) }, "nobody asks");
    }
    assert!(incident.state.people.open_asks().is_empty());
    incident.replays();
}

#[test]
fn a_journal_of_before_names_were_kept_is_read() {
    let objected: Event = serde_json::from_str("{\"objected\":{\"text\":\"why?\"}}").unwrap();
    assert_eq!(objected, Event::Objected { text: "why?".into(), id: Text::default() });
    let handed: Event = serde_json::from_str("{\"handed_over\":{\"to\":\"jo\"}}").unwrap();
    assert_eq!(handed, Event::HandedOver { to: "jo".into(), id: Text::default() });
}

#[test]
fn an_asking_that_comes_too_late_is_left_alone_and_an_objection_still_counts() {
    let mut incident = Incident::declared();
    incident.asked_by("ed", Command::AskCommand { id: name(1) }).unwrap();
    incident.does(Command::Close { override_reason: Some("handed to the day shift".into()) });
    assert_eq!(incident.asked_by("jo", Command::AskCommand { id: name(2) }).unwrap(), vec![]);
    incident.asked_by("sensor", Command::DropAsk { id: name(1) }).unwrap();
    assert_eq!(incident.asked_by("jo", object(3)).unwrap().len(), 1);
    incident.replays();
}
