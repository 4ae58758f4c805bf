//! What holds whatever is typed.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{CATALOG, compact, now};
use crate::catalog::Catalog;
use crate::question::{
    AsOf, EntityRef, LookBack, Parsed, Parts, Reading, day, look_back, parse, phrase,
    suggest_attributes, when,
};

/// Words and marks that sentences are made of, so that clauses meet in every order.
fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "acme",
        "Acme's",
        "revenue",
        "market_cap",
        "expected growth",
        "why",
        "is",
        "isn't",
        "not",
        "of",
        "for",
        "the",
        "The",
        "on",
        "in",
        "at",
        "before",
        "since",
        "when",
        "between",
        "from",
        "to",
        "and",
        "million",
        "as of",
        "as",
        "until",
        "expected",
        "should be",
        "instead of",
        "but",
        "last",
        "past",
        "3",
        "90",
        "days",
        "ago",
        "month",
        "january",
        "May",
        "1st",
        "29 February",
        "2025",
        "Q1",
        "2025-03-01",
        "03/04/2025",
        "31.02.2024",
        "0000-00-00",
        "9999-12-31",
        "-9999-01-01",
        "12:30",
        "2025-03-01T12:00:00Z",
        "yesterday",
        "end of",
        "history",
        "ever",
        "all time",
        "--since",
        "—expected=",
        "--as-of",
        "look-back",
        "10M",
        "$",
        "%",
        "(5.1)",
        "#17",
        "#",
        "id",
        "\"",
        "'",
        "“",
        "”",
        "„",
        "`",
        "<@U1>",
        "<http://acme.com|acme.com>",
        "<",
        ">",
        "&amp;",
        "*",
        "_",
        "…",
        "?",
        "=",
        "İ",
        "売上",
        "年",
        "999999999 years ago",
        "last 4294967295 years",
        "q",
        "🦀",
        "\u{0}",
        "\u{202e}",
    ]);
    prop_oneof![8 => words.prop_map(str::to_owned), 1 => "\\PC{0,4}"]
}

fn read_everything(text: &str, catalog: &Catalog) {
    if let Ok(parsed) = parse(text, catalog, now()) {
        assert!(!parsed.readings.is_empty(), "no reading of {text:?}");
        for reading in &parsed.readings {
            assert!(
                reading.attribute.is_some() || reading.entity.is_some(),
                "{text:?}"
            );
            if let Some(EntityRef::Name(name)) = &reading.entity {
                assert!(!name.trim().is_empty(), "an empty name in {text:?}");
            }
        }
        let expected = parsed.expected.as_deref();
        assert!(
            expected.is_none_or(|e| !e.trim().is_empty()),
            "nothing expected in {text:?}"
        );
    }
    let _ = (when(text, now()), day(text, now()), look_back(text));
    let _ = suggest_attributes(text, catalog);
}

/// Names without a word or mark that means something in a sentence.
fn name() -> impl Strategy<Value = String> {
    "[A-ZÅÖЖİ][a-zéßжı]{3,8}( (&|[A-Z]{2,3}|[A-ZÅ][a-zé]{4,7}q)){0,2}"
        .prop_map(|name| name.trim_end_matches([' ', '&']).to_owned())
        .prop_filter("no alias", |name| !name.contains("HQ"))
}

fn attribute() -> impl Strategy<Value = String> {
    let names: Vec<String> = CATALOG.attributes.iter().map(|a| a.name.clone()).collect();
    prop::sample::select(names)
}

