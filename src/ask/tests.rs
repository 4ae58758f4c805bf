//! Questions over the lake of acme: what they ask for, and what comes back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::*;
use crate::answer::{Cause, Change};
use crate::engine;
use crate::error::Class;
use crate::import::{Import, LatestTable, Mode};
use crate::overview::State;
use crate::render::{json, text};

pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// What acme's decisions come to.
pub(crate) fn import_acme(into: &Path) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/acme");
    let import = Import {
        catalog: Some(data.join("why.toml")),
        decisions: data.join("decisions.jsonl"),
        entities: Some(data.join("entities.jsonl")),
        latest: LatestTable::Always,
        into: into.to_owned(),
        mode: Mode::Create,
        max_rejects: 0.0,
        rejects: None,
        now: now(),
    };
    import.run(&mut |_| {}).unwrap();
}

/// Imported once for all tests; lies in `lake`.
pub(crate) fn lake() -> &'static Path {
    static LAKE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let import = || {
        let folder = tempfile::tempdir().unwrap();
        import_acme(&folder.path().join("lake"));
        folder
    };
    LAKE.get_or_init(import).path()
}

pub(crate) async fn why() -> Why {
    let catalog = lake().join("lake").join("why.toml");
    Why::open(&catalog, &BTreeMap::new()).await.unwrap()
}

/// `Acme Corporation revenue`, `Acme Corporation at a glance`, or the failure's code and text.
fn asks_for(why: &Why, request: &Request) -> String {
    match why.names().intent(request, now()) {
        Ok(Intent::Attribute(question)) => {
            format!("{} {}", question.entity_name, question.attribute)
        }
        Ok(Intent::Overview(question)) => format!("{} at a glance", question.entity_name),
        Ok(Intent::Changes(question, since)) => {
            let since = since.strftime("%Y-%m-%d");
            format!("{} since {since}", question.entity_name)
        }
        Err(failure) => format!("{}: {}", failure.code, failure.text),
    }
}

#[tokio::test]
async fn words_ask_for_an_attribute_a_company_or_what_changed() {
    let why = why().await;
    let rows = [
        ("acme revenue", "Acme Corporation revenue"),
        ("acme", "Acme Corporation at a glance"),
        ("#17", "Acme Corporation at a glance"),
        ("acme as of 2025-03-01", "Acme Corporation at a glance"),
        ("acme changes", "Acme Corporation since 2026-11-13"),
        (
            "acme changes since yesterday",
            "Acme Corporation since 2026-11-19",
        ),
        (
            "what changed for acme since 2026-11-01",
            "Acme Corporation since 2026-11-01",
        ),
        (
            "what's new at acme this week",
            "Acme Corporation since 2026-11-16",
        ),
        (
            "acme changes in the last 30 days",
            "Acme Corporation since 2026-10-21",
        ),
        ("acme revenue changes", "Acme Corporation revenue"),
        ("changes", "missing_company: Which company's changes?"),
        ("revenue", "missing_company: Which company's revenue?"),
        (
            "revenue growth",
            "missing_company: Which company's revenue growth?",
        ),
        (
            "credit limit",
            "missing_company: Which company's credit limit?",
        ),
        ("legal name", "missing_company: Which company's legal name?"),
        (
            "number of employees",
            "missing_company: Which company's employees?",
        ),
        ("revenue partners revenue", "Revenue Partners Ltd revenue"),
        (
            "acme changes as of 2026-01-01 since 2026-02-01",
            "since_after_as_of: There is nothing between 2026-02-01 and 2026-01-01: the first comes later.",
        ),
    ];
    for (typed, expected) in rows {
        assert_eq!(asks_for(&why, &Request::new(typed)), expected, "{typed}");
    }
}

fn topic(attribute: Option<&str>) -> Option<About> {
    Some(About {
        entity_id: 18,
        attribute: attribute.map(str::to_owned),
    })
}

#[tokio::test]
async fn a_moment_alone_asks_the_last_question_of_the_thread_as_of_then() {
    let why = why().await;
    let now = now();
    let request = |topic| Request {
        topic,
        ..Request::new("as of 2024-01-01?")
    };
    let again = why
        .understand(&request(topic(Some("revenue"))), now)
        .unwrap();
    assert_eq!((again.entity_id, again.attribute.as_str()), (18, "revenue"));
    assert_eq!(again.as_of.to_string(), "2024-01-01T23:59:59.999Z");
    let since = Request {
        text: "since March 2024".to_owned(),
        ..request(topic(Some("revenue")))
    };
    let since = why.understand(&since, now).unwrap();
    assert_eq!(since.look_back.to_string(), "since 2024-03-01");
    assert_eq!(
        asks_for(&why, &request(topic(None))),
        "Acme Logistics GmbH at a glance"
    );
    assert!(asks_for(&why, &request(None)).starts_with("empty"));
}

