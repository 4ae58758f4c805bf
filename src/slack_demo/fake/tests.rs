//! The fake itself: response URLs, methods, who is settled, the transcript.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::send::Trouble;
use super::state::{ADA, GRACE, PRIVATE, PUBLIC, View, Written};
use super::web::use_url;
use super::{Fake, Fault, TOKEN, state};
use crate::job::Reply;
use crate::slack::request::{Action, Endpoint, Request, Submission, Surface, read};
use crate::slack::signature::{Headers, verify};

/// The id of a response URL of this fake.
fn url_of(fake: &Fake) -> String {
    let url = fake.response_url(ADA, PUBLIC);
    url.split_once("/commands/").unwrap().1.to_owned()
}

/// `ok` or Slack's code.
fn post(fake: &Fake, id: &str, said: &Value) -> &'static str {
    fake.change(|w| use_url(w, id, said).map_or_else(|refused| refused.code, |()| "ok"))
}

#[tokio::test]
async fn a_response_url_works_five_times() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    let said: Vec<&str> = (0..6)
        .map(|n| post(&fake, &id, &json!({"text": format!("{n}")})))
        .collect();
    assert_eq!(said, ["ok", "ok", "ok", "ok", "ok", "used_url"]);
    assert_eq!(fake.read(|w| w.messages.len()), 5);
}

#[tokio::test]
async fn a_response_url_works_for_thirty_minutes() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    fake.pass(Duration::from_secs(30 * 60));
    assert_eq!(post(&fake, &id, &json!({"text": "just"})), "ok");
    fake.pass(Duration::from_secs(1));
    assert_eq!(post(&fake, &id, &json!({"text": "late"})), "expired_url");
    assert_eq!(post(&fake, "foreign", &json!({"text": "x"})), "no_such_url");
}

