//! The same bytes as the command line, compressed, and for whose scripts.

use serde_json::Value;

use super::*;
use crate::harness::acme;

/// Without what reading took, which differs from time to time.
fn without_receipt(line: &str) -> String {
    let mut value: Value = serde_json::from_str(line).unwrap();
    let read = value["read"].as_object_mut().unwrap();
    for taken in ["planning_ms", "total_ms"] {
        assert!(read.insert(taken.to_owned(), Value::Null).is_some());
    }
    format!("{value}\n")
}

#[tokio::test]
async fn the_api_says_what_the_command_line_says_byte_for_byte() {
    let site = site("same", Settings::default()).await;
    for question in [
        "acme revenue",
        "acme revenue as of 2025-03-01 expected 10M",
        "acme employees since 2024-01-01",
        "acme revenue as of 2022-12-31",
        "Acme Widgets Inc. hq",
        "acme",
        "acme changes since 2025-01-01",
    ] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("q", question).finish();
        let said = site.get(&format!("/v1/answer?{query}")).await;
        assert_eq!(said.status, 200, "{question} {said:?}");
        let said = String::from_utf8(said.body).unwrap();
        let typed = acme(&["ask", "--json", question]).out;
        assert_eq!(
            without_receipt(&said),
            without_receipt(&typed),
            "{question}"
        );
        assert_eq!(said.len() - said.trim_end().len(), 1);
    }
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_takes_it() {
    let site = site("compressed", Settings::default()).await;
    let path = "GET /v1/answer?q=acme+revenue";
    let plain = site.send(path, &[], "").await;
    assert_eq!(plain.header("content-encoding"), None);
    for (coding, magic) in [
        ("gzip", &[0x1f, 0x8b][..]),
        ("zstd", &[0x28, 0xb5, 0x2f, 0xfd]),
    ] {
        let accept = format!("Accept-Encoding: {coding}");
        let seen = site.send(path, &[&accept], "").await;
        assert_eq!(seen.header("content-encoding"), Some(coding), "{seen:?}");
        assert!(seen.body.starts_with(magic) && seen.body.len() < plain.body.len() / 2);
        assert_eq!(seen.header("etag"), plain.header("etag"));
        let varies = seen.head.to_lowercase();
        assert!(varies.contains("accept-encoding") && varies.contains("authorization"));
    }
    let both = ["Accept-Encoding: gzip;q=0.5, zstd;q=0.1"];
    let seen = site.send(path, &both, "").await;
    assert_eq!(seen.header("content-encoding"), Some("gzip"));
}

#[tokio::test]
async fn other_pages_scripts_read_nothing_unless_they_were_named() {
    let path = "/v1/answer?q=acme+revenue";
    let preflight = [
        "Origin: https://bi.acme.example",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization, idempotency-key",
    ];
    let allowed = "access-control-allow-origin";
    let closed = site("closed", Settings::default()).await;
    for line in [format!("OPTIONS {path}"), format!("GET {path}")] {
        let seen = closed.send(&line, &preflight, "").await;
        assert_eq!(seen.header(allowed), None, "{seen:?}");
    }
    let settings = Settings {
        cors: vec!["https://bi.acme.example/".to_owned()],
        ..Settings::default()
    };
    let open = site("open", settings).await;
    let seen = open.send(&format!("OPTIONS {path}"), &preflight, "").await;
    assert_eq!(
        seen.header(allowed),
        Some("https://bi.acme.example"),
        "{seen:?}"
    );
    assert_eq!(seen.header("access-control-allow-credentials"), None);
    let seen = open.send(&format!("GET {path}"), &preflight[..1], "").await;
    assert_eq!(
        (seen.status, seen.header(allowed)),
        (200, Some("https://bi.acme.example"))
    );
    let other = open
        .send(
            &format!("GET {path}"),
            &["Origin: https://evil.example"],
            "",
        )
        .await;
    assert_eq!(other.header(allowed), None, "{other:?}");
    let page = open.send("GET /docs", &preflight[..1], "").await;
    assert_eq!(page.header(allowed), None, "{page:?}");
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let site = site("documents", Settings::default()).await;
    let document = site.get("/openapi.json").await;
    let kept = include_str!("../../../schema/openapi.json");
    assert_eq!(String::from_utf8(document.body).unwrap(), kept);
    let printed = crate::harness::why(&["openapi"]);
    assert_eq!((printed.code, printed.out.as_str()), (0, kept));
    let page = site.get("/docs").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn lines_come_in_chunks_and_are_whole() {
    let site = site("lines", Settings::default()).await;
    let path = "/v1/entities/17/attributes/revenue/changes?format=ndjson";
    let seen = site.get(path).await;
    assert_eq!(
        seen.header("transfer-encoding"),
        Some("chunked"),
        "{seen:?}"
    );
    let lines = String::from_utf8(seen.body).unwrap();
    assert!(lines.ends_with('\n') && lines.lines().count() > 4);
    for line in lines.lines() {
        let change: Value = serde_json::from_str(line).unwrap();
        assert!(change["cause"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn odd_requests_are_refused_and_break_nothing() {
    let site = site("odd", Settings::default()).await;
    for (line, headers, body, status) in [
        ("GET /v1/answer?q=%ff%fe", &[][..], "", 400),
        ("GET /v1/answer?q=a%0d%0aSet-Cookie:%20x", &[], "", 400),
        ("GET /v1/entities/17%2F..%2F18", &[], "", 400),
        ("GET /v1/entities/17/attributes/%00/changes", &[], "", 404),
        ("GET /v1//answer?q=acme+revenue", &[], "", 404),
        (
            "GET /v1/answer?q=acme+revenue",
            &["Accept: \u{e9}"],
            "",
            200,
        ),
        (
            "GET /v1/answer?q=acme+revenue",
            &["If-None-Match: W/"],
            "",
            200,
        ),
        ("PATCH /v1/answer?q=acme+revenue", &[], "", 405),
        (
            "POST /v1/feedback",
            &["Content-Type: application/json"],
            "{",
            400,
        ),
        (
            "POST /v1/feedback?x=1",
            &["Content-Type: application/json"],
            "{}",
            400,
        ),
        (
            "POST /v1/feedback",
            &["Content-Type: application/json"],
            "\"\\ud800\"",
            400,
        ),
    ] {
        let seen = site.send(line, headers, body).await;
        assert_eq!(seen.status, status, "{line} {seen:?}");
        assert_eq!(seen.header("set-cookie"), None, "{line}");
    }
    let nul = site.send("GET /v1/answer?q=acme+revenue", &[], "").await;
    assert_eq!(nul.status, 200);
}