#[tokio::test]
async fn words_without_a_company_are_about_the_topic() {
    let why = why().await;
    let rows = [
        ("headquarters?", "Acme Logistics GmbH headquarters"),
        ("and employees", "Acme Logistics GmbH employees"),
        ("And the employees?", "Acme Logistics GmbH employees"),
        ("what about revenue", "Acme Logistics GmbH revenue"),
        (
            "what changed since yesterday?",
            "Acme Logistics GmbH since 2026-11-19",
        ),
        ("acme revenue", "Acme Corporation revenue"),
        ("acme", "Acme Corporation at a glance"),
        ("full history", "Acme Logistics GmbH industry"),
        ("what about in 2024?", "Acme Logistics GmbH industry"),
        ("And last year?", "Acme Logistics GmbH industry"),
        ("expected 10M", "Acme Logistics GmbH industry"),
        // No moment and no span: there is no question.
        ("why?", "empty: There is no question."),
    ];
    for (typed, expected) in rows {
        let request = Request {
            topic: topic(Some("industry")),
            ..Request::new(typed)
        };
        assert_eq!(asks_for(&why, &request), expected, "{typed}");
    }
    let nonsense = Request {
        topic: topic(None),
        ..Request::new("zzzz qqqq")
    };
    assert!(asks_for(&why, &nonsense).starts_with("not_understood"));
    let misspelt = Request {
        topic: topic(None),
        ..Request::new("zzzzqq revenue")
    };
    assert!(asks_for(&why, &misspelt).starts_with("unknown_company"));
}

#[tokio::test]
async fn what_is_nearly_understood_is_offered() {
    let why = why().await;
    let fails = |typed: &str| why.understand(&Request::new(typed), now()).unwrap_err();
    let misspelt = fails("amce revenu");
    assert_eq!(misspelt.advice, "Did you mean revenue of one of these?");
    assert!(
        misspelt.matches[0].question.ends_with(" revenue"),
        "{misspelt:?}"
    );
    let foreign = fails("warum ist der Umsatz von Acme 12,4 Mio?");
    assert!(
        foreign.text.starts_with("I found no attribute in"),
        "{foreign}"
    );
    assert!(!foreign.matches.is_empty(), "{foreign:?}");
    let nonsense = fails("zzzz qqqq");
    assert!(nonsense.text.contains("neither"), "{nonsense}");
}

#[tokio::test]
async fn before_the_lake_begins_its_first_day_is_named() {
    let why = why().await;
    let request = Request::new("acme revenue as of 1999-01-01");
    let nothing = why.ask(&request, now()).await.unwrap().nothing.unwrap();
    assert!(nothing.outside_range);
    assert_eq!(nothing.lake_begins, Some(why.catalog.layout.first_date));
}

#[tokio::test]
async fn several_companies_are_asked_about_where_each_is_known() {
    let why = why().await;
    let rows: [(&str, &[&str]); 5] = [
        (
            "acme and kestrel revenue",
            &["\"acme\" revenue", "\"kestrel\" revenue"],
        ),
        (
            "revenue of acme and acme robotics",
            &["\"acme\" revenue", "\"acme robotics\" revenue"],
        ),
        (
            "acme revenue and employees",
            &["acme revenue", "acme employees"],
        ),
        (
            "revenue of acme and nobody",
            &["revenue of acme and nobody"],
        ),
        ("acme revenue", &["acme revenue"]),
    ];
    for (typed, expected) in rows {
        assert_eq!(why.several(typed, now()), expected, "{typed}");
    }
}

