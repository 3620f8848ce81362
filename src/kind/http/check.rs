//! What can be wrong with an HTTP backend or call as written.

use super::{Backend, Call, send};
use crate::kind::{Complaint, Use, written};
use send::BodyShape;

/// Headers that carry a credential or belong to the carrier, and what to write instead.
const RESERVED_HEADERS: &[(&str, &str)] = &[
    ("authorization", "use the backend's `basic`, `bearer_env` or `header`, so that the secret stays out of the file"),
    ("proxy-authorization", "goaround uses no proxy"),
    ("cookie", "use the backend's `header`, so that the secret stays out of the file"),
    ("x-api-key", "use the backend's `header`, so that the secret stays out of the file"),
    ("content-type", "write `content_type`"),
    ("content-length", "leave it out, it is counted"),
    ("transfer-encoding", "leave it out"),
    ("connection", "leave it out"),
    ("host", "write the host into the backend's `url`"),
];

/// Faults of a backend.
pub(in crate::kind) fn check_backend(backend: &Backend) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = bad_url(&backend.url).into_iter().collect();
    found.extend(credentials(backend));
    found.extend(written::absolute("ca_file", backend.ca_file.as_deref()));
    if backend.ca_file.is_some() && backend.url.starts_with("http://") {
        found.push(Complaint::new("ca_file", "does nothing for an `http://` address", "write `https://` in `url`"));
    }
    found
}

fn bad_url(url: &str) -> Option<Complaint> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some(Complaint::new("url", "is no http address", "begin it with `http://` or `https://`"));
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        // What was written is not repeated: it may hold a password.
        return Some(Complaint::new(
            "url",
            "holds credentials",
            "take them out and write `basic = { user, password_env }`",
        ));
    }
    let (what, hint) = if rest.contains(['?', '#']) {
        ("has a query or a fragment", "write the query into the call's path")
    } else if rest.contains(|c: char| !c.is_ascii_graphic()) || rest.contains("${") {
        ("holds a character that no address may hold", "percent-encode it; a backend's address has no holes")
    } else if !is_authority(authority) {
        ("has no sound host and port", "for instance `http://127.0.0.1:8080`")
    } else {
        return None;
    };
    Some(Complaint::new("url", what, hint))
}

fn is_authority(authority: &str) -> bool {
    // A bracketed IPv6 address without a port also holds colons.
    written::is_host(authority) || written::host_port("", authority).is_none()
}

fn credentials(backend: &Backend) -> Vec<Complaint> {
    let bearer = [("bearer_env", backend.bearer_env.is_some()), ("bearer_file", backend.bearer_file.is_some())];
    let mut ways = vec![("basic", backend.basic.is_some()), ("header", backend.header.is_some())];
    ways.extend(bearer);
    ways.retain(|(_, written)| *written);
    let mut found: Vec<Complaint> = written::exactly_one(&ways).filter(|_| ways.len() > 1).into_iter().collect();
    found.extend(written::env_name("bearer_env", backend.bearer_env.as_ref()));
    found.extend(written::absolute("bearer_file", backend.bearer_file.as_deref()));
    if let Some(basic) = &backend.basic {
        let pair = [("password_env", basic.password_env.is_some()), ("password_file", basic.password_file.is_some())];
        found.extend(written::exactly_one(&pair).map(|fault| inside("basic", fault)));
        found.extend(written::env_name("basic.password_env", basic.password_env.as_ref()));
        found.extend(written::absolute("basic.password_file", basic.password_file.as_deref()));
        if basic.user.contains(':') || basic.user.contains(char::is_control) {
            found.push(Complaint::new(
                "basic.user",
                "holds a colon or a control character",
                "basic authentication has none",
            ));
        }
    }
    for (name, kept) in &backend.secrets {
        let table = format!("secrets.{name}");
        let pair = [("env", kept.env.is_some()), ("file", kept.file.is_some())];
        found.extend(written::exactly_one(&pair).map(|fault| inside(&table, fault)));
        found.extend(written::env_name(&format!("{table}.env"), kept.env.as_ref()));
        found.extend(written::absolute(&format!("{table}.file"), kept.file.as_deref()));
    }
    if let Some(header) = &backend.header {
        let pair = [("value_env", header.value_env.is_some()), ("value_file", header.value_file.is_some())];
        found.extend(written::exactly_one(&pair).map(|fault| inside("header", fault)));
        found.extend(written::env_name("header.value_env", header.value_env.as_ref()));
        found.extend(written::absolute("header.value_file", header.value_file.as_deref()));
        found.extend(bad_header_name("header.name", &header.name));
    }
    found
}

/// A fault of a nested table, its key prefixed with the table's.
fn inside(table: &str, fault: Complaint) -> Complaint {
    let key = if fault.key.is_empty() { table.to_owned() } else { format!("{table}.{}", fault.key) };
    Complaint { key, ..fault }
}

