//! What an operation can answer instead is what the document lists for it: each listed code is
//! provoked here, through the door, and no test meets one that is not listed.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::ConnectInfo;
use requests::{ANSWERED, BY_QUESTION, BY_URL, PROVOKED_ELSEWHERE};

use super::documented::{listed, unlisted};
use super::*;
use crate::access::{self, Token};
use crate::api::{Pace, Turns};
use crate::error::{Class, Failure};

mod requests;

/// What was met: the operation and the status with the code; and what should have been met instead.
#[derive(Debug, Default)]
struct Met {
    codes: BTreeSet<(String, String)>,
    wrong: Vec<String>,
}

/// The real door, over a ledger with three tokens: one may do both, the others one thing each.
struct House {
    site: Site,
    token: String,
    asks: String,
    reports: String,
}

async fn house(change: impl FnOnce(&mut Settings)) -> House {
    let number = |number| NonZeroU32::new(number).unwrap();
    let mut settings = Settings {
        pace: Pace {
            burst: number(10_000),
            ..Pace::default()
        },
        ..Settings::default()
    };
    change(&mut settings);
    let site = site_with(settings).await;
    let [token, asks, reports] = [[1; 32], [2; 32], [3; 32]].map(|random| access::token(&random));
    let only = |ask| Scopes {
        ask,
        feedback: !ask,
    };
    for (text, name, may) in [
        (&token, "both", ALL),
        (&asks, "asks", only(true)),
        (&reports, "reports", only(false)),
    ] {
        let token = Token {
            name: name.to_owned(),
            user: "U1".to_owned(),
            groups: Vec::new(),
            standing: Standing::Member,
            may,
            created_at: now(),
            expires_at: None,
        };
        let hash = access::hash(text);
        let kept = site.api.ledger.create_token(&token, &hash).await;
        assert!(kept.unwrap());
    }
    House {
        site,
        token,
        asks,
        reports,
    }
}

impl House {
    /// Of whoever holds this token, with a report as its body where it is sent.
    fn request(&self, token: &str, (method, uri): (&str, &str)) -> Request<Body> {
        request_of(
            (method, uri),
            &report("acme revenue"),
            &[("authorization", &format!("Bearer {token}"))],
        )
    }

    fn known(&self, asked: (&str, &str), body: &Value, header: (&str, &str)) -> Request<Body> {
        let bearer = format!("Bearer {}", self.token);
        request_of(asked, body, &[("authorization", &bearer), header])
    }

    async fn meets(&self, met: &mut Met, request: Request<Body>, expected: &str) {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let router = crate::api::router(self.site.api.clone());
        let seen = seen(router.oneshot(request).await.unwrap()).await;
        met.wrong.extend(unlisted(&method, uri.path(), &seen));
        let outcome = seen.outcome();
        if outcome != expected {
            let uri: String = uri.to_string().chars().take(100).collect();
            met.wrong
                .push(format!("{method} {uri}: {outcome}, not {expected}"));
        }
        let is_for_now = [429, 503, 504].contains(&seen.status.as_u16());
        let again = seen.header("retry-after").parse::<u32>().ok();
        if is_for_now != again.is_some_and(|seconds| seconds > 0) {
            met.wrong.push(format!("{outcome}: again in {again:?}"));
        }
        // What is wrong in the lake has many codes, and no name but this.
        let code = match seen.status {
            StatusCode::INTERNAL_SERVER_ERROR => "500 what is wrong in the lake".to_owned(),
            _ => outcome,
        };
        met.codes
            .insert((template(method.as_str(), uri.path()), code));
    }
}

