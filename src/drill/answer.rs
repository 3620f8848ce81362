//! How a declared question is answered, and how the real thing answers one that nobody declared.

use super::scenario::{Reply, Row, fits};
use super::world::{World, http};
use crate::kind::{
    Answer, BackendConfig, Body, Content, Exchange, Exit, Fault, HttpMany, NatsReply, RedisValue, SqlAsk, SqlPurpose,
    SqlReply, Timed, Vars, escape_json, fill,
};
use crate::text::Text;
use regex::{Captures, Regex};

impl World {
    /// Answers by the first row that fits, and how much longer than usual that takes.
    pub(super) fn reply(&mut self, backend: &str, exchange: &Exchange) -> (Result<Answer, Fault>, u64) {
        let Some(question) = self.question(backend, exchange) else {
            return (Err(Fault::NotSent("this backend does not speak that protocol".into())), 0);
        };
        let facts = self.facts();
        let found = self.scenario.answers.iter().filter(|row| row.backend == backend).find_map(|row| {
            let groups = row.ask.captures(&question)?;
            (is_carried(row, exchange) && fits(&row.when, &facts) && same(row, &groups, &facts))
                .then(|| (row, changes(row, &groups)))
        });
        let Some((row, changes)) = found else { return (Ok(undeclared(exchange)), 0) };
        // What a setter answers may show the value it has just set.
        let mut after = facts;
        after.extend(changes.clone());
        let (answer, takes_ms) = (spoken(&row.reply, exchange, &after), row.takes_ms);
        self.set(changes);
        (Ok(answer), takes_ms)
    }

    /// Answers many requests one by one, and how much longer than one they take together, each in `latency_ms` at least.
    pub(super) fn reply_to_many(&mut self, backend: &str, many: &HttpMany, latency_ms: u64) -> (Answer, u64) {
        let mut parts: Vec<Timed> = Vec::new();
        for ask in &many.asks {
            let (result, takes_ms) = self.reply(backend, &Exchange::Http(ask.clone()));
            let took_ms = latency_ms + takes_ms;
            let late = Fault::Lost(format!("no answer within {} ms", many.each_ms).into());
            let in_time = took_ms <= many.each_ms;
            parts.push(Timed { took_ms: took_ms.min(many.each_ms), result: if in_time { result } else { Err(late) } });
        }
        let round = |parts: &[Timed]| parts.iter().map(|part| part.took_ms).max().unwrap_or(0);
        let all_ms: u64 = parts.chunks(many.at_once.max(1)).map(round).sum();
        (Answer::HttpMany(parts), all_ms.saturating_sub(latency_ms))
    }

    /// Whether the scenario has an answer to this, whatever its variables are.
    pub(super) fn declares(&self, backend: &str, exchange: &Exchange) -> bool {
        let Some(question) = self.question(backend, exchange) else { return false };
        let declared = self.scenario.answers.iter().filter(|row| row.backend == backend && !row.otherwise);
        declared.into_iter().any(|row| row.ask.is_match(&question) && is_carried(row, exchange))
    }

    /// An exchange as the one line that `ask` patterns are written for.
    pub(super) fn question(&self, backend: &str, exchange: &Exchange) -> Option<String> {
        match exchange {
            Exchange::Http(ask) => {
                let path = ask.url.strip_prefix(self.base(backend)?)?;
                Some(format!("{} {path}", ask.method))
            }
            Exchange::Line(ask) => Some(ask.line.clone()),
            Exchange::Redis(ask) => Some(ask.args.join(" ")),
            Exchange::Exec(ask) => Some(ask.argv.join(" ")),
            Exchange::Sql(ask) => {
                Some(std::iter::once(&ask.text).chain(&ask.params).cloned().collect::<Vec<_>>().join(" "))
            }
            Exchange::Nats(ask) => Some(format!("{} {}", ask.subject, ask.payload).trim_end().to_owned()),
            Exchange::HttpMany(_) | Exchange::File(_) => None,
            Exchange::Kube(ask) => {
                let merge = ask.merge.as_ref().map(|merge| format!(" {merge}")).unwrap_or_default();
                Some(format!("{} {}{merge}", ask.method(), ask.path()))
            }
        }
    }
}

