//! What `why catalog check` says it understood.

use insta::assert_snapshot;

use super::*;

fn understood(text: &str) -> String {
    let catalog = catalog::Catalog::parse(text, "why.toml").unwrap();
    format!("{}\n{}", lake(&catalog), contents(&catalog))
}

#[test]
fn a_catalog_is_told_in_two_lines() {
    assert_snapshot!(understood(example::TEXT), @r"
    Parquet in s3://acme-lake/why, by attribute / 16 buckets / month, since 2015-01-01; the newest decisions in attribute_latest.
    8 attributes (revenue, employees, sector, headquarters, website, founded and 2 more), 3 sources, 2 declared rules.
    ");
}

#[test]
fn one_of_each_is_told_in_the_singular() {
    assert_snapshot!(understood("[layout]\nfirst_date = 2020-02-29\nstep = \"day\"\nbuckets = 1\n\
        order = [\"date\", \"bucket\", \"attribute\"]\n[lake]\nformat = \"hudi\"\n[attributes.revenue]\n\
        [rules.best]\nkind = \"recency\""), @r"
    Hudi in the catalog's own folder, by day / 1 bucket / attribute, since 2020-02-29; no latest table.
    1 attribute (revenue), 0 sources, 1 declared rule.
    ");
}

#[test]
fn a_first_date_that_is_still_to_come_is_refused() {
    let catalog = catalog::Catalog::parse(example::TEXT, "why.toml").unwrap();
    let first = catalog.layout.first_date;
    assert_eq!(future(&catalog, first), None);
    let failure = future(&catalog, first.yesterday().unwrap()).unwrap();
    assert_snapshot!(failure.text, @"[layout] first_date = 2015-01-01 lies in the future: no decision is that new.");
    assert_eq!(failure.class.exit_code(), 1);
}

#[test]
fn a_writer_is_told_its_layout_with_the_teams_own_columns() {
    let catalog = catalog::Catalog::parse(
        "[layout]\nfirst_date = 2020-02-29\nstep = \"day\"\nbuckets = 4\n\
        order = [\"date\", \"bucket\", \"attribute\"]\n[lake]\nformat = \"hudi\"\n\
        location = \"s3://lakes/why\"\nlatest = \"newest\"\n[columns]\noverride = \"by_hand\"\n\
        created_date = \"dt\"\n[attributes.revenue]",
        "why.toml",
    )
    .unwrap();
    let told = json::json(&catalog);
    assert_eq!(
        told["layout"],
        serde_json::json!({
            "order": ["created_date", "entity_id_mod", "attribute_name"],
            "buckets": 4, "step": "day", "first_date": "2020-02-29"
        })
    );
    assert_eq!(
        told["tables"],
        serde_json::json!({"trace": "attribute_trace", "latest": "newest", "entities": "entities"})
    );
    assert_eq!(
        [&told["format"], &told["location"], &told["attributes"][0]],
        ["hudi", "s3://lakes/why", "revenue"]
    );
    let columns = told["columns"].as_object().unwrap();
    assert_eq!(
        [&columns["override"], &columns["created_date"]],
        ["by_hand", "dt"]
    );
    let own = columns.iter().filter(|(key, name)| *key != *name);
    assert_eq!(
        own.count(),
        2,
        "all others are called what the contract calls them"
    );
    assert_eq!(columns.len(), 16);
}
