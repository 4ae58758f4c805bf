//! One attribute and bucket of the latest table against what was read of the trace.
//!
//! Pure. Start at [`Judge::compare`].

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::chain::{Link, is_followed, moment, named, shown};
use super::finding::{Finding, Findings, Kind, Side, some};
use crate::catalog::Catalog;
use crate::trace::Decision;

#[cfg(test)]
mod tests;

/// Dates that an example names.
const DATES: usize = 3;

/// What was read of the trace.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The folders, ascending.
    pub(super) read: Vec<Date>,
    pub(super) companies: BTreeMap<i64, Company>,
}

/// A company as the trace has it.
#[derive(Debug)]
pub(super) struct Company {
    newest: Link,
    /// Of the folders with a decision of it, ascending.
    pub(super) dates: Vec<Date>,
    /// A decision of it lies in a folder of another day: that is said already.
    is_unsure: bool,
}

/// A company as the latest table has it.
#[derive(Debug)]
pub(super) struct Stored {
    /// The row that readers take.
    pub(super) link: Link,
    /// Folders of the trace in which its decision may lie.
    pub(super) folders: [Date; 2],
    /// Whether its decision_dates can be read.
    pub(super) says_dates: bool,
    /// Of partitions, of all its rows, ascending; `None` where null.
    pub(super) dates: Option<Vec<Date>>,
    pub(super) rows: u64,
    /// It was written after the check began.
    pub(super) is_new: bool,
}

/// How much was compared.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) compared: u64,
    /// Rows that may be ahead of what was read.
    pub(super) meanwhile: u64,
    /// Rows without decision_dates.
    pub(super) undated: u64,
}

/// What judging is done by.
pub(super) struct Judge<'a> {
    pub(super) catalog: &'a Catalog,
    /// The latest table's name.
    pub(super) table: &'a str,
    pub(super) attribute: &'a str,
    /// All folders of the trace, ascending.
    pub(super) there: &'a [Date],
}

impl Group {
    pub(super) fn thin(&mut self, thinned: u32) {
        self.companies
            .retain(|entity_id, _| is_followed(*entity_id, thinned));
    }
}

impl Company {
    pub(super) fn new(newest: &Link, date: Date) -> Self {
        Company {
            newest: newest.clone(),
            dates: vec![date],
            is_unsure: !newest.is_placed,
        }
    }

    pub(super) fn see(&mut self, newest: &Link, date: Date) {
        if newest.decision.decided_at >= self.newest.decision.decided_at {
            self.newest = newest.clone();
        }
        self.dates.push(date);
        self.is_unsure |= !newest.is_placed;
    }
}

impl Stored {
    /// Another row of the company: readers take the newest, and the dates of both.
    pub(super) fn join(&mut self, other: Stored) {
        let order = |stored: &Stored| {
            let decision = &stored.link.decision;
            (decision.decided_at, decision.written.clone())
        };
        if order(&other) > order(self) {
            (self.link, self.folders) = (other.link, other.folders);
        }
        self.dates = match (self.dates.take(), other.dates) {
            (Some(mut dates), Some(others)) => {
                dates.extend(others);
                dates.sort_unstable();
                dates.dedup();
                Some(dates)
            }
            (None, _) | (_, None) => None,
        };
        self.says_dates &= other.says_dates;
        self.rows += other.rows;
        self.is_new |= other.is_new;
    }
}

