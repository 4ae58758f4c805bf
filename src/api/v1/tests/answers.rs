//! Questions: what is answered, what is refused, and for whom.

use super::*;

#[tokio::test]
async fn words_and_parts_ask_the_same() {
    let site = site().await;
    let words = site
        .get("/v1/answer?q=%2317+revenue+as+of+2025-03-01")
        .await;
    assert_eq!(words.status, 200, "{words:?}");
    let words = check("answered", &words);
    for parts in [
        "entity=17&attribute=revenue&as_of=2025-03-01",
        "entity=%2317&attribute=turnover&as_of=2025-03-01",
        "entity=acme&attribute=Sales&as_of=1+March+2025",
        "entity=acme.com&attribute=revenue&as_of=2025-03-01T23:59:59.999Z",
    ] {
        let seen = site.get(&format!("/v1/answer?{parts}")).await;
        let said = check("answer/$defs/answer", &seen);
        for field in ["entity", "attribute", "value", "changes", "decision_id"] {
            assert_eq!(said[field], words[field], "{parts} {field}");
        }
        assert_eq!(said["question"]["as_of"], "2025-03-01T23:59:59.999Z");
    }
    let expected = "/v1/answer?entity=17&attribute=revenue&expected=10M&look_back=since+2024-01-01";
    let said = site.get(expected).await.json();
    assert_eq!(said["question"]["look_back"], "since 2024-01-01");
    assert_eq!(said["expectation"]["expected"], "10M");
}

#[tokio::test]
async fn a_company_alone_and_what_changed_have_their_own_shapes() {
    let site = site().await;
    let glance = site.get("/v1/answer?q=acme").await;
    let own = site.get("/v1/entities/17").await;
    let (glance, own) = (check("overview", &glance), check("overview", &own));
    // Its own page reads further back than words in a conversation do.
    let values = |said: &Value| -> Vec<Value> {
        let rows = said["attributes"].as_array().unwrap().iter();
        rows.map(|row| row["display"].clone()).collect()
    };
    assert_eq!(values(&glance), values(&own));
    assert_eq!(glance["attributes"][0]["since_at_least"], true);
    assert_eq!(own["attributes"][0]["since_at_least"], false);
    check("changes", &site.get("/v1/answer?q=acme+changes").await);
    let past = site.get("/v1/entities/17?as_of=2025-03-01").await;
    assert_ne!(check("overview", &past)["attributes"], own["attributes"]);
}

#[tokio::test]
async fn what_can_t_be_asked_is_a_problem_that_says_what_to_do() {
    let site = site().await;
    for (uri, outcome) in [
        ("/v1/answer", "400 missing_parameter"),
        ("/v1/answer?q=", "400 empty_parameter"),
        ("/v1/answer?q=+", "400 empty"),
        ("/v1/answer?q=%00", "400 empty"),
        (
            "/v1/answer?q=acme+revenue&entity=17",
            "400 clashing_parameters",
        ),
        ("/v1/answer?attribute=revenue", "400 missing_parameter"),
        ("/v1/answer?entity=17", "400 missing_attribute"),
        (
            "/v1/answer?entity=17&attribute=revnue",
            "404 unknown_attribute",
        ),
        (
            "/v1/answer?entity=4711&attribute=revenue",
            "404 unknown_company",
        ),
        (
            "/v1/answer?entity=99999999999999999999&attribute=revenue",
            "404 unknown_company",
        ),
        (
            "/v1/answer?entity=nobody+at+all&attribute=revenue",
            "404 unknown_company",
        ),
        (
            "/v1/answer?entity=acme+tools&attribute=revenue",
            "409 several_companies",
        ),
        ("/v1/answer?q=acme+tools+revenue", "409 several_companies"),
        ("/v1/answer?q=acme+revenue+as+of+someday", "400 bad_date"),
        (
            "/v1/answer?q=acme+revenue+as+of+03/04/2025",
            "400 ambiguous_date",
        ),
        (
            "/v1/answer?entity=17&attribute=revenue&as_of=2031",
            "400 future",
        ),
        (
            "/v1/answer?entity=17&attribute=revenue&look_back=x",
            "400 bad_look_back",
        ),
        (
            "/v1/answer?q=acme+revenue&asof=2025-03-01",
            "400 unknown_parameter",
        ),
        ("/v1/answer?q=acme+revenue&q=acme", "400 doubled_parameter"),
        ("/v1/answer?q=%ff", "400 bad_encoding"),
        ("/v1/entities/x", "400 bad_id"),
        ("/v1/entities/%ff", "400 bad_encoding"),
        ("/v1/entities/4711", "404 unknown_company"),
        ("/v1/entities/17?q=x", "400 unknown_parameter"),
        (
            "/v1/compare?entity=17&attribute=revenue",
            "400 clashing_parameters",
        ),
        ("/v1/compare?entity=17", "400 missing_parameter"),
        (
            "/v1/compare?entity=17&attribute=revenue&at=2025&with=18&and=2024",
            "400 clashing_parameters",
        ),
        ("/v1/nothing", "404 no_such_path"),
        ("/v1/entities/17/attributes/revenue", "404 no_such_path"),
    ] {
        let seen = site.get(uri).await;
        assert_eq!(seen.outcome(), outcome, "{uri} {seen:?}");
        assert_eq!(seen.header("content-type"), "application/problem+json");
        assert_eq!(seen.header("cache-control"), "no-store");
        let said = check("problem", &seen);
        assert_eq!(said["status"], seen.status.as_u16());
        assert!(!said["detail"].as_str().unwrap().is_empty(), "{uri}");
    }
    let seen = site
        .get("/v1/answer?entity=acme+tools&attribute=revenue&as_of=2025")
        .await;
    let choice = &seen.json()["choices"][0]["question"];
    let choice = choice.as_str().unwrap();
    assert!(choice.contains("revenue as of 2025-12-31"), "{choice}");
    let long = format!("/v1/answer?q={}", "x".repeat(9_000));
    assert_eq!(site.get(&long).await.outcome(), "414 url_too_long");
    let long = format!("/v1/answer?q={}", "x+".repeat(1_500));
    assert_eq!(site.get(&long).await.outcome(), "400 too_long");
}

