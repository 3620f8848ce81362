//! Which incident is meant: a path, the bare name that `goaround list` prints, or `last`.

use super::incidents::Incidents;
use crate::app::printer::complain;
use crate::journal::is_incident;
use crate::report::made;
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// The newest incident or drill of all.
const LAST: &str = "last";

/// Reads an argument that names an incident's directory.
pub(super) fn incident() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|typed: OsString| {
        let typed = PathBuf::from(typed);
        let meant = Incidents::from_environment().folder().ok().and_then(|folder| meant(&typed, &folder));
        if let Some(meant) = &meant {
            complain(format_args!("goaround: {} is {}", typed.display(), meant.display()));
        }
        meant.unwrap_or(typed)
    })
}

/// The incident of `folder` that a bare name means; none where it names something here, and that is meant then.
fn meant(typed: &Path, folder: &Path) -> Option<PathBuf> {
    let mut parts = typed.components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else { return None };
    if typed.symlink_metadata().is_ok() {
        return None;
    }
    let there = folder.join(name);
    if is_incident(&there) {
        return Some(there);
    }
    if typed == Path::new(LAST) { newest(folder) } else { None }
}

/// The directory that was made last, as its name says.
fn newest(folder: &Path) -> Option<PathBuf> {
    let names = std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let dated = names.filter_map(|name| Some((made(&name)?, name)));
    let newest = dated.filter(|(_, name)| is_incident(&folder.join(name))).max()?;
    Some(folder.join(newest.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with these directories, each with a journal.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in names {
            fs::create_dir(folder.path().join(name)).expect("a directory");
            fs::write(folder.path().join(name).join("journal.jsonl"), "").expect("a journal");
        }
        folder
    }

    #[test]
    fn a_bare_name_is_looked_for_in_the_folder_and_a_path_is_not() {
        let folder = folder(&["20261121-201639-docs-rag"]);
        let there = folder.path().join("20261121-201639-docs-rag");
        let found = |typed: &str| meant(Path::new(typed), folder.path());
        assert_eq!(found("20261121-201639-docs-rag"), Some(there.clone()));
        assert_eq!(found("20261121-201639-docs-rag/"), Some(there));
        for typed in ["./20261121-201639-docs-rag", "../x", "x/20261121-201639-docs-rag", "20261121", "", "/", ".."] {
            assert_eq!(found(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_stands_here_under_that_name_wins() {
        let folder = folder(&["src", "20261121-201639-docs-rag"]);
        assert!(Path::new("src").is_dir(), "tests run in the project's folder");
        assert_eq!(meant(Path::new("src"), folder.path()), None);
    }

    #[test]
    fn last_is_the_newest_by_its_name_unless_one_is_called_so() {
        let names =
            ["20261121-201639-docs-rag", "20261203-090000-drill-x", "20261002-235959-z", "zz-old", "29991231-x"];
        let one = folder(&names);
        fs::create_dir(one.path().join("20270101-000000-no-journal")).expect("a directory");
        assert_eq!(meant(Path::new("last"), one.path()), Some(one.path().join(names[1])));
        let called = folder(&["last", names[0]]);
        assert_eq!(meant(Path::new("last"), called.path()), Some(called.path().join("last")));
        assert_eq!(meant(Path::new("last"), folder(&[]).path()), None);
    }
}
