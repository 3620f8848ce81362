//! A change of a file as a line: the previous content kept once, the new one in place in one rename.

use super::path_word;
use crate::kind::FileAsk;
use crate::text::shell_word;

/// Nothing but a plain file may stand at `$1`: no link is followed, and no pipe is waited on.
const PLAIN: &str = r#"umask 022; test ! -L "$1" && { test -f "$1" || test ! -e "$1"; }"#;

/// Keeps what is in `$1` as `$2`, or that nothing is there, never over what is kept already.
const KEEP: &str = r#"{ test -e "$2" || test -e "$2.absent" || if test -e "$1"; then cp -p "$1" "$2.part" && mv -f "$2.part" "$2"; else : >"$2.absent"; fi; }"#;

/// A file beside `$1`, with its rights and its owner where there is one.
const BESIDE: &str = r#"rm -f "$2.new" && { test ! -e "$1" || cp -p "$1" "$2.new"; }"#;

/// Puts it where `$1` is.
const RENAME: &str = r#"mv -f "$2.new" "$1""#;

/// The line. What it does is the same each time and stands first; what it does it to are words behind it.
pub(super) fn line(ask: &FileAsk) -> String {
    match ask {
        FileAsk::Read { path } => format!("cat {}", path_word(path)),
        FileAsk::Tail { path, bytes_max } => format!("tail -c {bytes_max} {}", path_word(path)),
        FileAsk::Write { path, content, keep } => {
            let script = format!(r#"{PLAIN} && {KEEP} && {BESIDE} && printf %s "$3" >"$2.new" && {RENAME}"#);
            format!("sh -c '{script}' write {} {} {}", path_word(path), path_word(keep), shell_word(content))
        }
        FileAsk::Restore { path, keep } => {
            let back = format!(r#"{BESIDE} && cat "$2" >"$2.new" && {RENAME}"#);
            let script =
                format!(r#"{PLAIN} && if test -e "$2"; then {back}; else test -e "$2.absent" && rm -f "$1"; fi"#);
            format!("sh -c '{script}' restore {} {}", path_word(path), path_word(keep))
        }
    }
}
