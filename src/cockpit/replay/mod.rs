//! An incident as a tape: where each event lies on it, and where one stands. What was true there is for the same fold to say.

mod reel;
mod scrub;
mod tape;
mod trace;

pub use reel::{BOOKMARKS_MAX, Reel, SPEEDS};
pub use scrub::Scrub;
pub use tape::{Cursor, Tape};
pub(super) use trace::{Cell, column, trace};
