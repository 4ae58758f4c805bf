//! Socket Mode against a WebSocket server that plays Slack.

use std::sync::Mutex;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;
use crate::chat::Settings;
use crate::chat::tests::fake::Fake;
use crate::chat::tests::settings;

const APP_TOKEN: &str = "xapp-1-secret";

/// Long enough that only a fault reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Slack's side.
struct Slack {
    fake: Fake,
    listener: TcpListener,
}

impl Slack {
    async fn start() -> Slack {
        let fake = Fake::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slack = Slack { fake, listener };
        slack.fake.answer("apps.connections.open", &slack.address());
        slack
    }

    fn address(&self) -> String {
        let address = self.listener.local_addr().unwrap();
        format!(r#"{{"ok":true,"url":"ws://{address}/link?ticket=secret"}}"#)
    }

    fn opened(&self) -> usize {
        self.fake.calls().len()
    }

    /// The next connection, greeted.
    async fn accept(&self) -> Connection {
        let stream = timeout(PATIENCE, self.listener.accept())
            .await
            .expect("nobody connected");
        let socket = tokio_tungstenite::accept_async(stream.unwrap().0);
        let mut connection = Connection(socket.await.unwrap());
        connection
            .send(r#"{"type":"hello","num_connections":1}"#)
            .await;
        connection
    }
}

struct Connection(WebSocketStream<TcpStream>);

impl Connection {
    async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next message that is no ping.
    async fn hear(&mut self) -> Message {
        loop {
            let message = timeout(PATIENCE, self.0.next())
                .await
                .expect("nothing said");
            let message = message.unwrap().unwrap();
            if !message.is_ping() {
                return message;
            }
        }
    }

    async fn text(&mut self) -> String {
        self.hear().await.into_text().unwrap().to_string()
    }
}

/// Remembers; answers commands with their body, and words that hold "slow" when it is let go.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<(Endpoint, String)>>,
    go: Notify,
}

impl Ear {
    async fn receive(&self, endpoint: Endpoint, body: Vec<u8>) -> Taken {
        let body = String::from_utf8(body).unwrap();
        self.heard.lock().unwrap().push((endpoint, body.clone()));
        assert!(!body.contains("panic"), "as the test wants it");
        if body.contains("slow") {
            self.go.notified().await;
        }
        if body.contains("full") {
            return Taken::No;
        }
        Taken::Yes((endpoint != Endpoint::Events).then(|| json!({ "text": body.len() })))
    }
}

fn listen(slack: &Slack, limit: Duration) -> (Arc<Ear>, JoinHandle<Result<(), Error>>) {
    let settings = Settings {
        timeout: limit,
        ..settings(&slack.fake.url)
    };
    let client = Client::new(settings).unwrap();
    let ear = Arc::new(Ear::default());
    let hears = ear.clone();
    let receiver = Receiver::new(move |endpoint, body| {
        let ear = hears.clone();
        async move { ear.receive(endpoint, body).await }
    });
    let task = tokio::spawn(async move { client.listen(APP_TOKEN, receiver).await });
    (ear, task)
}

fn envelope(id: &str, kind: &str, payload: &str) -> String {
    format!(
        r#"{{"envelope_id":"{id}","type":"{kind}","payload":{payload},"accepts_response_payload":true}}"#
    )
}

#[tokio::test]
async fn every_payload_reaches_its_endpoint_byte_for_byte_and_is_acknowledged() {
    let slack = Slack::start().await;
    let (ear, _task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    for (kind, payload, endpoint) in [
        (
            "slash_commands",
            r#"{"text": "é  \u00e9","command":"/why"}"#,
            Endpoint::Commands,
        ),
        ("events_api", r#"{"event_id":"Ev1"}"#, Endpoint::Events),
        (
            "interactive",
            r#"{"type":"block_actions"}"#,
            Endpoint::Interactions,
        ),
        (
            "interactive",
            r#"{"type":"block_suggestion"}"#,
            Endpoint::Options,
        ),
    ] {
        connection.send(&envelope("e", kind, payload)).await;
        let acknowledgement = match endpoint {
            Endpoint::Events => json!({ "envelope_id": "e" }),
            Endpoint::Commands | Endpoint::Interactions | Endpoint::Options => {
                json!({ "envelope_id": "e", "payload": { "text": payload.len() } })
            }
        };
        assert_eq!(connection.text().await, acknowledgement.to_string());
        let heard = ear.heard.lock().unwrap().pop().unwrap();
        assert_eq!(heard, (endpoint, payload.to_owned()));
    }
    let call = slack.fake.calls().pop().unwrap();
    assert_eq!(call.authorization, format!("Bearer {APP_TOKEN}"));
}

#[tokio::test]
async fn what_is_not_for_us_is_acknowledged_or_passed_over() {
    let slack = Slack::start().await;
    let (ear, _task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    for text in ["", "garbage", "[]", r#"{"type":"news"}"#, r#"{"type":7}"#] {
        connection.send(text).await;
    }
    connection.0.send(Message::binary(vec![1])).await.unwrap();
    connection.send(&envelope("e1", "news", "{}")).await;
    assert_eq!(connection.text().await, r#"{"envelope_id":"e1"}"#);
    let no_answer = envelope("e2", "slash_commands", "{}").replace("true", "false");
    connection.send(&no_answer).await;
    assert_eq!(connection.text().await, r#"{"envelope_id":"e2"}"#);
    assert_eq!(ear.heard.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_slow_or_panicking_payload_holds_up_no_other_and_outlives_its_connection() {
    let slack = Slack::start().await;
    let (ear, _task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    let command = |id: &str, words: &str| {
        let payload = format!(r#"{{"text":"{words}"}}"#);
        envelope(id, "slash_commands", &payload)
    };
    connection.send(&command("e1", "slow")).await;
    connection.send(&command("e2", "panic")).await;
    connection.send(&command("e3", "quick")).await;
    assert!(connection.text().await.contains("e3"));
    connection
        .send(r#"{"type":"disconnect","reason":"refresh_requested"}"#)
        .await;
    let mut next = slack.accept().await;
    ear.go.notify_one();
    assert!(next.text().await.contains("e1"));
}

#[tokio::test]
async fn what_nobody_has_taken_is_not_acknowledged() {
    let slack = Slack::start().await;
    let (ear, _task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    for kind in ["events_api", "slash_commands"] {
        let payload = r#"{"text":"full"}"#;
        connection.send(&envelope("e1", kind, payload)).await;
    }
    // The next one's turn comes when both were heard.
    while ear.heard.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    let taken = envelope("e2", "events_api", r#"{"event_id":"Ev1"}"#);
    connection.send(&taken).await;
    assert_eq!(connection.text().await, r#"{"envelope_id":"e2"}"#);
}

#[tokio::test]
async fn a_connection_that_ends_is_replaced_with_a_new_url() {
    let slack = Slack::start().await;
    let (_ear, _task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    connection
        .send(r#"{"type":"disconnect","reason":"warning"}"#)
        .await;
    let mut connection = slack.accept().await;
    connection.0.close(None).await.unwrap();
    drop(slack.accept().await);
    let mut connection = slack.accept().await;
    assert_eq!(slack.opened(), 4);
    connection
        .0
        .send(Message::Ping(vec![7].into()))
        .await
        .unwrap();
    assert_eq!(connection.hear().await, Message::Pong(vec![7].into()));
}

#[tokio::test]
async fn a_silent_connection_is_left() {
    let slack = Slack::start().await;
    let (_ear, _task) = listen(&slack, Duration::from_millis(500));
    // Not read, so that its pings stay unanswered.
    let _silent = slack.accept().await;
    let _next = slack.accept().await;
}

#[tokio::test]
async fn a_failing_slack_is_asked_again_until_it_works() {
    let slack = Slack::start().await;
    let open = "apps.connections.open";
    for (status, body) in [
        (503, "down"),
        (200, r#"{"ok":true,"url":"http://x.example"}"#),
    ] {
        slack.fake.status(open, status, body);
        let (_ear, task) = listen(&slack, PATIENCE);
        let before = slack.opened();
        timeout(PATIENCE, async {
            while slack.opened() < before + 2 {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
        slack.fake.answer(open, &slack.address());
        slack.accept().await;
        task.abort();
    }
}

#[tokio::test]
async fn a_refused_token_or_a_mode_turned_off_ends_it() {
    let slack = Slack::start().await;
    let (_ear, task) = listen(&slack, PATIENCE);
    let mut connection = slack.accept().await;
    connection
        .send(r#"{"type":"disconnect","reason":"link_disabled"}"#)
        .await;
    let end = timeout(PATIENCE, task).await.unwrap().unwrap();
    assert_eq!(end, Err(Error::Auth("link_disabled".to_owned())));
    slack.fake.answer(
        "apps.connections.open",
        r#"{"ok":false,"error":"invalid_auth"}"#,
    );
    let (_ear, task) = listen(&slack, PATIENCE);
    let end = timeout(PATIENCE, task).await.unwrap().unwrap();
    assert_eq!(end, Err(Error::Auth("invalid_auth".to_owned())));
}

#[test]
fn neither_errors_nor_debug_show_what_was_said() {
    let quoting = tungstenite::Error::Utf8("secret".to_owned());
    let io = tungstenite::Error::Io(std::io::Error::other("secret"));
    for text in [
        broken(&quoting),
        broken(&io),
        format!(
            "{:?}",
            envelope::read(&envelope("e", "events_api", r#""secret""#))
        ),
    ] {
        assert!(!text.contains("secret"), "{text}");
    }
}
