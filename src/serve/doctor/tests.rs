//! What is found of an empty machine, and of one that is half set up.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::{Check, Finding, Patient, address, clock, examine, scopes, state, triage_channel};
use crate::chat::Myself;
use crate::config::serve::Told;
use crate::config::{
    APP_TOKEN, BOT_TOKEN, Environment, LISTEN, METRICS, SLACK_API_URL, TRIAGE_CHANNEL, Variable,
};
use crate::slack::app::{PAGE_SCOPES, SCOPES};

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn word(finding: &Finding) -> &'static str {
    match finding {
        Finding::Ok(_) => "ok",
        Finding::Skipped(_) => "skipped",
        Finding::Warning(_) => "warning",
        Finding::NotOk(_) => "not ok",
    }
}

#[tokio::test]
async fn an_empty_machine_is_told_what_to_mend_first() {
    let folder = tempfile::tempdir().unwrap();
    let told = told(&[
        (LISTEN, "127.0.0.1:0"),
        (METRICS, "off"),
        // Slack is wanted, as far as that.
        (SLACK_API_URL, "http://127.0.0.1:9/api"),
    ]);
    let state = folder.path().join("state.sqlite");
    let checks = examine(&Patient {
        catalog_file: &folder.path().join("why.toml"),
        s3: &BTreeMap::new(),
        state: &state,
        told: &told,
        now,
    })
    .await;
    let found: Vec<(&str, &str)> = checks
        .iter()
        .map(|check| (check.name, word(&check.finding)))
        .collect();
    let expected = [
        ("catalog", "not ok"),
        ("lake", "skipped"),
        ("directory", "skipped"),
        ("state file", "skipped"),
        ("listener", "ok"),
        ("who may ask", "ok"),
        ("issuer", "skipped"),
        ("page", "skipped"),
        ("triage channel", "skipped"),
        ("signing secret", "not ok"),
        ("app token", "skipped"),
        ("bot token", "not ok"),
        ("scopes", "skipped"),
        ("clock", "skipped"),
    ];
    assert_eq!(found, expected);
    assert!(!state.exists(), "to look is not to make one");
    for check in checks {
        if let Finding::NotOk(failure) = check.finding {
            assert!(!failure.advice.is_empty(), "{}", check.name);
        }
    }
}

fn told(flags: &[(Variable, &str)]) -> Told {
    let flags: Vec<_> = flags
        .iter()
        .map(|(name, value)| (*name, Some(*value)))
        .collect();
    Told::new(&flags, &Environment::default(), None).unwrap()
}

#[tokio::test]
async fn what_keeps_a_server_from_starting_is_found_before() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let off = (METRICS, "off");
    assert_eq!(
        word(&address(&told(&[(LISTEN, &port), off])).await),
        "warning"
    );
    let both = [(LISTEN, "127.0.0.1:9"), (METRICS, "127.0.0.1:9")];
    assert_eq!(word(&address(&told(&both)).await), "not ok");
    let lost = tempfile::tempdir()
        .unwrap()
        .path()
        .join("gone/state.sqlite");
    assert_eq!(word(&state(&lost).await), "not ok");
    let channel = |id| triage_channel(&told(&[(TRIAGE_CHANNEL, id), off]));
    assert_eq!(word(&channel("#bad")), "not ok");
    assert_eq!(word(&channel("C0123456789")), "ok");
}

#[test]
fn a_token_without_a_scope_is_told_which() {
    let with = |has: &[&str]| Myself {
        user: "U1".to_owned(),
        bot: None,
        team: None,
        scopes: has.iter().map(|scope| (*scope).to_owned()).collect(),
        date: None,
    };
    assert!(scopes(&with(&SCOPES), false).is_ok());
    let lacking = scopes(&with(&SCOPES[1..]), false).unwrap_err();
    assert_eq!(lacking.text, format!("The token lacks {}.", SCOPES[0]));
    // Links can be shown only where there are any.
    let lacking = scopes(&with(&SCOPES), true).unwrap_err();
    assert_eq!(lacking.text, "The token lacks links:read, links:write.");
    let all: Vec<&str> = SCOPES.into_iter().chain(PAGE_SCOPES).collect();
    assert_eq!(scopes(&with(&all), true).unwrap(), "all 11");
}

#[test]
fn a_clock_that_is_off_is_told_before_slacks_requests_are_refused() {
    for (slack, verdict, said) in [
        ("2026-11-20T12:00:00Z", "ok", "0 s ahead of Slack's"),
        ("2026-11-20T12:01:00Z", "ok", "60 s behind Slack's"),
        ("2026-11-20T11:58:59Z", "warning", "61 s ahead of Slack's"),
        ("2026-11-20T12:05:00Z", "warning", "300 s behind Slack's"),
        ("2026-11-20T12:05:01Z", "not ok", "301 s behind Slack's"),
        ("2026-11-20T11:00:00Z", "not ok", "3600 s ahead of Slack's"),
    ] {
        let finding = clock(Some(slack.parse().unwrap()), now());
        assert_eq!(word(&finding), verdict, "{slack}");
        let words = match finding {
            Finding::Ok(found) | Finding::Skipped(found) => found,
            Finding::Warning(failure) | Finding::NotOk(failure) => {
                assert!(failure.advice.contains("timedatectl"), "{failure}");
                failure.text
            }
        };
        assert!(words.contains(said), "{words}");
    }
    assert_eq!(word(&clock(None, now())), "skipped");
}

/// A Slack that says this to who asks for a connection; its clock is 100 s ahead of ours.
async fn slack(to_the_app: &'static str) -> String {
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| async move {
        let headers = [
            ("date", "Fri, 20 Nov 2026 12:01:40 GMT"),
            ("content-type", "application/json"),
        ];
        match request.uri().path() {
            "/api/apps.connections.open" => {
                let token = request.headers()["authorization"].to_str().unwrap();
                assert_eq!(token, "Bearer xapp-1-A-1-a");
                (headers, to_the_app)
            }
            _ => (headers, r#"{"ok":true,"user_id":"U0","team_id":"T0"}"#),
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}/api")
}

async fn checks(slack: &str) -> Vec<Check> {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        (BOT_TOKEN, Some("xoxb-1-a")),
        (APP_TOKEN, Some("xapp-1-A-1-a")),
        (SLACK_API_URL, Some(slack)),
    ];
    let told = Told::new(&variables, &Environment::default(), None).unwrap();
    examine(&Patient {
        catalog_file: &folder.path().join("why.toml"),
        s3: &BTreeMap::new(),
        state: &folder.path().join("state.sqlite"),
        told: &told,
        now,
    })
    .await
}

#[tokio::test]
async fn slack_itself_says_whether_an_app_token_is_good_and_what_time_it_is() {
    for (answer, verdict) in [
        (
            r#"{"ok":true,"url":"wss://a.slack.com/?ticket=hush"}"#,
            "ok",
        ),
        (r#"{"ok":false,"error":"invalid_auth"}"#, "not ok"),
        (r#"{"ok":false,"error":"missing_scope"}"#, "not ok"),
        ("<html>", "not ok"),
    ] {
        let checks = checks(&slack(answer).await).await;
        let found = |name| &checks.iter().find(|c| c.name == name).unwrap().finding;
        assert_eq!(word(found("app token")), verdict, "{answer}");
        assert!(!format!("{:?}", found("app token")).contains("hush"));
        if let (Finding::NotOk(failure), true) = (found("app token"), answer.contains("error")) {
            assert!(failure.advice.contains("connections:write"), "{failure}");
        }
        assert_eq!(word(found("clock")), "warning", "{:?}", found("clock"));
    }
}
