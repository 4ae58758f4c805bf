//! The lines of an input file: plain or gzip, file or standard input.
//!
//! Knows bytes, not JSON. Memory is bounded by the longest line that is taken.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use super::failure;
use crate::error::Failure;

/// A longer line is refused without being kept.
pub(super) const LONGEST: usize = 16 << 20;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

pub(super) struct Lines {
    file: PathBuf,
    input: Box<dyn BufRead>,
    taken: Rc<Cell<u64>>,
    /// Of the file as it lies; `None` for standard input.
    pub(super) bytes_in_all: Option<u64>,
    number: u64,
    buffer: Vec<u8>,
}

pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: u64,
    /// Without its end.
    pub(super) bytes: &'a [u8],
    /// Longer than [`LONGEST`]; `bytes` is its head.
    pub(super) is_cut: bool,
}

impl Lines {
    /// `-` is standard input. Gzip is told by its first bytes, not by a name.
    pub(super) fn open(file: &Path) -> Result<Lines, Failure> {
        let taken = Rc::new(Cell::new(0));
        let (source, bytes_in_all): (Box<dyn Read>, Option<u64>) = if file == Path::new("-") {
            (Box::new(std::io::stdin()), None)
        } else {
            let opened = File::open(file).and_then(|f| f.metadata().map(|about| (f, about)));
            let (opened, about) = opened.map_err(|e| failure::unreadable(file, &e))?;
            let length = about.is_file().then_some(about.len());
            (Box::new(opened), length)
        };
        let counted = Counted {
            source,
            taken: Rc::clone(&taken),
        };
        let mut input: Box<dyn BufRead> = Box::new(BufReader::with_capacity(1 << 18, counted));
        let head = input
            .fill_buf()
            .map_err(|e| failure::unreadable(file, &e))?;
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Err(failure::user(
                "bad_input",
                format!("{} is UTF-16 text.", file.display()),
                "Save it as UTF-8.",
            ));
        }
        if head.starts_with(&GZIP) {
            input = Box::new(BufReader::with_capacity(
                1 << 18,
                MultiGzDecoder::new(input),
            ));
        }
        Ok(Lines {
            file: file.to_owned(),
            input,
            taken,
            bytes_in_all,
            number: 0,
            buffer: Vec::new(),
        })
    }

    /// How much of the file as it lies was taken.
    pub(super) fn bytes_read(&self) -> u64 {
        self.taken.get()
    }

    /// The next line that is not blank.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, Failure> {
        loop {
            self.buffer.clear();
            let most = LONGEST as u64 + 1;
            let taken = self
                .input
                .by_ref()
                .take(most)
                .read_until(b'\n', &mut self.buffer);
            if taken.map_err(|e| failure::unreadable(&self.file, &e))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let is_cut = self.buffer.len() > LONGEST && !self.buffer.ends_with(b"\n");
            if is_cut {
                self.skip_rest()?;
            }
            let blank = self.buffer.trim_ascii().is_empty() || self.buffer.trim_ascii() == BOM;
            if !blank {
                let start = if self.number == 1 && self.buffer.starts_with(BOM) {
                    BOM.len()
                } else {
                    0
                };
                let bytes = self.buffer.get(start..).unwrap_or_default().trim_ascii();
                return Ok(Some(Line {
                    number: self.number,
                    bytes,
                    is_cut,
                }));
            }
        }
    }

    fn skip_rest(&mut self) -> Result<(), Failure> {
        let mut rest = Vec::new();
        loop {
            rest.clear();
            let taken = self
                .input
                .by_ref()
                .take(1 << 20)
                .read_until(b'\n', &mut rest);
            if taken.map_err(|e| failure::unreadable(&self.file, &e))? == 0 || rest.ends_with(b"\n")
            {
                return Ok(());
            }
        }
    }
}

struct Counted {
    source: Box<dyn Read>,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}
