//! Slack's signing secret is changed while people ask.

use std::time::{Duration, Instant};

use why::slack_demo::fake::SECRET;

use super::alone;
use super::request::Question;

/// A signature that fits nothing may be anybody's: at most so often is it a reason to read the
/// secret again.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(30);
const NEXT: &str = "the-next-signing-secret";

#[test]
fn a_new_signing_secret_is_soon_accepted_and_the_one_before_is_all_the_time() {
    alone(async |stage| {
        let command = || Question::command(stage, &stage.somebody(), "3M sector");
        let (first, old, new, other) = (command(), command(), command(), command());
        // Read for the last time before it is changed.
        assert_eq!(first.send(stage, SECRET).await.status, 200);
        stage.put_secret(NEXT);
        assert_eq!(old.send(stage, SECRET).await.status, 200);
        let end = Instant::now() + READ_AGAIN_AFTER + Duration::from_secs(5);
        while new.send(stage, NEXT).await.status != 200 {
            assert!(Instant::now() < end, "the new secret is not accepted");
            assert_eq!(old.send(stage, SECRET).await.status, 200);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(old.send(stage, SECRET).await.status, 200);
        assert_eq!(other.send(stage, "no secret of ours").await.status, 401);
        stage.settled().await;
        stage.put_secret(SECRET);
        for (question, answers) in [(&first, 1), (&old, 1), (&new, 1), (&other, 0)] {
            assert_eq!(stage.answers_to(question).len(), answers);
        }
    });
}
