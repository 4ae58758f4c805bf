//! Writes a catalog back as `why.toml`, for `why import` that inferred one.
//!
//! What has its default is left out, except where a reader wants to see it.
//! **Invariant:** parsing what this wrote gives the same catalog (property-tested).

use std::fmt::Write;

use super::{
    Attribute, Catalog, Cost, DEFAULT_MAX_PARTITIONS, Rule, RuleKind, Source, Thresholds,
    Visibility, default_label, duration,
};
use crate::layout::{Format, PartitionColumn, Step};

impl Catalog {
    /// The text of a catalog file that parses to this catalog.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut page = Page::default();
        lake(self, &mut page);
        layout(self, &mut page);
        columns(self, &mut page);
        let base = common_thresholds(&self.attributes);
        for attribute in &self.attributes {
            write_attribute(attribute, &base, &mut page);
        }
        for source in &self.sources {
            write_source(source, &mut page);
        }
        write_rules(&self.rules, &mut page);
        if base != Thresholds::default() {
            page.header("[thresholds]");
            thresholds(&base, &Thresholds::default(), &mut page);
        }
        if self.cost != Cost::default() {
            page.header("[cost]");
            page.set("usd_per_tb", &number(self.cost.usd_per_tb));
            page.set("minimum_bytes", &self.cost.minimum_bytes.to_string());
        }
        page.text
    }
}

/// The text so far.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn header(&mut self, header: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        // Writing to a String can't fail.
        let _ = writeln!(self.text, "{header}");
    }

    fn set(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.text, "{key} = {value}");
    }

    fn set_with(&mut self, key: &str, value: &str, comment: &str) {
        let _ = writeln!(self.text, "{key} = {value}  # {comment}");
    }
}

fn lake(catalog: &Catalog, page: &mut Page) {
    let lake = &catalog.lake;
    page.header("[lake]");
    page.set_with(
        "location",
        &quoted(&lake.location),
        "a folder (relative to this file), file:///… or s3://bucket/prefix",
    );
    page.set("database", &quoted(&lake.database));
    let format = match catalog.layout.format {
        Format::Parquet => "parquet",
        Format::Hudi => "hudi",
    };
    page.set("format", &quoted(format));
    page.set("trace", &quoted(&lake.trace));
    if let Some(latest) = &lake.latest {
        page.set_with(
            "latest",
            &quoted(latest),
            "the newest decision of each company and attribute",
        );
    }
    page.set("entities", &quoted(&lake.entities));
    page.set("directory", &quoted(&lake.directory));
}

fn layout(catalog: &Catalog, page: &mut Page) {
    let layout = &catalog.layout;
    page.header("[layout]");
    let order = layout.order.map(|column| match column {
        PartitionColumn::Attribute => "attribute",
        PartitionColumn::Bucket => "bucket",
        PartitionColumn::Date => "date",
    });
    page.set_with("order", &list(&order), "folders, from the outermost");
    page.set_with(
        "buckets",
        &layout.buckets.to_string(),
        "N of entity_id mod N",
    );
    let step = match layout.step {
        Step::Day => "day",
        Step::Month => "month",
    };
    page.set("step", &quoted(step));
    page.set_with(
        "first_date",
        &layout.first_date.to_string(),
        "no decision is older",
    );
    let rungs: Vec<String> = catalog
        .ladder_days
        .iter()
        .map(|days| format!("{days}d"))
        .collect();
    page.set_with("ladder", &list(&rungs), "how far back to look, in turn");
    if catalog.max_partitions != DEFAULT_MAX_PARTITIONS {
        page.set("max_partitions", &catalog.max_partitions.to_string());
    }
}

fn columns(catalog: &Catalog, page: &mut Page) {
    let named = catalog.named_columns();
    let own: Vec<_> = named.iter().filter(|(key, name)| key != name).collect();
    if own.is_empty() {
        return;
    }
    page.header("[columns]");
    for (key, name) in own {
        page.set(key, &quoted(name));
    }
}