/// Whether a request carries what a row asks for in its headers or its body.
fn is_carried(row: &Row, exchange: &Exchange) -> bool {
    let Some(carries) = &row.carries else { return true };
    let Exchange::Http(ask) = exchange else { return false };
    let headers = ask.headers.iter().any(|(name, value)| carries.is_match(&format!("{name}: {value}")));
    headers || ask.body.as_deref().is_some_and(|body| carries.is_match(body))
}

/// Whether the variables that a row compares are what it was asked with.
fn same(row: &Row, groups: &Captures<'_>, facts: &Vars) -> bool {
    row.same.iter().all(|(name, wanted)| facts.get(name) == Some(&expanded(wanted, groups)))
}

fn changes(row: &Row, groups: &Captures<'_>) -> Vars {
    row.set.iter().map(|(name, value)| (name.clone(), expanded(value, groups))).collect()
}

/// `$1` and its like filled in.
fn expanded(template: &str, groups: &Captures<'_>) -> String {
    let mut out = String::new();
    groups.expand(template, &mut out);
    out
}

/// A reply in the words of the exchange's protocol.
fn spoken(reply: &Reply, exchange: &Exchange, facts: &Vars) -> Answer {
    let plain = |template: &str| fill(template, facts, str::to_owned).expect("names were checked by Scenario::parse");
    if let Exchange::Sql(ask) = exchange {
        return Answer::Sql(sql(reply, ask, plain));
    }
    let (text, code) = match reply {
        Reply::Text(template, code) => (plain(template), *code),
        Reply::Json(template, code) => {
            (fill(template, facts, escape_json).expect("names were checked by Scenario::parse"), *code)
        }
        Reply::Int(number) => return Answer::Redis(RedisValue::Int(*number)),
        Reply::List(items) => {
            return Answer::Redis(RedisValue::List(items.iter().map(|item| redis_text(&plain(item))).collect()));
        }
        Reply::Error(template) => return Answer::Redis(RedisValue::Error(Text::new(&plain(template)))),
        Reply::Nil => return Answer::Redis(RedisValue::Nil),
    };
    match exchange {
        Exchange::Http(_) | Exchange::HttpMany(_) => http(status(code), &text),
        Exchange::Kube(_) => kube(status(code), &text),
        // The runtime API ends every answer with an empty line; a bare one is its yes.
        Exchange::Line(_) => Answer::Line(Body::whole(format!("{text}\n"))),
        Exchange::Redis(_) => Answer::Redis(redis_text(&text)),
        Exchange::Exec(_) => exited(code.unwrap_or(0), &text, ""),
        Exchange::Nats(_) => Answer::Nats(NatsReply::Message(Body::whole(text))),
        Exchange::Sql(_) | Exchange::File(_) => Answer::File(Body::whole(text).into()),
    }
}

/// A reply in the words of a database: the only row's first column, no row, or an error after its SQLSTATE.
fn sql(reply: &Reply, ask: &SqlAsk, plain: impl Fn(&str) -> String) -> SqlReply {
    let rows = match reply {
        Reply::Text(template, _) | Reply::Json(template, _) => vec![plain(template)],
        Reply::List(items) => items.iter().map(|item| plain(item)).collect(),
        Reply::Int(number) => vec![number.to_string()],
        Reply::Nil => Vec::new(),
        Reply::Error(template) => {
            let said = plain(template);
            let (code, message) = said.split_once(' ').unwrap_or((&said, ""));
            return SqlReply::Error { code: code.into(), message: message.into() };
        }
    };
    let rows: Vec<_> = rows.into_iter().map(|value| Some(Body::whole(value))).collect();
    let committed = match &ask.purpose {
        SqlPurpose::Change { ok: Some(ok), .. } => {
            Regex::new(ok).is_ok_and(|ok| ok.is_match(&SqlReply::told(&rows, 0)))
        }
        SqlPurpose::Change { ok: None, .. } => true,
        SqlPurpose::Read => false,
    };
    SqlReply::Done { rows, touched: 0, committed }
}

