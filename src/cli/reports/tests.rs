//! What is printed of reports and of the audit.

use super::*;
use crate::access::Through;

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn report() -> Report {
    Report {
        id: "web-1".to_owned(),
        at: at("2026-11-20T12:00:00Z"),
        user: "operator (web)".to_owned(),
        question: "#17 revenue as of 2026-11-20T12:00:00Z".to_owned(),
        wrong: "ten times\ntoo \u{1b}[31mhigh".to_owned(),
        expected: Some("1.2M".to_owned()),
        link: None,
        channel: None,
        thread_ts: None,
        answer: None,
        posted: None,
        state: None,
        state_by: None,
    }
}

fn printed(print: impl Fn(&mut dyn Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    print(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_says_who_what_and_what_they_expected_on_lines_of_its_own() {
    let text = printed(|out| told(&[report()], out));
    insta::assert_snapshot!(text);
    assert!(!text.contains('\u{1b}'));
    // Nor what turns letters round.
    let mut turned = report();
    turned.wrong = "\u{202e}high".to_owned();
    let text = printed(|out| told(&[turned.clone()], out));
    assert!(text.contains("\\u{202e}high"), "{text}");
    assert!(printed(|out| told(&[], out)).contains("Nobody"));
}

#[test]
fn an_access_says_who_through_which_door_and_how_it_ended() {
    let access = Access {
        at: at("2026-11-20T12:00:00Z"),
        user: "U1 (token ci)".to_owned(),
        team: None,
        channel: None,
        entity_id: Some(17),
        attribute: Some("revenue".to_owned()),
        outcome: "answered".to_owned(),
        through: Through::Token,
    };
    let text = printed(|out| listed(std::slice::from_ref(&access), out));
    assert_eq!(
        text,
        "2026-11-20 12:00 UTC  token     U1 (token ci)  answered #17 revenue\n"
    );
    assert!(printed(|out| listed(&[], out)).contains("Nobody"));
}
