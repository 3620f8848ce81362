//! A table for a terminal: one line each, as wide as there is room for.

use crossterm::terminal::size;
use std::io::{IsTerminal, stdout};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands where a cell was cut.
const CUT: &str = "..";

/// One column.
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) side: Side,
    /// How narrow it may become where there is no room; `None` never narrower than what stands in it.
    pub(super) least: Option<usize>,
    pub(super) cells: Vec<String>,
}

/// To which side a column leans.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// How wide a line may be; `None` where nothing limits it, as in a pipe.
pub(super) fn room() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let asked = || stdout().is_terminal().then(size)?.ok().map(|(columns, _)| usize::from(columns));
    told.or_else(asked).filter(|columns| *columns > 0)
}

/// How wide the table is where every column that may give way has done so.
pub(super) fn least(columns: &[Column]) -> usize {
    let widths = columns.iter().map(|column| column.widest().min(column.least.unwrap_or(usize::MAX)) + 1);
    widths.sum::<usize>().saturating_sub(1)
}

/// How wide the table is where every cell is whole.
fn natural(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.widest() + 1).sum::<usize>().saturating_sub(1)
}

/// The heading and every row, none wider than `room`. The columns that may give way do so, the last of them first.
pub(super) fn lines(columns: &[Column], room: Option<usize>) -> Vec<String> {
    let mut widths: Vec<usize> = columns.iter().map(Column::widest).collect();
    let mut over = natural(columns).saturating_sub(room.unwrap_or(usize::MAX));
    for (width, column) in widths.iter_mut().zip(columns).rev() {
        let give = width.saturating_sub(column.least.unwrap_or(usize::MAX)).min(over);
        *width -= give;
        over -= give;
    }
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or_default();
    let line = |cell: &dyn Fn(&Column) -> String| {
        let cells = columns.iter().zip(&widths).map(|(column, width)| column.side.fill(&cell(column), *width));
        let whole = cells.collect::<Vec<_>>().join(" ");
        cut(whole.trim_end(), room.unwrap_or(usize::MAX))
    };
    let head = std::iter::once(line(&|column| column.title.to_owned()));
    head.chain((0..rows).map(|row| line(&|column| column.cells.get(row).cloned().unwrap_or_default()))).collect()
}

impl Column {
    pub(super) fn left(title: &'static str, cells: Vec<String>) -> Self {
        Self { title, side: Side::Left, least: None, cells }
    }

    pub(super) fn right(title: &'static str, cells: Vec<String>) -> Self {
        Self { side: Side::Right, ..Self::left(title, cells) }
    }

    /// The same, and how narrow it may become.
    pub(super) fn least(self, least: usize) -> Self {
        Self { least: Some(least), ..self }
    }

    fn widest(&self) -> usize {
        self.cells.iter().map(|cell| cell.width()).max().unwrap_or_default().max(self.title.width())
    }
}

impl Side {
    fn fill(self, cell: &str, width: usize) -> String {
        let cell = cut(cell, width);
        let blank = " ".repeat(width.saturating_sub(cell.width()));
        match self {
            Self::Left => cell + &blank,
            Self::Right => blank + &cell,
        }
    }
}

/// The beginning of a text that fits, marked where it was cut.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut left) = (String::new(), width.saturating_sub(CUT.len()));
    for c in text.chars() {
        let wide = c.width().unwrap_or_default();
        if wide > left {
            break;
        }
        left -= wide;
        kept.push(c);
    }
    kept + &CUT[..CUT.len().min(width)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_that_may_give_way_is_cut_and_the_others_are_whole() {
        let column = |title, cell: &str| Column::left(title, vec![cell.to_owned()]);
        let columns = [column("WHAT", "a-long-name").least(6), column("STATE", "recovered")];
        assert_eq!(lines(&columns, Some(16)), ["WHAT   STATE", "a-lo.. recovered"]);
        assert_eq!(lines(&columns, None), ["WHAT        STATE", "a-long-name recovered"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_room(
            cells in prop::collection::vec("\\PC{0,40}", 1..6),
            least in prop::option::of(1_usize..20),
            room in 1_usize..100,
        ) {
            let column = |cell: &String| Column { least, ..Column::right("HEAD", vec![cell.clone()]) };
            let columns: Vec<Column> = cells.iter().map(column).collect();
            for line in lines(&columns, Some(room)) {
                prop_assert!(line.width() <= room, "{line:?} in {room}");
            }
        }
    }
}
