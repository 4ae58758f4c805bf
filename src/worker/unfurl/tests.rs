//! Tests of what a URL asks.

use super::ours::{Ours, Permalink, read};

const BASE: &str = "https://why.example.com";

#[test]
fn a_url_of_ours_asks_what_its_path_says() {
    let of = |entity_id, attribute: &str| Permalink {
        entity_id,
        attribute: (!attribute.is_empty()).then(|| attribute.to_owned()),
        ..Permalink::default()
    };
    let some = |text: &str| Some(text.to_owned());
    for (path, expected) in [
        ("/companies/17/revenue", of(17, "revenue")),
        ("/companies/17/revenue/", of(17, "revenue")),
        (
            "/companies/17/revenue/history?cause=source",
            of(17, "revenue"),
        ),
        ("/companies/17#chart", of(17, "")),
        ("/companies/-3/a%20b%2Fc", of(-3, "a b/c")),
        (
            "/companies/17/revenue?as_of=2026-03-01T10%3A00%3A00Z&amp;expected=10+M&look_back=30",
            Permalink {
                as_of: some("2026-03-01T10:00:00Z"),
                expected: some("10 M"),
                look_back: some("30"),
                ..of(17, "revenue")
            },
        ),
    ] {
        let found = read(&format!("{BASE}{path}"), BASE);
        assert_eq!(found, Some(Ours::Permalink(expected)), "{path}");
    }
    let token = Ours::Signed("abc.d-_e".to_owned());
    for url in [
        "https://why.example.com/links/abc.d-_e",
        "https://WHY.example.com/links/abc.d-_e?x=y#z",
    ] {
        assert_eq!(read(url, BASE).as_ref(), Some(&token), "{url}");
    }
    let below = "https://example.com/why";
    let url = "https://example.com/why/links/abc.d-_e";
    assert_eq!(read(url, below), Some(token));
}

#[test]
fn anything_else_asks_nothing() {
    for url in [
        "",
        "https://why.example.com",
        "https://why.example.com/",
        "https://why.example.com/?q=acme+revenue",
        "https://why.example.com/compare?entity=17",
        "https://why.example.com/companies/acme/revenue",
        "https://why.example.com/companies/17/revenue/history/more",
        "https://why.example.com/companies/99999999999999999999/revenue",
        "https://why.example.com/companies/17/%ff",
        "https://why.example.com/links/",
        "https://why.example.com/links/abc/answer.json",
        "https://why.example.com.evil.example/links/abc",
        "https://why.example.com@evil.example/links/abc",
        "https://evil.example/links/abc",
        "http://why.example.com/links/abc",
        "https://why.example.co\u{e9}/links/abc",
    ] {
        assert_eq!(read(url, BASE), None, "{url}");
    }
}
