//! The same scenario and seed give the same bytes in every file; another seed does not.

#[path = "common/directory.rs"]
mod directory;

use directory::{drill, goaround};
use goaround::drill::Scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many seeds are flown.
const SEEDS: u64 = 12;

/// Every file of a drill that was flown and reported on.
fn flown(seed: u64, more: &[&str]) -> BTreeMap<PathBuf, Vec<u8>> {
    let incidents = tempfile::tempdir().expect("a temporary folder");
    let directory = drill(incidents.path(), seed, more);
    let reported =
        goaround().arg("report").arg(&directory).args(["--format", "md,html"]).output().expect("the program runs");
    assert!(reported.status.success(), "{}", String::from_utf8_lossy(&reported.stderr));
    files(&directory)
}

/// Every file below a directory, by its path in it.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(directory).expect("it lies below").to_owned();
                files.insert(name, std::fs::read(&path).expect("a file can be read"));
            }
        }
    }
    files
}

/// Names the first file that is not the same in both, instead of printing all of them.
fn assert_same(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) {
    let (names, others): (Vec<_>, Vec<_>) = (one.keys().collect(), other.keys().collect());
    assert_eq!(names, others);
    for (name, bytes) in one {
        assert!(other[name] == *bytes, "{} is not the same in both", name.display());
    }
}

#[test]
fn a_seed_gives_the_same_bytes_twice_and_another_seed_gives_others() {
    let mut journals = BTreeSet::new();
    for seed in 1..=SEEDS {
        let once = flown(seed, &[]);
        assert_same(&once, &flown(seed, &[]));
        assert!(journals.insert(once[Path::new("journal.jsonl")].clone()), "seed {seed} flew as another did");
    }
}

/// Nothing here is about the disk: in memory no flight waits for its syncs.
fn incidents() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a temporary folder")
}

#[test]
fn every_scenario_gives_the_same_bytes_twice_flown_right_and_wrong() {
    for id in Scenario::ids() {
        let left = |more: &[&str]| {
            let incidents = incidents();
            let mut command = goaround();
            command.args(["drill", id, "--auto", "--incidents"]).arg(incidents.path()).args(more);
            let said = command.output().expect("the program runs").stdout;
            let said = String::from_utf8(said).expect("text");
            files(Path::new(said.lines().last().expect("the directory is the last line")))
        };
        let scenario = Scenario::parse(id, Scenario::embedded(id).expect("it is embedded")).expect("it parses");
        // One mistake of each: what it does is in `scenarios.rs`, here it only has to do it again.
        let mistake = scenario.pitfalls().map(|(pitfall, _)| pitfall.to_string()).next().expect("a pitfall");
        assert_same(&left(&["--seed", "7"]), &left(&["--seed", "7"]));
        assert_same(&left(&["--mistake", &mistake]), &left(&["--mistake", &mistake]));
    }
}

#[test]
fn pace_decides_nothing() {
    assert_same(&flown(3, &[]), &flown(3, &["--speed", "1000"]));
}

#[test]
fn a_drill_leaves_everything_that_a_review_needs() {
    let names: Vec<_> = flown(1, &[]).into_keys().collect();
    let has = |start: &str| names.iter().any(|name| name.to_string_lossy().starts_with(start));
    for name in ["journal.jsonl", "playbook.toml", "samples.jsonl", "report.md", "report.html", "evidence/"] {
        assert!(has(name), "{name} is missing from {names:?}");
    }
}

#[test]
fn another_seed_is_another_noise() {
    let samples = |seed| flown(seed, &[]).remove(Path::new("samples.jsonl")).expect("samples are kept");
    assert!(samples(1) != samples(2), "the noise does not follow the seed");
}
