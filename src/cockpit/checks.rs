//! What is looked for in the words of a message before it leaves. It warns, or asks once more, and keeps nobody from
//! sending.

use super::scene::Scene;
use super::theme::Token;
use crate::incident::blanks_in;
use crate::playbook::{Comm, MessageStage};
use core::net::IpAddr;
use std::collections::BTreeSet;

/// Endings of names that mean nothing outside.
const INSIDE: [&str; 6] = [".internal", ".local", ".lan", ".svc", ".cluster.local", ".corp"];
/// How far behind `next update` its time is looked for, in characters.
const WITHIN: usize = 60;

/// One thing looked for.
#[derive(Debug, PartialEq)]
pub(super) struct Check {
    pub(super) weight: Weight,
    /// What was found, in words.
    pub(super) words: String,
}

/// How much what was found stands against sending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Weight {
    /// Nothing was found.
    Good,
    /// It is worth a look.
    Warns,
    /// It is asked about once more before the message leaves.
    Asks,
}

impl Check {
    pub(super) fn glyph(&self) -> (&'static str, Token) {
        match self.weight {
            Weight::Good => ("+", Token::Ok),
            Weight::Warns => ("!", Token::Warn),
            Weight::Asks => ("X", Token::Breach),
        }
    }
}

/// Everything looked for in `words`.
pub(super) fn of(scene: &Scene, comm: &Comm, words: &str) -> Vec<Check> {
    // What is asked about comes first, then what cannot be taken back: a line has not always room for all.
    let mut checks = vec![blanks(words)];
    if comm.public {
        let known = scene.playbook.backends.values().flat_map(crate::kind::BackendConfig::hosts).collect();
        checks.push(hostnames(words, &known));
    }
    if comm.stage != Some(MessageStage::Resolved) {
        checks.push(next_update(words));
    }
    checks
}

/// The blanks a person has left open, by name.
fn blanks(words: &str) -> Check {
    let open: Vec<&str> = blanks_in(words).map(|blank| &words[blank]).collect();
    let words = match open.len() {
        0 => return Check { weight: Weight::Good, words: "no blank is left open".into() },
        1 => format!("1 blank: {}", open[0]),
        more => format!("{more} blanks: {}", open.join(" ")),
    };
    Check { weight: Weight::Asks, words }
}

/// Whether people are told when they will hear more.
fn next_update(words: &str) -> Check {
    let lower = words.to_lowercase();
    let mut behind = lower.split("next update").skip(1);
    let good = behind.any(|rest| rest.chars().take(WITHIN).any(|c| c.is_ascii_digit()));
    Check { weight: weight(good), words: if good { "next update set" } else { "no next update" }.into() }
}

fn weight(good: bool) -> Weight {
    if good { Weight::Good } else { Weight::Warns }
}

/// What is inside and should not be read outside: addresses, names that mean nothing there, and the hosts of the
/// playbook's backends.
fn hostnames(words: &str, known: &BTreeSet<String>) -> Check {
    let parts = words.split(|c: char| c.is_whitespace() || ",;()<>\"'[]/@`=".contains(c));
    let mut names = parts
        .map(|part| part.trim_start_matches('.').trim_end_matches(['.', ':', '!', '?']))
        .filter(|part| !part.is_empty());
    match names.find(|name| is_inside(name, known)) {
        None => Check { weight: Weight::Good, words: "no hostnames".into() },
        Some(name) => Check { weight: Weight::Warns, words: format!("hostname {name}") },
    }
}

fn is_inside(name: &str, known: &BTreeSet<String>) -> bool {
    let lower = name.to_ascii_lowercase();
    let host = match lower.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) | None => lower.as_str(),
    };
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    // A word of one label is a name only where the playbook says so: `cache` may be both.
    let is_known = known.contains(host) && (host.contains('.') || host.contains('-') || host == "localhost");
    is_address(&lower) || is_address(host) || is_known || INSIDE.iter().any(|ending| host.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str) -> Option<String> {
        let known = ["prom-1", "edge.shop.example", "cache"].map(str::to_owned).into();
        let check = hostnames(words, &known);
        (check.weight != Weight::Good).then_some(check.words)
    }

    #[test]
    fn what_is_inside_is_found_wherever_it_stands() {
        for (words, name) in [
            ("Errors on 10.0.3.7.", "10.0.3.7"),
            ("see http://10.0.3.7:9090/graph", "10.0.3.7:9090"),
            ("(db.shop.internal)", "db.shop.internal"),
            ("ask prom-1, please", "prom-1"),
            ("at EDGE.shop.example!", "EDGE.shop.example"),
            ("peer ::1 is gone", "::1"),
        ] {
            assert_eq!(found(words), Some(format!("hostname {name}")), "{words}");
        }
    }

    #[test]
    fn ordinary_words_times_and_versions_are_none() {
        for words in ["Next update by 14:55 UTC.", "rolling back v42.1", "the cache is cold", "1.5 % of answers"] {
            assert_eq!(found(words), None, "{words}");
        }
    }

    #[test]
    fn a_next_update_needs_a_time() {
        let is_set = |words| next_update(words).weight == Weight::Good;
        assert!(is_set("Next update in 15 minutes."));
        assert!(is_set("we know little. NEXT UPDATE: 14:55 UTC"));
        assert!(!is_set("Next update soon."));
        assert!(!is_set("back at 14:55"));
    }
}
