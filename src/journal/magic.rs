//! What a bundle begins with.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a Zstandard frame begins with.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether a plain file begins as a bundle does.
pub(super) fn is_a_bundles(path: &Path) -> bool {
    let mut found = [0; MAGIC.len()];
    // A FIFO would wait for ever.
    let opened = path.metadata().is_ok_and(|meta| meta.is_file()).then(|| File::open(path));
    opened.and_then(Result::ok).is_some_and(|mut file| file.read_exact(&mut found).is_ok()) && found == MAGIC
}
