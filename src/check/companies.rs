//! The rows of the entities table: what `why directory build` would take from them, or lose.
//!
//! It refuses a row without an id and takes all else: of two rows with one id the last, a company
//! without a name by its id, a rank that is no number as 0. A rank below 0 is one, and so no fault.
//! As many ids are held as the directory itself holds companies, to a limit. Start at
//! [`Companies::see`].

use std::collections::{BTreeMap, HashSet};

use super::columns::Judged;
use super::finding::{EXAMPLES, Finding, Findings, Kind, Side};
use super::strangers::Strangers;
use crate::directory::Directory;
use crate::engine::direct::Company;

/// Ids that are held at a time.
const MOST: usize = 2_000_000;
/// Of a circle of parents, so many are shown.
const LINKS: usize = 4;

pub(super) struct Companies<'a> {
    table: &'a str,
    most: usize,
    ids: HashSet<i64>,
    /// By company: the one that it belongs to.
    parents: BTreeMap<i64, i64>,
    /// All ids are held.
    is_whole: bool,
    pub(super) count: u64,
}

impl<'a> Companies<'a> {
    pub(super) fn new(table: &'a str) -> Self {
        Companies {
            table,
            most: MOST,
            ids: HashSet::new(),
            parents: BTreeMap::new(),
            is_whole: true,
            count: 0,
        }
    }

    #[cfg(test)]
    pub(super) fn of_at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// A file of which not every id is known: nobody is an orphan for certain.
    pub(super) fn lose(&mut self) {
        self.is_whole = false;
    }

    pub(super) fn see(
        &mut self,
        company: &Company,
        judged: &Judged,
        file: &str,
        findings: &mut Findings,
    ) {
        self.count += 1;
        if !judged.holds("entity_id") {
            self.lose();
        }
        let name = company.name.as_deref().unwrap_or_default();
        let who = || match company.entity_id {
            Some(id) if name.trim().is_empty() => format!("company {id} in {file}"),
            Some(id) => format!("company {id} (\u{201c}{name}\u{201d}) in {file}"),
            None => format!("\u{201c}{name}\u{201d} in {file}"),
        };
        let null = [
            ("entity_id", company.entity_id.is_none()),
            ("name", company.name.is_none()),
        ];
        for (column, is_null) in null {
            if is_null && judged.holds(column) {
                findings.add(self.null(column, &who()));
            }
        }
        if company.name.is_some() && name.trim().is_empty() {
            let says = "a name that is empty or blank";
            findings.add(self.finding(Kind::NameEmpty, ("name", "a name"), says, &who()));
        }
        if company.rank.is_some_and(|rank| !rank.is_finite()) {
            let says = "one that is infinite or not a number";
            findings.add(self.finding(Kind::RankUnusable, ("rank", "a number"), says, &who()));
        }
        let Some(entity_id) = company.entity_id else {
            self.lose();
            return;
        };
        if self.ids.contains(&entity_id) {
            let rule = ("entity_id", "each company once");
            findings.add(self.finding(Kind::DuplicateCompany, rule, "several rows of one", &who()));
        } else if self.ids.len() < self.most {
            self.ids.insert(entity_id);
        } else {
            self.lose();
        }
        if let Some(parent_id) = company.parent_id
            && (self.parents.len() < self.most || self.parents.contains_key(&entity_id))
        {
            self.parents.insert(entity_id, parent_id);
        }
    }

    /// With the directory, which is made of them, and with whom the trace has and it has not.
    pub(super) fn compare(
        &self,
        (directory, strangers): (Option<&Directory>, &mut Strangers),
        findings: &mut Findings,
    ) {
        strangers.forget(|id| self.ids.contains(&id));
        let Some(directory) = directory else { return };
        let have = || (Side::Files, "have these companies".to_owned());
        let have_not = || (Side::Files, "have no such companies".to_owned());
        let knows = || (Side::Directory, "knows these companies".to_owned());
        let knows_not = || (Side::Directory, "knows no such companies".to_owned());
        let held: HashSet<i64> = directory.ids().collect();
        let new = self.ids.iter().filter(|id| !held.contains(id)).copied();
        findings.extend(self.differ(new.collect(), (have(), knows_not())));
        if self.is_whole {
            let lost = held.iter().filter(|id| !self.ids.contains(id)).copied();
            findings.extend(self.differ(lost.collect(), (knows(), have_not())));
        }
    }

