//! How far the look at a table is, and what was met in its folders so far.
//!
//! Start at [`Course::list`] and [`Course::take`].

use std::collections::BTreeSet;

use super::Looked;
use super::chain::{Chain, Link};
use super::copies::Left;
use super::finding::{Finding, Findings, Kind, Side};
use super::gaps::Gaps;
use super::latest::Beside;
use super::strangers::Strangers;
use super::table::Seen;
use crate::catalog::Catalog;
use crate::layout::Partition;

/// Of attributes without a decision, so many are named.
const NAMED: usize = 12;

/// How far the look is, and what was met so far.
pub(super) struct Course<'a> {
    catalog: &'a Catalog,
    /// Every folder is read, one following on the other.
    pub(super) whole: bool,
    pub(super) chain: Chain<'a>,
    pub(super) gaps: Gaps,
    pub(super) copies: Left,
    pub(super) strangers: Strangers,
    pub(super) beside: Option<Beside<'a>>,
    /// Attributes of the catalog whose folders were not met.
    without: BTreeSet<&'a str>,
    pub(super) looked: Looked,
}

impl<'a> Course<'a> {
    pub(super) fn new(catalog: &'a Catalog, name: &'a str, beside: Option<Beside<'a>>) -> Self {
        let attributes = catalog.attributes.iter();
        Course {
            catalog,
            whole: true,
            chain: Chain::new(catalog, name),
            gaps: Gaps::default(),
            copies: Left::default(),
            strangers: Strangers::default(),
            beside,
            without: attributes
                .map(|attribute| attribute.name.as_str())
                .collect(),
            looked: Looked {
                table: name.to_owned(),
                ..Looked::default()
            },
        }
    }

    /// Every folder, read or not.
    pub(super) fn list(&mut self, partition: Option<&Partition>, files: u64) {
        self.looked.folders += 1;
        self.looked.files += files;
        let Some(partition) = partition else { return };
        self.without.remove(partition.attribute.as_str());
        let is_known = self.catalog.attribute(&partition.attribute).is_some();
        self.gaps.aside += u64::from(!is_known);
        if let Some(beside) = self.beside.as_mut().filter(|_| is_known) {
            beside.listed(partition);
        }
    }

    pub(super) fn take(&mut self, seen: Seen, findings: &mut Findings) {
        self.looked.folders_read += u64::from(!seen.is_stray);
        self.looked.files_read += seen.looked.files_read;
        self.looked.rows += seen.looked.rows;
        self.gaps.gone += seen.gone;
        self.gaps.elsewhere += seen.elsewhere + u64::from(seen.is_stray);
        self.gaps.aside += seen.misdated;
        self.copies.add(&seen.copies);
        self.strangers.take(seen.strangers);
        let Some(partition) = &seen.partition else {
            return;
        };
        let is_known = self.catalog.attribute(&partition.attribute).is_some();
        let chain = &mut self.chain;
        if !self.whole {
            chain.forget();
        }
        if seen.gone + seen.lost > 0 {
            self.gaps.folders += 1;
            chain.skip(partition);
            return;
        }
        self.gaps.left_out += seen.links.left_out;
        chain.thin(seen.links.thinned);
        let links = seen.links.links;
        let Some(beside) = self.beside.as_mut().filter(|_| is_known) else {
            chain.follow(partition, links, self.whole, (findings, &mut |_| {}));
            return;
        };
        beside.read(partition);
        let newest = &mut |newest: &Link| beside.see(partition, newest);
        chain.follow(partition, links, self.whole, (findings, newest));
        beside.thin(chain.thinned());
    }

    /// A previous_value that nobody writes is one fault, not one of each decision.
    pub(super) fn judge_chain(&self, (name, column): (&str, &str), findings: &mut Findings) {
        if self.chain.said + self.chain.begun > 0 {
            return;
        }
        let broken = findings.take(Kind::BrokenChain);
        let count: u64 = broken.iter().map(|finding| finding.count).sum();
        if count == 0 {
            return;
        }
        let mut finding = Finding::new(
            Kind::BrokenChain,
            name,
            (
                Side::Contract,
                "previous_value is the value of the decision before".to_owned(),
            ),
            (
                Side::Files,
                "null in every decision that was compared with one before".to_owned(),
            ),
        )
        .column(column);
        finding.count = count;
        findings.add(finding);
    }

    /// Attributes that nobody decided yet, or whose folders are gone.
    pub(super) fn undecided(&self, name: &str) -> Option<String> {
        let some: Vec<&str> = self.without.iter().take(NAMED).copied().collect();
        let more = match self.without.len().saturating_sub(some.len()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!some.is_empty()).then(|| format!("{name}: no decision of {}{more}.", some.join(", ")))
    }
}
