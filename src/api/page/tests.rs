//! The page in one process: who sees what at which address. What it looks like is tested beside the
//! renderer, what a browser makes of it in `tests/page`.

use std::collections::BTreeMap;

use axum::Extension;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use jiff::Timestamp;
use tower::ServiceExt;

use super::*;
use crate::access::{Reader, Scopes, Through};
use crate::api::Settings;
use crate::ask::tests::lake;
use crate::ask::{Lake, Why};
use crate::ledger::Ledger;
use crate::link::Link;
use crate::visibility::{Audience, Standing};

mod busy;
mod readers;
mod slow;
mod wrong;

/// Finer than a millisecond, as the clock is: whole ones are moments that somebody asked about.
fn now() -> Timestamp {
    "2026-11-20T12:00:00.000123Z".parse().unwrap()
}

async fn open() -> Result<Why, Failure> {
    let catalog = lake().join("lake").join("why.toml");
    Why::open(&catalog, &BTreeMap::new()).await
}

/// A page over acme's lake, with what it keeps in a folder of its own.
struct Site {
    api: Arc<Api>,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
struct Seen {
    status: StatusCode,
    location: String,
    content_type: String,
    body: String,
}

async fn site() -> Site {
    site_over(Lake::opened(Arc::new(open().await.unwrap()))).await
}

async fn site_over(lake: Lake) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::sqlite(&folder.path().join("state.sqlite"))
        .await
        .unwrap();
    let api = Api {
        lake,
        ledger,
        queue: None,
        settings: Settings::default(),
        now,
    };
    Site {
        api: Arc::new(api),
        _folder: folder,
    }
}

impl Site {
    async fn call(&self, reader: Reader, link: Option<Link>, request: Request<Body>) -> Response {
        let router = router(self.api.clone()).layer(Extension(reader));
        let router = match link {
            Some(link) => router.layer(Extension(link)),
            None => router,
        };
        router.oneshot(request).await.unwrap()
    }

    async fn get_as(&self, reader: Reader, address: &str) -> Seen {
        let request = Request::get(address).body(Body::empty()).unwrap();
        seen(self.call(reader, None, request).await).await
    }

    async fn get(&self, address: &str) -> Seen {
        self.get_as(Reader::operator(), address).await
    }

    /// What the audit says, newest first: who, what, how it ended.
    async fn audit(&self) -> Vec<String> {
        let lines = self.api.ledger.accesses(20, now()).await.unwrap();
        let told = lines.iter().map(|line| {
            let entity = line
                .entity_id
                .map(|id| format!("#{id}"))
                .unwrap_or_default();
            let attribute = line.attribute.clone().unwrap_or_default();
            format!("{} {entity} {attribute} {}", line.user, line.outcome)
        });
        told.collect()
    }
}

