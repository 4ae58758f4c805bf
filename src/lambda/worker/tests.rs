//! Batches in, what is to come again out: over a fake AWS, a fake Slack and a ledger of its own.
//!
//! Without a lake: what is tested needs none, and the dead letters must not.

use std::sync::Mutex;

use serde_json::json;

use super::*;
use crate::config::lambda::Slack;
use crate::job::{Asker, Job, Place, Reply, Work};
use crate::lambda::tests::{CURRENT, Fake, Fault, SIGNING, now};

const QUESTIONS: &str = "why-questions";
const LETTERS: &str = "why-dead-letters";

struct Room {
    function: Arc<Function>,
    fake: Fake,
    notes: Arc<Mutex<Vec<Note>>>,
    _folder: tempfile::TempDir,
}

impl Room {
    async fn new() -> Room {
        let (fake, folder) = (Fake::start().await, tempfile::tempdir().unwrap());
        let url = |queue: &str| format!("http://{}/000000000000/{queue}", fake.address);
        let told = Told {
            stack: "why".to_owned(),
            catalog_file: folder.path().join("why.toml"),
            secret: "why".to_owned(),
            queue_url: url(QUESTIONS),
            dead_letters_url: url(LETTERS),
            ledger_table: "why".to_owned(),
            triage_channel: None,
            page_url: None,
            slack: Slack {
                api_url: fake.api_url(),
                response_hosts: vec![fake.address.to_string()],
            },
            engine: crate::config::EngineSaid::default(),
            s3: std::collections::BTreeMap::new(),
        };
        let notes: Arc<Mutex<Vec<Note>>> = Arc::default();
        let noted = Arc::clone(&notes);
        let take = Notes::new(move |note| noted.lock().unwrap().push(note));
        let function = Function {
            ledger: Ledger::sqlite(&folder.path().join("state.sqlite"))
                .await
                .unwrap(),
            ..Function::new(told, Choice::Direct, &fake.sdk(), take, now)
        };
        Room {
            function: Arc::new(function),
            fake,
            notes,
            _folder: folder,
        }
    }

    /// The ids of what is to come again, with a minute's time.
    async fn take(&self, messages: &[Value]) -> Vec<String> {
        self.take_in(Duration::from_secs(60), messages).await
    }

    async fn take_in(&self, time: Duration, messages: &[Value]) -> Vec<String> {
        let batch = json!({ "Records": messages });
        let until = now() + time;
        let answer = self.function.take(batch, until, None).await;
        let failed = answer.batch_item_failures.into_iter();
        let mut failed: Vec<String> = failed.map(|failed| failed.item_identifier).collect();
        failed.sort();
        failed
    }

    fn notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.notes.lock().unwrap())
    }
}

fn message(id: &str, queue: &str, body: &str, receive_count: u32) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": format!("handle of {id}"),
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": receive_count.to_string(),
            "SentTimestamp": (now().as_millisecond() - 10_000).to_string(),
        },
        "eventSourceARN": format!("arn:aws:sqs:eu-west-1:000000000000:{queue}"),
    })
}

fn failed(code: &'static str, class: Class) -> Note {
    Note::Failed { code, class }
}

