//! An exchange as a person reads it before it leaves.

use super::{Address, Exchange, FileAsk, KubeAsk, KubeCluster, SqlAsk, SqlPurpose};
use crate::text::{Text, shell_word};

impl Exchange {
    /// What is asked, in one line without where it goes; `None` for what takes more than a line to say.
    pub fn brief(&self) -> Option<String> {
        match self {
            Exchange::Http(ask) => {
                let body = ask.body.as_ref().map_or_else(String::new, |body| format!(" {body}"));
                Some(format!("{} {}{body}", ask.method, ask.url))
            }
            Exchange::Line(ask) => Some(ask.line.clone()),
            Exchange::Redis(_) | Exchange::Exec(_) => self.lines().last().map(ToString::to_string),
            Exchange::HttpMany(_) | Exchange::Sql(_) | Exchange::Nats(_) | Exchange::Kube(_) | Exchange::File(_) => {
                None
            }
        }
    }

    /// The exact request for a person, a line each, secrets as references.
    pub fn lines(&self) -> Vec<Text> {
        let mut lines: Vec<String> = Vec::new();
        match self {
            Exchange::Http(ask) => {
                lines.push(format!("{} {}", ask.method, ask.url));
                lines.extend(ask.headers.iter().map(|(name, value)| format!("{name}: {value}")));
                lines.extend(ask.auth.iter().map(|_| "Authorization: [redacted]".to_owned()));
                lines.extend(ask.body.iter().flat_map(|body| body.lines()).map(str::to_owned));
            }
            Exchange::HttpMany(many) => {
                lines.push(format!("{} requests, {} at once", many.asks.len(), many.at_once));
                lines.extend(many.asks.iter().map(|ask| format!("{} {}", ask.method, ask.url)));
            }
            Exchange::Line(ask) => {
                lines.push(match &ask.address {
                    Address::Tcp(address) => format!("to {address}"),
                    Address::Unix(path) => format!("to {}", path.display()),
                });
                lines.push(ask.line.clone());
            }
            Exchange::Redis(ask) => {
                let user = ask.user.as_deref().unwrap_or("default");
                lines.push(format!("redis {} as {user}, database {}", ask.address, ask.db));
                lines.push(ask.args.iter().map(|arg| shell_word(arg)).collect::<Vec<_>>().join(" "));
            }
            Exchange::Sql(ask) => lines.extend(sql_lines(ask)),
            Exchange::Kube(ask) => lines.extend(kube_lines(ask)),
            Exchange::Nats(ask) => {
                lines.push(format!("nats {}, request {}", ask.address, ask.subject));
                lines.extend(ask.payload.lines().map(str::to_owned));
            }
            Exchange::Exec(ask) => {
                let argv = ask.argv.iter().map(|arg| shell_word(arg)).collect::<Vec<_>>().join(" ");
                lines.extend(argv.lines().chain(ask.stdin.iter().flat_map(|stdin| stdin.lines())).map(str::to_owned));
            }
            Exchange::File(FileAsk::Read { path }) => lines.push(format!("read {}", path.display())),
            Exchange::File(FileAsk::Tail { path, bytes_max }) => {
                lines.push(format!("read the last {bytes_max} bytes of {}", path.display()));
            }
            Exchange::File(FileAsk::Write { path, content, keep }) => {
                lines.push(format!("write {}", path.display()));
                lines.push(format!("keep what was there as {}", keep.display()));
                lines.extend(content.lines().map(str::to_owned));
            }
            Exchange::File(FileAsk::Restore { path, keep }) => {
                lines.push(format!("put {} back from {}", path.display(), keep.display()));
            }
        }
        lines.into_iter().map(Text::from).collect()
    }
}

/// A statement for a person: its text, its values, and under which conditions it is committed.
fn sql_lines(ask: &SqlAsk) -> Vec<String> {
    let mut lines = vec![format!("postgres {}, database {}, as {}", ask.address, ask.database, ask.user)];
    lines.extend(ask.text.lines().map(str::to_owned));
    lines.extend(ask.params.iter().enumerate().map(|(i, value)| format!("${} = {}", i + 1, shell_word(value))));
    match &ask.purpose {
        SqlPurpose::Read => {}
        SqlPurpose::Change { lock_timeout_ms, ok } => {
            lines.push(format!("given up after waiting {lock_timeout_ms} ms for a lock"));
            lines.extend(ok.iter().map(|ok| format!("committed only if it answers `{ok}`")));
        }
    }
    lines
}

/// What is asked of a Kubernetes cluster, a line each.
fn kube_lines(ask: &KubeAsk) -> Vec<String> {
    let mut lines = vec![match &ask.cluster {
        KubeCluster::Own => "to the cluster goaround runs in".to_owned(),
        KubeCluster::Context { name, .. } => format!("to the cluster of context {name}"),
    }];
    lines.extend(ask.server.iter().map(|server| format!("only at {server}")));
    lines.push(format!("{} {}", ask.method(), ask.path()));
    if let Some(merge) = &ask.merge {
        lines.extend(merge.lines().map(str::to_owned));
        lines.push("with the resourceVersion read just before".to_owned());
    }
    lines
}
