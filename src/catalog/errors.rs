//! What is wrong with a catalog file, all of it at once.
//!
//! Each [`Error`] stands at a line and a column, says what is wrong and what to
//! write instead. The Display text of [`Errors`] is what a person reads.

use super::write;
use crate::error::{Class, Failure};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub what: String,
    /// What to write instead.
    pub advice: String,
}

/// Everything that is wrong with one file, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errors {
    origin: String,
    errors: Vec<Error>,
}

impl Errors {
    /// `origin` names the file as the person knows it.
    pub(super) fn new(origin: &str, errors: Vec<Error>) -> Self {
        Errors {
            origin: origin.to_owned(),
            errors,
        }
    }

    #[must_use]
    pub fn all(&self) -> &[Error] {
        &self.errors
    }

    /// The form in which a command reports it.
    #[must_use]
    pub fn failure(&self) -> Failure {
        Failure::new(
            Class::User,
            "bad_catalog",
            self.to_string(),
            "Mend these lines, then run `why catalog check`.",
        )
    }
}

impl std::fmt::Display for Errors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for error in &self.errors {
            writeln!(
                f,
                "{}:{}:{}: {}",
                self.origin, error.line, error.column, error.what
            )?;
            for line in error.advice.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        match self.errors.len() {
            1 => write!(f, "1 error in {}", self.origin),
            count => write!(f, "{count} errors in {}", self.origin),
        }
    }
}

impl std::error::Error for Errors {}

/// Collects what is wrong while a file is read; positions are byte offsets.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Problem>,
    /// Where the text breaks the syntax of TOML.
    broken_at: Vec<usize>,
}

#[derive(Debug)]
struct Problem {
    at: usize,
    what: String,
    advice: String,
}

impl Problems {
    pub(super) fn report(&mut self, at: usize, what: impl Into<String>, advice: impl Into<String>) {
        // The value that was made up for broken syntax is nobody's.
        if self.broken_at.contains(&at) {
            return;
        }
        self.found.push(Problem {
            at,
            what: what.into(),
            advice: advice.into(),
        });
    }

    pub(super) fn report_syntax(&mut self, at: usize, message: &str, advice: &str) {
        self.report(at, format!("not TOML: {message}"), advice);
        self.broken_at.push(at);
    }

    /// What is missing may only seem so.
    pub(super) fn is_broken(&self) -> bool {
        !self.broken_at.is_empty()
    }

    /// `Ok` where nothing is wrong.
    pub(super) fn into_result(self, text: &str, origin: &str) -> Result<(), Errors> {
        if self.found.is_empty() {
            return Ok(());
        }
        let mut errors: Vec<Error> = self
            .found
            .into_iter()
            .map(|problem| {
                let (line, column) = position(text, problem.at);
                Error {
                    line,
                    column,
                    what: problem.what,
                    advice: problem.advice,
                }
            })
            .collect();
        errors.sort_by_key(|error| (error.line, error.column));
        errors.dedup();
        Err(Errors::new(origin, errors))
    }
}

/// Text as it can stand in a sentence: as TOML writes it, and not too long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => write::quoted(&format!("{}…", text.get(..end).unwrap_or(text))),
        None => write::quoted(text),
    }
}

/// Line and column, from 1, of a byte offset; past the end means the end.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text
        .char_indices()
        .take_while(|(offset, _)| *offset < at)
        .map(|(_, c)| c);
    before.fold((1, 1), |(line, column), c| match c {
        '\n' => (line + 1, 1),
        _ => (line, column + 1),
    })
}
