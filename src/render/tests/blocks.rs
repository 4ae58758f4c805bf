//! Blocks as Slack gets them.

use serde_json::Value;

use super::super::sample::*;
use super::slack;
use crate::answer::{Answer, Cause, Status};
use crate::error::Match;
use crate::question::LookBack;
use crate::render::blocks::{self, Flavour, Message};

pub(super) fn shown(message: &Message) -> String {
    let mut lines = vec![message.text.clone()];
    for block in &message.blocks {
        lines.push(format!("--- {}", block["type"].as_str().unwrap()));
        lines.push(content(block));
    }
    lines.join("\n")
}

/// A block's words, without the JSON around them.
fn content(block: &Value) -> String {
    let texts = |list: &Value, path: &str| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| item.pointer(path).unwrap().as_str().unwrap().to_owned())
            .collect()
    };
    match block["type"].as_str().unwrap() {
        "section" => block["text"]["text"].as_str().unwrap().to_owned(),
        "context" => texts(&block["elements"], "/text").join("\n"),
        "actions" => {
            let elements = block["elements"].as_array().unwrap().iter();
            elements.map(element).collect::<Vec<_>>().join("\n")
        }
        "data_table" => {
            let rows = block["rows"].as_array().unwrap().iter();
            let rows: Vec<String> = rows.map(|row| texts(row, "/text").join(" | ")).collect();
            format!(
                "{}\n{}",
                block["caption"].as_str().unwrap(),
                rows.join("\n")
            )
        }
        _ => block.to_string(),
    }
}

/// `[Text] value`, a menu with its choices below.
fn element(element: &Value) -> String {
    let text = |path: &str| element.pointer(path).and_then(Value::as_str);
    let label = text("/text/text").or(text("/placeholder/text")).unwrap();
    let value = text("/value").or(text("/initial_date")).unwrap_or_default();
    let mut lines = vec![format!("[{label}] {value}").trim_end().to_owned()];
    for option in element["options"].as_array().into_iter().flatten() {
        let label = option["text"]["text"].as_str().unwrap();
        lines.push(format!("  {label}: {}", option["value"].as_str().unwrap()));
    }
    lines.join("\n")
}

fn show(answer: &Answer, flavour: Flavour) -> String {
    let message = blocks::answer(answer, flavour);
    slack::accepts(&message);
    shown(&message)
}

fn kinds(answer: &Answer, flavour: Flavour) -> String {
    let message = blocks::answer(answer, flavour);
    slack::accepts(&message);
    let kinds: Vec<&str> = message
        .blocks
        .iter()
        .map(|b| b["type"].as_str().unwrap())
        .collect();
    kinds.join(" ")
}

#[test]
fn rich_blocks_show_evidence_as_tables_and_a_chart() {
    insta::assert_snapshot!(show(&expecting(), Flavour::Rich), @r#"
    Acme Corporation · revenue on 2026-03-31: 12.4M USD, at least since 2026-03-02.
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    Expected 10M: 10M was the value from 2024-01-05 until 2025-02-10; then the source corrected an old record: 9.8M. Vendor says 10M, but was not chosen: ranks 3rd of 3.
    Warning: An earlier value came back 3 times in the 30 days before 2026-03-31. Ask the owner of the pipeline which source is right.
    Registry (won): 12.4M USD, seen 2026-03-01, confidence 0.95.
    CRM (lost): 11.9M USD, seen 2025-11-02, confidence 0.8; lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value.
    Vendor (lost): 10M USD; ranks 3rd of 3 in source priority; would win if Registry and CRM had no value.
    Note: Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry). If one of them is right, report this value as wrong.
    History: 4 changes, confirmed 41 times.
    2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late.
    2025-11-03: 9.8M → 11.9M USD, CRM reported a new value.
    2025-02-10: 10M → 9.8M USD, CRM corrected an old record.
    2024-01-05: 10M USD, first seen: Vendor.
    Read 2024-01-01 to 2026-03-31, not the whole past; data as of 2026-04-01 05:30 UTC.
    --- section
    Acme Corporation · revenue on 2026-03-31: *12.4M USD*, at least since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    --- context
    Source: <https://registry.example/acme?year=2025&amp;page=1|Registry> · rule: source_priority v3 · at least since 2026-03-02 06:00 UTC · last decided 2026-04-01 05:00 UTC
    --- section
    *Expected 10M*
    • 10M was the value from 2024-01-05 until 2025-02-10; then the source corrected an old record: 9.8M.
    • Vendor says 10M, but was not chosen: ranks 3rd of 3.
    --- section
    :warning: An earlier value came back 3 times in the 30 days before 2026-03-31. Ask the owner of the pipeline which source is right.
    --- context
    Note: Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry). If one of them is right, report this value as wrong.
    --- data_table
    Candidates
    Source | Value | Outcome | Seen | Confidence | Why
    Registry | 12.4M USD | won | 2026-03-01 | 0.95 | –
    CRM | 11.9M USD | lost | 2025-11-02 | 0.8 | lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value
    Vendor | 10M USD | lost | – | – | ranks 3rd of 3 in source priority; would win if Registry and CRM had no value
    --- data_visualization
    {"chart":{"axis_config":{"categories":["2024-01-05","2025-02-10","2025-11-03","2026-03-02"],"y_label":"USD"},"series":[{"data":[{"label":"2024-01-05","value":10000000.0},{"label":"2025-02-10","value":9800000.0},{"label":"2025-11-03","value":11900000.0},{"label":"2026-03-02","value":12400000.0}],"name":"revenue"}],"type":"line"},"title":"revenue: each change","type":"data_visualization"}
    --- data_table
    History: 4 changes, confirmed 41 times
    When | Change | Cause
    2026-03-02 | 11.9M → 12.4M USD | another source won: Registry; arrived late
    2025-11-03 | 9.8M → 11.9M USD | CRM reported a new value
    2025-02-10 | 10M → 9.8M USD | CRM corrected an old record
    2024-01-05 | 10M USD | first seen: Vendor
    --- context
    Read 2024-01-01 to 2026-03-31, not the whole past; data as of 2026-04-01 05:30 UTC.
    "#);
}

