//! Asking without typing words: shortcuts, the form, the Home tab.

use std::time::Duration;

use serde_json::Value;
use why::slack_demo::fake::Fault;
use why::slack_demo::fake::state::{ADA, GRACE, PUBLIC};

use super::talk;
use super::visibility::{DESK, with_desk};

#[tokio::test]
async fn a_message_is_asked_about_and_answered_in_its_thread() {
    let talk = talk("message-shortcut").await;
    let alert = "ALERT: revenue of Acme Corporation fell by 8% since last month";
    let alert = talk.slack().say(GRACE, PUBLIC, None, alert);
    talk.slack().shortcut(ADA, Some(&alert)).await.unwrap();
    talk.settled().await;
    insta::assert_snapshot!("message_shortcut_form", talk.transcript());
    let fields = [
        ("company", "#17"),
        ("attribute", "revenue"),
        ("expected", "13.1M"),
    ];
    let accepted = talk.slack().submit(ADA, &fields).await.unwrap();
    assert_eq!(accepted, Value::Null);
    let answer = talk.answer().await;
    assert_eq!(answer.thread_ts, Some(alert));
    insta::assert_snapshot!("message_shortcut_answer", talk.end(1).await);
}

#[tokio::test]
async fn the_shortcut_for_everywhere_is_answered_privately() {
    let talk = talk("global-shortcut").await;
    talk.slack().shortcut(ADA, None).await.unwrap();
    talk.settled().await;
    insta::assert_snapshot!("global_shortcut_form", talk.transcript());
    let fields = [
        ("company", "#52"),
        ("attribute", "employees"),
        ("as_of", "2025-01-31"),
        ("where", ""),
    ];
    talk.slack().submit(ADA, &fields).await.unwrap();
    insta::assert_snapshot!("global_shortcut_answer", talk.end(1).await);
}

#[tokio::test]
async fn the_shortcut_for_everywhere_is_answered_once_where_it_is_chosen() {
    let talk = talk("global-shortcut-here").await;
    for fault in [None, Some(Fault::Hangup)] {
        talk.slack().shortcut(ADA, None).await.unwrap();
        talk.settled().await;
        if let Some(fault) = fault {
            talk.slack().fault("respond", fault);
        }
        let fields = [("company", "#52"), ("attribute", "employees")];
        talk.slack().submit(ADA, &fields).await.unwrap();
        let answer = talk.answer().await;
        assert_eq!(answer.private_to.as_deref(), Some(ADA));
        assert_eq!(answer.channel, PUBLIC);
    }
    talk.end(2).await;
}

#[tokio::test]
async fn to_choose_a_channel_shows_nothing_that_is_for_those_in_it() {
    let talk = with_desk("global-shortcut-desk").await;
    talk.slack().shortcut(ADA, None).await.unwrap();
    talk.settled().await;
    let fields = [
        ("company", "#17"),
        ("attribute", "credit_limit"),
        ("where", DESK),
    ];
    talk.slack().submit(ADA, &fields).await.unwrap();
    let answer = talk.answer().await;
    assert_eq!(answer.channel, DESK);
    assert!(answer.text.contains("restricted"), "{answer:#?}");
    talk.end(1).await;
}

#[tokio::test]
async fn a_company_is_offered_while_it_is_typed() {
    let talk = talk("typeahead").await;
    let offered = talk.slack().suggest(ADA, "company", "acme").await.unwrap();
    let labels: Vec<&str> = offered["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| option["text"]["text"].as_str().unwrap())
        .collect();
    insta::assert_snapshot!(labels.join("\n"));
    let nothing = talk.slack().suggest(ADA, "company", "qqqq").await.unwrap();
    assert_eq!(nothing["options"], serde_json::json!([]));
    talk.end(0).await;
}

#[tokio::test]
async fn the_home_tab_has_what_was_asked_last() {
    let talk = talk("home").await;
    talk.slack().open_home(ADA).await.unwrap();
    talk.settled().await;
    insta::assert_snapshot!("home_of_a_newcomer", talk.transcript());
    talk.command(ADA, PUBLIC, "acme revenue").await;
    talk.command(ADA, PUBLIC, "Brightwater employees as of 2025-01-31")
        .await;
    talk.slack().open_home(ADA).await.unwrap();
    talk.settled().await;
    talk.slack()
        .press_in_view(ADA, "acme revenue")
        .await
        .unwrap();
    insta::assert_snapshot!("home_pressed", talk.end(3).await);
}

#[tokio::test]
async fn a_form_that_is_closed_before_it_is_filled_troubles_nobody() {
    let mut talk = talk("form-closed").await;
    talk.expected.refusals.push("not_found");
    let slow = Fault::Slow(Duration::from_millis(500));
    talk.slack().fault("views.update", slow);
    talk.slack().shortcut(ADA, None).await.unwrap();
    talk.slack().change(|w| {
        w.views.iter_mut().for_each(|view| view.open = false);
    });
    // No dead letter, and nothing said.
    talk.end(0).await;
}
