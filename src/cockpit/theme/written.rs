//! A theme file: a look for each token, or for those that differ from the theme it inherits.

use super::look::{Look, styles};
use super::token::{TOKENS, Token};
use super::{Theme, xterm};
use crate::text::{line_of, nearest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// A theme inherits from one that inherits from one …: no deeper than this.
const DEPTH_MAX: usize = 8;

/// A theme as it was found.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called.
    pub name: String,
    /// Its file, if it is not one of goaround's own.
    pub place: Option<String>,
    /// What is written there, or why that cannot be had.
    pub toml: Result<String, String>,
}

/// Finds the theme of a name, or says that there is none.
type Find<'f, 's> = &'f dyn Fn(&str) -> Result<&'s Source, String>;

/// The file's shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The version of this shape.
    format: u32,
    /// The theme whose looks it has where it gives none.
    inherits: Option<Spanned<String>>,
    /// Looks, by token.
    #[serde(default)]
    tokens: BTreeMap<String, Spanned<String>>,
    /// Which of 256 colours stands for a token's `#rrggbb`, where the nearest will not do.
    #[serde(default)]
    indexed: BTreeMap<String, Spanned<u8>>,
}

/// Reads a theme and those it inherits from; an error is one sentence with the file and what to do.
pub(super) fn read<'s>(source: &'s Source, find: Find<'_, 's>) -> Result<Theme, String> {
    let mut layers = vec![Layer::read(source)?];
    while let Some(parent) = layers[layers.len() - 1].parent(find, &layers)? {
        layers.push(Layer::read(parent)?);
    }
    let mut looks = BTreeMap::new();
    for layer in layers.iter().rev() {
        layer.put_on(&mut looks)?;
    }
    if let Some(missing) = TOKENS.iter().find(|row| !looks.contains_key(&row.token)) {
        let place = source.called();
        return Err(format!("{place}: `{}` has no look; give it one, or say `inherits = \"dark\"`", missing.name));
    }
    Ok(Theme { name: source.name.clone(), styles: styles(&looks), looks })
}

impl Source {
    /// What sentences about it begin with.
    fn called(&self) -> String {
        self.place.clone().unwrap_or_else(|| format!("{}.toml", self.name))
    }
}

/// One file of a theme.
struct Layer<'a> {
    source: &'a Source,
    toml: &'a str,
    written: Written,
}

impl<'a> Layer<'a> {
    fn read(source: &'a Source) -> Result<Self, String> {
        let toml = source.toml.as_ref().map_err(|why| format!("{}: {why}", source.called()))?;
        let written: Written = toml::from_str(toml).map_err(|error| {
            let line = line_of(toml, error.span().map_or(0, |span| span.start));
            format!("{}:{line}: {}", source.called(), error.message())
        })?;
        if written.format != 1 {
            let format = written.format;
            return Err(format!("{}: format {format} is not known here, only 1 is", source.called()));
        }
        Ok(Self { source, toml, written })
    }

    /// What it inherits from; `layers` are those that led here, itself the last.
    fn parent<'s>(&self, find: Find<'_, 's>, layers: &[Layer]) -> Result<Option<&'s Source>, String> {
        let Some(wanted) = &self.written.inherits else { return Ok(None) };
        let parent = find(wanted.get_ref()).map_err(|why| self.fault(wanted.span(), &why))?;
        let mut chain: Vec<&str> = layers.iter().map(|layer| layer.source.name.as_str()).collect();
        let circle = chain.contains(&parent.name.as_str());
        chain.push(&parent.name);
        if circle {
            let chain = chain.join(" inherits ");
            return Err(self.fault(wanted.span(), &format!("{chain}: this has no end; inherit one of goaround's own")));
        }
        if chain.len() > DEPTH_MAX {
            let sentence = format!("more than {DEPTH_MAX} themes inherit from each other; inherit one nearer the end");
            return Err(self.fault(wanted.span(), &sentence));
        }
        Ok(Some(parent))
    }

    /// Lays its own looks over those it inherits.
    fn put_on(&self, looks: &mut BTreeMap<Token, Look>) -> Result<(), String> {
        for (name, written) in &self.written.tokens {
            let token = self.token(name, written.span())?;
            let look = Look::parse(written.get_ref())
                .map_err(|why| self.fault(written.span(), &format!("`{name}`: {why}")))?;
            looks.insert(token, look);
        }
        for (name, written) in &self.written.indexed {
            let (token, index) = (self.token(name, written.span())?, *written.get_ref());
            if index < xterm::CUBE {
                let sentence = format!("`{name}`: colour {index} differs from terminal to terminal; use 16 to 255");
                return Err(self.fault(written.span(), &sentence));
            }
            let Some(look) = looks.get_mut(&token).filter(|look| look.is_true_colour()) else {
                let sentence =
                    format!("`{name}` stands in [indexed] and has no `#rrggbb` that {index} would stand for");
                return Err(self.fault(written.span(), &sentence));
            };
            look.index = Some(index);
        }
        Ok(())
    }

    fn token(&self, name: &str, span: Range<usize>) -> Result<Token, String> {
        if let Some(row) = TOKENS.iter().find(|row| row.name == name) {
            return Ok(row.token);
        }
        let hint = match nearest(name, TOKENS.iter().map(|row| row.name)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`goaround themes dark` lists them".to_owned(),
        };
        Err(self.fault(span, &format!("`{name}` is no token; {hint}")))
    }

    /// A sentence about what stands there.
    fn fault(&self, span: Range<usize>, sentence: &str) -> String {
        format!("{}:{}: {sentence}", self.source.called(), line_of(self.toml, span.start))
    }
}
