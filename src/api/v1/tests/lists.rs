//! Lists: companies, the catalog, and what changed, in pages and forms.

use super::*;

const CHANGES: &str = "/v1/entities/17/attributes/revenue/changes";

async fn ids(site: &Site, uri: &str) -> (Vec<String>, Value) {
    let said = check("history", &site.get(uri).await);
    let ids = said["changes"].as_array().unwrap().iter();
    let ids = ids.map(|change| change["decision_id"].as_str().unwrap().to_owned());
    (ids.collect(), said)
}

#[tokio::test]
async fn a_search_is_ranked_and_tells_namesakes_apart() {
    let site = site().await;
    let said = check("entities", &site.get("/v1/entities?q=acme&limit=3").await);
    let found = said["entities"].as_array().unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0]["entity_id"], 17);
    let details: std::collections::BTreeSet<&str> = found
        .iter()
        .map(|one| one["detail"].as_str().unwrap())
        .collect();
    assert_eq!(details.len(), 3, "{found:#?}");
    let nobody = check("entities", &site.get("/v1/entities?q=zzzzzzzz").await);
    assert_eq!(nobody["entities"], json!([]));
    for (query, outcome) in [
        ("", "400 missing_parameter"),
        ("?q=", "400 empty_parameter"),
        ("?q=%20", "400 empty"),
        ("?q=a&limit=0", "400 bad_limit"),
        ("?q=a&limit=51", "400 bad_limit"),
        ("?q=a&limit=many", "400 bad_limit"),
    ] {
        let seen = site.get(&format!("/v1/entities{query}")).await;
        assert_eq!(seen.outcome(), outcome, "{query}");
    }
}

#[tokio::test]
async fn the_catalog_says_what_can_be_asked_and_not_where_it_lies() {
    let site = site().await;
    let seen = site.get("/v1/catalog").await;
    let said = check("catalog", &seen);
    assert_eq!(said["attributes"][0]["name"], "revenue");
    assert_eq!(said["attributes"][0]["aliases"][0], "sales");
    assert!(!seen.body.contains("attribute_latest") && !seen.body.contains("U0BRANDT1"));
}

#[tokio::test]
async fn pages_are_the_list_and_each_leads_to_the_next() {
    let site = site().await;
    let (all, said) = ids(&site, CHANGES).await;
    assert!(all.len() > 4 && said["next"].is_null(), "{said:#}");
    let mut uri = format!("{CHANGES}?limit=2");
    let mut paged = Vec::new();
    loop {
        let seen = site.get(&uri).await;
        let said = check("history", &seen);
        let changes = said["changes"].as_array().unwrap();
        assert!(changes.len() <= 2);
        let own = changes
            .iter()
            .map(|c| c["decision_id"].as_str().unwrap().to_owned());
        paged.extend(own);
        let Some(next) = said["next"].as_str() else {
            assert_eq!(seen.header("link"), "");
            break;
        };
        uri = format!("{CHANGES}?limit=2&cursor={next}");
        assert_eq!(seen.header("link"), format!("<{uri}>; rel=\"next\""));
    }
    assert_eq!(paged, all);
    let (_, first) = ids(&site, &format!("{CHANGES}?limit=2")).await;
    let next = first["next"].as_str().unwrap();
    for (uri, outcome) in [
        (
            format!("{CHANGES}?cause=override&cursor={next}"),
            "400 bad_cursor",
        ),
        (
            format!("/v1/entities/17/attributes/employees/changes?cursor={next}"),
            "400 bad_cursor",
        ),
        (format!("{CHANGES}?cursor=AAAA"), "400 bad_cursor"),
        (format!("{CHANGES}?cursor=%C3%A9"), "400 bad_cursor"),
    ] {
        assert_eq!(site.get(&uri).await.outcome(), outcome, "{uri}");
    }
}

#[tokio::test]
async fn filters_leave_out_what_was_not_asked_for_and_change_no_cause() {
    let site = site().await;
    let (_, whole) = ids(&site, CHANGES).await;
    let whole = whole["changes"].as_array().unwrap();
    let matching = |keep: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        whole
            .iter()
            .filter(|change| keep(change))
            .cloned()
            .collect()
    };
    let last = whole[whole.len() - 2]["at"].as_str().unwrap().to_owned();
    let cause = whole[0]["cause"].as_str().unwrap().to_owned();
    let source = whole
        .iter()
        .find_map(|change| change["source"].as_str())
        .unwrap()
        .to_owned();
    for (query, expected) in [
        (
            format!("cause={cause}"),
            matching(&|c| c["cause"] == cause.as_str()),
        ),
        (
            format!("source={source}"),
            matching(&|c| c["source"] == source.as_str()),
        ),
        (
            format!("from={last}"),
            matching(&|c| c["at"].as_str().unwrap() >= last.as_str()),
        ),
        (
            format!("to={last}"),
            matching(&|c| c["at"].as_str().unwrap() <= last.as_str()),
        ),
        (
            "from=2026-11-19".to_owned(),
            matching(&|c| c["at"].as_str().unwrap() >= "2026-11-19"),
        ),
    ] {
        let (_, said) = ids(&site, &format!("{CHANGES}?{query}")).await;
        assert_eq!(said["changes"], json!(expected), "{query}");
    }
    for (query, outcome) in [
        ("cause=magic", "400 bad_cause"),
        ("from=2025-02-01&to=2025-01-01", "400 bad_period"),
        ("to=2031-01-01", "400 future"),
        ("limit=1001", "400 bad_limit"),
        ("format=xml", "400 bad_format"),
        ("page=2", "400 unknown_parameter"),
    ] {
        let seen = site.get(&format!("{CHANGES}?{query}")).await;
        assert_eq!(seen.outcome(), outcome, "{query}");
    }
}

#[tokio::test]
async fn lines_and_csv_have_every_change() {
    let site = site().await;
    let (all, said) = ids(&site, CHANGES).await;
    let lines = site
        .get_with(CHANGES, &[("accept", "application/x-ndjson")])
        .await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let change = schema("answer/$defs/change");
    let each: Vec<Value> = lines
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(each.iter().all(|line| change.is_valid(line)));
    assert_eq!(json!(each), said["changes"]);
    let accept = [("accept", "text/csv;q=0.9, application/json;q=0.1")];
    let csv = site.get_with(CHANGES, &accept).await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let named = "attachment; filename=\"17-revenue-changes.csv\"";
    assert_eq!(csv.header("content-disposition"), named);
    let mut reader = ::csv::Reader::from_reader(csv.body.as_bytes());
    let rows: Vec<String> = reader
        .records()
        .map(|row| row.unwrap().iter().next_back().unwrap().to_owned())
        .collect();
    assert_eq!(rows, all);
    let html = site.get_with(CHANGES, &[("accept", "text/html")]).await;
    assert_eq!(html.outcome(), "406 not_acceptable");
    let two = site.get(&format!("{CHANGES}?format=csv&limit=2")).await;
    assert_eq!(two.body.lines().count(), 3);
    assert!(two.header("link").contains("format=csv"), "{two:?}");
    assert!(!two.header("vary").is_empty());
}
