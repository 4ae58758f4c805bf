//! Who × route × attribute: everybody that may come, at every route, about what everybody may see
//! and what hardly anybody may.
//!
//! One list of routes ([`ROUTES`]) and one of people ([`people`]); what is expected of each pair
//! follows from what stands in both. A route that is added is added here.

use jiff::Timestamp;
use why::ledger::Ledger;
use why::link::{Key, Link};
use why::visibility::{Audience, Standing};

use super::issuer::{AUDIENCE, Issuer, clock};
use super::{Call, GROUP, NAMED, Said, Served, state};

/// What a route shows of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// To everybody, and nothing of the lake.
    Nothing,
    /// There is no such route: that is said to those who may ask.
    NoRoute,
    /// To those who may see the attribute, why it has its value; to others that it is restricted.
    Reasons,
    /// The same, but no reasons.
    About,
    /// To all who may ask; those who may not see an attribute don't see it there.
    List,
}

/// One that is there answers 2xx or sends on.
struct Route {
    method: &'static str,
    /// `{attribute}` stands for its name.
    path: &'static str,
    /// JSON for the API, a form for the page.
    body: &'static str,
    shows: Shows,
}

const fn get(path: &'static str, shows: Shows) -> Route {
    Route {
        method: "GET",
        path,
        body: "",
        shows,
    }
}

const fn post(path: &'static str, body: &'static str, shows: Shows) -> Route {
    Route {
        method: "POST",
        path,
        body,
        shows,
    }
}

const ROUTES: &[Route] = &[
    get("/sign-in", Shows::Nothing),
    get("/docs", Shows::Nothing),
    get("/openapi.json", Shows::Nothing),
    get("/v1/answer?q=%2317+{attribute}", Shows::Reasons),
    get("/v1/answer?entity=17&attribute={attribute}", Shows::Reasons),
    get("/v1/entities?q=acme", Shows::List),
    get("/v1/entities/17", Shows::List),
    get(
        "/v1/entities/17/attributes/{attribute}/changes",
        Shows::Reasons,
    ),
    get(
        "/v1/compare?entity=17&attribute={attribute}&at=2026-01-01",
        Shows::About,
    ),
    get("/v1/catalog", Shows::List),
    post(
        "/v1/feedback",
        "{\"question\": \"#17 {attribute}\", \"wrong\": \"too low\"}",
        Shows::About,
    ),
    get("/", Shows::List),
    get("/companies/17", Shows::List),
    get("/companies/17/{attribute}", Shows::Reasons),
    get("/companies/17/{attribute}/history", Shows::Reasons),
    get(
        "/compare?entity=17&attribute={attribute}&at=2026-01-01&and=2026-09-01",
        Shows::About,
    ),
    get("/wrong?question=%2317+{attribute}", Shows::About),
    post(
        "/wrong",
        "question=%2317+{attribute}&wrong=too+low",
        Shows::About,
    ),
    get("/v1/no-such-route?attribute={attribute}", Shows::NoRoute),
    post("/v1/no-such-route", "{}", Shows::NoRoute),
    get("/no-such-page/{attribute}", Shows::NoRoute),
    post("/no-such-page", "", Shows::NoRoute),
];

/// Everybody may see it.
const OPEN: &str = "revenue";
/// Those may whom the catalog names.
const LIMITED: &str = "credit_limit";
/// Stands in the history of the limited one only.
const ITS_REASON: &str = "Leeds";

