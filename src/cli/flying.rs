//! What every flying command shares: loading a playbook, the commander, the ending.

use super::colours::Colours;
use super::config::Config;
use super::{Verdict, bad};
use crate::app::auto::Ending;
use crate::app::flight::Flight;
use crate::app::live::{Console, Helm, Keeper, Manners, Screen, ScreenError};
use crate::app::printer::{complain, say};
use crate::cockpit::{Plain, Ui};
use crate::incident::{Actor, Moment, Record};
use crate::journal::Journal;
use crate::playbook::{self, Flaw, Id, Playbook};
use crate::text::{Redactor, Text};
use clap::Args;
use color_eyre::eyre::Result;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Who commands, and how it looks.
#[derive(Args, Clone, Debug)]
pub struct Crew {
    /// Who commands, as the journal will call them [default: $USER, else the drill's role]
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<String>,
    /// The cockpit's theme [default: what fits the terminal; `goaround themes` lists them]
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// No screen: a command a line in, sentences out; for screen readers, pipes and dumb terminals
    #[arg(long)]
    plain: bool,
}

impl Crew {
    /// The commander's name.
    pub fn commander(&self) -> Actor {
        self.commander_or(None)
    }

    /// The commander's name; where neither they nor the login tell it, the role that a drill's script gives them.
    pub fn commander_or(&self, role: Option<&str>) -> Actor {
        Text::from(name_or_login_or(self.role.as_deref(), role))
    }

    /// The same crew, commanding under this name.
    pub fn named(&self, role: &Actor) -> Self {
        Self { role: Some(role.to_string()), ..self.clone() }
    }

    /// Whether a cockpit can be drawn as asked for; to be known before anything is made.
    pub fn check(&self) -> Result<()> {
        Config::load()?.keymap()?;
        Colours::choose(self.theme.as_deref()).map(drop)
    }

    /// Whether there is a person to fly by hand; to be known before anything is made.
    pub fn check_person(&self) -> Result<()> {
        match Screen::check() {
            _ if self.plain => Ok(()),
            // Where nothing is drawn no size is too small.
            Ok(()) | Err(ScreenError::TooSmall(..)) if is_dumb() => Ok(()),
            checked => checked.or_else(|why| bad(why.to_string())),
        }
    }

    /// Whether it is flown by the pilot; nobody sits at a line then.
    pub fn check_pilot(&self) -> Result<()> {
        if self.plain { bad("--auto flies by itself: leave out --plain") } else { Ok(()) }
    }

    /// Says before a drill what its screen will cover; by lines it is told with the rest.
    pub fn tell_brief(&self, brief: &str) {
        if !self.goes_by_lines() {
            say(brief);
        }
    }

    /// Whether there is no screen to be drawn on.
    pub fn goes_by_lines(&self) -> bool {
        self.plain || is_dumb()
    }

    /// Takes the terminal, or the lines, over; `keeper` writes down what is said of a drill.
    pub fn helm(&self, directory: &Path, keeper: Option<Keeper>, drafts: &[(Id, String)]) -> Result<Helm> {
        let recall = |ui: &mut Ui| drafts.iter().for_each(|(comm, words)| ui.recall_draft(comm.clone(), words));
        if !self.goes_by_lines() {
            let mut ui = self.cockpit()?;
            recall(&mut ui);
            let screen = Screen::open(ui, directory, manners()?)?;
            let screen = keeper.into_iter().fold(screen, Screen::debriefed_by);
            return Ok(Helm::Person(Box::new(screen)));
        }
        if !self.plain {
            say("TERM=dumb: this terminal has no screen, so it goes by lines, as with --plain.");
        }
        let mut console = self.console(keeper)?;
        recall(console.ui());
        Ok(Helm::Plain(Box::new(console)))
    }

    /// Takes standard input and output over, line by line.
    pub fn console(&self, keeper: Option<Keeper>) -> Result<Console> {
        Ok(Console::open(Plain::new(Colours::choose(self.theme.as_deref())?.first), keeper))
    }

    /// The cockpit in its theme, or in the terminal's own colours until that has told what is behind its text.
    pub fn cockpit(&self) -> Result<Ui> {
        let colours = Colours::choose(self.theme.as_deref())?;
        let config = Config::load()?;
        let keymap = config.keymap()?;
        // Which colours there are has been decided. Left to itself crossterm would heed NO_COLOR once more and write a
        // reset for each colour, which takes reverse and bold away.
        crossterm::style::force_color_output(true);
        let ui = Ui::new(colours.first).with_themes(colours.round).with_grounds(colours.grounds);
        Ok(ui.with_keys(keymap).with_mouse(config.mouse))
    }
}

