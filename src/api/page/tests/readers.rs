//! Who × address: each sees what the catalog shows them, and it is written down.

use super::*;

fn person(user: &str, standing: Standing, may: Scopes) -> Reader {
    Reader {
        name: user.to_lowercase(),
        audience: Audience::Person {
            user: user.to_owned(),
            groups: Vec::new(),
            channel: None,
            standing,
        },
        may,
        through: Through::Token,
    }
}

const ALL: Scopes = Scopes {
    ask: true,
    feedback: true,
};

#[tokio::test]
async fn a_restricted_attribute_is_shown_to_those_it_names_at_every_address() {
    let site = site().await;
    let readers = [
        (Reader::operator(), true),
        (person("U0BRANDT1", Standing::Member, ALL), true),
        (person("U0SOMEBODY", Standing::Member, ALL), false),
        (person("U0BRANDT1", Standing::Outsider, ALL), false),
    ];
    let addresses = [
        "/companies/17/credit_limit",
        "/companies/17/credit_limit?as_of=2026-09-01",
        "/companies/17/credit_limit/history",
        "/compare?entity=17&attribute=credit_limit&and=2026-06-01",
        "/compare?entity=17&attribute=credit_limit&with=52",
        "/wrong?question=%2317+credit_limit",
    ];
    let value = site.get("/companies/17/credit_limit").await.h1();
    let value = value
        .split(": ")
        .nth(1)
        .unwrap()
        .split(" USD")
        .next()
        .unwrap()
        .to_owned();
    for (reader, may) in readers {
        for address in addresses {
            let seen = site.get_as(reader.clone(), address).await;
            let status = if may {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(seen.status, status, "{} {address}", reader.name);
            assert_eq!(seen.body.contains(&value), may, "{} {address}", reader.name);
        }
        let glance = site.get_as(reader.clone(), "/companies/17").await;
        assert_eq!(glance.body.contains(&value), may, "{}", reader.name);
        let changes = site
            .get_as(reader.clone(), "/companies/17?since=2023-01-01")
            .await;
        assert_eq!(changes.body.contains(&value), may, "{}", reader.name);
        // Nor is it offered while they type.
        let offered = site
            .get_as(reader.clone(), "/")
            .await
            .body
            .contains("credit_limit=");
        assert_eq!(offered, may, "{}", reader.name);
    }
}

#[tokio::test]
async fn a_source_that_is_not_named_has_another_name_for_outsiders() {
    let site = site().await;
    let address = "/companies/17/industry/history";
    let member = site
        .get_as(person("U1", Standing::Member, ALL), address)
        .await;
    let outsider = site
        .get_as(person("U1", Standing::Outsider, ALL), address)
        .await;
    assert!(member.body.contains("data vendor"), "{}", member.body);
    assert!(!outsider.body.contains("data vendor"), "{}", outsider.body);
    assert!(!outsider.body.contains("\"vendor\""), "{}", outsider.body);
}

#[tokio::test]
async fn who_may_not_ask_sees_no_page() {
    let site = site().await;
    let nobody = person("U1", Standing::Member, Scopes::default());
    for address in [
        "/",
        "/?q=acme",
        "/companies/17",
        "/companies/17/revenue",
        "/companies/17/revenue/history",
        "/wrong?question=%2317+revenue",
        "/compare?entity=17&attribute=revenue&and=2025-01-01",
    ] {
        let seen = site.get_as(nobody.clone(), address).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{address}");
        assert!(!seen.body.contains("12.4M"), "{address}");
        assert!(!seen.body.contains("role=\"search\""), "{address}");
    }
}

#[tokio::test]
async fn every_answer_and_every_refusal_is_written_down() {
    let site = site().await;
    let jane = person("U1", Standing::Member, ALL);
    for address in [
        "/companies/17/revenue",
        "/companies/17/credit_limit",
        "/companies/18",
        "/?q=nobody+at+all+revenue",
    ] {
        site.get_as(jane.clone(), address).await;
    }
    let told = site.audit().await;
    for line in [
        "U1 (token u1) #17 revenue answered",
        "U1 (token u1) #17 credit_limit restricted",
        "U1 (token u1) #18  answered",
        "U1 (token u1)   unknown_company",
    ] {
        assert!(told.iter().any(|t| t == line), "{line}: {told:#?}");
    }
}

fn link(question: &str) -> (Reader, Link) {
    let audience = Audience::Channel {
        channel: "C1".to_owned(),
        standing: Standing::Member,
    };
    let reader = Reader {
        name: "link".to_owned(),
        audience: audience.clone(),
        may: Scopes::default(),
        through: Through::Link,
    };
    let link = Link {
        question: question.to_owned(),
        audience,
        expires_at: now(),
    };
    (reader, link)
}

async fn followed(site: &Site, question: &str, address: &str) -> Seen {
    let (reader, link) = link(question);
    let request = Request::get(address).body(Body::empty()).unwrap();
    seen(site.call(reader, Some(link), request).await).await
}

#[tokio::test]
async fn a_signed_link_opens_its_one_answer_in_three_forms() {
    let site = site().await;
    let question = "#17 revenue as of 2025-03-01T10:00:00Z";
    let page = followed(&site, question, "/links/t0k3n").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.h1()
            .starts_with("Acme Corporation \u{b7} revenue at 2025-03-01 10:00 UTC: "),
        "{}",
        page.h1()
    );
    assert!(!page.body.contains("role=\"search\""));
    let json = followed(&site, question, "/links/t0k3n/answer.json").await;
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(json["question"]["as_of"], "2025-03-01T10:00:00.000Z");
    let csv = followed(&site, question, "/links/t0k3n/changes.csv").await;
    let changes = json["changes"].as_array().unwrap().len();
    assert_eq!(csv.body.lines().count(), changes + 1);
    assert!(csv.content_type.starts_with("text/csv"));
    let said = site.audit().await;
    assert!(
        said.iter().all(|line| line == "link #17 revenue answered"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_signed_link_shows_no_more_than_its_readers_may_see() {
    let site = site().await;
    for address in [
        "/links/t0k3n",
        "/links/t0k3n/answer.json",
        "/links/t0k3n/changes.csv",
    ] {
        let seen = followed(&site, "#17 credit_limit", address).await;
        assert!(seen.status.is_client_error(), "{address}: {}", seen.status);
        let seen = followed(&site, "#17 industry", address).await;
        assert!(!seen.body.contains("data vendor"), "{address}");
    }
    // Its holder asks nothing else.
    let (reader, link) = link("#17 revenue");
    let request = Request::get("/companies/17/employees")
        .body(Body::empty())
        .unwrap();
    let refused = seen(site.call(reader, Some(link), request).await).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
