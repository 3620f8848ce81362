//! Everything that can be opened or armed, by name. What fires, sends or speaks for a person is not among it.

use super::facts;
use super::item::{Item, List};
use super::keymap::{Act, Bound, Keymap, LeverAct, Place};
use super::panel::Panel;
use super::scene::Scene;
use super::typed::Typed;
use crate::playbook::Id;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The palette: what was typed, and what is selected; `None` follows the best match.
#[derive(Clone, Debug, Default)]
pub(super) struct Palette {
    pub(super) typed: Typed,
    pub(super) chosen: Option<Target>,
}

/// What a row leads to, whatever place it has.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// What a key does where one is.
    Act(Act),
    Panel(Panel),
    Item(Item),
    /// The undo of a lever.
    Undo(Id),
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) target: Target,
    pub(super) label: String,
    /// The keys that do the same.
    pub(super) keys: String,
    /// What it does, where its name does not say so.
    pub(super) note: &'static str,
}

const ARMS: &str = "arms, does not fire";

/// Every row there is where these places hold, the inner first.
pub(super) fn entries(keymap: &Keymap, places: &[Place], scene: &Scene) -> Vec<Entry> {
    let mut entries = acts(keymap, places, scene);
    entries.extend(panels());
    entries.extend(items(keymap, scene));
    entries
}

/// The rows that fit what was typed, best first; of equals in the order of the table.
pub(super) fn matching(entries: Vec<Entry>, words: &str) -> Vec<Entry> {
    let pattern = Pattern::new(words, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    let mut matcher = Matcher::new(config);
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, Entry)> = entries
        .into_iter()
        .filter_map(|entry| {
            let score = pattern.score(Utf32Str::new(&entry.label, &mut buffer), &mut matcher)?;
            Some((score, entry))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

impl Palette {
    /// The row that Enter takes: the one selected, while it still fits, or the best.
    pub(super) fn place(&self, rows: &[Entry]) -> usize {
        rows.iter().position(|row| self.chosen.as_ref() == Some(&row.target)).unwrap_or(0)
    }
}

/// What keys do where one is; the inner place first.
fn acts(keymap: &Keymap, places: &[Place], scene: &Scene) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for bound in places.iter().flat_map(|place| keymap.of(*place)).filter(|bound| is_offered(bound)) {
        let target = Target::Act(bound.binding.act);
        if entries.iter().all(|entry| entry.target != target) {
            let label = facts::help(scene, bound.binding);
            entries.push(Entry { target, label, keys: bound.shown.to_string(), note: "" });
        }
    }
    entries
}

/// Whether a key's act has a row: moving about needs none, and what takes a number has a row for each number.
fn is_offered(bound: &Bound) -> bool {
    let act = bound.binding.act;
    let own = matches!(act, Act::Palette | Act::Interrupt | Act::Back);
    !act.walks() && !own && !act.reaches_out() && !bound.is_numbered()
}

fn panels() -> impl Iterator<Item = Entry> {
    (1..).zip(Panel::ALL).map(|(number, panel)| Entry {
        target: Target::Panel(panel),
        label: format!("{} panel", panel.word()),
        keys: format!("{number}"),
        note: "",
    })
}

/// Everything in the playbook that has a view or is armed.
fn items(keymap: &Keymap, scene: &Scene) -> Vec<Entry> {
    let playbook = &scene.playbook;
    let key = |act: Act| keymap.key(Place::Main, act).to_owned();
    let entry = |target, label: String, keys, note| Entry { target, label, keys, note };
    let undo = |place: Place| keymap.key(place, Act::Lever(LeverAct::PayDebt));
    let (levers, open) = (key(Act::Levers), key(Act::Open));
    let mut entries = Vec::new();
    for (id, lever) in &playbook.levers {
        let number = facts::lever_number(scene, id);
        let target = Target::Item(Item::Lever(id.clone()));
        entries.push(entry(target, format!("{} (lever {number})", lever.title), format!("{levers} {number}"), ARMS));
        if lever.undo.is_some() {
            let label = format!("undo {} (lever {number})", lever.title);
            entries.push(entry(Target::Undo(id.clone()), label, format!("{levers} {}", undo(Place::Levers)), ARMS));
        }
    }
    for (id, debt) in &playbook.debts {
        let keys = format!("{} {}", key(Act::Debts), undo(Place::Debts));
        entries.push(entry(Target::Item(Item::Debt(id.clone())), format!("{} (debt)", debt.title), keys, ARMS));
    }
    let simple = [
        (List::Steps, "step", format!("2 {open}")),
        (List::Comms, "message", key(Act::Comms)),
        (List::Symptoms, "symptom", key(Act::List(super::Catalogue::Symptoms))),
    ];
    for (list, word, keys) in simple {
        let row =
            |item: Item| entry(Target::Item(item.clone()), format!("{} ({word})", item.title(scene)), keys.clone(), "");
        entries.extend(list.items(scene).into_iter().map(row));
    }
    // Each metric, not each row: of a group every one can be opened.
    let metrics = playbook.metrics.values();
    entries.extend(metrics.map(|metric| {
        let target = Target::Item(Item::Metric(metric.id.clone()));
        entry(target, format!("{} (metric)", metric.title), format!("1 {open}"), "")
    }));
    entries
}
