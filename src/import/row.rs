//! One line of the decisions file: a row of the data contract, or why not.
//!
//! Judges what a line says by itself ([`Row::parse`]) and against a catalog
//! ([`Row::check`]). Borrows from the line wherever it can.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::value::RawValue;

use super::json::{Field, Object};
use crate::catalog::{Catalog, EARLIEST_FIRST_DATE, names};
use crate::layout::utc_date;
use crate::trace::{Candidate, Decision, round_to_millis};

const FIELDS: [&str; 13] = [
    "decision_id",
    "entity_id",
    "attribute_name",
    "decided_at",
    "value",
    "previous_value",
    "rule",
    "rule_version",
    "reason",
    "run_id",
    "actor",
    "override",
    "evidence",
];
const CLAIM_FIELDS: [&str; 8] = [
    "source",
    "record_id",
    "value",
    "observed_at",
    "confidence",
    "selected",
    "reason",
    "url",
];

/// Partition columns may stand in the data too; the layout computes them anyway.
const PARTITION_FIELDS: [&str; 2] = ["entity_id_mod", "created_date"];

/// A decision that lies further ahead is a slip of the pen.
const MOST_YEARS_AHEAD: i16 = 10;

/// A decision, as it will be stored. Times are microseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) decision_id: Cow<'a, str>,
    pub(super) entity_id: i64,
    pub(super) attribute: Cow<'a, str>,
    pub(super) decided_at: i64,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) previous_value: Option<Cow<'a, str>>,
    pub(super) rule: Option<Cow<'a, str>>,
    pub(super) rule_version: Option<Cow<'a, str>>,
    pub(super) reason: Option<Cow<'a, str>>,
    pub(super) run_id: Option<Cow<'a, str>>,
    pub(super) actor: Option<Cow<'a, str>>,
    pub(super) is_override: bool,
    pub(super) evidence: Vec<Claim<'a>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim<'a> {
    pub(super) source: Cow<'a, str>,
    pub(super) record_id: Option<Cow<'a, str>>,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) observed_at: Option<i64>,
    pub(super) confidence: Option<f64>,
    pub(super) selected: bool,
    pub(super) reason: Option<Cow<'a, str>>,
    pub(super) url: Option<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    /// Reads a line; `unknown` hears of fields that the contract does not have.
    pub(super) fn parse(line: &'a [u8], unknown: &mut dyn FnMut(&str)) -> Result<Row<'a>, String> {
        let object = Object::parse(line, &FIELDS)?;
        for name in object
            .unknown
            .iter()
            .filter(|n| !PARTITION_FIELDS.contains(&n.as_str()))
        {
            unknown(name);
        }
        let decision_id = object.required(0)?.filled()?;
        if decision_id.contains('\0') {
            return Err("decision_id holds a null character".to_owned());
        }
        let attribute = object.required(2)?.filled()?;
        if let Some(why) = names::refused_attribute(&attribute) {
            return Err(format!(
                "attribute_name \"{}\" can't be used: {why}",
                attribute.escape_debug()
            ));
        }
        if !object.is_there(4) {
            return Err("there is no value: write null where there is none".to_owned());
        }
        Ok(Row {
            decision_id,
            entity_id: object.required(1)?.integer()?,
            attribute,
            decided_at: object.required(3)?.instant()?,
            value: object.text(4)?,
            previous_value: object.text(5)?,
            rule: object.text(6)?,
            rule_version: object.text(7)?,
            reason: object.text(8)?,
            run_id: object.text(9)?,
            actor: object.text(10)?,
            is_override: object.field(11).map_or(Ok(false), |f| f.flag())?,
            evidence: match object.field(12) {
                Some(field) => claims(&field)?,
                None => Vec::new(),
            },
        })
    }

    /// The day of the decision, UTC; `None` outside the calendar's range.
    pub(super) fn day(&self) -> Option<Date> {
        Timestamp::from_microsecond(self.decided_at)
            .ok()
            .map(utc_date)
    }

    /// Whether the time may be right at all.
    pub(super) fn check_time(&self, now: Timestamp) -> Result<Date, String> {
        let today = utc_date(now);
        match self.day() {
            Some(day) if day < EARLIEST_FIRST_DATE => {
                Err(format!("decided_at {day} is before {EARLIEST_FIRST_DATE}"))
            }
            Some(day)
                if i32::from(day.year())
                    > i32::from(today.year()) + i32::from(MOST_YEARS_AHEAD) =>
            {
                Err(format!(
                    "decided_at {day} is more than {MOST_YEARS_AHEAD} years ahead"
                ))
            }
            Some(day) => Ok(day),
            None => Err("decided_at is out of range".to_owned()),
        }
    }

    /// The attribute's place in the catalog, where this decision can lie in its lake.
    pub(super) fn check(&self, catalog: &Catalog, now: Timestamp) -> Result<usize, String> {
        let known = catalog
            .attributes
            .iter()
            .position(|a| a.name == self.attribute);
        let attribute = known.ok_or_else(|| unknown_attribute(&self.attribute, catalog))?;
        let day = self.check_time(now)?;
        let first = catalog.layout.first_date;
        if day < first {
            return Err(format!(
                "decided_at {day} is before first_date {first} of the catalog: no question would find it"
            ));
        }
        Ok(attribute)
    }

    /// The same as an engine reads it.
    pub(super) fn decision(&self) -> Decision {
        let owned = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Decision {
            decision_id: self.decision_id.to_string(),
            entity_id: self.entity_id,
            attribute: self.attribute.to_string(),
            decided_at: round_to_millis(self.decided_at).unwrap_or_default(),
            value: owned(&self.value),
            previous_value: owned(&self.previous_value),
            rule: owned(&self.rule),
            rule_version: owned(&self.rule_version),
            reason: owned(&self.reason),
            run_id: owned(&self.run_id),
            actor: owned(&self.actor),
            is_override: self.is_override,
            evidence: self
                .evidence
                .iter()
                .map(|claim| Candidate {
                    source: claim.source.to_string(),
                    record_id: owned(&claim.record_id),
                    value: owned(&claim.value),
                    observed_at: claim.observed_at.and_then(round_to_millis),
                    confidence: claim.confidence,
                    selected: claim.selected,
                    reason: owned(&claim.reason),
                    url: owned(&claim.url),
                })
                .collect(),
            written: String::new(),
        }
    }
}

fn unknown_attribute(name: &str, catalog: &Catalog) -> String {
    let fold = names::fold(name);
    let nearest = catalog
        .attributes
        .iter()
        .map(|a| {
            (
                strsim::normalized_damerau_levenshtein(&fold, &names::fold(&a.name)),
                &a.name,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    match nearest {
        Some((_, near)) => {
            format!("the catalog has no attribute \"{name}\": did you mean \"{near}\"?")
        }
        None => format!("the catalog has no attribute \"{name}\": add it there first"),
    }
}

fn claims<'a>(field: &Field<'a>) -> Result<Vec<Claim<'a>>, String> {
    let items = field.list()?.into_iter().enumerate();
    items
        .map(|(at, item)| claim(item).map_err(|why| format!("evidence[{at}]: {why}")))
        .collect()
}

fn claim(item: &RawValue) -> Result<Claim<'_>, String> {
    if !item.get().starts_with('{') {
        return Err("it is not an object".to_owned());
    }
    let object = Object::parse(item.get().as_bytes(), &CLAIM_FIELDS)?;
    Ok(Claim {
        source: object.required(0)?.filled()?,
        record_id: object.text(1)?,
        value: object.text(2)?,
        observed_at: object.field(3).map(|f| f.instant()).transpose()?,
        confidence: object.field(4).map(|f| f.number()).transpose()?,
        selected: object.field(5).map_or(Ok(false), |f| f.flag())?,
        reason: object.text(6)?,
        url: object.text(7)?,
    })
}
