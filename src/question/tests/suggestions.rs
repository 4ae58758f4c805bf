//! "Did you mean": by beginning, by a word, by typing errors.

use super::CATALOG;
use crate::question::suggest_attributes;

#[test]
fn attributes_like_what_was_typed_come_best_first() {
    let rows = [
        ("revenue", "revenue"),
        ("rev", "revenue"),
        ("revenu", "revenue"),
        ("revneue", "revenue"),
        ("Reveneu", "revenue"),
        ("turnvoer", "revenue"),
        ("head count", "employees, headquarters"),
        ("head", "employees, headquarters"),
        ("emploeyes", "employees"),
        ("industy", "sector"),
        ("siege", "headquarters"),
        ("market", "market_cap"),
        ("marketcap", "market_cap"),
        ("capitalization", "market_cap"),
        ("growth", "expected_growth"),
        ("growth rate", "expected_growth"),
        ("year founded", "founded"),
        ("ВЫРУЧК", "revenue"),
        ("phone", ""),
        ("x", ""),
        ("", ""),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(typed, expected)| {
            let got = suggest_attributes(typed, &CATALOG).join(", ");
            (got != *expected).then(|| format!("{typed}: wanted {expected}, got {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
