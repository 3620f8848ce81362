//! A metric over time in plain characters: bars, limits, and gaps that are never joined.
//!
//! Bounds are always finite and fixed before anything is drawn; hostile values are clamped into them.

use super::row::Row;
use super::theme::{Theme, Token};
use super::words;
use crate::metrics::Point;
use crate::playbook::Unit;
use ratatui::text::Line;

/// What a chart is drawn from.
pub(super) struct Chart<'a> {
    pub(super) theme: &'a Theme,
    pub(super) points: &'a [Point],
    pub(super) unit: Unit,
    /// Rows that carry a line: word, bound, stroke.
    pub(super) limits: Vec<Limit>,
    /// Marks below the bars: when, and one letter.
    pub(super) marks: Vec<(i64, char)>,
    pub(super) now_ms: i64,
    pub(super) window_ms: i64,
}

/// One horizontal line.
pub(super) struct Limit {
    pub(super) word: &'static str,
    pub(super) bound: f64,
    pub(super) stroke: char,
}

/// Columns of the scale at the left.
pub(super) const SCALE: usize = 9;
/// Columns of the limits' words at the right.
const WORDS: usize = 6;
/// The largest value drawn; beyond it sums and differences would lose their meaning.
const VALUE_MAX: f64 = 1e15;

impl Chart<'_> {
    /// The chart in `height` rows; empty where there is no room for one.
    pub(super) fn lines(&self, width: usize, height: usize) -> Vec<Line<'static>> {
        if width < SCALE + WORDS + 8 || height < 3 {
            return Vec::new();
        }
        let columns = self.columns(width - SCALE - WORDS);
        if columns.iter().all(Option::is_none) {
            let none = Row::new(self.theme).to(SCALE).put(Token::Muted, "no samples in this window");
            return vec![none.line()];
        }
        let rows = height - 1;
        let top = self.top(&columns);
        let mut lines: Vec<Line> = (0..rows).map(|row| self.row(&columns, row, (rows, top))).collect();
        lines.push(self.marks(columns.len()));
        lines
    }

    /// The last value of each column's span of time; `None` is a gap.
    fn columns(&self, count: usize) -> Vec<Option<f64>> {
        let mut columns: Vec<Option<f64>> = vec![None; count];
        let mut gaps = vec![false; count];
        for point in self.points {
            let Some(column) = self.column_of(point.sampled_ms, count) else { continue };
            match point.value.filter(|value| value.is_finite()) {
                Some(value) => {
                    columns[column] = Some(value.clamp(-VALUE_MAX, VALUE_MAX));
                    gaps[column] = false;
                }
                None => gaps[column] = true,
            }
        }
        Self::fill(&mut columns, &gaps);
        columns
    }

    /// Where samples are rarer than columns, a value stands until the next one is due; a gap ends it.
    fn fill(columns: &mut [Option<f64>], gaps: &[bool]) {
        let known: Vec<usize> = (0..columns.len()).filter(|column| columns[*column].is_some()).collect();
        let mut distances: Vec<usize> = known.windows(2).map(|pair| pair[1] - pair[0]).collect();
        distances.sort_unstable();
        let usual = distances.get(distances.len() / 2).copied().unwrap_or(1);
        let mut last: Option<(usize, f64)> = None;
        for column in 0..columns.len() {
            match (columns[column], last) {
                (_, _) if gaps[column] => last = None,
                (Some(value), _) => last = Some((column, value)),
                (None, Some((from, value))) if column - from < usual => columns[column] = Some(value),
                (None, _) => {}
            }
        }
    }

    fn column_of(&self, at_ms: i64, count: usize) -> Option<usize> {
        let into = at_ms.saturating_sub(self.now_ms.saturating_sub(self.window_ms));
        if into < 0 || into > self.window_ms {
            return None;
        }
        let wide = usize::try_from(into).ok()?.checked_mul(count)? / usize::try_from(self.window_ms.max(1)).ok()?;
        Some(wide.min(count - 1))
    }

    /// The top of the scale: a little above everything drawn. The bottom is zero.
    fn top(&self, columns: &[Option<f64>]) -> f64 {
        let values = columns.iter().flatten().copied();
        let bounds = self.limits.iter().map(|limit| limit.bound).filter(|bound| bound.is_finite());
        let most = values.chain(bounds).fold(0.0_f64, f64::max).min(VALUE_MAX);
        if most > 0.0 { most * 1.15 } else { 1.0 }
    }

    fn row(&self, columns: &[Option<f64>], row: usize, (rows, top): (usize, f64)) -> Line<'static> {
        let place = |part: usize| top * as_f64(part) / as_f64(rows);
        let (floor, middle) = (place(rows - row - 1), place(rows - row) / 2.0 + place(rows - row - 1) / 2.0);
        let limit = self.limits.iter().find(|limit| limit.bound >= floor && limit.bound < place(rows - row));
        let at = limit.map_or(middle, |limit| limit.bound);
        let label = if row + 1 == rows && limit.is_none() { 0.0 } else { at };
        let scale = format!("{:>7} |", words::clip(&words::value(label, self.unit), 7));
        let mut line = Row::new(self.theme).put(Token::Muted, &scale);
        for value in columns {
            line = match (value, limit) {
                (Some(value), _) if *value >= middle => line.put(Token::Chart, "#"),
                (Some(value), None) if *value > floor => line.put(Token::Chart, "."),
                (None, _) if row + 1 == rows => line.put(Token::Muted, "?"),
                (None, _) => line.put(Token::Muted, " "),
                (Some(_), Some(limit)) => line.put(stroke_token(limit), &limit.stroke.to_string()),
                (Some(_), None) => line.put(Token::Muted, " "),
            };
        }
        match limit {
            Some(limit) => line.put(stroke_token(limit), &format!(" {}", limit.word)).line(),
            None => line.line(),
        }
    }

    fn marks(&self, count: usize) -> Line<'static> {
        let mut letters = vec![' '; count];
        for (at_ms, letter) in &self.marks {
            if let Some(column) = self.column_of(*at_ms, count) {
                letters[column] = *letter;
            }
        }
        let start = format!("{:>8} ", format!("-{}", words::age(u64::try_from(self.window_ms).unwrap_or(0))));
        let letters: String = letters.into_iter().collect();
        Row::new(self.theme).put(Token::Muted, &start).put(Token::Event, &letters).put(Token::Muted, "now").line()
    }
}

fn stroke_token(limit: &Limit) -> Token {
    if limit.word == "stop" { Token::Limit } else { Token::Muted }
}

#[expect(clippy::cast_precision_loss, reason = "a count of screen rows")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
