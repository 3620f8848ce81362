//! `goaround debrief`: what a drill was like for those who flew it, and only then what was measured.

use super::flying::Crew;
use super::sheet::{self, DEBRIEF, File};
use super::{Outcome, Verdict, bad, drill, named};
use crate::app::printer::say;
use crate::cockpit::Then;
use crate::report::{Answer, Answers, Finding, Question};
use crate::text::Text;
use clap::Args;
use color_eyre::eyre::Result;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The drill's directory, its bare name as `goaround list` prints it, or `last`: the newest of all
    #[arg(value_name = "DIRECTORY", value_parser = named::incident())]
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
        let by_lines = arguments.crew.goes_by_lines();
        let then = if by_lines { sheet::by_lines } else { sheet::on_screen }(&file, &arguments.crew)?;
        match sheet::go_on(&arguments.directory, then, &arguments.crew)? {
            Then::Drill => return drill::next(&arguments.directory, &arguments.crew, None),
            Then::Stuck => return Ok(Verdict::LeftOpen),
            Then::Shell | Then::Replay(_) => {}
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
