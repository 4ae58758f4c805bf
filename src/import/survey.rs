//! A catalog for data that came without one: guessed from every line, each guess said.
//!
//! Reads the decisions once before they are imported. What data can't tell (who
//! may see what, when a value is stale, what a rule means) is left to people.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;

use super::failure;
use super::row::Row;
use crate::advice::{self, Grain};
use crate::catalog::{
    Attribute, Catalog, Columns, Cost, DEFAULT_LADDER_DAYS, DEFAULT_MAX_PARTITIONS, Lake, Source,
    Thresholds, Visibility, default_label, names,
};
use crate::error::Failure;
use crate::layout::{Format, Layout, PartitionColumn, PartitionColumnNames, Step};
use crate::value::{Kind, is_unparsed, number};

/// A kind must fit this share of the values, in percent.
const FITS: u64 = 95;
/// More different values than this, or hardly any repeated, and it is no enum.
const MOST_OF_AN_ENUM: usize = 200;
/// More than this and the column is surely another one.
const MOST_ATTRIBUTES: usize = 1_000;
const MOST_SOURCES: usize = 1_000;
const NAMES: [&str; 4] = ["name", "company_name", "legal_name", "entity_name"];

/// What was seen so far.
#[derive(Default)]
pub(super) struct Survey {
    attributes: BTreeMap<String, Values>,
    sources: BTreeSet<String>,
    days: Option<(Date, Date)>,
    rows: u64,
}

#[derive(Default)]
struct Values {
    rows: u64,
    values: u64,
    /// How many values each kind could be.
    fits: [u64; Kind::ALL.len()],
    different: BTreeSet<String>,
}

impl Survey {
    pub(super) fn see(&mut self, row: &Row<'_>, day: Date) -> Result<(), Failure> {
        self.rows += 1;
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        for claim in &row.evidence {
            if self.sources.len() < MOST_SOURCES && !self.sources.contains(&*claim.source) {
                self.sources.insert(claim.source.to_string());
            }
        }
        if !self.attributes.contains_key(&*row.attribute) {
            if self.attributes.len() == MOST_ATTRIBUTES {
                return Err(failure::user(
                    "too_many_attributes",
                    format!("attribute_name has more than {MOST_ATTRIBUTES} different values."),
                    "Check that it holds the attribute and not its value; else name the attributes in a catalog (--catalog).",
                ));
            }
            self.attributes
                .insert(row.attribute.to_string(), Values::default());
        }
        if let Some(values) = self.attributes.get_mut(&*row.attribute) {
            values.see(row.value.as_deref());
        }
        Ok(())
    }

    /// The catalog, and what it assumes.
    pub(super) fn catalog(self, file: &Path) -> Result<(Catalog, Vec<String>), Failure> {
        let Some((first, last)) = self.days else {
            return Err(failure::no_decisions(file));
        };
        let mut assumed = Vec::new();
        let layout = self.layout(first, last, &mut assumed);
        let attributes = attributes(&self.attributes, &mut assumed);
        let sources: Vec<Source> = self
            .sources
            .into_iter()
            .filter(|name| !name.chars().any(char::is_control))
            .map(|name| Source {
                label: default_label(&name),
                name,
                link: None,
                disclosable: true,
            })
            .collect();
        if !sources.is_empty() {
            let names: Vec<&str> = sources.iter().map(|s| s.name.as_str()).collect();
            assumed.push(format!(
                "Every source may be named to anyone: {}.",
                names.join(", ")
            ));
        }
        assumed.push(
            "No rule is declared: losers are shown with the pipeline's own reasons only."
                .to_owned(),
        );
        let catalog = Catalog {
            lake: Lake::default(),
            layout,
            columns: Columns::default(),
            attributes,
            sources,
            rules: Vec::new(),
            ladder_days: DEFAULT_LADDER_DAYS.to_vec(),
            max_partitions: DEFAULT_MAX_PARTITIONS,
            cost: Cost::default(),
        };
        Ok((catalog, assumed))
    }

    /// Names and order of a lake that nobody has described yet.
    pub(super) fn blank_layout(first_date: Date) -> Layout {
        Layout {
            order: [
                PartitionColumn::Attribute,
                PartitionColumn::Bucket,
                PartitionColumn::Date,
            ],
            buckets: 1,
            step: Step::Day,
            first_date,
            format: Format::Parquet,
            columns: PartitionColumnNames {
                attribute: "attribute_name".to_owned(),
                bucket: "entity_id_mod".to_owned(),
                date: "created_date".to_owned(),
            },
        }
    }

