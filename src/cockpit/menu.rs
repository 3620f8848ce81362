//! A small numbered choice; its order is fixed while it is open.

use super::facts;
use super::scene::Scene;
use crate::incident::{candidates, expected_ms};
use crate::playbook::{Ask, Id, Noun, Step};
use crate::text::Text;

/// What one choice means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chosen {
    /// This lever, for a step that picks.
    Lever { step: Id, lever: Id },
    /// This was seen, and it answers the step's question.
    Saw { step: Id, saw: Text },
    /// What was seen does not make the step done; it is only written down.
    NotDone { step: Id, saw: Text },
    /// This severity.
    Severity(u8),
    /// Save the edited words of this message.
    SaveWords(Id),
    /// Drop what was typed into this message since it was saved.
    DropWords(Id),
    /// Close the incident.
    Close,
    /// Give command to who asked for it like this.
    HandOver(Text),
    /// Keep it.
    KeepCommand(Text),
}

impl Chosen {
    /// Whether it ends something, or is a person's word for what was seen: only a person chooses it.
    pub(super) fn is_a_word(&self) -> bool {
        match self {
            Self::Close | Self::HandOver(_) | Self::Saw { .. } | Self::NotDone { .. } => true,
            Self::Lever { .. } | Self::Severity(_) | Self::SaveWords(_) | Self::DropWords(_) | Self::KeepCommand(_) => {
                false
            }
        }
    }
}

/// One of them, and the number it has: a lever's is its own, the same as in LEVERS.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) number: usize,
    pub(super) label: String,
    pub(super) chosen: Chosen,
}

/// The choice.
#[derive(Clone, Debug)]
pub(super) struct Menu {
    pub(super) title: String,
    pub(super) choices: Vec<Choice>,
    pub(super) opened_ms: u64,
}

impl Menu {
    /// Numbered from 1.
    fn new(title: impl Into<String>, choices: Vec<(String, Chosen)>, opened_ms: u64) -> Self {
        let numbered = (1..).zip(choices).map(|(number, (label, chosen))| Choice { number, label, chosen });
        Self { title: title.into(), choices: numbered.collect(), opened_ms }
    }

    /// The levers of a step that picks, best first for what is wrong now.
    pub(super) fn levers(scene: &Scene, step: &Step, opened_ms: u64) -> Self {
        let choice = |lever: Id| {
            let known = &scene.playbook.levers[&lever];
            let (now, _) = facts::position(scene, known);
            let label = format!(
                "{:<32} {:>10} -> {:<10} {:<5}{}",
                super::words::clip(&known.title, 32),
                super::words::clip(&now, 10),
                super::words::clip(&facts::target(known), 10),
                super::words::about(expected_ms(&scene.state, known)),
                facts::ready(scene, known).0
            );
            let number = facts::lever_number(scene, &lever);
            Choice { number, label, chosen: Chosen::Lever { step: step.id.clone(), lever } }
        };
        let choices = candidates(&scene.playbook, &scene.state, step).into_iter().map(choice).collect();
        let title = format!("PICK A LEVER  best first; {}", symptoms(scene));
        Self { title, choices, opened_ms }
    }

    /// A step's own question.
    pub(super) fn question(step: &Step, ask: &Ask, opened_ms: u64) -> Self {
        let choice =
            |answer: &String| (answer.clone(), Chosen::Saw { step: step.id.clone(), saw: Text::from(answer.as_str()) });
        Self::new(format!("what you SAW: {}", ask.question), ask.answers.iter().map(choice).collect(), opened_ms)
    }

    /// What a person saw where a sensor cannot see.
    pub(super) fn unsensed(step: &Step, want: &str, opened_ms: u64) -> Self {
        let id = || step.id.clone();
        let not_done = |saw: &str| (saw.to_owned(), Chosen::NotDone { step: id(), saw: saw.into() });
        let seen = (want.to_owned(), Chosen::Saw { step: id(), saw: Text::from(want) });
        let choices = vec![seen, not_done("something else"), not_done("cannot tell")];
        Self::new(format!("SENSOR LOST  {}: what you SAW", step.title), choices, opened_ms)
    }

    /// What to do with words that were typed and not saved.
    pub(super) fn unsaved(comm: &Id, opened_ms: u64) -> Self {
        let choices = vec![
            ("save them".to_owned(), Chosen::SaveWords(comm.clone())),
            ("drop what was typed since they were saved".to_owned(), Chosen::DropWords(comm.clone())),
        ];
        Self::new(format!("NOT SAVED  the words of {comm}"), choices, opened_ms)
    }

    /// How bad it is.
    pub(super) fn severity(declares: &Noun, opened_ms: u64) -> Self {
        let words = ["everything is down", "many are hurt", "some are hurt", "few are hurt"];
        let choices = (1_u8..).zip(words).map(|(n, word)| (format!("SEV{n}  {word}"), Chosen::Severity(n))).collect();
        Self::new(format!("DECLARE {}  how bad is it?", declares.one().to_uppercase()), choices, opened_ms)
    }

    /// The last question when nothing is open any more.
    pub(super) fn close(opened_ms: u64) -> Self {
        let choices = vec![("close the incident as recovered".to_owned(), Chosen::Close)];
        Self::new("CLOSE  hold met, no debts open", choices, opened_ms)
    }

    /// The answer to who asks for command.
    pub(super) fn command(id: &Text, by: &Text, opened_ms: u64) -> Self {
        let choices = vec![
            (format!("hand command to {by}: you go on as an observer"), Chosen::HandOver(id.clone())),
            (format!("keep command; {by} is told so"), Chosen::KeepCommand(id.clone())),
        ];
        Self::new(format!("COMMAND  {by} asks for it"), choices, opened_ms)
    }
}

fn symptoms(scene: &Scene) -> String {
    let raised = crate::incident::raised(&scene.playbook, &scene.state);
    let titles: Vec<&str> = raised.iter().map(|id| scene.playbook.symptoms[id].title.as_str()).collect();
    if titles.is_empty() { "no symptom is raised".into() } else { titles.join("; ") }
}