/// Somebody who comes.
struct Who {
    name: String,
    headers: Vec<(&'static str, String)>,
    is: Is,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    /// Nobody is known by that.
    Nobody,
    Somebody {
        ask: bool,
        feedback: bool,
        /// The attribute that hardly anybody may see.
        sees_limited: bool,
    },
}

const fn reads(sees_limited: bool) -> Is {
    Is::Somebody {
        ask: true,
        feedback: true,
        sees_limited,
    }
}

/// Tokens are made and revoked on the command line, beside the server that runs.
fn people(served: &Served, issuer: &Issuer) -> Vec<Who> {
    let mut people = Vec::new();
    let mut add = |name: &str, headers: &[(&'static str, &str)], is| {
        let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned()));
        people.push(Who {
            name: name.to_owned(),
            headers: headers.collect(),
            is,
        });
    };
    let host = served.address.to_string();
    add("whoever sits here", &[], reads(true));
    for (name, header, value) in [
        ("a tunnel", "Host", "abc.ngrok.app"),
        (
            "another's name for this address",
            "Host",
            "evil.example.com",
        ),
        ("a proxy", "X-Forwarded-For", "203.0.113.7"),
        ("an honest proxy", "Forwarded", "for=203.0.113.7"),
        ("a login of a proxy", "Authorization", "Basic aHVzaDpodXNo"),
    ] {
        add(name, &[(header, value)], Is::Nobody);
    }
    let named = format!("--user {NAMED}");
    let grouped = format!("--user U0SOMEBODY --group {GROUP}");
    for (name, flags, is) in [
        ("member", "--user U0SOMEBODY".to_owned(), reads(false)),
        ("named", named.clone(), reads(true)),
        ("grouped", grouped.clone(), reads(true)),
        (
            "other-group",
            "--user U0SOMEBODY --group S0OTHER".to_owned(),
            reads(false),
        ),
        (
            "outsider",
            format!("{named} --group {GROUP} --outsider"),
            reads(false),
        ),
        (
            "asks-only",
            format!("{named} --scope ask"),
            Is::Somebody {
                ask: true,
                feedback: false,
                sees_limited: true,
            },
        ),
        (
            "says-only",
            format!("{named} --scope feedback"),
            Is::Somebody {
                ask: false,
                feedback: true,
                sees_limited: true,
            },
        ),
    ] {
        let token = served.token(&format!("token create {name} {flags}"));
        let bearer = format!("Bearer {token}");
        add(&format!("token {name}"), &[("Authorization", &bearer)], is);
        let cookie = format!("__Host-why_session={token}");
        // From elsewhere: who sits here, is known by that as well.
        let elsewhere = [("Cookie", &*cookie), ("Host", "why.example.com")];
        add(&format!("cookie {name}"), &elsewhere, is);
    }
    let old = "--now 2020-01-01T00:00:00Z token create expired --user U0BRANDT1 --expires 1d";
    let expired = served.token(old);
    let revoked = served.token(&format!("token create revoked {named}"));
    served.token("token revoke revoked");
    for (name, token) in [
        ("expired", &*expired),
        ("revoked", &revoked),
        ("wrong", "why_hush"),
    ] {
        let bearer = format!("Bearer {token}");
        add(
            &format!("token {name}"),
            &[("Authorization", &bearer)],
            Is::Nobody,
        );
        let cookie = format!("why_session={token}");
        let elsewhere = [("Cookie", &*cookie), ("X-Forwarded-For", "203.0.113.7")];
        add(&format!("cookie {name}"), &elsewhere, Is::Nobody);
    }
    for (name, user, groups, sees) in [
        ("issuer's member", "U0SOMEBODY", &[][..], false),
        ("issuer's named", NAMED, &[], true),
        ("issuer's grouped", "U0OTHER", &[GROUP], true),
    ] {
        let token = issuer.sign(&issuer.claims(user, groups));
        let bearer = format!("Bearer {token}");
        add(name, &[("Authorization", &bearer)], reads(sees));
    }
    for (name, token) in issuer.forgeries(NAMED) {
        let bearer = format!("Bearer {token}");
        add(
            &format!("issuer's {name}"),
            &[("Authorization", &bearer), ("Host", &host)],
            Is::Nobody,
        );
    }
    people
}