/// The name given, or else the login's.
pub fn name_or_login(name: Option<&str>) -> String {
    name_or_login_or(name, None)
}

/// The name given, else the login's, else the role: the same person has the same name wherever they sign.
fn name_or_login_or(name: Option<&str>, role: Option<&str>) -> String {
    let known = |of: &str| std::env::var(of).ok().filter(|login| !login.trim().is_empty());
    let login = || known("USER").or_else(|| known("LOGNAME"));
    let uid = || format!("uid-{}", rustix::process::getuid().as_raw());
    name.map(str::to_owned).or_else(login).or_else(|| role.map(str::to_owned)).unwrap_or_else(uid)
}

/// How the terminal is spoken to beside the cockpit's own screen.
pub fn manners() -> Result<Manners> {
    let clipboard = super::incidents::state_folder().map(|folder| folder.join("clipboard.txt"));
    Ok(Manners { notify: Config::load()?.notify, clipboard })
}

/// Whether the terminal says of itself that it has no screen.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
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
    flight.recall_samples(now, &journal.old_samples());
    for (comm, file) in flight.waiting_messages() {
        // Words that cannot be had are not made up: the flight says that nothing was sent.
        if let Some(words) = journal.kept(&file) {
            flight.recall_message(comm, &words);
        }
    }
    flight
}

/// The words of messages that were saved and not sent before goaround was begun again.
pub fn drafts(playbook: &Playbook, journal: &Journal) -> Vec<(Id, String)> {
    let known = |(comm, words): (String, String)| {
        let (comm, _) = playbook.comms.iter().find(|(id, _)| id.as_str() == comm)?;
        Some((comm.clone(), words))
    };
    journal.drafts().into_iter().filter_map(known).collect()
}

/// Prints how the flight ended and where it is written down: the directory is the last line.
pub fn land(ending: &Ending, directory: &Path) -> Verdict {
    let verdict = tell(ending, directory, &resume(directory));
    say(directory.display());
    verdict
}

/// Command that was handed over, and all it takes to go on as an observer in the same terminal.
#[derive(Debug)]
pub struct HandedOver {
    /// The incident directory.
    pub directory: PathBuf,
    /// How it looks.
    pub crew: Crew,
    /// Who commanded.
    pub role: Actor,
    /// Who commands now.
    pub to: Text,
}

/// What the flight that ended like this comes to; where command was handed over it goes on.
pub fn leave(ending: Ending, verdict: Verdict, (directory, crew, role): (&Path, &Crew, Actor)) -> Verdict {
    match ending {
        Ending::HandedOver(to) => {
            let (directory, crew) = (directory.to_owned(), crew.clone());
            Verdict::HandedOver(Box::new(HandedOver { directory, crew, role, to }))
        }
        Ending::Closed { .. }
        | Ending::NotDeclared
        | Ending::LeftAlone
        | Ending::Differed(_)
        | Ending::Open(_)
        | Ending::Unsaved { .. } => verdict,
    }
}

/// The command that goes on with what was left open.
pub fn resume(directory: &Path) -> String {
    format!("goaround resume {}", directory.display())
}

/// Says how the flight ended, and what goes on with it.
pub fn tell(ending: &Ending, directory: &Path, again: &str) -> Verdict {
    match ending {
        Ending::Closed { recovered: true } => {
            say("recovered, no debt left");
            say(format_args!("its postmortem: goaround report {}", directory.display()));
            Verdict::Yes
        }
        Ending::Closed { recovered: false } => {
            say("closed, not recovered");
            say(format_args!("its postmortem: goaround report {}", directory.display()));
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
            say(format_args!("go on with: {again}"));
            Verdict::LeftOpen
        }
        Ending::HandedOver(to) => {
            say(format_args!("command was handed over to {to}"));
            Verdict::Yes
        }
        Ending::Unsaved { records, why } => {
            let lost = if *records == 1 { "1 record was".to_owned() } else { format!("{records} records were") };
            say(format_args!("{lost} not saved ({why}); what was saved is in {}", directory.display()));
            say(format_args!("go on with: {again}"));
            Verdict::LeftOpen
        }
    }
}
