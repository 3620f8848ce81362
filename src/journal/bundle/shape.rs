//! A bundle's bytes: which header stands before which file, and the seal behind everything.
//!
//! A reader compares instead of parsing: for each file there is exactly one header that a bundle may have, so that a
//! link, a device or a path that leads outside is never even looked at.

use sha2::{Digest, Sha256};
use std::io;

/// A tar archive is made of blocks of so many bytes.
pub(super) const BLOCK: usize = 512;
/// What ends a tar archive.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];
/// A skippable frame of Zstandard (RFC 8878, 3.1.2) with 32 bytes in it: every unpacker passes over it.
const SEAL_HEAD: [u8; 8] = [0x5a, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
/// How long the seal is.
pub(super) const SEAL: usize = SEAL_HEAD.len() + 32;

/// The one header that stands before a file; several blocks where its name is long.
pub(super) fn header(path: &str, bytes: u64, at: u64) -> io::Result<Vec<u8>> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(at);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, path, io::empty())?;
    Ok(builder.get_ref().clone())
}

/// How many zeros fill the last block of a file.
pub(super) fn padding(bytes: u64) -> usize {
    usize::try_from(bytes.next_multiple_of(BLOCK as u64) - bytes).expect("less than a block")
}

/// The seal of everything before it: any bit that changed since is found, also one that no unpacker would notice.
pub(super) fn seal(hasher: Sha256) -> [u8; SEAL] {
    let mut seal = [0; SEAL];
    seal[..SEAL_HEAD.len()].copy_from_slice(&SEAL_HEAD);
    seal[SEAL_HEAD.len()..].copy_from_slice(&hasher.finalize());
    seal
}

/// Whether these bytes could be a seal.
pub(super) fn is_seal(bytes: &[u8]) -> bool {
    bytes.starts_with(&SEAL_HEAD)
}
