//! `goaround debrief`: what a drill was like for those who flew it, and only then what was measured.

use super::flying::{self, Crew};
use super::{Outcome, Verdict, bad, report, retrace};
use crate::app::flight::Flight;
use crate::app::live::{self, Keeper, Screen};
use crate::app::printer::say;
use crate::cockpit::Mode;
use crate::incident::{Actor, Event};
use crate::journal;
use crate::report::{Answer, Answers, Debrief, Dossier, Finding, Question};
use crate::text::{Redactor, Text};
use clap::Args;
use color_eyre::eyre::{Result, WrapErr};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What holds the answers and the findings.
const ANSWERS: &str = "debrief.toml";

/// What is made of them and of the directory.
const DEBRIEF: &str = "debrief.md";

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The drill's directory
    directory: PathBuf,
    /// What surprised you
    #[arg(long, value_name = "TEXT")]
    surprised: Option<String>,
    /// What you would keep
    #[arg(long, value_name = "TEXT")]
    keep: Option<String>,
    /// What you would change
    #[arg(long, value_name = "TEXT")]
    change: Option<String>,
    /// Decline the questions that are still open; that is written down
    #[arg(long)]
    decline: bool,
    /// Something found
    #[arg(long, value_name = "TEXT", requires = "owner", requires = "redrill")]
    finding: Option<String>,
    /// Who sees to the finding
    #[arg(long, value_name = "WHO", requires = "finding")]
    owner: Option<String>,
    /// When it is drilled again
    #[arg(long, value_name = "YYYY-MM-DD", requires = "finding")]
    redrill: Option<String>,
    #[command(flatten)]
    crew: Crew,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let file = File::open(&arguments.directory)?;
    if arguments.is_silent() && arguments.crew.check_person().is_ok() {
        if arguments.crew.goes_by_lines() {
            by_lines(&file, &arguments.crew)?;
        } else {
            on_screen(&file, &arguments.crew)?;
        }
    }
    let file = File::open(&arguments.directory)?;
    let said = arguments.said(&file)?;
    let debrief = file.add(&said)?;
    if !debrief.answers.unlock() {
        say("the numbers are locked: answer with --surprised, --keep and --change, or --decline");
    }
    say(file.directory.join(DEBRIEF).display());
    Ok(if debrief.answers.unlock() { Verdict::Yes } else { Verdict::LeftOpen })
}

impl Arguments {
    /// Whether nothing was said on the command line.
    fn is_silent(&self) -> bool {
        let words = [&self.surprised, &self.keep, &self.change, &self.finding];
        !self.decline && words.into_iter().all(Option::is_none)
    }

    /// What was said on the command line.
    fn said(&self, file: &File) -> Result<Answers> {
        let by = self.crew.commander();
        let given = [&self.surprised, &self.keep, &self.change];
        let answer = |(to, says): (Question, &Option<String>)| {
            let says = Text::new(says.as_deref()?.trim());
            (!says.is_empty()).then(|| Answer { to, says: Some(says), by: by.clone() })
        };
        let mut said = Answers::default();
        said.answers.extend(Question::ALL.into_iter().zip(given).filter_map(answer));
        if self.decline {
            let open: Vec<Question> = file.answers.open().collect();
            let silent = open.into_iter().filter(|to| said.to(*to).next().is_none()).collect::<Vec<_>>();
            said.answers.extend(silent.into_iter().map(|to| Answer { to, says: None, by: by.clone() }));
        }
        if let (Some(finding), Some(owner), Some(redrill)) = (&self.finding, &self.owner, &self.redrill) {
            said.findings.push(Finding::new(finding, owner, redrill).or_else(bad)?);
        }
        Ok(said)
    }
}

/// Asks and shows in the cockpit.
fn on_screen(file: &File, crew: &Crew) -> Result<()> {
    let Some(playbook) = file.dossier.playbook.clone() else { return bad("its playbook cannot be read") };
    let Some(last) = file.dossier.records.last() else { return bad("this journal is empty") };
    let by = crew.commander();
    let flight = Flight::new(Arc::new(playbook), &file.dossier.records, Redactor::default(), &last.at);
    let (scene, mut keeper) = (flight.scene(Mode::Drill, &by, &last.at), keeper(&file.directory));
    let ui = crew.cockpit()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut screen = Screen::open(ui, &file.directory, flying::manners()?)?;
        let debriefed = live::debrief(&mut screen, &scene, (&mut keeper, by)).await;
        screen.close();
        debriefed
    })
}

/// Asks and tells line by line.
fn by_lines(file: &File, crew: &Crew) -> Result<()> {
    let (mut keeper, mut console) = (keeper(&file.directory), crew.console(None)?);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let debriefed = runtime.block_on(console.debrief(&mut keeper, crew.commander()));
    console.close();
    debriefed
}

/// What writes down what is said of the drill in this directory.
pub(super) fn keeper(directory: &Path) -> Keeper {
    let directory = directory.to_owned();
    Box::new(move |said| File::open(&directory)?.add(said))
}

/// The debrief of the drill that the pilot flew: it has nothing to say, and says so.
pub(super) fn decline(directory: &Path) -> Result<()> {
    let file = File::open(directory)?;
    let by = Actor::from("pilot");
    let mut said = Answers::default();
    said.answers.extend(file.answers.open().map(|to| Answer { to, says: None, by: by.clone() }));
    file.add(&said).map(drop)
}

/// A drill's directory with what was said of it.
struct File {
    directory: PathBuf,
    dossier: Dossier,
    /// `debrief.toml` as it is.
    written: String,
    answers: Answers,
}

impl File {
    fn open(directory: &Path) -> Result<Self> {
        let dossier = journal::load_dossier(directory).or_else(|error| bad(error.to_string()))?;
        let first = dossier.records.first().map(|record| &record.event);
        if !matches!(first, Some(Event::Opened { drill: Some(_), .. })) {
            let directory = directory.display();
            return bad(format!("{directory} is no drill; `goaround report {directory}` writes a postmortem"));
        }
        if dossier.playbook.is_none() {
            // Says every fault, where the dossier only knows that there are some.
            let profile = report::profile_of(&dossier.records);
            flying::parse("playbook.toml", &dossier.playbook_text, profile.as_deref())?;
        }
        let path = directory.join(ANSWERS);
        let written = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return bad(format!("{} cannot be read: {error}", path.display())),
        };
        let answers = if written.is_empty() { Answers::default() } else { Answers::parse(&written).or_else(bad)? };
        Ok(Self { directory: directory.to_owned(), dossier, written, answers })
    }

    /// Adds what is new to `debrief.toml`, where nothing is ever written over, and makes `debrief.md` anew.
    fn add(&self, said: &Answers) -> Result<Debrief> {
        let path = self.directory.join(ANSWERS);
        let mut answers = self.answers.clone();
        answers.answers.extend(said.answers.iter().cloned());
        answers.findings.extend(said.findings.iter().cloned());
        if *said != Answers::default() {
            let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
            let added = said.added_to(&self.written);
            let written = file.write_all(added.as_bytes()).and_then(|()| file.sync_all());
            written.wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        }
        let taught = self.dossier.playbook.as_ref().map(|playbook| retrace::taught(playbook, &self.dossier.records));
        let debrief = Debrief::of(&self.dossier, &taught.unwrap_or_default(), answers);
        let path = self.directory.join(DEBRIEF);
        report::replace(&path, &debrief.markdown())
            .wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        Ok(debrief)
    }
}
