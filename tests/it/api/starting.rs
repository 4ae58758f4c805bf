//! Where `why serve` starts, with what it says, and where it does not.

use super::{Call, Served, refused, state, token};

#[tokio::test]
async fn without_slack_it_serves_the_page_and_the_api_and_says_so() {
    let mut child = Served::start(state("alone"), &[]);
    let ready = Call::new("GET", "/readyz").send(child.address).await;
    assert_eq!(ready.body, "lake ok\nqueue ok\n");
    let slack = Call::new("POST", "/slack/commands")
        .send(child.address)
        .await;
    assert_eq!(slack.status, 404, "nobody would answer");
    assert!(child.child.try_wait().unwrap().is_none());
}

#[tokio::test]
async fn a_part_of_slacks_settings_is_a_slip_and_not_a_wish_for_none() {
    let state = state("part");
    for (variable, value, said) in [
        (
            "SLACK_BOT_TOKEN",
            "xoxb-hush",
            "There is no signing secret.",
        ),
        (
            "SLACK_SIGNING_SECRET",
            "8f742231b10e8888abcd99yyyzzz85a5",
            "There is no bot token.",
        ),
        ("SLACK_APP_TOKEN", "xapp-hush", "There is no bot token."),
        (
            "WHY_TRIAGE_CHANNEL",
            "C0123456789",
            "There is no bot token.",
        ),
    ] {
        let words = refused(&state, &[(variable, value)]);
        assert!(words.starts_with(said), "{variable}: {words}");
        assert!(!words.contains(value), "{words}");
    }
}

#[tokio::test]
async fn on_another_address_it_starts_only_where_somebody_can_say_who_they_are() {
    let state = state("elsewhere");
    let elsewhere = [("WHY_LISTEN", "0.0.0.0:0")];
    let words = refused(&state, &elsewhere);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = format!(
        "On 0.0.0.0:0 others reach the page and the API, and there is no way to say who they are. \
         Make a token (`why token create NAME --user ID --state {}`), or name an issuer \
         (WHY_OIDC_ISSUER, WHY_OIDC_AUDIENCE); or listen on 127.0.0.1 alone.",
        state.display()
    );
    assert_eq!(words, expected);
    let old = "--now 2020-01-01T00:00:00Z token create old --user U1 --expires 1d";
    token(&state, old);
    assert!(refused(&state, &elsewhere).starts_with("On 0.0.0.0:0"));
    let secret = token(&state, "token create dash --user U1");
    let served = Served::start(state, &elsewhere);
    let to = ([127, 0, 0, 1], served.address.port()).into();
    let known = Call::new("GET", "/v1/nothing").with("Authorization", &format!("Bearer {secret}"));
    assert_eq!(known.send(to).await.status, 404);
    // It runs on: what is revoked opens nothing from then on.
    assert_eq!(
        served.token("token revoke dash"),
        "dash opens nothing any more."
    );
    assert_eq!(known.send(to).await.status, 401);
}

#[tokio::test]
async fn an_issuer_is_as_good_as_a_token_and_needs_an_audience() {
    let state = state("issuer");
    let issuer = ("WHY_OIDC_ISSUER", "http://127.0.0.1:9");
    let words = refused(&state, &[("WHY_LISTEN", "0.0.0.0:0"), issuer]);
    assert!(words.contains("but no audience"), "{words}");
    let audience = ("WHY_OIDC_AUDIENCE", "why");
    let served = Served::start(state, &[("WHY_LISTEN", "0.0.0.0:0"), issuer, audience]);
    // Nobody can tell now who that is: it is no reason to say that it is nobody.
    let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im9uZSJ9.e30.AAAA";
    let call = Call::new("GET", "/v1/nothing").with("Authorization", &format!("Bearer {token}"));
    let to = ([127, 0, 0, 1], served.address.port()).into();
    let said = call.send(to).await;
    assert_eq!(said.status, 503, "{said:?}");
    assert_eq!(said.header("retry-after"), Some("5"));
}

#[test]
fn tokens_are_made_listed_and_revoked_on_the_command_line() {
    let state = state("tokens");
    let secret = token(&state, "token create ci --user U1 --group S1 --scope ask");
    assert!(secret.starts_with("why_") && secret.len() == 47, "{secret}");
    let bytes = std::fs::read(&state).unwrap();
    let wal = std::fs::read(state.with_extension("sqlite-wal")).unwrap_or_default();
    for kept in [bytes, wal] {
        let found = kept.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!found, "the token itself is kept");
    }
    let list = token(&state, "token list");
    assert!(
        list.starts_with("ci  U1  ask") && !list.contains("why_"),
        "{list}"
    );
    token(&state, "token revoke ci");
    assert!(token(&state, "token list").starts_with("There are no tokens"));
}
