//! Every button under an answer.

use why::slack_demo::fake::state::{ADA, GRACE, NOT_JOINED, PUBLIC};

use super::{buttons_of, first_line, talk};

#[tokio::test]
async fn the_full_history_and_the_one_before_replace_a_private_answer() {
    let talk = talk("history").await;
    let answer = talk
        .command(ADA, PUBLIC, "acme revenue since 2026-06-01")
        .await;
    let all = talk.press(ADA, &answer, "Full history").await;
    assert_eq!(all.ts, answer.ts);
    assert!(!buttons_of(&all).contains(&"Full history".to_owned()));
    let before = talk.press(ADA, &all, "Compare with previous").await;
    assert_eq!(before.ts, answer.ts);
    // What it is and what it was are seen together.
    let line = first_line(&before);
    assert!(line.contains("now, 12.4M USD"), "{line}");
    assert!(line.contains("before, on "), "{line}");
    insta::assert_snapshot!(talk.end(1).await);
}

#[tokio::test]
async fn another_day_and_another_attribute_are_picked() {
    let talk = talk("pick").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let then = talk.pick(ADA, &answer, "As of", "2024-06-30").await;
    assert!(first_line(&then).contains("2024-06-30"), "{then:#?}");
    let other = talk
        .pick(ADA, &then, "Another attribute", "employees")
        .await;
    insta::assert_snapshot!(first_line(&other).to_owned());
    talk.end(1).await;
}

#[tokio::test]
async fn an_answer_is_shared_with_its_channel() {
    let talk = talk("share").await;
    let answer = talk.command(ADA, PUBLIC, "acme employees").await;
    talk.press(ADA, &answer, "Share to channel").await;
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn sharing_where_the_bot_is_not_says_what_to_do() {
    let mut talk = talk("share-nowhere").await;
    talk.expected.refusals.push("not_in_channel");
    let answer = talk.command(ADA, NOT_JOINED, "acme employees").await;
    let note = talk.press(ADA, &answer, "Share to channel").await;
    assert!(note.text.contains("/invite"), "{note:#?}");
    insta::assert_snapshot!(talk.end(2).await);
}

#[tokio::test]
async fn a_press_under_an_answer_for_all_is_answered_to_the_presser_alone() {
    let talk = talk("press-public").await;
    let thread = talk
        .mention(ADA, PUBLIC, None, "acme employees since 2026-06-01")
        .await;
    let asked = talk.answer().await;
    let all = talk.press(GRACE, &asked, "Full history").await;
    assert_ne!(all.ts, asked.ts);
    assert_eq!(all.thread_ts.as_ref(), Some(&thread));
    assert_eq!(all.private_to.as_deref(), Some(GRACE));
    let then = talk.pick(GRACE, &asked, "As of", "2024-06-30").await;
    assert_eq!(then.private_to.as_deref(), Some(GRACE));
    let other = talk
        .pick(GRACE, &asked, "Another attribute", "revenue")
        .await;
    assert_eq!(other.private_to.as_deref(), Some(GRACE));
    // The thread still speaks of employees, and hers are hers to go on with or to share.
    talk.mention(ADA, PUBLIC, Some(&thread), "as of 2024-01-01?")
        .await;
    let topic = talk.answer().await;
    assert!(first_line(&topic).contains("employees"), "{topic:#?}");
    let shared = talk.press(GRACE, &other, "Share to channel").await;
    assert_eq!(shared.private_to, None);
    assert_eq!(shared.thread_ts.as_ref(), Some(&thread));
    insta::assert_snapshot!(talk.end(6).await);
}

#[tokio::test]
async fn a_choice_in_a_channel_becomes_the_answer() {
    let talk = talk("choose-public").await;
    talk.mention(ADA, PUBLIC, None, "acme tools revenue").await;
    let choice = talk.answer().await;
    let buttons = buttons_of(&choice);
    let limited = buttons.iter().find(|b| b.contains("Ltd")).unwrap();
    let answer = talk.press(GRACE, &choice, limited).await;
    assert_eq!((&answer.ts, &answer.private_to), (&choice.ts, &None));
    talk.end(1).await;
}

#[tokio::test]
async fn a_press_that_fails_leaves_the_answer() {
    let talk = talk("press-fails").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let note = talk.pick(ADA, &answer, "As of", "2031-03-01").await;
    assert!(note.text.contains("future"), "{note:#?}");
    let said = talk.end(2).await;
    assert!(said.contains("[2026-11-20]"), "{said}");
}

#[tokio::test]
async fn an_attribute_of_an_overview_is_pressed() {
    let talk = talk("press-overview").await;
    let glance = talk.command(ADA, PUBLIC, "#52").await;
    let changes = talk.press(ADA, &glance, "What changed lately").await;
    assert!(changes.text.contains("1 change since"), "{changes:#?}");
    let all = talk.press(ADA, &changes, "All attributes").await;
    let answer = talk.pick(ADA, &all, "Ask why", "employees").await;
    assert!(first_line(&answer).contains("41,000 people"), "{answer:#?}");
    talk.end(1).await;
}
