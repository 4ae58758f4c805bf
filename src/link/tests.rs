//! A link opens what was signed, until it expires, and nothing else ever.

use proptest::prelude::*;

use super::*;
use crate::question::LookBack;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

fn key(byte: u8) -> Key {
    Key::new([byte; 32]).unwrap()
}

fn person(groups: &[&str], channel: Option<&str>, standing: Standing) -> Audience {
    Audience::Person {
        user: "U0123456789".to_owned(),
        groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        channel: channel.map(str::to_owned),
        standing,
    }
}

fn link(audience: Audience) -> Link {
    Link {
        question: "#17 revenue as of 2025-03-01T10:00:00Z".to_owned(),
        audience,
        expires_at: at(60),
    }
}

fn audiences() -> Vec<Audience> {
    let channel = |standing| Audience::Channel {
        channel: "C1".to_owned(),
        standing,
    };
    vec![
        Audience::Operator,
        person(&[], None, Standing::Member),
        person(&["S1", "S2"], Some("C1"), Standing::Member),
        person(&["S1"], None, Standing::Outsider),
        channel(Standing::Member),
        channel(Standing::Outsider),
    ]
}

#[test]
fn what_was_signed_is_what_opens_for_each_audience_until_it_expires() {
    for audience in audiences() {
        let link = link(audience);
        let text = link.sign(&key(1));
        assert_eq!(verify(&text, &[key(1)], at(59)), Ok(link.clone()));
        assert_eq!(verify(&text, &[key(2), key(1)], at(0)), Ok(link));
        assert_eq!(verify(&text, &[key(1)], at(60)), Err(Refused::Expired));
        assert_eq!(verify(&text, &[key(2)], at(0)), Err(Refused::Unsigned));
        assert_eq!(verify(&text, &[], at(0)), Err(Refused::Unsigned));
    }
}

#[test]
fn a_payload_that_is_bound_to_another_question_or_audience_is_refused() {
    let key = key(1);
    let own = link(person(&[], None, Standing::Outsider)).sign(&key);
    let mut other = link(person(&["S1"], None, Standing::Member));
    other.question = "#18 revenue".to_owned();
    // Whoever knows the form can write a payload; the tag of one fits no other.
    let payload = other.sign(&Key::new([9; 32]).unwrap());
    let (payload, _) = payload.split_once('.').unwrap();
    let (_, tag) = own.split_once('.').unwrap();
    let bound = format!("{payload}.{tag}");
    assert_eq!(verify(&bound, &[key], at(0)), Err(Refused::Unsigned));
}

#[test]
fn a_tag_of_another_use_of_the_key_is_refused() {
    let key = key(1);
    let text = link(Audience::Operator).sign(&key);
    let (payload, _) = text.split_once('.').unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).unwrap();
    mac.update(payload.as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..TAG_BYTES]);
    let forged = format!("{payload}.{tag}");
    assert_eq!(verify(&forged, &[key], at(0)), Err(Refused::Unsigned));
}

#[test]
fn odd_texts_are_refused() {
    let keys = [key(1)];
    let text = link(Audience::Operator).sign(&key(1));
    let (payload, tag) = text.split_once('.').unwrap();
    for odd in [
        "",
        ".",
        "..",
        payload,
        &format!("{payload}."),
        &format!(".{tag}"),
        &format!("{payload}.{tag}."),
        &format!("{payload}.{tag}="),
        &format!("{payload}=.{tag}"),
        &format!("{payload}..{tag}"),
        &format!("{payload}.{}", &tag[..tag.len() - 1]),
        &format!(" {text}"),
        &format!("{text}\n"),
        &"x.".repeat(LONGEST),
    ] {
        assert_eq!(verify(odd, &keys, at(0)), Err(Refused::Unsigned), "{odd}");
    }
}

#[test]
fn a_key_that_could_be_guessed_is_none_and_none_is_printed() {
    assert_eq!(Key::new("short"), None);
    assert_eq!(Key::new([0; 31]), None);
    let printed = format!(
        "{:?}",
        Key::new(*b"hush-hush-hush-hush-hush-hush-32").unwrap()
    );
    assert_eq!(printed, "Key(…)");
}

fn question(expected: Option<&str>) -> Question {
    Question {
        text: "acme revenue".to_owned(),
        entity_id: 12345,
        entity_name: "Acme".to_owned(),
        attribute: "revenue".to_owned(),
        as_of: at(0),
        expected: expected.map(str::to_owned),
        look_back: LookBack::Auto,
    }
}

#[test]
fn a_url_holds_the_instant_of_its_answer_and_fits_into_a_button() {
    let links = Links {
        base: "https://why.example.com".to_owned(),
        key: key(1),
        kept: Duration::from_secs(60),
    };
    let audience = person(&["S0123456789"], Some("C0123456789"), Standing::Member);
    let opens = |url: &str| {
        let text = url.strip_prefix("https://why.example.com/links/").unwrap();
        verify(text, &[key(1)], at(0)).unwrap()
    };
    let url = links.url(&question(Some("10M")), &audience, at(0));
    assert!(url.len() < 300, "{} {url}", url.len());
    assert_eq!(
        opens(&url),
        Link {
            question: "#12345 revenue as of 2026-02-02T02:40:00Z expected \"10M\"".to_owned(),
            audience: audience.clone(),
            expires_at: at(60),
        }
    );
    let url = links.url(&question(Some(&"\u{1f600}".repeat(900))), &audience, at(0));
    assert!(url.len() < 300, "{}", url.len());
    assert_eq!(
        opens(&url).question,
        "#12345 revenue as of 2026-02-02T02:40:00Z"
    );
}

proptest! {
    #[test]
    fn any_changed_character_is_refused(
        which in 0..6_usize,
        place in any::<prop::sample::Index>(),
        other in prop_oneof![
            proptest::char::range('!', '~'),
            any::<char>(),
        ],
    ) {
        let text = link(audiences().swap_remove(which)).sign(&key(1));
        let mut characters: Vec<char> = text.chars().collect();
        let at_place = place.index(characters.len());
        prop_assume!(characters[at_place] != other);
        characters[at_place] = other;
        let changed: String = characters.into_iter().collect();
        prop_assert_eq!(verify(&changed, &[key(1)], at(0)), Err(Refused::Unsigned));
    }

    #[test]
    fn whatever_is_asked_by_whomever_comes_back(question in ".{0,200}", user in ".{1,20}") {
        let link = Link {
            question,
            audience: Audience::Person {
                user,
                groups: Vec::new(),
                channel: None,
                standing: Standing::Member,
            },
            expires_at: at(60),
        };
        let text = link.sign(&key(1));
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
        prop_assert_eq!(verify(&text, &[key(1)], at(0)), Ok(link));
    }
}
