//! Links to the page: under answers, each for those who read the answer, and what stands under one
//! that somebody pastes.

use serde_json::Value;
use why::ledger::Ledger;
use why::link::{self, Key, Link, Links};
use why::slack_demo::fake::Fault;
use why::slack_demo::fake::state::{ADA, GUEST, Message, NOT_JOINED, PRIVATE, PUBLIC, SHARED};
use why::slack_demo::fake::state::{STRANGER, TRIAGE};
use why::visibility::{Audience, Standing};

use super::visibility::{BRANDT, DESK, add_desk};
use super::{Talk, elements, fast, now, talk, talk_with_links};
use crate::harness::acme_lake;

async fn linked(name: &str) -> Talk {
    let talk = talk_with_links(name, acme_lake(), now).await;
    add_desk(&talk);
    talk
}

async fn ledger(talk: &Talk) -> Ledger {
    Ledger::sqlite(&talk.state).await.unwrap()
}

async fn key(talk: &Talk) -> Key {
    ledger(talk).await.link_key().await.unwrap()
}

/// As the app signs them.
async fn links(talk: &Talk) -> Links {
    Links {
        base: base(talk),
        key: key(talk).await,
        kept: link::KEPT,
    }
}

fn base(talk: &Talk) -> String {
    format!("http://{}", talk.stage.app())
}

/// Where an answer's button leads.
fn page(message: &Message) -> Option<String> {
    elements(message).find_map(|e| Some(e.get("url")?.as_str()?.to_owned()))
}

/// What it opens.
async fn opened(talk: &Talk, message: &Message) -> Link {
    let page = page(message).unwrap_or_else(|| panic!("no link: {message:#?}"));
    let token = page.strip_prefix(&format!("{}/links/", base(talk)));
    link::verify(token.unwrap(), &[key(talk).await], now()).unwrap()
}

fn person(user: &str, channel: &str, standing: Standing) -> Audience {
    Audience::Person {
        user: user.to_owned(),
        groups: Vec::new(),
        channel: Some(channel.to_owned()),
        standing,
    }
}

fn everybody(channel: &str, standing: Standing) -> Audience {
    Audience::Channel {
        channel: channel.to_owned(),
        standing,
    }
}

#[tokio::test]
async fn an_answer_leads_to_its_page_for_exactly_those_who_read_it() {
    use Standing::{Member, Outsider};
    let talk = linked("links-audience").await;
    let alone = talk.command(BRANDT, PUBLIC, "acme credit limit").await;
    let link = opened(&talk, &alone).await;
    assert_eq!(link.audience, person(BRANDT, PUBLIC, Member));
    // With its instant: what is decided later is not in it.
    assert_eq!(
        link.question,
        "#17 credit_limit as of 2026-11-20T12:00:00.000000001Z"
    );
    assert_eq!(
        link.expires_at.as_second(),
        (now() + link::KEPT).as_second()
    );
    let guest = talk
        .command(GUEST, PUBLIC, "acme revenue since 2026-01-01")
        .await;
    let link = opened(&talk, &guest).await;
    assert_eq!(link.audience, person(GUEST, PUBLIC, Outsider));
    assert!(link.question.ends_with(" since 2026-01-01"), "{link:?}");
    talk.mention(ADA, DESK, None, "acme credit limit").await;
    let link = opened(&talk, &talk.answer().await).await;
    assert_eq!(link.audience, everybody(DESK, Member));
    talk.mention(ADA, SHARED, None, "acme revenue").await;
    let link = opened(&talk, &talk.answer().await).await;
    assert_eq!(link.audience, everybody(SHARED, Outsider));
    // What is shared is no longer for one.
    let revenue = talk.command(ADA, PUBLIC, "acme revenue expected 10M").await;
    let shared = talk.press(ADA, &revenue, "Share to channel").await;
    let link = opened(&talk, &shared).await;
    assert_eq!(link.audience, everybody(PUBLIC, Member));
    assert!(link.question.contains(" expected "), "{link:?}");
    talk.end(6).await;
}

#[tokio::test]
async fn what_is_not_answered_and_what_has_no_page_leads_nowhere() {
    let talk = linked("links-none").await;
    let restricted = talk.command(ADA, PUBLIC, "acme credit limit").await;
    assert_eq!(page(&restricted), None);
    let glance = talk.command(ADA, PUBLIC, "acme").await;
    assert_eq!(page(&glance), None);
    talk.end(2).await;
    let talk = self::talk("links-without-a-page").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    assert_eq!(page(&answer), None);
    talk.end(1).await;
}

#[tokio::test]
async fn pressing_the_link_is_acknowledged_and_says_nothing() {
    let talk = linked("links-pressed").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let pressed = talk.slack().press(ADA, &answer.ts, "Open as a page").await;
    pressed.unwrap();
    talk.end(1).await;
}