async fn seen(response: Response) -> Seen {
    let header = |name: header::HeaderName| {
        let value = response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    let (location, content_type) = (header(header::LOCATION), header(header::CONTENT_TYPE));
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Seen {
        status,
        location,
        content_type,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

impl Seen {
    /// What stands in the first heading, without marks.
    fn h1(&self) -> String {
        let h1 = self
            .body
            .split("<h1")
            .nth(1)
            .unwrap_or_else(|| panic!("{self:?}"));
        let h1 = h1.split_once('>').unwrap().1.split("</h1>").next().unwrap();
        let mut text = String::new();
        let mut inside = false;
        for c in h1.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ if inside => {}
                _ => text.push(c),
            }
        }
        text
    }
}

#[tokio::test]
async fn words_lead_to_the_address_of_their_answer() {
    let site = site().await;
    let rows = [
        ("acme+revenue", "/companies/17/revenue"),
        (
            "why+is+acme%27s+revenue+12M%3F",
            "/companies/17/revenue?expected=12M",
        ),
        (
            "acme+revenue+as+of+2025-03-01",
            "/companies/17/revenue?as_of=2025-03-01",
        ),
        (
            "acme+revenue+since+2026-06-01",
            "/companies/17/revenue?look_back=since+2026-06-01",
        ),
        (
            "acme+revenue+full+history",
            "/companies/17/revenue?look_back=all",
        ),
        ("acme", "/companies/17"),
        ("%2317+as+of+2025-03-01", "/companies/17?as_of=2025-03-01"),
        (
            "acme+changes+since+2026-11-01",
            "/companies/17?since=2026-11-01",
        ),
        (
            "revenue+of+acme+and+brightwater",
            "/compare?entity=17&attribute=revenue&with=52",
        ),
    ];
    for (words, address) in rows {
        let seen = site.get(&format!("/?q={words}")).await;
        assert_eq!(
            (seen.status, seen.location.as_str()),
            (StatusCode::SEE_OTHER, address),
            "{words}"
        );
        let answered = site.get(address).await;
        assert_eq!(
            answered.status,
            StatusCode::OK,
            "{address}: {}",
            answered.body
        );
    }
}

#[tokio::test]
async fn each_address_says_what_it_stands_for() {
    let site = site().await;
    let rows = [
        ("/", "Why does this company have this value?"),
        (
            "/companies/17/revenue",
            "Acme Corporation \u{b7} revenue: 12.4M USD, since ",
        ),
        (
            "/companies/17/revenue?as_of=2025-03-01",
            "Acme Corporation \u{b7} revenue on 2025-03-01: ",
        ),
        (
            "/companies/17/revenue/history",
            "History of Acme Corporation \u{b7} revenue",
        ),
        ("/companies/17", "Acme Corporation #17"),
        ("/companies/17?since=2025-01-01", "Acme Corporation: "),
        (
            "/compare?entity=17&attribute=revenue&and=2025-03-01",
            "Acme Corporation \u{b7} revenue",
        ),
        (
            "/compare?entity=acme&attribute=employees&with=Brightwater",
            "employees: Acme Corporation and Brightwater",
        ),
        ("/wrong?question=%2317+revenue", "What looks wrong?"),
        ("/wrong?question=%2317+revenue&done=1", "Reported"),
        (
            "/companies/17/revenue?as_of=2022-12-31",
            "Acme Corporation \u{b7} revenue on 2022-12-31: no decision found",
        ),
    ];
    for (address, said) in rows {
        let seen = site.get(address).await;
        assert_eq!(seen.status, StatusCode::OK, "{address}");
        assert!(seen.content_type.starts_with("text/html"), "{address}");
        assert!(seen.h1().starts_with(said), "{address}: {}", seen.h1());
    }
}

#[tokio::test]
async fn what_is_not_answered_has_a_status_and_says_what_to_do() {
    let site = site().await;
    let rows = [
        ("/?q=nobody+at+all+revenue", 404, "I know no company"),
        ("/companies/99999/revenue", 404, "I know no company"),
        ("/companies/17/colour", 404, "There is no attribute"),
        ("/companies/17/revenue?as_of=someday", 400, ""),
        (
            "/companies/17/revenue?as_of=2099-01-01",
            400,
            "2099-01-01 lies in the future",
        ),
        ("/companies/17/revenue?look_back=long", 400, ""),
        ("/companies/acme/revenue", 404, "There is no such page."),
        ("/companies/17?since=someday", 400, ""),
        ("/companies/17/revenue/history?from=someday", 400, ""),
        ("/companies/17/revenue/history?cause=bogus", 400, ""),
        (
            "/companies/17/revenue/history?from=2026-01-01&to=2025-01-01",
            400,
            "This period ends before it begins.",
        ),
        ("/no/such/page", 404, "There is no such page."),
        ("/compare", 400, "To compare"),
        ("/compare?entity=17&attribute=revenue", 400, "To compare"),
        ("/wrong", 400, "Which value looks wrong?"),
        ("/links/t0k3n", 404, "This link opens nothing."),
    ];
    for (address, status, said) in rows {
        let seen = site.get(address).await;
        assert_eq!(seen.status.as_u16(), status, "{address}");
        assert!(seen.h1().starts_with(said), "{address}: {}", seen.h1());
    }
    assert_eq!(
        site.get("/assets/page.0.css").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn choices_are_links_that_ask_on() {
    let site = site().await;
    let seen = site
        .get("/compare?entity=17&attribute=revenue&with=acme+tools")
        .await;
    assert_ne!(seen.status, StatusCode::OK, "{}", seen.h1());
    let start = "href=\"/compare?entity=17&amp;attribute=revenue&amp;with=";
    assert!(seen.body.contains(start), "{}", seen.body);
}

#[tokio::test]
async fn an_attribute_that_is_not_there_is_chosen_anew() {
    let site = site().await;
    let seen = site
        .get("/compare?entity=17&attribute=revnue&and=2025-03-01")
        .await;
    assert_eq!(seen.status, StatusCode::NOT_FOUND, "{}", seen.h1());
    let choice = "href=\"/compare?entity=17&amp;attribute=revenue&amp;and=2025-03-01\"";
    assert!(seen.body.contains(choice), "{}", seen.body);
}

/// As the API says it, whichever time is named first.
#[tokio::test]
async fn two_times_far_apart_have_every_change_between_them() {
    let site = site().await;
    for address in [
        "/compare?entity=17&attribute=revenue&at=2023-06-01&and=2026-11-01",
        "/compare?entity=17&attribute=revenue&at=2026-11-01&and=2023-06-01",
    ] {
        let seen = site.get(address).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        let between = seen.body.split("What changed between").nth(1).unwrap();
        let listed = between.split("</ol>").next().unwrap();
        assert!(listed.contains("2024-"), "{address}: {listed}");
        assert!(!listed.contains("not known"), "{address}: {listed}");
    }
}

#[tokio::test]
async fn what_is_kept_of_a_filtered_history_is_what_is_listed() {
    let site = site().await;
    let path = "/companies/17/revenue/history?cause=override&from=2024-01-01&to=2026-12-31";
    let seen = site.get(path).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    let kept = "/v1/entities/17/attributes/revenue/changes?format=csv&amp;cause=override&amp;from=2024-01-01\"";
    assert!(seen.body.contains(kept), "{}", seen.body);
    let odd = site
        .get("/companies/17/revenue/history?source=nobody")
        .await;
    let chosen = "<option value=\"nobody\" selected>nobody</option>";
    assert!(odd.body.contains(chosen), "{}", odd.body);
    assert!(odd.body.contains("No change fits"), "{}", odd.body);
}

/// The page's list, the API's, and what the page offers to be downloaded.
#[tokio::test]
async fn a_filter_keeps_the_same_changes_on_the_page_in_the_list_and_in_what_is_downloaded() {
    let site = site().await;
    let api = crate::api::v1::router(site.api.clone()).layer(Extension(Reader::operator()));
    let listed = async |uri: &str| {
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let seen = seen(api.clone().oneshot(request).await.unwrap()).await;
        assert_eq!(seen.status, StatusCode::OK, "{uri}: {}", seen.body);
        seen.body
    };
    let mut counts = Vec::new();
    for filter in [
        "",
        "cause=override",
        "cause=override,overtaken",
        "source=crm",
        "source=CRM",
        "source=nobody",
        "actor=golden-record+pipeline",
        "from=2024",
        "from=2024-06-01&to=2025-03-01",
        "from=2024-01-01T00:00:00Z&to=2025-03-01T12:00:00Z",
        "cause=override&from=2023&source=crm",
    ] {
        let path = format!("/companies/17/revenue/history?{filter}");
        let seen = site.get(&path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.body);
        let list = seen
            .body
            .split("<ol class=\"changes whole\">")
            .nth(1)
            .unwrap();
        let shown = list.split("</ol>").next().unwrap().matches("<li").count();
        let json = listed(&format!(
            "/v1/entities/17/attributes/revenue/changes?{filter}"
        ))
        .await;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let csv = seen.body.split("href=\"/v1/").nth(1).unwrap();
        let csv = csv.split('"').next().unwrap().replace("&amp;", "&");
        let csv = listed(&format!("/v1/{csv}")).await;
        assert_eq!(json["changes"].as_array().unwrap().len(), shown, "{filter}");
        assert_eq!(csv.lines().count() - 1, shown, "{filter}: {csv}");
        counts.push(shown);
    }
    // They tell something apart.
    counts.dedup();
    assert!(counts.len() > 4 && counts.contains(&0), "{counts:?}");
}

#[tokio::test]
async fn nothing_is_sent_to_a_page_that_is_only_read() {
    let site = site().await;
    let request = Request::post("/companies/17").body(Body::empty()).unwrap();
    let seen = seen(site.call(Reader::operator(), None, request).await).await;
    assert_eq!(seen.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(seen.h1().starts_with("A page is opened"), "{}", seen.h1());
}

#[tokio::test]
async fn odd_parameters_break_nothing() {
    let site = site().await;
    let long = "x".repeat(5_000);
    let odd = [
        "%00",
        "%ff%fe",
        "'%20OR%201=1--",
        "%3Cscript%3E",
        "../../etc/passwd",
        "%0d%0aSet-Cookie:%20a=b",
        "",
        "%",
        "+",
        "%F0%9F%92%A9",
        long.as_str(),
    ];
    for odd in odd {
        for address in [
            format!("/?q={odd}"),
            format!("/companies/17/revenue?as_of={odd}"),
            format!("/companies/17/revenue?expected={odd}"),
            format!("/companies/17/revenue?look_back={odd}"),
            format!(
                "/companies/17/revenue/history?cause={odd}&source={odd}&actor={odd}&from={odd}&to={odd}&page={odd}"
            ),
            format!("/companies/17?since={odd}"),
            format!("/compare?entity={odd}&attribute={odd}&at={odd}&and={odd}&with={odd}"),
            format!("/wrong?question={odd}&done={odd}"),
        ] {
            let seen = site.get(&address).await;
            assert!(seen.status.as_u16() < 500, "{address}: {}", seen.status);
            assert!(!seen.body.contains("<script>"), "{address}");
            assert!(!seen.location.contains(['\r', '\n']), "{address}");
        }
    }
    for path in [
        "/companies/%00/revenue",
        "/companies/17/%3Cscript%3E",
        "/companies/-9223372036854775808/revenue",
        "/companies/17/%ff",
    ] {
        let seen = site.get(path).await;
        assert!(seen.status.is_client_error(), "{path}: {}", seen.status);
        assert!(!seen.body.contains("<script>"), "{path}");
    }
}
