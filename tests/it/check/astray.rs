//! What lies elsewhere is found once; what only follows from it is not told, and that is said.

use std::path::Path;

use serde_json::json;

use super::{REVENUE, check, decision, decisions, found, lake};

fn trace_of(lake: &Path, bucket: u32) -> std::path::PathBuf {
    lake.join(REVENUE).join(format!("entity_id_mod={bucket}"))
}

#[test]
fn a_folder_that_is_no_partition_breaks_no_chain() {
    let wrong = lake("astray_folder", &decisions());
    let bucket = trace_of(&wrong, 1);
    std::fs::rename(
        bucket.join("created_date=2024-01-01"),
        bucket.join("created_date=January"),
    )
    .unwrap();
    found(
        &wrong,
        &["partition_path 1"],
        &[
            "attribute_trace: what follows from decisions of revenue that lie elsewhere is not told:",
        ],
    );
}

/// A folder of one attribute, and what lies beside all folders, say nothing of another's faults.
#[test]
fn what_is_astray_hides_no_fault_of_another_attribute() {
    let wrong = lake("astray_other", &decisions());
    let employees = wrong.join("attribute_trace/attribute_name=employees/entity_id_mod=1");
    std::fs::rename(
        employees.join("created_date=2024-03-01"),
        employees.join("created_date=March"),
    )
    .unwrap();
    std::fs::write(wrong.join("attribute_trace/README.txt"), "text").unwrap();
    std::fs::remove_dir_all(trace_of(&wrong, 1).join("created_date=2024-01-01")).unwrap();
    found(
        &wrong,
        &["partition_path 2", "latest_dates_extra 1"],
        &["company 5, revenue: names 2024-01-01, of which there is no folder\n"],
    );
    // Hadoop's marks of folders are nobody's files.
    let marked = lake("astray_marked", &decisions());
    std::fs::write(marked.join(format!("{REVENUE}_$folder$")), "").unwrap();
    super::clean(&check(&marked, &["--all"]));
}

#[test]
fn an_attribute_under_another_name_is_missing_nowhere() {
    let wrong = lake("astray_attribute", &decisions());
    std::fs::rename(
        wrong.join(REVENUE),
        wrong.join("attribute_trace/attribute_name=turnover"),
    )
    .unwrap();
    found(
        &wrong,
        &["attribute_unknown 3"],
        &[
            "attribute_trace: what follows from decisions of revenue that lie elsewhere is not told:",
        ],
    );
}

#[test]
fn a_decision_in_another_bucket_breaks_no_chain() {
    let wrong = lake("astray_bucket", &decisions());
    let march = "created_date=2024-03-01";
    std::fs::create_dir(trace_of(&wrong, 3)).unwrap();
    std::fs::rename(
        trace_of(&wrong, 1).join(march),
        trace_of(&wrong, 3).join(march),
    )
    .unwrap();
    found(&wrong, &["bucket 1"], &[]);
}

/// Months, each decision replacing the one before.
fn year(name: &str) -> std::path::PathBuf {
    let all: Vec<_> = (1..=9)
        .map(|month| {
            let previous = (month > 1).then(|| format!("d{}", month - 1));
            let change = json!({"previous_value": previous});
            let at = format!("2024-{month:02}-10T00:00:00Z");
            decision(&format!("d{month}"), (5, "revenue"), &at, &change)
        })
        .collect();
    lake(name, &all)
}

#[test]
fn one_wrong_time_is_one_fault_and_not_one_of_each_later_decision() {
    let wrong = year("astray_day");
    let folder = |month: u32| trace_of(&wrong, 1).join(format!("created_date=2024-{month:02}-01"));
    let (from, to) = (super::part(&folder(8)), super::part(&folder(2)));
    std::fs::copy(&from, &to).unwrap();
    // August's decision lies in February too.
    let json = check(&wrong, &["--all", "--json"]).json();
    assert_eq!(super::codes(&json), ["created_date 1"], "{json:#}");
    let note = "attribute_trace: the chain of previous_value was not followed on from a decision in another day's folder, once.";
    let notes = json["notes"].as_array().unwrap();
    assert!(notes.contains(&json!(note)), "{json:#}");
}
