//! Whether each fault of the proxy is the fault that it is called, as a client sees it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::proxy::{Fault, Often, Proxy, SLOW, Service};

const SAID: &str = "all that the service says";
const PATIENCE: Duration = Duration::from_millis(300);

/// A service, the proxy before it, and one client with its connections.
struct Scene {
    proxy: Proxy,
    done: Arc<AtomicUsize>,
    client: Client<HttpConnector, Body>,
}

impl Scene {
    async fn start(service: Service) -> Scene {
        let done = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&done);
        let router = Router::new().fallback(move |body: String| {
            counted.fetch_add(1, Ordering::Relaxed);
            async move { format!("{SAID} to {body}") }
        });
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.await.unwrap();
        let upstream: SocketAddr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Scene {
            proxy: Proxy::start(service, upstream),
            done,
            client: Client::builder(TokioExecutor::new())
                .retry_canceled_requests(false)
                .build_http(),
        }
    }

    /// Status and body, or that there was neither.
    async fn ask(&self) -> Result<(StatusCode, String), String> {
        let request = Request::post(self.proxy.url())
            .body(Body::from("me"))
            .unwrap();
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|e| format!("{e:?}"))?;
        let status = answer.status();
        let body = answer
            .into_body()
            .collect()
            .await
            .map_err(|e| format!("body: {e:?}"))?;
        Ok((
            status,
            String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        ))
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    async fn is_well(&self) {
        let well = (StatusCode::OK, format!("{SAID} to me"));
        assert_eq!(self.ask().await.unwrap(), well);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_broken_is_well_again_after_it() {
    for fault in Fault::ALL {
        let scene = Scene::start(Service::Sqs).await;
        scene.is_well().await;
        scene.is_well().await;
        scene.proxy.set(Some((fault, Often::Always))).await;
        let _ = tokio::time::timeout(PATIENCE, scene.ask()).await;
        scene.proxy.set(None).await;
        // What the client finds closed it does not try again by itself.
        let _ = scene.ask().await;
        scene.is_well().await;
        let counted = (scene.proxy.passed(), scene.proxy.broken());
        assert!(counted.0 >= 3, "{fault:?}: {counted:?}");
        assert_eq!(
            counted.1,
            usize::from(fault != Fault::Refusing),
            "{fault:?}: {counted:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusing_resets_what_is_open_and_takes_nothing_new() {
    let scene = Scene::start(Service::Sqs).await;
    scene.is_well().await;
    scene
        .proxy
        .set(Some((Fault::Refusing, Often::Always)))
        .await;
    // The open connection may still be found open once.
    let _ = scene.ask().await;
    for _ in 0..3 {
        let refused = scene.ask().await.unwrap_err();
        assert!(refused.contains("ConnectionRefused"), "{refused}");
    }
    assert_eq!(scene.done(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_service_takes_the_request_and_says_nothing() {
    let scene = Scene::start(Service::Sqs).await;
    scene.proxy.set(Some((Fault::Hanging, Often::Always))).await;
    assert!(tokio::time::timeout(PATIENCE, scene.ask()).await.is_err());
    assert_eq!((scene.done(), scene.proxy.broken()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_reset_and_garbage_have_done_what_they_were_asked() {
    let scene = Scene::start(Service::Sqs).await;
    scene.proxy.set(Some((Fault::Slow, Often::Always))).await;
    let begun = Instant::now();
    scene.is_well().await;
    assert!(begun.elapsed() >= SLOW);

    scene.proxy.set(Some((Fault::Reset, Often::Always))).await;
    let broken = scene.ask().await.unwrap_err();
    assert!(
        broken.starts_with("body:") && broken.contains("ConnectionReset"),
        "{broken}"
    );

    scene.proxy.set(Some((Fault::Garbage, Often::Always))).await;
    let (status, body) = scene.ask().await.unwrap();
    assert_eq!(
        (status, body.contains(SAID)),
        (StatusCode::OK, false),
        "{body}"
    );
    assert_eq!(scene.done(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_refuses_in_its_own_words() {
    for (service, throttled, words, broken) in [
        (Service::SecretsManager, 400, "ThrottlingException", 500),
        (Service::Sqs, 403, "RequestThrottled", 500),
        (
            Service::DynamoDb,
            400,
            "ProvisionedThroughputExceededException",
            500,
        ),
        (Service::Athena, 400, "TooManyRequestsException", 500),
        (Service::Slack, 429, "ratelimited", 503),
    ] {
        let scene = Scene::start(service).await;
        scene
            .proxy
            .set(Some((Fault::Throttled, Often::Always)))
            .await;
        let (status, body) = scene.ask().await.unwrap();
        assert_eq!(status, throttled);
        assert!(body.contains(words), "{body}");
        scene.proxy.set(Some((Fault::Broken, Often::Always))).await;
        assert_eq!(scene.ask().await.unwrap().0, broken);
        assert_eq!(scene.done(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn now_and_then_some_requests_meet_the_fault_and_some_pass() {
    let scene = Scene::start(Service::Sqs).await;
    scene
        .proxy
        .set(Some((Fault::Broken, Often::NowAndThen)))
        .await;
    let mut seen = std::collections::BTreeSet::new();
    // A coin that falls on one side for so long is no coin.
    for _ in 0..200 {
        seen.insert(scene.ask().await.unwrap().0.as_u16());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [200, 500]);
    let (passed, broken) = (scene.proxy.passed(), scene.proxy.broken());
    assert!(
        passed > broken && passed + broken == 200,
        "{passed} {broken}"
    );
    assert_eq!(scene.done(), passed);
}