impl Judge<'_> {
    pub(super) fn compare(
        &self,
        group: &Group,
        stored: &BTreeMap<i64, Stored>,
        findings: &mut Findings,
        told: &mut Told,
    ) {
        for (entity_id, company) in &group.companies {
            if company.is_unsure {
                continue;
            }
            match stored.get(entity_id) {
                Some(row) => {
                    told.compared += 1;
                    told.undated += u64::from(row.says_dates && row.dates.is_none());
                    told.meanwhile += u64::from(self.both(group, company, row, findings));
                }
                None => findings.add(self.missing(&company.newest.decision)),
            }
        }
        for (entity_id, row) in stored {
            if row.rows > 1 {
                findings.add(self.several(row));
            }
            if !group.companies.contains_key(entity_id) {
                told.meanwhile += u64::from(self.ahead(group, row, findings));
            }
        }
    }

    /// Whether it is ahead of what was read, and may be.
    fn both(
        &self,
        group: &Group,
        company: &Company,
        row: &Stored,
        findings: &mut Findings,
    ) -> bool {
        let (newest, latest) = (&company.newest.decision, &row.link.decision);
        let mut may_be_ahead = false;
        if newest.decision_id == latest.decision_id {
            let differences = self.differences(&company.newest, &row.link);
            if !differences.is_empty() {
                findings.add(self.differs(latest, &differences.join("; ")));
            }
        } else if latest.decided_at < newest.decided_at {
            findings.add(self.stale(latest, newest));
        } else if latest.decided_at > newest.decided_at {
            may_be_ahead = self.ahead(group, row, findings);
        } else if company.newest.says_value {
            // Not of a company that was left out, whose order within a moment is not known.
            findings.add(self.stale(latest, newest));
        }
        if row.says_dates
            && let Some(dates) = &row.dates
        {
            self.left_out(company, row, dates, findings);
            may_be_ahead |= self.too_many(group, company, row, dates, findings);
        }
        may_be_ahead
    }

    /// A row that is newer than what was read of the trace: whether it should have been there.
    fn ahead(&self, group: &Group, row: &Stored, findings: &mut Findings) -> bool {
        let mut there = row.folders.iter().filter(|date| has(self.there, **date));
        if there.clone().any(|date| !has(&group.read, *date)) {
            return false;
        }
        if row.is_new {
            return true;
        }
        let [right, _] = row.folders;
        let where_not = match there.next() {
            Some(date) => format!("the trace has no such decision in {date}"),
            None => format!("the trace has no folder of {right}"),
        };
        let finding = self.finding(
            Kind::LatestAhead,
            "every row is a decision of the trace",
            "decisions that the trace does not have",
        );
        findings.add(finding.example(format!("{}: {where_not}", named(&row.link.decision))));
        false
    }

    /// Dates with a decision that the row does not name.
    fn left_out(&self, company: &Company, row: &Stored, dates: &[Date], findings: &mut Findings) {
        let silent = company.dates.iter().copied();
        let silent: Vec<Date> = silent.filter(|date| !has(dates, *date)).collect();
        if silent.is_empty() {
            return;
        }
        let finding = self.of_dates(
            Kind::LatestDatesMissing,
            "it names each folder of the trace with a decision of the company",
            "it leaves some out",
        );
        let says = format!(
            "does not name {}, where it has decisions",
            some(silent.iter(), DATES)
        );
        findings.add(finding.example(format!("{}: {says}", self.company(row))));
    }

    /// Dates without a decision that the row names; whether it may.
    fn too_many(
        &self,
        group: &Group,
        company: &Company,
        row: &Stored,
        dates: &[Date],
        findings: &mut Findings,
    ) -> bool {
        let (there, nowhere): (Vec<Date>, Vec<Date>) =
            dates.iter().partition(|date| has(self.there, **date));
        let empty = there.into_iter();
        let empty: Vec<Date> = empty
            .filter(|date| has(&group.read, *date) && !has(&company.dates, *date))
            .collect();
        if nowhere.is_empty() && empty.is_empty() {
            return false;
        }
        if row.is_new {
            return true;
        }
        let mut says = Vec::new();
        if !nowhere.is_empty() {
            says.push(format!(
                "{}, of which there is no folder",
                some(nowhere.iter(), DATES)
            ));
        }
        if !empty.is_empty() {
            says.push(format!(
                "{}, without a decision of it",
                some(empty.iter(), DATES)
            ));
        }
        let finding = self.of_dates(
            Kind::LatestDatesExtra,
            "it names no folder of the trace without a decision of the company",
            "it names others too",
        );
        let says = says.join("; ");
        findings.add(finding.example(format!("{}: names {says}", self.company(row))));
        false
    }

    /// In what two copies of a decision differ.
    fn differences(&self, trace: &Link, latest: &Link) -> Vec<String> {
        let shown = |value: &Option<String>| {
            let visible = self.catalog.attribute(self.attribute);
            shown(visible, value.as_deref())
        };
        let mut all = Vec::new();
        let mut differ = |what: &str, here: String, there: String| {
            all.push(format!("{what} {here}, in the trace {there}"));
        };
        let (a, b) = (&latest.decision, &trace.decision);
        if a.decided_at != b.decided_at {
            differ("decided", moment(a.decided_at), moment(b.decided_at));
        }
        if latest.says_value && trace.says_value && a.value != b.value {
            differ("says", shown(&a.value), shown(&b.value));
        }
        let says_previous = latest.says_previous && trace.says_previous;
        if says_previous && a.previous_value != b.previous_value {
            differ(
                "replaced",
                shown(&a.previous_value),
                shown(&b.previous_value),
            );
        }
        for (what, here, there) in [
            ("by rule", &a.rule, &b.rule),
            ("by its version", &a.rule_version, &b.rule_version),
        ] {
            if let (Some(here), Some(there)) = (here, there)
                && here != there
            {
                differ(what, here.clone(), there.clone());
            }
        }
        all
    }

    fn missing(&self, newest: &Decision) -> Finding {
        self.finding(
            Kind::LatestMissing,
            "a row of each company with a decision",
            "none",
        )
        .example(format!("{} is in the trace", named(newest)))
    }

    fn stale(&self, latest: &Decision, newest: &Decision) -> Finding {
        let finding = self.finding(
            Kind::LatestStale,
            "the row is the newest decision of the trace",
            "another one",
        );
        finding.example(format!(
            "{}: {} ({}) is the newest",
            named(latest),
            newest.decision_id,
            moment(newest.decided_at)
        ))
    }

    fn differs(&self, latest: &Decision, differences: &str) -> Finding {
        let finding = self.finding(
            Kind::LatestDiffers,
            "a row says what its decision says in the trace",
            "something else",
        );
        finding.example(format!("{} {differences}", named(latest)))
    }

    fn several(&self, row: &Stored) -> Finding {
        let finding = self.finding(
            Kind::LatestSeveral,
            "one row of each company and attribute",
            "several",
        );
        finding.example(format!("{}: {} rows", self.company(row), row.rows))
    }

    fn company(&self, row: &Stored) -> String {
        format!(
            "company {}, {}",
            row.link.decision.entity_id, self.attribute
        )
    }

    fn of_dates(&self, kind: Kind, rule: &str, found: &str) -> Finding {
        let column = &self.catalog.columns.decision_dates;
        self.finding(kind, rule, found).column(column)
    }

    fn finding(&self, kind: Kind, rule: &str, found: &str) -> Finding {
        let sides = (
            (Side::Contract, rule.to_owned()),
            (Side::Lake, found.to_owned()),
        );
        Finding::new(kind, self.table, sides.0, sides.1)
    }
}

/// Whether these, which ascend, hold it.
pub(super) fn has(dates: &[Date], date: Date) -> bool {
    dates.binary_search(&date).is_ok()
}
