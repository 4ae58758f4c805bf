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

#[test]
fn a_key_names_one_report_of_one_reader() {
    assert_eq!(
        report_id(&named("ann"), Some("k")),
        report_id(&named("ann"), Some("k"))
    );
    assert_ne!(
        report_id(&named("ann"), Some("k")),
        report_id(&named("bob"), Some("k"))
    );
    assert_ne!(
        report_id(&named("ann"), Some("k")),
        report_id(&named("an"), Some("nk"))
    );
    let issued = Reader {
        through: crate::access::Through::Issuer,
        ..named("ann")
    };
    assert_ne!(
        report_id(&named("ann"), Some("k")),
        report_id(&issued, Some("k"))
    );
    assert_ne!(
        report_id(&named("ann"), None),
        report_id(&named("ann"), None)
    );
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
