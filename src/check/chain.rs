//! Whether each decision replaced the value of the one before it.
//!
//! Folders come in the order of their names, so the dates of an attribute and company ascend: the
//! newest decision of each is kept until the next folder, no more. Where even these are too many,
//! only every second company is followed, then every fourth, and the report says so. Start at
//! [`Chain::follow`].

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::finding::{Finding, Findings, Kind, Side};
use crate::catalog::{Attribute, Catalog, Visibility};
use crate::layout::{Layout, Partition, PartitionColumn};
use crate::trace::{Decision, Trace};

/// Attributes of companies whose newest decision is kept at a time.
const MOST: usize = 250_000;
/// Of a value, so many characters are shown.
const SHOWN: usize = 40;

/// What of a decision the chain is made of.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) decision: Decision,
    /// Whether it lies in a folder of its day.
    pub(super) is_placed: bool,
    /// Whether its value is known: not where the file has it in another type.
    pub(super) says_value: bool,
    /// Whether the file had a previous_value that can be read.
    pub(super) says_previous: bool,
}

impl Link {
    /// Stands in its place in the chain, and is compared with nothing.
    pub(super) fn apart(self) -> Link {
        Link {
            says_value: false,
            says_previous: false,
            ..self
        }
    }
}

pub(super) struct Chain<'a> {
    catalog: &'a Catalog,
    table: &'a str,
    most: usize,
    /// Of the folders before the date: what lies behind them was followed to its end.
    above: String,
    newest: HashMap<(String, i64), Link>,
    /// Something below `above` was not followed: what looks like a beginning may be none.
    is_broken_off: bool,
    /// Of companies one in 2^this is followed.
    thinned: u32,
    /// Pairs that were compared.
    pub(super) compared: u64,
    /// Decisions that say what they replaced.
    pub(super) said: u64,
    /// Traces that begin with a previous_value.
    pub(super) begun: u64,
    /// Traces that are not followed on, since a decision lies in another day's folder.
    pub(super) astray: u64,
}

impl<'a> Chain<'a> {
    pub(super) fn new(catalog: &'a Catalog, table: &'a str) -> Self {
        Chain {
            catalog,
            table,
            most: MOST,
            above: String::new(),
            newest: HashMap::new(),
            is_broken_off: false,
            thinned: 0,
            compared: 0,
            said: 0,
            begun: 0,
            astray: 0,
        }
    }

    #[cfg(test)]
    pub(super) fn of_at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    pub(super) fn thinned(&self) -> u32 {
        self.thinned
    }

    /// Begins anew: the next folder does not follow on the last.
    pub(super) fn forget(&mut self) {
        self.newest.clear();
    }

    /// A folder of which not all could be read: the next one does not follow on it either.
    pub(super) fn skip(&mut self, partition: &Partition) {
        self.above = above(&self.catalog.layout, partition);
        self.is_broken_off = true;
        self.forget();
    }

    /// A folder's decisions, in any order; folders in the order of their paths. Calls `seen` with
    /// the newest of each company until then.
    pub(super) fn follow(
        &mut self,
        partition: &Partition,
        links: Vec<Link>,
        whole: bool,
        (findings, seen): (&mut Findings, &mut dyn FnMut(&Link)),
    ) {
        let above = above(&self.catalog.layout, partition);
        if above != self.above {
            self.above = above;
            self.is_broken_off = false;
            self.forget();
        }
        let mut companies: HashMap<i64, Vec<Link>> = HashMap::new();
        for link in links {
            let entity_id = link.decision.entity_id;
            if is_followed(entity_id, self.thinned) {
                companies.entry(entity_id).or_default().push(link);
            }
        }
        for (entity_id, links) in companies {
            let key = (partition.attribute.clone(), entity_id);
            let before = self.newest.remove(&key);
            if let Some(newest) = self.company(before, links, whole, findings) {
                seen(&newest);
                self.newest.insert(key, newest);
            }
        }
        while self.newest.len() > self.most && self.thinned < u32::BITS {
            self.thin(self.thinned + 1);
        }
    }

    /// Follows no more than one company in 2^`thinned`.
    pub(super) fn thin(&mut self, thinned: u32) {
        if thinned > self.thinned {
            self.thinned = thinned;
            self.newest
                .retain(|(_, entity_id), _| is_followed(*entity_id, thinned));
        }
    }

