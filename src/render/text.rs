//! An answer as text for a terminal. Line one is the answer.

use crate::answer::Answer;
use crate::error::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    Usual,
    /// With the receipt.
    Verbose,
}

/// How to write for this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// In columns.
    pub width: usize,
    pub colour: Colour,
    pub verbosity: Verbosity,
}

#[must_use]
pub fn answer(answer: &Answer, style: &Style) -> String {
    let _ = style;
    answer.id.clone()
}

#[must_use]
pub fn failure(failure: &Failure, style: &Style) -> String {
    let _ = style;
    failure.to_string()
}
