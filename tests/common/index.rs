//! An index of what is promised and of the tests that show it, which cannot name a test that does not exist.

use std::{fs, path::Path};

/// A promise, its number first, and the tests that show it.
pub type Shown = (&'static str, &'static [&'static str]);

/// Every number up to `last` has a promise, and every test that is named exists.
pub fn is_kept(index: &[Shown], last: usize) {
    let mut all = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&root.join("src"), &mut all);
    sources(&root.join("tests"), &mut all);
    let named = index.iter().flat_map(|(promise, tests)| tests.iter().map(move |test| (promise, test)));
    let missing: Vec<_> = named.filter(|(_, test)| !all.contains(&format!("fn {test}("))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    for number in 1..=last {
        let begins = |text: &str| text.split(' ').next() == Some(number.to_string().as_str());
        assert!(index.iter().any(|(promise, _)| begins(promise)), "nothing shows {number}");
    }
}

fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push_str(&fs::read_to_string(path).expect("a text"));
        }
    }
}