#[tokio::test]
async fn a_company_alone_is_each_of_its_attributes_as_its_answer_says() {
    let why = why().await;
    let response = why.respond(&Request::new("acme"), now()).await.unwrap();
    let Response::Overview(overview) = response else {
        panic!("{response:?}");
    };
    assert_eq!(overview.rows.len(), why.catalog.attributes.len());
    for row in &overview.rows {
        let request = Request::new(format!("#17 {}", row.attribute.name));
        let current = why.ask(&request, now()).await.unwrap().current;
        let shown = match &row.state {
            State::Served { display, .. } => Some(display.as_str()),
            State::Nothing => None,
            State::Restricted | State::Unread(_) => panic!("{row:?}"),
        };
        assert_eq!(
            shown,
            current.as_ref().map(|c| c.display.as_str()),
            "{row:?}"
        );
    }
    insta::assert_snapshot!(text::overview(&overview, &style()), @"
    Acme Corporation (#17), 2026-11-20 12:00 UTC
      revenue: 12.4M USD, at least since 2026-11-02
      revenue growth: 10.7 %, since 2026-03-02
      employees: 1,150 people, since 2026-10-05
      industry: Industrial machinery, since 2025-05-12
      headquarters: Springfield, Oregon, since 2023-02-27
      website: acme.com, at least since 2025-05-12
      founded: 1947 (as Acme Iron Works), at least since 2024-10-07
      incorporated: 1951-06-12, since 2023-02-14
      legal name: Acme Corporation, since 2023-09-18
      credit limit: 3M USD, since 2026-08-20
    ");
    let json = json::overview(&overview);
    assert_eq!(json.pointer("/attributes/0/state").unwrap(), "served");
}

#[tokio::test]
async fn how_new_the_lake_is_shows_once_something_was_read() {
    let why = why().await;
    assert_eq!(why.data_as_of(), None);
    let revenue = why.ask(&Request::new("acme revenue"), now()).await.unwrap();
    assert!(revenue.read.data_as_of.is_some());
    assert_eq!(why.data_as_of(), revenue.read.data_as_of);
    let old = Request::new("acme revenue as of 2024-01-01");
    why.ask(&old, now()).await.unwrap();
    assert!(why.data_as_of() >= revenue.read.data_as_of);
}

#[tokio::test]
async fn what_changed_is_what_the_answers_list() {
    let why = why().await;
    let request = Request::new("acme changes since 2026-01-01");
    let Response::Changes(changes) = why.respond(&request, now()).await.unwrap() else {
        panic!("no changes");
    };
    assert!(!changes.changes.is_empty());
    for (attribute, change) in &changes.changes {
        let question = format!("#17 {} full history", attribute.name);
        let answer = why.ask(&Request::new(question), now()).await.unwrap();
        let by_id = |own: &&Change| own.decision_id == change.decision_id;
        let own = answer.changes.iter().find(by_id).unwrap();
        assert_eq!((own.at, &own.to), (change.at, &change.to));
        let told = change.cause == Cause::NotRead || own == change;
        assert!(told, "{change:?} is {own:?}");
    }
    let text = text::changes(&changes, &style());
    let first = text.lines().next().unwrap();
    let many = changes.changes.len();
    assert_eq!(
        first,
        format!("Acme Corporation: {many} changes from 2026-01-01 to 2026-11-20 12:00 UTC")
    );
    assert!(
        text.contains("2026-10-05: employees 1,020 \u{2192} 1,150 people"),
        "{text}"
    );
    let json = json::changes(&changes);
    let listed = json.get("changes").unwrap().as_array().unwrap();
    assert_eq!(listed.len(), changes.changes.len());
}

fn style() -> text::Style {
    text::Style {
        width: 80,
        colour: text::Colour::Off,
        verbosity: text::Verbosity::Usual,
    }
}

#[tokio::test]
async fn a_lake_that_cannot_be_read_fails_once_and_one_file_leaves_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    copy(&lake().join("lake"), folder.path());
    let why = Why::open(&folder.path().join("why.toml"), &BTreeMap::new())
        .await
        .unwrap();
    let broken = damage(folder.path(), "revenue");
    assert!(broken > 0);
    let response = why.respond(&Request::new("acme"), now()).await.unwrap();
    let Response::Overview(overview) = response else {
        panic!("{response:?}");
    };
    let unread = |state: &State| matches!(state, State::Unread(_));
    let unread: Vec<&str> = overview
        .rows
        .iter()
        .filter(|row| unread(&row.state))
        .map(|row| row.attribute.name.as_str())
        .collect();
    assert_eq!(unread, ["revenue"]);
    damage(folder.path(), "");
    let failure = why.respond(&Request::new("acme"), now()).await.unwrap_err();
    assert_eq!(failure.code, "corrupt_file");
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let mut all = Vec::new();
    files(from, &mut all);
    for file in all {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, target).unwrap();
    }
}

/// Overwrites the files of an attribute, of all for none; says how many.
fn damage(lake: &Path, attribute: &str) -> usize {
    let mut all = Vec::new();
    files(lake, &mut all);
    let folder = format!("={attribute}");
    all.retain(|file| {
        let parquet = file.extension().is_some_and(|e| e == "parquet");
        let mut parts = file.iter().map(|part| part.to_string_lossy());
        parquet
            && parts
                .any(|part| part.contains('=') && (attribute.is_empty() || part.ends_with(&folder)))
    });
    for file in &all {
        std::fs::write(file, b"no parquet").unwrap();
    }
    all.len()
}

#[tokio::test]
async fn a_scan_that_was_cut_off_offers_a_shorter_time() {
    let why = why().await;
    let cut_off = engine::Error::ScanCutOff {
        workgroup: "why".to_owned(),
    };
    let offered = |text: &str| {
        let question = why.understand(&Request::new(text), now()).unwrap();
        let plan = why.plan(&question, now()).unwrap();
        let layout = &why.catalog.layout;
        let failure = failure::reading(&cut_off, &question, (&plan, layout, now()));
        assert_eq!((failure.class, failure.code), (Class::User, "scan_cut_off"));
        let questions = failure.matches.iter().map(|m| m.question.as_str());
        (questions.collect::<Vec<_>>().join("; "), failure.advice)
    };
    let (question, advice) = offered("acme revenue expected 10M");
    assert!(
        question.contains("since 2026-08-23") && question.contains("10M"),
        "{question}"
    );
    assert_eq!(
        advice,
        "Ask for a shorter time: since 2026-08-23, for instance."
    );
    // There is no month less to read.
    let (question, advice) = offered("acme revenue since 2026-11-01");
    assert_eq!(question, "");
    assert_eq!(advice, "Ask for a shorter time, such as `since` a date.");
}
