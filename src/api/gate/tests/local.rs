//! Who counts as sitting at this machine, and what other pages can't make their browser do.

use super::*;

#[tokio::test]
async fn whoever_sits_here_needs_no_login_and_nobody_else_passes_for_them() {
    let house = house(|_| {}).await;
    let here = || call("GET", "/v1/answer", HERE);
    for own in [
        here(),
        here().with("host", "127.0.0.1:3000"),
        here().with("host", "[::1]:3000"),
        Call {
            peer: Some("[::1]:50000"),
            ..here()
        },
        // As a socket for both IPv4 and IPv6 says it.
        Call {
            peer: Some("[::ffff:127.0.0.1]:50000"),
            ..here()
        },
        here().with("cookie", "why_session=why_stale; other=x"),
        here().with("sec-fetch-site", "none"),
    ] {
        let headers = own.headers.clone();
        let said = house.ask(own).await;
        assert_eq!(said.body, "loopback operator operator", "{headers:?}");
    }
    let proxied = [
        ("host", "why.example.com"),
        ("host", "abc.ngrok.io"),
        ("host", "evil.example.com:3000"),
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "for=127.0.0.1"),
        ("via", "1.1 proxy"),
        ("x-real-ip", "127.0.0.1"),
        ("cf-connecting-ip", "203.0.113.7"),
        ("true-client-ip", "203.0.113.7"),
        ("authorization", "Basic dXNlcjpwYXNz"),
    ];
    for (name, value) in proxied {
        let said = house.ask(here().with(name, value)).await;
        assert_eq!(said.status, StatusCode::UNAUTHORIZED, "{name}: {value}");
        assert_eq!(said.code(), "no_login");
        assert!(said.header("www-authenticate").starts_with("Bearer"));
    }
    let away = [
        call("GET", "/v1/answer", AWAY),
        call("GET", "/v1/answer", "10.0.0.2:1"),
        call("GET", "/v1/answer", "[::ffff:10.0.0.2]:1"),
        // Nobody knows where it comes from.
        Call {
            peer: None,
            ..here()
        },
        Call {
            headers: Vec::new(),
            ..here()
        },
        Call {
            headers: vec![("host", "localhost"), ("host", "evil.example.com")],
            ..here()
        },
        Call {
            path: "http://evil.example.com/v1/answer",
            ..here()
        },
    ];
    for away in away {
        let (peer, path) = (away.peer, away.path);
        let said = house.ask(away).await;
        assert_eq!(said.status, StatusCode::UNAUTHORIZED, "{peer:?} {path}");
    }
}

#[tokio::test]
async fn what_a_proxy_speaks_by_default_is_not_taken_for_somebody_here() {
    let house = house(|_| {}).await;
    let mut request = Request::builder()
        .uri("/v1/answer")
        .version(axum::http::Version::HTTP_10)
        .header("host", "127.0.0.1:3000")
        .body(Body::empty())
        .unwrap();
    let peer: SocketAddr = HERE.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = house.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn where_the_page_is_reached_from_elsewhere_being_here_tells_nothing() {
    for (url, status) in [
        ("https://why.example.com", StatusCode::UNAUTHORIZED),
        ("http://127.0.0.1:3000", StatusCode::OK),
        ("http://localhost:3000", StatusCode::OK),
    ] {
        let house = house(|s| s.public_url = Some(url.to_owned())).await;
        let said = house.ask(call("GET", "/v1/answer", HERE)).await;
        assert_eq!(said.status, status, "{url}");
    }
}

/// Each row: what a browser says of where the request comes from, and whether it is taken.
#[tokio::test]
async fn other_pages_can_open_a_page_of_ours_and_nothing_more() {
    let house = house(|s| s.cors = vec!["https://dash.example.com".to_owned()]).await;
    let navigate = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let site = |site| ("sec-fetch-site", site);
    let origin = |origin| ("origin", origin);
    let evil = origin("https://evil.example.com");
    let ours = origin("http://localhost:3000");
    type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, bool);
    let rows: Vec<Row<'_>> = vec![
        ("POST", vec![], true),
        ("POST", vec![ours], true),
        ("POST", vec![site("same-origin")], true),
        // Our pages send no referrer, and so no origin.
        ("POST", vec![site("same-origin"), origin("null")], true),
        ("POST", vec![evil], false),
        ("POST", vec![origin("null")], false),
        ("POST", vec![origin("http://localhost:3001")], false),
        (
            "POST",
            vec![origin("https://localhost:3000.example.com")],
            false,
        ),
        ("POST", vec![site("cross-site")], false),
        ("POST", vec![site("same-site"), ours], false),
        ("POST", vec![site("same-origin"), evil], false),
        (
            "POST",
            vec![site("cross-site"), navigate[0], navigate[1]],
            false,
        ),
        ("POST", vec![origin("https://dash.example.com")], false),
        ("GET", vec![], true),
        ("GET", vec![site("same-origin")], true),
        (
            "GET",
            vec![site("cross-site"), navigate[0], navigate[1]],
            true,
        ),
        ("GET", vec![site("cross-site")], false),
        (
            "GET",
            vec![site("cross-site"), ("sec-fetch-mode", "no-cors")],
            false,
        ),
        // A frame.
        (
            "GET",
            vec![
                site("cross-site"),
                navigate[0],
                ("sec-fetch-dest", "iframe"),
            ],
            false,
        ),
        ("GET", vec![site("cross-site"), evil], false),
    ];
    let token = house.token("holder", |_| {}).await;
    let (cookie, bearer) = (format!("why_session={token}"), format!("Bearer {token}"));
    for (method, says, is_taken) in rows {
        for who in [
            None,
            Some(("cookie", &cookie)),
            Some(("authorization", &bearer)),
        ] {
            let mut call = call(method, "/wrong", if who.is_some() { AWAY } else { HERE });
            for (name, value) in &says {
                call = call.with(name, value);
            }
            let mut is_taken = is_taken;
            if let Some((name, value)) = who {
                call = call.with(name, value);
                // No browser says that by itself.
                is_taken |= name == "authorization";
            }
            let said = house.ask(call).await;
            let expected = if is_taken {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(said.status, expected, "{method} {says:?} {who:?}");
        }
    }
    // Reading is what was configured.
    let dash = call("GET", "/v1/answer", HERE)
        .with("sec-fetch-site", "cross-site")
        .with("origin", "https://dash.example.com");
    let said = house.ask(dash).await;
    assert_eq!(said.status, StatusCode::OK);
    assert_eq!(
        said.header("access-control-allow-origin"),
        "https://dash.example.com"
    );
    let said = house
        .ask(call("GET", "/v1/answer", HERE).with("origin", "https://evil.example.com"))
        .await;
    assert_eq!(said.header("access-control-allow-origin"), "");
}