#[tokio::test]
async fn a_response_url_replaces_what_it_said_and_stays_private() {
    let fake = Fake::start().await.unwrap();
    let id = url_of(&fake);
    post(&fake, &id, &json!({"text": "first"}));
    post(
        &fake,
        &id,
        &json!({"text": "second", "replace_original": true}),
    );
    post(
        &fake,
        &id,
        &json!({"text": "for all", "response_type": "in_channel", "thread_ts": "7.1"}),
    );
    let seen = fake.read(|w| {
        let seen = w.messages.iter();
        seen.map(|m| (m.text.clone(), m.private_to.is_some(), m.thread_ts.clone()))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        seen,
        [
            ("second".to_owned(), true, None),
            ("for all".to_owned(), false, Some("7.1".to_owned()))
        ]
    );
    assert_eq!(post(&fake, &id, &json!({"delete_original": true})), "ok");
    assert_eq!(fake.read(|w| w.messages.len()), 1);
}

#[tokio::test]
async fn who_asked_is_settled_by_an_answer_and_not_by_a_placeholder() {
    let fake = Fake::start().await.unwrap();
    fake.change(|w| {
        w.waiting.push(state::Waiting {
            user: ADA.to_owned(),
            channel: Some(PUBLIC.to_owned()),
            thread_ts: None,
        });
    });
    let id = url_of(&fake);
    post(&fake, &id, &json!({"text": "Looking it up\u{2026}"}));
    assert!(!fake.settled(Duration::ZERO).await);
    post(
        &fake,
        &id,
        &json!({"text": "10M", "replace_original": true}),
    );
    assert!(fake.settled(Duration::ZERO).await);
}

#[tokio::test]
async fn a_transcript_reads_as_people_see_it() {
    let fake = Fake::start().await.unwrap();
    let asked = fake.say(GRACE, PUBLIC, None, "<@U0WHY> acme revenue");
    let id = url_of(&fake);
    let answer = json!({"text": "t", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*10M* &amp; <https://a.example/1|record>"}},
        {"type": "data_table", "caption": "Candidates", "rows": [
            [{"type": "raw_text", "text": "Source"}, {"type": "raw_text", "text": "Value"}],
            [{"type": "raw_text", "text": "filings"}, {"type": "raw_number", "value": 10}],
        ]},
        {"type": "data_visualization", "title": "Each change", "chart": {"type": "line", "axis_config": {"categories": ["2024", "2025"]}, "series": [
            {"name": "Revenue", "data": [{"label": "2024", "value": 9}, {"label": "2025", "value": 10}]},
        ]}},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "why:share", "value": "acme revenue", "text": {"type": "plain_text", "text": "Share"}},
        ]},
    ]});
    let mut private = answer.clone();
    private["text"] = json!("Looking\u{2026}");
    post(&fake, &id, &json!({"text": "Looking\u{2026}"}));
    private["replace_original"] = json!(true);
    assert_eq!(post(&fake, &id, &private), "ok");
    fake.change(|w| {
        let place = Written {
            channel: PUBLIC,
            thread_ts: Some(&asked),
            user: state::BOT,
            private_to: None,
        };
        w.add(place, &json!({"text": "It is 10M."}))
    });
    insta::assert_snapshot!(fake.transcript(), @r"
    == #data-support ==
    grace:
      @why acme revenue
        why:
          It is 10M.
    why (only ada sees this) (edited):
      *10M* & record (https://a.example/1)
      Candidates
      | Source | Value |
      | filings | 10 |
      Chart: Each change
      2024 9, 2025 10
      [Share]
    ");
}

/// A method called over HTTP with this token; the answer.
async fn call(fake: &Fake, method: &str, token: &str, arguments: Value) -> Result<Value, Trouble> {
    fake.connect(&format!("http://{}", fake.address()));
    let mut arguments = arguments;
    arguments["token"] = json!(token);
    let path = format!("/api/{method}");
    let body = arguments.to_string();
    fake.shared.send(&path, "application/json", body).await
}

/// `ok`, or Slack's code.
async fn check_call(fake: &Fake, method: &str, arguments: Value, expected: &str) {
    let answer = call(fake, method, TOKEN, arguments).await.unwrap();
    let found = answer["error"].as_str().unwrap_or("ok");
    assert_eq!(found, expected, "{method}: {answer}");
}

#[tokio::test]
async fn each_method_answers_with_slacks_codes() {
    let fake = Fake::start().await.unwrap();
    let post = |channel: &str| json!({"channel": channel, "text": "hello"});
    for (channel, expected) in [
        (PUBLIC, "ok"),
        ("D1", "ok"),
        (state::SHARED, "ok"),
        (PRIVATE, "channel_not_found"),
        ("C404", "channel_not_found"),
        (state::NOT_JOINED, "not_in_channel"),
        (state::ARCHIVED, "is_archived"),
    ] {
        check_call(&fake, "chat.postMessage", post(channel), expected).await;
    }
    let table =
        json!({"channel": PUBLIC, "text": "t", "blocks": [{"type": "divider"}, {"type": "x"}]});
    check_call(&fake, "chat.postMessage", table, "invalid_blocks").await;
    let reason = fake.read(|w| w.calls.last().unwrap().refused.clone().unwrap().reason);
    assert_eq!(reason, "block 1 (x): no block is called \"x\"");
    let theirs = fake.say(ADA, PUBLIC, None, "mine");
    let edit = json!({"channel": PUBLIC, "ts": theirs, "text": "yours"});
    check_call(&fake, "chat.update", edit, "cant_update_message").await;
    let lost = json!({"channel": PUBLIC, "ts": "1.1", "text": "x"});
    check_call(&fake, "chat.update", lost, "message_not_found").await;
    check_call(
        &fake,
        "users.info",
        json!({"user": "U404"}),
        "user_not_found",
    )
    .await;
    let unheard = json!({"usergroup": "S404"});
    check_call(&fake, "usergroups.users.list", unheard, "no_such_subteam").await;
    let other = call(&fake, "auth.test", "xoxb-another", json!({}))
        .await
        .unwrap();
    assert_eq!(other["error"], "invalid_auth");
}

#[tokio::test]
async fn a_trigger_opens_one_modal() {
    let fake = Fake::start().await.unwrap();
    let title = json!({"type": "plain_text", "text": "t"});
    let view = json!({"type": "modal", "title": title, "blocks": []});
    let open = json!({"trigger_id": fake.trigger(ADA), "view": view});
    check_call(&fake, "views.open", open.clone(), "ok").await;
    check_call(&fake, "views.open", open, "invalid_trigger_id").await;
    let id = fake.read(|w| w.open_view(ADA).unwrap().id.clone());
    let update = json!({"view_id": id, "view": view});
    check_call(&fake, "views.update", update, "ok").await;
    let stale = json!({"view_id": id, "view": view, "hash": "old"});
    check_call(&fake, "views.update", stale, "hash_conflict").await;
}

#[tokio::test]
async fn what_goes_wrong_is_scripted_and_goes_wrong_once() {
    let fake = Fake::start().await.unwrap();
    let post = || json!({"channel": PUBLIC, "text": "hello"});
    for fault in [Fault::RateLimited(3), Fault::Status(503), Fault::Hangup] {
        fake.fault("chat.postMessage", fault);
        let failed = call(&fake, "chat.postMessage", TOKEN, post()).await;
        assert!(failed.is_err(), "{fault:?}: {failed:?}");
    }
    fake.fault("chat.postMessage", Fault::Error("internal_error"));
    check_call(&fake, "chat.postMessage", post(), "internal_error").await;
    fake.fault("chat.postMessage", Fault::Garbage);
    let garbage = call(&fake, "chat.postMessage", TOKEN, post()).await;
    assert!(garbage.unwrap().is_string());
    check_call(&fake, "chat.postMessage", post(), "ok").await;
    // Two of those that went wrong were done all the same.
    assert_eq!(fake.read(|w| w.messages.len()), 3);
    fake.change(|w| w.refuses_rich = true);
    let chart = json!({"channel": PUBLIC, "text": "t", "blocks": [{"type": "data_visualization"}]});
    check_call(&fake, "chat.postMessage", chart, "invalid_blocks").await;
}

/// An app that verifies and reads what it is sent, answers `Looking…` and gives it back.
async fn reader(fake: &Fake) -> tokio::sync::mpsc::UnboundedReceiver<Request> {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    let secrets = fake.secrets();
    let app = move |path: Path<String>, headers: HeaderMap, body: Bytes| {
        let (sender, secrets) = (sender.clone(), secrets.clone());
        async move {
            let header = |name: &str| headers[name].as_bytes();
            let headers = Headers {
                timestamp: &[header("x-slack-request-timestamp")],
                signature: &[header("x-slack-signature")],
            };
            verify(headers, &body, noon(), &secrets).unwrap();
            let endpoint = match path.0.as_str() {
                "commands" => Endpoint::Commands,
                "events" => Endpoint::Events,
                _ => Endpoint::Interactions,
            };
            sender.send(read(endpoint, &body).unwrap()).unwrap();
            match endpoint {
                Endpoint::Commands => "{\"text\": \"Looking\u{2026}\"}",
                Endpoint::Events | Endpoint::Interactions | Endpoint::Options => "",
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    fake.connect(&format!("http://{}", listener.local_addr().unwrap()));
    let router = axum::Router::new().route("/slack/{path}", axum::routing::post(app));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    receiver
}

fn noon() -> jiff::Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn what_people_do_is_signed_and_reads_as_slacks_own() {
    let fake = Fake::start_at(noon).await.unwrap();
    let mut app = reader(&fake).await;
    fake.command(ADA, PUBLIC, "acme revenue").await.unwrap();
    let Some(Request::Words {
        text,
        surface,
        place,
        ..
    }) = app.recv().await
    else {
        panic!("no words");
    };
    assert_eq!((text.as_str(), surface), ("acme revenue", Surface::Command));
    let url = place.response_url.unwrap().0;
    let id = url.split_once("/commands/").unwrap().1;
    let blocks = json!([{"type": "actions", "elements": [{
        "type": "button", "action_id": "why:share", "value": "#17 revenue",
        "text": {"type": "plain_text", "text": "Share"},
    }]}]);
    let answer = json!({"text": "10M", "blocks": blocks, "replace_original": true});
    assert_eq!(post(&fake, id, &answer), "ok");
    // It stands where `Looking…` stood.
    assert_eq!(fake.read(|w| w.messages.len()), 1);
    assert!(fake.settled(Duration::ZERO).await);

    let ts = fake.read(|w| w.last_answer().unwrap().ts.clone());
    fake.press(ADA, &ts, "Share").await.unwrap();
    let Some(Request::Pressed { action, place, .. }) = app.recv().await else {
        panic!("no press");
    };
    assert_eq!(action, Action::Share("#17 revenue".to_owned()));
    assert_eq!(place.reply, Reply::Ephemeral);

    let thread = fake.mention(GRACE, PUBLIC, None, "acme").await.unwrap();
    let Some(Request::Words { text, place, .. }) = app.recv().await else {
        panic!("no mention");
    };
    assert_eq!(
        (text.as_str(), place.thread_ts),
        ("acme", Some(thread.clone()))
    );
    fake.direct(ADA, "acme").await.unwrap();
    let direct = app.recv().await;
    assert!(matches!(
        direct,
        Some(Request::Words {
            surface: Surface::Direct,
            ..
        })
    ));
    fake.shortcut(ADA, Some(&thread)).await.unwrap();
    let shortcut = app.recv().await;
    assert!(matches!(
        shortcut,
        Some(Request::Shortcut {
            message: Some(_),
            ..
        })
    ));
    fake.open_home(ADA).await.unwrap();
    assert!(matches!(app.recv().await, Some(Request::HomeOpened { .. })));
}

#[tokio::test]
async fn links_are_shown_where_they_were_pasted_and_only_those() {
    let fake = Fake::start_at(noon).await.unwrap();
    let mut app = reader(&fake).await;
    let link = "https://why.example.com/links/a";
    let ts = fake.paste(ADA, PUBLIC, None, &[link]).await.unwrap();
    let Some(Request::Links {
        links,
        place,
        pasted,
        ..
    }) = app.recv().await
    else {
        panic!("no links");
    };
    assert_eq!(
        (links, place.message_ts.as_ref()),
        (vec![link.to_owned()], Some(&ts))
    );
    let slack = crate::chat::Client::new(fake.settings()).unwrap();
    let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": "x"}});
    let shown = |link: &str, block: &Value| json!({link: {"blocks": [block]}});
    let pasted = pasted.unwrap();
    let there = crate::chat::Unfurl::Pasted(&pasted);
    let by_ts = crate::chat::Unfurl::Message {
        channel: PUBLIC,
        ts: &ts,
    };
    for at in [there, by_ts] {
        slack.unfurl(&at, &shown(link, &section)).await.unwrap();
        let unfurls = fake.read(|w| w.message(&ts).unwrap().unfurls.len());
        assert_eq!(unfurls, 1);
    }
    let elsewhere = crate::chat::Unfurl::Message {
        channel: PUBLIC,
        ts: "1.1",
    };
    let table = json!({"type": "data_table", "caption": "x", "rows": []});
    for (at, shown, code) in [
        (elsewhere, shown(link, &section), "cannot_unfurl_message"),
        (
            there,
            shown("https://why.example.com/b", &section),
            "cannot_unfurl_url",
        ),
        (there, shown(link, &table), "invalid_unfurls_format"),
        (
            there,
            json!({link: {"blocks": []}}),
            "invalid_unfurls_format",
        ),
    ] {
        let refused = slack.unfurl(&at, &shown).await.unwrap_err();
        assert!(refused.to_string().contains(code), "{refused}");
    }
    let id = fake.compose(ADA, &[link]).await.unwrap();
    let Some(Request::Links { place, pasted, .. }) = app.recv().await else {
        panic!("no links");
    };
    assert_eq!(place.channel, None);
    assert_eq!(pasted.unwrap().unfurl_id, id);
}

#[tokio::test]
async fn a_modal_is_sent_with_its_fields() {
    let fake = Fake::start_at(noon).await.unwrap();
    let mut app = reader(&fake).await;
    let input = |id: &str, kind: &str| {
        json!({"type": "input", "block_id": id, "label": {"type": "plain_text", "text": id},
            "element": {"type": kind, "action_id": id}})
    };
    fake.change(|w| {
        w.views.push(View {
            id: "V7".to_owned(),
            user: ADA.to_owned(),
            view: json!({"type": "modal", "callback_id": "why_ask", "blocks": [
                input("company", "external_select"), input("as_of", "datepicker"),
            ]}),
            hash: "h".to_owned(),
            open: true,
        });
    });
    let fields = [("company", "#17"), ("as_of", "2025-03-01")];
    fake.submit(ADA, &fields).await.unwrap();
    let Some(Request::Submitted {
        submission: Submission::Ask { text, .. },
        ..
    }) = app.recv().await
    else {
        panic!("no submission");
    };
    assert_eq!(text, "#17 as of 2025-03-01");
    assert!(fake.read(|w| w.open_view(ADA).is_none()));
}
