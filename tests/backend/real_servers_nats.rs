//! Requests to a real NATS server with `JetStream`.

use super::{lost, not_sent, proxy::Proxy, real_servers::knowing, refused, servers::Server, tls::certify};
use goaround::{
    backend::Carriers,
    kind::{Answer, Exchange, Fault, NatsAsk, NatsAuth, NatsReply, Use},
};
use nkeys::KeyPair;
use std::path::Path;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

const PAUSE: &str = "$JS.API.CONSUMER.PAUSE.jobs.worker";
const INFO: &str = "$JS.API.CONSUMER.INFO.jobs.worker";

fn address(server: &Server) -> String {
    format!("127.0.0.1:{}", server.port("NATS_PORT"))
}

/// NATS by rules of its own, without a stream.
fn ruled(rules: impl FnOnce(&Path) -> String) -> Server {
    Server::start_with("nats", |folder| std::fs::write(folder.join("own.conf"), rules(folder)).unwrap())
}

/// Someone who asks, with carriers that know the secret.
struct Asker {
    carriers: Carriers,
    ask: NatsAsk,
}

impl Asker {
    fn new(server: &Server, secret: &str, auth: impl FnOnce(goaround::text::SecretRef) -> NatsAuth) -> Self {
        let (carriers, secret) = knowing(server.data(), secret);
        let (address, auth) = (address(server), Some(auth(secret)));
        let ask = NatsAsk { address, tls: false, ca_file: None, auth, subject: String::new(), payload: String::new() };
        Self { carriers, ask }
    }

    fn token(server: &Server) -> Self {
        Self::new(server, "natstoken", NatsAuth::Token)
    }

    async fn asks(&self, subject: &str, payload: &str) -> Result<Answer, Fault> {
        self.within(subject, payload, 5_000).await
    }

    async fn within(&self, subject: &str, payload: &str, ms: u64) -> Result<Answer, Fault> {
        let ask = NatsAsk { subject: subject.to_owned(), payload: payload.to_owned(), ..self.ask.clone() };
        self.carriers.perform(&Exchange::Nats(ask), Use::Act, ms).await
    }
}

#[track_caller]
fn json(result: Result<Answer, Fault>) -> serde_json::Value {
    match result {
        Ok(Answer::Nats(NatsReply::Message(body))) => serde_json::from_slice(&body.bytes).unwrap(),
        other => panic!("no reply: {other:?}"),
    }
}

