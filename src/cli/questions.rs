//! Questions from a file, one a line, as `why ask --batch` reads them: all of it, before anything
//! is asked.

use std::path::Path;

use crate::ask::failure;
use crate::error::{Class, Failure};

/// The questions with their lines, counted from 1; blank lines and `//` are none.
pub(super) fn read(file: &Path) -> Result<Vec<(u64, String)>, Failure> {
    let bytes = std::fs::read(file).map_err(|error| failure::no_batch(file, &error))?;
    let mut questions = Vec::new();
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = std::str::from_utf8(line).map_err(|_| failure::no_text(number))?;
        let text = line.trim();
        if !text.is_empty() && !text.starts_with("//") {
            questions.push((number, text.to_owned()));
        }
    }
    if questions.is_empty() {
        return Err(Failure::new(
            Class::User,
            "no_questions",
            format!("There is no question in {}.", file.display()),
            "Write one a line: `acme revenue as of 2025-03-01`.",
        ));
    }
    Ok(questions)
}

/// A question of a file that can't be used, with its place.
pub(super) fn on_line(number: u64, failure: Failure) -> Failure {
    Failure {
        text: format!("Line {number}: {}", failure.text),
        ..failure
    }
}