#[tokio::test]
async fn nothing_in_a_field_is_a_clause() {
    let site = site().await;
    for company in [
        "acme+revenue+as+of+2020",
        "acme%22+revenue+as+of+2020+%22",
        "acme+changes",
        "'%3B+DROP+TABLE+x%3B--",
        "%3Cscript%3E",
        "..%2F..%2Fetc%2Fpasswd",
    ] {
        let seen = site
            .get(&format!("/v1/answer?entity={company}&attribute=revenue"))
            .await;
        assert_eq!(seen.outcome(), "404 unknown_company", "{company}");
    }
    let seen = site
        .get("/v1/answer?entity=17&attribute=revenue+as+of+2020")
        .await;
    assert_eq!(seen.outcome(), "404 unknown_attribute");
}

#[tokio::test]
async fn who_may_not_see_an_attribute_sees_it_nowhere_and_it_is_written_down() {
    let stranger = person("U0STRANGE", Standing::Member, ALL);
    let site = site().await.by_reader(stranger);
    for uri in [
        "/v1/answer?q=acme+credit+limit",
        "/v1/answer?entity=17&attribute=credit_limit",
        "/v1/entities/17/attributes/credit_limit/changes",
        "/v1/entities/17/attributes/credit_limit/changes?format=csv",
        "/v1/compare?entity=17&attribute=credit_limit&at=2025-01-01",
        "/v1/compare?entity=18&attribute=credit_limit&with=17",
    ] {
        let seen = site.get(uri).await;
        assert_eq!(seen.outcome(), "403 restricted", "{uri}");
    }
    let accesses = site.accesses().await;
    assert_eq!(accesses.len(), 6, "{accesses:#?}");
    for access in &accesses {
        assert_eq!(access.outcome, "restricted");
        assert_eq!(access.attribute.as_deref(), Some("credit_limit"));
        assert_eq!(access.user, "U0STRANGE (token robot)");
    }
    let glance = site.get("/v1/entities/17").await.json();
    let row = glance["attributes"].as_array().unwrap().iter();
    let row = row
        .filter(|row| row["name"] == "credit_limit")
        .collect::<Vec<_>>();
    assert_eq!(row[0]["state"], "restricted");
    assert_eq!(row[0]["display"], Value::Null);
    let catalog = site.get("/v1/catalog").await.body;
    assert!(!catalog.contains("credit"), "{catalog}");
    let wrong = site
        .get("/v1/answer?entity=17&attribute=nonsense")
        .await
        .body;
    assert!(!wrong.contains("credit"), "{wrong}");

    let own = person("U0BRANDT1", Standing::Member, ALL);
    let site = site.by_reader(own);
    assert_eq!(site.get("/v1/answer?q=acme+credit+limit").await.status, 200);
    assert!(site.get("/v1/catalog").await.body.contains("credit_limit"));
}

