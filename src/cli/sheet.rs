//! A drill's debrief in its directory: what was said is kept, the numbers are made anew, and what is wanted then is done.

use super::flying::{self, Crew};
use super::{bad, replay, report, retrace};
use crate::app::flight::{Flight, Unwritten};
use crate::app::live::{self, Keeper, Screen};
use crate::cockpit::{Mode, Paper, Then};
use crate::incident::{Actor, Event};
use crate::journal;
use crate::report::{Account, Answer, Answers, Debrief, Dossier, Revision};
use crate::text::Redactor;
use color_eyre::eyre::{Result, WrapErr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What holds the answers and the findings.
const ANSWERS: &str = "debrief.toml";

/// What is made of them and of the directory.
pub(super) const DEBRIEF: &str = "debrief.md";

/// Asks and shows in the cockpit; what is wanted then.
pub(super) fn on_screen(file: &File, crew: &Crew) -> Result<Then> {
    let Some(playbook) = file.dossier.playbook.clone() else { return bad("its playbook cannot be read") };
    let Some(last) = file.dossier.records.last() else { return bad("this journal is empty") };
    let by = crew.commander();
    let flight = Flight::new(Arc::new(playbook), &file.dossier.records, Redactor::default(), &last.at);
    let (scene, keeper) = (flight.scene(Mode::Drill, &by, &last.at), keeper(&file.directory));
    let ui = crew.cockpit()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let screen = Screen::open(ui, &file.directory, flying::manners()?)?;
        live::debrief(screen, &scene, (keeper, by)).await
    })
}

