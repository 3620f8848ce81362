//! Bundles made by the real binary, and what is in them.

use crate::flown::directory::goaround;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Runs the program; its exit code and everything it said, complaints first.
pub fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = goaround().args(arguments).output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned())
}

/// A path as an argument.
pub fn name(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Packs a directory; the bundle's bytes.
pub fn packed(directory: &Path, more: &[&str]) -> (PathBuf, Vec<u8>) {
    packed_as(0, directory, more)
}

/// The same of one that may be damaged, which is packed all the same and ends with 1.
pub fn packed_as(expected: i32, directory: &Path, more: &[&str]) -> (PathBuf, Vec<u8>) {
    let output = directory.with_extension("tar.zst");
    let (code, said) = run(&[&["bundle", name(directory), "--force", "--output", name(&output)], more].concat());
    assert_eq!(code, Some(expected), "{said}");
    assert_eq!(said.contains("DAMAGED"), expected == 1, "{said}");
    assert_eq!(said.lines().last(), output.to_str(), "the bundle is the last line");
    let bytes = fs::read(&output).expect("a bundle");
    (output, bytes)
}

/// How long the seal at the end of a bundle is.
pub const SEAL: usize = 40;

/// The archive inside.
pub fn archive(bundle: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut unpacker = zstd::stream::read::Decoder::new(&bundle[..bundle.len() - SEAL]).expect("an unpacker");
    unpacker.read_to_end(&mut out).expect("it unpacks");
    out
}
