//! A fault that outlasts a question's last receive: who asked is told, once, as soon as they can be.
//!
//! The eight receives take minutes; here seven of them are over when the fault begins, and ten where
//! it is SQS that gives up, whose letters need no lake.

use std::io::Write;
use std::time::Duration;

use super::aws;
use super::fault::{Fault, Often, Service};
use super::scene::Scene;
use crate::faults::{Means, VALUE};
use crate::harness;

/// Long enough for a try of the worker and one of the dead letters.
const HELD: Duration = Duration::from_secs(6);
const PATIENCE: Duration = Duration::from_secs(90);
/// The worker's last comes next.
const ALMOST: u32 = 7;
/// SQS's next gives up (`maxReceiveCount`).
const ALL: u32 = 10;

async fn run(service: Service, fault: Fault, received: u32) -> String {
    let athena = (service == Service::Athena).then(aws::athena);
    let engine = if athena.is_some() { "athena" } else { "direct" };
    let mut scene = Scene::start(harness::acme_lake(), engine, athena).await;
    scene.hold();
    let asked = [Means::Command, Means::Mention].map(|means| scene.question(means));
    for question in &asked {
        let reply = scene.ask(question).await;
        assert!(reply.is_taken(), "{reply:?} {}", scene.log());
    }
    scene.receive(received).await;
    scene.proxy(service).set(Some((fault, Often::Always))).await;
    scene.deliver();
    tokio::time::sleep(HELD).await;
    scene.proxy(service).set(None).await;
    let rests = scene.settled(PATIENCE).await;
    let mut said = Vec::new();
    for question in &asked {
        let (answers, _) = scene.slack.read(|workspace| question.seen(workspace));
        let kinds = answers.iter().map(|answer| match &answer.text {
            text if text.contains(VALUE) => "answered",
            text if text.starts_with("Sorry") => "apologised",
            _ => "said something else",
        });
        said.push(kinds.collect::<Vec<_>>().join("+"));
    }
    if !rests || said.iter().any(|said| said != "apologised") {
        let _ = writeln!(
            std::io::stderr(),
            "{}\n{}",
            scene.slack.transcript(),
            scene.log()
        );
    }
    format!(
        "{} {} after {received}: {}",
        service.name(),
        fault.name(),
        said.join(", ")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_outlasts_the_last_receive_ends_in_one_apology() {
    let said = tokio::join!(
        run(Service::Athena, Fault::Broken, ALMOST),
        run(Service::Slack, Fault::Refusing, ALMOST),
        run(Service::Athena, Fault::Hanging, ALL),
    );
    insta::assert_snapshot!([said.0, said.1, said.2].join("\n"), @"
    Athena 5xx after 7: apologised, apologised
    Slack refusing after 7: apologised, apologised
    Athena hanging after 10: apologised, apologised
    ");
}
