//! Caches: old answers are put out of service by another namespace, never by deleting.

use super::alias::redis;
use super::harness::{is_not_sent, is_rejected};
use super::servers::Server;

#[tokio::test]
async fn redis_namespace_names_index_prompt_and_incident_and_deletes_nothing_real_servers() {
    let server = Server::start("redis");
    let rotate = |password: &str, key: &str, hash: &str| {
        let with = format!("redis = \"store\", key = \"{key}\", index_hash = \"{hash}\", prompt_ver = \"v7\"");
        let lever = format!("use = \"redis.namespace\"\nwith = {{ {with} }}");
        redis(&server, "REDIS_PORT", "user = \"cockpit\", ", password, &lever)
    };
    let mut flight = rotate("redispass", "cache:ns", "9f2c");
    let old = flight.shows("lever-now").await;
    flight.flies_there_and_back().await;
    assert_eq!(flight.shows("lever-now").await, old);
    flight.applies_and_agrees().await;
    assert_eq!(flight.shows("lever-now").await, "9f2c:v7:20260101-030000-docs");
    assert!(!flight.may_be_pulled().await, "it is rotated already");

    // Somebody else rotates it between the pull and its undo: theirs stays.
    rotate("redispass", "cache:ns", "77aa").applies_and_agrees().await;
    is_rejected(&flight.take_back().await, "answered 0");
    assert_eq!(flight.shows("lever-now").await, "77aa:v7:20260101-030000-docs");

    let mut nothing = rotate("redispass", "cache:sn", "9f2c");
    assert!(!nothing.may_be_pulled().await);
    is_rejected(&nothing.pull().await, "answered 0");
    is_rejected(&rotate("not the password", "cache:ns", "9f2c").pull().await, "WRONGPASS");
    server.down("redis");
    is_not_sent(&flight.pull().await);
}
