//! `goaround init`: a playbook of ours, written out to be edited.

use super::{Outcome, Verdict, bad};
use crate::app::printer::say;
use crate::playbook::{self, embedded, embedded_names};
use crate::text::nearest;
use clap::Args;
use color_eyre::eyre::WrapErr;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The playbook to begin with; without it they are listed
    name: Option<String>,
    /// The file to write, which must not exist [default: NAME.toml]
    file: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Some(name) = &arguments.name else {
        for name in embedded_names() {
            say(format_args!("{name:12} {}", title_of(name)));
        }
        say("`goaround init NAME [FILE]` writes one to edit; then `goaround check FILE`");
        return Ok(Verdict::Yes);
    };
    let Some(text) = embedded(name) else {
        let meant = nearest(name, embedded_names());
        let hint =
            meant.map_or_else(|| "`goaround init` lists them".into(), |meant| format!("did you mean `{meant}`?"));
        return bad(format!("there is no playbook `{name}`; {hint}"));
    };
    let path = arguments.file.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.toml")));
    let shown = path.display();
    let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return bad(format!(
                "{shown} is there already and was left alone; name another: goaround init {name} FILE"
            ));
        }
        Err(error) => return bad(format!("{shown} cannot be made: {error}")),
    };
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.wrap_err_with(|| format!("{shown} cannot be written"))?;
    say(format_args!("{shown}: edit it, then goaround check {shown}"));
    Ok(Verdict::Yes)
}

/// What one of ours is, in one line.
fn title_of(name: &str) -> String {
    let parsed = embedded(name).and_then(|text| playbook::Playbook::parse(name, text, None).ok());
    parsed.map(|playbook| playbook.title).unwrap_or_default()
}