fn write_attribute(attribute: &Attribute, base: &Thresholds, page: &mut Page) {
    let title = format!("attributes.{}", key(&attribute.name));
    page.header(&format!("[{title}]"));
    if attribute.label != default_label(&attribute.name) {
        page.set("label", &quoted(&attribute.label));
    }
    if !attribute.aliases.is_empty() {
        page.set("aliases", &list(&attribute.aliases));
    }
    page.set("kind", &quoted(attribute.kind.as_str()));
    if let Some(unit) = &attribute.unit {
        page.set("unit", &quoted(unit));
    }
    if let Some(stale_after) = attribute.stale_after {
        page.set("stale_after", &quoted(&duration::write(stale_after)));
    }
    if attribute.sign_fixed {
        page.set("sign_fixed", "true");
    }
    if attribute.is_name {
        page.set("is_name", "true");
    }
    match &attribute.visible_to {
        Visibility::Everyone => {}
        Visibility::Only {
            channels,
            users,
            groups,
        } => {
            page.header(&format!("[{title}.visible_to]"));
            for (key, ids) in [("channels", channels), ("users", users), ("groups", groups)] {
                if !ids.is_empty() {
                    page.set(key, &list(ids));
                }
            }
        }
    }
    if attribute.thresholds != *base {
        page.header(&format!("[{title}.thresholds]"));
        thresholds(&attribute.thresholds, base, page);
    }
}

/// What all attributes agree on, where they do.
fn common_thresholds(attributes: &[Attribute]) -> Thresholds {
    match attributes.split_first() {
        Some((first, others)) if others.iter().all(|a| a.thresholds == first.thresholds) => {
            first.thresholds.clone()
        }
        Some(_) | None => Thresholds::default(),
    }
}

/// Only what differs from `base`.
fn thresholds(thresholds: &Thresholds, base: &Thresholds, page: &mut Page) {
    let written = |t: &Thresholds| {
        let Thresholds {
            late_after,
            flapping_changes,
            flapping_within,
            tie_confidence,
            tie_within,
            jump_factor,
            jump_within,
            low_confidence,
            close_within,
        } = t;
        let time = |duration| quoted(&duration::write(duration));
        [
            ("late_after", time(*late_after)),
            ("flapping_changes", flapping_changes.to_string()),
            ("flapping_within", time(*flapping_within)),
            ("tie_confidence", number(*tie_confidence)),
            ("tie_within", time(*tie_within)),
            ("jump_factor", number(*jump_factor)),
            ("jump_within", time(*jump_within)),
            ("low_confidence", number(*low_confidence)),
            ("close_within", number(*close_within)),
        ]
    };
    for ((key, own), (_, common)) in written(thresholds).iter().zip(written(base)) {
        if *own != common {
            page.set(key, own);
        }
    }
}

fn write_source(source: &Source, page: &mut Page) {
    page.header(&format!("[sources.{}]", key(&source.name)));
    if source.label != default_label(&source.name) {
        page.set("label", &quoted(&source.label));
    }
    if let Some(link) = &source.link {
        page.set("link", &quoted(link));
    }
    if !source.disclosable {
        page.set_with("disclosable", "false", "not named to outsiders");
    }
}

fn write_rules(rules: &[Rule], page: &mut Page) {
    for rule in rules {
        let several = rules.iter().filter(|r| r.name == rule.name).count() > 1;
        let name = key(&rule.name);
        page.header(&if several {
            format!("[[rules.{name}]]")
        } else {
            format!("[rules.{name}]")
        });
        let kind = match &rule.kind {
            RuleKind::SourcePriority(_) => "source_priority",
            RuleKind::Recency => "recency",
            RuleKind::Confidence => "confidence",
            RuleKind::Frequency => "frequency",
        };
        page.set("kind", &quoted(kind));
        match &rule.kind {
            RuleKind::SourcePriority(order) => page.set("order", &list(order)),
            RuleKind::Recency | RuleKind::Confidence | RuleKind::Frequency => {}
        }
        if !rule.versions.is_empty() {
            page.set("versions", &list(&rule.versions));
        }
    }
}

/// A key as TOML wants it: bare where it can be.
pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { quoted(name) }
}

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// The shortest decimal that reads back as the same number.
fn number(number: f64) -> String {
    format!("{number:?}")
}
