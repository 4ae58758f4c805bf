//! The page and its API behind the HTTP API: a link from Slack opens without a login, and nothing
//! else does.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use why::slack_demo::fake::SECRET;
use why::slack_demo::fake::state::{Message, PUBLIC};

use super::alone;
use super::request::{Question, Reply, call};
use super::stage::{AUDIENCE, Stage};

/// Where an answer's button leads, without the host, which is AWS's.
fn path(answer: &Message) -> String {
    let lists = answer
        .blocks
        .iter()
        .filter_map(|b| b["elements"].as_array());
    let url = lists.flatten().find_map(|e| e["url"].as_str());
    let url = url.unwrap_or_else(|| panic!("no link under {answer:#?}"));
    let (host, path) = url.split_once(".amazonaws.com").unwrap();
    assert!(host.starts_with("https://"), "{url}");
    path.to_owned()
}

async fn get(stage: &Stage, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = Request::get(stage.url(path)).header("host", stage.api_host());
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    call(request.body(Body::empty()).unwrap()).await
}

async fn answered(stage: &Stage, words: &str) -> Message {
    let question = Question::command(stage, &stage.somebody(), words);
    assert_eq!(question.send(stage, SECRET).await.status, 200);
    let answer = stage.answer(&question).await;
    stage.settled().await;
    answer
}

#[test]
fn the_link_under_an_answer_opens_it_as_a_page_without_a_login() {
    alone(async |stage| {
        let answer = answered(stage, "3M sector").await;
        let path = path(&answer);
        let page = get(stage, &path, &[]).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
        for part in ["3M", "Industrials"] {
            assert!(page.body.contains(part), "no {part} in {}", page.body);
        }
        // What the page is made of comes without a login as well.
        let asset = page
            .body
            .split('"')
            .find(|text| text.starts_with("/assets/"));
        let asset = get(stage, asset.unwrap(), &[]).await;
        assert_eq!(asset.status, 200, "{asset:?}");
        let mut forged = path.clone();
        forged.pop();
        let refused = get(stage, &forged, &[]).await;
        assert!([401, 403, 404].contains(&refused.status), "{refused:?}");
        assert!(!refused.body.contains("Industrials"), "{}", refused.body);
        // Whoever has a link is logged by the function, without it.
        let log = stage.log_of("api");
        let token = path.rsplit('/').next().unwrap();
        assert!(!log.contains(token), "{log}");
    });
}

#[test]
fn a_link_that_is_pasted_shows_the_answer_under_the_message() {
    alone(async |stage| {
        let answer = answered(stage, "Apple sector").await;
        let url = format!("{}{}", stage.stack.output("ApiUrl"), path(&answer));
        let user = stage.somebody();
        let ts = stage
            .slack
            .paste(&user, PUBLIC, None, &[&url])
            .await
            .unwrap();
        stage.settled().await;
        let message = stage.slack.read(|w| w.message(&ts).cloned()).unwrap();
        let shown = format!("{:?}", message.unfurls);
        assert!(shown.contains("Apple"), "{shown}\n{}", stage.log());
    });
}

#[test]
fn the_api_answers_whom_the_issuer_vouches_for_and_nobody_else() {
    alone(async |stage| {
        let path = "/v1/answer?q=3M%20sector";
        let bearer = |token: String| format!("Bearer {token}");
        let good = bearer(stage.issuer.token(AUDIENCE, &json!({})));
        let reply = get(stage, path, &[("authorization", &good)]).await;
        assert_eq!(reply.status, 200, "{reply:?}\n{}", stage.log_of("api"));
        let json: Value = serde_json::from_str(&reply.body).unwrap();
        assert!(json.to_string().contains("Industrials"), "{json}");
        let expired = json!({"exp": 1_700_000_000});
        for token in [
            stage.issuer.token("another", &json!({})),
            stage.issuer.token(AUDIENCE, &expired),
            stage
                .issuer
                .token(AUDIENCE, &json!({"iss": "https://other.example"})),
            stage.issuer.forged(AUDIENCE),
            "abc".to_owned(),
        ] {
            let token = bearer(token);
            let reply = get(stage, path, &[("authorization", &token)]).await;
            assert_eq!(reply.status, 401, "{token}: {reply:?}");
        }
        assert_eq!(get(stage, path, &[]).await.status, 401);
    });
}

/// Pages have no authorizer: the function itself must know a good token from a bad one.
#[test]
fn a_page_opens_with_a_token_in_a_cookie_that_the_function_verifies() {
    alone(async |stage| {
        let path = "/?q=3M%20sector";
        let asked = async |token: &str| {
            let cookie = format!("__Host-why_session={token}");
            get(stage, path, &[("cookie", &cookie)]).await
        };
        let good = stage.issuer.token(AUDIENCE, &json!({}));
        let reply = asked(&good).await;
        assert_eq!(reply.status, 303, "{reply:?}\n{}", stage.log_of("api"));
        let typed = format!("__Host-why_session={good}");
        let names = get(stage, "/v1/entities?q=micros", &[("cookie", &typed)]).await;
        assert!(names.body.contains("Microsoft"), "{names:?}");
        for token in [
            stage.issuer.forged(AUDIENCE),
            stage.issuer.token("another", &json!({})),
        ] {
            let reply = asked(&token).await;
            assert!(!reply.body.contains("Industrials"), "{reply:?}");
            assert_ne!(reply.status, 200, "{reply:?}");
            let typed = format!("__Host-why_session={token}");
            let names = get(stage, "/v1/entities?q=micros", &[("cookie", &typed)]).await;
            assert_eq!(names.status, 401, "{names:?}");
        }
        // Nobody is let in for being near.
        assert_eq!(get(stage, "/v1/entities?q=micros", &[]).await.status, 401);
        assert_eq!(get(stage, "/companies/1", &[]).await.status, 303);
    });
}
