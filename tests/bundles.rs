//! An incident in one file: packed the same each time, and nothing that was changed since goes unnoticed.

#[path = "common/bundle.rs"]
mod bundle;
#[path = "common/flown.rs"]
mod flown;

use bundle::{SEAL, archive, name, packed, packed_as, run};
use flown::flown;
use goaround::journal::{self, BundleError};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::LazyLock;

/// One bundle for every test that changes some of its bytes.
static BUNDLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_kept, directory) = flown();
    packed(&directory, &[]).1
});

/// What verifying these bytes says.
fn verified(bytes: &[u8]) -> Result<journal::Verification, BundleError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("b.tar.zst");
    fs::write(&path, bytes).expect("written");
    let found = journal::verify_bundle(&path, None);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing is unpacked");
    found
}

/// Why these bytes do not hold.
#[track_caller]
fn fault(bytes: &[u8]) -> String {
    match verified(bytes) {
        Ok(found) => panic!("this bundle holds: {found}"),
        Err(BundleError::Broken(why)) => why,
        Err(error) => panic!("another refusal: {error}"),
    }
}

/// Compresses and seals, as somebody would who knows how.
fn resealed(archive: &[u8]) -> Vec<u8> {
    let mut packer = zstd::stream::write::Encoder::new(Vec::new(), 3).expect("a packer");
    packer.write_all(archive).expect("packed");
    sealed(packer.finish().expect("packed"))
}

fn sealed(mut packed: Vec<u8>) -> Vec<u8> {
    let digest = Sha256::digest(&packed);
    packed.extend([0x5a, 0x2a, 0x4d, 0x18, 32, 0, 0, 0]);
    packed.extend(digest);
    packed
}

type Member = (tar::Header, String, Vec<u8>);

/// The archive's members, each changed by `change`; `None` drops one.
fn edited(bundle: &[u8], change: impl Fn(&mut Member) -> bool) -> Vec<u8> {
    let bytes = archive(bundle);
    let mut reader = tar::Archive::new(&bytes[..]);
    let mut out = tar::Builder::new(Vec::new());
    for entry in reader.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let mut body = Vec::new();
        entry.read_to_end(&mut body).expect("a body");
        let path = entry.path().expect("a path").display().to_string();
        let mut member = (entry.header().clone(), path, body);
        if change(&mut member) {
            let (mut header, path, body) = member;
            header.set_size(body.len() as u64);
            let name = &mut header.as_old_mut().name;
            name.fill(0);
            name[..path.len()].copy_from_slice(path.as_bytes());
            header.as_ustar_mut().expect("ustar").prefix.fill(0);
            header.set_cksum();
            out.append(&header, &body[..]).expect("appended");
        }
    }
    resealed(&out.into_inner().expect("an archive"))
}

