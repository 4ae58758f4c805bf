//! Sorts more records than memory holds: bounded runs on disk, then a merge.
//!
//! A record is bytes; its first `key` bytes decide the order. Knows nothing of
//! what they mean. Memory is one run, or one buffer for each run being merged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Runs that are merged at once; more are merged into larger ones first.
const FAN_IN: usize = 64;
const BUFFER: usize = 128 << 10;

pub(super) struct Sorter {
    folder: PathBuf,
    name: &'static str,
    run_bytes: usize,
    arena: Vec<u8>,
    /// Start, length of the key, length.
    index: Vec<(usize, u32, u32)>,
    runs: Vec<PathBuf>,
    made: usize,
}

impl Sorter {
    /// Runs of about `run_bytes` go to files in `folder` that begin with `name`.
    pub(super) fn new(folder: &Path, name: &'static str, run_bytes: usize) -> Self {
        Sorter {
            folder: folder.to_owned(),
            name,
            run_bytes,
            arena: Vec::new(),
            index: Vec::new(),
            runs: Vec::new(),
            made: 0,
        }
    }

    pub(super) fn push(&mut self, key: &[u8], payload: &[u8]) -> io::Result<()> {
        let length = key.len() + payload.len();
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "a record of more than 4 GB");
        if self.arena.len() + length > self.run_bytes && !self.index.is_empty() {
            self.spill()?;
        }
        if self.arena.capacity() == 0 {
            self.arena.reserve_exact(self.run_bytes);
        }
        self.index.push((
            self.arena.len(),
            u32::try_from(key.len()).map_err(|_| too_long())?,
            u32::try_from(length).map_err(|_| too_long())?,
        ));
        self.arena.extend_from_slice(key);
        self.arena.extend_from_slice(payload);
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let arena = &self.arena;
        let key = |(start, key, _): &(usize, u32, u32)| {
            arena
                .get(*start..*start + *key as usize)
                .unwrap_or_default()
        };
        self.index.sort_unstable_by(|a, b| key(a).cmp(key(b)));
        let path = next_run(&self.folder, self.name, &mut self.made);
        let mut out = BufWriter::with_capacity(BUFFER, File::create(&path)?);
        for (start, key, length) in &self.index {
            let record = arena
                .get(*start..*start + *length as usize)
                .unwrap_or_default();
            write(&mut out, *key, record)?;
        }
        out.flush()?;
        self.runs.push(path);
        self.index.clear();
        self.arena.clear();
        Ok(())
    }

    /// All records in the order of their keys.
    pub(super) fn finish(mut self) -> io::Result<Merge> {
        if !self.index.is_empty() {
            self.spill()?;
        }
        while self.runs.len() > FAN_IN {
            let some: Vec<PathBuf> = self.runs.drain(..FAN_IN).collect();
            let path = next_run(&self.folder, self.name, &mut self.made);
            let mut out = BufWriter::with_capacity(BUFFER, File::create(&path)?);
            let mut merge = Merge::open(some)?;
            while let Some(record) = merge.next()? {
                write(
                    &mut out,
                    u32::try_from(record.key.len()).unwrap_or(0),
                    record.bytes,
                )?;
            }
            out.flush()?;
            self.runs.push(path);
        }
        Merge::open(self.runs)
    }
}

fn next_run(folder: &Path, name: &str, made: &mut usize) -> PathBuf {
    *made += 1;
    folder.join(format!("{name}.{made}"))
}

fn write(out: &mut impl Write, key: u32, record: &[u8]) -> io::Result<()> {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    out.write_all(&key.to_le_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(record)
}

/// A record of a [`Merge`].
pub(super) struct Record<'a> {
    pub(super) key: &'a [u8],
    pub(super) payload: &'a [u8],
    bytes: &'a [u8],
}

/// Merges sorted runs; removes each as it ends.
pub(super) struct Merge {
    heap: BinaryHeap<Run>,
    current: (usize, Vec<u8>),
}

impl Merge {
    fn open(runs: Vec<PathBuf>) -> io::Result<Merge> {
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for path in runs {
            let reader = BufReader::with_capacity(BUFFER, File::open(&path)?);
            let mut run = Run {
                path,
                reader,
                key: 0,
                record: Vec::new(),
            };
            if run.advance()? {
                heap.push(run);
            }
        }
        Ok(Merge {
            heap,
            current: (0, Vec::new()),
        })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        let Some(mut run) = self.heap.peek_mut() else {
            return Ok(None);
        };
        self.current.0 = run.key;
        std::mem::swap(&mut self.current.1, &mut run.record);
        if !run.advance()? {
            PeekMut::pop(run);
        }
        let bytes = self.current.1.as_slice();
        let (key, payload) = bytes
            .split_at_checked(self.current.0)
            .unwrap_or((bytes, &[]));
        Ok(Some(Record {
            key,
            payload,
            bytes,
        }))
    }
}

struct Run {
    path: PathBuf,
    reader: BufReader<File>,
    key: usize,
    record: Vec<u8>,
}

impl Run {
    /// Whether there is another record; the file goes with the last.
    fn advance(&mut self) -> io::Result<bool> {
        let mut head = [0; 4];
        if self.reader.read(&mut head[..1])? == 0 {
            std::fs::remove_file(&self.path)?;
            return Ok(false);
        }
        self.reader.read_exact(&mut head[1..])?;
        self.key = u32::from_le_bytes(head) as usize;
        self.reader.read_exact(&mut head)?;
        self.record.resize(u32::from_le_bytes(head) as usize, 0);
        self.reader.read_exact(&mut self.record)?;
        Ok(true)
    }

    fn key(&self) -> &[u8] {
        self.record.get(..self.key).unwrap_or_default()
    }
}

impl Ord for Run {
    /// The smallest key is the greatest run: a heap gives its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(self.key())
    }
}

impl PartialOrd for Run {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Run {}
