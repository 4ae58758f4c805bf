//! Methods, tags, and what may be kept.

use super::*;

const PAST: &str = "/v1/answer?entity=17&attribute=revenue&as_of=2025-03-01";

#[tokio::test]
async fn the_same_answer_has_one_tag_and_is_not_sent_twice() {
    let site = site().await;
    for uri in [
        PAST,
        "/v1/answer?q=acme+revenue",
        "/v1/answer?q=acme",
        "/v1/entities?q=acme",
        "/v1/entities/17",
        "/v1/entities/17/attributes/revenue/changes",
        "/v1/entities/17/attributes/revenue/changes?format=csv",
        "/v1/compare?entity=17&attribute=revenue&at=2024-06-01",
        "/v1/catalog",
        "/openapi.json",
    ] {
        let (one, two) = (site.get(uri).await, site.get(uri).await);
        assert_eq!(one.status, 200, "{uri}");
        let tag = one.header("etag");
        assert!(
            tag.starts_with("W/\"") && two.header("etag") == tag,
            "{uri}"
        );
        let again = site.get_with(uri, &[("if-none-match", tag)]).await;
        assert_eq!(again.status, 304, "{uri}");
        assert_eq!(again.body, "");
        for header in ["etag", "cache-control", "vary"] {
            assert_eq!(again.header(header), one.header(header), "{uri} {header}");
        }
        let other = site.get_with(uri, &[("if-none-match", "\"x\"")]).await;
        assert_eq!(other.status, 200, "{uri}");
    }
    let json = site.get("/v1/entities/17/attributes/revenue/changes").await;
    let csv = site
        .get("/v1/entities/17/attributes/revenue/changes?format=csv")
        .await;
    assert_ne!(json.header("etag"), csv.header("etag"));
}

#[tokio::test]
async fn only_what_can_t_change_soon_may_be_kept_long() {
    let site = site().await;
    let settled = "private, max-age=3600, immutable";
    for (uri, kept) in [
        (PAST, settled),
        ("/v1/entities/17?as_of=2025-03-01", settled),
        (
            "/v1/compare?entity=17&attribute=revenue&at=2024-03-01&and=2025-03-01",
            settled,
        ),
        (
            "/v1/entities/17/attributes/revenue/changes?to=2025-03-01",
            settled,
        ),
        (
            "/v1/answer?entity=acme&attribute=revenue&as_of=2025-03-01",
            "private, max-age=60",
        ),
        (
            "/v1/answer?q=%2317+revenue+as+of+2025-03-01",
            "private, max-age=60",
        ),
        (
            "/v1/answer?entity=17&attribute=revenue&as_of=a+year+ago",
            "private, max-age=60",
        ),
        (
            "/v1/answer?entity=17&attribute=revenue&as_of=2026-11-19",
            "private, max-age=60",
        ),
        (
            "/v1/answer?entity=17&attribute=revenue&as_of=today",
            "private, max-age=10",
        ),
        (
            "/v1/compare?entity=17&attribute=revenue&at=2024-03-01",
            "private, max-age=10",
        ),
        ("/v1/answer?q=acme+revenue", "private, max-age=10"),
        ("/v1/catalog", "private, max-age=60"),
    ] {
        let seen = site.get(uri).await;
        assert_eq!(seen.header("cache-control"), kept, "{uri} {seen:?}");
    }
}

#[tokio::test]
async fn every_path_says_which_methods_it_takes() {
    let site = site().await;
    let reads = "GET, HEAD, OPTIONS";
    for (uri, allowed) in [
        ("/v1/answer?q=acme+revenue", reads),
        ("/v1/entities?q=acme", reads),
        ("/v1/entities/17", reads),
        ("/v1/entities/17/attributes/revenue/changes", reads),
        ("/v1/compare?entity=17&attribute=revenue&with=18", reads),
        ("/v1/catalog", reads),
        ("/openapi.json", reads),
        ("/v1/feedback", "POST, OPTIONS"),
    ] {
        let options = site.method(Method::OPTIONS, uri, &[]).await;
        assert_eq!(
            (options.status.as_u16(), options.header("allow")),
            (204, allowed),
            "{uri}"
        );
        let delete = site.method(Method::DELETE, uri, &[]).await;
        assert_eq!(delete.outcome(), "405 wrong_method", "{uri}");
        assert_eq!(delete.headers.get_all("allow").iter().count(), 1, "{uri}");
        assert_eq!(delete.header("allow"), allowed, "{uri}");
        if allowed == reads {
            let (get, head) = (
                site.get(uri).await,
                site.method(Method::HEAD, uri, &[]).await,
            );
            assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{uri}");
            for header in ["etag", "content-type", "cache-control"] {
                assert_eq!(head.header(header), get.header(header), "{uri} {header}");
            }
        }
    }
    let get = site.get("/v1/feedback").await;
    assert_eq!(get.outcome(), "405 wrong_method");
}
