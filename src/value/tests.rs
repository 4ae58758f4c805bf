//! Tests of values.

use proptest::prelude::*;

use super::*;

#[test]
fn numbers_read_whatever_they_wear() {
    let rows: &[(&str, Option<f64>)] = &[
        ("0", Some(0.0)),
        ("12", Some(12.0)),
        ("007", Some(7.0)),
        ("63.802", Some(63.802)),
        ("63.802B", Some(63.802e9)),
        ("63.802b", Some(63.802e9)),
        ("63.802 bn", Some(63.802e9)),
        ("8.2M", Some(8_200_000.0)),
        ("12k", Some(12e3)),
        ("12K", Some(12e3)),
        ("12m", Some(12e6)),
        ("12M", Some(12e6)),
        ("12mn", Some(12e6)),
        ("12Mn", Some(12e6)),
        ("12BN", Some(12e9)),
        ("1t", Some(1e12)),
        ("1.5TN", Some(1.5e12)),
        ("12 M", Some(12e6)),
        ("1,234.5", Some(1234.5)),
        ("1,234,567", Some(1_234_567.0)),
        ("12,345k", Some(12_345e3)),
        ("$ 12M", Some(12e6)),
        ("$12M", Some(12e6)),
        ("12M USD", Some(12e6)),
        ("usd 12m", Some(12e6)),
        ("EUR 5", Some(5.0)),
        ("5 EUR", Some(5.0)),
        ("5€", Some(5.0)),
        ("£1,000", Some(1000.0)),
        ("5\u{a0}€", Some(5.0)),
        ("\u{a0}5\u{2003}", Some(5.0)),
        ("12 %", Some(12.0)),
        ("12%", Some(12.0)),
        ("-0.5 %", Some(-0.5)),
        ("1.2e9", Some(1.2e9)),
        ("1.2E9", Some(1.2e9)),
        ("1e+3", Some(1e3)),
        ("1e-3", Some(1e-3)),
        ("-3", Some(-3.0)),
        ("\u{2212}3", Some(-3.0)),
        ("+3", Some(3.0)),
        ("- 3", Some(-3.0)),
        ("$-5", Some(-5.0)),
        ("-$5", Some(-5.0)),
        ("\u{2212}5 USD", Some(-5.0)),
        ("(5.1)", Some(-5.1)),
        ("( 5.1 )", Some(-5.1)),
        ("($5.1M)", Some(-5.1e6)),
        ("$(5.1M)", Some(-5.1e6)),
        ("(5.1%)", Some(-5.1)),
        ("(5.1) %", Some(-5.1)),
        (".5", Some(0.5)),
        ("5.", Some(5.0)),
        ("0.001", Some(0.001)),
        ("12,5", None),
        ("0,123", None),
        ("1,2345", None),
        ("1234,567", None),
        (",123", None),
        ("1,,234", None),
        ("1.234.567", None),
        ("1.234,5", None),
        ("1 234", None),
        ("1'234", None),
        ("(-5)", None),
        ("(5", None),
        ("--5", None),
        ("5-", None),
        ("5 apples", None),
        ("12 EURO", None),
        ("12x", None),
        ("12mm", None),
        ("1e", None),
        ("1e5.5", None),
        ("1e999", None),
        ("NaN", None),
        ("inf", None),
        ("-inf", None),
        ("0x10", None),
        ("1_000", None),
        ("\u{ff11}\u{ff12}", None),
        ("\u{664}\u{662}", None),
        ("", None),
        (" ", None),
        (".", None),
        ("$", None),
        ("%", None),
        ("USD", None),
        ("M", None),
        ("()", None),
        ("e5", None),
        ("n/a", None),
    ];
    for (text, expected) in rows {
        assert_eq!(number(text), *expected, "{text:?}");
    }
}

