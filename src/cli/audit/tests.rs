//! What is printed of the audit.

use super::*;
use crate::access::Through;

fn printed(accesses: &[Access]) -> String {
    let mut out = Vec::new();
    listed(accesses, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn an_access_says_who_through_which_door_and_how_it_ended() {
    let access = Access {
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
        user: "U1 (token ci)".to_owned(),
        team: None,
        channel: None,
        entity_id: Some(17),
        attribute: Some("revenue".to_owned()),
        outcome: "answered".to_owned(),
        through: Through::Token,
    };
    let text = printed(std::slice::from_ref(&access));
    assert_eq!(
        text,
        "2026-11-20 12:00 UTC  token     U1 (token ci)  answered #17 revenue\n"
    );
    assert!(printed(&[]).contains("Nobody"));
}