fn parsed(text: &str) -> Parsed {
    match parse(text, &CATALOG, now()) {
        Ok(parsed) => parsed,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// The readings that name both.
fn complete(text: &str) -> Vec<Reading> {
    let readings = parsed(text).readings.into_iter();
    readings
        .filter(|r| r.attribute.is_some() && r.entity.is_some())
        .collect()
}

fn reading(attribute: &str, name: &str) -> Reading {
    Reading {
        attribute: Some(attribute.to_owned()),
        entity: Some(EntityRef::Name(name.to_owned())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_or_refused_but_never_panics(text in any::<String>()) {
        read_everything(&text, &CATALOG);
    }

    #[test]
    fn any_bytes_are_read_or_refused_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&String::from_utf8_lossy(&bytes), &CATALOG);
    }

    #[test]
    fn any_sentence_is_read_or_refused_but_never_panics(pieces in prop::collection::vec(piece(), 0..14)) {
        read_everything(&pieces.join(" "), &CATALOG);
        read_everything(&pieces.concat(), &CATALOG);
    }

    #[test]
    fn any_clock_will_do(seconds in -377_705_023_201_i64..253_402_207_200, pieces in prop::collection::vec(piece(), 0..8)) {
        let now = jiff::Timestamp::from_second(seconds).unwrap();
        let _ = parse(&pieces.join(" "), &CATALOG, now);
    }

    #[test]
    fn the_order_of_company_and_attribute_does_not_matter(name in name(), attribute in attribute()) {
        let orders = [
            format!("{name} {attribute}"),
            format!("{attribute} {name}"),
            format!("{attribute} of {name}"),
            format!("why is the {attribute} of {name}?"),
        ];
        for text in orders {
            prop_assert_eq!(complete(&text), vec![reading(&attribute, &name)], "{}", text);
        }
        let first = complete(&format!("what is {name}'s {attribute}?")).into_iter().next();
        prop_assert_eq!(first, Some(reading(&attribute, &name)));
    }

    #[test]
    fn clauses_stand_anywhere(name in name(), attribute in attribute()) {
        let clauses = ["as of 2025-03-01", "expected 10M", "in the last 90 days"];
        let mut parts = vec![name.clone(), attribute.clone()];
        parts.extend(clauses.map(str::to_owned));
        for turn in 0..parts.len() {
            parts.rotate_left(1);
            let text = parts.join(" ");
            let got = parsed(&text);
            prop_assert_eq!(got.readings.first(), Some(&reading(&attribute, &name)), "{} {}", turn, text);
            prop_assert_eq!(got.as_of, Some(AsOf::Day("2025-03-01".parse().unwrap())), "{}", text);
            prop_assert_eq!(got.expected.as_deref(), Some("10M"), "{}", text);
            prop_assert_eq!(got.look_back, LookBack::Days(90), "{}", text);
        }
    }

    #[test]
    fn quotes_round_a_name_keep_it(name in name(), attribute in attribute()) {
        let plain = complete(&format!("{name} {attribute}"));
        for (open, close) in [("\"", "\""), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"), ("`", "`"), ("'", "'")] {
            let quoted = format!("{open}{name}{close} {attribute}");
            prop_assert_eq!(&complete(&quoted), &plain, "{}", quoted);
        }
    }

    #[test]
    fn a_quoted_name_is_taken_to_the_letter(name in "[^\"“”„‟<>&*_~\\pC\\s][^\"“”„‟<>&\\pC\\s]{0,3}( [^\"“”„‟<>&\\pC\\s]{1,9}){0,4}", attribute in attribute()) {
        let text = format!("{attribute} of \"{name}\"");
        prop_assert_eq!(complete(&text).into_iter().next(), Some(reading(&attribute, &name)), "{}", text);
    }

    #[test]
    fn a_reading_written_out_reads_the_same(pieces in prop::collection::vec(piece(), 1..8)) {
        let Ok(got) = parse(&pieces.join(" "), &CATALOG, now()) else { return Ok(()) };
        for reading in &got.readings {
            let (Some(attribute), Some(entity)) = (&reading.attribute, &reading.entity) else { continue };
            let entity = match entity {
                EntityRef::Id(id) => format!("#{id}"),
                EntityRef::Name(name) if name.contains(['"', '“', '”', '„', '<', '&']) => continue,
                EntityRef::Name(name) => format!("\"{name}\""),
            };
            let again = complete(&format!("{attribute} of {entity}"));
            prop_assert_eq!(again.first(), Some(reading));
        }
    }

    #[test]
    fn a_choice_reads_back_as_it_was_asked(
        entity_id in any::<i64>(),
        attribute in attribute(),
        as_of in as_of(),
        expected in prop::option::of(value()),
        look_back in span(),
    ) {
        let text = phrase(&Parts {
            entity_id,
            attribute: &attribute,
            as_of,
            expected: expected.as_deref(),
            look_back,
        });
        let got = parsed(&text);
        let asked = Reading { attribute: Some(attribute), entity: Some(EntityRef::Id(entity_id)) };
        prop_assert_eq!(got.readings.first(), Some(&asked), "{}", text);
        prop_assert_eq!(got.as_of, as_of, "{}", text);
        prop_assert_eq!(got.expected, expected, "{}", text);
        prop_assert_eq!(got.look_back, look_back, "{}", text);
    }
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..1_770_000_000_000).prop_map(|millis| Timestamp::from_millisecond(millis).unwrap())
}

fn as_of() -> impl Strategy<Value = Option<AsOf>> {
    prop_oneof![
        Just(None),
        instant().prop_map(|instant| Some(AsOf::Instant(instant))),
        instant().prop_map(|instant| Some(AsOf::Day(crate::layout::utc_date(instant)))),
    ]
}

fn span() -> impl Strategy<Value = LookBack> {
    prop_oneof![
        Just(LookBack::Auto),
        Just(LookBack::Latest),
        Just(LookBack::All),
        (1_u32..100_000).prop_map(LookBack::Days),
        instant().prop_map(|instant| LookBack::Since(crate::layout::utc_date(instant))),
    ]
}

/// With quotes and markup of all kinds but one closing quote, which is left to write it with.
fn value() -> impl Strategy<Value = String> {
    let visible = "[^\u{203a}\\pC\\s]{1,12}( [^\u{203a}\\pC\\s]{1,12}){0,2}";
    let marks = "(\"|'|\u{201c}|\u{bb}|<|>|&amp;|&|<@U1>|<https://a[.]com\\|b>|10|M| ?x){1,8}";
    prop_oneof![visible, marks]
        .prop_map(|value| value.trim().to_owned())
        .prop_filter("something to see", |value| !value.is_empty())
}

#[test]
fn double_quotes_of_an_expected_value_were_dropped_from_a_choice() {
    let written = |expected| {
        let text = phrase(&Parts {
            entity_id: 17,
            attribute: "revenue",
            as_of: None,
            expected: Some(expected),
            look_back: LookBack::Auto,
        });
        (text.clone(), parsed(&text).expected)
    };
    for (expected, text, read) in [
        ("10M", r#"#17 revenue expected "10M""#, Some("10M")),
        ("AT&T", r#"#17 revenue expected "AT&T""#, Some("AT&T")),
        (
            "3\" pipe",
            "#17 revenue expected '3\" pipe'",
            Some("3\" pipe"),
        ),
        (
            "a&amp;b",
            r#"#17 revenue expected "a&amp;amp;b""#,
            Some("a&amp;b"),
        ),
        (
            "\"'»›」』＂",
            "#17 revenue expected \"''»›」』＂\"",
            Some("''»›」』＂"),
        ),
        (" \n", "#17 revenue", None),
    ] {
        let (written, got) = written(expected);
        assert_eq!(written, text);
        assert_eq!(got.as_deref(), read, "{text}");
    }
}

#[test]
fn a_flood_of_attributes_is_read_in_its_time() {
    let flood = "revenue ".repeat(125);
    let got = parsed(flood.trim());
    assert!(got.readings.len() <= 40, "{}", compact(&got));
}
