//! TOML's own complaints, with what to write instead.

use crate::catalog::errors::Problems;

pub(super) fn report(errors: &[toml::de::Error], text: &str, problems: &mut Problems) {
    let mut last_line = None;
    for error in errors {
        let at = error.span().map_or(text.len(), |span| span.start);
        // One slip often gives several complaints on its line: the first says it.
        let line = text.get(..at).map(|before| before.matches('\n').count());
        if line.is_some() && line == last_line {
            continue;
        }
        last_line = line;
        problems.report_syntax(at, error.message(), advice(error.message()));
    }
}

fn advice(message: &str) -> &'static str {
    if message.contains("duplicate") {
        "Keep one of the two."
    } else if message.contains("date") {
        "Write a date as year-month-day, such as 2015-01-01."
    } else if message.contains("unclosed table") {
        "Close the header with ]; a name with spaces or signs stands in quotes: [attributes.\"head office\"]."
    } else if message.contains("string") || message.contains("quote") {
        "Put text between double quotes: key = \"text\"."
    } else {
        "Write `key = value` lines under [section] headers; text stands in double quotes."
    }
}
