//! A statement as a line of `psql`: one transaction, with the limit on waiting and the condition it is committed under.

use super::{host_port, path_word, secret};
use crate::kind::{SqlAsk, SqlPurpose};
use crate::text::shell_word;

/// The line; `None` for a condition that SQL cannot be asked to keep.
pub(super) fn line(ask: &SqlAsk) -> Option<String> {
    let mut words: Vec<String> = ask.password.iter().map(|kept| format!("PGPASSWORD={}", secret(kept))).collect();
    // `-d` would read a name with `=` in it as a whole connection of its own.
    words.push(format!("PGDATABASE={}", shell_word(&ask.database)));
    words.extend(ask.tls.then(|| {
        let roots = ask.ca_file.as_deref().map_or_else(|| "system".to_owned(), path_word);
        format!("PGSSLMODE=verify-full PGSSLROOTCERT={roots}")
    }));
    let (host, port) = host_port(&ask.address, "5432");
    let user = shell_word(&ask.user);
    words.push(format!("psql -X -1 -v ON_ERROR_STOP=1 -h {} -p {} -U {user}", shell_word(host), shell_word(port)));
    words.extend(commands(ask)?.iter().map(|command| format!("-c {}", shell_word(command))));
    Some(words.join(" "))
}

/// What is said one after the other in the transaction.
fn commands(ask: &SqlAsk) -> Option<Vec<String>> {
    let (limit, text) = match &ask.purpose {
        SqlPurpose::Read => ("set transaction read only".to_owned(), ask.text.clone()),
        SqlPurpose::Change { lock_timeout_ms, ok } => {
            let text = ok.as_ref().map_or_else(|| Some(ask.text.clone()), |ok| held_to(ok, &ask.text));
            (format!("set local lock_timeout = {lock_timeout_ms}"), text?)
        }
    };
    if ask.params.is_empty() {
        return Some(vec![limit, text]);
    }
    // The server infers what the values are, as it does for a lever; written into the text they would be text.
    let values: Vec<String> = ask.params.iter().map(|value| literal(value)).collect();
    let execute = format!("execute goaround({})", values.join(", "));
    Some(vec![limit, format!("prepare goaround as {text}"), execute])
}

/// A value between quotes, whatever the server's `standard_conforming_strings` says.
fn literal(value: &str) -> String {
    let quoted = value.replace('\'', "''");
    if quoted.contains('\\') { format!("e'{}'", quoted.replace('\\', r"\\")) } else { format!("'{quoted}'") }
}

/// How the answer that a condition is about is made of the rows in `goaround`: the first value, as `psql` prints it.
const FIRST: &str = r"case count(*) when 0 then '0' else btrim((array_agg(format('%s', told)))[1], e' \t\r\n') end";

/// The same for a statement without rows: how many it touched.
const TOUCHED: &str = "count(*)::text";

/// The statement with its condition in it: an answer that does not fit is an error, and an error rolls back.
///
/// Where the statement is judged wrongly (a word in a string is taken for the clause), the server finds an error in the
/// text before anything runs.
fn held_to(ok: &str, text: &str) -> Option<String> {
    if !means_the_same(ok) {
        return None;
    }
    let words: Vec<String> = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    let first = words.iter().find(|word| !word.is_empty())?;
    let text = text.trim_end().trim_end_matches(';');
    let returns = words.iter().any(|word| word == "returning");
    let (inner, answer) = match first.as_str() {
        "select" | "table" | "values" => (text.to_owned(), FIRST),
        "insert" | "update" | "delete" if returns => (text.to_owned(), FIRST),
        "insert" | "update" | "delete" => (format!("{text}\nreturning 1"), TOUCHED),
        // What touches no rows has no answer worth a condition, and a `with` cannot stand in another.
        _ => return None,
    };
    let fits = literal(&format!("(?p){ok}"));
    Some(format!(
        "with goaround(told) as (\n{inner}\n), answer(told) as (select {answer} from goaround) \
         select case when told ~ {fits} then told else ('answered ' || told || ', rolled back')::int::text end from answer"
    ))
}

/// Whether a regular expression says the same to `PostgreSQL`: the plain part that all of them share.
fn means_the_same(ok: &str) -> bool {
    let shared = |c: char| c.is_ascii_alphanumeric() || " _-:,=@/%<>\"'!;^$.|()?*+{}[]\\".contains(c);
    // Groups with a mark, classes turned round or made of classes, and a count without a beginning are read otherwise.
    let apart = ["(?", "[^", "[[", "--", "{,"];
    let mut escapes = ok.split('\\').skip(1).map(|rest| rest.chars().next());
    let known = |c: Option<char>| c.is_some_and(|c| "dsw.|()?*+^$[]{}/-".contains(c));
    ok.chars().all(shared) && !apart.iter().any(|apart| ok.contains(apart)) && escapes.all(known)
}
