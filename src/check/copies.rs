//! A decision_id that stands twice in a folder.
//!
//! Readers take copies of one decision for one: the copy that was written last. Hudi's commits say
//! which that is, so copies of several commits (bulk inserts, two writers) are as they should be in
//! a Hudi table; told are those of one commit, and those of two companies, each of which is answered
//! by its own. Of plain Parquet only a file's name says what was written last: there all are told.
//! Ids are held as fingerprints, and no more than one in 2^n where there are too many. Start at
//! [`Copies::see`].

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::finding::{Finding, Kind, Side};
use crate::layout::Format;
use crate::trace::Decision;

/// Ids that are held at a time.
const MOST: usize = 100_000;

pub(super) struct Copies {
    format: Format,
    most: usize,
    thinned: u32,
    seen: HashMap<u128, Seen>,
    /// Files, and what orders copies: each is held once.
    texts: Vec<String>,
    numbers: HashMap<String, usize>,
    superseded: u64,
}

/// What the copy that counts says.
struct Seen {
    entity_id: i64,
    /// In milliseconds.
    decided_at: i64,
    /// `None` where it can't be read.
    value: Option<u64>,
    written: usize,
    file: usize,
    is_told: bool,
}

/// What a folder's copies leave to be said.
#[derive(Default)]
pub(super) struct Left {
    /// Copies that a later commit put out of date.
    pub(super) superseded: u64,
    /// One id in 2^this was looked at.
    pub(super) thinned: u32,
}

impl Copies {
    pub(super) fn new(format: Format) -> Self {
        Copies {
            format,
            most: MOST,
            thinned: 0,
            seen: HashMap::new(),
            texts: Vec::new(),
            numbers: HashMap::new(),
            superseded: 0,
        }
    }

    #[cfg(test)]
    pub(super) fn of_at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// A decision, and whether its value can be read; what is wrong with it, once for each id.
    pub(super) fn see(
        &mut self,
        (table, decision): (&str, &Decision),
        says_value: bool,
        file: &str,
    ) -> Option<Finding> {
        let id = fingerprint(&decision.decision_id);
        if id.trailing_zeros() < self.thinned {
            return None;
        }
        let now = Seen {
            entity_id: decision.entity_id,
            decided_at: decision.decided_at.as_millisecond(),
            value: says_value.then(|| hash(&decision.value)),
            written: self.number(&decision.written),
            file: self.number(file),
            is_told: false,
        };
        let Some(before) = self.seen.get_mut(&id) else {
            self.seen.insert(id, now);
            while self.seen.len() > self.most && self.thinned < u128::BITS {
                self.thinned += 1;
                let thinned = self.thinned;
                self.seen.retain(|id, _| id.trailing_zeros() >= thinned);
            }
            return None;
        };
        let is_one_company = before.entity_id == now.entity_id;
        if self.format == Format::Hudi && is_one_company && before.written != now.written {
            self.superseded += 1;
            if self.texts.get(before.written) < self.texts.get(now.written) {
                *before = now;
            }
            return None;
        }
        if std::mem::replace(&mut before.is_told, true) {
            return None;
        }
        let other_value = before.value.zip(now.value).is_some_and(|(a, b)| a != b);
        let differs: Vec<&str> = [
            ("company", !is_one_company),
            ("decided_at", before.decided_at != now.decided_at),
            ("value", other_value),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect();
        let other = self.texts.get(before.file).map_or("", String::as_str);
        let place = match other == file {
            true => format!("twice in {file}"),
            false => format!("in {other} and in {file}"),
        };
        let company = match is_one_company {
            true => format!("company {}", now.entity_id),
            false => format!("companies {} and {}", before.entity_id, now.entity_id),
        };
        let example = format!("{} ({company}) {place}", decision.decision_id);
        Some(told(table, &differs, example))
    }

    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    pub(super) fn finish(self) -> Left {
        Left {
            superseded: self.superseded,
            thinned: self.thinned,
        }
    }
}

impl Left {
    pub(super) fn add(&mut self, other: &Left) {
        self.superseded += other.superseded;
        self.thinned = self.thinned.max(other.thinned);
    }

    /// What was not compared, and what is as it should be.
    pub(super) fn notes(&self, name: &str) -> Vec<String> {
        let which = match self.thinned {
            0 => String::new(),
            thinned => format!(
                ", for one decision in {} where there are more than are held at a time",
                1_u64 << thinned.min(63)
            ),
        };
        let mut notes = vec![format!(
            "{name}: a decision_id that stands twice was looked for within each folder, not from folder to folder{which}."
        )];
        if self.superseded > 0 {
            notes.push(format!(
                "{name}: {} of a decision that a later commit of Hudi's wrote again; the last one counts.",
                match self.superseded {
                    1 => "1 copy".to_owned(),
                    several => format!("{several} copies"),
                }
            ));
        }
        notes
    }
}

fn told(table: &str, differs: &[&str], example: String) -> Finding {
    let says = match differs {
        [] => "copies that say the same".to_owned(),
        differs => format!("copies that differ in {}", differs.join(" and ")),
    };
    let finding = Finding::new(
        Kind::DuplicateDecision,
        table,
        (
            Side::Contract,
            "a decision_id names one decision".to_owned(),
        ),
        (Side::Files, says),
    );
    let finding = finding.column("decision_id").example(example);
    match differs {
        [] => finding.advise(
            "Answers are right, since readers take them for one; each costs its bytes: write each \
             decision_id once.",
        ),
        _ => finding,
    }
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Wide enough that two ids never share it by chance.
fn fingerprint(id: &str) -> u128 {
    u128::from(hash((0, id))) << 64 | u128::from(hash((1, id)))
}
