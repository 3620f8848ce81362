//! What observers leave, and what somebody else might.

use super::written;
use crate::journal::{Found, Inbox, Says, Slip, new_id};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

fn inbox() -> (TempDir, PathBuf, Inbox) {
    let (root, dir, _) = written(1);
    let inbox = Inbox::open(&dir).unwrap();
    (root, dir.join("inbox"), inbox)
}

fn objection(text: &str) -> Slip {
    Slip { role: "jo".into(), at_ms: 1_795_230_720_000, says: Says::Objects(text.into()) }
}

fn refused(found: &[Found]) -> String {
    match found {
        [(_, Err(why))] => why.clone(),
        other => panic!("one refusal: {other:?}"),
    }
}

#[test]
fn what_is_put_there_is_found_private_and_whole_and_can_be_taken_away() {
    let (_root, folder, inbox) = inbox();
    let wants = Some(new_id().unwrap().into());
    let here = Slip { says: Says::Here { wants_command: wants }, ..objection("") };
    let (one, other) = (new_id().unwrap(), new_id().unwrap());
    inbox.put(&one, &objection("eu cache still \u{202e}old?")).unwrap();
    inbox.put(&other, &here).unwrap();
    inbox.put(&other, &here).unwrap();
    let found: std::collections::BTreeMap<_, _> = inbox.look().unwrap().into_iter().collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[&one], Ok(objection("eu cache still \\u{202e}old?")), "inert once, and not twice");
    assert_eq!(found[&other], Ok(here));
    let mode = fs::metadata(folder.join(format!("{one}.json"))).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    inbox.remove(&one).unwrap();
    inbox.remove(&other).unwrap();
    inbox.remove(&other).unwrap();
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

#[test]
fn what_no_goaround_writes_is_refused_with_its_reason() {
    let text = "x".repeat(1025);
    let long = format!("{{\"format\":1,\"kind\":\"presence\",\"role\":\"jo\",\"at\":1}}{}", " ".repeat(4096));
    let cases = [
        ("", "cannot be understood"),
        ("{\"format\":1,\"kind\":\"objection\",\"role\":\"jo\",\"at\":1,\"text\":\"a\",\"more\":1}", "unknown field"),
        ("{\"format\":2,\"kind\":\"presence\",\"role\":\"jo\",\"at\":1}", "it has format 2"),
        ("{\"format\":1,\"kind\":\"order\",\"role\":\"jo\",\"at\":1}", "unknown variant"),
        ("{\"format\":1,\"kind\":\"presence\",\"role\":\"\",\"at\":1}", "who wrote it"),
        ("{\"format\":1,\"kind\":\"objection\",\"role\":\"jo\",\"at\":1}", "do not belong together"),
        ("{\"format\":1,\"kind\":\"objection\",\"role\":\"jo\",\"at\":1,\"text\":\"\"}", "does not object in"),
        ("{\"format\":1,\"kind\":\"presence\",\"role\":\"jo\",\"at\":1,\"wants_command\":\"../x\"}", "belong together"),
        (&long, "longer than 4096 bytes"),
        (&format!("{{\"format\":1,\"kind\":\"objection\",\"role\":\"jo\",\"at\":1,\"text\":\"{text}\"}}"), "1024"),
    ];
    let (_root, folder, inbox) = inbox();
    for (written, why) in cases {
        let id = new_id().unwrap();
        fs::write(folder.join(format!("{id}.json")), written).unwrap();
        let found = inbox.look().unwrap();
        assert!(refused(&found).contains(why), "{written}: {found:?}");
        inbox.remove(&found[0].0).unwrap();
        assert_eq!(inbox.look().unwrap(), vec![]);
    }
}

#[test]
fn nothing_planted_there_leads_outside_or_is_waited_for() {
    let (root, folder, inbox) = inbox();
    let secret = root.path().join("secret.json");
    fs::write(&secret, "{\"format\":1,\"kind\":\"presence\",\"role\":\"jo\",\"at\":1}").unwrap();
    let name = |ending: &str| folder.join(format!("{}{ending}", new_id().unwrap()));
    std::os::unix::fs::symlink(&secret, name(".json")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, name(".json"), rustix::fs::Mode::RWXU).unwrap();
    fs::write(folder.join("..json"), "{}").unwrap();
    fs::write(folder.join("notes.txt"), "{}").unwrap();
    let found = inbox.look().unwrap();
    assert_eq!(found.len(), 3, "a name that begins with a dot is a draft: {found:?}");
    for (name, slip) in found {
        assert!(slip.is_err(), "{name}");
        inbox.remove(&name).unwrap();
    }
    assert_eq!(inbox.look().unwrap(), vec![]);
    assert!(secret.exists(), "only the link was taken away");
}

#[test]
fn a_flood_is_read_a_hundred_at_a_time() {
    let (_root, folder, inbox) = inbox();
    for _ in 0..130 {
        inbox.put(&new_id().unwrap(), &objection("again")).unwrap();
    }
    let first = inbox.look().unwrap();
    assert_eq!(first.len(), 100);
    first.iter().for_each(|(name, _)| inbox.remove(name).unwrap());
    assert_eq!(inbox.look().unwrap().len(), 30);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 30, "and no draft is left");
}

#[test]
fn no_two_names_are_the_same() {
    let names: BTreeSet<String> = (0..1000).map(|_| new_id().unwrap()).collect();
    assert_eq!(names.len(), 1000);
}
