//! Connections of a listener, none for longer than somebody needs who means it.
//!
//! Bodies have a time-out of their own (`ingress::front`). Start at [`run`].

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::util::MapRequest;

/// From one answer, or the beginning, to the end of the next request's headers. Longer than the
/// minute for which proxies keep an idle connection: one that is closed just when its proxy sends
/// a command is a command that failed.
const HEADERS: Duration = Duration::from_secs(75);
/// After no connection could be taken: too many files are open.
const REST: Duration = Duration::from_millis(100);

/// Until it is told to stop; requests under way are answered.
pub(super) async fn run(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>) {
    serve(listener, router, stopped, HEADERS).await;
}

async fn serve(
    listener: TcpListener,
    router: Router,
    stopped: watch::Receiver<bool>,
    headers: Duration,
) {
    let mut connections = JoinSet::new();
    let mut stop = pin!(told(stopped.clone()));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let router = router.clone();
                    connections.spawn(connection((stream, peer), router, stopped.clone(), headers));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(REST).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// What goes wrong with it is the other side's to know. Each request knows who is there.
async fn connection(
    (stream, peer): (TcpStream, SocketAddr),
    router: Router,
    stopped: watch::Receiver<bool>,
    headers: Duration,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    let mut http = builder.http1();
    http.timer(TokioTimer::new()).header_read_timeout(headers);
    let service = TowerToHyperService::new(MapRequest::new(router, from(peer)));
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let is_over = tokio::select! {
        _ = served.as_mut() => true,
        () = told(stopped) => false,
    };
    if !is_over {
        served.as_mut().graceful_shutdown();
        let _ = served.await;
    }
}

fn from<B>(peer: SocketAddr) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |mut request| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn headers_that_do_not_end_end_the_connection_and_no_other() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let router = Router::new().route("/", get(|| async { "here" }));
        let limit = Duration::from_millis(300);
        let served = tokio::spawn(serve(listener, router, stopped, limit));
        for trickle in ["", "GET / HTTP/1.1\r\nHost: x\r\nX: y"] {
            let mut slow = TcpStream::connect(address).await.unwrap();
            slow.write_all(trickle.as_bytes()).await.unwrap();
            let mut said = Vec::new();
            // Ends by itself, or the test hangs.
            let ended = tokio::time::timeout(Duration::from_secs(20), slow.read_to_end(&mut said));
            ended.await.expect("it is held open").unwrap();
            let mut good = TcpStream::connect(address).await.unwrap();
            let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            good.write_all(request.as_bytes()).await.unwrap();
            let mut said = String::new();
            good.read_to_string(&mut said).await.unwrap();
            assert!(said.ends_with("here"), "{said}");
        }
        stop.send(true).unwrap();
        served.await.unwrap();
    }
}
