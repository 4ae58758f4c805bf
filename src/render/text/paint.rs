//! The five styles of terminal text, and the codes that switch them on.

use super::Colour;

/// What a piece of text is. Never the only sign of it: words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    /// Headings and names.
    Strong,
    /// The value, and whoever won it.
    Value,
    /// What is wrong.
    Alarm,
    /// What can be skipped.
    Dim,
}

impl Paint {
    /// Select Graphic Rendition, without colours that vanish on a light ground.
    fn code(self) -> &'static str {
        match self {
            Paint::Plain => "",
            Paint::Strong => "1",
            Paint::Value => "1;32",
            Paint::Alarm => "31",
            Paint::Dim => "2",
        }
    }

    pub(super) fn apply(self, text: &str, colour: Colour) -> String {
        match (colour, self.code()) {
            (Colour::Off, _) | (_, "") => text.to_owned(),
            (Colour::On, _) if text.is_empty() => text.to_owned(),
            (Colour::On, code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// A piece of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) paint: Paint,
    pub(super) text: String,
}

pub(super) fn span(paint: Paint, text: &str) -> Span {
    Span {
        paint,
        text: text.to_owned(),
    }
}

pub(super) fn plain(text: &str) -> Span {
    span(Paint::Plain, text)
}