#[test]
fn plain_blocks_say_the_same_in_sections() {
    insta::assert_snapshot!(show(&acme(), Flavour::Plain), @"
    Acme Corporation · revenue: 12.4M USD, since 2026-03-02.
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    Registry (won): 12.4M USD, seen 2026-03-01, confidence 0.95.
    CRM (lost): 11.9M USD, seen 2025-11-02, confidence 0.8; lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value.
    Vendor (lost): 10M USD; ranks 3rd of 3 in source priority; would win if Registry and CRM had no value.
    Note: Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry). If one of them is right, report this value as wrong.
    History: 4 changes, confirmed 41 times.
    2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late.
    2025-11-03: 9.8M → 11.9M USD, CRM reported a new value.
    2025-02-10: 10M → 9.8M USD, CRM corrected an old record.
    2024-01-05: 10M USD, first seen: Vendor.
    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    --- section
    Acme Corporation · revenue: *12.4M USD*, since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    --- context
    Source: <https://registry.example/acme?year=2025&amp;page=1|Registry> · rule: source_priority v3 · since 2026-03-02 06:00 UTC · last decided 2026-04-01 05:00 UTC
    --- context
    Note: Sources disagree: CRM says 11.9M and Vendor says 10M; chosen was 12.4M (Registry). If one of them is right, report this value as wrong.
    --- section
    *Candidates*
    • Registry (won): 12.4M USD, seen 2026-03-01, confidence 0.95.
    • CRM (lost): 11.9M USD, seen 2025-11-02, confidence 0.8; lower priority; 4 months older; 0.15 less confident; ranks 2nd of 3 in source priority; would win if Registry had no value.
    • Vendor (lost): 10M USD; ranks 3rd of 3 in source priority; would win if Registry and CRM had no value.
    --- section
    *History*: 4 changes, confirmed 41 times
    • 2026-03-02: 11.9M → 12.4M USD, another source won: Registry; arrived late
    • 2025-11-03: 9.8M → 11.9M USD, CRM reported a new value
    • 2025-02-10: 10M → 9.8M USD, CRM corrected an old record
    • 2024-01-05: 10M USD, first seen: Vendor
    --- context
    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn where_nothing_was_found_one_section_says_so() {
    insta::assert_snapshot!(show(&not_found(), Flavour::Rich), @"
    Acme Corporation · revenue: no decision found.
    No decision about revenue of Acme Corporation (#17) from 2024-01-01 to 2026-04-01; what came before was not read.
    Add “full history” to the question to read all there is.
    This company has a trace of employees, sector: ask for one of them.
    --- section
    Acme Corporation · revenue: *no decision found*
    No decision about revenue of Acme Corporation (#17) from 2024-01-01 to 2026-04-01; what came before was not read.
    Add “full history” to the question to read all there is.
    This company has a trace of employees, sector: ask for one of them.
    ");
}

#[test]
fn failures_offer_what_may_have_been_meant_as_buttons() {
    let message = blocks::failure(&ambiguous());
    slack::accepts(&message);
    insta::assert_snapshot!(shown(&message), @"
    Two companies are called “acme”.
    Choose one of them:
    Acme Corporation (acme.com · #17): ask “#17 revenue”
    Acme Holding: ask “acme holding revenue”
    --- section
    *Two companies are called “acme”.*
    Choose one of them:
    --- actions
    [Acme Corporation (acme.com)] #17 revenue
    [Acme Holding] acme holding revenue
    ");
}

#[test]
fn a_failure_of_ours_has_its_reference() {
    let message = blocks::failure(&internal());
    slack::accepts(&message);
    insta::assert_snapshot!(shown(&message), @"
    Something went wrong on our side.
    Try again, and give the reference to the operators if it happens again.
    Reference: 7f3a91
    --- section
    *Something went wrong on our side.*
    Try again, and give the reference to the operators if it happens again.
    --- context
    Reference: 7f3a91
    ");
}

#[test]
fn every_sample_is_within_the_limits() {
    for answer in answers() {
        for flavour in [Flavour::Rich, Flavour::Plain] {
            slack::accepts(&blocks::answer(&answer, flavour));
        }
    }
}

#[test]
fn plain_has_no_block_that_is_new() {
    for answer in answers() {
        let kinds = kinds(&answer, Flavour::Plain);
        assert!(
            kinds
                .split(' ')
                .all(|k| ["section", "context"].contains(&k)),
            "{kinds}"
        );
    }
}

#[test]
fn only_numbers_are_charted() {
    assert!(kinds(&acme(), Flavour::Rich).contains("data_visualization"));
    assert!(!kinds(&sector(), Flavour::Rich).contains("data_visualization"));
    assert!(
        !kinds(&by_hand(), Flavour::Rich).contains("data_visualization"),
        "one value is no line"
    );
}

#[test]
fn a_chart_holds_the_newest_twenty_changes() {
    let mut answer = acme();
    answer.changes = (1..=30)
        .rev()
        .map(|n| {
            let when = format!("2026-01-01T00:00:00.{n:03}Z");
            change(
                &when,
                Some("1"),
                Some(&n.to_string()),
                Cause::NewObservation,
            )
        })
        .collect();
    let message = blocks::answer(&answer, Flavour::Rich);
    slack::accepts(&message);
    let chart = message
        .blocks
        .iter()
        .find(|b| b["type"] == "data_visualization")
        .unwrap();
    let data = chart["chart"]["series"][0]["data"].as_array().unwrap();
    assert_eq!(data.len(), 20);
    assert_eq!(data[0]["value"], 11.0);
    assert_eq!(
        data[19],
        serde_json::json!({"label": "01-01 00:00:00.030", "value": 30.0})
    );
}

#[test]
fn a_long_history_says_what_is_left_out() {
    let mut answer = acme();
    answer.question.look_back = LookBack::All;
    answer.changes = (0..10_000)
        .rev()
        .map(|n| {
            let when = at("2020-01-01") + jiff::SignedDuration::from_secs(n * 3_600);
            change(
                &when.to_string(),
                Some("1"),
                Some(&n.to_string()),
                Cause::NewObservation,
            )
        })
        .collect();
    for flavour in [Flavour::Rich, Flavour::Plain] {
        let shown = show(&answer, flavour);
        assert!(shown.contains("older"), "{shown}");
        assert!(
            shown.ends_with("data as of 2026-04-01 05:30 UTC."),
            "{shown}"
        );
    }
}

#[test]
fn three_hundred_candidates_leave_room_for_the_history() {
    let mut answer = acme();
    if let Some(current) = &mut answer.current {
        let loser = current.candidates[1].clone();
        current.candidates.extend(vec![loser; 300]);
        current
            .candidates
            .push(candidate("Last", None, Status::NoValue));
    }
    let rich = show(&answer, Flavour::Rich);
    assert!(rich.contains("more in the JSON"), "{rich}");
    assert!(
        rich.contains("2024-01-05 | 10M USD"),
        "the first change is still listed"
    );
    assert!(show(&answer, Flavour::Plain).contains("\u{2026} and 296 more in the JSON"));
}

#[test]
fn data_can_not_mention_anybody_nor_leave_its_place() {
    let mut answer = acme();
    answer.question.entity_name = "<!channel> *Acme* & <@U1>".to_owned();
    if let Some(current) = &mut answer.current {
        current.display = "`12` *13* _14_ ~15~ :tada: <https://evil.example|ok>".to_owned();
        current.candidates[0].url = Some("https://x.example/<!here>|a&b".to_owned());
        current.candidates[0].label = "> Registry".to_owned();
    }
    let message = blocks::answer(&answer, Flavour::Plain);
    slack::accepts(&message);
    let visible = |block| content(block).replace('\u{200b}', "[zero width]");
    insta::assert_snapshot!(visible(&message.blocks[0]), @"
    &lt;!channel&gt; ∗Acme∗ &amp; &lt;@U1&gt; · revenue: *ˋ12ˋ ∗13∗ ˍ14ˍ ∼15∼ :[zero width]tada: &lt;https://evil.example|ok&gt;*, since 2026-03-02
    because &gt; Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    ");
    insta::assert_snapshot!(visible(&message.blocks[1]), @"Source: <https://x.example/%3C!here%3E%7Ca&amp;b|[zero width]&gt; Registry> · rule: source_priority v3 · since 2026-03-02 06:00 UTC · last decided 2026-04-01 05:00 UTC");
}

#[test]
fn an_address_that_is_none_is_not_linked() {
    for url in [
        "javascript:alert(1)",
        "https://a b",
        "ftp://a.example",
        "https://\u{202e}.example",
    ] {
        let mut answer = acme();
        if let Some(current) = &mut answer.current {
            current.candidates[0].url = Some(url.to_owned());
        }
        let message = blocks::answer(&answer, Flavour::Plain);
        assert!(
            content(&message.blocks[1]).starts_with("Source: Registry"),
            "{url}"
        );
    }
}

#[test]
fn a_question_that_no_button_can_hold_is_no_button() {
    let mut failure = ambiguous();
    failure.matches.insert(
        0,
        Match {
            label: "long".to_owned(),
            detail: String::new(),
            question: "x".repeat(2_001),
        },
    );
    let message = blocks::failure(&failure);
    slack::accepts(&message);
    assert_eq!(message.blocks[1]["elements"].as_array().unwrap().len(), 2);
}

#[test]
fn the_payload_is_what_the_web_api_takes() {
    let message = blocks::answer(&acme(), Flavour::Rich);
    let payload = blocks::payload(&message);
    assert_eq!(payload["text"], message.text.as_str());
    assert_eq!(payload["blocks"], Value::Array(message.blocks));
}

#[test]
fn the_builder_link_carries_the_blocks() {
    let message = blocks::answer(&acme(), Flavour::Rich);
    let link = blocks::builder_link(&message);
    let encoded = link
        .strip_prefix("https://app.slack.com/block-kit-builder/#")
        .unwrap();
    assert!(
        encoded
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'%')
    );
    let decoded = percent_encoding::percent_decode_str(encoded)
        .decode_utf8()
        .unwrap();
    let json: Value = serde_json::from_str(&decoded).unwrap();
    assert_eq!(json, serde_json::json!({"blocks": message.blocks}));
}

#[test]
fn a_failure_without_words_still_says_something() {
    let mut failure = ambiguous();
    failure.text = String::new();
    failure.advice = " \n".to_owned();
    for found in &mut failure.matches {
        found.label = String::new();
        found.detail = String::new();
    }
    let message = blocks::failure(&failure);
    slack::accepts(&message);
    insta::assert_snapshot!(shown(&message), @"
    No answer: ambiguous_company.
    : ask “#17 revenue”
    : ask “acme holding revenue”
    --- section
    *No answer: ambiguous_company.*
    --- actions
    [#17 revenue] #17 revenue
    [acme holding revenue] acme holding revenue
    ");
}

#[test]
fn a_button_has_the_name_and_what_tells_it_apart() {
    let mut failure = ambiguous();
    let found = |label: &str, detail: &str| crate::error::Match {
        label: label.to_owned(),
        detail: detail.to_owned(),
        question: "#1 revenue".to_owned(),
    };
    failure.matches = vec![
        found(
            "Acme",
            "acme.com \u{b7} ACME \u{b7} part of Acme Holding \u{b7} #17",
        ),
        found("Acme Bank", "acme.com \u{b7} #18"),
        found("Acme Bank", "acme.com \u{b7} #19"),
        found("Revenue", ""),
    ];
    let message = blocks::failure(&failure);
    let labels: Vec<&str> = message.blocks[1]["elements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|button| button["text"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        labels,
        [
            "Acme (acme.com)",
            "Acme Bank (#18)",
            "Acme Bank (#19)",
            "Revenue"
        ]
    );
}
