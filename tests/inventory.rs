//! Whether every item of the source documents is covered: by a playbook's `covers`, or by code that cites it.

use regex::Regex;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const INVENTORY: &str = "fixtures/inventory.toml";
/// How many items each source has; the letter says which source.
const SOURCES: [(&str, u32); 5] = [("A", 82), ("B", 37), ("C", 46), ("D", 41), ("E", 83)];

/// The inventory as written.
#[derive(Deserialize)]
struct Inventory {
    format: u64,
    #[serde(flatten)]
    sources: BTreeMap<String, BTreeMap<String, Row>>,
}

/// One item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    words: String,
    /// Why nothing covers it.
    reason: Option<String>,
}

fn text() -> String {
    fs::read_to_string(INVENTORY).expect("the inventory")
}

/// Every row by its id.
fn rows() -> BTreeMap<String, Row> {
    let inventory: Inventory = toml::from_str(&text()).expect("the inventory is TOML of its shape");
    assert_eq!(inventory.format, 1);
    let sources = inventory.sources.into_iter();
    sources
        .flat_map(|(letter, rows)| {
            assert!(rows.keys().all(|id| id.starts_with(&letter)), "[{letter}] holds items of another source");
            rows
        })
        .collect()
}

/// Every item that something covers, with the file that says so.
fn covered() -> BTreeMap<String, PathBuf> {
    let mut covered = BTreeMap::new();
    for path in files(Path::new("fixtures/playbooks"), "toml") {
        let table: toml::Value = toml::from_str(&fs::read_to_string(&path).expect("a text")).expect("it is TOML");
        let mut items = BTreeSet::new();
        gather(&table, &mut items);
        covered.extend(items.into_iter().map(|item| (item, path.clone())));
    }
    for path in files(Path::new("src"), "rs") {
        let is_test = path.iter().any(|part| part == "tests" || part == "tests.rs");
        if !is_test {
            let items = cited(&fs::read_to_string(&path).expect("a text"));
            covered.extend(items.into_iter().map(|item| (item, path.clone())));
        }
    }
    covered
}

/// The items that the tables of a playbook say they cover.
fn gather(value: &toml::Value, items: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match value.as_array().filter(|_| key == "covers") {
                    Some(covers) => items.extend(covers.iter().filter_map(|item| Some(item.as_str()?.to_owned()))),
                    None => gather(value, items),
                }
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| gather(value, items)),
        _ => {}
    }
}

/// The items that code cites: `seed 003, D19` and `seed 002, C5–C10 and C20`.
fn cited(code: &str) -> BTreeSet<String> {
    let source = Regex::new(r"seed 00([0-4]), ([A-E][0-9]+(?:(?:–|, | and )[A-E][0-9]+)*)").expect("a pattern");
    let part = Regex::new(r"([A-E])([0-9]+)(?:–[A-E]([0-9]+))?").expect("a pattern");
    let mut items = BTreeSet::new();
    for found in source.captures_iter(code) {
        let place: usize = found[1].parse().expect("a digit");
        for range in part.captures_iter(&found[2]) {
            assert_eq!(&range[1], SOURCES[place].0, "{} is no item of that source", &found[0]);
            let from: u32 = range[2].parse().expect("a number");
            let to = range.get(3).map_or(from, |to| to.as_str().parse().expect("a number"));
            items.extend((from..=to).map(|number| format!("{}{number}", &range[1])));
        }
    }
    items
}

/// The files below `folder` that end like this.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Takes `not yet` out of the rows that are covered now.
fn rewrite(covered: &BTreeMap<String, PathBuf>) {
    let is_covered = |line: &str| line.split_once(" = ").is_some_and(|(id, _)| covered.contains_key(id));
    let mend = |line: &str| if is_covered(line) { line.replace(", reason = \"not yet\"", "") } else { line.to_owned() };
    let mended: Vec<String> = text().lines().map(mend).collect();
    fs::write(INVENTORY, mended.join("\n") + "\n").expect("the inventory can be written");
}

#[test]
fn the_inventory_holds_every_item_of_every_source_once() {
    let rows = rows();
    let wanted: BTreeSet<String> =
        SOURCES.iter().flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}"))).collect();
    assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), wanted);
    for (id, row) in &rows {
        assert!(row.words.len() > 1 && row.words.trim() == row.words, "{id} has no words");
        assert!(row.reason.as_ref().is_none_or(|reason| reason.len() > 5), "{id} has no reason");
    }
}

#[test]
fn every_item_is_covered_or_says_why_not() {
    let covered = covered();
    if std::env::var_os("UPDATE").is_some() {
        rewrite(&covered);
    }
    let (rows, mut wrong) = (rows(), String::new());
    for (id, path) in covered.iter().filter(|(id, _)| !rows.contains_key(*id)) {
        writeln!(wrong, "{id} is cited in {} and is no item", path.display()).expect("a string takes every write");
    }
    for (id, row) in &rows {
        match (covered.get(id), &row.reason) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            (None, None) => writeln!(wrong, "{id} is covered by nothing and gives no reason: {}", row.words),
            (Some(path), Some(reason)) => {
                writeln!(wrong, "{id} is covered in {}, and its reason still says `{reason}`", path.display())
            }
        }
        .expect("a string takes every write");
    }
    let open = rows.values().filter(|row| row.reason.as_deref() == Some("not yet")).count();
    println!("{open} of {} items are not covered yet", rows.len());
    assert!(
        wrong.is_empty(),
        "{wrong}`covers` of a playbook or `seed 000, A1` in code; UPDATE=1 takes old reasons out"
    );
}

#[test]
fn citations_are_read_as_people_write_them() {
    let items = |code: &str| cited(code).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(items("/// The warning (seed 003, D19)."), "D19");
    assert_eq!(items("(seed 002, C5–C7 and C20, C9); seed 000, A1"), "A1 C20 C5 C6 C7 C9");
    assert_eq!(items("seed 003 says nothing, A4 neither"), "");
}
