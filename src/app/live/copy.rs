//! What is copied goes to the terminal's clipboard and into a file: many a terminal has no clipboard, and none says so.

use super::screen::COPY_MAX;
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use tempfile::NamedTempFile;

/// What was copied, and where it is kept.
pub(in crate::app) struct Copies {
    file: Option<PathBuf>,
    told: Sender<String>,
    tell: Receiver<String>,
}

impl Copies {
    /// Copies that are kept in `file`; only on the terminal's clipboard, where there is none.
    pub(in crate::app) fn kept_in(file: Option<PathBuf>) -> Self {
        let (told, tell) = channel();
        Self { file, told, tell }
    }

    /// Writes `text` down beside the loop, which waits for no disk.
    pub(in crate::app) fn keep(&self, text: &str) {
        let (file, told, text) = (self.file.clone(), self.told.clone(), text.to_owned());
        std::thread::spawn(move || {
            let kept = file.as_deref().map(|file| (file.display().to_string(), write(file, &text)));
            // Nobody listens when the flight is over.
            drop(told.send(words(text.len(), kept)));
        });
    }

    /// What became of the last copy, once it is known.
    pub(in crate::app) fn news(&self) -> Option<String> {
        self.tell.try_iter().last()
    }
}

/// Where a text of this length went, and where it is kept.
fn words(length: usize, kept: Option<(String, Result<()>)>) -> String {
    let clipboard = length <= COPY_MAX;
    match (clipboard, kept) {
        (true, Some((file, Ok(())))) => format!("copied; no clipboard? it is in {file} as well"),
        (true, Some((file, Err(why)))) => format!("copied, to the clipboard alone: {file}: {why}"),
        (true, None) => "copied, to the clipboard alone".into(),
        (false, Some((file, Ok(())))) => format!("too long for a clipboard; copied to {file}"),
        (false, Some((file, Err(why)))) => format!("NOT copied: too long for a clipboard, and {file}: {why}"),
        (false, None) => "NOT copied: too long for a clipboard, and no folder for it is known; set HOME".into(),
    }
}

/// Only the owner may read it, at no time less than whole.
fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut new = NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    //! Claims about what is copied.

    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    fn said(copies: &Copies) -> String {
        copies.tell.recv_timeout(Duration::from_secs(60)).expect("every copy is told of")
    }

    #[test]
    fn a_copy_is_kept_for_its_owner_and_the_next_one_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/clipboard.txt");
        let copies = Copies::kept_in(Some(file.clone()));
        for text in ["kubectl scale --replicas=0", "short"] {
            copies.keep(text);
            assert!(said(&copies).ends_with(&format!("it is in {} as well", file.display())));
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(file.parent().unwrap().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_could_not_be_copied_is_said_to_be_not_copied() {
        let file = PathBuf::from("/proc/goaround/clipboard.txt");
        let copies = Copies::kept_in(Some(file));
        copies.keep("short");
        assert!(said(&copies).starts_with("copied, to the clipboard alone: /proc/goaround/clipboard.txt: "));
        copies.keep(&"x".repeat(COPY_MAX + 1));
        assert!(said(&copies).starts_with("NOT copied"));
    }
}
