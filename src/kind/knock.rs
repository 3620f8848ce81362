//! Whether a receiver is there, asked so that nothing can come of it.

use super::{Answer, Exchange, HttpAsk, RedisAsk, RedisValue, SqlAsk, SqlPurpose, SqlReply};
use crate::text::Text;
use std::collections::BTreeMap;

impl Exchange {
    /// A look that shows whether this exchange's receiver is there; `None` where only acting would show it.
    pub fn knock(&self) -> Option<Self> {
        match self {
            Self::Http(ask) => Some(Self::Http(at_the_root(ask))),
            Self::Redis(ask) => Some(Self::Redis(RedisAsk { args: vec!["PING".to_owned()], ..ask.clone() })),
            Self::Sql(ask) => Some(Self::Sql(SqlAsk {
                text: "SELECT 1".to_owned(),
                params: Vec::new(),
                purpose: SqlPurpose::Read,
                ..ask.clone()
            })),
            Self::HttpMany(_) | Self::Line(_) | Self::Exec(_) | Self::File(_) | Self::Nats(_) | Self::Kube(_) => None,
        }
    }
}

/// `HEAD` of the server's root. Never of the hook's own path: some receivers take whatever comes there for a message.
/// No credential goes with it: that somebody answers over a trusted connection is all that is asked.
fn at_the_root(ask: &HttpAsk) -> HttpAsk {
    let root: Vec<&str> = ask.url.splitn(4, '/').take(3).collect();
    let url = format!("{}/", root.join("/").split(['?', '#']).next().unwrap_or_default());
    // The server's own name may be a secret.
    let secrets = if HttpAsk::hides_secret(&url) { ask.secrets.clone() } else { BTreeMap::new() };
    let (headers, ca_file) = (Vec::new(), ask.ca_file.clone());
    HttpAsk { method: "HEAD".to_owned(), url, headers, auth: None, secrets, body: None, ca_file }
}

impl Answer {
    /// How this answers a knock: what was said, or why we are turned away. Whatever a web server answers to `HEAD /`,
    /// it is there.
    pub fn to_knock(&self) -> Result<Text, Text> {
        match self {
            Self::Http { status, .. } => Ok(format!("HTTP {status}").into()),
            Self::Redis(RedisValue::Error(why)) => Err(why.clone()),
            Self::Sql(SqlReply::Error { message, .. }) => Err(message.clone()),
            Self::Redis(_) | Self::Sql(_) => Ok(self.kind().into()),
            Self::HttpMany(_)
            | Self::Line(_)
            | Self::Exec { .. }
            | Self::File(_)
            | Self::Nats(_)
            | Self::Told(_)
            | Self::Kube { .. } => Err(format!("{} answered, and was not asked", self.kind()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(url: &str) -> HttpAsk {
        HttpAsk {
            method: "POST".into(),
            url: url.into(),
            headers: vec![("X-Api".into(), "1".into())],
            auth: Some(crate::kind::HttpAuth::Bearer(crate::text::SecretRef::Env("TOKEN".into()))),
            secrets: BTreeMap::from([("hook".to_owned(), crate::text::SecretRef::Env("HOOK".into()))]),
            body: Some("{}".into()),
            ca_file: Some("/ca.pem".into()),
        }
    }

    #[test]
    fn a_web_hook_is_knocked_at_its_root_with_nothing_in_hand() {
        for url in [
            "https://hooks.example:8443/services/~secret.hook~?x=1",
            "https://hooks.example:8443",
            "https://hooks.example:8443?x=~secret.hook~",
        ] {
            let Some(Exchange::Http(knock)) = Exchange::Http(http(url)).knock() else { panic!("{url}") };
            assert_eq!((knock.method.as_str(), knock.url.as_str()), ("HEAD", "https://hooks.example:8443/"), "{url}");
            assert_eq!((knock.auth, knock.body, knock.headers, knock.secrets.len()), (None, None, Vec::new(), 0));
            assert_eq!(knock.ca_file.as_deref(), Some(std::path::Path::new("/ca.pem")), "the same trust");
        }
    }
    #[test]
    fn a_redis_is_pinged_a_database_asked_for_one_and_neither_is_told_anything() {
        let asked = r#"{"redis":{"address":"cache:6379","tls":false,"db":0,"args":["PUBLISH","ops","rolled back"]}}"#;
        let publish: Exchange = serde_json::from_str(asked).unwrap();
        let Some(Exchange::Redis(knock)) = publish.knock() else { panic!("a PING") };
        assert_eq!((knock.args, knock.address.as_str()), (vec!["PING".to_owned()], "cache:6379"));
        let turned_away = Answer::Redis(RedisValue::Error("NOAUTH Authentication required.".into()));
        assert_eq!(turned_away.to_knock().unwrap_err().as_str(), "NOAUTH Authentication required.");
        assert!(Answer::Redis(RedisValue::Text(super::super::Body::whole("PONG"))).to_knock().is_ok());
    }

    #[test]
    fn what_can_only_act_is_not_knocked_at() {
        for text in [
            r#"{"line":{"address":{"unix":"/x/sock"},"line":"set map x y"}}"#,
            r#"{"exec":{"argv":["/bin/mail","ops"],"stdin":null,"env":{},"cwd":null}}"#,
            r#"{"file":{"read":{"path":"/x"}}}"#,
        ] {
            let exchange: Exchange = serde_json::from_str(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(exchange.knock(), None, "{text}");
        }
    }
}