    fn layout(&self, first: Date, last: Date, assumed: &mut Vec<String>) -> Layout {
        let first_date = advice::first_date(first);
        let mut layout = Survey::blank_layout(first_date);
        let each = self.rows / (self.attributes.len() as u64).max(1);
        let Grain {
            step,
            buckets,
            rows,
        } = advice::grain(each, (first, last), &layout);
        (layout.step, layout.buckets) = (step, buckets);
        let word = match step {
            Step::Day => "day",
            Step::Month => "month",
        };
        assumed.push(format!(
            "A partition holds a {word} of one attribute and one of {} bucket{} of companies, since there are some {rows} decisions a {word} of each attribute.",
            layout.buckets,
            if layout.buckets == 1 { "" } else { "s" },
        ));
        assumed.push(format!(
            "No decision is older than {first_date}; the oldest here is of {first}."
        ));
        layout
    }
}

impl Values {
    fn see(&mut self, value: Option<&str>) {
        self.rows += 1;
        let Some(value) = value.filter(|v| !v.trim().is_empty()) else {
            return;
        };
        self.values += 1;
        for (count, kind) in self.fits.iter_mut().zip(Kind::ALL) {
            *count += u64::from(fits(kind, value));
        }
        if self.different.len() <= MOST_OF_AN_ENUM && !self.different.contains(value) {
            self.different.insert(value.to_owned());
        }
    }

    /// The narrowest kind that fits, and the share of values that it fits, in percent.
    fn kind(&self) -> (Kind, u64) {
        let share = |kind: Kind| {
            let fits = Kind::ALL
                .iter()
                .position(|k| *k == kind)
                .and_then(|at| self.fits.get(at));
            fits.copied().unwrap_or(0) * 100 / self.values.max(1)
        };
        let narrow = [
            Kind::Year,
            Kind::Date,
            Kind::Percent,
            Kind::Money,
            Kind::Number,
            Kind::Url,
        ];
        if let Some(kind) = narrow.into_iter().find(|kind| share(*kind) >= FITS) {
            return (kind, share(kind));
        }
        let different = self.different.len();
        let repeats = self.values >= 20 && different as u64 * 5 <= self.values;
        let is_enum = different <= MOST_OF_AN_ENUM && repeats;
        (if is_enum { Kind::Enum } else { Kind::Text }, 100)
    }
}

/// Whether a value looks like this kind more than like a wider one.
fn fits(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Text | Kind::Enum => true,
        Kind::Number => number(value).is_some(),
        Kind::Percent => value.contains('%') && number(value).is_some(),
        Kind::Money => number(value).is_some() && wears_a_currency(value),
        Kind::Date => !is_unparsed(kind, value),
        Kind::Year => {
            let year = value
                .trim()
                .get(..4)
                .and_then(|digits| digits.parse::<u32>().ok());
            let rest = value.trim().get(4..).unwrap_or_default();
            year.is_some_and(|year| (1500..=2100).contains(&year))
                && (rest.is_empty() || rest.starts_with([' ', '(', '/', ';']))
        }
        Kind::Url => {
            let host = value.split_once("://").map_or(value, |(_, rest)| rest);
            let host = host.split(['/', '?', '#']).next().unwrap_or_default();
            let top = host.rsplit_once('.').map_or("", |(_, top)| top);
            let has_scheme = value.starts_with("http://") || value.starts_with("https://");
            let is_domain = top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic());
            (has_scheme || is_domain) && !value.trim().contains(char::is_whitespace)
        }
    }
}

/// Beside what any number may have, there is something left: a sign or a code.
fn wears_a_currency(value: &str) -> bool {
    let codes = value
        .split(|c: char| !c.is_ascii_uppercase())
        .any(|word| word.len() == 3);
    codes || value.chars().any(|c| "$¢£¥€₩₹₽₺₫₪".contains(c))
}

fn attributes(seen: &BTreeMap<String, Values>, assumed: &mut Vec<String>) -> Vec<Attribute> {
    // Names that a person can't tell apart: the one with more decisions stays.
    let mut by_fold: BTreeMap<String, (&String, &Values)> = BTreeMap::new();
    for (name, values) in seen {
        let place = by_fold.entry(names::fold(name)).or_insert((name, values));
        if place.1.rows < values.rows {
            *place = (name, values);
        }
    }
    let mut attributes = Vec::new();
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, values) in by_fold.into_values() {
        let (kind, share) = values.kind();
        let label = if share < 100 {
            format!("{name} ({share} % of its values)")
        } else {
            name.clone()
        };
        kinds.entry(kind.as_str()).or_default().push(label);
        let is_name =
            kind.is_text() && NAMES.contains(&names::fold(name).replace(' ', "_").as_str());
        if is_name {
            assumed.push(format!(
                "The values of {name} are names of the company, old ones too."
            ));
        }
        attributes.push(Attribute {
            name: name.clone(),
            label: default_label(name),
            aliases: Vec::new(),
            kind,
            unit: (kind == Kind::Percent).then(|| "%".to_owned()),
            stale_after: None,
            sign_fixed: false,
            is_name,
            visible_to: Visibility::Everyone,
            thresholds: Thresholds::default(),
        });
    }
    for (kind, names) in kinds {
        assumed.push(format!(
            "Kind {kind}, by what the values look like: {}.",
            names.join(", ")
        ));
    }
    attributes
}
