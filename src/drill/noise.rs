//! Noise that depends on what is asked, never on who asked before.
//!
//! A generator with a state would make every value depend on the order of calls, and two drills of one seed would
//! part at the first extra look. So each value is drawn by hashing the seed, a name and a time.

use sha2::{Digest, Sha256};

/// A number from -1 to 1 for this name at this time.
pub(super) fn swing(seed: u64, name: &str, at_ms: i64) -> f64 {
    share(seed, name, at_ms).mul_add(2.0, -1.0)
}

/// A number from 0 (in) to 1 (out) for this name at this time.
pub(super) fn share(seed: u64, name: &str, at_ms: i64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(at_ms.to_be_bytes());
    hash.update(name.as_bytes());
    let digest = hash.finalize();
    let bits = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// One of `many` places, which must be some.
pub(super) fn pick(seed: u64, many: usize) -> usize {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(b"random");
    let digest = hash.finalize();
    usize::from(u16::from_be_bytes([digest[0], digest[1]])) % many
}
