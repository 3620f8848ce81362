//! What nobody renews is never green, whichever source it comes from.

use crate::app::flight::{Flight, Input, Request};
use crate::incident::Moment;
use crate::kind::{Answer, Body, Content, Exchange, Fault};
use crate::metrics::VerdictState::{Error, Ok as Green, Stale};
use crate::metrics::{Board, VerdictState};
use crate::playbook::{self, Id, Playbook};
use crate::text::Redactor;
use std::sync::Arc;

const START_MS: i64 = 1_795_230_720_000;

/// A metric besides those of the shared playbook.
const WATCHED: &str = r#"
[backends.app]
log = { root = "/var/log/app" }

[metrics.log_errors]
every = "5s"
stop = "> 5"
exit = "<= 1"
"#;

/// The verdict of the metric at the end of each second, its source answering as `answer` says.
fn verdicts(source: &str, seconds: u64, answer: impl Fn(i64) -> Result<Answer, Fault>) -> Vec<VerdictState> {
    let text = format!("{}\n{WATCHED}{source}\n", playbook::embedded("docs-rag").unwrap());
    let playbook = Playbook::parse("docs-rag", &text, Some("drill"))
        .unwrap_or_else(|flaws| panic!("{}", playbook::render("docs-rag", &text, &flaws)));
    let start = Moment { wall_ms: START_MS, boot_ns: 0, boot_id: "drill".into() };
    let mut flight = Flight::new(Arc::new(playbook), &[], Redactor::default(), &start);
    let metric = Id::new("log_errors").unwrap();
    let mut states = Vec::new();
    for second in 0..seconds {
        let now = start.plus_ms(second * 1000);
        let mut requests = flight.handle(&now, Input::Tick);
        while let Some(request) = requests.pop() {
            let Request::Ask(ask) = request else { continue };
            let is_log = matches!(ask.exchange, Exchange::File(_)) && ask.backend.as_str() == "app";
            let result = if is_log { answer(now.wall_ms) } else { Err(Fault::NotSent("refused".into())) };
            requests.extend(flight.handle(&now, Input::Answered(ask.job, result)));
        }
        let board: &Board = &flight.board;
        states.extend(board.verdict(&metric).map(|verdict| verdict.state));
    }
    states
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is answered")]
fn log(text: &str, modified_ms: i64) -> Result<Answer, Fault> {
    Ok(Answer::File(Content { body: Body::whole(text), modified_ms: Some(modified_ms) }))
}

#[test]
fn a_log_that_is_written_is_green_and_one_that_nobody_writes_turns_stale() {
    let lines = "log = { backend = \"app\", file = \"app.log\", count = \"ERROR\", lines = 100 }";
    assert!(verdicts(lines, 40, |now_ms| log("INFO\n", now_ms)).iter().all(|state| *state == Green));
    let silent = verdicts(lines, 40, |_| log("INFO\n", START_MS));
    assert_eq!((silent[0], silent[15], silent[16]), (Green, Green, Stale));
    assert!(silent[16..].iter().all(|state| *state == Stale), "{silent:?}");
}

#[test]
fn a_touched_log_without_a_new_line_turns_stale_by_its_own_times() {
    let timed = "log = { backend = \"app\", file = \"app.log\", count = \"ERROR\", minutes = 5, time = '^(\\S+)' }";
    let touched = verdicts(timed, 40, |now_ms| log("2026-11-21T03:12:00Z INFO\n", now_ms));
    assert_eq!((touched[0], touched[15], touched[16], touched[39]), (Green, Green, Stale, Stale));
}

#[test]
fn a_log_that_is_gone_is_an_error_and_not_free_of_errors() {
    let lines = "log = { backend = \"app\", file = \"app.log\", count = \"ERROR\", lines = 100 }";
    let gone = verdicts(lines, 10, |_| Err(Fault::NotSent("No such file or directory".into())));
    assert!(gone.iter().all(|state| *state == Error), "{gone:?}");
}