/// Whoever it is, what they are told.
fn check(who: &Who, route: &Route, attribute: &str, said: &Said) {
    let place = format!(
        "{} at {} {} about {attribute}",
        who.name, route.method, route.path
    );
    let is_api = route.path.starts_with("/v1");
    let reads = route.method == "GET";
    let (may, sees) = match who.is {
        Is::Nobody => (None, false),
        Is::Somebody {
            ask,
            feedback,
            sees_limited,
        } => (
            Some(match (reads, is_api) {
                (true, _) => ask,
                // The answer stands in the page's form.
                (false, false) if route.path == "/wrong" => ask && feedback,
                (false, _) => feedback,
            }),
            attribute == OPEN || sees_limited,
        ),
    };
    let is_well = |status: u16| status < 300 || (status == 303 && !reads);
    let expected = match (route.shows, may) {
        (Shows::Nothing, _) => 200,
        (_, None) if is_api => 401,
        (_, None) => 303,
        (_, Some(false)) => 403,
        (Shows::NoRoute, Some(true)) => 404,
        (Shows::Reasons | Shows::About, Some(true)) if !sees => 403,
        (Shows::Reasons | Shows::About | Shows::List, Some(true)) if is_well(said.status) => {
            said.status
        }
        (Shows::Reasons | Shows::About | Shows::List, Some(true)) => 200,
    };
    assert_eq!(
        said.status, expected,
        "{place}\n{}\n{}",
        said.head, said.body
    );
    if expected == 401 {
        let challenge = said.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer realm="), "{place}");
        assert_eq!(
            said.header("content-type"),
            Some("application/problem+json")
        );
    }
    if may.is_none() && expected == 303 {
        let form = said.header("location").unwrap_or_default();
        assert!(form.starts_with("/sign-in?next="), "{place}: {form}");
    }
    let shows = said.body.contains(ITS_REASON);
    assert!(
        !shows || (sees && attribute == LIMITED),
        "{place} shows it\n{}",
        said.body
    );
    if route.shows == Shows::Reasons && expected == 200 && attribute == LIMITED {
        assert!(shows, "{place} does not show it\n{}", said.body);
    }
}

#[tokio::test]
async fn everybody_gets_at_every_route_what_is_theirs_and_nobody_more() {
    let issuer = Issuer::start().await;
    let variables = [
        ("WHY_OIDC_ISSUER", &*issuer.url),
        ("WHY_OIDC_AUDIENCE", AUDIENCE),
    ];
    let served = Served::start(state("access"), &variables);
    let people = people(&served, &issuer);
    assert!(people.len() > 30);
    for who in &people {
        for route in ROUTES {
            for attribute in [OPEN, LIMITED] {
                let path = route.path.replace("{attribute}", attribute);
                let mut call = Call::new(route.method, &path);
                call.body = route.body.replace("{attribute}", attribute);
                if !call.body.is_empty() {
                    let is_json = call.body.starts_with('{');
                    let kind = if is_json {
                        "json"
                    } else {
                        "x-www-form-urlencoded"
                    };
                    call = call.with("Content-Type", &format!("application/{kind}"));
                }
                for (name, value) in &who.headers {
                    call = call.with(name, value);
                }
                check(who, route, attribute, &call.send(served.address).await);
            }
        }
    }
    let log = served.log();
    for who in &people {
        for (name, value) in &who.headers {
            if matches!(*name, "Authorization" | "Cookie") {
                let secret = value.split(['=', ' ']).nth(1).unwrap();
                assert!(
                    !log.contains(secret),
                    "{} of {} is in the log",
                    name,
                    who.name
                );
            }
        }
    }
    assert!(log.contains("\"outcome\":\"bad_token\""), "{log}");
}

/// Whatever else is said beside it, and whoever else opens it.
#[tokio::test]
async fn a_link_opens_the_answer_that_it_was_made_for_and_no_other() {
    let served = Served::start(state("opened"), &[]);
    let key = link_key(&served).await;
    let named = link("#17 credit_limit as of 2026-09-01T00:00:00Z", 600);
    let text = named.sign(&key);
    for asked in [
        "",
        "?as_of=2024-01-01",
        "?attribute=revenue&entity=18",
        "?q=bolt+revenue",
    ] {
        for end in ["", "/answer.json", "/changes.csv"] {
            let path = format!("/links/{text}{end}{asked}");
            let call = Call::new("GET", &path).with("Host", "why.example.com");
            let said = call.send(served.address).await;
            assert_eq!(said.status, 200, "{path}\n{}", said.body);
            assert!(said.body.contains(ITS_REASON), "{path}\n{}", said.body);
            assert_eq!(said.header("referrer-policy"), Some("no-referrer"));
        }
    }
    // Made for somebody who may not see it, it shows that it is restricted, also to whoever may.
    let outsider = Link {
        audience: Audience::Person {
            user: NAMED.to_owned(),
            groups: vec![GROUP.to_owned()],
            channel: None,
            standing: Standing::Outsider,
        },
        ..named
    };
    let path = format!("/links/{}", outsider.sign(&key));
    let said = Call::new("GET", &path).send(served.address).await;
    assert_eq!(said.status, 403, "{}", said.body);
    assert!(!said.body.contains(ITS_REASON), "{}", said.body);
}

