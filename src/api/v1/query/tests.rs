//! What a URL may say, and what is said of what it may not.

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    entity: String,
    as_of: Option<String>,
}

fn check(query: &str) -> Result<Asked, &'static str> {
    read(Some(query)).map_err(|failure| failure.code)
}

#[test]
fn a_url_says_all_that_it_may_in_any_order() {
    let asked = |entity: &str, as_of: Option<&str>| {
        Ok(Asked {
            entity: entity.to_owned(),
            as_of: as_of.map(str::to_owned),
        })
    };
    assert_eq!(check("entity=17"), asked("17", None));
    assert_eq!(check("&as_of=2025&&entity=17&"), asked("17", Some("2025")));
    assert_eq!(
        check("entity=%C3%85ngstr%c3%b6m+%C3%96l%2B"),
        asked("\u{c5}ngstr\u{f6}m \u{d6}l+", None)
    );
    assert_eq!(check("%65ntity=a=b"), asked("a=b", None));
}

#[test]
fn what_it_may_not_say_is_refused_by_name() {
    for (query, code) in [
        ("", "missing_parameter"),
        ("as_of=2025", "missing_parameter"),
        ("entity=17&asof=2025", "unknown_parameter"),
        ("entity=17&entity=17", "doubled_parameter"),
        ("entity=17&as_of=1&as_of=2", "doubled_parameter"),
        ("entity", "empty_parameter"),
        ("entity=", "empty_parameter"),
        ("entity=%ff", "bad_encoding"),
        ("entity=%2", "bad_encoding"),
        ("entity=100%", "bad_encoding"),
        ("%zz=1", "bad_encoding"),
        ("entity=%C3", "bad_encoding"),
    ] {
        assert_eq!(check(query), Err(code), "{query}");
    }
    let long = |letters| format!("entity={}", "%C3%A9".repeat(letters));
    assert!(check(&long(1_000)).is_ok());
    assert_eq!(check(&long(1_001)), Err("too_long"));
    let failure = read::<Asked>(Some("entity=1&nonsense=2")).unwrap_err();
    assert_eq!(failure.text, "This path has no parameter `nonsense`.");
    assert_eq!(failure.advice, "It takes entity, as_of.");
}

#[test]
fn a_limit_is_a_whole_number_within_its_range() {
    assert_eq!(limit(None, 10, 50).ok(), Some(10));
    assert_eq!(limit(Some("50"), 10, 50).ok(), Some(50));
    for wrong in ["0", "51", "-1", "+5", "1.5", "x", "99999999999999999999999"] {
        assert_eq!(limit(Some(wrong), 10, 50).unwrap_err().code, "bad_limit");
    }
}