    fn differ(
        &self,
        mut ids: Vec<i64>,
        (expected, found): ((Side, String), (Side, String)),
    ) -> Option<Finding> {
        ids.sort_unstable();
        let mut finding = Finding::new(Kind::DirectoryDiffers, self.table, expected, found);
        finding.count = ids.len() as u64;
        let shown = ids.iter().take(EXAMPLES);
        finding.examples = shown.map(|id| format!("company {id}")).collect();
        (!ids.is_empty()).then_some(finding)
    }

    /// Companies that belong to none of the others; what was not looked at, as a note.
    pub(super) fn finish(self, findings: &mut Findings) -> Option<String> {
        if !self.is_whole {
            return Some(format!(
                "{}: not all ids could be read or held: a company that stands twice may not have been found, no parent_id was looked at, nor whom the directory knows beyond them.",
                self.table
            ));
        }
        let rule = ("parent_id", "the entity_id of another company");
        // By parent: how many companies belong to it, and the first of them.
        let mut unknown: BTreeMap<i64, (u64, i64)> = BTreeMap::new();
        for (company, parent) in &self.parents {
            if !self.ids.contains(parent) {
                unknown.entry(*parent).or_insert((0, *company)).0 += 1;
            }
        }
        for (parent, (count, first)) in unknown {
            let says = "of a company that is not there";
            let who = format!("{parent}, of company {first}");
            let mut finding = self.finding(Kind::ParentUnknown, rule, says, &who);
            finding.count = count;
            findings.add(finding);
        }
        for circle in circles(&self.parents) {
            let says = "of the company itself, or of one that belongs to it";
            let mut finding = self.finding(Kind::ParentCircle, rule, says, &shown(&circle));
            finding.count = circle.len() as u64;
            findings.add(finding);
        }
        None
    }

    fn null(&self, column: &str, who: &str) -> Finding {
        let finding = Finding::new(
            Kind::NullValue,
            self.table,
            (Side::Contract, "never null".to_owned()),
            (Side::Files, "null".to_owned()),
        );
        let advice = match column {
            "entity_id" => "`why directory build` fails on it: mend what writes it.",
            _ => Kind::NameEmpty.advice(Side::Files),
        };
        finding
            .column(column)
            .example(who.to_owned())
            .advise(advice)
    }

    fn finding(&self, kind: Kind, (column, rule): (&str, &str), says: &str, who: &str) -> Finding {
        Finding::new(
            kind,
            self.table,
            (Side::Contract, rule.to_owned()),
            (Side::Files, says.to_owned()),
        )
        .column(column)
        .example(who.to_owned())
    }
}

/// Companies that belong to themselves in the end: each circle once, from the first that leads into it.
fn circles(parents: &BTreeMap<i64, i64>) -> Vec<Vec<i64>> {
    let mut circles = Vec::new();
    let mut done: HashSet<i64> = HashSet::new();
    for start in parents.keys() {
        let mut way = Vec::new();
        let mut at = start;
        while done.insert(*at) {
            way.push(*at);
            let Some(parent) = parents.get(at) else { break };
            at = parent;
        }
        if let Some(begin) = way.iter().position(|company| company == at)
            && parents.contains_key(at)
        {
            circles.push(way.split_off(begin));
        }
    }
    circles
}

/// `5 belongs to 6, that to 5`
fn shown(circle: &[i64]) -> String {
    match circle {
        [] => String::new(),
        [one] => format!("company {one} belongs to itself"),
        [first, rest @ ..] => {
            let others = rest
                .iter()
                .take(LINKS)
                .map(|other| format!("{other}, that to "));
            let others: String = others.collect();
            let end = match rest.len() > LINKS {
                true => format!("others, and the last of {} to {first}", circle.len()),
                false => first.to_string(),
            };
            format!("company {first} belongs to {others}{end}")
        }
    }
}
