//! Every key that a catalog file may hold, by section.
//!
//! The parser refuses what is not here; tests hold the example file to it.

pub(super) const SECTIONS: &[&str] = &[
    "lake",
    "layout",
    "columns",
    "attributes",
    "sources",
    "rules",
    "thresholds",
    "cost",
];
pub(super) const LAKE: &[&str] = &[
    "location",
    "database",
    "format",
    "trace",
    "latest",
    "entities",
    "directory",
];
pub(super) const LAYOUT: &[&str] = &[
    "order",
    "buckets",
    "step",
    "first_date",
    "ladder",
    "max_partitions",
];
/// By default each column is called what its key is.
pub(super) const COLUMNS: &[&str] = &[
    "decision_id",
    "entity_id",
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
    "decision_dates",
    "attribute_name",
    "entity_id_mod",
    "created_date",
];
pub(super) const ATTRIBUTE: &[&str] = &[
    "label",
    "aliases",
    "kind",
    "unit",
    "stale_after",
    "sign_fixed",
    "is_name",
    "visible_to",
    "thresholds",
];
pub(super) const VISIBLE_TO: &[&str] = &["channels", "users", "groups"];
pub(super) const THRESHOLDS: &[&str] = &[
    "late_after",
    "flapping_changes",
    "flapping_within",
    "tie_confidence",
    "tie_within",
    "jump_factor",
    "jump_within",
    "low_confidence",
    "close_within",
];
pub(super) const SOURCE: &[&str] = &["label", "link", "disclosable"];
pub(super) const RULE: &[&str] = &["kind", "order", "versions"];
pub(super) const COST: &[&str] = &["usd_per_tb", "minimum_bytes"];

/// Where a key that is unknown in one section belongs.
pub(super) const HOMES: &[(&str, &[&str])] = &[
    ("[lake]", LAKE),
    ("[layout]", LAYOUT),
    ("[thresholds]", THRESHOLDS),
    ("[cost]", COST),
];