#[tokio::test]
async fn a_report_leads_stewards_to_the_answer_as_they_may_see_it() {
    let talk = linked("links-report").await;
    let answer = talk.command(ADA, PUBLIC, "acme revenue").await;
    let wrong = talk
        .slack()
        .press(ADA, &answer.ts, "This looks wrong")
        .await;
    wrong.unwrap();
    talk.settled().await;
    let sent = talk.slack().submit(ADA, &[("wrong", "too much")]).await;
    sent.unwrap();
    talk.settled().await;
    let posted = |talk: &Talk| {
        let found = talk.slack().read(|w| {
            let found = w.messages.iter().find(|m| m.channel == TRIAGE);
            found.cloned()
        });
        found.unwrap()
    };
    let report = posted(&talk);
    let link = opened(&talk, &report).await;
    assert_eq!(link.audience, everybody(TRIAGE, Standing::Member));
    assert!(
        link.question.starts_with("#17 revenue as of 2026-"),
        "{link:?}"
    );
    // A press draws the report anew, with the same link.
    talk.press(ADA, &report, "Explained").await;
    assert_eq!(page(&posted(&talk)), page(&report));
    talk.end(4).await;
}

/// What stands under each link of a message that somebody pastes.
async fn pasted(talk: &Talk, user: &str, channel: &str, links: &[&str]) -> Vec<Value> {
    let ts = talk
        .slack()
        .paste(user, channel, None, links)
        .await
        .unwrap();
    talk.settled().await;
    let message = talk.slack().read(|w| w.message(&ts).cloned()).unwrap();
    message.unfurls.into_values().collect()
}

#[tokio::test]
async fn a_pasted_link_shows_what_everybody_there_and_the_links_own_reader_may_see() {
    use Standing::{Member, Outsider};
    let mut talk = linked("unfurl-visibility").await;
    // Of a channel that the app is not told of it shows what may be read anywhere.
    talk.expected.refusals = vec!["channel_not_found"];
    let links = links(&talk).await;
    let signed = |attribute: &str, audience: &Audience| {
        let words = format!("#17 {attribute} as of 2026-11-01T00:00:00Z");
        links.url_of(&words, audience, now())
    };
    let brandt = person(BRANDT, PUBLIC, Member);
    let desk = everybody(DESK, Member);
    let public = everybody(PUBLIC, Member);
    let credit = format!("{}/companies/17/credit_limit", base(&talk));
    let revenue = format!("{}/companies/17/revenue", base(&talk));
    // Who pastes what, where, and whether anything stands under it.
    let rows = [
        (ADA, PUBLIC, signed("revenue", &public), true),
        (
            ADA,
            PUBLIC,
            signed("revenue", &person(ADA, PUBLIC, Member)),
            true,
        ),
        (
            GUEST,
            SHARED,
            signed("revenue", &person(GUEST, SHARED, Outsider)),
            true,
        ),
        (STRANGER, SHARED, revenue.clone(), true),
        (ADA, NOT_JOINED, revenue.clone(), true),
        (ADA, PRIVATE, revenue, true),
        // A private link in front of those who may not see it.
        (BRANDT, PUBLIC, signed("credit_limit", &brandt), false),
        (BRANDT, SHARED, signed("credit_limit", &brandt), false),
        (BRANDT, PRIVATE, signed("credit_limit", &brandt), false),
        (BRANDT, DESK, signed("credit_limit", &brandt), true),
        (ADA, DESK, signed("credit_limit", &desk), true),
        // A guest shows a channel no more than they are shown.
        (GUEST, DESK, signed("credit_limit", &desk), false),
        // A link that never showed it shows it nowhere.
        (ADA, DESK, signed("credit_limit", &public), false),
        (
            ADA,
            DESK,
            signed("credit_limit", &everybody(DESK, Outsider)),
            false,
        ),
        (ADA, DESK, credit.clone(), true),
        (ADA, PUBLIC, credit, false),
    ];
    for (user, channel, link, is_shown) in &rows {
        let shown = pasted(&talk, user, channel, &[link]).await;
        assert_eq!(
            shown.len(),
            usize::from(*is_shown),
            "{user} {channel} {link}"
        );
        let said = format!("{shown:?}").to_lowercase();
        // No channel is told the names of sources that are not to be named.
        assert!(!said.contains("vendor") && !said.contains("v-17"), "{said}");
    }
    // Whoever pastes is known to have asked, also where nothing came of it.
    let accesses = ledger(&talk).await.accesses(100, now()).await.unwrap();
    assert_eq!(accesses.len(), rows.len());
    let refused = accesses.iter().filter(|a| a.outcome == "restricted");
    assert_eq!(refused.count(), rows.iter().filter(|row| !row.3).count());
    assert!(accesses.iter().all(|a| a.entity_id == Some(17)));
    let unfurls = |w: &why::slack_demo::fake::state::Workspace| w.calls_of("chat.unfurl").count();
    assert_eq!(
        talk.slack().read(unfurls),
        rows.iter().filter(|row| row.3).count()
    );
    talk.end(0).await;
}

