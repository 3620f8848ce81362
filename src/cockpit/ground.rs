//! What is behind the terminal's text, and the theme that fits it.

use super::theme::Theme;

/// The luminance whose lightness (CIE L*) is 50 of 100: ((50 + 16) / 116)³.
const HALF_LIGHT: f64 = 0.184_187;

/// What is behind the terminal's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text stands on it.
    Dark,
    /// Dark text stands on it.
    Light,
}

impl Background {
    /// By a colour as X11 writes it, `rgb:RRRR/GGGG/BBBB` or `rgba:R/G/B/A` with one to four hexadecimal digits each.
    pub fn of_colour(colour: &str) -> Option<Self> {
        let channels = colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:"))?;
        let mut channels = channels.split('/').map(linear);
        let [red, green, blue] = [channels.next()??, channels.next()??, channels.next()??];
        // The weights of sRGB (IEC 61966-2-1).
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        Some(if luminance > HALF_LIGHT { Self::Light } else { Self::Dark })
    }
}

/// One channel as an amount of light, 0 to 1.
fn linear(digits: &str) -> Option<f64> {
    let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?).filter(|most| (16..=65_536).contains(most))? - 1;
    let part = f64::from(u32::from_str_radix(digits, 16).ok()?) / f64::from(most);
    Some(if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) })
}

/// A theme for each background, for whoever has named none.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// On a dark one.
    pub dark: Theme,
    /// On a light one.
    pub light: Theme,
}
