//! Durations as people write them.

/// The longest duration a playbook may hold: thirty days.
const LONGEST_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// `10s`, `1m 30s`, `250ms` in milliseconds, or what is wrong with it.
pub(crate) fn duration(text: &str) -> Result<u64, String> {
    let span = humantime::parse_duration(text).map_err(|_| format!("`{text}` is no duration"))?;
    match u64::try_from(span.as_millis()) {
        Ok(ms) if ms <= LONGEST_MS => Ok(ms),
        _ => Err(format!("`{text}` is longer than thirty days")),
    }
}