/// Asks and tells line by line; what is wanted then.
pub(super) fn by_lines(file: &File, crew: &Crew) -> Result<Then> {
    let (keeper, mut console) = (keeper(&file.directory), crew.console(None)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let debriefed = runtime.block_on(console.debrief(keeper, crew.commander()));
    console.close();
    debriefed
}

/// What writes down what is said of the drill in this directory.
pub(super) fn keeper(directory: &Path) -> Keeper {
    let (kept, revised, printed) = (directory.to_owned(), directory.to_owned(), directory.to_owned());
    let mut tried = None;
    Keeper {
        keep: Box::new(move |said| File::open(&kept)?.add(said)),
        revise: Box::new(move |revision| {
            let file = File::open(&revised).map_err(|why| Unwritten::ForNow(format!("{why:#}").into()))?;
            file.revise(revision, &mut tried)
        }),
        print: Box::new(move |paper| File::open(&printed)?.print(paper)),
    }
}

/// Shows the drill again from a moment and then its debrief, as often as that is wanted; what is wanted then.
pub(super) fn go_on(directory: &Path, mut then: Then, crew: &Crew) -> Result<Then> {
    while let Then::Replay(record) = then {
        replay::from_record(directory, crew, record)?;
        then = on_screen(&File::open(directory)?, crew)?;
    }
    Ok(then)
}

/// The debrief of the drill that the pilot flew: it has nothing to say, and says so.
pub(super) fn decline(directory: &Path) -> Result<()> {
    let file = File::open(directory)?;
    let by = Actor::from("pilot");
    let mut said = Answers::default();
    said.answers.extend(file.answers.open().map(|to| Answer { to, says: None, by: by.clone() }));
    file.add(&said).map(drop)
}

/// A change of `debrief.toml` of which nobody knows whether the disk has it.
struct Tried {
    before: String,
    now: String,
}

const MEANWHILE: &str = "debrief.toml was changed by hand while this was written down: look there whether it holds it";

/// What the file is to be, given as it is.
fn wanted(revision: &Revision, written: &str, tried: Option<Tried>) -> Result<String, Unwritten> {
    match tried {
        None => revision.of(written).map_err(|why| Unwritten::Never(why.into())),
        // Never made from a file that may have it: of two that say the same, the other would go as well.
        Some(Tried { before, now }) if written == before || written == now => Ok(now),
        Some(_) => Err(Unwritten::Never(MEANWHILE.into())),
    }
}

/// A drill's directory with what was said of it.
pub(super) struct File {
    pub(super) directory: PathBuf,
    dossier: Dossier,
    /// `debrief.toml` as it is.
    written: String,
    pub(super) answers: Answers,
}

impl File {
    pub(super) fn open(directory: &Path) -> Result<Self> {
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
        let written = journal::words(directory, ANSWERS).or_else(|error| bad(error.to_string()))?.unwrap_or_default();
        let answers = if written.is_empty() { Answers::default() } else { Answers::parse(&written).or_else(bad)? };
        Ok(Self { directory: directory.to_owned(), dossier, written, answers })
    }

    /// Changes a finding in `debrief.toml`, or takes it out. `tried` is what the last try of the same came to, which may
    /// have failed when the file was changed already: then only the disk has to take it for good.
    fn revise(&self, revision: &Revision, tried: &mut Option<Tried>) -> Result<(), Unwritten> {
        let now = wanted(revision, &self.written, tried.take())?;
        let written = journal::replace_words(&self.directory, ANSWERS, (&self.written, &now));
        written.map_err(|error| {
            *tried = Some(Tried { before: self.written.clone(), now });
            Unwritten::ForNow(error.to_string().into())
        })
    }

    /// Adds what is new to `debrief.toml`, where no other finding and no answer is written over, and makes `debrief.md`
    /// anew. What stands there word for word is not added again: it may have been tried before, and only the rest failed.
    pub(super) fn add(&self, said: &Answers) -> Result<Debrief> {
        let (mut answers, said) = (self.answers.clone(), said.beyond(&self.answers));
        answers.add(&said);
        if said != Answers::default() {
            let added = said.added_to(&self.written);
            journal::add_words(&self.directory, ANSWERS, &added).or_else(|error| bad(error.to_string()))?;
        }
        let taught = self.dossier.playbook.as_ref().map(|playbook| retrace::taught(playbook, &self.dossier.records));
        let debrief = Debrief::of(&self.dossier, &taught.unwrap_or_default(), answers);
        let path = self.directory.join(DEBRIEF);
        report::replace(&path, &debrief.markdown())
            .wrap_err_with(|| format!("{} cannot be written", path.display()))?;
        Ok(debrief)
    }

    /// Writes the report so, and the debrief, anew; where they are, as a sentence.
    fn print(&self, paper: Paper) -> Result<String> {
        let (format, name) = match paper {
            Paper::Markdown => (report::Format::Md, "report.md"),
            Paper::Page => (report::Format::Html, report::PAGE),
        };
        self.add(&Answers::default())?;
        report::write(&Account::of(&self.dossier), &self.directory, &[format])?;
        Ok(format!("{name} and {DEBRIEF} are written in {}", self.directory.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Finding;

    const TWICE: &str = "format = 1\n\n[[findings]]\nfinding = 'x'\nowner = 'y'\nredrill = '2026-12-01'\n\n[[findings]]\nfinding = 'x'\nowner = 'y'\nredrill = '2026-12-01'\n";

    #[test]
    fn what_may_have_been_changed_by_a_try_that_failed_is_not_changed_twice() {
        let revision = Revision { was: Finding::new("x", "y", "2026-12-01").unwrap(), now: None };
        let once = wanted(&revision, TWICE, None).unwrap();
        assert_eq!(once.matches("'x'").count(), 1, "{once}");
        let tried = || Some(Tried { before: TWICE.to_owned(), now: once.clone() });
        for stands in [TWICE, &once] {
            assert_eq!(wanted(&revision, stands, tried()), Ok(once.clone()));
        }
        let by_hand = format!("# mine\n{once}");
        assert_eq!(wanted(&revision, &by_hand, tried()), Err(Unwritten::Never(MEANWHILE.into())));
    }
}
