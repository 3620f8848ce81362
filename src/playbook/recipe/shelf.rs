//! The recipes that come with goaround.

use super::Recipe;
use std::sync::LazyLock;

macro_rules! shelf {
    ($($name:literal),+ $(,)?) => {
        /// Name and text of each.
        const TEXTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../recipes/", $name, ".toml")))),+];
    };
}

// In the order of `goaround recipes`.
shelf![
    "haproxy.map",
    "nginx.symlink-reload",
    "caddy.upstream",
    "envoy.runtime",
    "kubernetes.service-selector",
    "argo-rollouts.undo",
    "helm.rollback",
    "dns.rfc2136",
    "redisearch.alias",
    "qdrant.alias",
    "elasticsearch.alias",
    "opensearch.alias",
    "postgres.view",
    "kv.pointer",
    "kv.pointer-etcd",
    "unleash.flag-off",
    "launchdarkly.flag-off",
    "flagsmith.flag-off",
    "flag-file.off",
    "env-file.set",
    "redis.acl-no-write",
    "nats.consumer-pause",
    "postgres.revoke-write",
    "rabbitmq.policy-reject",
    "kubernetes.scale-zero",
    "redis.namespace",
    "haproxy.limit-map",
    "envoy.runtime-throttle",
    "nginx.limit",
    "git.checkout",
    "compose.restart",
    "supervisor.restart",
    "rsync.restore",
    "postgres.restore",
    "mongo.restore",
    "slack.webhook",
    "pagerduty.events-v2",
    "statuspage.incident",
    "statuspage.update",
    "grafana.annotation",
    "webhook",
];

static SHELF: LazyLock<Vec<(&str, Recipe)>> = LazyLock::new(|| {
    let read = |text: &str| toml::from_str(text).expect("a test reads every recipe of ours");
    TEXTS.iter().map(|(name, text)| (*name, read(text))).collect()
});

/// How to write one: a text for people.
pub const GUIDE: &str = include_str!("guide.md");

/// Every recipe that comes with goaround, by name.
pub fn recipes() -> impl Iterator<Item = (&'static str, &'static Recipe)> {
    SHELF.iter().map(|(name, recipe)| (*name, recipe))
}

/// The recipe of this name that comes with goaround.
pub fn recipe(name: &str) -> Option<&'static Recipe> {
    recipes().find(|(known, _)| *known == name).map(|(_, recipe)| recipe)
}
