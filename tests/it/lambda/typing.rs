//! Modals and companies as they are typed, under a fault: in time, and as well as before once it is
//! over.

use std::time::Duration;

use serde_json::Value;

use super::fault::{Fault, Often, Service};
use super::scene::Scene;
use crate::faults::Reply;
use crate::harness;

const SUGGESTION: &str = include_str!("../../../src/slack/request/tests/payloads/suggestion.json");
const SHORTCUT: &str =
    include_str!("../../../src/slack/request/tests/payloads/global_shortcut.json");
/// Slack's own time. A busy machine's start of a big unoptimised program is not measured.
const SLACKS: Duration = Duration::from_secs(3);

async fn typed(scene: &Scene) -> Reply {
    scene.send("/slack/options", SUGGESTION).await
}

async fn shortcut(scene: &Scene) -> Reply {
    let mut payload: Value = serde_json::from_str(SHORTCUT).unwrap();
    payload["trigger_id"] = scene.slack.trigger("U1").into();
    scene
        .send("/slack/interactions", &payload.to_string())
        .await
}

fn companies(reply: &Reply) -> usize {
    let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    body["options"].as_array().map_or(0, Vec::len)
}

/// The status of what was typed and of a shortcut, while all lives and where all starts anew.
async fn run(service: Service, fault: Fault) -> String {
    let scene = Scene::start(harness::acme_lake(), "direct", None).await;
    let before = typed(&scene).await;
    assert_eq!(before.status, 200, "{before:?} {}", scene.log());
    let before_it = shortcut(&scene).await;
    assert_eq!(before_it.status, 200, "{before_it:?} {}", scene.log());
    scene.proxy(service).set(Some((fault, Often::Always))).await;
    let mut said = Vec::new();
    for is_cold in [false, true] {
        if is_cold {
            scene.make_cold().await;
        }
        let replies = [typed(&scene).await, shortcut(&scene).await];
        for reply in replies {
            assert!(is_cold || reply.took < SLACKS, "{reply:?} {}", scene.log());
            said.push(reply.status.to_string());
        }
    }
    scene.proxy(service).set(None).await;
    let after = typed(&scene).await;
    assert_eq!(companies(&after), companies(&before), "{}", scene.log());
    format!("{} {}: {}", service.name(), fault.name(), said.join(" "))
}

/// Where one waits for a modal or a menu, a 503 shows Slack's own words for what failed; a modal that
/// is open says itself that it can't be filled.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_types_or_opens_a_modal_under_a_fault_is_answered_in_time() {
    let said = tokio::join!(
        run(Service::SecretsManager, Fault::Hanging),
        run(Service::Slack, Fault::Hanging),
        run(Service::Sqs, Fault::Refusing),
    );
    insta::assert_snapshot!([said.0, said.1, said.2].join("\n"), @"
    Secrets Manager hanging: 200 200 503 503
    Slack hanging: 200 503 200 503
    SQS refusing: 200 200 200 200
    ");
}
