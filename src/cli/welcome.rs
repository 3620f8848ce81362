//! Bare `goaround`: one page that explains itself.

use super::Verdict;
use super::incidents::Incidents;
use crate::app::printer::say;
use crate::drill::Scenario;
use crate::playbook;

/// Prints the page, the same on a terminal and into a pipe. Nothing was asked for and nothing was done, so the answer
/// is `No`, as of a bare `git`: a script that lost its command must not read success.
pub(super) fn page() -> Verdict {
    let folder = Incidents::from_environment()
        .folder()
        .map_or_else(|why| why.to_string(), |folder| folder.display().to_string());
    let (drills, playbooks) = (Scenario::ids().count(), playbook::embedded_names().count());
    let recipes = playbook::recipes().count();
    say(format_args!(
        "\
goaround {version}: rollbacks in one terminal. Metrics against limits, the 60-second
checklist, levers with read-back, a truthful journal and the postmortem.

TRY IT     goaround drill                    a rollback in a simulated world
           goaround drill --auto             the same, flown by the pilot
           A drill opens no socket, starts no process, touches nothing real.
           Keys: ? help  I declare  r run step  F fire  H hold  Q close  q leave
DRILLS     goaround drill --list             all {drills}, and what to fall into
           goaround drills                   who flew what; which levers are due
INCIDENTS  {folder}
           kept there, or in GOAROUND_INCIDENTS, or in --incidents DIR
           goaround resume DIR               go on where one was left
           goaround verify DIR               whether its journal is untouched
           goaround report DIR               its postmortem
YOUR OWN   goaround init                     {playbooks} playbooks to begin with
           goaround init docs-rag my.toml    write one out, and edit it
           goaround recipes                  {recipes} ready levers; --guide: your own
           goaround check my.toml            every fault, with its line
           goaround check --probe my.toml    look at every system, change none
           goaround live --playbook my.toml  fly it in production
EXIT       0 yes   1 no (as here: nothing was done)   2 bad input   3 left open
MORE       goaround --help, goaround COMMAND --help",
        version = env!("CARGO_PKG_VERSION"),
    ));
    Verdict::No
}