#[test]
fn values_are_the_same_by_their_kind() {
    use Kind::{Date, Enum, Money, Number, Percent, Text, Url, Year};
    let rows: &[(Kind, &str, &str, bool)] = &[
        (Text, "Acme", "ACME", true),
        (Text, "Acme  Corp", " acme\tcorp\n", true),
        (Text, "Acme\u{a0}Corp", "Acme Corp", true),
        (Text, "Acme\u{2003}Corp", "Acme Corp", true),
        (Text, "AcmeCorp", "Acme Corp", false),
        (Text, "Acme, Inc.", "Acme Inc.", false),
        (Text, "Stra\u{df}e", "STRASSE", true),
        (Text, "\u{1e9e}", "ss", true),
        (Text, "\u{3a3}\u{391}\u{3a3}", "\u{3c3}\u{3b1}\u{3c2}", true),
        // Full folding knows no Turkish: a dotless i stays its own letter.
        (Text, "\u{131}", "i", false),
        (Text, "I", "\u{131}", false),
        (Text, "\u{130}", "i\u{307}", true),
        (Text, "Caf\u{e9}", "Cafe\u{301}", true),
        (Text, "CAF\u{c9}", "cafe\u{301}", true),
        (Text, "Cafe", "Caf\u{e9}", false),
        // NFC, not NFKC: a ligature folds, a full-width letter stays wide.
        (Text, "\u{fb01}n", "FIN", true),
        (Text, "\u{ff21}", "A", false),
        (Text, "", " ", true),
        (Text, "12", "12.0", false),
        (Enum, "Industrials", "industrials", true),
        (Enum, "Industrials", "Industrial", false),
        (Number, "63.802B", "63802000000", true),
        (Number, "63.802B", "63.802", false),
        (Number, "1,000", "1000.0", true),
        (Number, "1000000000", "1000000000.9", true),
        (Number, "1000000000", "1000000002", false),
        (Number, "0", "-0", true),
        (Number, "0", "1e-12", false),
        (Number, "-3", "\u{2212}3", true),
        (Number, "12,5", "12.5", false),
        (Number, "n/a", "N/A", true),
        (Number, "12", "n/a", false),
        (Money, "$ 12M", "12,000,000 USD", true),
        (Money, "$12M", "12M EUR", true),
        (Money, "(5.1)", "-5.1", true),
        (Percent, "12 %", "12", true),
        (Percent, "12 %", "0.12", false),
        (Date, "2024-01-02", "2024-01-02T03:04:05Z", true),
        (Date, "2024-01-02", "2024-01-02 (estimated)", true),
        (Date, "2024-01-02", "2024-01-03", false),
        (Date, "2 January 2024", "2024-01-02", false),
        (Year, "2013 (1888)", "2013", true),
        (Year, "2013 (1888)", "2013 (1980)", true),
        (Year, "1881/1894 (1980)", "1881", true),
        (Year, "2013-05-01", "2013", true),
        (Year, "2013", "2014", false),
        (Year, "20131", "2013", false),
        (Url, "https://www.acme.com/", "acme.com", true),
        (Url, "HTTP://ACME.com", "acme.com", true),
        (Url, "//acme.com/", "acme.com", true),
        (Url, "acme.com/About", "https://www.acme.com/About/", true),
        (Url, "acme.com/About", "acme.com/about", false),
        (Url, "acme.com", "acme.org", false),
        (Url, "https://shop.acme.com", "acme.com", false),
        (
            Url,
            "acme.com/go?to=https://b.com",
            "acme.com/go?to=b.com",
            false,
        ),
        (Url, " acme.com ", "acme.com", true),
    ];
    for (kind, a, b, same) in rows {
        let (one, other) = (canonical(*kind, a), canonical(*kind, b));
        assert_eq!(
            one.same(&other),
            *same,
            "{a:?} and {b:?} as {kind:?}: {one:?}, {other:?}"
        );
        assert_eq!(other.same(&one), *same, "{b:?} and {a:?} as {kind:?}");
    }
}

#[test]
fn what_a_kind_cannot_parse_is_said() {
    let rows: &[(Kind, &str, bool)] = &[
        (Kind::Number, "12k", false),
        (Kind::Number, "twelve", true),
        (Kind::Number, "12,5", true),
        (Kind::Number, "", true),
        (Kind::Money, "EUR", true),
        (Kind::Percent, "5 %", false),
        (Kind::Date, "2024-01-02", false),
        (Kind::Date, "2024-02-30", true),
        (Kind::Date, "2024-1-2", true),
        (Kind::Date, "2001?", true),
        (Kind::Date, "2024-01-02x", true),
        (Kind::Year, "2013 (1888)", false),
        (Kind::Year, "c. 1888", true),
        (Kind::Year, "188", true),
        (Kind::Text, "", false),
        (Kind::Enum, "12", false),
        (Kind::Url, "not a url", false),
    ];
    for (kind, text, unparsed) in rows {
        assert_eq!(is_unparsed(*kind, text), *unparsed, "{text:?} as {kind:?}");
    }
}

#[test]
fn a_unit_is_shown_where_the_text_does_not_say_it() {
    let rows: &[(Option<&str>, Option<&str>, &str)] = &[
        (None, Some("USD"), "no value"),
        (Some(""), Some("USD"), "(empty)"),
        (Some("12M"), None, "12M"),
        (Some("12M"), Some("USD"), "12M USD"),
        (Some("12M USD"), Some("USD"), "12M USD"),
        (Some("12m usd"), Some("USD"), "12m usd"),
        (Some("$12M"), Some("USD"), "$12M"),
        (Some("3.5"), Some("%"), "3.5%"),
        (Some("3.5 %"), Some("%"), "3.5 %"),
        (Some("n/a"), Some("USD"), "n/a"),
        // A scale is said once.
        (Some("388.1B"), Some("bn USD"), "388.1B USD"),
        (Some("388.1 bn"), Some("Million USD"), "388.1 bn USD"),
        (Some("(5.1M)"), Some("m EUR"), "(5.1M) EUR"),
        (Some("1.2k"), Some("thousand"), "1.2k"),
        (Some("388.1"), Some("bn USD"), "388.1 bn USD"),
        (Some("388.1B"), Some("bnp"), "388.1B bnp"),
    ];
    for (value, unit, expected) in rows {
        assert_eq!(display(*value, *unit), *expected, "{value:?} in {unit:?}");
    }
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&Kind::ALL[..])
}

proptest! {
    #[test]
    fn any_text_has_a_canonical_value_that_equals_itself(kind in any_kind(), text in ".*") {
        let value = canonical(kind, &text);
        prop_assert!(value.same(&canonical(kind, &text)));
        let _ = (is_unparsed(kind, &text), display(Some(&text), Some("USD")));
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC*") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn case_and_space_around_do_not_matter(text in "[a-zA-Z0-9 ,.$%()-]{0,12}", kind in any_kind()) {
        // A path's case counts; a text without a path has none.
        let shouted = canonical(kind, &format!(" {}\u{a0}", text.to_uppercase()));
        prop_assert!(shouted.same(&canonical(kind, &text)), "{:?}", text);
    }

    #[test]
    fn a_number_written_out_reads_back(number in -1e15f64..1e15, dress in 0..4) {
        let text = match dress {
            0 => format!("{number}"),
            1 => format!("$ {number}"),
            2 => format!("{number} EUR"),
            _ => format!("{number:e}"),
        };
        let read = canonical(Kind::Money, &text);
        prop_assert!(read.same(&Canonical::Number(number)), "{} is {:?}", text, read);
    }
}