#[test]
fn a_bundle_holds_has_the_same_bytes_each_time_and_unpacks_to_a_directory_that_verifies() {
    let (kept, directory) = flown();
    assert_eq!(run(&["report", name(&directory)]).0, Some(0));
    fs::write(directory.join("inbox/slip.json"), "{}").expect("a slip");
    symlink("/etc/passwd", directory.join("evidence/link")).expect("a link");
    let (bundle, first) = packed(&directory, &[]);
    fs::set_permissions(directory.join("report.md"), fs::Permissions::from_mode(0o644)).expect("another mode");
    assert_eq!(first, packed(&directory, &[]).1, "the same bytes each time");
    let head = journal::read(&directory).expect("a journal").head().to_owned();
    let (code, said) = run(&["verify", name(&bundle), "--expect-head", &head]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the saved head is the head") && said.ends_with("everything holds\n"), "{said}");
    let (code, said) = run(&["verify", name(&bundle), "--expect-head", &"f".repeat(64)]);
    assert!(code == Some(1) && said.contains("is the hash of no line"), "{said}");
    let renamed = kept.path().join("attachment-1");
    fs::rename(&bundle, &renamed).expect("renamed");
    assert_eq!(run(&["verify", name(&renamed)]).0, Some(0), "a ticket may give it another name");

    let unpacked = tempfile::tempdir().expect("a temporary folder");
    tar::Archive::new(&archive(&first)[..]).unpack(unpacked.path()).expect("any tar unpacks it");
    let again = unpacked.path().join(directory.file_name().expect("a name"));
    assert_eq!(run(&["verify", name(&again)]).0, Some(0));
    let files = |dir: &str| fs::read_dir(again.join(dir)).map_or(0, Iterator::count);
    assert!(again.join("manifest.json").is_file() && again.join("report.md").is_file());
    assert!(files("evidence") > 0 && files("inbox") == 0 && !again.join("evidence/link").exists());
}

#[test]
fn the_manifest_comes_first_and_every_entry_is_private_sorted_and_as_old_as_the_journal() {
    let bytes = archive(&BUNDLE);
    let mut reader = tar::Archive::new(&bytes[..]);
    let mut paths = Vec::new();
    for entry in reader.entries().expect("entries") {
        let entry = entry.expect("an entry");
        let header = entry.header();
        let path = entry.path().expect("a path").display().to_string();
        let told = (header.mode().ok(), header.uid().ok(), header.gid().ok(), header.entry_type().is_file());
        assert_eq!(told, (Some(0o600), Some(0), Some(0), true), "{path}");
        assert!(header.mtime().expect("a time") > 1_700_000_000, "{path}");
        paths.push(path);
    }
    assert!(paths[0].ends_with("/manifest.json"), "{paths:?}");
    assert!(paths.len() > 5 && paths[1..].is_sorted(), "{paths:?}");
}

#[test]
fn an_existing_file_is_kept_without_force_and_a_damaged_directory_is_packed_as_it_is() {
    let (_kept, directory) = flown();
    let (bundle, bytes) = packed(&directory, &[]);
    let (code, said) = run(&["bundle", name(&directory), "--output", name(&bundle)]);
    assert!(code == Some(2) && said.contains("exists already"), "{said}");
    assert_eq!(fs::read(&bundle).expect("kept"), bytes);
    let path = directory.join("journal.jsonl");
    let text = fs::read_to_string(&path).expect("a journal");
    fs::write(&path, text.replacen("\"seq\":5", "\"seq\":6", 1)).expect("damaged");
    let (damaged, _) = packed_as(1, &directory, &[]);
    let (code, said) = run(&["verify", name(&damaged)]);
    assert!(code == Some(1) && said.contains("FAULT: journal.jsonl line 5"), "{said}");
    let beside = fs::read_dir(directory.parent().expect("a folder")).expect("a folder").count();
    assert_eq!(beside, 2, "nothing half-written is left");
}

#[test]
fn what_cannot_be_packed_is_refused_in_one_sentence() {
    let (kept, directory) = flown();
    let file = directory.join("playbook.toml");
    let nowhere = kept.path().join("nowhere/b.tar.zst");
    let cases: [(&[&str], &str); 3] = [
        (&["bundle", "/nowhere"], "does not exist"),
        (&["bundle", name(&file)], "no plain file or folder"),
        (&["bundle", name(&directory), "--output", name(&nowhere)], "nowhere/b.tar.zst cannot be written"),
    ];
    for (arguments, sentence) in cases {
        let (code, said) = run(arguments);
        assert!(code == Some(2) && said.contains(sentence) && said.lines().count() == 1, "{arguments:?}: {said}");
    }
}

#[test]
fn what_is_no_bundle_is_bad_input() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (bytes, says) in [(&b""[..], "is no bundle"), (b"PK\x03\x04 something else", "is no bundle")] {
        let path = folder.path().join("b.tar.zst");
        fs::write(&path, bytes).expect("written");
        let (code, said) = run(&["verify", name(&path)]);
        assert!(code == Some(2) && said.contains(says) && said.lines().count() == 1, "{said}");
    }
    assert_eq!(run(&["verify", "/dev/null"]).0, Some(2));
}

#[test]
fn a_bundle_packed_anew_by_something_else_is_told() {
    let inside = archive(&BUNDLE);
    let plain = zstd::encode_all(&inside[..], 3).expect("packed");
    assert!(fault(&plain).contains("packed by something other than"), "no seal");
    assert!(verified(&resealed(&inside)).expect("the same archive").ok(), "how hard it was compressed does not matter");
    let by_tar = edited(&BUNDLE, |(header, _, _)| {
        header.set_uid(1000);
        true
    });
    assert!(fault(&by_tar).contains("packed by something else"), "another owner");
}

