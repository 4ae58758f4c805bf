//! What a catalog says to those who ask, as JSON: `schema/catalog.v1.json`.
//!
//! Not where the lake is, nor who may see what. It is given the catalog as its reader may see it.

use serde_json::{Value, json};

use crate::answer::{Cause, Mark};
use crate::catalog::{Attribute, Catalog, Rule, RuleKind, Source};

/// `{ "attributes", "sources", "rules", "causes", "marks", "lake_begins" }`.
#[must_use]
pub fn catalog(catalog: &Catalog) -> Value {
    let cause = |cause: &Cause| json!({"name": cause.as_str(), "words": cause.words()});
    let mark = |mark: &Mark| json!({"name": mark.as_str(), "words": mark.words()});
    json!({
        "attributes": catalog.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "sources": catalog.sources.iter().map(source).collect::<Vec<_>>(),
        "rules": catalog.rules.iter().map(rule).collect::<Vec<_>>(),
        "causes": Cause::ALL.iter().map(cause).collect::<Vec<_>>(),
        "marks": Mark::ALL.iter().map(mark).collect::<Vec<_>>(),
        "lake_begins": catalog.layout.first_date.to_string(),
    })
}

fn attribute(attribute: &Attribute) -> Value {
    json!({
        "name": attribute.name,
        "label": attribute.label,
        "aliases": attribute.aliases,
        "kind": attribute.kind.as_str(),
        "unit": attribute.unit,
        "stale_after_s": attribute.stale_after.map(|after| after.as_secs()),
        "sign_fixed": attribute.sign_fixed,
        "is_name": attribute.is_name,
    })
}

fn source(source: &Source) -> Value {
    json!({"name": source.name, "label": source.label})
}

fn rule(rule: &Rule) -> Value {
    let (kind, order) = match &rule.kind {
        RuleKind::SourcePriority(order) => ("source_priority", Some(order)),
        RuleKind::Recency => ("recency", None),
        RuleKind::Confidence => ("confidence", None),
        RuleKind::Frequency => ("frequency", None),
    };
    json!({
        "name": rule.name,
        "versions": rule.versions,
        "kind": kind,
        "order": order,
    })
}
