//! A lake that takes its time.

use tokio::sync::Notify;

use super::*;

/// A lake that opens when it is told to.
async fn late(failing: bool) -> (Site, Arc<Notify>) {
    let open_now = Arc::new(Notify::new());
    let told = open_now.clone();
    let lake = Lake::lazy(move || {
        let told = told.clone();
        async move {
            told.notified().await;
            match failing {
                false => open().await,
                true => Err(Failure::new(
                    Class::Internal,
                    "no_lake",
                    "/secret/place is gone.",
                    "",
                )),
            }
        }
    });
    (site_over(lake).await, open_now)
}

/// What came before the lake was there, and what came after.
async fn parts(failing: bool, address: &str) -> (StatusCode, [String; 2]) {
    let (site, open_now) = late(failing).await;
    let request = Request::get(address).body(Body::empty()).unwrap();
    let response = site.call(Reader::operator(), None, request).await;
    let status = response.status();
    let mut body = response.into_body();
    let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let begun = String::from_utf8(data.to_vec()).unwrap();
    open_now.notify_one();
    let rest = body.collect().await.unwrap().to_bytes();
    (status, [begun, String::from_utf8(rest.to_vec()).unwrap()])
}

#[tokio::test]
async fn a_page_begins_before_its_answer_is_there() {
    let (status, parts) = parts(false, "/companies/17/revenue").await;
    assert_eq!(status, StatusCode::OK);
    assert!(parts[0].contains("Reading the lake") && !parts[0].contains("12.4M"));
    assert!(parts[1].contains("12.4M") && parts[1].ends_with("</html>"));
}

#[tokio::test]
async fn what_fails_late_is_said_in_the_page_that_has_begun() {
    let (status, parts) = parts(true, "/companies/17/revenue").await;
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
async fn a_search_that_is_answered_late_leads_on() {
    let (_, parts) = parts(false, "/?q=acme+revenue").await;
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
    let busy = site_over(Lake::lazy(|| async {
        Err(Failure::new(
            Class::Retry,
            "throttled",
            "The lake is busy.",
            "Ask again in a moment.",
        ))
    }))
    .await;
    let seen = busy.get("/companies/17/revenue").await;
    assert_eq!(seen.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(seen.h1(), "The lake is busy.");
}
