//! Claims about secrets that stand in a path or a body, and about answers that mean more than their status.

use super::*;
use crate::kind::{Body, HttpAsk, Outcome};

const HOOK: &str = "
url = \"https://hooks.slack.com\"
secrets = { hook = { env = \"SLACK_HOOK\" }, key = { file = \"/run/key\" } }
";

fn sent(call: &str, vars: &Vars) -> Result<HttpAsk, String> {
    let call: Call = toml::from_str(&format!("backend = \"slack\"\n{call}")).unwrap();
    match Http::encode(&toml::from_str(HOOK).unwrap(), &call, Use::Act, vars)? {
        Exchange::Http(ask) => Ok(ask),
        other => panic!("not http: {other:?}"),
    }
}

fn told(reference: &SecretRef) -> Result<&'static str, String> {
    match reference {
        SecretRef::Env(_) => Ok("T0/B0/a b"),
        SecretRef::File(_) => Ok("se\"cret\n"),
    }
}

fn act(call: &str, body: &str) -> Settled {
    let call: Call = toml::from_str(&format!("backend = \"x\"\npost = \"/\"\n{call}")).unwrap();
    Http::settle(&call, &Ok(Answer::Http { status: 200, location: None, retry_after_s: None, body: Body::whole(body) }))
}

fn look(call: &str, status: u16, body: &str) -> Seen {
    let call: Call = toml::from_str(&format!("backend = \"x\"\nget = \"/\"\n{call}")).unwrap();
    Http::see(&call, &Ok(Answer::Http { status, location: None, retry_after_s: None, body: Body::whole(body) }))
}

#[test]
fn a_secret_is_put_in_by_the_carrier_alone_and_escaped_for_its_place() {
    let call = "post = \"/services/${secret.hook}\"\nbody = '{\"key\":\"${secret.key}\",\"text\":\"${text}\"}'";
    let ask = sent(call, &Vars::from([("text".into(), "hello".into())])).unwrap();
    let kept = serde_json::to_string(&ask).unwrap();
    assert!(!kept.contains("T0") && !kept.contains("cret\\"), "{kept}");
    let (url, body) = ask.revealed(told).unwrap();
    assert_eq!(url, "https://hooks.slack.com/services/T0/B0/a%20b");
    assert_eq!(body.as_deref(), Some(r#"{"key":"se\"cret","text":"hello"}"#));
    assert_eq!(Http::secrets(&toml::from_str(HOOK).unwrap()).len(), 2);
}

#[test]
fn a_value_that_looks_like_the_place_of_a_secret_is_refused() {
    let hostile = Vars::from([("text".into(), "see ~secret.hook~".into())]);
    let refused = sent("post = \"/x\"\nbody = '{\"text\":\"${text}\"}'", &hostile).unwrap_err();
    assert!(refused.contains("stands for a secret"), "{refused}");
}

#[test]
fn a_no_inside_of_a_yes_is_rejected() {
    assert_eq!(act("no = '<fault>'", "<methodResponse><fault>NO").outcome, Outcome::Rejected);
    assert_eq!(act("no = '<fault>'", "<methodResponse><params>").outcome, Outcome::Applied);
    assert_eq!(act("no = 'x'\nok = 'done'", "maybe").outcome, Outcome::Unknown);
}

#[test]
fn a_status_can_be_a_value_and_a_part_of_a_text_too() {
    let absent = "statuses = { 404 = \"none\" }\nat = \"/overflow\"";
    assert_eq!(look(absent, 404, "{}"), Seen::Value("none".into()));
    assert_eq!(look(absent, 200, r#"{"overflow":"reject-publish"}"#), Seen::Value("reject-publish".into()));
    assert!(matches!(look(absent, 500, "{}"), Seen::Failed(_)));
    let alias = r#"find = '"alias_name":"live","collection_name":"([^"]+)"'"#;
    let body =
        r#"{"aliases":[{"alias_name":"old","collection_name":"a"},{"alias_name":"live","collection_name":"b"}]}"#;
    assert_eq!(look(alias, 200, body), Seen::Value("b".into()));
}
