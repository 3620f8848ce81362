//! An incident played again by the real binary: what it shows, what it says of damage, and that it changes nothing.

#[path = "common/flown.rs"]
mod flown;
#[path = "common/incidents.rs"]
#[expect(dead_code, reason = "what was pulled is the drill's business")]
mod incidents;
#[path = "common/pty.rs"]
#[expect(dead_code, reason = "signals are the drill's business")]
mod pty;

use flown::flown;
use goaround::app::replay::Player;
use goaround::cockpit::Tape;
use goaround::incident::replay;
use goaround::journal;
use goaround::metrics::Sample;
use goaround::playbook::Playbook;
use pty::Terminal;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

fn replayed(directory: &Path, (columns, rows): (u16, u16), more: &[&str]) -> Terminal {
    let mut args = vec!["replay", directory.to_str().expect("temporary folders are named in UTF-8")];
    args.extend(more);
    let mut terminal = Terminal::start(columns, rows, args);
    terminal.wait_for("REPLAY");
    terminal
}

fn lines(directory: &Path, more: &[&str]) -> Output {
    let mut args = vec!["replay", directory.to_str().expect("temporary folders are named in UTF-8"), "--plain"];
    args.extend(more);
    incidents::goaround(args)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// When it was declared, in milliseconds since its first record.
fn declared_ms(directory: &Path) -> u64 {
    let found = journal::salvage(directory).expect("it can be read");
    let playbook = Playbook::parse("playbook.toml", &found.playbook, Some("drill")).expect("it was flown");
    Tape::new(Arc::new(playbook), found.records, Vec::new()).declared_ms()
}

/// Every file of a directory with its bytes.
fn everything(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            found.extend(everything(&entry));
        } else {
            found.push((entry.clone(), fs::read(&entry).expect("a file")));
        }
    }
    found.sort();
    found
}

#[test]
fn state_and_charts_at_any_place_are_those_of_the_records_and_samples_so_far() {
    let (_folder, directory) = flown();
    let found = journal::salvage(&directory).expect("it can be read");
    let playbook = Arc::new(Playbook::parse("playbook.toml", &found.playbook, Some("drill")).expect("it was flown"));
    let samples = found.samples.iter().filter_map(|line| Sample::parse(line)).collect();
    let tape = Arc::new(Tape::new(playbook.clone(), found.records.clone(), samples));
    let mut player = Player::new(tape.clone());
    for count in 1..=found.records.len() {
        assert_eq!(*player.state(tape.behind(count)), replay(&playbook, &found.records[..count]), "after {count}");
    }
    for share in [90, 10, 55, 54, 100, 0, 30] {
        let cursor = tape.at(tape.share(share));
        let jumped = player.scene(cursor);
        let straight = Player::new(tape.clone()).scene(cursor);
        assert_eq!(*jumped.state, replay(&playbook, &found.records[..cursor.count]), "at {share} %");
        for metric in playbook.metrics.keys() {
            assert!(jumped.board.points(metric).eq(straight.board.points(metric)), "{metric} at {share} %");
            assert_eq!(jumped.board.verdict(metric), straight.board.verdict(metric), "{metric} at {share} %");
            let late = jumped.board.points(metric).find(|point| point.sampled_ms > jumped.now.wall_ms);
            assert!(late.is_none(), "{metric} at {share} % knows what was measured later: {late:?}");
        }
    }
}

