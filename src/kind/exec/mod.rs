//! Programs: argv without a shell, in a process group of their own.

mod check;

use super::fill::{breaks_line, refuse};
use super::look::{self, Wanted};
use super::{
    Answer, Body, Complaint, EnvValue, Exchange, ExecAsk, Exit, Fault, Kind, Outcome, Seen, Settled, Use, Vars, fill,
};
use crate::text::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// The kind `exec`.
#[derive(Clone, Copy, Debug)]
pub struct Exec;

/// A place to run programs: `tools.exec = { }`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Backend {
    /// The only programs that may be run, by absolute path; empty allows any absolute path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Environment variables with literal values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Environment variables taken over from goaround's own environment by name; but for the likes of
    /// `PATH` and `HOME` each is a secret that must be set, and is cut out of everything shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_env: Vec<String>,
    /// Where programs run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<PathBuf>,
}

/// One process.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The backend's id.
    pub backend: String,
    /// The program and its arguments; arguments may hold `${name}`, the program may not.
    pub argv: Vec<String>,
    /// What it reads on standard input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Standard output must match this regular expression, else the outcome is Unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Exit codes that are known to mean "answered no, nothing changed".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected_codes: Vec<i32>,
    /// Exit codes by which the program promises that it ended before it sent anything: a server that cannot be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsent_codes: Vec<i32>,
    /// Look: the value is this regular expression's first group in standard output; without it all of it, trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
    /// Look: the value is the exit code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exit: bool,
}

/// Variables that hold no secret: cutting their values out of everything shown would cut ordinary words.
const PLAIN_ENV: &[&str] = &[
    "HOME",
    "KUBECONFIG",
    "LANG",
    "LANGUAGE",
    "LOGNAME",
    "PATH",
    "PWD",
    "SHELL",
    "SSH_AUTH_SOCK",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
];

impl Kind for Exec {
    const NAME: &'static str = "exec";
    const DOC: &'static str = "\
One program, started without a shell, in a process group of its own, its environment empty but for what the backend \
names.
Applied: exit code 0, and standard output matches `ok` where it is given; what it printed on standard error is shown.
Rejected: an exit code listed in `rejected_codes`.
NotSent: the program could not be started, or an exit code listed in `unsent_codes`, by which it promises that it \
ended before it sent anything.
Unknown: any other exit code, a signal, the deadline (the whole group is killed), or code 0 with an output that `ok` \
does not match: some programs refuse with code 0.
Look: only code 0 is believed; the value is the first group of `find` in standard output, else all of it, trimmed. \
With `exit = true` the value is the exit code, whichever it is; a signal is a failure.
Metric: the number that a look saw, as old as its answer.";
    type Backend = Backend;
    type Call = Call;

    fn check_backend(backend: &Backend) -> Vec<Complaint> {
        check::check_backend(backend)
    }

    fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
        check::check_call(call, r#use)
    }

    fn backend_of(call: &Call) -> &str {
        &call.backend
    }

    fn secrets(backend: &Backend) -> Vec<SecretRef> {
        let secret = |name: &String| match passed_on(name) {
            EnvValue::Secret(reference) => Some(reference),
            EnvValue::Inherit | EnvValue::Literal(_) => None,
        };
        backend.pass_env.iter().filter_map(secret).collect()
    }

    fn templates(call: &Call) -> Vec<&str> {
        call.argv.iter().skip(1).map(String::as_str).chain(call.stdin.as_deref()).collect()
    }

    fn encode(backend: &Backend, call: &Call, _use: Use, vars: &Vars) -> Result<Exchange, String> {
        let Some((program, arguments)) = call.argv.split_first() else {
            return Err("there is no program to run".to_owned());
        };
        permitted(backend, program)?;
        let mut argv = vec![program.clone()];
        for template in arguments {
            argv.push(argument(template, vars)?);
        }
        let stdin = call.stdin.as_deref().map(|template| {
            refuse(template, vars, breaks_line)?;
            fill(template, vars, str::to_owned)
        });
        let literal = backend.env.iter().map(|(name, value)| (name.clone(), EnvValue::Literal(value.clone())));
        let passed = backend.pass_env.iter().map(|name| (name.clone(), passed_on(name)));
        let env = literal.chain(passed).collect();
        Ok(Exchange::Exec(ExecAsk { argv, stdin: stdin.transpose()?, env, cwd: backend.cwd.clone() }))
    }

