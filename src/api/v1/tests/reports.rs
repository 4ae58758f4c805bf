//! This looks wrong, without Slack: the ledger keeps it.

use super::*;

async fn post(site: &Site, body: &str, headers: &[(&str, &str)]) -> Seen {
    let mut request = Request::builder().method(Method::POST).uri("/v1/feedback");
    let has_type = headers.iter().any(|(name, _)| *name == "content-type");
    if !has_type {
        request = request.header("content-type", "application/json; charset=utf-8");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

fn report(wrong: &str) -> String {
    json!({
        "question": "acme revenue expected 13M",
        "wrong": wrong,
        "expected": "13M",
        "link": "https://acme.example/report.pdf",
    })
    .to_string()
}

#[tokio::test]
async fn a_report_is_kept_once_for_its_key_and_says_when_it_was() {
    let site = site().await;
    let key = [("idempotency-key", "k-1")];
    let seen = post(&site, &report("too low"), &key).await;
    assert_eq!(seen.status, 202, "{seen:?}");
    let id = check("feedback/$defs/accepted", &seen)["report"].clone();
    let id = id.as_str().unwrap();
    let kept = site.api.ledger.report(id).await.unwrap().unwrap();
    assert_eq!(kept.user, "operator (web)");
    assert_eq!(kept.wrong, "too low");
    assert!(
        kept.question
            .starts_with("#17 revenue as of 2026-11-20T12:00:00"),
        "{kept:?}"
    );
    let again = post(&site, &report("too low"), &key).await;
    assert_eq!((again.status.as_u16(), again.body), (202, seen.body));
    let other = post(&site, &report("too high"), &key).await;
    assert_eq!(other.status, 202);
    assert_ne!(other.json()["report"], id, "a second report is another");
    let reports = site.api.ledger.reports(10, now()).await.unwrap();
    let said: Vec<_> = reports.iter().map(|report| report.wrong.as_str()).collect();
    assert!(
        said.contains(&"too low") && said.contains(&"too high"),
        "{said:?}"
    );
    let without = post(&site, &report("too low"), &[]).await;
    assert_ne!(without.json()["report"], id);
    let outcomes: Vec<String> = site
        .accesses()
        .await
        .into_iter()
        .map(|a| a.outcome)
        .collect();
    assert!(outcomes.contains(&"reported".to_owned()), "{outcomes:?}");
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let site = site().await;
    let long = report(&"x".repeat(3_001));
    let huge = report(&"x".repeat(40_000));
    let nobody = json!({"question": "nobody at all revenue", "wrong": "x"}).to_string();
    let glance = json!({"question": "acme", "wrong": "x"}).to_string();
    for (body, headers, outcome) in [
        ("", &[][..], "400 bad_body"),
        ("[]", &[], "400 bad_body"),
        ("{\"question\": \"acme revenue\"}", &[], "400 bad_body"),
        (&long, &[], "400 bad_body"),
        (&huge, &[], "413 too_large"),
        (&nobody, &[], "404 unknown_company"),
        (&glance, &[], "400 missing_attribute"),
        (
            &report("x"),
            &[("content-type", "text/plain")],
            "415 not_json",
        ),
        (&report("x"), &[("idempotency-key", "a b")], "400 bad_key"),
    ] {
        let seen = post(&site, body, headers).await;
        assert_eq!(seen.outcome(), outcome, "{seen:?}");
        check("problem", &seen);
    }
}

#[tokio::test]
async fn who_may_not_report_or_not_see_it_does_not() {
    let may = Scopes {
        ask: true,
        feedback: false,
    };
    let site = site().await.by_reader(person("U1", Standing::Member, may));
    let seen = post(&site, &report("x"), &[]).await;
    assert_eq!(seen.outcome(), "403 scope");
    let site = site.by_reader(person("U0STRANGE", Standing::Member, ALL));
    let limited = json!({"question": "acme credit limit", "wrong": "x"}).to_string();
    assert_eq!(post(&site, &limited, &[]).await.outcome(), "403 restricted");
    let seen = post(&site, &report("x"), &[]).await;
    let id = seen.json()["report"].as_str().unwrap().to_owned();
    let kept = site.api.ledger.report(&id).await.unwrap().unwrap();
    assert_eq!(kept.user, "U0STRANGE");
}
