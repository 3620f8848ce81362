//! What can be wrong with a place to run programs, or with one run, as written.

use super::{Backend, Call};
use crate::kind::{Complaint, Use, written};
use std::path::Path;

/// Programs that read one of their arguments as a program: a value in it would be obeyed.
const INTERPRETERS: &[&str] = &[
    "ash", "bash", "busybox", "dash", "fish", "ksh", "lua", "node", "perl", "php", "python", "python3", "ruby", "sh",
    "zsh",
];

/// How names of variables end that hold a secret.
const SECRET_WORDS: &[&str] = &["PASS", "PASSWD", "PASSWORD", "PGPASSWORD", "SECRET", "TOKEN", "CREDENTIALS"];
/// What stands before `KEY` where the key is a secret.
const SECRET_KEYS: &[&str] = &["API", "ACCESS", "PRIVATE", "SECRET", "AUTH"];

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let mut found: Vec<Complaint> =
        backend.programs.iter().filter_map(|program| bad_program("programs", program)).collect();
    found.extend(written::absolute("cwd", backend.cwd.as_deref()));
    found.extend(backend.pass_env.iter().filter_map(|name| written::env_name("pass_env", Some(name))));
    for (name, value) in &backend.env {
        let key = format!("env.{name}");
        found.extend(written::env_name(&key, Some(name)));
        if value.contains('\0') {
            found.push(Complaint::new(&key, "holds a NUL", "take it out"));
        }
        if is_a_secrets_name(name) {
            let hint = format!("take it out of the file: `pass_env = [\"{name}\"]` hands on goaround's own");
            found.push(Complaint::new(&key, "is a secret by its name, written out", hint));
        }
        if backend.pass_env.contains(name) {
            found.push(Complaint::new(&key, "stands in `pass_env` too", "keep one of them"));
        }
    }
    found
}

/// Whether a variable of this name holds a secret: what it holds would stand in the file, the journal and the report.
fn is_a_secrets_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut words = name.split('_');
    let last = words.next_back().unwrap_or_default();
    // `PASSWORD_FILE` and `TOKEN_PATH` say where it is, not what it is.
    SECRET_WORDS.contains(&last) || (last == "KEY" && words.any(|word| SECRET_KEYS.contains(&word)))
}

/// Faults of a call. Whether its program is among the backend's `programs` is seen when it is encoded.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let mut found = Vec::new();
    match call.argv.first() {
        None => found.push(Complaint::new("argv", "is empty", "write the program's absolute path and its arguments")),
        Some(program) => found.extend(bad_program("argv", program)),
    }
    found.extend(call.argv.iter().skip(1).filter_map(|argument| written::open_hole("argv", argument)));
    if call.argv.iter().any(|argument| argument.contains('\0')) {
        found.push(Complaint::new("argv", "holds a NUL", "take it out"));
    }
    found.extend(obeyed_value(&call.argv));
    found.extend(call.stdin.as_deref().and_then(|text| written::open_hole("stdin", text)));
    let rest = [
        written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
        written::idle_key("rejected_codes", !call.rejected_codes.is_empty(), Use::Act, r#use),
        written::idle_key("unsent_codes", !call.unsent_codes.is_empty(), Use::Act, r#use),
        written::idle_key("find", call.find.is_some(), Use::Look, r#use),
        written::idle_key("exit", call.exit, Use::Look, r#use),
        (call.exit && call.find.is_some())
            .then(|| Complaint::new("exit", "stands beside `find`", "the value is the one or the other")),
        written::regex("ok", call.ok.as_deref()),
        written::grouped("find", call.find.as_deref()),
    ];
    found.extend(rest.into_iter().flatten());
    for (key, codes) in [("rejected_codes", &call.rejected_codes), ("unsent_codes", &call.unsent_codes)] {
        let odd = codes.iter().find(|code| !(1..=255).contains(*code));
        found.extend(odd.map(|code| Complaint::new(key, format!("{code} is no failing exit code"), "1 to 255")));
    }
    let both = call.unsent_codes.iter().find(|code| call.rejected_codes.contains(code));
    found.extend(both.map(|code| {
        let hint = "a code means one thing: answered no, or never asked";
        Complaint::new("unsent_codes", format!("{code} stands in `rejected_codes` too"), hint)
    }));
    found
}

fn bad_program(key: &str, program: &str) -> Option<Complaint> {
    written::no_hole(key, program).or_else(|| written::absolute(key, Some(Path::new(program))))
}

/// A hole in the text of a program: `sh -c "echo ${name}"` obeys whatever the name is bound to.
fn obeyed_value(argv: &[String]) -> Option<Complaint> {
    let first = argv.iter().position(|argument| is_interpreter(argument))?;
    let pairs = argv[first..].windows(2);
    let takes_program = |flag: &str| flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with(['c', 'e']);
    let mut programs = pairs.filter(|pair| takes_program(&pair[0])).map(|pair| &pair[1]);
    programs.any(|text| text.contains("${")).then(|| {
        let hint = "pass the value as an argument of its own: `[\"/bin/sh\", \"-c\", \"echo \\\"$1\\\"\", \"sh\", \"${name}\"]`";
        Complaint::new("argv", "fills a value into the text of a program, which would obey it", hint)
    })
}

fn is_interpreter(argument: &str) -> bool {
    let name = argument.rsplit('/').next().unwrap_or_default();
    INTERPRETERS.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
        || INTERPRETERS.contains(&name)
}
