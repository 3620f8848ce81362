//! The meanings that themes give a look to.

/// A meaning that a theme gives a look to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// The screen behind everything.
    Bg,
    /// Behind a panel.
    Panel,
    /// Behind a dialog.
    Modal,
    /// Plain text.
    Fg,
    /// What matters less.
    Muted,
    /// Lines between things.
    Rule,
    /// Where keys go.
    Focus,
    /// Behind the selected row.
    SelBg,
    /// The selected row.
    SelFg,
    /// Fresh, inside its limits; done.
    Ok,
    /// Getting bad.
    Warn,
    /// A stop limit is broken; failed.
    Breach,
    /// Nothing is known.
    Nodata,
    /// Known, but too old.
    Stale,
    /// Under way.
    Running,
    /// Declared done against its sensor.
    Override,
    /// Put off.
    Deferred,
    /// Behind an armed lever.
    ArmedBg,
    /// An armed lever.
    ArmedFg,
    /// A drill, not production.
    Drill,
    /// A recording, not now.
    Replay,
    /// A chart's bars.
    Chart,
    /// A chart's limits.
    Limit,
    /// A chart's event marks.
    Event,
}

/// One token: its name in theme files, and a few words as the cockpit would write them in it.
pub struct TokenRow {
    /// The token.
    pub token: Token,
    /// Its name in theme files.
    pub name: &'static str,
    /// What a preview shows in it.
    pub sample: &'static str,
}

/// Every token.
#[rustfmt::skip]
pub const TOKENS: [TokenRow; 24] = [
    row(Token::Bg, "bg", ""),
    row(Token::Panel, "panel", ""),
    row(Token::Modal, "modal", ""),
    row(Token::Fg, "fg", "0.41%"),
    row(Token::Muted, "muted", "age 3s"),
    row(Token::Rule, "rule", "-----"),
    row(Token::Focus, "focus", ">"),
    row(Token::SelBg, "sel_bg", ""),
    row(Token::SelFg, "sel_fg", ""),
    row(Token::Ok, "ok", "+ OK"),
    row(Token::Warn, "warn", "! WARN"),
    row(Token::Breach, "breach", "X BREACH"),
    row(Token::Nodata, "nodata", "? NODATA"),
    row(Token::Stale, "stale", "~ STALE"),
    row(Token::Running, "running", "[>] RUNNING"),
    row(Token::Override, "override", "[o] OVERRIDDEN"),
    row(Token::Deferred, "deferred", "[d] DEFERRED"),
    row(Token::ArmedBg, "armed_bg", ""),
    row(Token::ArmedFg, "armed_fg", "24s left"),
    row(Token::Drill, "drill", ""),
    row(Token::Replay, "replay", ""),
    row(Token::Chart, "chart", "##_###"),
    row(Token::Limit, "limit", "--- stop"),
    row(Token::Event, "event", "D 1-6"),
];

const fn row(token: Token, name: &'static str, sample: &'static str) -> TokenRow {
    TokenRow { token, name, sample }
}

impl TokenRow {
    /// Whether it is the state of a metric or a step: a glyph and a word say it as well as its colour.
    pub fn is_state(&self) -> bool {
        STATES.contains(&self.token)
    }
}

/// The states of metrics and steps that have a colour of their own.
pub const STATES: [Token; 8] = [
    Token::Ok,
    Token::Warn,
    Token::Breach,
    Token::Nodata,
    Token::Stale,
    Token::Running,
    Token::Override,
    Token::Deferred,
];

impl Token {
    /// Whether it colours what is behind a text.
    pub(super) fn is_behind(self) -> bool {
        matches!(self, Self::Bg | Self::Panel | Self::Modal | Self::SelBg | Self::ArmedBg)
    }

    /// What it is called in theme files.
    pub fn name(self) -> &'static str {
        TOKENS.iter().find(|row| row.token == self).map_or("", |row| row.name)
    }
}