/// A question of a direct message: its answer is a post.
fn question(id: &str) -> String {
    let job = Job {
        id: id.to_owned(),
        request_id: id.to_owned(),
        accepted_at: now(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place {
            channel: Some("D1".to_owned()),
            reply: Reply::Thread,
            ..Place::default()
        },
        work: Work::Ask {
            text: "acme revenue".to_owned(),
        },
    };
    job.encode()
}

#[tokio::test]
async fn garbage_is_buried_alone_and_what_has_no_lake_is_answered_with_a_reference() {
    let room = Room::new().await;
    let again = room
        .take(&[
            message("m1", QUESTIONS, "garbage", 1),
            message("m2", QUESTIONS, &question("J2"), 1),
            json!({"messageId": "m3"}),
        ])
        .await;
    // Of a record that is none nothing is known but its id.
    assert_eq!(again, ["m3"]);
    let buried = room.fake.calls("SendMessage");
    assert_eq!(buried.len(), 1);
    assert_eq!(buried[0]["MessageBody"], json!("garbage"));
    // The placeholder, and in its place what is wrong.
    assert_eq!(room.fake.calls("chat.postMessage").len(), 1);
    let told = &room.fake.calls("chat.update")[0]["text"];
    assert!(
        told.as_str()
            .unwrap()
            .contains("something is wrong with the lake"),
        "{told}"
    );
    let notes = room.notes();
    assert!(notes.contains(&Note::Buried), "{notes:?}");
    assert!(
        notes.contains(&failed("no_catalog", Class::Internal)),
        "{notes:?}"
    );
    assert!(notes.contains(&Note::Told(Duration::ZERO)), "{notes:?}");
}

#[tokio::test]
async fn a_question_that_is_delivered_twice_is_answered_once() {
    let room = Room::new().await;
    for id in ["m1", "m2"] {
        let again = room
            .take(&[message(id, QUESTIONS, &question("J1"), 1)])
            .await;
        assert_eq!(again, [""; 0]);
    }
    assert_eq!(room.fake.calls("chat.postMessage").len(), 1);
    assert_eq!(room.fake.calls("chat.update").len(), 1);
}

#[tokio::test]
async fn what_does_not_work_yet_comes_again_after_a_while() {
    let room = Room::new().await;
    room.fake.fault("chat.update", Fault::Fails);
    let again = room
        .take(&[message("m1", QUESTIONS, &question("J1"), 1)])
        .await;
    assert_eq!(again, ["m1"]);
    let waits = room.fake.calls("ChangeMessageVisibility");
    assert_eq!(waits[0]["ReceiptHandle"], json!("handle of m1"));
    // Ten seconds ago it was put there: see `message`.
    assert_eq!(room.notes(), [Note::Again(Duration::from_secs(10))]);
    room.fake.mend("chat.update");
    let again = room
        .take(&[message("m1", QUESTIONS, &question("J1"), 2)])
        .await;
    assert_eq!(again, [""; 0]);
    assert_eq!(room.fake.calls("chat.postMessage").len(), 1);
}

#[tokio::test]
async fn a_question_that_is_given_up_is_buried_and_its_letter_apologises_once() {
    let room = Room::new().await;
    room.fake.fault("chat.update", Fault::Fails);
    let body = question("J1");
    assert_eq!(
        room.take(&[message("m1", QUESTIONS, &body, 8)]).await,
        [""; 0]
    );
    assert_eq!(
        room.fake.calls("SendMessage")[0]["MessageBody"],
        json!(body)
    );
    assert_eq!(room.notes(), [Note::Buried, Note::ApologyOwed]);
    // Now it works.
    room.fake.mend("chat.update");
    let mut letter = message("m9", LETTERS, &body, 1);
    letter["messageAttributes"] = json!({"why": {"stringValue": "x", "dataType": "String"}});
    for _ in 0..2 {
        assert_eq!(room.take(std::slice::from_ref(&letter)).await, [""; 0]);
    }
    let updates = room.fake.calls("chat.update");
    let apologies = updates.iter().filter(|update| {
        update["text"]
            .as_str()
            .unwrap()
            .starts_with("Sorry, I could not answer")
    });
    // One that failed, one that arrived.
    assert_eq!(apologies.count(), 2);
    // The worker counted it.
    assert_eq!(room.notes(), []);
}

/// Each that dies over it costs six minutes until it comes again: the third finds it a quarter of an
/// hour old, while Slack still takes words for whoever asked.
#[tokio::test]
async fn a_question_that_comes_again_after_a_quarter_of_an_hour_is_given_up_before_it_is_begun() {
    let room = Room::new().await;
    let accepted = now() - Duration::from_secs(15 * 60);
    let old = question("J1").replace(&now().to_string(), &accepted.to_string());
    assert_ne!(old, question("J1"));
    // What only waited in the queue is worked on.
    assert_eq!(
        room.take(&[message("m1", QUESTIONS, &old, 1)]).await,
        [""; 0]
    );
    assert!(
        room.notes()
            .contains(&failed("no_catalog", Class::Internal))
    );
    let old = old.replace("J1", "J2");
    assert_eq!(
        room.take(&[message("m2", QUESTIONS, &old, 4)]).await,
        [""; 0]
    );
    assert_eq!(room.notes(), [Note::Buried]);
    let updates = room.fake.calls("chat.update");
    let text = updates.last().unwrap()["text"].as_str().unwrap();
    assert!(text.starts_with("Sorry, I could not answer"), "{text}");
}

#[tokio::test]
async fn a_letter_of_sqs_itself_is_apologised_for_without_a_lake_and_kept_to_be_owed_meanwhile() {
    let room = Room::new().await;
    room.fake.fault("chat.postMessage", Fault::Fails);
    let letter = message("m1", LETTERS, &question("J1"), 1);
    assert_eq!(room.take(std::slice::from_ref(&letter)).await, ["m1"]);
    assert_eq!(
        room.notes(),
        [Note::ApologyOwed, Note::Again(Duration::from_secs(10))]
    );
    room.fake.mend("chat.postMessage");
    assert_eq!(room.take(&[letter]).await, [""; 0]);
    let updates = room.fake.calls("chat.update");
    let text = updates.last().unwrap()["text"].as_str().unwrap();
    assert!(text.starts_with("Sorry, I could not answer"), "{text}");
    assert_eq!(room.notes(), [Note::Buried]);
}

#[tokio::test]
async fn a_letter_that_nobody_can_read_or_that_is_old_is_not_delivered_for_ever() {
    let room = Room::new().await;
    let mut old = message("m2", LETTERS, &question("J2"), 1);
    let day_before = now() - Duration::from_secs(25 * 60 * 60);
    old["attributes"]["SentTimestamp"] = json!(day_before.as_millisecond().to_string());
    let again = room
        .take(&[message("m1", LETTERS, "garbage", 1), old])
        .await;
    assert_eq!(again, [""; 0]);
    assert_eq!(room.fake.calls("chat.postMessage").len(), 0);
}

#[tokio::test]
async fn without_a_secret_or_without_time_everything_comes_again() {
    let room = Room::new().await;
    let messages = [
        message("m1", QUESTIONS, &question("J1"), 1),
        message("m2", LETTERS, "x", 1),
    ];
    let again = room.take_in(Duration::from_millis(2_400), &messages).await;
    assert_eq!(again, ["m1", "m2"]);
    room.fake.fault("GetSecretValue", Fault::Fails);
    assert_eq!(room.take(&messages).await, ["m1", "m2"]);
    assert_eq!(room.fake.calls("ChangeMessageVisibility").len(), 4);
    assert_eq!(room.fake.calls("chat.postMessage").len(), 0);
}

#[tokio::test]
async fn a_token_that_slack_refuses_is_read_again_for_the_next_delivery() {
    let room = Room::new().await;
    let kept = Kept::new(&room.fake.sdk(), "why", SECRET).doubted_every(Duration::ZERO);
    let mut room = room;
    Arc::get_mut(&mut room.function).unwrap().kept = Arc::new(kept);
    room.fake.refuse("chat.postMessage", "token_revoked");
    let messages = [message("m1", QUESTIONS, &question("J1"), 1)];
    assert_eq!(room.take(&messages).await, ["m1"]);
    assert!(room.notes().contains(&Note::TokenRefused));
    room.fake.set_secret(CURRENT, "xoxb-2", SIGNING);
    assert_eq!(room.take(&messages).await, ["m1"]);
    let mut tokens = room.fake.tokens();
    tokens.dedup();
    assert_eq!(tokens, ["xoxb-1", "xoxb-2"]);
}

#[test]
fn each_note_is_a_line_of_metrics() {
    let lines: Vec<String> = [
        failed("unknown_company", Class::User),
        failed("denied", Class::Internal),
        Note::Told(Duration::from_millis(812)),
        Note::Again(Duration::from_millis(90_500)),
        Note::Buried,
        Note::ApologyOwed,
        Note::TokenRefused,
    ]
    .into_iter()
    .map(|note| line(note).render("why", now()))
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"Code":"unknown_company","QuestionsFailed":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"],["Stack","Code"]],"Metrics":[{"Name":"QuestionsFailed","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"Code":"denied","QuestionsBroken":1.0,"QuestionsFailed":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"],["Stack","Code"]],"Metrics":[{"Name":"QuestionsFailed","Unit":"Count"},{"Name":"QuestionsBroken","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"Stack":"why","TimeToAnswer":812.0,"_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"TimeToAnswer","Unit":"Milliseconds"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"JobAge":90.5,"JobsAgain":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"JobsAgain","Unit":"Count"},{"Name":"JobAge","Unit":"Seconds"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"JobsBuried":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"JobsBuried","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"ApologiesOwed":1.0,"Stack":"why","_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"ApologiesOwed","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    {"Stack":"why","TokenRefused":1.0,"_aws":{"CloudWatchMetrics":[{"Dimensions":[["Stack"]],"Metrics":[{"Name":"TokenRefused","Unit":"Count"}],"Namespace":"Why"}],"Timestamp":1795521600000}}
    "#);
}

/// What acme's decisions come to, where the function looks for its lake.
fn lay_a_lake(folder: &std::path::Path) {
    crate::ask::tests::import_acme(&folder.join("lake"));
    for entry in std::fs::read_dir(folder.join("lake")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        std::fs::rename(&path, folder.join(name)).unwrap();
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// As the README's query of the log finds them.
#[tokio::test]
async fn each_step_of_a_question_is_a_line_with_its_duration_and_the_trace_of_ingress() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = crate::logs::subscriber("info", move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let room = Room::new().await;
    lay_a_lake(room.function.told.catalog_file.parent().unwrap());
    let mut message = message("m1", QUESTIONS, &question("J1"), 1);
    let root = "1-5759e988-bd862e3fe1be46a994272793";
    message["attributes"]["AWSTraceHeader"] = json!(format!("Root={root};Sampled=1"));
    assert_eq!(room.take(&[message]).await, [""; 0]);
    drop(guard);
    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let steps: Vec<Value> = lines
        .filter(|line: &Value| line["step"].is_string())
        .collect();
    let names: Vec<&str> = steps
        .iter()
        .filter_map(|line| line["step"].as_str())
        .collect();
    assert_eq!(names, ["receive", "read", "post", "job"], "{log}");
    for line in &steps {
        assert_eq!(line["span"]["trace.id"], root, "{line}");
        assert_eq!(line["job.id"], "J1", "{line}");
        assert!(line["duration_ms"].is_i64(), "{line}");
    }
    assert_eq!(steps[1]["engine"], "direct");
    assert!(steps[1]["requests"].as_u64().unwrap() > 0, "{log}");
    assert!(!log.contains("acme"), "a question in the log: {log}");
}
