//! A lake that takes its time.

use tokio::sync::Notify;

use super::*;
use crate::api::page::reply::{Shown, respond};
use crate::api::page::visit::Frame;
use crate::render::page::Place;

/// What came before the reading ended, and what came after.
async fn parts<F>(then: fn(Visit) -> F) -> (StatusCode, [String; 2])
where
    F: Future<Output = Result<Shown, Failure>> + Send + 'static,
{
    let site = site().await;
    let end_now = Arc::new(Notify::new());
    let told = end_now.clone();
    let handler = async move |visit: Visit| {
        respond(visit, |visit| async move {
            let reading = async {
                told.notified().await;
                then(visit.clone()).await
            };
            visit.ask(reading).await
        })
        .await
    };
    let router = Router::new()
        .route("/", get(handler))
        .with_state(site.api.clone())
        .layer(Extension(Reader::operator()));
    let request = Request::get("/").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let mut body = response.into_body();
    let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let begun = String::from_utf8(data.to_vec()).unwrap();
    end_now.notify_one();
    let rest = body.collect().await.unwrap().to_bytes();
    (status, [begun, String::from_utf8(rest.to_vec()).unwrap()])
}

#[tokio::test]
async fn a_page_begins_before_its_answer_is_there() {
    let (status, parts) = parts(|visit| async move {
        let why = visit.why().await?;
        let answer = why.ask(&visit.request("acme revenue"), visit.now).await?;
        let frame = Frame::default();
        let page = page::answer(&answer, &visit.view(&frame, Place::Open));
        Ok(Shown::page(page, frame))
    })
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(parts[0].contains("Reading the lake") && !parts[0].contains("12.4M"));
    assert!(parts[1].contains("12.4M") && parts[1].ends_with("</html>"));
}

#[tokio::test]
async fn what_fails_late_is_said_in_the_page_that_has_begun() {
    let (status, parts) = parts(|_| async {
        let text = "/secret/place is gone.";
        Err(Failure::new(Class::Internal, "no_lake", text, ""))
    })
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        parts[1].contains("Something went wrong here"),
        "{}",
        parts[1]
    );
    assert!(
        !parts[1].contains("secret"),
        "what is wrong here is for the log"
    );
    assert!(parts[1].contains("Reference: "));
}

#[tokio::test]
async fn what_has_an_address_of_its_own_leads_there_late() {
    let (_, parts) =
        parts(|_| async { Ok(Shown::Elsewhere("/companies/17/revenue".to_owned())) }).await;
    assert!(
        parts[1].contains("href=\"/companies/17/revenue\""),
        "{}",
        parts[1]
    );
    assert!(parts[1].contains("http-equiv=\"refresh\""));
}

#[tokio::test]
async fn what_is_broken_here_is_told_by_its_reference_alone() {
    let site = site_over(Lake::lazy(|| async {
        Err(Failure::new(
            Class::Internal,
            "no_lake",
            "/secret/place is gone.",
            "Mend it.",
        ))
    }))
    .await;
    let seen = site.get("/companies/17/revenue").await;
    assert_eq!(seen.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        !seen.body.contains("secret") && seen.body.contains("Reference: "),
        "{}",
        seen.body
    );
}

/// As the API says it.
#[tokio::test]
async fn what_passes_says_when_to_come_back() {
    for (code, status) in [("throttled", 503), ("timed_out", 504)] {
        let busy = Lake::lazy(move || async move {
            let advice = "Ask again in a moment.";
            Err(Failure::new(
                Class::Retry,
                code,
                "The lake is busy.",
                advice,
            ))
        });
        let site = site_over(busy).await;
        let request = Request::get("/companies/17/revenue")
            .body(Body::empty())
            .unwrap();
        let response = site.call(Reader::operator(), None, request).await;
        assert_eq!(response.status(), status, "{code}");
        assert_eq!(response.headers()[header::RETRY_AFTER], "2", "{code}");
        assert_eq!(seen(response).await.h1(), "The lake is busy.");
    }
}
