//! One service at a time fails in one way at a time: whoever asks is told in time, and nobody who
//! was told "I'm looking" goes without an answer or gets two.
//!
//! In each row a healthy deployment is broken, asked while its processes live, asked again when
//! they start anew, and healed after [`HELD`]. A few rows run always; `make faults` runs all and
//! writes the table. Start at [`run`].

use std::time::{Duration, Instant};

use futures::StreamExt;
use why::slack_demo::fake::state::Message;

use super::aws;
use super::fault::{Fault, Often, Service};
use super::scene::{self, Scene};
use crate::faults::{Means, Question, Reply, VALUE};
use crate::harness;

/// Within this somebody who asks must have been told something.
const PROMISED: Duration = Duration::from_millis(1500);
/// Slack's own time: what processes that live must keep also beside other tests on a busy machine.
/// How long a big unoptimised program takes to start there says nothing.
const SLACKS: Duration = Duration::from_secs(3);
/// Since the first question under it.
const HELD: Duration = Duration::from_secs(4);
/// Until all that was taken is answered, after the service is well again.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);
/// Rows side by side: they mostly wait.
const AT_ONCE: usize = 3;

/// One row: what fails, how, and which requests meet it.
type Case = (Service, Fault, Often);

/// Each service and each fault, in some way.
const ALWAYS: [Case; 9] = [
    (Service::SecretsManager, Fault::Hanging, Often::Always),
    (Service::Sqs, Fault::Hanging, Often::Always),
    (Service::Sqs, Fault::Reset, Often::NowAndThen),
    (Service::DynamoDb, Fault::Throttled, Often::Always),
    (Service::DynamoDb, Fault::Reset, Often::NowAndThen),
    (Service::Athena, Fault::Hanging, Often::Always),
    (Service::Slack, Fault::Refusing, Often::Always),
    (Service::Slack, Fault::Broken, Often::NowAndThen),
    (Service::Slack, Fault::Garbage, Often::NowAndThen),
];
/// Commands and mentions, each so many, before and after everything starts anew.
fn pairs(often: Often) -> usize {
    match often {
        Often::Always => 1,
        Often::NowAndThen => 5,
    }
}

