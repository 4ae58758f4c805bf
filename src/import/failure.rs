//! Every way in which an import ends early, in words: what was wrong, what to do next.

use std::path::Path;

use crate::error::{Class, Failure};

pub(super) fn user(code: &'static str, text: String, advice: impl Into<String>) -> Failure {
    Failure::new(Class::User, code, text, advice)
}

pub(super) fn internal(code: &'static str, text: String, advice: impl Into<String>) -> Failure {
    Failure::new(Class::Internal, code, text, advice)
}

/// An input that can't be opened or read on.
pub(super) fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let kind = error.kind();
    let advice = if kind == UnexpectedEof {
        "Its compressed data ends too early: fetch or write it again, whole."
    } else if [InvalidInput, InvalidData].contains(&kind) {
        "Its compressed data is damaged: fetch or write it again."
    } else {
        "Name a file of JSON lines, plain or .gz, or `-` for standard input."
    };
    let name = if file == Path::new("-") {
        "Standard input".into()
    } else {
        file.to_string_lossy()
    };
    user(
        "bad_input",
        format!("{name} can't be read: {error}."),
        advice,
    )
}

/// Something of the lake, or on the way to it, that can't be written.
pub(super) fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    internal(
        "import_io",
        format!("{} can't be written: {error}.", path.display()),
        "Make room or give the right to write there, then import again; what was there before is unchanged.",
    )
}

/// An input without a decision that can be used.
pub(super) fn no_decisions(file: &Path) -> Failure {
    user(
        "no_decisions",
        format!("{} holds no decision that can be used.", file.display()),
        "Write one JSON object a line, as the data contract says.",
    )
}
