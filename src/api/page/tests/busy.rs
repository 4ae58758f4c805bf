//! More readers than may read the lake at once.

use std::time::Duration;

use super::*;
use crate::api::Turns;

async fn site_of(at_once: usize, patience: Duration) -> Site {
    let mut site = site().await;
    let api = Arc::get_mut(&mut site.api).unwrap();
    api.settings.turns = Turns::of(at_once, patience);
    site
}

/// Longer than a page waits before it begins: it does not begin then, so that its status is true.
const LONG: Duration = Duration::from_millis(900);

#[tokio::test]
async fn a_page_whose_turn_does_not_come_says_so_with_its_status_and_is_there_later() {
    let site = site_of(1, LONG).await;
    for path in [
        "/companies/17",
        "/companies/17?since=2025-01-01",
        "/companies/17/revenue",
        "/companies/17/revenue/history",
        "/compare?entity=17&attribute=revenue&and=2025-03-01",
        "/wrong?question=%2317+revenue",
    ] {
        let held = site.api.settings.turns.take().await.unwrap();
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = site.call(Reader::operator(), None, request).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(response.headers()[header::RETRY_AFTER], "2", "{path}");
        let seen = seen(response).await;
        assert!(seen.h1().starts_with("So many questions"), "{}", seen.h1());
        assert!(seen.body.contains("Ask again in a moment."), "{path}");
        assert!(site.audit().await[0].ends_with(" busy"), "{path}");
        drop(held);
        assert_eq!(site.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn whoever_holds_a_link_waits_as_all_others_do() {
    let site = site_of(1, Duration::from_millis(20)).await;
    let link = || Link {
        question: "#17 revenue".to_owned(),
        audience: Audience::Operator,
        expires_at: now() + Duration::from_secs(60),
    };
    let reader = || Reader::of_link(Audience::Operator);
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let held = site.api.settings.turns.take().await.unwrap();
    for path in ["/links/x", "/links/x/answer.json", "/links/x/changes.csv"] {
        let response = site.call(reader(), Some(link()), get(path)).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(response.headers()[header::RETRY_AFTER], "2", "{path}");
    }
    drop(held);
    let response = site.call(reader(), Some(link()), get("/links/x")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

/// The first page after the start: the lake opens late, and then the turn does not come.
#[tokio::test]
async fn a_page_does_not_begin_while_its_lake_opens() {
    let lake = Lake::lazy(|| async {
        tokio::time::sleep(LONG).await;
        open().await
    });
    let mut site = site_over(lake).await;
    let api = Arc::get_mut(&mut site.api).unwrap();
    api.settings.turns = Turns::of(1, Duration::from_millis(20));
    let _held = site.api.settings.turns.take().await.unwrap();
    let request = Request::get("/companies/17/revenue")
        .body(Body::empty())
        .unwrap();
    let response = site.call(Reader::operator(), None, request).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    assert!(seen(response).await.h1().starts_with("So many questions"));
}

/// What somebody typed is not lost to a busy lake.
#[tokio::test]
async fn a_report_is_kept_however_busy_the_lake_is() {
    let site = site_of(1, Duration::from_millis(20)).await;
    let _held = site.api.settings.turns.take().await.unwrap();
    let request = Request::post("/wrong")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("question=%2317+revenue&wrong=It+was+10M"))
        .unwrap();
    let seen = seen(site.call(Reader::operator(), None, request).await).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    assert_eq!(site.get(&seen.location).await.h1(), "Reported");
    let kept = site.api.ledger.reports(9, now()).await.unwrap();
    assert_eq!(kept[0].wrong, "It was 10M");
    assert_eq!(kept[0].question, "#17 revenue as of 2026-11-20T12:00:00Z");
    assert_eq!(site.audit().await[0], "operator #17 revenue reported");
}

/// Nor is what can't be taken as it is: the form comes back filled in.
#[tokio::test]
async fn a_report_that_is_refused_comes_back_however_busy_the_lake_is() {
    let site = site_of(1, Duration::from_millis(20)).await;
    let _held = site.api.settings.turns.take().await.unwrap();
    let body = "question=%2317+revenue&wrong=It+was+10M&expected=10M&link=example.com";
    let request = Request::post("/wrong")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let seen = seen(site.call(Reader::operator(), None, request).await).await;
    assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{}", seen.body);
    for said in [
        "The link must begin with https:// or http://.",
        "Acme Corporation revenue",
        ">It was 10M</textarea>",
        "value=\"10M\"",
        "value=\"example.com\"",
        "value=\"#17 revenue\"",
    ] {
        assert!(seen.body.contains(said), "{said}: {}", seen.body);
    }
    assert!(site.api.ledger.reports(9, now()).await.unwrap().is_empty());
    assert_eq!(site.audit().await[0], "operator #17 revenue bad_body");
}
