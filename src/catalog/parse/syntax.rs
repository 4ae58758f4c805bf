//! TOML's own complaints, with what to write instead.

use crate::catalog::errors::Problems;

pub(super) fn report(errors: &[toml::de::Error], text: &str, problems: &mut Problems) {
    problems.broken = !errors.is_empty();
    let mut last_line = None;
    for error in errors {
        let at = error.span().map_or(text.len(), |span| span.start);
        // One slip often gives several complaints on its line: the first says it.
        let line = text.get(..at).map(|before| before.matches('\n').count());
        if line.is_some() && line == last_line {
            continue;
        }
        last_line = line;
        problems.report(at, format!("not TOML: {}", error.message()), advice(error));
    }
}

fn advice(error: &toml::de::Error) -> &'static str {
    let message = error.message();
    if message.contains("duplicate") {
        "Keep one of the two."
    } else if message.contains("string") || message.contains("quote") {
        "Put text between double quotes: key = \"text\"."
    } else {
        "Write `key = value` lines under [section] headers; text stands in double quotes."
    }
}
