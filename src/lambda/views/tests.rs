//! What opening a view makes of Slack's answers, and of a token that was changed.

use std::time::Duration;

use super::*;
use crate::lambda::tests::{CURRENT, Fake, SIGNING};
use crate::secrets::Times;

const TIMES: Times = Times {
    attempt: Duration::from_millis(300),
    operation: Duration::from_millis(450),
};

fn slack(fake: &Fake, kept: Kept) -> Slack {
    Slack {
        url: format!("{}/views.open", fake.api_url()),
        kept: Arc::new(kept),
        http: OnceLock::new(),
    }
}

#[tokio::test]
async fn a_token_that_was_changed_is_read_again_and_tried_once_more() {
    let fake = Fake::start().await;
    let kept = Kept::new(&fake.sdk(), "why", TIMES).doubted_every(Duration::ZERO);
    kept.within(Duration::MAX).await.unwrap();
    fake.set_secret(CURRENT, "xoxb-2", SIGNING);
    fake.refuse("views.open", "token_revoked");
    let slack = slack(&fake, kept);
    let error = slack.open("{}".to_owned()).await.unwrap_err();
    assert_eq!(error.to_string(), "Slack refused: token_revoked");
    assert_eq!(fake.tokens(), ["xoxb-1", "xoxb-2"]);
    // No newer one: it is not asked in vain.
    let _ = slack.open("{}".to_owned()).await.unwrap_err();
    assert_eq!(fake.tokens(), ["xoxb-1", "xoxb-2", "xoxb-2"]);
}

#[tokio::test]
async fn another_refusal_is_final() {
    let fake = Fake::start().await;
    let kept = Kept::new(&fake.sdk(), "why", TIMES).doubted_every(Duration::ZERO);
    fake.refuse("views.open", "expired_trigger_id");
    let error = slack(&fake, kept).open("{}".to_owned()).await.unwrap_err();
    assert_eq!(error.to_string(), "Slack refused: expired_trigger_id");
    assert_eq!(fake.tokens(), ["xoxb-1"]);
}

#[test]
fn an_answer_is_a_views_id_or_a_reason_that_quotes_nothing_strange() {
    let check = |body: &str, expected: &str| {
        let shown = match view_id(body.as_bytes()) {
            Ok(id) => id,
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{body}");
    };
    let unreadable = "Slack's answer could not be read";
    check(r#"{"ok":true,"view":{"id":"V1"}}"#, "V1");
    check(r#"{"ok":true}"#, unreadable);
    check(
        r#"{"ok":false,"error":"invalid_auth"}"#,
        "Slack refused: invalid_auth",
    );
    check(r#"{"ok":false,"error":"<script> xoxb-1"}"#, unreadable);
    check(r#"{"ok":false}"#, unreadable);
    check("<html>", unreadable);
}
