//! Which word counts, and which are refused.

use std::path::PathBuf;

use super::super::{
    APP_TOKEN, BOT_TOKEN, Environment, LEASE, LISTEN, LOG, METRICS, SIGNING_SECRET, SLACK_API_URL,
    TRIAGE_CHANNEL, Variable,
};
use super::Told;
use crate::error::Failure;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

fn environment(variables: &[(Variable, &str)]) -> Environment {
    variables
        .iter()
        .map(|(variable, value)| (variable.name.to_owned(), (*value).to_owned()))
        .collect()
}

fn told(variables: &[(Variable, &str)]) -> Told {
    Told::new(&[], &environment(variables), None).unwrap()
}

fn in_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("serve.toml");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn flags_win_over_variables_over_the_file_over_defaults() {
    let (flag, variable, file) = ("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3");
    let rows = [
        (Some(flag), Some(variable), Some(file), flag),
        (None, Some(variable), Some(file), variable),
        (None, Some(""), Some(file), file),
        (None, None, Some(file), file),
        (Some(flag), None, None, flag),
        (None, None, None, "127.0.0.1:3000"),
    ];
    for (flag, variable, file, expected) in rows {
        let (_folder, path) =
            in_file(&file.map_or_else(String::new, |file| format!("listen = \"{file}\"\n")));
        let variables: Vec<_> = variable.map(|value| (LISTEN, value)).into_iter().collect();
        let told = Told::new(&[(LISTEN, flag)], &environment(&variables), Some(&path)).unwrap();
        let listen = told.listen().unwrap().to_string();
        assert_eq!(listen, expected, "{flag:?} {variable:?} {file:?}");
    }
}

fn refused(failure: Failure) -> String {
    failure.to_string()
}

