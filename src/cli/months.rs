//! A bar chart of months, as text: for each the bar of what was real beside that of the drills.

use super::columns::cut;
use crate::report::Group;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::bar;
use ratatui::text::Line;
use ratatui::widgets::{Bar, BarChart, BarGroup, Widget};
use std::collections::BTreeMap;

/// The height of the highest bar, in lines.
const HEIGHT: u16 = 5;
/// The width of one bar; two of them and the gap between are as wide as a month's name.
const BAR: u16 = 3;
/// The width of a month: two bars, each with a gap behind it, and the gap to the next month.
const MONTH: u16 = 2 * (BAR + 1) + GAP;
const GAP: u16 = 1;

/// Bars of letters that every terminal, pipe and mail has.
const ASCII: bar::Set = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "#",
    five_eighths: "#",
    half: "#",
    three_eighths: ".",
    one_quarter: ".",
    one_eighth: ".",
    empty: " ",
};

/// What the height of a bar stands for: of what was real, and of the drills.
pub(super) struct Height {
    pub(super) title: &'static str,
    pub(super) of: fn(&Group) -> [u64; 2],
    /// It in a word.
    pub(super) word: fn(u64) -> String,
    /// Whether it is no more than about that.
    pub(super) is_about: fn(&Group) -> [bool; 2],
}

/// The newest months that there is room for, those without anything among them; no chart where there is only one, or
/// every value is 0.
pub(super) fn chart(height: &Height, months: &[Group], room: usize) -> Vec<String> {
    let known: BTreeMap<i32, [u64; 2]> =
        months.iter().filter_map(|group| Some((number(group.name.as_str())?, (height.of)(group)))).collect();
    let (Some((first, _)), Some((last, _))) = (known.first_key_value(), known.last_key_value()) else {
        return Vec::new();
    };
    let fit = i32::try_from(room / usize::from(MONTH)).unwrap_or(i32::MAX).max(1);
    let shown: Vec<(i32, [u64; 2])> = (*first.max(&(last - fit + 1))..=*last)
        .map(|month| (month, known.get(&month).copied().unwrap_or_default()))
        .collect();
    let highest = shown.iter().flat_map(|(_, values)| *values).max().unwrap_or_default();
    if highest == 0 || shown.len() < 2 {
        return Vec::new();
    }
    let told = |group: &Group| (height.of)(group).into_iter().zip((height.is_about)(group));
    let is_about = months.iter().flat_map(told).any(|(value, is_about)| value == highest && is_about);
    let (title, about, highest_word) = (height.title, if is_about { "~" } else { "" }, (height.word)(highest));
    let head = format!("{title} (left LIVE, right drills; the highest is {about}{highest_word})");
    // A chart that begins in the middle must not look as if nothing had been before.
    let more = match usize::try_from(last - first + 1).unwrap_or_default() - shown.len() {
        0 => None,
        1 => Some("1 earlier month is not drawn: --json has it".to_owned()),
        more => Some(format!("{more} earlier months are not drawn: --json has them")),
    };
    let more = more.map(|more| cut(&more, room));
    std::iter::once(head).chain(drawn(&shown, highest)).chain(more).collect()
}

/// The bars as lines of text.
fn drawn(shown: &[(i32, [u64; 2])], highest: u64) -> Vec<String> {
    let mut bars = BarChart::default().bar_set(ASCII).bar_width(BAR).bar_gap(1).group_gap(GAP).max(highest);
    for (month, values) in shown {
        let both = values.map(|value| Bar::default().value(value).text_value(String::new()));
        bars = bars.data(BarGroup::default().label(Line::from(name(*month))).bars(&both));
    }
    let width = u16::try_from(shown.len()).unwrap_or(u16::MAX).saturating_mul(MONTH);
    let area = Rect::new(0, 0, width, HEIGHT + 1);
    let mut buffer = Buffer::empty(area);
    bars.render(area, &mut buffer);
    let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..area.height).map(row).collect()
}

/// `2026-11` as months since the year 0.
fn number(name: &str) -> Option<i32> {
    let (year, month) = name.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
}

/// The same as people write it.
fn name(number: i32) -> String {
    format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Side;

    const COUNT: Height = Height {
        title: "FLOWN",
        of: |group| [group.live.count, group.drills.count],
        word: |count| count.to_string(),
        is_about: |_| [false; 2],
    };

    fn month(name: &str, live: u64, drills: u64) -> Group {
        let side = |count| Side { count, ..Side::default() };
        Group { name: name.into(), live: side(live), drills: side(drills), pilot: Side::default(), rehearsals: 0 }
    }

    #[test]
    fn a_month_without_anything_keeps_its_place_and_every_bar_its_height() {
        let drawn = chart(&COUNT, &[month("2025-12", 0, 5), month("2026-02", 1, 2)], 80);
        let shown = [
            "FLOWN (left LIVE, right drills; the highest is 5)",
            "    ###",
            "    ###",
            "    ###",
            "    ###               ###",
            "    ###           ### ###",
            "2025-12  2026-01  2026-02",
        ];
        assert_eq!(drawn, shown);
    }

    #[test]
    fn the_newest_months_are_shown_where_there_is_no_room_for_all() {
        let months: Vec<Group> = (1..=12).map(|n| month(&format!("2026-{n:02}"), n, 0)).collect();
        for room in 1..=120 {
            let drawn = chart(&COUNT, &months, room);
            assert!(room < 18 || drawn[1..].iter().all(|line| line.len() <= room), "{room}: {drawn:?}");
            let names = drawn.get(usize::from(HEIGHT) + 1);
            assert!(names.is_none_or(|names| names.ends_with("2026-12")), "{room}: {drawn:?}");
            let says_so = drawn.last().is_some_and(|last| last.contains(" earlier month"));
            assert_eq!(says_so, names.is_some_and(|names| !names.starts_with("2026-01")), "{room}: {drawn:?}");
        }
    }

    #[test]
    fn one_month_or_none_is_no_chart() {
        assert_eq!(chart(&COUNT, &[month("2026-02", 1, 2)], 80), [""; 0]);
        assert_eq!(chart(&COUNT, &[month("2026-02", 0, 0), month("2026-03", 0, 0)], 80), [""; 0]);
        assert_eq!(chart(&COUNT, &[month("unknown", 3, 2)], 80), [""; 0]);
    }
}
