//! How a command's error is told: what the world refused in one line, and only a bug of ours as a report.

use super::{Bad, Verdict};
use crate::app::printer::complain;
use color_eyre::Report;
use color_eyre::config::{HookBuilder, Theme};
use std::io::{self, ErrorKind, IsTerminal, stderr};

/// What helps where the world says no.
const ADVICE: [(ErrorKind, &str); 7] = [
    (ErrorKind::PermissionDenied, "do it as its owner, or on a copy of the directory that is yours"),
    (ErrorKind::ReadOnlyFilesystem, "copy the directory to where you may write, and name the copy"),
    (ErrorKind::NotFound, "make the folder first, or name one that is there"),
    (ErrorKind::NotADirectory, "make the folder first, or name one that is there"),
    (ErrorKind::IsADirectory, "a folder stands in its place: move that away, or name another file"),
    (ErrorKind::StorageFull, "make room on the disk, then do it again"),
    (ErrorKind::QuotaExceeded, "make room on the disk, then do it again"),
];

/// Sets how a bug of ours is reported; in colours only where a person looks.
pub(super) fn install() {
    let theme = if stderr().is_terminal() { Theme::dark() } else { Theme::new() };
    // Without the hook a panic still prints its message; the reports are only prettier with it.
    drop(HookBuilder::default().theme(theme).display_env_section(false).install());
}

/// One sentence on standard error; the whole report only of a bug, for who asks for it.
pub(super) fn explain(error: &Report) -> Verdict {
    if error.downcast_ref::<Bad>().is_some() {
        complain(format_args!("goaround: {error:#}"));
        return Verdict::BadInput;
    }
    if let Some(refused) = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()) {
        complain(format_args!("goaround: {}", sentence(error, refused)));
        return Verdict::BadInput;
    }
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
        complain(format_args!("{error:?}"));
    } else {
        complain(format_args!("goaround: {error:#}"));
    }
    Verdict::No
}

/// What was tried, what the system said, and what helps.
fn sentence(error: &Report, refused: &io::Error) -> String {
    let (tried, said) = (error.to_string(), refused.to_string());
    if tried.contains(&said) { tried.replace(&said, &why(refused)) } else { format!("{tried}: {}", why(refused)) }
}

/// What the system said, and what helps.
pub(super) fn why(refused: &io::Error) -> String {
    let kind = refused.kind();
    // Where it was written by way of another name, the system's own words would name that one.
    let foreign = refused.get_ref().is_some() && kind != ErrorKind::Other;
    let said = if foreign { kind.to_string() } else { refused.to_string() };
    match ADVICE.iter().find(|(of, _)| *of == kind) {
        Some((_, advice)) => format!("{said}; {advice}"),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use color_eyre::eyre::WrapErr;

    fn told(error: io::Error) -> String {
        let report = Err::<(), _>(error).wrap_err("inc/report.md cannot be written").expect_err("it is one");
        let refused = report.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).expect("it is in the chain");
        sentence(&report, refused)
    }

    #[test]
    fn what_the_system_said_is_told_without_a_name_that_nobody_typed() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = tempfile::NamedTempFile::new_in(folder.path().join("none")).expect_err("there is no folder");
        assert_eq!(
            told(made),
            "inc/report.md cannot be written: entity not found; make the folder first, or name one that is there"
        );
        let refused = io::Error::from_raw_os_error(13);
        assert_eq!(
            told(refused),
            "inc/report.md cannot be written: Permission denied (os error 13); do it as its owner, or on a copy of the directory that is yours"
        );
        assert_eq!(told(io::Error::other("odd")), "inc/report.md cannot be written: odd");
    }
}