#[tokio::test]
async fn a_consumer_is_paused_read_back_and_resumed() {
    let server = Server::start("nats");
    let ops = Asker::token(&server);
    let paused = json(ops.asks(PAUSE, r#"{"pause_until":"2099-01-01T00:00:00Z"}"#).await);
    assert_eq!(paused["paused"], true, "{paused}");
    let info = json(ops.asks(INFO, "").await);
    assert_eq!((&info["paused"], info["pause_remaining"].is_u64()), (&true.into(), true), "{info}");
    let resumed = json(ops.asks(PAUSE, "{}").await);
    assert_eq!(resumed["paused"], false, "{resumed}");
    let info = json(ops.asks(INFO, "").await);
    assert!(info["error"].is_null() && info["paused"].as_bool() != Some(true), "{info}");
    let past = json(ops.asks(PAUSE, r#"{"pause_until":"2020-01-01T00:00:00Z"}"#).await);
    assert_eq!((&past["paused"], past["error"].is_null()), (&false.into(), true), "no error, and no pause: {past}");
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let server = Server::start("nats");
    let ops = Asker::token(&server);
    let gone = json(ops.asks("$JS.API.CONSUMER.PAUSE.jobs.nobody", "{}").await);
    assert_eq!(gone["error"]["code"], 404, "{gone}");
    assert_eq!(gone["error"]["description"], "consumer not found");
    assert_eq!(ops.asks("nobody.listens", "").await, Ok(Answer::Nats(NatsReply::NoResponders)));
    let text = not_sent(ops.asks("two words", "").await);
    assert!(text.contains("subject"), "{text}");
}

#[tokio::test]
async fn being_turned_away_is_refused_and_a_stopped_server_not_reached() {
    let server = Server::start("nats");
    let text = refused(Asker::new(&server, "not the token", NatsAuth::Token).asks(INFO, "").await);
    assert!(text.contains("authorization violation") && !text.contains("not the token"), "{text}");
    let mut bare = Asker::token(&server);
    bare.ask.auth = None;
    refused(bare.asks(INFO, "").await);
    let ops = Asker::token(&server);
    server.down("nats");
    let text = not_sent(ops.asks(PAUSE, "{}").await);
    assert!(text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_forbidden_subject_is_refused_at_once() {
    let users = r#"authorization { users = [ { user: limited, password: limitedpass, permissions: { publish: { deny: "$JS.>" } } } ] }"#;
    let server = ruled(|_| users.to_owned());
    let limited =
        Asker::new(&server, "limitedpass", |password| NatsAuth::Password { user: "limited".to_owned(), password });
    let text = refused(limited.asks(PAUSE, "{}").await);
    assert!(text.to_lowercase().contains("permissions violation for publish"), "{text}");
}

#[tokio::test]
async fn a_responder_that_never_answers_leaves_nobody_knowing() {
    let server = Server::start("nats");
    let mut silent = BufReader::new(TcpStream::connect(address(&server)).await.unwrap());
    let hello = "CONNECT {\"verbose\":false,\"auth_token\":\"natstoken\"}\r\nSUB silent 1\r\nPING\r\n";
    silent.write_all(hello.as_bytes()).await.unwrap();
    let mut line = String::new();
    while !line.starts_with("PONG") {
        line.clear();
        silent.read_line(&mut line).await.unwrap();
    }
    let text = lost(Asker::token(&server).within("silent", "do it", 3_000).await);
    assert!(text.contains("no answer within 3000 ms"), "{text}");
    line.clear();
    silent.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("MSG silent 1 "), "and yet it was asked: {line}");
}

#[tokio::test]
async fn a_reply_cut_off_leaves_nobody_knowing_and_is_not_asked_for_again() {
    let server = Server::start("nats");
    let mut ops = Asker::token(&server);
    let proxy = Proxy::cutting_after(address(&server), b"2099-01-01").await;
    ops.ask.address.clone_from(&proxy.address);
    lost(ops.asks(PAUSE, r#"{"pause_until":"2099-01-01T00:00:00Z"}"#).await);
    let info = json(Asker::token(&server).asks(INFO, "").await);
    assert_eq!(info["paused"], true, "it has happened: {info}");
    let again: Vec<_> = proxy.heard().into_iter().skip(1).filter(|said| !said.is_empty()).collect();
    assert_eq!(again, Vec::<String>::new(), "nobody introduces himself a second time");
}

#[tokio::test]
async fn a_server_that_never_greets_is_given_up_after_two_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start("nats");
    let mut ops = Asker::token(&server);
    ops.ask.address = listener.local_addr().unwrap().to_string();
    let began = std::time::Instant::now();
    not_sent(ops.within(PAUSE, "{}", 10_000).await);
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_certificate_is_believed_only_when_vouched_for() {
    let server = ruled(|folder| {
        certify(folder, "IP:127.0.0.1", 2099);
        let here = folder.display();
        format!("tls {{ cert_file: \"{here}/cert.pem\", key_file: \"{here}/key.pem\" }}")
    });
    let mut ops = Asker::token(&server);
    (ops.ask.auth, ops.ask.tls) = (None, true);
    let text = refused(ops.asks("nobody.listens", "").await);
    assert!(text.contains("certificate"), "{text}");
    ops.ask.ca_file = Some(server.data().join("nats/cert.pem"));
    assert_eq!(ops.asks("nobody.listens", "").await, Ok(Answer::Nats(NatsReply::NoResponders)));
}

/// Letters of base64 as addresses take them, without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| (byte >> i) & 1)).collect();
    let letter = |six: &[u8]| six.iter().chain([0; 5].iter()).take(6).fold(0_usize, |n, bit| n * 2 + usize::from(*bit));
    bits.chunks(6).map(|six| char::from(LETTERS[letter(six)])).collect()
}

/// What `by` says about `of`, signed.
fn jwt(by: &KeyPair, of: &KeyPair, says: &serde_json::Value) -> String {
    let head = base64(br#"{"typ":"JWT","alg":"ed25519-nkey"}"#);
    let claims = serde_json::json!({
        "jti": of.public_key(), "iat": 1_700_000_000, "iss": by.public_key(), "sub": of.public_key(), "nats": says,
    });
    let claimed = format!("{head}.{}", base64(claims.to_string().as_bytes()));
    let signature = base64(&by.sign(claimed.as_bytes()).unwrap());
    format!("{claimed}.{signature}")
}

/// The configuration of a server whose operator vouches for an account, and the credentials of a user of it.
fn vouched_for() -> (String, String) {
    let (operator, account, user) = (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_user());
    let operator_says = serde_json::json!({ "type": "operator", "version": 2 });
    let limits = serde_json::json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
    });
    let account_says = serde_json::json!({ "type": "account", "version": 2, "limits": limits });
    let user_says = serde_json::json!({ "type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1 });
    let config = format!(
        "operator: {}\nresolver: MEMORY\nresolver_preload: {{ {}: {} }}",
        jwt(&operator, &operator, &operator_says),
        account.public_key(),
        jwt(&operator, &account, &account_says),
    );
    let creds = format!(
        "-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n************************* IMPORTANT \
         *************************\nNKEY Seed printed below can be used to sign and prove identity.\n\n\
         -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
        jwt(&account, &user, &user_says),
        user.seed().unwrap(),
    );
    (config, creds)
}

#[tokio::test]
async fn a_credentials_file_is_believed_only_by_the_server_that_gave_it() {
    let (config, creds) = vouched_for();
    let (_, foreign) = vouched_for();
    let server = ruled(|_| config);
    let known = Asker::new(&server, &creds, NatsAuth::Creds);
    assert_eq!(known.asks("nobody.listens", "").await, Ok(Answer::Nats(NatsReply::NoResponders)));
    let text = refused(Asker::new(&server, &foreign, NatsAuth::Creds).asks("nobody.listens", "").await);
    assert!(text.contains("authorization violation"), "{text}");
    let torn = creds.split("------END").next().unwrap();
    let text = not_sent(Asker::new(&server, torn, NatsAuth::Creds).asks("nobody.listens", "").await);
    assert!(text.contains("is no credentials file of NATS"), "{text}");
}
