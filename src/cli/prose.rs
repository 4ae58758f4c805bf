//! Sentences of a report, broken to the width that a reader has; tables stand beside them whole.
//!
//! Where nobody says how wide that is, a line is as long as its sentence: what reads it from a pipe
//! finds it whole. Start at [`Prose::say`].

use std::io::{Result, Write};

use super::Terminal;
use crate::render::text;

pub(super) struct Prose<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) columns: Option<usize>,
}

impl Terminal {
    pub(super) fn prose(&mut self) -> Prose<'_> {
        Prose {
            out: &mut self.out,
            columns: self.columns,
        }
    }
}

impl Prose<'_> {
    /// A paragraph for each line of it.
    pub(super) fn say(&mut self, words: &str) -> Result<()> {
        self.beside("", words)
    }

    /// The same, set in behind a label.
    pub(super) fn beside(&mut self, label: &str, words: &str) -> Result<()> {
        for line in words.split('\n') {
            match self.columns {
                None => writeln!(self.out, "{label}{line}")?,
                Some(width) => writeln!(self.out, "{}", text::beside(label, line, width))?,
            }
        }
        Ok(())
    }

    pub(super) fn gap(&mut self) -> Result<()> {
        writeln!(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(columns: Option<usize>) -> String {
        let mut out = Vec::new();
        let mut prose = Prose {
            out: &mut out,
            columns,
        };
        prose
            .say("Warning tiny_files: half of them\nare small")
            .unwrap();
        prose
            .beside("    ", "take fewer of them next time")
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn sentences_are_broken_to_a_width_where_one_is_known() {
        let whole =
            "Warning tiny_files: half of them\nare small\n    take fewer of them next time\n";
        assert_eq!(said(None), whole);
        assert_eq!(said(Some(40)), whole);
        let narrow = said(Some(24));
        assert!(narrow.lines().all(|line| line.len() <= 24), "{narrow}");
        let broken = "half\n  of them\nare small\n    take fewer of them\n    next time\n";
        assert!(narrow.ends_with(broken), "{narrow}");
    }
}
