//! The arithmetic of gold questions: ΔS, and what many values come to.

/// Why there is no ΔS between two vectors. It is never replaced by a number: 0 would say "the same".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// They are of different lengths, so they are of different models.
    Lengths(usize, usize),
    /// One of them is empty, all zeros, or holds what is no finite number: it points nowhere.
    NoDirection,
}

/// ΔS = 1 − cos(a, b) = 1 − a·b / (|a| |b|), between 0 (the same direction) and 2 (the opposite one); 1 is unrelated.
/// The length of a vector does not matter.
///
/// Sources: seed 001, FAQ ("how much the retrieved content drifts from the expected anchor", at most 0.45 is safe; B12,
/// C5), seed 000 (a drift of its p95 by more than 0.15 is a trigger, A1; observed as ΔS(question, retrieved) and
/// ΔS(retrieved, anchor), A67, A68, C37). The seeds give no formula; the cosine is that of the index they build (C42).
pub fn delta_s(a: &[f64], b: &[f64]) -> Result<f64, Undefined> {
    if a.len() != b.len() {
        return Err(Undefined::Lengths(a.len(), b.len()));
    }
    let (a, b) = (direction(a)?, direction(b)?);
    let cosine: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
    Ok(from_cosine(cosine.clamp(-1.0, 1.0)))
}

/// ΔS of a cosine similarity that somebody else has reckoned, from −1 to 1.
pub(super) fn from_cosine(cosine: f64) -> f64 {
    1.0 - cosine
}

/// A vector of length one; scaled by its largest part first, so that no square grows or shrinks out of bounds.
fn direction(vector: &[f64]) -> Result<Vec<f64>, Undefined> {
    let largest = vector.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
    let sound = vector.iter().all(|part| part.is_finite()) && largest > 0.0;
    if !sound {
        return Err(Undefined::NoDirection);
    }
    let scaled: Vec<f64> = vector.iter().map(|part| part / largest).collect();
    let length = scaled.iter().map(|part| part * part).sum::<f64>().sqrt();
    Ok(scaled.into_iter().map(|part| part / length).collect())
}

/// The mean; nothing of nothing. Summed in order of size, so that the order of the questions does not matter.
#[expect(clippy::cast_precision_loss, reason = "a run has a few hundred values")]
pub fn mean(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    (!sorted.is_empty()).then(|| sorted.iter().sum::<f64>() / sorted.len() as f64)
}

/// The median: the least value that half of them do not exceed.
pub fn p50(values: &[f64]) -> Option<f64> {
    rank(values, 50)
}

/// The least value that 95 % of them do not exceed.
pub fn p95(values: &[f64]) -> Option<f64> {
    rank(values, 95)
}

/// The nearest rank: no value is shown that was not measured.
fn rank(values: &[f64], percent: usize) -> Option<f64> {
    let sorted = sorted(values);
    sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}
