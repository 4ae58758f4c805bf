//! More questions than may read the lake at once.

use std::num::NonZeroUsize;
use std::time::Duration;

use super::*;
use crate::api::Turns;

/// What reads the lake.
const READS: [&str; 4] = [
    "/v1/answer?q=acme+revenue",
    "/v1/entities/17",
    "/v1/entities/17/attributes/revenue/changes",
    "/v1/compare?entity=17&attribute=revenue&with=18",
];

async fn site_of(at_once: usize, patience_ms: u64) -> Site {
    site_with(Settings {
        turns: Turns::of(at_once, Duration::from_millis(patience_ms)),
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn whose_turn_does_not_come_is_told_to_come_back_and_then_is_answered() {
    let site = site_of(1, 20).await;
    for uri in READS {
        let held = site.api.settings.turns.take().await.unwrap();
        let seen = site.get(uri).await;
        assert_eq!(seen.outcome(), "503 busy", "{uri}: {seen:?}");
        assert_eq!(seen.header("retry-after"), "2", "{uri}");
        assert_eq!(seen.header("cache-control"), "no-store", "{uri}");
        check("problem", &seen);
        let outcome = site.accesses().await.remove(0).outcome;
        assert_eq!(outcome, "busy", "{uri}");
        drop(held);
        let seen = site.get(uri).await;
        assert_eq!(seen.status, 200, "{uri}: {seen:?}");
        // And gave its turn back.
        drop(site.api.settings.turns.take().await.unwrap());
    }
}

/// What a question needs no lake for is answered however busy it is.
#[tokio::test]
async fn names_the_catalog_and_reports_wait_for_nobody() {
    let site = site_of(1, 20).await;
    let _held = site.api.settings.turns.take().await.unwrap();
    for uri in ["/v1/entities?q=acme", "/v1/catalog", "/openapi.json"] {
        assert_eq!(site.get(uri).await.status, 200, "{uri}");
    }
    let report = Request::post("/v1/feedback")
        .header("content-type", "application/json")
        .body(Body::from(
            json!({"question": "acme revenue", "wrong": "too low"}).to_string(),
        ))
        .unwrap();
    assert_eq!(site.send(report).await.status, 202);
    assert_eq!(site.api.ledger.reports(9, now()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_question_that_fails_and_one_that_is_given_up_give_their_turn_back() {
    let site = site_of(1, 20).await;
    for _ in 0..3 {
        let seen = site.get("/v1/answer?q=acme+revenue+as+of+someday").await;
        assert_eq!(seen.outcome(), "400 bad_date");
    }
    let late = Settings {
        budget: Some(Duration::ZERO),
        turns: site.api.settings.turns.clone(),
        ..Settings::default()
    };
    let late = site_with(late).await;
    let mut seen = late.get(READS[0]).await;
    // Now and then a lake on a disk has answered before anybody looks at the clock.
    for _ in 0..50 {
        if seen.status != StatusCode::OK {
            break;
        }
        seen = late.get(READS[0]).await;
    }
    // The engine's own patience, or ours.
    assert_eq!(seen.status, StatusCode::GATEWAY_TIMEOUT, "{seen:?}");
    assert_eq!(site.get(READS[0]).await.status, 200);
}

/// Four times as many as there are turns: all wait, each is answered, each is in the audit.
#[tokio::test]
async fn who_waits_for_less_than_may_be_is_answered() {
    let site = site_with(Settings {
        turns: Turns::new(NonZeroUsize::new(4).unwrap()),
        ..Settings::default()
    })
    .await;
    let asked = READS.iter().cycle().take(16).map(|uri| site.get(uri));
    for seen in futures::future::join_all(asked).await {
        assert_eq!(seen.status, 200, "{seen:?}");
    }
    // A comparison of two companies is two lines.
    let answered = site.accesses().await;
    assert_eq!(answered.len(), 20);
    assert!(answered.iter().all(|access| access.outcome == "answered"));
}
