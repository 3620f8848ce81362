//! Hostile words through what the binary prints and writes: faults, lines, the report.

#[path = "common/hostile.rs"]
mod hostile;
#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "nothing is flown here")]
mod incidents;

use goaround::incident::{BootId, Event, Moment};
use goaround::journal::Journal;
use goaround::playbook::{Id, Playbook};
use goaround::text::Text;
use std::path::Path;

const PLAYBOOK: &str = include_str!("../fixtures/playbooks/docs-rag.toml");

fn at(ms: u64) -> Moment {
    Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: BootId::from("drill") }.plus_ms(ms)
}

/// Whether it may be shown on a terminal or in an editor: lines, and nothing that acts.
#[track_caller]
fn is_inert(what: &str, said: &[u8]) {
    let said = std::str::from_utf8(said).unwrap_or_else(|error| panic!("{what} is no text: {error}"));
    // Colours are not asked for: these are no terminals.
    let acts = said.char_indices().find(|(_, c)| !matches!(c, '\n' | '\t') && !Text::keeps(*c));
    let around = acts.map(|(place, _)| said[..place].chars().rev().take(60).collect::<Vec<_>>());
    assert_eq!(acts.map(|(_, c)| c), None, "{what}, behind {:?}", around.map(|c| c.iter().rev().collect::<String>()));
}

/// An incident in which everybody says hostile things.
fn incident(root: &Path) -> std::path::PathBuf {
    let mut journal = Journal::create(root, "hostile", PLAYBOOK).expect("a new directory");
    let opened = Event::Opened {
        incident: "hostile".into(),
        service: Id::new("docs-rag").expect("an id"),
        environment: Id::new("testbed").expect("an id"),
        profile: "drill".into(),
        playbook_sha256: goaround::app::flight::sha256_hex(PLAYBOOK.as_bytes()),
        version: "0".into(),
        drill: None,
    };
    let says = |(place, words): (usize, String)| {
        let text = Text::new(&words.chars().take(900).collect::<String>());
        let event = match place % 3 {
            0 => Event::NoteAdded { text: text.clone() },
            1 => Event::Objected { id: "x".into(), text: text.clone() },
            _ => Event::SizedUp { size_up: text.clone() },
        };
        (at(u64::try_from(place).expect("few")), Text::new(&words.chars().take(40).collect::<String>()), event)
    };
    let mut batch = vec![(at(0), Text::from("mira"), opened)];
    batch.extend(hostile::strings().into_iter().enumerate().map(says));
    journal.append("hostile", &batch).expect("it is written");
    journal.dir().to_owned()
}

#[test]
fn a_report_of_hostile_words_acts_on_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = incident(folder.path());
    let made = incidents::goaround(["report".as_ref(), directory.as_os_str()]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    is_inert("what it prints", &made.stdout);
    for file in ["report.md", "report.html", "report.json"] {
        if let Ok(text) = std::fs::read(directory.join(file)) {
            is_inert(file, &text);
        }
    }
    assert!(directory.join("report.md").exists());
    let verified = incidents::goaround(["verify".as_ref(), directory.as_os_str()]);
    assert_eq!(verified.status.code(), Some(0));
    is_inert("what verify prints", &verified.stdout);
}

#[test]
fn a_line_for_a_pipe_is_one_line_of_inert_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let reading = goaround::journal::read(&incident(folder.path())).expect("it can be read");
    let playbook = match Playbook::parse("docs-rag.toml", PLAYBOOK, Some("drill")) {
        Ok(playbook) => playbook,
        Err(flaws) => panic!("{flaws:?}"),
    };
    let state = goaround::incident::replay(&playbook, &reading.records);
    for record in &reading.records {
        let line = goaround::app::printer::line(&playbook, &state, record);
        assert!(line.chars().all(Text::keeps), "{line:?}");
    }
}

#[test]
fn a_playbook_of_hostile_words_is_refused_or_checked_in_inert_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("playbook.toml");
    for (place, words) in hostile::strings().into_iter().enumerate() {
        // As a value, as a key, and where no TOML can be at all.
        let text = match place % 3 {
            0 => PLAYBOOK.replacen("title = \"", &format!("title = \"{}", words.replace('"', "'")), 1),
            1 => format!("{PLAYBOOK}\n\"{}\" = 1\n", words.replace(['"', '\n'], "'")),
            _ => format!("{words}\n{PLAYBOOK}"),
        };
        std::fs::write(&file, text).expect("it is ours");
        let checked = incidents::goaround(["check".as_ref(), file.as_os_str()]);
        is_inert("what check prints", &checked.stdout);
        is_inert(&format!("what check complains of {:?}", words.chars().take(80).collect::<String>()), &checked.stderr);
    }
}
