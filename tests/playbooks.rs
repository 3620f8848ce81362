//! Claims about the playbooks and the schema that are shipped in `fixtures/playbooks`.

use goaround::{
    kind::{Call, Use, Vars},
    playbook::{Bind, Playbook, recipes, render, schema},
};
use std::process::Command;

#[test]
fn every_playbook_we_ship_is_sound_under_every_profile() {
    let folder = std::fs::read_dir("fixtures/playbooks").expect("the folder");
    let files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
    let playbooks = files.iter().filter(|path| path.extension().is_some_and(|end| end == "toml"));
    for path in playbooks {
        let (name, text) = (path.display().to_string(), std::fs::read_to_string(path).expect("a text"));
        let playbook =
            Playbook::parse(&name, &text, None).unwrap_or_else(|flaws| panic!("{}", render(&name, &text, &flaws)));
        // What it was written as, and behind that only the recipes it used.
        let kept = playbook.source.strip_prefix(text.trim_end()).expect("the flown playbook begins as it was written");
        assert!(kept.trim().is_empty() || kept.contains("[recipes."), "{kept}");
        let table: toml::Table = text.parse().expect("it is TOML");
        for profile in table.get("profiles").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys) {
            let flown = Playbook::parse(&name, &text, Some(profile)).map(|playbook| playbook.profile.name);
            assert_eq!(flown.as_ref(), Ok(profile));
        }
    }
}

#[test]
fn the_schema_kept_for_editors_is_the_one_we_check_with() {
    let path = "fixtures/playbooks/playbook.schema.json";
    let mut made = serde_json::to_string_pretty(&schema()).expect("it is JSON");
    made.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).expect("it can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "the schema has changed: run UPDATE=1 cargo test");
}

/// The line for a shell of a call of a lever that is bound to `vars`; `None` where what is copied is no line.
fn line(playbook: &Playbook, call: &Call, vars: &Vars) -> Option<String> {
    let backend = &playbook.backends[call.backend()];
    call.encode(backend, Use::Act, vars).unwrap_or_else(|why| panic!("{call:?}: {why}")).pasted()
}

#[test]
fn every_lever_we_ship_is_copied_as_a_line_that_a_shell_can_read() {
    let playbooks = goaround::playbook::embedded_names().filter_map(goaround::playbook::embedded).map(str::to_owned);
    let rehearsed = recipes().filter_map(|(name, recipe)| Some(recipe.rehearse(name).ok()?.playbook));
    let mut lines = 0;
    for text in playbooks.chain(rehearsed) {
        let playbook = Playbook::parse("shipped", &text, None).unwrap_or_else(|_| panic!("{text}"));
        for lever in playbook.levers.values() {
            let (vars, _) = lever.bound("20260101-030000-docs", |_, bind| match bind {
                Bind::Probe(_) => Some("1".to_owned()),
                Bind::After(_) => Some("2026-01-01T03:30:00Z".to_owned()),
                Bind::Text(_) => None,
            });
            for call in [Some(&lever.call), lever.undo.as_ref().map(|undo| &undo.call)].into_iter().flatten() {
                let line = line(&playbook, call, &vars).unwrap_or_else(|| panic!("{}: no line: {call:?}", lever.id));
                let read = Command::new("sh").args(["-n", "-c", &line]).status().expect("there is a shell");
                assert!(read.success(), "{}: {line}", lever.id);
                lines += 1;
            }
        }
    }
    assert!(lines > 100, "only {lines} lines were read");
}
