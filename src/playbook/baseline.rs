//! What relative limits are relative to.

use std::path::PathBuf;

/// What relative limits are relative to.
#[derive(Clone, Debug)]
pub enum Baseline {
    /// This value, in the metric's unit.
    Value(f64),
    /// The number at this JSON pointer in this file (relative to the playbook's folder).
    File {
        /// The file.
        path: PathBuf,
        /// The JSON pointer in it.
        at: String,
    },
    /// The metric's own value this many milliseconds before the cockpit opened.
    Offset(u64),
    /// The median of what was read in the first so many milliseconds after the cockpit opened, while nothing was wrong.
    AtStart(u64),
}