#[tokio::test]
async fn an_outsider_reads_no_name_of_a_source_that_may_not_be_named() {
    let outsider = person("U0BRANDT1", Standing::Outsider, ALL);
    let uris = [
        "/v1/catalog",
        "/v1/answer?q=acme+revenue",
        "/v1/answer?q=acme+employees",
        "/v1/entities/17/attributes/revenue/changes?format=ndjson",
        "/v1/entities/17/attributes/revenue/changes?format=csv",
        "/v1/compare?entity=17&attribute=revenue&at=2024-06-01",
    ];
    let site = site().await;
    let mut named = 0;
    for uri in uris {
        named += usize::from(site.get(uri).await.body.contains("vendor"));
    }
    assert!(named > 1, "{named}");
    let site = site.by_reader(outsider);
    for uri in uris {
        let seen = site.get(uri).await;
        assert_eq!(seen.status, 200, "{uri}");
        assert!(!seen.body.contains("vendor"), "{uri}: {}", seen.body);
    }
    let limited = site.get("/v1/answer?q=acme+credit+limit").await;
    assert_eq!(limited.outcome(), "403 restricted");
}

#[tokio::test]
async fn who_may_not_ask_is_told_which_scope_is_missing() {
    let may = Scopes {
        ask: false,
        feedback: true,
    };
    let site = site().await.by_reader(person("U1", Standing::Member, may));
    for uri in [
        "/v1/answer?q=acme+revenue",
        "/v1/entities?q=acme",
        "/v1/entities/17",
        "/v1/entities/17/attributes/revenue/changes",
        "/v1/compare?entity=17&attribute=revenue&with=18",
        "/v1/catalog",
    ] {
        let seen = site.get(uri).await;
        assert_eq!(seen.outcome(), "403 scope", "{uri}");
        assert!(seen.body.contains("`ask`"), "{uri}");
    }
}

#[tokio::test]
async fn a_question_that_takes_longer_than_one_may_is_given_up() {
    let settings = Settings {
        budget: Some(std::time::Duration::from_millis(20)),
        ..Settings::default()
    };
    let mut site = site_with(settings).await;
    // One that never opens.
    Arc::get_mut(&mut site.api).unwrap().lake = Lake::lazy(std::future::pending);
    let seen = site.get("/v1/answer?q=acme+revenue").await;
    assert_eq!(seen.outcome(), "504 late", "{seen:?}");
    assert_eq!(seen.header("retry-after"), "2");
}

#[tokio::test]
async fn two_times_and_two_companies_are_compared_field_by_field() {
    let site = site().await;
    let times = site
        .get("/v1/compare?entity=17&attribute=revenue&at=2024-06-01&and=2025-03-01")
        .await;
    let times = check("comparison", &times);
    assert_eq!(times["of"], "times");
    assert_eq!(times["one"]["as_of"], "2024-06-01T23:59:59.999Z");
    let differs: Vec<&str> = times["differs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert!(
        differs.contains(&"value") && differs.contains(&"decision"),
        "{times:#}"
    );
    assert!(times["numbers"]["ratio"].is_number());
    let changes = times["changes"].as_array().unwrap();
    assert!(!changes.is_empty());
    for change in changes {
        let at = change["at"].as_str().unwrap();
        assert!(at > "2024-06-01T23" && at < "2025-03-02", "{at}");
    }
    let turned = site
        .get("/v1/compare?entity=acme&attribute=turnover&at=2025-03-01&and=2024-06-01")
        .await;
    let turned = check("comparison", &turned);
    assert_eq!(turned["one"]["value"], times["other"]["value"]);
    assert_eq!(turned["changes"], times["changes"]);
    let companies = site
        .get("/v1/compare?entity=17&attribute=revenue&with=18&at=2026-01-01")
        .await;
    let companies = check("comparison", &companies);
    assert_eq!(companies["of"], "companies");
    assert_eq!(companies["other"]["entity"]["id"], 18);
    assert_eq!(companies["changes"], Value::Null);
    let same = site
        .get("/v1/compare?entity=17&attribute=revenue&with=17")
        .await;
    assert_eq!(check("comparison", &same)["differs"], json!([]));
    let company = |access: &Access| access.entity_id;
    let audited: Vec<_> = site.accesses().await.iter().filter_map(company).collect();
    assert!(
        audited.contains(&17) && audited.contains(&18),
        "{audited:?}"
    );
}
