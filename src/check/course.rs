//! How far the look at a table is, and what was met in its folders so far.
//!
//! Start at [`Course::list`] and [`Course::take`].

use std::collections::{BTreeMap, BTreeSet};

use super::Looked;
use super::chain::{Chain, Link};
use super::copies::Left;
use super::finding::{Finding, Findings, Kind, Side, some};
use super::gaps::{Gaps, NAMED};
use super::latest::Beside;
use super::strangers::Strangers;
use super::table::Seen;
use crate::catalog::Catalog;
use crate::layout::{Partition, unescape};

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
    /// By attribute: what may only follow from something else.
    pub(super) found: BTreeMap<String, Findings>,
    /// Attributes of the catalog whose folders were not met.
    pub(super) without: BTreeSet<&'a str>,
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
            found: BTreeMap::new(),
            without: attributes
                .map(|attribute| attribute.name.as_str())
                .collect(),
            looked: Looked {
                table: name.to_owned(),
                ..Looked::default()
            },
        }
    }

    /// Whether anybody can ask about its attribute.
    fn is_known(&self, partition: &Partition) -> bool {
        self.catalog.attribute(&partition.attribute).is_some()
    }

    /// Every folder, read or not.
    pub(super) fn list(&mut self, partition: Option<&Partition>, files: u64) {
        self.looked.folders += 1;
        self.looked.files += files;
        let Some(partition) = partition else { return };
        self.without.remove(partition.attribute.as_str());
        let is_known = self.is_known(partition);
        self.gaps.unknown += u64::from(!is_known);
        if let Some(beside) = self.beside.as_mut().filter(|_| is_known) {
            beside.listed(partition);
        }
    }

    /// A folder that is no partition: of which attribute, if of one.
    pub(super) fn stray(&mut self, path: &str) {
        let name = &self.catalog.layout.columns.attribute;
        let mut folders = path.split('/').filter(|folder| !folder.is_empty());
        let attribute = folders.clone().find_map(|folder| {
            let value = folder.strip_prefix(name)?.strip_prefix('=')?;
            Some(unescape(value))
        });
        match attribute {
            Some(attribute) => {
                self.gaps.elsewhere.insert(attribute);
            }
            // Beside the folders no partition can lie.
            None => self.gaps.nameless += u64::from(folders.next().is_some()),
        }
    }

    pub(super) fn take(&mut self, seen: Seen) {
        self.looked.folders_read += u64::from(seen.stray.is_none());
        self.looked.files_read += seen.looked.files_read;
        self.looked.rows += seen.looked.rows;
        self.gaps.gone += seen.gone;
        self.copies.add(&seen.copies);
        self.strangers.take(seen.strangers);
        let Some(partition) = &seen.partition else {
            return;
        };
        let attribute = &partition.attribute;
        if seen.elsewhere > 0 {
            self.gaps.elsewhere.insert(attribute.clone());
        }
        if seen.misdated > 0 {
            self.gaps.misdated.insert(attribute.clone());
        }
        let is_known = self.is_known(partition);
        let findings = self.found.entry(attribute.clone()).or_default();
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
        let names = some(self.without.iter(), NAMED);
        (!names.is_empty()).then(|| format!("{name}: no decision of {names}."))
    }
}
