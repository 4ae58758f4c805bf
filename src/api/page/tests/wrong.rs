//! This looks wrong, from the form to where it is kept.

use super::*;
use crate::job::{Job, Work};
use crate::queue::Queue;

async fn post(site: &Site, reader: Reader, body: &str) -> Seen {
    let request = Request::post("/wrong")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    seen(site.call(reader, None, request).await).await
}

async fn with_queue() -> (Site, Queue) {
    let mut site = site().await;
    let file = site._folder.path().join("queue.sqlite");
    let queue = Queue::sqlite(&file).await.unwrap();
    Arc::get_mut(&mut site.api).unwrap().queue = Some(queue.clone());
    (site, queue)
}

#[tokio::test]
async fn a_report_becomes_the_same_job_as_in_slack_with_its_moment() {
    let (site, queue) = with_queue().await;
    let body = "question=%2317+revenue&wrong=It+was+10M&expected=10M&link=https%3A%2F%2Fx.example";
    let seen = post(&site, Reader::operator(), body).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&seen.location).await.h1(), "Reported");
    let received = queue
        .receive(1, std::time::Duration::from_secs(60), now())
        .await
        .unwrap();
    let job = Job::decode(&received[0].body).unwrap();
    assert_eq!(job.asker.user, "operator (web)");
    assert_eq!(
        job.work,
        Work::Report {
            text: "#17 revenue as of 2026-11-20T12:00:00Z".to_owned(),
            wrong: "It was 10M".to_owned(),
            expected: Some("10M".to_owned()),
            link: Some("https://x.example".to_owned()),
        }
    );
}

#[tokio::test]
async fn what_can_not_be_taken_comes_back_with_what_was_typed() {
    let (site, queue) = with_queue().await;
    let long = format!("question=%2317+revenue&wrong={}", "x".repeat(3_001));
    for (body, said) in [
        (
            "question=%2317+revenue&wrong=+&expected=10M",
            "Say in a few words",
        ),
        (
            "question=%2317+revenue&wrong=no&link=javascript%3Aalert",
            "must begin with https",
        ),
        (long.as_str(), "too long"),
    ] {
        let seen = post(&site, Reader::operator(), body).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{said}");
        assert!(seen.body.contains(said), "{said}: {}", seen.body);
        assert!(
            seen.body
                .contains("name=\"question\" value=\"#17 revenue\""),
            "{}",
            seen.body
        );
    }
    let kept = queue
        .receive(1, std::time::Duration::from_secs(60), now())
        .await
        .unwrap();
    assert!(kept.is_empty());
}

#[tokio::test]
async fn who_may_not_report_or_not_see_it_reports_nothing() {
    let (site, queue) = with_queue().await;
    let reads = |feedback| Reader {
        name: "reads".to_owned(),
        audience: Audience::Person {
            user: "U1".to_owned(),
            groups: Vec::new(),
            channel: None,
            standing: Standing::Member,
        },
        may: Scopes {
            ask: true,
            feedback,
        },
        through: Through::Token,
    };
    let seen = post(&site, reads(false), "question=%2317+revenue&wrong=no").await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    let seen = post(&site, reads(true), "question=%2317+credit_limit&wrong=no").await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    let kept = queue
        .receive(1, std::time::Duration::from_secs(60), now())
        .await
        .unwrap();
    assert!(kept.is_empty());
}
