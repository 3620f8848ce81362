//! What every flying command shares: loading a playbook, the commander, the ending.

use super::config::Config;
use super::{Verdict, bad};
use crate::app::auto::Ending;
use crate::app::flight::Flight;
use crate::app::live::Manners;
use crate::app::printer::{complain, say};
use crate::incident::{Actor, Moment, Record};
use crate::journal::Journal;
use crate::playbook::{self, Flaw, Playbook};
use crate::text::{Redactor, Text};
use clap::Args;
use color_eyre::eyre::Result;
use std::path::Path;
use std::sync::Arc;

/// Who commands, and how it looks.
#[derive(Args, Clone, Debug)]
pub struct Crew {
    /// Who commands, as the journal will call them [default: the login]
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<String>,
    /// The cockpit's theme [default: dark, or ansi16 where colours are few]
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
}

impl Crew {
    /// The commander's name.
    pub fn commander(&self) -> Actor {
        self.commander_or(None)
    }

    /// The commander's name, or else the role that a drill's script gives them.
    pub fn commander_or(&self, role: Option<&str>) -> Actor {
        let login = || std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok();
        let name = self
            .role
            .clone()
            .or_else(|| role.map(str::to_owned))
            .or_else(login)
            .unwrap_or_else(|| format!("uid-{}", rustix::process::getuid().as_raw()));
        Text::from(name)
    }

    /// Whether a cockpit can be drawn as asked for; to be known before anything is made.
    pub fn check(&self) -> Result<()> {
        self.cockpit().map(drop)
    }

    /// The cockpit in its theme.
    pub fn cockpit(&self) -> Result<crate::cockpit::Ui> {
        let config = Config::load()?;
        let name = self.theme.as_deref().or(config.theme.as_deref()).unwrap_or_else(|| default_theme());
        match crate::cockpit::Theme::embedded(name) {
            Some(theme) => Ok(crate::cockpit::Ui::new(theme).with_mouse(config.mouse)),
            None => bad(format!(
                "there is no theme `{name}`: use one of {}",
                crate::cockpit::theme_names().collect::<Vec<_>>().join(", ")
            )),
        }
    }
}

/// How the terminal is spoken to beside the cockpit's own screen.
pub fn manners() -> Result<Manners> {
    let clipboard = super::incidents::state_folder().map(|folder| folder.join("clipboard.txt"));
    Ok(Manners { notify: Config::load()?.notify, clipboard })
}

/// True colour where the terminal says so, else the sixteen every terminal has.
fn default_theme() -> &'static str {
    let truecolor = std::env::var("COLORTERM").is_ok_and(|value| value == "truecolor" || value == "24bit");
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if truecolor && !no_color { "dark" } else { "ansi16" }
}

/// Reads and checks a playbook; its faults go to standard error, all of them.
pub fn load(path: &Path, profile: Option<&str>) -> Result<Playbook> {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return bad(format!("{name}: {error}; name a playbook that can be read")),
    };
    checked(&name, &text, Playbook::parse_in(&|file: &str| beside(path, file), &name, &text, profile))
}

/// What is in a file that a playbook names, relative to the folder of the playbook at `path`.
pub fn beside(path: &Path, file: &str) -> std::result::Result<String, String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::read_to_string(folder.join(file)).map_err(|error| error.to_string())
}

/// How many faults a playbook has, in words.
pub fn count(faults: usize) -> String {
    if faults == 1 { "1 fault".into() } else { format!("{faults} faults") }
}

/// Checks a playbook's text.
pub fn parse(name: &str, text: &str, profile: Option<&str>) -> Result<Playbook> {
    checked(name, text, Playbook::parse(name, text, profile))
}

fn checked(name: &str, text: &str, parsed: std::result::Result<Playbook, Vec<Flaw>>) -> Result<Playbook> {
    match parsed {
        Ok(playbook) => Ok(playbook),
        Err(flaws) => {
            complain(playbook::render(name, text, &flaws).trim_end());
            bad(format!("{name} has {}; `goaround check {name}` lists them", count(flaws.len())))
        }
    }
}

/// A flight that goes on where `journal` ends, with the words of the messages that wait to be sent again.
pub fn continued(
    playbook: Playbook,
    records: &[Record],
    journal: &Journal,
    (redactor, now): (Redactor, &Moment),
) -> Flight {
    let mut flight = Flight::new(Arc::new(playbook), records, redactor, now);
    for (comm, file) in flight.waiting_messages() {
        // Words that cannot be had are not made up: the flight says that nothing was sent.
        if let Some(words) = journal.kept(&file) {
            flight.recall_message(comm, &words);
        }
    }
    flight
}

/// Prints how the flight ended and where it is written down: the directory is the last line.
pub fn land(ending: &Ending, directory: &Path) -> Verdict {
    let verdict = tell(ending, directory);
    say(directory.display());
    verdict
}

/// Says how the flight ended.
pub fn tell(ending: &Ending, directory: &Path) -> Verdict {
    match ending {
        Ending::Closed { recovered: true } => {
            say("recovered, no debt left");
            Verdict::Yes
        }
        Ending::Closed { recovered: false } => {
            say("closed, not recovered");
            Verdict::No
        }
        Ending::LeftAlone => {
            say("a false alarm, rightly left alone");
            Verdict::Yes
        }
        Ending::NotDeclared => {
            say("nothing was declared");
            Verdict::No
        }
        Ending::Differed(why) => {
            say(format_args!("not recorded from here on: {why}"));
            Verdict::No
        }
        Ending::Open(why) => {
            say(format_args!("left open: {why}"));
            say(format_args!("go on with: goaround resume {}", directory.display()));
            Verdict::LeftOpen
        }
        Ending::Unsaved { records, why } => {
            let lost = if *records == 1 { "1 record was".to_owned() } else { format!("{records} records were") };
            say(format_args!("{lost} not saved ({why}); what was saved is in {}", directory.display()));
            say(format_args!("go on with: goaround resume {}", directory.display()));
            Verdict::LeftOpen
        }
    }
}