    /// The newest of them.
    fn company(
        &mut self,
        before: Option<Link>,
        links: Vec<Link>,
        whole: bool,
        findings: &mut Findings,
    ) -> Option<Link> {
        let is_first = before.is_none();
        let was_placed = before.as_ref().is_none_or(|before| before.is_placed);
        let mut all: Vec<Link> = before.into_iter().chain(links).collect();
        let is_placed = all.iter().all(|link| link.is_placed);
        if !is_placed {
            // Where it belongs in the chain can't be told: it is not followed from here on.
            self.astray += u64::from(was_placed);
            all = all.into_iter().map(Link::apart).collect();
        }
        let silent = ids(&all, |link| !link.says_previous);
        let unknown = ids(&all, |link| !link.says_value);
        let says_previous = |decision: &Decision| !silent.contains(&decision.decision_id);
        let says_value = |decision: &Decision| !unknown.contains(&decision.decision_id);
        let trace = Trace::new(all.into_iter().map(|link| link.decision).collect());
        if let Some(first) = trace.decisions().first()
            && is_first
            && whole
            && !self.is_broken_off
            && says_previous(first)
        {
            self.begun += u64::from(first.previous_value.is_some());
        }
        for pair in trace.decisions().windows(2) {
            let [before, after] = pair else { continue };
            if !says_value(before) || !says_previous(after) {
                continue;
            }
            self.compared += 1;
            self.said += u64::from(after.previous_value.is_some());
            if before.value != after.previous_value {
                findings.add(self.finding(before, after));
            }
        }
        let newest = trace.decisions().last()?.clone();
        Some(Link {
            is_placed,
            says_value: says_value(&newest),
            says_previous: says_previous(&newest),
            decision: newest,
        })
    }

    fn finding(&self, before: &Decision, after: &Decision) -> Finding {
        let rule = "previous_value is the value of the decision before".to_owned();
        let attribute = self.catalog.attribute(&after.attribute);
        let shown = |value: &Option<String>| shown(attribute, value.as_deref());
        Finding::new(
            Kind::BrokenChain,
            self.table,
            (Side::Contract, rule),
            (Side::Lake, "it is another".to_owned()),
        )
        .example(format!(
            "{} replaced {}, but {} before it chose {}",
            named(after),
            shown(&after.previous_value),
            before.decision_id,
            shown(&before.value),
        ))
    }
}

/// The values of the folders before the date.
pub(super) fn above(layout: &Layout, partition: &Partition) -> String {
    let order = layout.order.iter();
    let before = order.take_while(|column| **column != PartitionColumn::Date);
    let value = |column: &PartitionColumn| match column {
        PartitionColumn::Attribute => partition.attribute.clone(),
        PartitionColumn::Bucket => partition.bucket.to_string(),
        PartitionColumn::Date => String::new(),
    };
    before.map(value).collect::<Vec<_>>().join("/")
}

/// What not everybody may see does not go into a report that others read.
pub(super) fn shown(attribute: Option<&Attribute>, value: Option<&str>) -> String {
    match (value, attribute.map(|attribute| &attribute.visible_to)) {
        (None, _) => "no value".to_owned(),
        (Some(_), Some(Visibility::Only { .. })) => "a value that is withheld".to_owned(),
        (Some(value), Some(Visibility::Everyone) | None) => {
            let mut short: String = value.chars().take(SHOWN).collect();
            if short.len() < value.len() {
                short.push('…');
            }
            format!("\u{201c}{short}\u{201d}")
        }
    }
}

/// `a3 (company 5, revenue, 2024-03-01T00:00:00Z)`
pub(super) fn named(decision: &Decision) -> String {
    format!(
        "{} (company {}, {}, {})",
        decision.decision_id,
        decision.entity_id,
        decision.attribute,
        moment(decision.decided_at)
    )
}

fn ids(links: &[Link], which: impl Fn(&Link) -> bool) -> HashSet<String> {
    let links = links.iter().filter(|link| which(link));
    links
        .map(|link| link.decision.decision_id.clone())
        .collect()
}

/// Whether a company is among one in 2^`thinned`.
pub(super) fn is_followed(entity_id: i64, thinned: u32) -> bool {
    // Fibonacci hashing: ids that follow one another spread out. Times anything 0 stays 0, which
    // would always be followed, hence the sum.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let spread = entity_id
        .cast_unsigned()
        .wrapping_add(GOLDEN)
        .wrapping_mul(GOLDEN)
        >> 32;
    spread.trailing_zeros() >= thinned
}

pub(super) fn moment(at: Timestamp) -> String {
    at.to_string()
}
