//! Slack's signing secret is changed while people ask.

use serde_json::json;
use why::slack_demo::fake::SECRET;

use super::alone;
use super::request::Question;

#[test]
fn a_new_signing_secret_is_accepted_at_its_first_request_and_the_one_before_still_is() {
    alone(async |stage| {
        let command = || Question::command(stage, &stage.somebody(), "3M sector");
        // One that has just read the secret: it reads it again every 30 s at most.
        stage.ask(json!({"do": "kill", "function": "why-ingress"}));
        assert_eq!(command().send(stage, SECRET).await.status, 200);
        stage.put_secret("the-next-signing-secret");
        let (old, new, other) = (command(), command(), command());
        assert_eq!(old.send(stage, SECRET).await.status, 200);
        let sent = new.send(stage, "the-next-signing-secret").await;
        assert_eq!(sent.status, 200, "the new secret is not accepted");
        assert_eq!(command().send(stage, SECRET).await.status, 200);
        assert_eq!(other.send(stage, "no secret of ours").await.status, 401);
        stage.settled().await;
        stage.put_secret(SECRET);
        for (question, answers) in [(&old, 1), (&new, 1), (&other, 0)] {
            assert_eq!(stage.answers(&question.user, None).len(), answers);
        }
    });
}
