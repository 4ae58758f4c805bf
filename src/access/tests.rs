//! What a token is called, and what is kept of one.

use super::*;

#[test]
fn a_token_is_kept_as_a_hash_that_does_not_hold_it() {
    let one = token(&[7; 32]);
    assert!(is_token(&one) && one.len() == 47, "{one}");
    let kept = hash(&one);
    assert_eq!(kept.len(), 64);
    assert!(!one.contains(&kept) && !kept.contains(&one[4..]));
    assert_eq!(kept, hash(&one));
    assert_ne!(kept, hash(&token(&[8; 32])));
    assert_ne!(kept, hash(&one.to_lowercase()));
}

#[test]
fn scopes_read_as_they_are_written() {
    for (words, scopes) in [
        ("ask", Some((true, false))),
        ("feedback", Some((false, true))),
        ("feedback, ask", Some((true, true))),
        ("", None),
        ("ask,", None),
        ("ask,everything", None),
    ] {
        let read = Scopes::parse(words);
        assert_eq!(read.map(|s| (s.ask, s.feedback)), scopes, "{words}");
        if let Some(scopes) = read {
            assert_eq!(Scopes::parse(&scopes.to_string()), Some(scopes));
        }
    }
}

#[test]
fn names_can_be_printed_and_typed() {
    for name in ["ci", "dashboard-2", "ann@example.com", "a.b_c"] {
        assert!(is_name(name), "{name}");
    }
    for name in ["", "two words", "\u{1b}[31m", "\u{fc}", &"x".repeat(65)] {
        assert!(!is_name(name), "{name}");
    }
}

#[test]
fn a_link_may_do_nothing_but_be_opened() {
    let reader = Reader::of_link(Audience::Operator);
    assert_eq!(reader.may, Scopes::NONE);
    assert_eq!(reader.through, Through::Link);
}

#[test]
fn every_door_is_read_back_from_its_name() {
    for through in Through::ALL {
        assert_eq!(Through::named(through.name()), Some(through));
    }
    assert_eq!(Through::named("window"), None);
}
