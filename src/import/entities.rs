//! The companies: from the entities file, from the lake, from names in the trace.
//!
//! Held in memory, as the directory that is built of them is. A name that a
//! company once had finds it still: values of `is_name` attributes become aliases.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde_json::value::RawValue;

use super::json::{Field, Object};
use super::lines::Lines;
use super::refusals::{Refusals, Tally};
use super::row::Row;
use crate::directory::Entity;
use crate::error::Failure;

const FIELDS: [&str; 6] = [
    "entity_id",
    "name",
    "domain",
    "aliases",
    "parent_id",
    "rank",
];
/// A name that changes with every decision is none.
const MOST_FORMER_NAMES: usize = 64;

/// Companies by id.
pub(super) type Entities = BTreeMap<i64, Entity>;

/// Reads the entities file into what is there; a company that is there keeps its aliases.
pub(super) fn read(
    file: &Path,
    refusals: &mut Refusals,
    into: &mut Entities,
) -> Result<Vec<String>, Failure> {
    let mut lines = Lines::open(file)?;
    let mut tally = Tally::default();
    let mut seen = HashSet::new();
    let mut twice = 0_u64;
    while let Some(line) = lines.next()? {
        tally.lines += 1;
        match parse(line.bytes) {
            Ok(entity) => {
                twice += u64::from(!seen.insert(entity.entity_id));
                replace(into, entity);
            }
            Err(reason) => {
                tally.refused += 1;
                refusals.refuse(file, &line, &reason)?;
                refusals.judge_early(file, tally)?;
            }
        }
    }
    refusals.judge(file, tally)?;
    let note = format!(
        "{twice} companies stand in {} more than once: the last line counts.",
        file.display()
    );
    Ok(if twice > 0 { vec![note] } else { Vec::new() })
}

/// Puts a company in the place of its older self, whose names it keeps as aliases.
fn replace(into: &mut Entities, mut entity: Entity) {
    if let Some(old) = into.remove(&entity.entity_id) {
        for name in old.aliases.into_iter().chain([old.name]) {
            add_alias(&mut entity, &name);
        }
    }
    into.insert(entity.entity_id, entity);
}

fn add_alias(entity: &mut Entity, name: &str) {
    if entity.name != name && !entity.aliases.iter().any(|alias| alias == name) {
        entity.aliases.push(name.to_owned());
    }
}

/// One line of the entities file.
pub(super) fn parse(line: &[u8]) -> Result<Entity, String> {
    let object = Object::parse(line, &FIELDS)?;
    let aliases = match object.field(3) {
        Some(field) => aliases(&field.list()?)?,
        None => Vec::new(),
    };
    Ok(Entity {
        entity_id: object.required(0)?.integer()?,
        name: object.required(1)?.filled()?.trim().to_owned(),
        domain: object
            .text(2)?
            .map(|d| d.trim().to_owned())
            .filter(|d| !d.is_empty()),
        aliases,
        parent_id: object.field(4).map(|f| f.integer()).transpose()?,
        rank: object.field(5).map_or(Ok(0.0), |f| f.number())?,
    })
}

fn aliases(items: &[&RawValue]) -> Result<Vec<String>, String> {
    items
        .iter()
        .map(|item| {
            Field::item("an alias", item)
                .filled()
                .map(|alias| alias.trim().to_owned())
        })
        .collect()
}

/// What the trace says of companies.
#[derive(Default)]
pub(super) struct Seen {
    /// Each company that has a decision, with the names it had.
    companies: HashMap<i64, Names>,
}

#[derive(Default)]
struct Names {
    newest: i64,
    /// The newest last.
    names: Vec<String>,
}

impl Seen {
    pub(super) fn company(&mut self, entity_id: i64) {
        self.companies.entry(entity_id).or_default();
    }

    /// A row of an `is_name` attribute.
    pub(super) fn name(&mut self, row: &Row<'_>) {
        let Some(name) = row
            .value
            .as_deref()
            .map(str::trim)
            .filter(|n| !n.is_empty())
        else {
            return;
        };
        let company = self.companies.entry(row.entity_id).or_default();
        let is_newest = row.decided_at >= company.newest || company.names.is_empty();
        let known = company.names.iter().position(|known| known == name);
        if let Some(at) = known.filter(|_| is_newest) {
            let name = company.names.remove(at);
            company.names.push(name);
        } else if known.is_none() && company.names.len() < MOST_FORMER_NAMES {
            let at = if is_newest { company.names.len() } else { 0 };
            company.names.insert(at, name.to_owned());
        }
        if is_newest {
            company.newest = row.decided_at;
        }
    }

    /// Adds what the trace knows: names as aliases, and companies that are not there.
    /// Says what was missing in what was `given`.
    pub(super) fn complete(self, entities: &mut Entities, given: Option<&str>) -> Vec<String> {
        let mut missing: Vec<i64> = Vec::new();
        let mut nameless = 0_u64;
        for (entity_id, seen) in self.companies {
            if let Some(entity) = entities.get_mut(&entity_id) {
                seen.names.iter().for_each(|name| add_alias(entity, name));
                continue;
            }
            if given.is_some() {
                missing.push(entity_id);
            }
            let mut names = seen.names;
            let name = names.pop();
            nameless += u64::from(name.is_none());
            let name = name.unwrap_or_else(|| format!("#{entity_id}"));
            entities.insert(
                entity_id,
                Entity {
                    entity_id,
                    name,
                    domain: None,
                    aliases: names,
                    parent_id: None,
                    rank: 0.0,
                },
            );
        }
        notes(missing, nameless, given)
    }
}

fn notes(mut missing: Vec<i64>, nameless: u64, given: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(file), false) = (given, missing.is_empty()) {
        missing.sort_unstable();
        let some: Vec<String> = missing.iter().take(3).map(|id| format!("#{id}")).collect();
        notes.push(format!(
            "{} companies have decisions but do not stand in {} ({}{}): they were added by what the trace says.",
            missing.len(),
            file,
            some.join(", "),
            if missing.len() > some.len() { ", …" } else { "" },
        ));
    }
    if given.is_none() {
        notes.push(
            "There is no entities file: companies are called what the trace calls them.".to_owned(),
        );
    }
    if nameless > 0 {
        notes.push(format!(
            "{nameless} companies have no name and are found by their id only, such as `#17`."
        ));
    }
    notes
}
