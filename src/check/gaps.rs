//! What of a table was not looked at, or not followed: one sentence each.
//!
//! Start at [`notes`].

use std::collections::{BTreeMap, BTreeSet};

use super::chain::Chain;
use super::finding::{Findings, Kind, some};
use crate::contract::Table;
use crate::value::grouped;

/// Of attributes, so many are named.
pub(super) const NAMED: usize = 12;

/// What keeps the chain from being followed.
#[derive(Default)]
pub(super) struct Gaps {
    /// Files that went away while they were looked at.
    pub(super) gone: u64,
    /// Folders of which not all could be read.
    pub(super) folders: u64,
    /// Companies that were left out of a folder.
    pub(super) left_out: u64,
    /// Of these attributes something lies elsewhere: in a folder that is no partition's, in
    /// another's bucket, or without a key. What it holds is missing where it belongs.
    pub(super) elsewhere: BTreeSet<String>,
    /// Of these it lies in another day's folder.
    pub(super) misdated: BTreeSet<String>,
    /// Folders of which nobody can tell the attribute.
    pub(super) nameless: u64,
    /// Folders of attributes that the catalog does not have.
    pub(super) unknown: u64,
}

impl Gaps {
    /// Takes over what was found of each attribute of the trace, but for what only follows from
    /// something that lies elsewhere; says so. `without` are those with no folder.
    pub(super) fn settle(
        &self,
        found: BTreeMap<String, Findings>,
        without: &BTreeSet<&str>,
        findings: &mut Findings,
    ) -> Option<String> {
        let mut excused = Vec::new();
        for (attribute, mut own) in found {
            let is_moved = self.nameless > 0 || self.elsewhere.contains(&attribute);
            let is_renamed = self.unknown > 0 && without.contains(attribute.as_str());
            let beyond: &[Kind] = &[Kind::LatestAhead, Kind::LatestDatesExtra];
            let is_misdated = self.misdated.contains(&attribute);
            let mut is_excused = is_moved && own.drop_all(&[Kind::BrokenChain]);
            is_excused |= (is_moved || is_renamed || is_misdated) && own.drop_all(beyond);
            if is_excused {
                excused.push(attribute);
            }
            findings.merge(own);
        }
        (!excused.is_empty()).then(|| {
            format!(
                "what follows from decisions of {} that lie elsewhere is not told: broken \
                 chains, and what the latest table has beyond the trace.",
                some(excused.iter(), NAMED)
            )
        })
    }

    /// Lets go of what the latest table lacks only because something of it lies elsewhere; says so.
    pub(super) fn excuse(&self, findings: &mut Findings) -> Option<String> {
        let is_moved = !self.elsewhere.is_empty() || self.nameless > 0;
        let is_excused = is_moved && findings.drop_all(&[Kind::LatestMissing]);
        is_excused.then(|| {
            "which companies it lacks is not told as long as rows of it lie elsewhere or have no key."
                .to_owned()
        })
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
