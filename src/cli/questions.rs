//! Questions from a file, one a line, as `why ask --batch` reads them: all of it, before anything
//! is asked.
//!
//! Every line that can't be used is told, not only the first. Start at [`read`].

use std::io::Read;
use std::path::Path;

use crate::ask::failure;
use crate::error::{Class, Failure};
use crate::render::printable;

/// For `--help` of the commands that take such a file.
pub(super) const FORMAT: &str =
    "A file of questions has one a line, as it is typed after `why`. Blank lines and those that \
begin with // are passed over (# begins a company's id):\n
  // the weekly review
  acme revenue
  #17 employees as of 2025-03-01
  acme.com headquarters full history";

/// Choices that are named with a line.
const CHOICES: usize = 3;

/// Each question as `understand` has it.
///
/// # Errors
/// The file can't be read, holds no question, or some that can't be understood: all of them, with
/// their lines.
pub(super) fn read<T>(
    file: &Path,
    mut understand: impl FnMut(String) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let unreadable = |error: std::io::Error| failure::no_batch(file, &error);
    let mut bytes = Vec::new();
    match file == Path::new("-") {
        true => std::io::stdin().read_to_end(&mut bytes).map(drop),
        false => std::fs::read(file).map(|read| bytes = read),
    }
    .map_err(unreadable)?;
    let (mut questions, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        let Ok(line) = std::str::from_utf8(line) else {
            wrong.push((number, failure::no_text(number)));
            continue;
        };
        let text = line.trim();
        if text.is_empty() || text.starts_with("//") {
            continue;
        }
        match understand(text.to_owned()) {
            Ok(question) => questions.push(question),
            Err(failure) => wrong.push((number, failure)),
        }
    }
    let all = questions.len() + wrong.len();
    match wrong.as_slice() {
        [] if questions.is_empty() => Err(Failure::new(
            Class::User,
            "no_questions",
            match file == Path::new("-") {
                true => "There is no question on standard input.".to_owned(),
                false => format!("There is no question in {}.", file.display()),
            },
            "Write one a line: `acme revenue as of 2025-03-01`.",
        )),
        [] => Ok(questions),
        [(number, failure)] => Err(Failure {
            text: on_line(*number, failure),
            ..failure.clone()
        }),
        several => Err(together(several, all)),
    }
}

/// A line that is no text says so itself.
fn on_line(number: u64, failure: &Failure) -> String {
    match failure.code {
        "no_text" => failure.text.clone(),
        _ => format!("Line {number}: {}", failure.text),
    }
}

/// As bad as the worst of them.
fn together(wrong: &[(u64, Failure)], all: usize) -> Failure {
    let mut text = format!("{} of {all} questions can't be used:", wrong.len());
    let mut advised: Vec<&str> = Vec::new();
    for (number, failure) in wrong {
        let mut line = on_line(*number, failure);
        // Once is enough: a list of all attributes is long.
        if !advised.contains(&failure.advice.as_str()) {
            line.push_str(&format!(" {}", failure.advice));
            advised.push(&failure.advice);
        }
        let choices: Vec<&str> = failure
            .matches
            .iter()
            .take(CHOICES)
            .map(|choice| choice.question.as_str())
            .collect();
        if !choices.is_empty() {
            line.push_str(&format!(" ({})", choices.join(", ")));
        }
        text.push_str(&format!("\n{}", printable(&line)));
    }
    let classes = wrong.iter().map(|(_, failure)| failure.class);
    let worst = classes.max_by_key(|class| class.exit_code());
    Failure::new(
        worst.unwrap_or(Class::User),
        "bad_questions",
        text,
        "Mend these lines, or put // before those to leave out. Until then there is no report.",
    )
}
