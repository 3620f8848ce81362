//! Claims about playbooks: what is accepted, what is refused, and where exactly the finger points.

mod bad;
mod branches;
mod clocks;
mod each;
mod far;
mod limits;
mod lists;
mod whole;

use super::*;

/// The playbook that the other tests break.
const FIXTURE: &str = include_str!("../../../fixtures/playbooks/docs-rag.toml");

/// A small playbook with one of everything.
const SMALL: &str = include_str!("small.toml");

/// The flaws of a text; none when it is sound.
fn flaws(text: &str) -> Vec<Flaw> {
    Playbook::parse("test.toml", text, None).err().unwrap_or_default()
}
