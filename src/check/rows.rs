//! The decisions of one folder against the contract, row by row.
//!
//! Pure but for the directory, which is in memory. Start at [`Rows::see`].

use super::Desk;
use super::chain::{Link, moment, named, shown};
use super::columns::Judged;
use super::copies::{Copies, Left};
use super::finding::{Finding, Findings, Kind, Side};
use super::kept::{Kept, Links};
use super::strangers::Strangers;
use crate::contract::Table;
use crate::engine::direct::Row;
use crate::layout::{Partition, Step};
use crate::trace::Decision;
use crate::value;

/// One folder on its way.
pub(super) struct Rows<'a> {
    desk: &'a Desk<'a>,
    table: Table,
    name: &'a str,
    path: &'a str,
    partition: &'a Partition,
    kept: Kept,
    copies: Copies,
    strangers: Strangers,
    /// Rows that can't take their place in the chain.
    pub(super) displaced: u64,
    /// Rows in another's bucket or, of the latest table, without a key.
    pub(super) elsewhere: u64,
    /// In another day's folder.
    pub(super) misdated: u64,
    pub(super) count: u64,
    known: Option<(i64, bool)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        desk: &'a Desk<'a>,
        (table, name): (Table, &'a str),
        (path, partition): (&'a str, &'a Partition),
        thinned: u32,
    ) -> Self {
        Rows {
            desk,
            table,
            name,
            path,
            partition,
            kept: Kept::new(thinned),
            copies: Copies::new(desk.catalog.layout.format),
            strangers: Strangers::default(),
            displaced: 0,
            elsewhere: 0,
            misdated: 0,
            count: 0,
            known: None,
        }
    }

    pub(super) fn see(&mut self, row: Row, judged: &Judged, file: &str, findings: &mut Findings) {
        self.count += 1;
        self.nulls(&row, judged, file, findings);
        self.own_columns(&row, findings);
        if let Some(entity_id) = row.entity_id {
            let is_placed = self.bucket(&row, entity_id, findings);
            self.elsewhere += u64::from(!is_placed);
            if self.table == Table::Trace {
                let id = row.decision_id.as_deref();
                self.company(id.unwrap_or("without an id"), entity_id);
            }
        }
        if self.table != Table::Trace {
            let is_keyed = row.decision(&self.partition.attribute).is_some();
            self.elsewhere += u64::from(!is_keyed);
            return;
        }
        let is_placed = self.day(&row, findings);
        self.misdated += u64::from(!is_placed);
        let decision = row.decision(&self.partition.attribute);
        let Some(decision) = decision.filter(|_| id(&row).is_some()) else {
            self.displaced += 1;
            return;
        };
        if let Some(winners) = row.winners {
            self.winners(&decision, (&winners, judged), findings);
        }
        let columns = &self.desk.catalog.columns;
        let says_value = judged.holds(&columns.value);
        let copy = (self.name, &decision);
        if let Some(finding) = self.copies.see(copy, says_value, file) {
            findings.add(finding);
        }
        self.kept.keep(Link {
            decision,
            is_placed,
            says_value,
            says_previous: judged.holds(&columns.previous_value),
        });
    }

    /// What the chain is given, and what is told once of the whole table.
    pub(super) fn finish(self) -> (Links, Left, Strangers) {
        (self.kept.finish(), self.copies.finish(), self.strangers)
    }

    fn nulls(&self, row: &Row, judged: &Judged, file: &str, findings: &mut Findings) {
        let columns = &self.desk.catalog.columns;
        let null = [
            (&columns.decision_id, id(row).is_none()),
            (&columns.entity_id, row.entity_id.is_none()),
            (&columns.decided_at, row.decided_at.is_none()),
        ];
        for (column, is_null) in null {
            if is_null && judged.holds(column) {
                let finding = Finding::new(
                    Kind::NullValue,
                    self.name,
                    (Side::Contract, "never null".to_owned()),
                    (Side::Files, "null, or empty".to_owned()),
                );
                let which = match &row.decision_id {
                    Some(id) => format!("{id} in {file}"),
                    None => file.to_owned(),
                };
                findings.add(finding.column(column).example(which));
            }
        }
    }

    /// What the row itself says of its partition, where a writer keeps it in the files too.
    fn own_columns(&self, row: &Row, findings: &mut Findings) {
        let attribute = &self.partition.attribute;
        if let Some(own) = row.attribute.as_ref().filter(|own| *own != attribute) {
            let name = &self.desk.catalog.layout.columns.attribute;
            let finding = Finding::new(
                Kind::AttributeName,
                self.name,
                (Side::Contract, format!("{name} of a row is its folder's")),
                (Side::Files, "another".to_owned()),
            );
            findings.add(finding.example(
                self.example(row, &format!("says \u{201c}{own}\u{201d} in {}", self.path)),
            ));
        }
    }

    /// Whether it lies in the folder of its bucket.
    fn bucket(&self, row: &Row, entity_id: i64, findings: &mut Findings) -> bool {
        let layout = &self.desk.catalog.layout;
        let right = layout.bucket(entity_id);
        let own = row.bucket.filter(|own| *own != i64::from(right));
        let is_placed = self.partition.bucket == right;
        if is_placed && own.is_none() {
            return is_placed;
        }
        let name = &layout.columns.bucket;
        let says = match own {
            Some(own) if is_placed => {
                format!("says {name} {own} in a column of its own; {right} is right")
            }
            Some(_) | None => format!("lies in {}; bucket {right} is right", self.path),
        };
        let rule = format!("{name} is entity_id modulo {}", layout.buckets);
        let finding = Finding::new(
            Kind::Bucket,
            self.name,
            (Side::Contract, rule),
            (Side::Lake, "another bucket".to_owned()),
        );
        findings.add(finding.example(self.example(row, &says)));
        is_placed
    }

    /// Whether it lies in a folder of its day.
    fn day(&self, row: &Row, findings: &mut Findings) -> bool {
        let (Some(decided_at), Some(days)) = (row.decided_at, row.days()) else {
            return false;
        };
        let layout = &self.desk.catalog.layout;
        let fits = days.map(|day| layout.floor(day));
        let [right, _] = fits;
        let is_placed = fits.contains(&self.partition.date);
        let own = row.date.filter(|own| !fits.contains(own));
        if is_placed && own.is_none() {
            return is_placed;
        }
        let name = &layout.columns.date;
        let says = match own {
            Some(own) if is_placed => format!(
                "decided {}, says {name} {own} in a column of its own; {right} is right",
                moment(decided_at)
            ),
            Some(_) | None => format!(
                "decided {}, lies in {}; {right} is right",
                moment(decided_at),
                self.path
            ),
        };
        let finding = Finding::new(
            Kind::CreatedDate,
            self.name,
            (Side::Contract, partition_rule(self.desk, name)),
            (Side::Lake, "another day".to_owned()),
        );
        findings.add(finding.example(self.example(row, &says)));
        is_placed
    }

    fn company(&mut self, decision_id: &str, entity_id: i64) {
        let Some(directory) = &self.desk.directory else {
            return;
        };
        let is_known = match self.known {
            Some((known, is_known)) if known == entity_id => is_known,
            Some(_) | None => directory.get(entity_id).is_some(),
        };
        self.known = Some((entity_id, is_known));
        if !is_known {
            let attribute = &self.partition.attribute;
            let decision = || format!("{decision_id} ({attribute})");
            self.strangers.meet(entity_id, decision);
        }
    }

    fn winners(
        &self,
        decision: &Decision,
        (winners, judged): (&[Option<String>], &Judged),
        findings: &mut Findings,
    ) {
        let columns = &self.desk.catalog.columns;
        // A column that is not there says something (no value, nobody overrode); one that can't be
        // read does not.
        let mark = format!("{}.selected", columns.evidence);
        let is_known = judged.holds(&mark)
            && !judged.is_retyped(&columns.value)
            && !judged.is_retyped(&columns.is_override);
        let (kind, says) = match winners {
            [] if is_known && decision.needs_winner() => (Kind::NoWinner, "none"),
            // Nor has a value been cleared where the one that was selected has one.
            [winner] if is_known && !decision.is_override && judged.holds(&columns.value) => {
                let says = format!("{}.value", columns.evidence);
                if judged.holds(&says) {
                    self.winner(decision, winner.as_deref(), findings);
                }
                return;
            }
            [] | [_] => return,
            [..] => (Kind::SeveralWinners, "several"),
        };
        let rule =
            "exactly one candidate is selected, but where a person decided or there is no value";
        let finding = Finding::new(
            kind,
            self.name,
            (Side::Contract, rule.to_owned()),
            (Side::Lake, says.to_owned()),
        );
        findings.add(finding.example(named(decision)));
    }

    /// Whether the one that was selected says what was chosen.
    fn winner(&self, decision: &Decision, says: Option<&str>, findings: &mut Findings) {
        let attribute = self.desk.catalog.attribute(&decision.attribute);
        let kind = attribute.map_or(value::Kind::Text, |attribute| attribute.kind);
        let chosen = decision.value.as_deref();
        let canonical = |text: &str| value::canonical(kind, text);
        let agree = match (chosen.map(canonical), says.map(canonical)) {
            (Some(chosen), Some(says)) => chosen.same(&says),
            (chosen, says) => chosen.is_none() && says.is_none(),
        };
        if agree {
            return;
        }
        let finding = Finding::new(
            Kind::WinnerValue,
            self.name,
            (
                Side::Contract,
                "the value is the selected candidate's, but where a person decided".to_owned(),
            ),
            (Side::Lake, "another value".to_owned()),
        );
        findings.add(finding.example(format!(
            "{}: the value is {}, the selected candidate says {}",
            named(decision),
            shown(attribute, chosen),
            shown(attribute, says)
        )));
    }

    /// A decision by its id and company, and what is wrong with it.
    fn example(&self, row: &Row, says: &str) -> String {
        let id = row
            .decision_id
            .as_deref()
            .unwrap_or("a decision without an id");
        let company = row
            .entity_id
            .map_or(String::new(), |id| format!(" (company {id})"));
        format!("{id}{company} {says}")
    }
}

fn partition_rule(desk: &Desk<'_>, name: &str) -> String {
    let what = match desk.catalog.layout.step {
        Step::Day => "the day",
        Step::Month => "the first of the month",
    };
    format!("{name} is {what} of decided_at, UTC")
}

/// What names the decision: an empty text names none.
fn id(row: &Row) -> Option<&str> {
    row.decision_id.as_deref().filter(|id| !id.is_empty())
}