    fn settle(call: &Call, result: &Result<Answer, Fault>) -> Settled {
        match result {
            Err(fault) => Settled::of_fault(fault),
            Ok(Answer::Exec { exit, stdout, stderr }) => ended(call, *exit, stdout, stderr),
            Ok(foreign) => look::misfit_act(foreign),
        }
    }

    fn see(call: &Call, result: &Result<Answer, Fault>) -> Seen {
        match result {
            Err(fault) => look::blinded(fault),
            Ok(Answer::Exec { exit: Exit::Code(code), .. }) if call.exit => Seen::Value(code.to_string().into()),
            Ok(Answer::Exec { exit: Exit::Code(0), stdout, .. }) => {
                Wanted { at: None, find: call.find.as_deref() }.in_body(stdout)
            }
            Ok(Answer::Exec { exit, stdout, stderr }) => {
                look::failed(look::saying(&how(*exit), &printed(stdout, stderr)))
            }
            Ok(foreign) => look::misfit_look(foreign),
        }
    }
}

/// How a variable of goaround's own environment travels: as a secret, unless it is known to be none.
fn passed_on(name: &str) -> EnvValue {
    if PLAIN_ENV.contains(&name) { EnvValue::Inherit } else { EnvValue::Secret(SecretRef::Env(name.to_owned())) }
}

/// Refuses a program that the backend does not list or that depends on a search path.
fn permitted(backend: &Backend, program: &str) -> Result<(), String> {
    if !program.starts_with('/') || program.contains("${") || program.contains('\0') {
        return Err(format!("`{program}` is no absolute path of a program"));
    }
    if !backend.programs.is_empty() && !backend.programs.iter().any(|listed| listed == program) {
        return Err(format!("`{program}` is not among the backend's programs: {}", backend.programs.join(", ")));
    }
    Ok(())
}

/// One argument; a value may not turn it into an option.
fn argument(template: &str, vars: &Vars) -> Result<String, String> {
    let filled = fill(template, vars, str::to_owned)?;
    if template.starts_with("${") && filled.starts_with('-') {
        return Err(format!("`{filled}` would be read as an option, but it came from `{template}`"));
    }
    if filled.contains('\0') {
        return Err(format!("the value of `{template}` holds a NUL"));
    }
    Ok(filled)
}

/// How an act ended that ran to its end.
fn ended(call: &Call, exit: Exit, stdout: &Body, stderr: &Body) -> Settled {
    let doubt = call.ok.as_ref().filter(|ok| !look::matches(ok, &look::trimmed(stdout)));
    let (outcome, said) = match (exit, doubt) {
        (Exit::Code(0), None) => (Outcome::Applied, how(exit)),
        (Exit::Code(0), Some(ok)) => (Outcome::Unknown, format!("{}, but its output does not match `{ok}`", how(exit))),
        (Exit::Code(code), _) if call.rejected_codes.contains(&code) => {
            (Outcome::Rejected, format!("{}, which means that nothing was changed", how(exit)))
        }
        (Exit::Code(code), _) if call.unsent_codes.contains(&code) => {
            (Outcome::NotSent, format!("{}, which means that nothing was sent", how(exit)))
        }
        (Exit::Code(_) | Exit::Signal(_), _) => {
            (Outcome::Unknown, format!("{}, nobody knows how far it came", how(exit)))
        }
    };
    Settled::new(outcome, look::saying(&said, &printed(stdout, stderr)))
}

fn how(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit code {code}"),
        Exit::Signal(signal) => format!("killed by signal {signal}"),
    }
}

/// Both ends of what it complained of, else the beginning of what it printed.
fn printed(stdout: &Body, stderr: &Body) -> String {
    let complained = look::quote_ends(stderr);
    if complained.is_empty() { look::quote(stdout) } else { complained }
}

#[cfg(test)]
mod tests;
