//! A queue that is slow or broken, a Slack that opens no modal; and that nothing secret leaks.

use std::io::Write;

use rusqlite::Connection;

use super::*;

const SLOW: &str = "BEGIN IMMEDIATE";
const BROKEN: &str = "DROP TABLE job";

impl Door {
    /// A second connection to the queue's file, which did this; what it holds ends with it.
    fn does(&self, statement: &str) -> Connection {
        let other = Connection::open(self.folder.path().join("state.sqlite")).unwrap();
        other.execute_batch(statement).unwrap();
        other
    }
}

#[tokio::test]
async fn whoever_typed_a_command_is_told_that_it_was_not_taken() {
    for (statement, said) in [(SLOW, "make sure in time"), (BROKEN, "no answer will come")] {
        let door = Door::new().await;
        let _held = door.does(statement);
        let answer = door.why("acme revenue").await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        assert!(text.contains(said) && text.contains("ask again"), "{text}");
    }
}

#[tokio::test]
async fn what_slack_can_repeat_or_show_gets_a_503() {
    for statement in [SLOW, BROKEN] {
        let door = Door::new().await;
        let _held = door.does(statement);
        for (endpoint, name) in [
            (Endpoint::Events, MENTION),
            (Endpoint::Events, HOME),
            (Endpoint::Interactions, PRESS),
        ] {
            let answer = door.slack(endpoint, &payload(name)).await;
            let body = String::new();
            assert_eq!(answer, Answer { status: 503, body }, "{name}");
        }
    }
}

#[tokio::test]
async fn a_modal_that_could_not_be_taken_stays_open_and_says_so() {
    for (name, input) in [(ASKED, "company"), (REPORTED, "wrong")] {
        let door = Door::new().await;
        let _held = door.does(BROKEN);
        let answer = door.slack(Endpoint::Interactions, &payload(name)).await;
        assert_eq!(answer.status, 200);
        let json: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(json["response_action"], "errors");
        let text = json["errors"][input].as_str().unwrap();
        assert!(text.contains("ask again"), "{text}");
    }
}

#[tokio::test]
async fn a_form_that_nothing_will_fill_says_so_within_slacks_time() {
    let refusing = |_, _| std::future::ready(Err("not_found".to_owned()));
    let silent = |_, _| std::future::pending();
    for statement in [SLOW, BROKEN] {
        let updated: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let seen = Arc::clone(&updated);
        let opening = Views::new(|_, _| std::future::ready(Ok("V9".to_owned())));
        let telling = opening.clone().with_update(move |view_id, view| {
            seen.lock().unwrap().push((view_id, view));
            std::future::ready(Ok(()))
        });
        for (views, status) in [
            (telling, 200),
            (opening.clone().with_update(refusing), 503),
            (opening.clone().with_update(silent), 503),
            (opening, 503),
        ] {
            let door = Door::with(views).await;
            let _held = door.does(statement);
            let began = std::time::Instant::now();
            let answer = door
                .slack(Endpoint::Interactions, &payload(ON_MESSAGE))
                .await;
            let body = String::new();
            assert_eq!(answer, Answer { status, body }, "{statement}");
            assert!(began.elapsed() < Duration::from_secs(3));
        }
        let updated = updated.lock().unwrap();
        let [(view_id, view)] = updated.as_slice() else {
            panic!("{updated:?}");
        };
        assert_eq!(view_id, "V9");
        let said = view["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(said.contains("try again"), "{view}");
        assert!(view.get("submit").is_none(), "{view}");
    }
}

#[tokio::test]
async fn an_event_that_is_repeated_after_a_slow_moment_is_queued_once() {
    let door = Door::new().await;
    let held = door.does(SLOW);
    assert_eq!(
        door.slack(Endpoint::Events, &payload(MENTION)).await.status,
        503
    );
    drop(held);
    // The first may be written yet: its id is then known, and there is still one job.
    let mut status = 503;
    for _ in 0..50 {
        status = door.slack(Endpoint::Events, &payload(MENTION)).await.status;
        if status == 200 {
            break;
        }
    }
    assert_eq!(status, 200);
    assert_eq!(door.jobs().await.len(), 1);
}

#[tokio::test]
async fn a_modal_that_slack_does_not_open_is_a_503_and_no_job() {
    let refusing = Views::new(|_, _| std::future::ready(Err("expired_trigger_id".to_owned())));
    let silent = Views::new(|_, _| std::future::pending());
    for (views, shown) in [
        (refusing.clone(), payload(GLOBAL)),
        (refusing, press("why:wrong", "#17 revenue")),
        (silent, payload(ON_MESSAGE)),
    ] {
        let door = Door::with(views).await;
        let answer = door.slack(Endpoint::Interactions, &shown).await;
        let body = String::new();
        assert_eq!(answer, Answer { status: 503, body }, "{shown}");
        assert_eq!(door.jobs().await, []);
    }
}

/// Takes the log's lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_and_no_question_reaches_a_response_or_the_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let _log = tracing::subscriber::set_default(subscriber);
    let door = Door::new().await;
    let mut said = String::new();
    for (endpoint, name) in [
        (Endpoint::Commands, COMMAND),
        (Endpoint::Events, MENTION),
        (Endpoint::Events, HOME),
        (Endpoint::Interactions, PRESS),
        (Endpoint::Interactions, ON_MESSAGE),
        (Endpoint::Interactions, REPORTED),
    ] {
        said += &door.slack(endpoint, &payload(name)).await.body;
        let (content_type, body) = encoded(endpoint, &payload(name));
        let mut forged = signed(path(endpoint), content_type, &body);
        let signature = sign("another s3cret", "1", b"").parse().unwrap();
        forged.headers_mut().insert("x-slack-signature", signature);
        said += &door.send(forged).await.body;
        let half = body.split_at(body.len() / 2).0.to_owned();
        said += &door
            .send(signed(path(endpoint), content_type, &half))
            .await
            .body;
    }
    let _held = door.does(BROKEN);
    said += &door.why("acme revenue s3cret-words").await.body;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("queued") && log.contains("refused"), "{log}");
    assert!(
        log.contains("job.id") && log.contains("duration_ms"),
        "{log}"
    );
    assert!(!log.contains("acme"), "{log}");
    let secrets = ["hooks.slack.com", "s3cret", "v0=", "trigger", SECRET];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} in the log:\n{log}");
    }
    // A person reads their own words again, nothing else.
    let said = said.replace("s3cret-words", "");
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} in a response:\n{said}");
    }
}
