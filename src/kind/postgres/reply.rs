//! What a reply of `PostgreSQL` means: SQLSTATE codes, rows and counts.

use super::Call;
use crate::kind::look::{self, Wanted};
use crate::kind::{Outcome, Seen, Settled, SqlReply};
use crate::text::Text;

/// What a SQLSTATE asks of a person (`PostgreSQL` documentation, Appendix A).
const HINTS: &[(&str, &str)] = &[
    ("25001", "it cannot run inside a transaction; do it by a program"),
    ("25006", "the server takes no writes: a standby, or read-only by default; re-resolve the primary"),
    ("40001", "another transaction changed the same rows; fire again"),
    ("40P01", "it met another transaction in a deadlock; fire again"),
    ("42501", "the role may not do this; check its grants"),
    ("42601", "this is no sound statement"),
    ("42703", "there is no such column"),
    ("42883", "there is no such function or operator; a value may need a cast: `$1::int`"),
    ("42P01", "there is no such relation"),
    ("53100", "the server's disk is full"),
    ("55P03", "another transaction holds the lock; fire again, or end that one"),
    ("57014", "it ran longer than the deadline allows and was cancelled"),
    ("57P01", "the server, or an administrator, ended the connection before it was committed"),
];

/// How an act ended.
pub(super) fn settled(call: &Call, reply: &SqlReply) -> Settled {
    match reply {
        SqlReply::Error { code, message } => Settled::new(Outcome::Rejected, hinted(code, message)),
        SqlReply::Done { rows, touched, committed } => {
            let told = look::shorten(&SqlReply::told(rows, *touched));
            let what = if rows.is_empty() { format!("touched {told} rows") } else { format!("answered {told}") };
            if *committed {
                return Settled::new(Outcome::Applied, format!("committed, {what}"));
            }
            let wanted = call.ok.as_deref().unwrap_or_default();
            Settled::new(Outcome::Rejected, format!("it {what}, which does not match `{wanted}`, and was rolled back"))
        }
    }
}

/// What a look saw.
pub(super) fn seen(reply: &SqlReply, wanted: Wanted<'_>) -> Seen {
    match reply {
        SqlReply::Error { code, message } => look::failed(hinted(code, message)),
        SqlReply::Done { rows, .. } => match &rows[..] {
            [] => look::absent("no row"),
            [None] => look::absent("null"),
            [Some(body)] => wanted.in_body(body),
            [_, _, ..] => look::failed("several rows, where one is the value; narrow the query"),
        },
    }
}

/// An error with what it asks of a person.
fn hinted(code: &Text, message: &Text) -> String {
    match HINTS.iter().find(|(listed, _)| *listed == code.as_str()) {
        Some((_, hint)) => format!("{hint}: {code} {message}"),
        None => format!("refused: {code} {message}"),
    }
}