/// Changes a member; which sentence tells of it.
type Forged = (fn(&mut Member) -> bool, &'static str);

#[test]
fn whoever_seals_a_forgery_is_betrayed_by_the_manifest_and_nothing_leads_outside() {
    fn at_playbook(member: &mut Member, change: impl Fn(&mut Member)) -> bool {
        if member.1.ends_with("/playbook.toml") {
            change(member);
        }
        true
    }
    let cases: [Forged; 9] = [
        (|member| at_playbook(member, |(_, _, body)| body[0] ^= 1), "playbook.toml is not what the manifest says"),
        (|member| at_playbook(member, |(_, _, body)| body.push(b'#')), "playbook.toml should come next"),
        (|member| at_playbook(member, |(_, path, _)| *path = "../../escaped".into()), "\"../../escaped\""),
        (|member| at_playbook(member, |(_, path, _)| *path = "/tmp/escaped".into()), "\"/tmp/escaped\""),
        (|member| at_playbook(member, |(_, path, _)| path.push_str(".new")), "playbook.toml should come next"),
        (
            |member| at_playbook(member, |(header, ..)| header.set_entry_type(tar::EntryType::Symlink)),
            "a symbolic link",
        ),
        (|member| at_playbook(member, |(header, ..)| header.set_entry_type(tar::EntryType::Link)), "a hard link"),
        (|member| at_playbook(member, |(header, ..)| header.set_entry_type(tar::EntryType::Char)), "a device"),
        (|member| !member.1.ends_with("/playbook.toml"), "playbook.toml should come next"),
    ];
    for (forge, sentence) in cases {
        let why = fault(&edited(&BUNDLE, forge));
        assert!(why.contains(sentence) && why.lines().count() == 1, "{sentence}: {why}");
    }
}

#[test]
fn a_manifest_that_leads_outside_or_asks_for_too_much_is_refused_before_anything_is_read() {
    let cases: [(&str, &str, &str); 6] = [
        ("\"path\": \"playbook.toml\"", "\"path\": \"../escaped\"", "may lead elsewhere"),
        ("\"path\": \"playbook.toml\"", "\"path\": \"/etc/passwd\"", "may lead elsewhere"),
        ("\"path\": \"playbook.toml\"", "\"path\": \"comms/a\"", "twice or not in order"),
        ("\"format\": 1", "\"format\": 2", "use a newer one"),
        ("\"bytes\": ", "\"bytes\": 99999999", "may have at most"),
        ("\"incident\"", "\"incidend\"", "cannot be understood"),
    ];
    for (from, to, sentence) in cases {
        let forged = edited(&BUNDLE, |(_, path, body)| {
            if path.ends_with("/manifest.json") {
                let text = String::from_utf8(body.clone()).expect("a text");
                assert!(text.contains(from), "the manifest holds {from}");
                *body = text.replacen(from, to, 1).into_bytes();
            }
            true
        });
        let why = fault(&forged);
        assert!(why.contains(sentence), "{to}: {why}");
    }
}

/// An unpacker reads over some of these: of a frame's header, and of the seal itself.
#[test]
fn every_bit_at_either_end_is_watched() {
    let ends = (0..16).chain(BUNDLE.len() - SEAL..BUNDLE.len());
    for (at, bit) in ends.flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut flipped = BUNDLE.clone();
        flipped[at] ^= 1 << bit;
        assert!(verified(&flipped).is_err(), "bit {bit} of byte {at}");
    }
}

#[test]
fn a_bomb_is_refused_without_being_unpacked() {
    let zeros = sealed(zstd::encode_all(std::io::repeat(0).take(1 << 28), 1).expect("packed"));
    assert!(zeros.len() < 1 << 20, "a small file");
    assert!(fault(&zeros).contains("does not begin with manifest.json"));
    let mut inside = archive(&BUNDLE);
    inside.extend(std::iter::repeat_n(0, 64 << 20));
    assert!(fault(&resealed(&inside)).contains("holds more than its manifest lists"));
    let frames = [&BUNDLE[..BUNDLE.len() - SEAL], &zeros[..zeros.len() - SEAL]].concat();
    assert!(fault(&sealed(frames)).contains("holds more than its manifest lists"), "a second frame");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_truncation_and_any_flipped_bit_is_found(place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let cut = place.index(BUNDLE.len());
        prop_assert!(verified(&BUNDLE[..cut]).is_err(), "cut at {}", cut);
        let mut flipped = BUNDLE.clone();
        flipped[cut] ^= 1 << bit;
        prop_assert!(verified(&flipped).is_err(), "bit {} of byte {}", bit, cut);
    }

    #[test]
    fn any_byte_of_the_archive_that_is_changed_and_sealed_anew_is_found(place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut inside = archive(&BUNDLE);
        let at = place.index(inside.len());
        inside[at] ^= 1 << bit;
        let found = verified(&resealed(&inside));
        prop_assert!(found.is_err() || found.is_ok_and(|found| !found.ok()), "bit {} of byte {}", bit, at);
    }
}
