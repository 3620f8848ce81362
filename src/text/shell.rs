//! An argument as a POSIX shell is told it, so that the shell hands over exactly these characters.

/// `arg` as one word of a POSIX shell: bare where that is plain to see, else between single quotes, in which nothing acts.
pub fn shell_word(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@%,".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) { arg.to_owned() } else { format!("'{}'", arg.replace('\'', r"'\''")) }
}