/// Faults of a call.
pub(in crate::kind) fn check_call(call: &Call, r#use: Use) -> Vec<Complaint> {
    let asked = call.asked();
    let keys =
        ["get", "post", "put", "patch", "delete"].map(|key| (key, asked.iter().any(|(written, _, _)| *written == key)));
    let mut found: Vec<Complaint> = written::exactly_one(&keys).into_iter().collect();
    for (key, _, path) in asked {
        found.extend(bad_path(key, path));
        found.extend(bad_method(key, r#use));
    }
    found.extend(body_faults(call));
    found.extend(header_faults(call));
    found.extend(answer_faults(call, r#use));
    found
}

fn bad_method(key: &str, r#use: Use) -> Option<Complaint> {
    let (what, hint) = match (r#use, key) {
        (Use::Look, "put" | "patch" | "delete") => {
            ("changes something, a look only looks", "use `get`, or `post` for a search")
        }
        (Use::Act, "get") => ("changes nothing, a lever does", "use `post`, `put`, `patch` or `delete`"),
        (Use::Look | Use::Act, _) => return None,
    };
    Some(Complaint::new(key, what, hint))
}

/// A path that cannot follow a backend's address.
pub(in crate::kind) fn bad_path(key: &str, path: &str) -> Option<Complaint> {
    if let Some(complaint) = written::open_hole(key, path) {
        return Some(complaint);
    }
    let plain = written::filled_with_x(path).unwrap_or_default();
    let foreign = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    let (what, hint) = if !path.starts_with('/') {
        ("does not begin with `/`", "a path follows the backend's address")
    } else if plain.contains('#') {
        ("has a fragment, which is never sent", "write `%23` if the letter is meant")
    } else if plain.contains(foreign) {
        ("holds a character that no address may hold", "percent-encode it: a space is `%20`")
    } else if send::climbs(&plain) {
        ("has a `.` or `..` segment", "write the path that is meant")
    } else {
        return None;
    };
    Some(Complaint::new(key, what, hint))
}

fn body_faults(call: &Call) -> Vec<Complaint> {
    let mut found = Vec::new();
    if call.content_type.is_some() && call.body.is_none() {
        found.push(Complaint::new("content_type", "does nothing without a `body`", "write `body` or take it out"));
    }
    if call.content_type.as_ref().is_some_and(|t| t.contains(char::is_control) || !t.contains('/')) {
        found.push(Complaint::new("content_type", "is no media type", "for instance `application/json`"));
    }
    let Some(body) = call.body.as_deref() else { return found };
    if call.get.is_some() {
        found.push(Complaint::new("body", "a GET has none", "use `post`, or put it into the path's query"));
    }
    found.extend(written::open_hole("body", body));
    if send::shape(call.body_type()) == BodyShape::Json {
        found.extend(written::json_template("body", body));
    }
    found
}

fn header_faults(call: &Call) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (name, value) in &call.headers {
        let key = format!("headers.{name}");
        found.extend(bad_header_name(&key, name));
        found.extend(written::open_hole(&key, value));
        if value.contains(char::is_control) {
            found.push(Complaint::new(&key, "holds a line break or another control character", "take it out"));
        }
        let reserved = RESERVED_HEADERS.iter().find(|(reserved, _)| name.eq_ignore_ascii_case(reserved));
        found.extend(reserved.map(|(_, hint)| Complaint::new(&key, "cannot be set here", *hint)));
    }
    found
}

fn bad_header_name(key: &str, name: &str) -> Option<Complaint> {
    let sound = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c));
    (!sound).then(|| Complaint::new(key, "is no header's name", "letters, digits and `-`"))
}

fn answer_faults(call: &Call, r#use: Use) -> Vec<Complaint> {
    let found = [
        written::idle_key("at", call.at.is_some(), Use::Look, r#use),
        written::idle_key("fresh", call.fresh.is_some(), Use::Look, r#use),
        written::idle_key("find", call.find.is_some(), Use::Look, r#use),
        written::idle_key("statuses", !call.statuses.is_empty(), Use::Look, r#use),
        written::idle_key("ok", call.ok.is_some(), Use::Act, r#use),
        written::idle_key("no", call.no.is_some(), Use::Act, r#use),
        written::idle_key("rejected_statuses", !call.rejected_statuses.is_empty(), Use::Act, r#use),
        written::pointer("at", call.at.as_deref()),
        written::pointer("fresh", call.fresh.as_deref()),
        written::grouped("find", call.find.as_deref()),
        written::regex("ok", call.ok.as_deref()),
        written::regex("no", call.no.as_deref()),
    ];
    let odd = call.rejected_statuses.iter().find(|status| !(400..=599).contains(*status));
    let odd = odd
        .map(|s| Complaint::new("rejected_statuses", format!("{s} is no error status"), "400 to 599 can be rejected"));
    let number = |status: &str| status.parse::<u16>().is_ok_and(|status| (100..=599).contains(&status));
    let odd_look = call.statuses.iter().find(|(status, value)| !number(status) || value.is_empty());
    let odd_look = odd_look.map(|(status, _)| {
        Complaint::new("statuses", format!("`{status}` is no status with a value"), "for instance `{ 404 = \"none\" }`")
    });
    found.into_iter().flatten().chain(odd).chain(odd_look).collect()
}
