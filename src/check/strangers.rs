//! Companies with decisions that the directory does not know, each counted once.
//!
//! Those of a folder are met in it and taken over in the order of folders. So many are held, and
//! the rest is told to be there. Start at [`Strangers::meet`].

use std::collections::HashSet;

use super::finding::{EXAMPLES, Finding, Findings, Kind, Side};

/// Companies that are held at a time.
const MOST: usize = 100_000;

#[derive(Default)]
pub(super) struct Strangers {
    ids: HashSet<i64>,
    /// The first few, with a decision of each.
    shown: Vec<(i64, String)>,
    /// There are more.
    is_full: bool,
}

impl Strangers {
    pub(super) fn meet(&mut self, entity_id: i64, decision: impl FnOnce() -> String) {
        if self.ids.len() >= MOST {
            self.is_full |= !self.ids.contains(&entity_id);
        } else if self.ids.insert(entity_id) && self.shown.len() < EXAMPLES {
            self.shown.push((entity_id, decision()));
        }
    }

    /// A folder's.
    pub(super) fn take(&mut self, others: Strangers) {
        for (entity_id, decision) in others.shown {
            self.meet(entity_id, || decision);
        }
        for entity_id in others.ids {
            self.meet(entity_id, String::new);
        }
        self.is_full |= others.is_full;
    }

    /// Those that the companies' table has: the directory is behind it, which is told there.
    pub(super) fn forget(&mut self, is_there: impl Fn(i64) -> bool) {
        self.ids.retain(|id| !is_there(*id));
        self.shown.retain(|(id, _)| !is_there(*id));
    }

    /// What was found, and what more there is.
    pub(super) fn finish(self, table: &str, findings: &mut Findings) -> Option<String> {
        if self.ids.is_empty() {
            return None;
        }
        let mut finding = Finding::new(
            Kind::CompanyUnknown,
            table,
            (Side::Trace, "has decisions of these companies".to_owned()),
            (Side::Directory, "knows no such companies".to_owned()),
        );
        finding.count = self.ids.len() as u64;
        for (entity_id, decision) in &self.shown {
            finding = finding.example(format!("company {entity_id}, such as decision {decision}"));
        }
        let mut others: Vec<i64> = self.ids.into_iter().collect();
        others.sort_unstable();
        others.retain(|id| !self.shown.iter().any(|(shown, _)| shown == id));
        let room = EXAMPLES.saturating_sub(finding.examples.len());
        for entity_id in others.iter().take(room) {
            finding = finding.example(format!("company {entity_id}"));
        }
        findings.add(finding);
        self.is_full.then(|| {
            format!("{table}: there are more companies that the directory does not know than are held at a time.")
        })
    }
}
