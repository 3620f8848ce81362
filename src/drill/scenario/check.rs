//! Reading a script: every fault of it at once, each with its line.

use super::{Case, FORMAT, FileRow, Reply, Row, Scenario, Signal, When};
use crate::drill::written::{AnswerTable, CaseTable, DerivedTable, FileTable, Pairs, ScenarioFile, SignalTable};
use crate::kind::holes;
use crate::playbook::Id;
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// The line, from 1, of a byte of `text`.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).filter(|(_, c)| *c == '\n').count() + 1
}

/// Collects every fault of one file.
pub(super) struct Checker<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    /// What may be set.
    pub(super) vars: Vec<String>,
    /// What may be read: the same and what is derived.
    pub(super) names: Vec<String>,
    pub(super) faults: Vec<String>,
}

impl Checker<'_> {
    pub(super) fn check(mut self, file: ScenarioFile) -> Result<Scenario, Vec<String>> {
        self.format(&file.format);
        let id = Id::new(file.id.get_ref()).map_err(|why| self.fault(file.id.span(), &why)).ok();
        let epoch_ms = self.epoch(&file.epoch);
        let derived = file.derived.into_iter().map(|(name, table)| (name, self.derived(table))).collect();
        let answers: Vec<_> = file.answers.into_iter().filter_map(|table| self.row(table)).collect();
        let files: Vec<_> = file.files.into_iter().filter_map(|table| self.file(table)).collect();
        let signals: BTreeMap<_, _> =
            file.signals.into_iter().map(|(metric, table)| (metric, self.signal(table))).collect();
        let injections = file.inject.into_iter().map(Spanned::into_inner).collect();
        let events: Vec<_> = file.events.into_iter().filter_map(|table| self.event(table, &files)).collect();
        let cast = self.cast(file.cast);
        let pitfalls = self.pitfalls(file.pitfalls);
        let (Some(id), Some(epoch_ms), true) = (id, epoch_ms, self.faults.is_empty()) else {
            return Err(self.faults);
        };
        Ok(Scenario {
            id,
            title: file.title,
            brief: file.brief,
            playbook: file.playbook,
            profile: file.profile,
            epoch_ms,
            boot_ms: file.boot.0,
            source: self.text.to_owned(),
            starts_ms: file.starts.0,
            vars: file.vars,
            derived,
            answers,
            files,
            signals,
            latency: file.latency,
            injections,
            events,
            cast,
            pitfalls,
            false_alarm_ms: file.false_alarm.map(|alarm| alarm.until.0),
            aftermath_ms: file.aftermath.0,
        })
    }

    pub(super) fn fault(&mut self, span: Range<usize>, what: &str) {
        self.faults.push(format!("{}:{}: {what}", self.name, line_of(self.text, span.start)));
    }

    fn format(&mut self, format: &Spanned<u32>) {
        if *format.get_ref() != FORMAT {
            let what = format!("format {} is not one this goaround understands ({FORMAT})", format.get_ref());
            self.fault(format.span(), &what);
        }
    }

    fn epoch(&mut self, epoch: &Spanned<String>) -> Option<i64> {
        match chrono::DateTime::parse_from_rfc3339(epoch.get_ref()) {
            Ok(time) => Some(time.timestamp_millis()),
            Err(error) => {
                let what = format!("epoch `{}` is no time ({error}); write 2026-11-21T03:12:00Z", epoch.get_ref());
                self.fault(epoch.span(), &what);
                None
            }
        }
    }

    fn derived(&mut self, table: Spanned<DerivedTable>) -> DerivedTable {
        self.settable(table.span(), [table.get_ref().from.as_str()]);
        table.into_inner()
    }

    fn row(&mut self, table: Spanned<AnswerTable>) -> Option<Row> {
        let span = table.span();
        let table = table.into_inner();
        self.settable(span.clone(), table.set.keys().map(String::as_str));
        self.known(span.clone(), table.same.keys().map(String::as_str));
        let when = self.when(span.clone(), table.when.clone());
        let ask = self.pattern(table.ask.span(), table.ask.get_ref());
        let carries = table.carries.as_ref().and_then(|carries| self.carried(carries));
        let reply = self.reply(span.clone(), &table);
        if let Some(ask) = &ask {
            self.captures(span, ask, table.set.values().chain(table.same.values()));
        }
        Some(Row {
            backend: table.backend,
            ask: ask?,
            written: table.ask.into_inner(),
            carries,
            when,
            same: table.same,
            set: table.set,
            reply: reply?,
            takes_ms: table.takes.0,
            otherwise: table.otherwise,
        })
    }

    /// The one reply of a row; nothing at all is an empty text.
    fn reply(&mut self, span: Range<usize>, table: &AnswerTable) -> Option<Reply> {
        let code = table.status.map(i32::from).or(table.exit);
        let texts = table.reply.iter().chain(&table.json).chain(&table.error).chain(table.list.iter().flatten());
        self.known(span.clone(), texts.flat_map(|text| holes(text)));
        let mut replies: Vec<Reply> = [
            table.reply.clone().map(|text| Reply::Text(text, code)),
            table.json.clone().map(|text| Reply::Json(text, code)),
            table.list.clone().map(Reply::List),
            table.int.map(Reply::Int),
            table.error.clone().map(Reply::Error),
            table.nil.then_some(Reply::Nil),
        ]
        .into_iter()
        .flatten()
        .collect();
        if replies.len() > 1 {
            self.fault(span, "an answer has one of reply, json, list, int, error and nil, not several");
            return None;
        }
        Some(replies.pop().unwrap_or(Reply::Text(String::new(), code)))
    }

    fn file(&mut self, table: Spanned<FileTable>) -> Option<FileRow> {
        self.settable(table.span(), [table.get_ref().var.as_str()]);
        let table = table.into_inner();
        let find = match Regex::new(table.find.get_ref()) {
            Ok(find) if find.captures_len() > 1 => Some(find),
            Ok(_) => {
                self.fault(table.find.span(), "find has no group: put (…) around what the variable shall be");
                None
            }
            Err(error) => {
                self.fault(table.find.span(), &format!("find is no regular expression: {error}"));
                None
            }
        };
        let FileTable { backend, path, content, var, find: _ } = table;
        Some(FileRow { backend, path, content, var, find: find? })
    }

    fn signal(&mut self, table: Spanned<SignalTable>) -> Signal {
        let span = table.span();
        let table = table.into_inner();
        let numbers = [table.healthy, table.value, table.noise];
        if !numbers.iter().chain(table.cases.iter().map(|case| &case.get_ref().value)).all(|n| n.is_finite()) {
            self.fault(span, "a signal's numbers must be finite");
        }
        let cases = table.cases.into_iter().map(|case| self.case(case)).collect();
        let SignalTable { healthy, value, noise, settle, cases: _ } = SignalTable { cases: Vec::new(), ..table };
        Signal { healthy, value, noise, settle_ms: settle.0, cases }
    }

    fn case(&mut self, case: Spanned<CaseTable>) -> Case {
        let span = case.span();
        let case = case.into_inner();
        Case { when: self.when(span, case.when), value: case.value, settle_ms: case.settle.map(|settle| settle.0) }
    }

    pub(super) fn when(&mut self, span: Range<usize>, pairs: Pairs) -> When {
        self.known(span.clone(), pairs.keys().map(String::as_str));
        let compile = |(name, written): (String, String)| Some((name, self.pattern(span.clone(), &written)?));
        pairs.into_iter().filter_map(compile).collect()
    }

    /// A pattern for a whole value.
    fn pattern(&mut self, span: Range<usize>, written: &str) -> Option<Regex> {
        match Regex::new(&format!("^(?s:{written})$")) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.fault(span, &format!("`{written}` is no regular expression: {error}"));
                None
            }
        }
    }

    /// A pattern for a part of what a request carries.
    fn carried(&mut self, written: &Spanned<String>) -> Option<Regex> {
        let found = Regex::new(&format!("(?mi){}", written.get_ref()));
        found.map_err(|error| self.fault(written.span(), &format!("carries is no regular expression: {error}"))).ok()
    }

    fn known<'n>(&mut self, span: Range<usize>, used: impl IntoIterator<Item = &'n str>) {
        let names = self.names.clone();
        self.among(&span, &names, used);
    }

    /// What is derived cannot be set: it would be derived anew at once.
    pub(super) fn settable<'n>(&mut self, span: Range<usize>, used: impl IntoIterator<Item = &'n str>) {
        let vars = self.vars.clone();
        self.among(&span, &vars, used);
    }

    fn among<'n>(&mut self, span: &Range<usize>, names: &[String], used: impl IntoIterator<Item = &'n str>) {
        for name in used.into_iter().filter(|name| !names.iter().any(|known| known == name)) {
            self.fault(span.clone(), &format!("`{name}` is no variable; the variables are {}", names.join(", ")));
        }
    }

    /// Every `$1` in `texts` must be a group of `ask`, else it would silently become nothing.
    fn captures<'t>(&mut self, span: Range<usize>, ask: &Regex, texts: impl Iterator<Item = &'t String>) {
        for text in texts {
            for piece in text.split('$').skip(1) {
                let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
                if digits.parse::<usize>().is_ok_and(|group| group < ask.captures_len()) {
                    continue;
                }
                self.fault(span.clone(), &format!("`{text}` names a group that `ask` does not have"));
            }
        }
    }
}