#[tokio::test]
async fn a_link_that_is_still_being_written_shows_what_may_be_sent_anywhere() {
    let talk = linked("unfurl-composer").await;
    let links = links(&talk).await;
    let desk = everybody(DESK, Standing::Member);
    let words =
        ["revenue", "credit_limit"].map(|name| links.url_of(&format!("#17 {name}"), &desk, now()));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let id = talk.slack().compose(BRANDT, &words).await.unwrap();
    talk.settled().await;
    let shown = talk.slack().read(|w| {
        let paste = w.pastes.iter().find(|paste| paste.unfurl_id == id);
        paste.unwrap().preview.clone()
    });
    let shown: Vec<&str> = shown.keys().map(String::as_str).collect();
    assert_eq!(shown, [words[0]]);
    let call = talk
        .slack()
        .read(|w| w.calls_of("chat.unfurl").next().unwrap().clone());
    assert_eq!(call.arguments["source"], "composer");
    assert_eq!(call.arguments["unfurl_id"], id);
    assert!(call.arguments.get("channel").is_none(), "{call:?}");
    talk.end(0).await;
}

#[tokio::test]
async fn links_that_are_not_signed_have_expired_or_ask_nothing_stay_links() {
    let talk = linked("unfurl-refused").await;
    let links = links(&talk).await;
    let audience = everybody(PUBLIC, Standing::Member);
    let good = links.url_of("#17 revenue", &audience, now());
    let expired = links.url_of("#17 revenue", &audience, now() - link::KEPT);
    let foreign = Links {
        key: Key::new("k".repeat(44)).unwrap(),
        ..links.clone()
    };
    let foreign = foreign.url_of("#17 revenue", &audience, now());
    let mut altered = good.clone();
    altered.pop();
    let elsewhere = good.replace("127.0.0.1", "127.0.0.2");
    let base = base(&talk);
    let unknown = |path: &str| format!("{base}{path}");
    let bare = [
        expired,
        foreign,
        altered,
        elsewhere,
        format!("{good}/answer.json"),
        unknown("/links/abc.def"),
        unknown("/companies/17/shoe_size"),
        unknown("/companies/4711/revenue"),
        unknown("/companies/17/revenue?as_of=yesterweek"),
        unknown("/companies/17/revenue?as_of=2999-01-01"),
        unknown("/compare?entity=17"),
        unknown("/"),
    ];
    for link in &bare {
        let shown = pasted(&talk, ADA, PUBLIC, &[link]).await;
        assert_eq!(shown, [Value::Null; 0], "{link}");
    }
    assert_eq!(talk.slack().read(|w| w.calls_of("chat.unfurl").count()), 0);
    // One bad link keeps the others from nothing.
    let glance = unknown("/companies/17");
    let then = unknown("/companies/17/revenue/history?as_of=2025-06-01");
    let shown = pasted(&talk, ADA, PUBLIC, &[&bare[0], &good, &glance, &then]).await;
    assert_eq!(shown.len(), 3, "{shown:#?}");
    let said = talk.transcript();
    let under: Vec<&str> = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("| "))
        .collect();
    for part in ["12.4M USD", "attributes decided", "on 2025-06-01"] {
        let found = under.iter().any(|line| line.contains(part));
        assert!(found, "no {part} in {under:#?}");
    }
    talk.end(0).await;
}

#[tokio::test]
async fn what_comes_twice_is_shown_once_and_what_slack_does_not_take_is_left() {
    let mut talk = talk_with_links("unfurl-twice", acme_lake(), fast).await;
    talk.expected.refusals = vec!["fault"];
    let link = format!("{}/companies/17/revenue", base(&talk));
    // The message was deleted meanwhile, or somebody has dismissed previews there.
    for code in [
        "cannot_unfurl_message",
        "cannot_unfurl_url",
        "cannot_find_service",
    ] {
        talk.slack().fault("chat.unfurl", Fault::Error(code));
        assert_eq!(
            pasted(&talk, ADA, PUBLIC, &[&link]).await.len(),
            0,
            "{code}"
        );
    }
    // Slack did not answer: done again, in place.
    talk.slack().fault("chat.unfurl", Fault::Hangup);
    assert_eq!(pasted(&talk, ADA, PUBLIC, &[&link]).await.len(), 1);
    let calls = talk.slack().read(|w| w.calls_of("chat.unfurl").count());
    assert_eq!(calls, 5);
    talk.end(0).await;
}
