//! What of a table was not looked at, or not followed: one sentence each.
//!
//! Start at [`notes`].

use super::chain::Chain;
use super::finding::{Findings, Kind};
use crate::contract::Table;
use crate::value::grouped;

/// What keeps the chain from being followed.
#[derive(Default)]
pub(super) struct Gaps {
    /// Files that went away while they were looked at.
    pub(super) gone: u64,
    /// Folders of which not all could be read.
    pub(super) folders: u64,
    /// Companies that were left out of a folder.
    pub(super) left_out: u64,
    /// Folders that are no partition's, and rows in another's bucket or without a key: what they
    /// hold is missing where it belongs.
    pub(super) elsewhere: u64,
    /// Rows in another day's folder, and folders of attributes that nobody can ask about.
    pub(super) aside: u64,
}

impl Gaps {
    /// Lets go of what only follows from something that lies elsewhere; says so.
    pub(super) fn excuse(&self, table: Table, findings: &mut Findings) -> Option<&'static str> {
        let (kinds, note): (&[Kind], _) = match table {
            Table::Trace if self.elsewhere > 0 => (
                &[Kind::BrokenChain, Kind::LatestAhead, Kind::LatestDatesExtra],
                "what follows from decisions that lie elsewhere is not told: broken chains, and what \
                 the latest table has beyond the trace.",
            ),
            Table::Trace if self.aside > 0 => (
                &[Kind::LatestAhead, Kind::LatestDatesExtra],
                "what the latest table has beyond the trace is not told as long as decisions lie \
                 elsewhere.",
            ),
            Table::Latest if self.elsewhere > 0 => (
                &[Kind::LatestMissing],
                "which companies it lacks is not told as long as rows of it lie elsewhere or have no \
                 key.",
            ),
            Table::Trace | Table::Latest | Table::Entities => return None,
        };
        findings.drop_all(kinds).then_some(note)
    }
}

/// What was not checked.
pub(super) fn notes(
    chain: &Chain<'_>,
    (table, name): (Table, &str),
    whole: bool,
    gaps: &Gaps,
) -> Vec<String> {
    let mut notes = Vec::new();
    if gaps.gone > 0 {
        notes.push(format!(
            "{name}: {} files were replaced while they were looked at; check again to see what took their place.",
            gaps.gone
        ));
    }
    if table != Table::Trace {
        return notes;
    }
    if !whole {
        notes.push(format!(
            "{name}: the chain of previous_value was followed within each folder that was read, \
             not from folder to folder; --all does."
        ));
    }
    if gaps.folders > 0 {
        notes.push(format!(
            "{name}: the chain of previous_value was not followed through {}, of which not all could be read.",
            match gaps.folders {
                1 => "1 folder".to_owned(),
                several => format!("{several} folders"),
            }
        ));
    }
    if gaps.left_out > 0 {
        notes.push(format!(
            "{name}: the chain of previous_value was not followed for {}, which alone has more decisions there than are held at a time.",
            match gaps.left_out {
                1 => "1 company in a folder".to_owned(),
                several => format!("a company in a folder, {several} times"),
            }
        ));
    }
    if chain.astray > 0 {
        notes.push(format!(
            "{name}: the chain of previous_value was not followed on from a decision in another day's folder, {}.",
            match chain.astray {
                1 => "once".to_owned(),
                several => format!("{} times", grouped(several)),
            }
        ));
    }
    if chain.thinned() > 0 {
        notes.push(format!(
            "{name}: the chain of previous_value was followed for one company in {}: there are more than are held at a time.",
            1_u64 << chain.thinned().min(63)
        ));
    }
    if chain.begun > 0 {
        notes.push(format!(
            "{name}: {} with a previous_value: what was before is not stored, which is no fault where records began later.",
            match chain.begun {
                1 => "1 trace begins".to_owned(),
                several => format!("{several} traces begin"),
            }
        ));
    }
    notes
}
