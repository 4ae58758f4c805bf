//! Who sees what: restricted attributes, sources that are not named, guests, shared channels.

use why::slack_demo::fake::state::{ADA, Channel, GUEST, Kind, PUBLIC, SHARED, Standing, User};

use super::{Talk, first_line, talk};

/// What the acme catalog names for the credit limit.
pub(super) const DESK: &str = "C0CREDIT1";
pub(super) const BRANDT: &str = "U0BRANDT1";

pub(super) async fn with_desk(name: &str) -> Talk {
    let talk = talk(name).await;
    add_desk(&talk);
    talk
}

pub(super) fn add_desk(talk: &Talk) {
    talk.slack().change(|w| {
        let (name, kind) = ("credit-desk".to_owned(), Kind::Public);
        w.channels.insert(DESK.to_owned(), Channel { name, kind });
        let (name, standing) = ("brandt", Standing::Member);
        w.users.insert(BRANDT.to_owned(), User { name, standing });
    });
}

#[tokio::test]
async fn a_restricted_attribute_is_for_those_it_names() {
    let talk = with_desk("restricted").await;
    for (user, channel, sees) in [
        (BRANDT, PUBLIC, true),
        (ADA, DESK, true),
        (ADA, PUBLIC, false),
        (GUEST, DESK, false),
    ] {
        let answer = talk.command(user, channel, "acme credit limit").await;
        let restricted = answer.text.contains("restricted");
        assert_eq!(!restricted, sees, "{user} in {channel}: {answer:#?}");
    }
    talk.mention(ADA, DESK, None, "acme credit limit").await;
    // That one is named does not show it to a channel.
    talk.mention(BRANDT, PUBLIC, None, "acme credit limit")
        .await;
    insta::assert_snapshot!(talk.end(6).await);
}

#[tokio::test]
async fn slack_is_not_asked_for_each_answer_who_somebody_is() {
    let talk = with_desk("restricted-lately").await;
    let calls = |method: &str| talk.slack().read(|w| w.calls_of(method).count());
    for _ in 0..3 {
        talk.command(ADA, PUBLIC, "acme credit limit").await;
        talk.mention(ADA, PUBLIC, None, "acme revenue").await;
    }
    assert_eq!(calls("users.info"), 1);
    talk.end(6).await;
}

#[tokio::test]
async fn a_guest_is_shown_no_more_in_a_channel_than_alone() {
    let talk = with_desk("restricted-guest").await;
    let alone = talk.command(GUEST, DESK, "acme credit limit").await;
    assert!(alone.text.contains("restricted"), "{alone:#?}");
    talk.mention(GUEST, DESK, None, "acme credit limit").await;
    let said = talk.answer().await;
    assert!(said.text.contains("restricted"), "{said:#?}");
    // What a member asked stands there for all; what a guest presses under it does not.
    talk.mention(ADA, DESK, None, "acme credit limit since 2026-06-01")
        .await;
    let answer = talk.answer().await;
    assert!(!answer.text.contains("restricted"), "{answer:#?}");
    let pressed = talk.press(GUEST, &answer, "Full history").await;
    assert!(pressed.text.contains("restricted"), "{pressed:#?}");
    assert_eq!(pressed.private_to.as_deref(), Some(GUEST));
    let glance = talk.command(GUEST, DESK, "acme").await;
    let shared = talk.press(GUEST, &glance, "Share to channel").await;
    assert!(!format!("{shared:?}").contains("3M USD"), "{shared:#?}");
    talk.end(6).await;
}

#[tokio::test]
async fn what_one_may_see_is_not_shared_with_those_who_may_not() {
    let talk = with_desk("restricted-share").await;
    let answer = talk.command(BRANDT, PUBLIC, "acme credit limit").await;
    let note = talk.press(BRANDT, &answer, "Share to channel").await;
    assert_eq!(note.private_to.as_deref(), Some(BRANDT));
    let glance = talk.command(ADA, PUBLIC, "acme").await;
    talk.press(ADA, &glance, "Share to channel").await;
    let shared = talk.slack().read(|w| {
        let all = w.messages.iter().filter(|m| m.private_to.is_none());
        format!("{:?}", all.collect::<Vec<_>>())
    });
    assert!(!shared.contains("vendor"), "{shared}");
    insta::assert_snapshot!(talk.end(4).await);
}

#[tokio::test]
async fn a_source_that_is_not_named_has_another_name_in_channels() {
    let talk = talk("redacted").await;
    let named = talk.command(ADA, PUBLIC, "acme revenue").await;
    assert!(format!("{named:?}").contains("data vendor"), "{named:#?}");
    for (user, channel) in [(ADA, PUBLIC), (ADA, SHARED)] {
        talk.mention(user, channel, None, "acme revenue").await;
        let all = talk.slack().read(|w| w.last_answer().cloned()).unwrap();
        assert_eq!(first_line(&all), first_line(&named));
        let said = format!("{all:?}").to_lowercase();
        assert!(!said.contains("vendor") && !said.contains("v-17"), "{said}");
    }
    let guest = talk.command(GUEST, PUBLIC, "acme revenue").await;
    assert!(
        !format!("{guest:?}").to_lowercase().contains("vendor"),
        "{guest:#?}"
    );
    insta::assert_snapshot!(talk.end(4).await);
}

#[tokio::test]
async fn a_channel_that_others_read_is_shown_nothing_restricted() {
    let talk = with_desk("restricted-shared").await;
    talk.slack().change(|w| {
        let desk = w.channels.get_mut(DESK).unwrap();
        desk.kind = Kind::Shared;
    });
    talk.mention(ADA, DESK, None, "acme credit limit").await;
    insta::assert_snapshot!(talk.end(1).await);
}
