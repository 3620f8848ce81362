//! What can be wrong with a Redis server or command as written.

use super::{Backend, Call};
use crate::kind::{Complaint, Use, written};

/// Commands that change the connection instead of asking something, and what to do instead.
const CONNECTION_COMMANDS: &[(&str, &str)] = &[
    ("AUTH", "write `user` and `password_env` into the backend"),
    ("HELLO", "write `user` and `password_env` into the backend"),
    ("MONITOR", "it never ends; ask for one value"),
    ("MULTI", "one command is sent; use a script"),
    ("PSUBSCRIBE", "it never ends; ask for one value"),
    ("QUIT", "leave it out"),
    ("RESET", "leave it out"),
    ("SELECT", "write `db` into the backend"),
    ("SSUBSCRIBE", "it never ends; ask for one value"),
    ("SUBSCRIBE", "it never ends; ask for one value"),
    ("SYNC", "it never ends; ask for one value"),
    ("WATCH", "one command is sent; use a script"),
];

/// Commands that write, most of those a playbook could mistake for a look.
const WRITING_COMMANDS: &[&str] = &[
    "APPEND",
    "COPY",
    "DECR",
    "DECRBY",
    "DEL",
    "EVAL",
    "EVALSHA",
    "EXPIRE",
    "FAILOVER",
    "FCALL",
    "FLUSHALL",
    "FLUSHDB",
    "GETDEL",
    "GETEX",
    "GETSET",
    "HDEL",
    "HINCRBY",
    "HSET",
    "HSETNX",
    "INCR",
    "INCRBY",
    "LPOP",
    "LPUSH",
    "MIGRATE",
    "MOVE",
    "MSET",
    "PERSIST",
    "PEXPIRE",
    "PSETEX",
    "PUBLISH",
    "RENAME",
    "RENAMENX",
    "REPLICAOF",
    "RESTORE",
    "RPOP",
    "RPUSH",
    "SADD",
    "SET",
    "SETEX",
    "SETNX",
    "SETRANGE",
    "SHUTDOWN",
    "SLAVEOF",
    "SPOP",
    "SREM",
    "SWAPDB",
    "UNLINK",
    "XADD",
    "ZADD",
    "ZREM",
];

/// Faults of a backend.
pub(super) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let pair = [("password_env", backend.password_env.is_some()), ("password_file", backend.password_file.is_some())];
    let both = pair.iter().all(|(_, written)| *written);
    let secret = backend.password_env.is_some() || backend.password_file.is_some();
    let hint = "write `password_env` or `password_file`";
    let found = [
        written::host_port("address", &backend.address),
        written::exactly_one(&pair).filter(|_| both),
        written::env_name("password_env", backend.password_env.as_ref()),
        written::absolute("password_file", backend.password_file.as_deref()),
        (backend.user.is_some() && !secret).then(|| Complaint::new("user", "has no password", hint)),
        written::absolute("ca_file", backend.ca_file.as_deref()),
        (backend.ca_file.is_some() && !backend.tls)
            .then(|| Complaint::new("ca_file", "does nothing without TLS", "write `tls = true` beside it")),
    ];
    found.into_iter().flatten().collect()
}

/// Faults of a call.
pub(super) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let mut found = Vec::new();
    let name = call.name();
    if name.is_empty() {
        found.push(Complaint::new("command", "is empty", "write the command and its arguments, one string each"));
    } else if name.contains(char::is_whitespace) {
        found.push(Complaint::new("command", "has blanks in its name", "write each argument as a string of its own"));
    }
    if call.code_slots().any(|slot| slot.contains("${")) {
        let hint = "hand values over as arguments: KEYS and ARGV";
        found.push(Complaint::new("command", "has a hole in its name or script, whose value would be obeyed", hint));
    }
    found.extend(call.command.iter().filter_map(|argument| written::open_hole("command", argument)));
    for name in &call.split {
        if !call.command.iter().any(|argument| *argument == format!("${{{name}}}")) {
            let hint = format!("write `\"${{{name}}}\"` where its words belong");
            found.push(Complaint::new("split", format!("`{name}` is no argument of the command"), hint));
        }
    }
    let odd = CONNECTION_COMMANDS.iter().find(|(listed, _)| *listed == name);
    found.extend(odd.map(|(_, hint)| Complaint::new("command", format!("`{name}` changes the connection"), *hint)));
    if r#use == Use::Look && WRITING_COMMANDS.contains(&name.as_str()) {
        let hint = if call.is_script() { "use its read-only form, `EVAL_RO`" } else { "use a command that only reads" };
        found.push(Complaint::new("command", format!("`{name}` may change something, a look only looks"), hint));
    }
    let rest = [
        written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
        written::idle_key("split", !call.split.is_empty(), Use::Act, r#use),
        written::idle_key("find", call.find.is_some(), Use::Look, r#use),
        written::regex("ok", call.ok.as_deref()),
        written::grouped("find", call.find.as_deref()),
    ];
    found.extend(rest.into_iter().flatten());
    found
}
