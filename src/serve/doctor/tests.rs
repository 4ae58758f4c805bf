//! What is found of an empty machine, and of one that is half set up.

use std::collections::BTreeMap;

use super::{Finding, Patient, examine, scopes};
use crate::chat::Myself;
use crate::cli::manifest::SCOPES;
use crate::config::Environment;
use crate::config::serve::Told;

fn word(finding: &Finding) -> &'static str {
    match finding {
        Finding::Ok(_) => "ok",
        Finding::Skipped(_) => "skipped",
        Finding::NotOk(_) => "not ok",
    }
}

#[tokio::test]
async fn an_empty_machine_is_told_what_to_mend_first() {
    let folder = tempfile::tempdir().unwrap();
    let told = Told::new(&[], &Environment::default(), None).unwrap();
    let state = folder.path().join("state.sqlite");
    let checks = examine(&Patient {
        catalog_file: &folder.path().join("why.toml"),
        s3: &BTreeMap::new(),
        state: &state,
        told: &told,
    })
    .await;
    let found: Vec<(&str, &str)> = checks
        .iter()
        .map(|check| (check.name, word(&check.finding)))
        .collect();
    let expected = [
        ("catalog", "not ok"),
        ("lake", "skipped"),
        ("directory", "skipped"),
        ("state file", "skipped"),
        ("listener", "ok"),
        ("signing secret", "not ok"),
        ("app token", "skipped"),
        ("bot token", "not ok"),
        ("scopes", "skipped"),
    ];
    assert_eq!(found, expected);
    assert!(!state.exists(), "to look is not to make one");
    for check in checks {
        if let Finding::NotOk(failure) = check.finding {
            assert!(!failure.advice.is_empty(), "{}", check.name);
        }
    }
}

#[test]
fn a_token_without_a_scope_is_told_which() {
    let with = |has: &[&str]| Myself {
        user: "U1".to_owned(),
        bot: None,
        team: None,
        scopes: has.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    assert!(scopes(&with(&SCOPES)).is_ok());
    let lacking = scopes(&with(&SCOPES[1..])).unwrap_err();
    assert_eq!(lacking.text, format!("The token lacks {}.", SCOPES[0]));
}
