//! From a call to a request: paths percent-encoded, bodies escaped for what they are, secrets by reference.

use super::{Backend, Call};
use crate::kind::fill::{breaks_line, refuse};
use crate::kind::{Exchange, HttpAsk, HttpAuth, Vars, escape_json, escape_url, fill, written};
use crate::text::SecretRef;
use std::collections::BTreeMap;

/// The request of a call.
pub(super) fn encode(backend: &Backend, call: &Call, vars: &Vars) -> Result<Exchange, String> {
    let [(_, method, path)] = call.asked()[..] else {
        return Err("a request has exactly one of get, post, put, patch, delete".to_owned());
    };
    let vars = &with_places(backend, vars)?;
    let mut headers = headers(call, vars)?;
    let body = call.body.as_deref().map(|body| body_text(call.body_type(), body, vars)).transpose()?;
    if body.is_some() {
        headers.push(("Content-Type".to_owned(), call.body_type().to_owned()));
    }
    Ok(Exchange::Http(HttpAsk {
        method: method.to_owned(),
        url: address(backend, &path_text(path, vars)?),
        headers,
        auth: auth(backend),
        secrets: kept(backend),
        body,
        ca_file: backend.ca_file.clone(),
    }))
}

/// The backend's address with `path` appended.
pub(in crate::kind) fn address(backend: &Backend, path: &str) -> String {
    format!("{}{path}", backend.url.trim_end_matches('/'))
}

/// How the backend authenticates.
pub(in crate::kind) fn auth(backend: &Backend) -> Option<HttpAuth> {
    if let Some(basic) = &backend.basic {
        let password = written::secret(basic.password_env.as_ref(), basic.password_file.as_ref())?;
        return Some(HttpAuth::Basic { user: basic.user.clone(), password });
    }
    if let Some(header) = &backend.header {
        let value = written::secret(header.value_env.as_ref(), header.value_file.as_ref())?;
        return Some(HttpAuth::Header { name: header.name.clone(), value });
    }
    written::secret(backend.bearer_env.as_ref(), backend.bearer_file.as_ref()).map(HttpAuth::Bearer)
}

/// The secrets the backend refers to.
pub(in crate::kind) fn secrets(backend: &Backend) -> Vec<SecretRef> {
    let authenticating = auth(backend).map(|auth| match auth {
        HttpAuth::Basic { password: secret, .. }
        | HttpAuth::Bearer(secret)
        | HttpAuth::Header { value: secret, .. } => secret,
    });
    authenticating.into_iter().chain(kept(backend).into_values()).collect()
}

/// The secrets that may stand in a path or a body, by name.
fn kept(backend: &Backend) -> BTreeMap<String, SecretRef> {
    let kept = backend.secrets.iter();
    kept.filter_map(|(name, kept)| Some((name.clone(), written::secret(kept.env.as_ref(), kept.file.as_ref())?)))
        .collect()
}

/// What stands for a secret until the carrier puts it in: letters that no escaping changes.
fn place(name: &str) -> String {
    format!("{PLACE}{name}~")
}

const PLACE: &str = "~secret.";

/// `vars` with a place for each secret; a value that looks like one would make the carrier tell it.
fn with_places(backend: &Backend, vars: &Vars) -> Result<Vars, String> {
    if let Some((name, _)) = vars.iter().find(|(_, value)| !backend.secrets.is_empty() && value.contains(PLACE)) {
        return Err(format!("the value of ${{{name}}} holds `{PLACE}`, which stands for a secret"));
    }
    let places = backend.secrets.keys().map(|name| (format!("secret.{name}"), place(name)));
    Ok(vars.clone().into_iter().chain(places).collect())
}

impl HttpAsk {
    /// What stands for the secret of this name until the carrier puts it in.
    pub(in crate::kind) fn place_of(name: &str) -> String {
        place(name)
    }

    /// Whether the carrier puts a secret into `part`.
    pub(in crate::kind) fn hides_secret(part: &str) -> bool {
        part.contains(PLACE)
    }

    /// The address and the body with their secrets in place, each escaped for where it stands.
    pub fn revealed<'s>(
        &self,
        secret: impl Fn(&SecretRef) -> Result<&'s str, String>,
    ) -> Result<(String, Option<String>), String> {
        let (mut url, mut body) = (self.url.clone(), self.body.clone());
        let kind = self.headers.iter().find(|(name, _)| name == "Content-Type").map_or("", |(_, kind)| kind);
        for (name, reference) in &self.secrets {
            let (place, secret) = (place(name), secret(reference)?.trim());
            // A hook's secret is several segments of a path.
            url = url.replace(&place, &secret.split('/').map(escape_url).collect::<Vec<_>>().join("/"));
            body = body.map(|body| match shape(kind) {
                BodyShape::Json => body.replace(&place, &escape_json(secret)),
                BodyShape::Form => body.replace(&place, &escape_url(secret)),
                BodyShape::Other => body.replace(&place, secret),
            });
        }
        Ok((url, body))
    }
}

/// The path with its values percent-encoded; a value that would change which resource is meant is refused.
fn path_text(path: &str, vars: &Vars) -> Result<String, String> {
    refuse(path, vars, |value| value.is_empty().then_some("is empty, so the address would mean something else"))?;
    let filled = fill(path, vars, escape_url)?;
    if climbs(&filled) {
        return Err(format!("`{filled}` has a `.` or `..` segment, so the address would mean something else"));
    }
    Ok(filled)
}

/// Whether a path has segments that clients resolve away before sending.
pub(super) fn climbs(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/')
        .map(|segment| segment.to_ascii_lowercase().replace("%2e", "."))
        .any(|segment| matches!(&*segment, "." | ".."))
}

fn headers(call: &Call, vars: &Vars) -> Result<Vec<(String, String)>, String> {
    let filled = call.headers.iter().map(|(name, value)| {
        refuse(value, vars, breaks_line)?;
        Ok((name.clone(), fill(value, vars, str::to_owned)?))
    });
    filled.collect()
}

/// What a body's type says about how values are escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyShape {
    /// One JSON document.
    Json,
    /// A form, percent-encoded.
    Form,
    /// Anything else: values may hold nothing that means something in markup or lines.
    Other,
}

/// The shape of a body of this type.
pub(super) fn shape(content_type: &str) -> BodyShape {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => BodyShape::Form,
        json if json == "application/json" || json.ends_with("+json") => BodyShape::Json,
        _ => BodyShape::Other,
    }
}

fn body_text(content_type: &str, body: &str, vars: &Vars) -> Result<String, String> {
    match shape(content_type) {
        BodyShape::Json => json_text(body, vars),
        BodyShape::Form => fill(body, vars, escape_url),
        BodyShape::Other => {
            refuse(body, vars, acts_in_markup)?;
            fill(body, vars, str::to_owned)
        }
    }
}

/// JSON with its values inside strings; a hole outside of one would let a value add keys.
pub(in crate::kind) fn json_text(template: &str, vars: &Vars) -> Result<String, String> {
    if let Some(complaint) = written::json_template("", template) {
        return Err(format!("the text {}; {}", complaint.what, complaint.hint));
    }
    fill(template, vars, escape_json)
}

fn acts_in_markup(value: &str) -> Option<&'static str> {
    breaks_line(value).or_else(|| value.contains(['<', '>', '&', '"', '\'', '\\']).then_some("holds a quote or markup"))
}