fn request_of(
    (method, uri): (&str, &str),
    body: &Value,
    headers: &[(&str, &str)],
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    let is_json = !headers.iter().any(|(name, _)| *name == "content-type");
    if is_json {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match method {
        "POST" => Body::from(body.to_string()),
        _ => Body::empty(),
    };
    request.body(body).unwrap()
}

/// `GET /v1/entities/{id}` of `/v1/entities/17`.
fn template(method: &str, path: &str) -> String {
    let of = |at: usize, piece: &str| match (at, path.starts_with("/v1/entities/")) {
        (3, true) => "{id}".to_owned(),
        (5, true) => "{name}".to_owned(),
        _ => piece.to_owned(),
    };
    let pieces = path.split('/').enumerate();
    let pieces: Vec<String> = pieces.map(|(at, piece)| of(at, piece)).collect();
    format!("{method} {}", pieces.join("/"))
}

fn report(question: &str) -> Value {
    json!({"question": question, "wrong": "too low"})
}

/// `?` or `&`, then this.
fn with(uri: &str, more: &str) -> String {
    let mark = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{mark}{more}")
}

#[tokio::test]
async fn each_code_that_is_listed_for_an_operation_can_be_provoked_there() {
    let mut met = Met::default();
    by_what_is_sent(&mut met).await;
    by_who_asks(&mut met).await;
    by_what_fails_here(&mut met).await;
    for (method, uri) in ANSWERED {
        let path = uri.split('?').next().unwrap();
        let template = template(method, path);
        let method: Method = method.parse().unwrap();
        for code in listed(&method, path).unwrap() {
            let is_met = met.codes.contains(&(template.clone(), code.clone()));
            if !is_met && !PROVOKED_ELSEWHERE.contains(&code.as_str()) {
                met.wrong
                    .push(format!("{template}: {code} is listed, and was never met"));
            }
        }
    }
    assert!(met.wrong.is_empty(), "{:#?}", met.wrong);
}

async fn by_what_is_sent(met: &mut Met) {
    let house = house(|_| {}).await;
    for (method, uri) in ANSWERED {
        let fine = if method == "POST" { "202" } else { "200" };
        let long = "x".repeat(1_001);
        for (uri, outcome) in [
            (uri.to_owned(), fine),
            (with(uri, "nobody=1"), "400 unknown_parameter"),
            (with(uri, "x="), "400 empty_parameter"),
            (with(uri, "x=%ff"), "400 bad_encoding"),
            (with(uri, &format!("x={long}")), "400 too_long"),
            (
                with(uri, &format!("x={}", long.repeat(8))),
                "414 url_too_long",
            ),
        ] {
            let request = house.request(&house.token, (method, &uri));
            house.meets(met, request, outcome).await;
        }
    }
    for (uri, outcome) in BY_URL {
        let uri = uri
            .replace("{changes}", "/v1/entities/17/attributes/revenue/changes")
            .replace("{compare}", "/v1/compare?entity=17&attribute=revenue");
        let request = house.request(&house.token, ("GET", &uri));
        house.meets(met, request, outcome).await;
    }
    let json = ("content-type", "application/json");
    let long = json!({"question": "acme revenue", "wrong": "x".repeat(40_000)});
    let bodies = [
        (json!({"x": 1}), json, "400 bad_body"),
        (long, json, "413 too_large"),
        (
            report("acme"),
            ("content-type", "text/plain"),
            "415 not_json",
        ),
        (
            report("acme revenue"),
            ("idempotency-key", "not visible"),
            "400 bad_key",
        ),
    ];
    let questions = BY_QUESTION.map(|(question, outcome)| (report(question), json, outcome));
    for (body, header, outcome) in questions.into_iter().chain(bodies) {
        let request = house.known(("POST", "/v1/feedback"), &body, header);
        house.meets(met, request, outcome).await;
    }
    let changes = ("GET", "/v1/entities/17/attributes/revenue/changes");
    let xml = house.known(changes, &Value::Null, ("accept", "application/xml"));
    house.meets(met, xml, "406 not_acceptable").await;
}

async fn by_who_asks(met: &mut Met) {
    let one = NonZeroU32::MIN;
    let slow = Pace {
        burst: one,
        a_minute: one,
        ..Pace::default()
    };
    for asked in ANSWERED {
        let house = house(|settings| settings.pace = slow).await;
        let other_things = || match asked.0 {
            "POST" => house.request(&house.asks, asked),
            _ => house.request(&house.reports, asked),
        };
        let nobody = request_of(asked, &report("acme revenue"), &[]);
        let mut other = request_of(
            asked,
            &report("acme revenue"),
            &[("host", "localhost:3000"), ("sec-fetch-site", "cross-site")],
        );
        let here: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        other.extensions_mut().insert(ConnectInfo(here));
        for (request, outcome) in [
            (house.request("why_nobody", asked), "401 bad_token"),
            (nobody, "401 no_login"),
            (other, "403 other_origin"),
            (other_things(), "403 scope"),
        ] {
            house.meets(met, request, outcome).await;
        }
        without(&house.site, "token");
        let outcome = "503 login_unavailable";
        house.meets(met, other_things(), outcome).await;
    }
    // Each router counts by itself: two requests through one.
    for asked in ANSWERED {
        let house = house(|settings| settings.pace = slow).await;
        let router = crate::api::router(house.site.api.clone());
        for status in [None, Some("429 too_many_requests")] {
            let request = house.request(&house.token, asked);
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let seen = seen(router.clone().oneshot(request).await.unwrap()).await;
            met.wrong.extend(unlisted(&method, &path, &seen));
            let outcome = seen.outcome();
            if status.is_some_and(|status| status != outcome) {
                met.wrong
                    .push(format!("{method} {path} a second time: {outcome}"));
            }
            met.codes
                .insert((template(method.as_str(), &path), outcome));
        }
    }
}

/// The ledger fails where it needs this table.
fn without(site: &Site, table: &str) {
    let file = site._folder.path().join("state.sqlite");
    let file = rusqlite::Connection::open(file).unwrap();
    file.execute_batch(&format!("DROP TABLE {table}")).unwrap();
}

fn failing(class: Class, code: &'static str) -> Lake {
    Lake::lazy(move || async move { Err(Failure::new(class, code, "It is not there.", "")) })
}

async fn by_what_fails_here(met: &mut Met) {
    for asked in ANSWERED {
        for (lake, outcome) in [
            (failing(Class::Retry, "unavailable"), "503 unavailable"),
            (failing(Class::Retry, "throttled"), "503 throttled"),
            (failing(Class::Retry, "timed_out"), "504 timed_out"),
            (failing(Class::User, "no_lake"), "500 no_lake"),
            (Lake::lazy(std::future::pending), "504 late"),
        ] {
            let budget = Some(Duration::from_millis(20));
            let mut house = house(|settings| settings.budget = budget).await;
            Arc::get_mut(&mut house.site.api).unwrap().lake = lake;
            let request = || house.request(&house.token, asked);
            house.meets(met, request(), outcome).await;
            if outcome == "503 unavailable" {
                without(&house.site, "access");
                house.meets(met, request(), "503 no_audit").await;
            }
        }
    }
    for (asked, outcome) in ANSWERED.iter().zip([
        "503 busy", "200", "503 busy", "503 busy", "503 busy", "200", "202",
    ]) {
        let none = Turns::of(0, Duration::from_millis(5));
        let house = house(|settings| settings.turns = none).await;
        let request = house.request(&house.token, *asked);
        house.meets(met, request, outcome).await;
    }
    let house = house(|_| {}).await;
    without(&house.site, "report");
    let request = house.request(&house.token, ("POST", "/v1/feedback"));
    house.meets(met, request, "503 no_ledger").await;
}