#[test]
fn a_person_goes_back_and_forth_sets_a_bookmark_and_nothing_else_is_written() {
    let (_folder, directory) = flown();
    let before = everything(&directory);
    let mut terminal = replayed(&directory, (80, 24), &["--at", "T+00:10"]);
    terminal.wait_for("T+00:10");
    terminal.wait_for("journal hash OK");
    terminal.press("b");
    terminal.wait_for("bookmark at T+00:10");
    terminal.press("0");
    terminal.wait_for("event 1 of");
    terminal.press("]");
    terminal.wait_for("STOPPED x1  T+00:10");
    terminal.press("/HOLD MET\r");
    terminal.wait_for_line(&["HOLD MET: green for", "^"]);
    terminal.wait_for("hold MET");
    let views = [
        ("L", "last act"),
        ("H", "HOLD AND WATCH"),
        ("D", "open 0"),
        ("c", "4 COMMS"),
        ("t", "DECISION TREE"),
        ("K", "elapsed budget"),
    ];
    for (key, says) in views {
        terminal.press(key);
        terminal.wait_for(says);
        terminal.press("\r");
        terminal.press("\x1b");
        terminal.wait_for("2 CHECKLIST");
    }
    terminal.press("r");
    terminal.wait_for("this is a replay; nothing is changed");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    let bookmarks = directory.join("bookmarks.json");
    assert!(text(&fs::read(&bookmarks).expect("it was kept")).starts_with("{\"format\":1,\"bookmarks\":["));
    let after: Vec<_> = everything(&directory).into_iter().filter(|(path, _)| *path != bookmarks).collect();
    assert!(after == before, "a replay writes bookmarks alone");
    assert_eq!(incidents::goaround(["verify".as_ref(), directory.as_os_str()]).status.code(), Some(0));
    let mut again = replayed(&directory, (80, 24), &["--at", "#1"]);
    again.press("]");
    again.wait_for("STOPPED x1  T+00:10");
}

#[test]
fn two_replays_of_one_incident_keep_the_bookmarks_of_both() {
    let (_folder, directory) = flown();
    let mut first = replayed(&directory, (80, 24), &["--at", "T+00:10"]);
    let mut second = replayed(&directory, (80, 24), &["--at", "T+00:20"]);
    first.press("b");
    first.wait_for("bookmark at T+00:10");
    second.press("b");
    second.wait_for("bookmark at T+00:20");
    first.press("b");
    first.wait_for("the bookmark at T+00:10 is taken away");
    for mut terminal in [first, second] {
        terminal.press("q");
        assert_eq!(terminal.exit_code(), 0);
    }
    let declared = declared_ms(&directory);
    assert_eq!(journal::bookmarks(&directory), Ok(vec![declared + 20_000]));
}

#[test]
fn a_bookmark_behind_the_damage_survives_one_that_is_set_before_it() {
    let (_folder, directory) = flown();
    let path = directory.join("journal.jsonl");
    let whole = fs::read_to_string(&path).expect("it is there");
    let declared = declared_ms(&directory);
    fs::write(&path, whole.replacen("\"seq\":40", "\"seq\":41", 1)).expect("it can be written");
    journal::keep_bookmark(&directory, 86_400_000).expect("it can be kept");
    let mut terminal = replayed(&directory, (80, 24), &["--at", "T+00:01"]);
    terminal.press("b");
    terminal.wait_for("bookmark at T+00:01");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(journal::bookmarks(&directory), Ok(vec![declared + 1_000, 86_400_000]));
}

