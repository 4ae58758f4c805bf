//! What is refused before anything listens.

use super::*;
use crate::config::Environment;

fn web(variables: &[(Variable, &str)]) -> Result<Web, Failure> {
    let environment: Environment = variables
        .iter()
        .map(|(variable, value)| (variable.name.to_owned(), (*value).to_owned()))
        .collect();
    Told::new(&[], &environment, None)?.web()
}

#[test]
fn nothing_said_is_nothing_wanted() {
    assert_eq!(web(&[]).unwrap(), Web::default());
}

#[test]
fn an_issuer_has_an_audience_and_the_usual_claims() {
    let said = [
        (OIDC_ISSUER, "https://login.example.com/tenant/"),
        (OIDC_AUDIENCE, "why"),
    ];
    let issuer = web(&said).unwrap().issuer.unwrap();
    assert_eq!(issuer.url, "https://login.example.com/tenant/");
    assert_eq!(
        (issuer.audience, issuer.user_claim, issuer.groups_claim),
        ("why".to_owned(), "sub".to_owned(), "groups".to_owned())
    );
    let claims = [
        (OIDC_USER_CLAIM, "https://slack.com/user_id"),
        (OIDC_GROUPS_CLAIM, "roles"),
    ];
    let issuer = web(&[said, claims].concat()).unwrap().issuer.unwrap();
    assert_eq!(issuer.user_claim, "https://slack.com/user_id");
    assert_eq!(issuer.groups_claim, "roles");
}

#[test]
fn origins_and_the_pages_url_are_written_as_browsers_write_them() {
    let web = web(&[
        (PAGE_URL, "https://why.example.com/"),
        (CORS, "https://A.example.com, http://127.0.0.1:8080,"),
    ])
    .unwrap();
    assert_eq!(web.page_url.as_deref(), Some("https://why.example.com"));
    assert_eq!(web.cors, ["https://a.example.com", "http://127.0.0.1:8080"]);
}

#[test]
fn how_many_may_ask_at_once_is_a_number() {
    let at_once = |said| web(&[(API_AT_ONCE, said)]).unwrap().at_once;
    assert_eq!(at_once("1").map(NonZeroUsize::get), Some(1));
    assert_eq!(at_once(" 10000 ").map(NonZeroUsize::get), Some(10_000));
    assert_eq!(at_once(""), None);
}

#[test]
fn what_is_no_setting_or_would_open_more_than_was_meant_is_refused() {
    let rows: [(&[(Variable, &str)], &str); 17] = [
        (&[(PAGE_URL, "why.example.com")], "bad_page_url"),
        (&[(PAGE_URL, "http://why.example.com")], "bad_page_url"),
        (&[(PAGE_URL, "https://")], "bad_page_url"),
        (&[(PAGE_URL, "https://a.example.com/?x=")], "bad_page_url"),
        (&[(PAGE_URL, "https://a.example.com/why")], "bad_page_url"),
        (&[(PAGE_URL, "javascript:alert(1)")], "bad_page_url"),
        (&[(OIDC_ISSUER, "https://a.example.com")], "no_audience"),
        (&[(OIDC_AUDIENCE, "why")], "no_issuer"),
        (
            &[(OIDC_ISSUER, "http://a.example.com"), (OIDC_AUDIENCE, "w")],
            "bad_issuer",
        ),
        (&[(CORS, "*")], "bad_origin"),
        (&[(CORS, "https://a.example.com/")], "bad_origin"),
        (&[(CORS, "null")], "bad_origin"),
        (&[(CORS, "https://a.example.com https://b")], "bad_origin"),
        (&[(API_AT_ONCE, "0")], "bad_at_once"),
        (&[(API_AT_ONCE, "-1")], "bad_at_once"),
        (&[(API_AT_ONCE, "many")], "bad_at_once"),
        (&[(API_AT_ONCE, "10001")], "bad_at_once"),
    ];
    for (said, code) in rows {
        let failure = web(said).unwrap_err();
        assert_eq!(failure.code, code, "{said:?}");
        assert!(!failure.advice.is_empty());
    }
}