#[test]
fn what_is_missing_or_wrong_is_refused_with_the_place_of_the_right_one() {
    let none = told(&[]);
    let wrong = told(&[
        (BOT_TOKEN, "xapp-1-hush"),
        (APP_TOKEN, "xoxb-1-hush"),
        (SIGNING_SECRET, "xoxb-1-hush"),
        (LISTEN, "3000"),
        (METRICS, "everywhere"),
        (TRIAGE_CHANNEL, "#data-quality"),
        (SLACK_API_URL, "http://slack.com/api"),
        (LOG, "loud"),
        (LEASE, "1"),
    ]);
    let short = told(&[(SIGNING_SECRET, "hush")]);
    let refusals = [
        refused(none.bot_token().unwrap_err()),
        refused(none.signing_secrets().unwrap_err()),
        refused(wrong.bot_token().unwrap_err()),
        refused(wrong.app_token().unwrap_err()),
        refused(wrong.signing_secrets().unwrap_err()),
        refused(short.signing_secrets().unwrap_err()),
        refused(wrong.listen().unwrap_err()),
        refused(wrong.metrics().unwrap_err()),
        refused(wrong.triage_channel().unwrap_err()),
        refused(wrong.api_url().unwrap_err()),
        refused(wrong.log().unwrap_err()),
        refused(wrong.lease().unwrap_err()),
    ]
    .join("\n\n");
    assert!(!refusals.contains("hush"), "{refusals}");
    insta::assert_snapshot!(refusals, @r##"
    There is no bot token.
    Find it at api.slack.com/apps, your app, OAuth & Permissions: Bot User OAuth Token. Put it into SLACK_BOT_TOKEN.

    There is no signing secret.
    Find it at api.slack.com/apps, your app, Basic Information: Signing Secret. Put it into SLACK_SIGNING_SECRET; or use Socket Mode, with SLACK_APP_TOKEN.

    What stands in SLACK_BOT_TOKEN is an app-level token: a bot token begins with xoxb-.
    Find it at api.slack.com/apps, your app, OAuth & Permissions: Bot User OAuth Token.

    What stands in SLACK_APP_TOKEN is a bot token: an app-level token begins with xapp-.
    Make one at api.slack.com/apps, your app, Basic Information: App-Level Tokens, with the scope connections:write.

    What stands in SLACK_SIGNING_SECRET is a bot token: a signing secret is 32 letters and digits.
    Find it at api.slack.com/apps, your app, Basic Information: Signing Secret.

    What stands in SLACK_SIGNING_SECRET is no signing secret: a signing secret is 32 letters and digits.
    Find it at api.slack.com/apps, your app, Basic Information: Signing Secret.

    3000 is no address and port (--listen or WHY_LISTEN).
    Write it like 127.0.0.1:3000; [::1]:3000 for IPv6, 0.0.0.0:3000 for every network.

    everywhere is no address and port (--metrics or WHY_METRICS).
    Write it like 127.0.0.1:3000; [::1]:3000 for IPv6, 0.0.0.0:3000 for every network.

    #data-quality is not the id of a channel.
    In Slack, open the channel's details: its id stands at the end, such as C0123456789.

    SLACK_API_URL is neither https nor on this machine: the token would travel in the open.
    Leave it out for Slack itself (https://slack.com/api); a fake stands at http://127.0.0.1:PORT/api.

    loud is no level of the log.
    Write one of error, warn, info, debug, trace.

    1 is no lease.
    Write whole seconds from 2 to 600, or leave it out for 60.
    "##);
}

#[test]
fn a_file_is_refused_without_a_word_of_what_it_holds() {
    let rows = [
        "slack_bot_tokn = \"hush\"",
        "colour = \"hush\"",
        "slack_bot_token = 7",
        "listen = \"127.0.0.1:3000\"\nslack_bot_token = \"hush",
    ];
    let refusals = rows.map(|text| {
        let (folder, file) = in_file(text);
        let failure = Told::new(&[], &Environment::default(), Some(&file)).err();
        let place = format!("{}/", folder.path().display());
        refused(failure.unwrap()).replace(&place, "")
    });
    let refusals = refusals.join("\n\n");
    assert!(!refusals.contains("hush"), "{refusals}");
    insta::assert_snapshot!(refusals, @r##"
    serve.toml sets slack_bot_tokn, which there is not.
    Did you mean slack_bot_token?

    serve.toml sets colour, which there is not.
    There is: slack_bot_token, slack_signing_secret, slack_signing_secret_old, slack_app_token, slack_api_url, listen, metrics, state, triage_channel, log, lease, engine, athena_workgroup, athena_reuse_minutes, page_url, oidc_issuer, oidc_audience, oidc_user_claim, oidc_groups_claim, cors, api_at_once.

    slack_bot_token in serve.toml is no text.
    Put it between double quotes: slack_bot_token = "…".

    Line 2 of serve.toml is not TOML.
    Write `key = "value"` lines.
    "##);
}

#[test]
fn socket_mode_needs_no_signing_secret() {
    let socket = told(&[(APP_TOKEN, "xapp-1-a")]);
    assert_eq!(socket.signing_secrets().unwrap(), Vec::<String>::new());
    let signed = told(&[(SIGNING_SECRET, SECRET)]);
    assert_eq!(signed.signing_secrets().unwrap(), vec![SECRET.to_owned()]);
}

#[test]
fn only_a_fake_on_this_machine_may_be_reached_in_the_open_and_only_it_may_be_answered() {
    let fake = told(&[(SLACK_API_URL, "http://127.0.0.1:8080/api/")]);
    assert_eq!(fake.api_url().unwrap(), "http://127.0.0.1:8080/api");
    assert_eq!(fake.response_hosts().unwrap(), ["127.0.0.1:8080"]);
    for url in [
        "http://10.0.0.1:80/api",
        "http://127.0.0.1:1@evil.example/api",
        "slack.com",
        "https://",
    ] {
        assert!(told(&[(SLACK_API_URL, url)]).api_url().is_err(), "{url}");
    }
    let slack = told(&[]).response_hosts().unwrap();
    assert_eq!(slack, ["hooks.slack.com", "hooks.slack-gov.com"]);
}
