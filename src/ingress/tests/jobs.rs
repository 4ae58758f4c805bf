//! Every kind of request becomes the right job, once.

use super::*;
use crate::job::{Pasted, Reply, Source, TriageState};
use crate::slack::actions::Kept;

/// What is asked for, and where the answer goes.
async fn check(endpoint: Endpoint, payload: &Value, work: Work, channel: Option<&str>) {
    let door = Door::new().await;
    let answer = door.slack(endpoint, payload).await;
    assert_eq!(answer.status, 200, "{payload}");
    if endpoint != Endpoint::Commands {
        assert_eq!(answer.body, "", "{payload}");
    }
    let job = door.job().await;
    assert_eq!(job.work, work, "{payload}");
    assert_eq!(job.place.channel.as_deref(), channel, "{payload}");
    assert_eq!(job.accepted_at, now());
    assert_eq!(job.request_id, job.id);
    assert!(["U1", "W1"].contains(&job.asker.user.as_str()), "{job:?}");
}

fn ask(text: &str) -> Work {
    Work::Ask {
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn words_are_asked_wherever_they_were_typed() {
    let rows = [
        (Endpoint::Commands, COMMAND, "C1"),
        (Endpoint::Events, MENTION, "C1"),
        (Endpoint::Events, DIRECT, "D1"),
    ];
    for (endpoint, name, channel) in rows {
        check(endpoint, &payload(name), ask("acme revenue"), Some(channel)).await;
    }
}

#[tokio::test]
async fn help_that_nothing_can_be_said_to_at_once_is_the_workers() {
    let mut mention = payload(MENTION);
    mention["event"]["text"] = json!("<@U0WHY> help");
    check(Endpoint::Events, &mention, ask(""), Some("C1")).await;
}

#[tokio::test]
async fn the_home_tab_is_filled_by_a_job() {
    check(Endpoint::Events, &payload(HOME), Work::Home, None).await;
}

#[tokio::test]
async fn pasted_links_are_shown_by_a_job_that_comes_once() {
    let links = ["links/a.b", "companies/17"];
    let work = Work::Unfurl {
        links: links
            .map(|path| format!("https://why.example.com/{path}"))
            .to_vec(),
        pasted: Some(Pasted {
            unfurl_id: "C1.1764000005.000600.1b90fa".to_owned(),
            source: Source::ConversationsHistory,
        }),
    };
    check(Endpoint::Events, &payload(LINKS), work, Some("C1")).await;
    let door = Door::new().await;
    for _ in 0..2 {
        assert_eq!(
            door.slack(Endpoint::Events, &payload(LINKS)).await.status,
            200
        );
    }
    assert_eq!(door.jobs().await.len(), 1);
}

#[tokio::test]
async fn a_press_asks_shares_or_tells_the_stewards() {
    let rows = [
        (press("why:ask:0", "#17 revenue"), ask("#17 revenue")),
        (
            press("why:share", "#17 revenue"),
            Work::Share {
                text: "#17 revenue".to_owned(),
            },
        ),
        (
            press("why:triage:explained", "r1"),
            Work::Triage {
                report: "r1".to_owned(),
                state: TriageState::Explained,
            },
        ),
    ];
    for (payload, work) in rows {
        check(Endpoint::Interactions, &payload, work, Some("C1")).await;
    }
}

#[tokio::test]
async fn a_picked_day_replaces_the_moment_of_the_question() {
    let rows = [
        ("#17 revenue", "#17 revenue as of 2025-03-01"),
        (
            "#17 revenue as of 2024-01-01",
            "#17 revenue as of 2025-03-01",
        ),
        (
            "#17 revenue as of 2024-01-01 expected \"10M\" full history",
            "#17 revenue as of 2025-03-01 expected \"10M\" full history",
        ),
        ("acme revenue", "acme revenue as of 2025-03-01"),
    ];
    for (question, expected) in rows {
        let action = json!({
            "action_id": format!("why:as_of:0:{question}"),
            "selected_date": "2025-03-01",
            "type": "datepicker",
        });
        let payload = patched(PRESS, json!({ "actions": [action] }));
        check(Endpoint::Interactions, &payload, ask(expected), Some("C1")).await;
    }
}

#[tokio::test]
async fn a_modal_that_was_sent_asks_or_reports_where_it_was_opened() {
    let words = "#17 revenue as of 2025-03-01 expected \"10M\"";
    check(
        Endpoint::Interactions,
        &payload(ASKED),
        ask(words),
        Some("C1"),
    )
    .await;
    let report = Work::Report {
        text: "#17 revenue".to_owned(),
        wrong: "It is in \"EUR\",\nnot USD <!channel>".to_owned(),
        expected: Some("9.2M".to_owned()),
        link: Some("https://example.com/report".to_owned()),
    };
    check(
        Endpoint::Interactions,
        &payload(REPORTED),
        report,
        Some("C1"),
    )
    .await;
}

#[tokio::test]
async fn a_day_that_cannot_be_asked_about_is_said_beside_its_field() {
    for (day, expected) in [("2031-01-01", "future"), ("1999-01-01", "begins on")] {
        let mut sent = payload(ASKED);
        let picked = sent
            .pointer_mut("/view/state/values/as_of")
            .and_then(Value::as_object_mut)
            .unwrap();
        picked.values_mut().next().unwrap()["selected_date"] = json!(day);
        let door = Door::new().await;
        let answer = door.slack(Endpoint::Interactions, &sent).await;
        let said: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(said["response_action"], "errors", "{said}");
        let error = said["errors"]["as_of"].as_str().unwrap();
        assert!(error.contains(expected), "{error}");
        assert_eq!(door.jobs().await, []);
    }
}

#[tokio::test]
async fn a_shortcut_opens_the_modal_that_a_job_fills() {
    let message = "Acme's revenue looks off, should be 10M";
    for (name, trigger, message, channel) in [
        (ON_MESSAGE, "61.62.trigger", Some(message), Some("C1")),
        (GLOBAL, "71.72.trigger", None, None),
    ] {
        let door = Door::new().await;
        let answer = door.slack(Endpoint::Interactions, &payload(name)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        let job = door.job().await;
        let work = Work::FillModal {
            view_id: "V9".to_owned(),
            message: message.map(str::to_owned),
        };
        assert_eq!(job.work, work);
        assert_eq!(job.place.channel.as_deref(), channel);
        assert_eq!(job.place.reply, Reply::Thread);
        let opened = door.opened.lock().unwrap().clone();
        let skeleton = crate::render::views::skeleton(&job.place);
        assert_eq!(opened, [(trigger.to_owned(), skeleton)]);
    }
}

#[tokio::test]
async fn this_looks_wrong_opens_the_report_without_a_job() {
    let door = Door::new().await;
    // The first as buttons of before said it.
    let rows = [
        ("#17 revenue", "About #17 revenue"),
        (
            "#17 revenue\nAcme \u{b7} revenue",
            "About Acme \u{b7} revenue",
        ),
    ];
    for (at, (value, about)) in rows.into_iter().enumerate() {
        let payload = press("why:wrong", value);
        let answer = door.slack(Endpoint::Interactions, &payload).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert_eq!(door.jobs().await, []);
        let (trigger, view) = door.opened.lock().unwrap()[at].clone();
        assert_eq!(trigger, "51.52.trigger");
        assert_eq!(view.pointer("/blocks/0/elements/0/text").unwrap(), about);
        let kept = Kept::decode(view["private_metadata"].as_str().unwrap()).unwrap();
        assert_eq!(kept.question.as_deref(), Some("#17 revenue"));
    }
}

#[tokio::test]
async fn what_slack_sends_ten_times_is_queued_once_and_answered_alike() {
    let rows = [
        (Endpoint::Commands, COMMAND),
        (Endpoint::Events, MENTION),
        (Endpoint::Events, HOME),
        (Endpoint::Interactions, PRESS),
        (Endpoint::Interactions, ASKED),
    ];
    let door = Door::new().await;
    for (endpoint, name) in rows {
        let first = door.slack(endpoint, &payload(name)).await;
        for _ in 1..10 {
            assert_eq!(door.slack(endpoint, &payload(name)).await, first, "{name}");
        }
    }
    assert_eq!(door.jobs().await.len(), rows.len());
}