fn status(code: Option<i32>) -> u16 {
    code.and_then(|code| u16::try_from(code).ok()).unwrap_or(200)
}

fn kube(status: u16, body: &str) -> Answer {
    Answer::Kube { status, retry_after_s: None, body: Body::whole(body), rival: None }
}

fn redis_text(text: &str) -> RedisValue {
    RedisValue::Text(Body::whole(text))
}

fn exited(code: i32, stdout: &str, stderr: &str) -> Answer {
    Answer::Exec { exit: Exit::Code(code), stdout: Body::whole(stdout), stderr: Body::whole(stderr) }
}

/// What the real thing says to what it does not know.
fn undeclared(exchange: &Exchange) -> Answer {
    match exchange {
        Exchange::Http(_) | Exchange::HttpMany(_) => http(404, r#"{"error":"not found"}"#),
        Exchange::Line(ask) => {
            let word = ask.line.split(' ').next().unwrap_or_default();
            Answer::Line(Body::whole(format!(
                "Unknown command: '{word}'. Please enter one of the following commands only:\n\n"
            )))
        }
        Exchange::Redis(ask) => Answer::Redis(unknown_to_redis(&ask.args)),
        Exchange::Exec(ask) => {
            let program = ask.argv.first().map(String::as_str).unwrap_or_default();
            exited(127, "", &format!("{program}: not found\n"))
        }
        Exchange::Sql(ask) => {
            let message = format!("there is no relation for `{}` here", ask.text);
            Answer::Sql(SqlReply::Error { code: "42P01".into(), message: message.into() })
        }
        Exchange::Nats(_) => Answer::Nats(NatsReply::NoResponders),
        Exchange::File(_) => Answer::File(Content::default()),
        Exchange::Kube(ask) => {
            let (_, name) = ask.object.rsplit_once('/').unwrap_or_default();
            let message = format!("\"{name}\" not found");
            let no = serde_json::json!({
                "kind": "Status", "apiVersion": "v1", "status": "Failure",
                "message": message, "reason": "NotFound", "code": 404,
            });
            kube(404, &no.to_string())
        }
    }
}

fn unknown_to_redis(args: &[String]) -> RedisValue {
    let Some((command, rest)) = args.split_first() else {
        return RedisValue::Error("ERR Protocol error: expected a command".into());
    };
    if command.eq_ignore_ascii_case("GET") {
        return RedisValue::Nil;
    }
    let beginning = rest.join("' '");
    let text = format!("ERR unknown command '{command}', with args beginning with: '{beginning}' ");
    RedisValue::Error(Text::new(&text))
}

impl Reply {
    /// Why this backend cannot answer so.
    pub(super) fn misfit(&self, backend: &BackendConfig) -> Option<String> {
        let kind = backend.kind();
        // A Prometheus answers from the signals, and files from `[[files]]`.
        let declared = kind != "prometheus" && backend.root().is_none();
        let fits = match self {
            Self::Text(..) => declared,
            Self::Json(..) => declared && !matches!(kind, "socket" | "postgres"),
            Self::Int(_) | Self::Error(_) | Self::Nil => matches!(kind, "redis" | "postgres"),
            Self::List(_) => kind == "redis",
        };
        let code = matches!(self, Self::Text(_, Some(_)) | Self::Json(_, Some(_)));
        if !fits {
            Some(format!("a backend of kind {kind} cannot answer so"))
        } else if code && backend.url().is_none() && !matches!(kind, "exec" | "kubernetes") {
            Some(format!("a backend of kind {kind} answers no status or exit code"))
        } else {
            None
        }
    }
}