#[test]
fn it_plays_to_the_end_by_itself() {
    let (_folder, directory) = flown();
    let mut terminal = replayed(&directory, (80, 24), &["--at", "90%", "--speed", "60"]);
    terminal.wait_for("STOPPED x60");
    terminal.wait_for("CLOSED");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn it_is_there_on_the_smallest_screen_and_after_any_change_of_size() {
    let (_folder, directory) = flown();
    let mut terminal = replayed(&directory, (40, 10), &["--at", "50%"]);
    terminal.wait_for("STOPPED x1");
    for (columns, rows) in [(200, 60), (0, 0), (120, 40), (1, 1), (39, 9), (80, 24)] {
        terminal.resize(columns, rows);
    }
    terminal.wait_for("journal hash OK");
    terminal.wait_for("2 CHECKLIST");
    terminal.press("\x03\x03\x03");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_damaged_line_is_named_and_everything_before_it_is_shown() {
    let (_folder, directory) = flown();
    let path = directory.join("journal.jsonl");
    let whole = fs::read_to_string(&path).expect("it is there");
    let all = whole.lines().count();
    let damaged: Vec<String> = (1..)
        .zip(whole.lines())
        .map(|(line, words)| if line == 40 { words.replacen("\"seq\":40", "\"seq\":41", 1) } else { words.to_owned() })
        .collect();
    fs::write(&path, damaged.join("\n") + "\n").expect("it can be written");
    let told = lines(&directory, &[]);
    assert_eq!(told.status.code(), Some(1), "what is damaged does not hold");
    assert_eq!(text(&told.stdout).lines().count(), 39, "of {all}");
    assert!(text(&told.stderr).contains("DAMAGED: journal.jsonl line 40"), "{}", text(&told.stderr));
    let mut terminal = replayed(&directory, (120, 40), &["--at", "100%"]);
    terminal.wait_for("event 39 of 39");
    terminal.wait_for("DAMAGED: journal.jsonl line 40");
}

#[test]
fn a_torn_tail_is_played_up_to_and_said() {
    let (_folder, directory) = flown();
    let path = directory.join("journal.jsonl");
    let whole = fs::read(&path).expect("it is there");
    fs::write(&path, &whole[..whole.len() - 20]).expect("it can be written");
    let told = lines(&directory, &[]);
    assert_eq!(told.status.code(), Some(0));
    let records = text(&whole).lines().count();
    assert_eq!(text(&told.stdout).lines().count(), records - 1);
    assert!(text(&told.stderr).contains("journal hash OK; torn: "), "{}", text(&told.stderr));
    let mut terminal = replayed(&directory, (120, 40), &[]);
    terminal.wait_for("torn: ");
}

#[test]
fn of_an_open_incident_it_says_once_that_more_may_come_and_how_to_follow_it() {
    let (_folder, directory) = flown();
    let closed = lines(&directory, &[]);
    assert!(!text(&closed.stderr).contains("still open"), "{}", text(&closed.stderr));
    let path = directory.join("journal.jsonl");
    let whole = fs::read_to_string(&path).expect("it is there");
    let open = whole.lines().take_while(|line| !line.contains("\"closed\"")).collect::<Vec<_>>();
    assert!(open.len() < whole.lines().count(), "it was closed");
    fs::write(&path, open.join("\n") + "\n").expect("it can be written");
    let told = lines(&directory, &[]);
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(text(&told.stdout).lines().count(), open.len());
    let said = text(&told.stderr);
    assert!(said.contains("this incident is still open, shown up to "), "{said}");
    assert!(said.contains(&format!("goaround watch {}", directory.display())), "{said}");
    let mut terminal = replayed(&directory, (80, 24), &[]);
    terminal.wait_for("this incident is still open, shown up to ");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn by_lines_it_tells_each_event_with_its_time() {
    let (_folder, directory) = flown();
    let told = lines(&directory, &[]);
    assert_eq!(told.status.code(), Some(0));
    let records = journal::read(&directory).expect("it can be read").records;
    let said = text(&told.stdout);
    assert_eq!(said.lines().count(), records.len());
    assert!(said.lines().any(|line| line.starts_with("T+00:00.000") && line.contains("DECLARED")), "{said}");
    let part = lines(&directory, &["--at", "#20"]);
    assert_eq!(text(&part.stdout).lines().collect::<Vec<_>>(), said.lines().take(20).collect::<Vec<_>>());
    let piped = incidents::goaround(["replay".as_ref(), directory.as_os_str()]);
    assert_eq!((piped.status.code(), piped.stdout), (Some(0), told.stdout), "a pipe needs no --plain");
}

#[test]
fn what_cannot_be_replayed_is_refused_in_a_sentence() {
    let (folder, directory) = flown();
    let refused = |args: &[&str], wanted: &str| {
        let told = lines(&directory, args);
        assert_eq!(told.status.code(), Some(2), "{args:?}");
        assert!(text(&told.stderr).contains(wanted), "`{wanted}` is not in: {}", text(&told.stderr));
    };
    refused(&["--at", "T+99:00"], "--at T+99:00 is not on this tape: it goes from T-");
    refused(&["--at", "noon"], "--at `noon` is no time: write it like T+02:12");
    refused(&["--speed", "3"], "--speed 3: a replay plays 1, 2, 4, 8, 16 or 60 times");
    let nothing = lines(folder.path(), &[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("is this an incident directory?"), "{}", text(&nothing.stderr));
    fs::write(directory.join("bookmarks.json"), "{").expect("it can be written");
    assert_eq!(lines(&directory, &[]).status.code(), Some(0), "lines need no bookmarks");
    let path = directory.to_str().expect("UTF-8");
    let mut terminal = Terminal::start(80, 24, ["replay", path]);
    assert_eq!(terminal.exit_code(), 2);
    assert!(text(terminal.raw()).contains("bookmarks.json holds no bookmarks"), "{}", text(terminal.raw()));
}
