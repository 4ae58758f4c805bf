//! What names a report, and what is no report.

use super::*;

fn named(name: &str) -> Reader {
    Reader {
        name: name.to_owned(),
        ..Reader::operator()
    }
}

fn said(json: &str) -> Result<Said, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn said_of(json: &str) -> Said {
    said(json).unwrap()
}

#[test]
fn a_key_names_one_report_of_one_reader() {
    let of = |reader: &Reader, question: &str, wrong: &str, key| {
        let said = json!({"question": question, "wrong": wrong}).to_string();
        report_id(reader, &said_of(&said), key)
    };
    let id = |reader: &Reader, key| of(reader, "#17 revenue", "low", key);
    let (ann, k) = (named("ann"), Some("k"));
    assert_eq!(id(&ann, k), id(&ann, k));
    let issued = Reader {
        through: crate::access::Through::Issuer,
        ..named("ann")
    };
    for other in [
        id(&named("bob"), k),
        id(&named("an"), Some("nk")),
        id(&issued, k),
        id(&ann, Some("other")),
        of(&ann, "#17 revenue", "high", k),
        of(&ann, "#18 revenue", "low", k),
        of(&ann, "#17 revenue as of 2025-01-01", "low", k),
    ] {
        assert_ne!(other, id(&ann, k));
    }
    assert_ne!(id(&ann, None), id(&ann, None));
}

#[test]
fn a_key_is_one_header_of_visible_characters() {
    let key = |keys: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for said in keys {
            headers.append(IDEMPOTENCY_KEY, said.parse().unwrap());
        }
        key(&headers).map_err(|failure| failure.code)
    };
    assert_eq!(key(&[]), Ok(None));
    assert_eq!(key(&["a-1"]), Ok(Some("a-1".to_owned())));
    for wrong in [&[""][..], &["a b"], &["a", "b"]] {
        assert_eq!(key(wrong), Err("bad_key"), "{wrong:?}");
    }
}

#[test]
fn what_says_nothing_or_too_much_is_no_report() {
    let whole = said(
        r##"{"question": "#17 revenue", "wrong": "too high",
        "link": "https://x.example"}"##,
    )
    .unwrap();
    assert!(short(&whole).is_ok());
    let with = |wrong: &str| Said {
        wrong: wrong.to_owned(),
        ..whole.clone()
    };
    assert_eq!(short(&with(" ")).unwrap_err().text, "`wrong` says nothing.");
    assert!(short(&with(&"\u{e9}".repeat(3_000))).is_ok());
    assert!(short(&with(&"x".repeat(3_001))).is_err());
    let elsewhere = Said {
        link: Some("javascript:alert(1)".to_owned()),
        ..whole.clone()
    };
    assert!(short(&elsewhere).is_err());
    assert!(said(r#"{"question": "x"}"#).is_err());
    assert!(said(r#"{"question": "x", "wrong": "y", "user": "U1"}"#).is_err());
    assert!(said(r#"{"question": "x", "wrong": 1}"#).is_err());
}
