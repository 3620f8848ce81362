//! Hostile words through what the binary prints and writes: faults, lines, the report.

#[path = "common/hostile.rs"]
mod hostile;
#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "nothing is flown here")]
mod incidents;

use goaround::incident::{BootId, Event, EvidenceRef, Moment};
use goaround::journal::Journal;
use goaround::playbook::{Id, Playbook};
use goaround::text::Text;
use std::ffi::OsStr;
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
    // What was sent is kept as it was sent, and a forged journal names files as it likes.
    let body = hostile::strings().iter().map(|words| words.chars().take(60).collect::<String>()).collect::<Vec<_>>();
    let file = journal.keep("comms/first.md", body.join("\n").as_bytes()).expect("it is kept");
    let forged = EvidenceRef { path: "evidence/\x1b]52;c;b3duZWQ=\x07\u{9b}2J\u{202e}".into(), ..file.clone() };
    for file in [file, forged] {
        let comm = Id::new("first").expect("an id");
        batch.push((at(999), "mira".into(), Event::MessageQueued { comm, file }));
    }
    journal.append("hostile", &batch).expect("it is written");
    journal.dir().to_owned()
}

#[test]
fn a_report_of_hostile_words_acts_on_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = incident(folder.path());
    let made = incidents::goaround(
        ["report", "--format", "md,html,json"].map(OsStr::new).into_iter().chain([directory.as_os_str()]),
    );
    // A file that the forged line names is missing.
    assert_eq!(made.status.code(), Some(1), "{}", String::from_utf8_lossy(&made.stderr));
    is_inert("what it prints", &made.stdout);
    is_inert("what it complains of", &made.stderr);
    for file in ["report.md", "report.html", "report.json"] {
        is_inert(file, &std::fs::read(directory.join(file)).expect("it was written"));
    }
    let verified = incidents::goaround(["verify".as_ref(), directory.as_os_str()]);
    assert_eq!(verified.status.code(), Some(1));
    is_inert("what verify prints", &verified.stdout);
}

/// Everything that an account holds, as it holds it.
const RAW: &str = "{% macro all(value) %}{% if value is mapping %}{% for key in value %}{{ key }} {{ all(value[key]) }}\
    {% endfor %}{% elif value is sequence %}{% for one in value %}{{ all(one) }}\n{% endfor %}{% else %}{{ value }}\
    {% endif %}{% endmacro %}{{ all(sections) }}{{ all(files) }}";

#[test]
fn a_template_that_prints_everything_raw_acts_on_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = incident(folder.path());
    let (template, output) = (folder.path().join("own.txt"), folder.path().join("own-report.txt"));
    std::fs::write(&template, RAW).expect("it is ours");
    let asked = |more: &[&OsStr]| {
        let begins = ["report".as_ref(), directory.as_os_str(), "--template".as_ref(), template.as_os_str()];
        incidents::goaround(begins.into_iter().chain(more.iter().copied()))
    };
    let printed = asked(&[]);
    is_inert("what a template prints", &printed.stdout);
    let said = String::from_utf8_lossy(&printed.stdout);
    assert!(said.contains("ok\\u{1b}[2Jok") && said.contains("52;c;b3duZWQ="), "the body is there: {said}");
    let kept = asked(&["--output".as_ref(), output.as_os_str()]);
    is_inert("what it says of its file", &kept.stdout);
    is_inert("the file of a template", &std::fs::read(&output).expect("it was written"));
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
