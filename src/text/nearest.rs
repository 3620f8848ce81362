//! What was probably meant by a name that nobody knows.

/// The known name that was probably meant: a slip in at most a third of its letters.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let written = written.to_lowercase();
    let length = written.chars().count();
    let far = |name: &str| strsim::damerau_levenshtein(&written, &name.to_lowercase());
    let close = |name: &&str| far(name) <= (name.chars().count().max(length) / 3).max(1) && far(name) < length;
    known.into_iter().filter(close).min_by_key(|name| far(name))
}