/// What came of one row.
#[derive(Debug)]
struct Row {
    case: Case,
    /// "I'm looking", or an event's 200.
    taken: usize,
    /// "That did not work, ask again".
    told: usize,
    /// Neither: Slack itself tells whoever gave a command; an event is lost.
    failed: usize,
    /// Events that were not taken at first, so that Slack sent them again.
    sent_again: usize,
    slowest_warm: Duration,
    slowest_cold: Duration,
    answered: usize,
    apologised: usize,
    lost: usize,
    twice: usize,
    /// Requests that met the fault.
    broken: usize,
    /// From the end of the fault until all was quiet.
    healed: Duration,
    /// What is wrong, with what helps to find out why.
    wrong: Vec<String>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands a test nothing but variables"
)]
fn table() -> Option<String> {
    std::env::var("WHY_FAULT_TABLE").ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn under_any_single_fault_people_are_told_in_time_and_answered_once() {
    let table = table();
    let cases: Vec<Case> = match table {
        None => ALWAYS.to_vec(),
        Some(_) => all(),
    };
    let is_measured = table.is_some();
    let rows = cases.into_iter().map(|case| run(case, is_measured));
    let rows = futures::stream::iter(rows);
    let rows: Vec<Row> = rows.buffered(AT_ONCE).collect().await;
    if let Some(file) = table {
        std::fs::write(file, written(&rows)).unwrap();
    }
    let wrong: Vec<&String> = rows.iter().flat_map(|row| &row.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every service, every fault, always and now and then.
fn all() -> Vec<Case> {
    let mut all = Vec::new();
    for service in Service::ALL {
        for fault in Fault::ALL {
            all.extend(Often::ALL.map(|often| (service, fault, often)));
        }
    }
    all
}

async fn run(case: Case, is_measured: bool) -> Row {
    let (service, fault, often) = case;
    let athena = (service == Service::Athena).then(aws::athena);
    let engine = if athena.is_some() { "athena" } else { "direct" };
    let scene = Scene::start(harness::acme_lake(), engine, athena).await;
    make_warm(&scene).await;

    let begun = Instant::now();
    scene.proxy(service).set(Some((fault, often))).await;
    let mut asked = Vec::new();
    let slowest_warm = ask_both(&scene, pairs(often), &mut asked).await;
    scene.make_cold().await;
    let slowest_cold = ask_both(&scene, pairs(often), &mut asked).await;
    tokio::time::sleep(HELD.saturating_sub(begun.elapsed())).await;
    scene.proxy(service).set(None).await;

    let healed = Instant::now();
    let sent_again = send_again(&scene, &mut asked).await;
    let is_settled = scene.settled(PATIENCE).await;
    let mut row = counted(case, &scene, &asked);
    (row.slowest_warm, row.slowest_cold) = (slowest_warm, slowest_cold);
    row.sent_again = sent_again;
    row.healed = healed.elapsed();
    row.broken = scene.proxy(service).broken();
    let in_time = match is_measured {
        true => slowest_warm.max(slowest_cold) <= PROMISED,
        false => slowest_warm <= SLACKS,
    };
    row.judge(is_settled, in_time, &scene, &asked);
    row
}

/// Somebody has an answer: all is well, and everything runs.
async fn make_warm(scene: &Scene) {
    for _ in 0..10 {
        let question = scene.question(Means::Command);
        let reply = scene.ask(&question).await;
        if reply.is_taken() {
            assert!(scene.settled(PATIENCE).await, "{}", scene.log());
            assert_eq!(answers(scene, &question).len(), 1, "{}", scene.log());
            return;
        }
        // A busy machine: whoever was told so asks again.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("never taken: {}", scene.log());
}

/// Slack sends an event that was not taken again, three times in six minutes; here more often in
/// less. How many were not taken at first.
async fn send_again(scene: &Scene, asked: &mut [(Question, Reply)]) -> usize {
    let mut sent_again = 0;
    for (question, reply) in asked {
        if question.means == Means::Command || reply.status == 200 {
            continue;
        }
        sent_again += 1;
        for _ in 0..15 {
            *reply = scene.ask(question).await;
            if reply.status == 200 {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    sent_again
}

/// So many commands and mentions; the slowest reply.
async fn ask_both(scene: &Scene, pairs: usize, asked: &mut Vec<(Question, Reply)>) -> Duration {
    let mut slowest = Duration::ZERO;
    for means in [Means::Command, Means::Mention].repeat(pairs) {
        let question = scene.question(means);
        let reply = scene.ask(&question).await;
        slowest = slowest.max(reply.took);
        asked.push((question, reply));
    }
    slowest
}

pub(super) fn answers(scene: &Scene, question: &Question) -> Vec<Message> {
    scene.slack.read(|workspace| question.seen(workspace).0)
}

fn counted(case: Case, scene: &Scene, asked: &[(Question, Reply)]) -> Row {
    let mut row = Row {
        case,
        taken: 0,
        told: 0,
        failed: 0,
        sent_again: 0,
        slowest_warm: Duration::ZERO,
        slowest_cold: Duration::ZERO,
        answered: 0,
        apologised: 0,
        lost: 0,
        twice: 0,
        broken: 0,
        healed: Duration::ZERO,
        wrong: Vec::new(),
    };
    for (question, reply) in asked {
        let is_taken = reply.is_taken();
        match (is_taken, reply.status) {
            (true, _) => row.taken += 1,
            (false, 200) => row.told += 1,
            (false, _) => row.failed += 1,
        }
        let answers = answers(scene, question);
        row.twice += usize::from(answers.len() > 1);
        // Nobody tells who mentioned us that the event was never taken.
        let is_owed = is_taken || question.means == Means::Mention;
        row.lost += usize::from(is_owed && answers.is_empty());
        let is_answer = |message: &&Message| message.text.contains(VALUE);
        let real = answers.iter().filter(is_answer).count();
        row.answered += real.min(1);
        row.apologised += usize::from(real == 0 && !answers.is_empty());
    }
    row
}

impl Row {
    /// A port that refuses sees no requests; the secret is read so seldom that all may pass.
    fn must_be_met(&self) -> bool {
        match self.case {
            (Service::SecretsManager, _, Often::NowAndThen) => false,
            (_, fault, often) => fault != Fault::Refusing || often == Often::NowAndThen,
        }
    }

    fn judge(
        &mut self,
        is_settled: bool,
        in_time: bool,
        scene: &Scene,
        asked: &[(Question, Reply)],
    ) {
        let found = [
            (!is_settled, "the queues did not come to rest"),
            (!in_time, "somebody was told too late"),
            (
                self.lost > 0,
                "somebody who was told \"I'm looking\" has no answer",
            ),
            (self.twice > 0, "somebody was answered twice"),
            (
                self.broken == 0 && self.must_be_met(),
                "nothing met the fault",
            ),
        ];
        let (service, fault, often) = self.case;
        let (service, fault, often) = (service.name(), fault.name(), often.name());
        let found = found.into_iter().filter(|(is_wrong, _)| *is_wrong);
        let found: Vec<&str> = found.map(|(_, what)| what).collect();
        if !found.is_empty() {
            let name = format!("fault {service} {fault} {often}.txt").replace(' ', "-");
            let details = harness::scratch().join(name);
            let (said, log) = (scene.slack.transcript(), scene.log());
            std::fs::write(&details, format!("{self:#?}\n{asked:#?}\n{said}\n{log}")).unwrap();
            let details = details.display();
            let wrong = found
                .iter()
                .map(|what| format!("{service}, {fault}, {often}: {what}; see {details}"));
            self.wrong = wrong.collect();
        }
    }
}

fn written(rows: &[Row]) -> String {
    let ingress = match scene::packaged_ingress() {
        Some(_) => "as `make package` builds it",
        None => "unoptimised",
    };
    let mut text = HEAD.replace("INGRESS", ingress);
    for row in rows {
        let ms = |time: Duration| time.as_millis();
        let (service, fault, often) = row.case;
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} ms | {} ms | {} | {} | {} | {} | {} | {:.1} s |\n",
            service.name(),
            fault.name(),
            often.name(),
            row.taken,
            row.told,
            row.failed,
            row.sent_again,
            ms(row.slowest_warm),
            ms(row.slowest_cold),
            row.answered,
            row.apologised,
            row.lost,
            row.twice,
            row.broken,
            row.healed.as_secs_f64(),
        ));
    }
    text
}

const HEAD: &str = "# What single faults do

Made by `make faults`; not to be edited. Each row is one deployment: the real binaries on a Runtime
API, behind an HTTP API and queues, with moto for AWS and a fake Slack, and a proxy before the service
that fails. It is broken while well and warm; a command and a mention are asked; every process is
killed; a command and a mention are asked again, cold; four seconds after the first the service is
well again. Where one request in three meets the fault, five of each are asked instead of one, so that
it comes between any two steps.

- taken: acknowledged (\"Looking up\u{2026}\"), so an answer or an apology is owed.
- told: a sentence at once that it could not be queued and may be asked again. What was told so may
  be answered all the same, where the queue took it and could not say so.
- failed: a command with any other status; Slack itself tells who gave it.
- sent again: events with another status than 200. Slack sends them again within six minutes; here
  that is done once the service is well, and what became of them then is counted.
- slowest reply: 1,500 ms are promised; cold includes the start of the process. The ingress is
  INGRESS, the worker unoptimised.
- answered, apologised: of all that were asked. lost: neither, though taken or an event.
  twice: more than one message.
- broken: requests that met the fault (a port that refuses sees none).
- at rest: from the end of the fault until both queues were empty.

| service | fault | met by | taken | told | failed | sent again | slowest reply, warm | cold | answered | apologised | lost | twice | broken | at rest |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
";
