//! What `bundle --redact` leaves out, and how that is told once the bundle was unpacked.

#[path = "common/bundle.rs"]
mod bundle;
#[path = "common/flown.rs"]
mod flown;

use bundle::{archive, name, packed, packed_as, run};
use flown::flown;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn redacted_bodies_are_gone_and_said_and_what_the_manifest_says_of_them_is_checked() {
    let (_kept, directory) = flown();
    assert_eq!(run(&["report", name(&directory)]).0, Some(0));
    let (bundle, bytes) = packed(&directory, &["--redact"]);
    let (code, said) = run(&["verify", name(&bundle)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("were dropped when this was packed"), "{said}");
    let inside = archive(&bytes);
    for folder in ["evidence", "comms"] {
        for entry in fs::read_dir(directory.join(folder)).expect("a folder") {
            let body = fs::read(entry.expect("an entry").path()).expect("a body");
            let found = inside.windows(body.len().max(1)).any(|window| window == body);
            assert!(body.is_empty() || !found, "a body of {folder} is still inside");
        }
    }
    let text = String::from_utf8_lossy(&inside).into_owned();
    assert!(text.contains("\"path\": \"evidence/") && text.contains("\"dropped\": true"));
    let victim = fs::read_dir(directory.join("evidence")).expect("a folder").next().expect("evidence").expect("a file");
    fs::write(victim.path(), "changed before it was packed").expect("changed");
    let (changed, _) = packed_as(1, &directory, &["--redact"]);
    let (code, said) = run(&["verify", name(&changed)]);
    assert!(code == Some(1) && said.contains("and the journal says"), "{said}");
}

#[test]
fn only_what_goaround_writes_without_bodies_is_packed_redacted() {
    let (_kept, directory) = flown();
    let named = ["postmortem.html", "report.md", "notes.txt", "debrief.html", "journal.jsonl.bak", "answers.toml.old"];
    for name in named {
        fs::write(directory.join(name), "the token was hunter2-and-more").expect("a person's own report");
    }
    let kept = ["answers.toml", "bookmarks.json", "debrief.md", "debrief.toml", "journal.torn-7", "journal.torn-7-2"];
    for name in kept {
        fs::write(directory.join(name), format!("this is {name}")).expect("what people and crashes leave");
    }
    let (_bundle, bytes) = packed(&directory, &["--redact"]);
    let inside = String::from_utf8_lossy(&archive(&bytes)).into_owned();
    assert!(!inside.contains("hunter2"), "a body is still inside");
    for name in named {
        assert!(inside.contains(&format!("\"path\": \"{name}\"")), "{name} is listed with its hash");
    }
    for name in kept {
        assert!(inside.contains(&format!("this is {name}")), "{name} is packed");
    }
}

/// The directory that the system's own `tar` makes of a bundle.
fn unpacked(bundle: &Path, into: &Path) -> PathBuf {
    let tar = Command::new("tar").arg("--zstd").arg("-xf").arg(bundle).arg("-C").arg(into).output().expect("tar");
    assert!(tar.status.success(), "{}", String::from_utf8_lossy(&tar.stderr));
    fs::read_dir(into).expect("a folder").next().expect("one folder").expect("an entry").path()
}

#[test]
fn a_redacted_bundle_that_was_unpacked_verifies_as_what_it_is() {
    let (_kept, directory) = flown();
    let (bundle, _) = packed(&directory, &["--redact"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let again = unpacked(&bundle, folder.path());
    let (code, said) = run(&["verify", name(&again)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("left out by --redact") && !said.contains("FAULT") && !said.contains("everything holds"));
    assert!(said.lines().last().is_some_and(|line| line.starts_with("verified: everything that is here holds")));
    let (_, of_bundle) = run(&["verify", name(&bundle)]);
    assert_eq!(of_bundle.lines().last(), said.lines().last(), "the same verdict, packed or not");
    let (code, told) = run(&["report", name(&again)]);
    assert!(code == Some(1) && told.contains("left out by --redact") && !told.contains("is missing"), "{told}");
    let made = fs::read_to_string(again.join("report.md")).expect("a report");
    assert!(made.contains("left out by --redact") && !made.contains("is missing"), "{made}");
}

#[test]
fn the_report_of_a_redacted_bundle_counts_as_verify_does_and_leads_to_nothing_that_was_left_out() {
    let (_kept, directory) = flown();
    // Reports quote what was captured, so that they are left out too, and the journal names none of them.
    assert_eq!(run(&["report", name(&directory), "--format", "md,html"]).0, Some(0));
    let whole = fs::read_to_string(directory.join("report.md")).expect("a report");
    assert!(whole.contains("](evidence/"), "what is there is led to: {whole}");
    let (bundle, _) = packed(&directory, &["--redact"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let again = unpacked(&bundle, folder.path());
    let bodies = |said: &str| {
        let (_, rest) = said.split_once("the bodies of ").expect("bodies are counted");
        rest.split(' ').next().and_then(|count| count.parse::<usize>().ok()).expect("a count")
    };
    let (_, verified) = run(&["verify", name(&again)]);
    let (_, told) = run(&["report", name(&again), "--format", "md,html"]);
    assert_eq!(bodies(&verified), bodies(&told), "{verified}{told}");
    let made = fs::read_to_string(again.join("report.md")).expect("a report");
    assert!(made.contains("not shown: its file was left out by --redact"), "{made}");
    assert!(!made.contains("](evidence/") && !made.contains("](comms/"), "{made}");
    let page = fs::read_to_string(again.join("report.html")).expect("a page");
    assert!(!page.contains("href=\"evidence/") && !page.contains("href=\"comms/"), "a dead link");
}

#[test]
fn a_manifest_excuses_nothing_that_the_journal_does_not_know_and_nothing_that_it_does_not_list() {
    let (_kept, directory) = flown();
    let (bundle, _) = packed(&directory, &["--redact"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let again = unpacked(&bundle, folder.path());
    let path = again.join("manifest.json");
    let manifest = fs::read_to_string(&path).expect("a manifest");
    let value: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let listed = value["files"].as_array().expect("files").iter().find(|file| file["dropped"] == true).expect("one");
    let sha256 = listed["sha256"].as_str().expect("a hash");
    let head = value["head"].as_str().expect("a head");
    for (forged, words) in [
        (manifest.replace(sha256, &"0".repeat(64)), "and the journal says"),
        (manifest.replace(head, &"0".repeat(64)), "manifest.json names a head that is no line of this journal"),
        (manifest.replace("\"dropped\": true", "\"dropped\": false"), "is missing"),
        ("{}".to_owned(), "manifest.json cannot be understood"),
    ] {
        assert_ne!(forged, manifest, "{words}");
        fs::write(&path, forged).expect("forged");
        let (code, said) = run(&["verify", name(&again)]);
        assert!(code == Some(1) && said.contains(words) && said.ends_with("NOT VERIFIED\n"), "{words}: {said}");
    }
    fs::remove_file(&path).expect("gone");
    let (code, said) = run(&["verify", name(&again)]);
    assert!(code == Some(1) && said.contains("is missing"), "{said}");
}

#[test]
fn a_file_that_the_manifest_left_out_and_that_is_there_is_read_itself() {
    let (_kept, directory) = flown();
    let (bundle, _) = packed(&directory, &["--redact"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let again = unpacked(&bundle, folder.path());
    fs::create_dir(again.join("evidence")).expect("a folder");
    let evidence = fs::read_dir(directory.join("evidence")).expect("a folder").next().expect("one").expect("an entry");
    fs::write(again.join("evidence").join(evidence.file_name()), "something else").expect("planted");
    let (code, said) = run(&["verify", name(&again)]);
    assert!(code == Some(1) && said.contains("and the journal says"), "{said}");
}
