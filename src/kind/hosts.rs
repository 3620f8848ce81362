//! The hosts that a backend names, so that words for people outside can be looked through for them.

use serde::Serialize;
use serde_json::Value;

/// Every host in what is written of a backend: of its addresses `host:port` and its URLs.
pub(super) fn of(backend: &impl Serialize) -> Vec<String> {
    let mut hosts = Vec::new();
    // What cannot be written as JSON was not read from a file either.
    if let Ok(written) = serde_json::to_value(backend) {
        collect(&written, &mut hosts);
    }
    hosts.sort();
    hosts.dedup();
    hosts
}

fn collect(written: &Value, hosts: &mut Vec<String>) {
    match written {
        Value::String(text) => hosts.extend(host(text)),
        Value::Array(list) => list.iter().for_each(|value| collect(value, hosts)),
        Value::Object(table) => table.values().for_each(|value| collect(value, hosts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The host of a URL or of `host:port`, in small letters; nothing of any other text.
fn host(text: &str) -> Option<String> {
    let authority = if let Some((_, rest)) = text.split_once("://") {
        rest.split(['/', '?', '#']).next()?
    } else {
        let (_, port) = text.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        text
    };
    let authority = authority.rsplit('@').next()?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) | None => authority,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:_".contains(c);
    (!host.is_empty() && host.chars().all(is_host)).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_hosts_of_urls_and_addresses_are_found_and_nothing_else() {
        let written = json!({
            "url": "https://ops@Prom.example.com:9090/api?x=1",
            "tcp": "haproxy-1:9999",
            "brokers": ["nats://10.0.0.7:4222", "[::1]:6379"],
            "unix": "/run/haproxy.sock",
            "user": "ops",
            "password_env": "PROM_PASS",
        });
        assert_eq!(of(&written), ["10.0.0.7", "::1", "haproxy-1", "prom.example.com"]);
    }
}