async fn link_key(served: &Served) -> Key {
    let ledger = Ledger::sqlite(&served.state).await.unwrap();
    ledger.link_key().await.unwrap()
}

fn link(question: &str, seconds: i64) -> Link {
    Link {
        question: question.to_owned(),
        audience: Audience::Person {
            user: NAMED.to_owned(),
            groups: Vec::new(),
            channel: None,
            standing: Standing::Member,
        },
        expires_at: Timestamp::from_second(clock().as_second() + seconds).unwrap(),
    }
}

#[tokio::test]
async fn a_link_that_was_not_made_here_as_it_is_opens_nothing_and_is_not_logged() {
    let served = Served::start(state("links"), &[]);
    let key = link_key(&served).await;
    let question = "#17 credit_limit as of 2026-09-01T00:00:00Z";
    let good = link(question, 600).sign(&key);
    let other = link("#18 revenue as of 2026-09-01T00:00:00Z", 600).sign(&key);
    let (payload, _) = good.split_once('.').unwrap();
    let (_, tag) = other.split_once('.').unwrap();
    let forged = link(question, 600).sign(&Key::new([1; 32]).unwrap());
    for (text, expected) in [
        (link(question, -1).sign(&key), 410),
        (forged, 404),
        (format!("{payload}.{tag}"), 404),
        (format!("{good}A"), 404),
        (good.to_lowercase(), 404),
        (String::new(), 404),
    ] {
        for end in ["", "/answer.json", "/changes.csv"] {
            let path = format!("/links/{text}{end}");
            let said = Call::new("GET", &path).send(served.address).await;
            assert_eq!(said.status, expected, "{path}\n{}", said.body);
            assert!(!said.body.contains(ITS_REASON), "{}", said.body);
        }
        assert!(text.is_empty() || !served.log().contains(&text), "{text}");
    }
    // It is a key to one door.
    for (name, value) in [
        ("Authorization", format!("Bearer {good}")),
        ("Cookie", format!("__Host-why_session={good}")),
    ] {
        let call = Call::new("GET", "/v1/no-such-route").with("Host", "why.example.com");
        let said = call.with(name, &value).send(served.address).await;
        assert_eq!(said.status, 401, "{name}");
    }
    assert!(!served.log().contains(&good));
}

#[tokio::test]
async fn another_page_can_not_make_a_browser_here_say_or_sign_in_anything() {
    let served = Served::start(state("csrf"), &[]);
    let token = served.token("token create victim --user U1");
    let own = format!("http://{}", served.address);
    for (origin, site, expected) in [
        (None, None, 404),
        (Some(&*own), Some("same-origin"), 404),
        (Some("null"), Some("same-origin"), 404),
        (Some("https://evil.example.com"), Some("cross-site"), 403),
        (Some("https://evil.example.com"), None, 403),
        (Some("null"), None, 403),
        (None, Some("cross-site"), 403),
    ] {
        let said_so = |mut call: Call| {
            if let Some(origin) = origin {
                call = call.with("Origin", origin);
            }
            match site {
                Some(site) => call.with("Sec-Fetch-Site", site),
                None => call,
            }
        };
        let call = said_so(Call::new("POST", "/v1/no-such-route"));
        let said = call.send(served.address).await;
        assert_eq!(said.status, expected, "{origin:?} {site:?}");
        let form = format!("token={token}&next=%2F");
        let call = said_so(Call::new("POST", "/sign-in").form(&form));
        let said = call.send(served.address).await;
        let signed_in = said.header("set-cookie").is_some();
        assert_eq!(
            signed_in,
            expected != 403,
            "{origin:?} {site:?} {}",
            said.body
        );
    }
    assert!(!served.log().contains(&token));
}
