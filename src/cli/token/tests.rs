//! What is made, what is refused, and what is never printed.

use clap::Parser;

use super::*;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

#[derive(Parser)]
struct Typed {
    #[command(subcommand)]
    tokens: Tokens,
}

fn made(words: &str) -> Result<Token, Failure> {
    let typed = Typed::try_parse_from(["token", "create"].into_iter().chain(words.split(' ')));
    match typed.unwrap().tokens {
        Tokens::Create(create) => create.token(now()),
        Tokens::List(_) | Tokens::Revoke { .. } => panic!("{words}"),
    }
}

#[test]
fn a_token_holds_what_was_said_and_the_usual_where_nothing_was() {
    let token = made("ci --user U1").unwrap();
    assert_eq!((token.may, token.expires_at), (Scopes::ALL, None));
    assert_eq!(
        (token.standing, token.groups),
        (Standing::Member, Vec::new())
    );
    let words = "ci --user U1 --group S1,S2 --group S3 --scope ask --expires 90d --outsider";
    let token = made(words).unwrap();
    assert_eq!(token.groups, ["S1", "S2", "S3"]);
    assert_eq!((token.may.ask, token.may.feedback), (true, false));
    assert_eq!(token.standing, Standing::Outsider);
    assert_eq!(
        token.expires_at,
        Some("2027-02-18T12:00:00Z".parse().unwrap())
    );
}

#[test]
fn what_is_none_is_refused_with_what_would_be_one() {
    for (words, code) in [
        ("\u{1b}[31m --user U1", "bad_name"),
        ("ci --user=", "bad_id"),
        ("ci --user U1 --group S1,", "bad_id"),
        ("ci --user U1 --scope all", "bad_scope"),
        ("ci --user U1 --expires tomorrow", "bad_span"),
        ("ci --user U1 --expires all", "bad_span"),
        ("ci --user U1 --expires 0d", "bad_span"),
    ] {
        let failure = made(words).unwrap_err();
        assert_eq!(failure.code, code, "{words}");
        assert!(!failure.text.contains('\u{1b}') && !failure.advice.is_empty());
    }
}

#[test]
fn they_are_listed_with_when_they_end() {
    let mut tokens = [
        made("dashboard-2 --user U1 --group S1").unwrap(),
        made("ci --user U0123456789 --scope ask --expires 1d --outsider").unwrap(),
    ];
    tokens[1].created_at = "2026-11-01T12:00:00Z".parse().unwrap();
    let later = now() + Duration::from_secs(24 * 60 * 60);
    let mut out = Vec::new();
    for tokens in [&tokens[..], &[]] {
        list(tokens, later, &mut out).unwrap();
    }
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @"
    dashboard-2  U1           ask,feedback  made 2026-11-20  until revoked  in S1
    ci           U0123456789  ask           made 2026-11-01  expired 2026-11-21  outsider
    There are no tokens: `why token create` makes one.
    ");
}
