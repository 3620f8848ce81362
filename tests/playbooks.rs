//! Claims about the playbooks and the schema that are shipped in `fixtures/playbooks`.

use goaround::playbook::{Playbook, render, schema};

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
