//! Keys and who bears them: an `fst` map, and postings where several do.
//!
//! A company is an ordinal here: its place among all, most prominent first. So
//! the first of a posting are the best of it. The map's value is twice the one
//! ordinal, or twice the offset of a posting plus one. A posting: how many,
//! then each ordinal's distance from the one before.

use fst::{IntoStreamer, Map, Streamer};
use levenshtein_automata::{DFA, Distance};

use super::format::Part;
use super::record::{put_varint, varint};

pub(super) struct Keys {
    map: Map<Part>,
    postings: Part,
}

impl Keys {
    /// `None` for a map that is none.
    pub(super) fn new(map: Part, postings: Part) -> Option<Self> {
        Some(Keys {
            map: Map::new(map).ok()?,
            postings,
        })
    }

    /// Who bears exactly this key.
    pub(super) fn get(&self, key: &str) -> Ordinals<'_> {
        self.map
            .get(key)
            .map_or_else(Ordinals::default, |value| self.ordinals(value))
    }

    /// Every key that begins so: what is left of it, and who bears it.
    pub(super) fn beginning_with(&self, start: &str, mut see: impl FnMut(&[u8], Ordinals<'_>)) {
        let mut stream = self.map.range().ge(start).into_stream();
        while let Some((key, value)) = stream.next() {
            let Some(rest) = key.strip_prefix(start.as_bytes()) else {
                break;
            };
            see(rest, self.ordinals(value));
        }
    }

    /// Every key that the automaton takes, its distance, and who bears it.
    pub(super) fn near(&self, automaton: &DFA, mut see: impl FnMut(&[u8], u8, Ordinals<'_>)) {
        let mut stream = self.map.search_with_state(automaton).into_stream();
        while let Some((key, value, state)) = stream.next() {
            if let Distance::Exact(distance) = automaton.distance(state) {
                see(key, distance, self.ordinals(value));
            }
        }
    }

    fn ordinals(&self, value: u64) -> Ordinals<'_> {
        let half = value >> 1;
        if value & 1 == 0 {
            return Ordinals {
                one: u32::try_from(half).ok(),
                ..Ordinals::default()
            };
        }
        let at = usize::try_from(half).unwrap_or(usize::MAX);
        let mut rest = self.postings.as_ref().get(at..).unwrap_or_default();
        let left = varint(&mut rest).unwrap_or_default();
        Ordinals {
            one: None,
            rest,
            left,
            last: 0,
        }
    }
}

/// Ascending ordinals.
#[derive(Debug, Default)]
pub(super) struct Ordinals<'a> {
    one: Option<u32>,
    rest: &'a [u8],
    left: u64,
    last: u32,
}

impl Iterator for Ordinals<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if let Some(one) = self.one.take() {
            return Some(one);
        }
        self.left = self.left.checked_sub(1)?;
        let distance = u32::try_from(varint(&mut self.rest)?).ok()?;
        self.last = self.last.checked_add(distance)?;
        Some(self.last)
    }
}

/// Appends a posting of ascending ordinals and returns the map's value for it.
pub(super) fn put_posting(ordinals: &[u32], postings: &mut Vec<u8>) -> u64 {
    if let [one] = ordinals {
        return u64::from(*one) << 1;
    }
    let value = (postings.len() as u64) << 1 | 1;
    put_varint(ordinals.len() as u64, postings);
    let mut last = 0;
    for ordinal in ordinals {
        put_varint(u64::from(ordinal - last), postings);
        last = *ordinal;
    }
    value
}
