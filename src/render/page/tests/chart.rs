//! Histories as drawings.

use super::*;
use crate::answer::Answer;

fn drawn(answer: &Answer) -> String {
    super::super::chart::chart(answer, Place::Open).into_string()
}

fn with_changes(values: &[(&str, Option<&str>)]) -> Answer {
    let mut answer = sample::acme();
    answer.changes = values
        .iter()
        .map(|(when, value)| change(when, None, *value, Cause::NewObservation))
        .collect();
    answer.changes.reverse();
    answer
}

#[test]
fn numbers_are_steps_and_words_are_lanes() {
    let steps = drawn(&sample::acme());
    assert!(steps.contains("class=\"line\""), "{steps}");
    assert!(!steps.contains("class=\"bar"), "{steps}");
    let lanes = drawn(&sample::sector());
    assert!(lanes.contains("class=\"bar"), "{lanes}");
    assert!(
        text_of(&lanes).contains("Industrial Conglomerates"),
        "{lanes}"
    );
}

#[test]
fn each_change_is_a_link_to_the_answer_as_of_then_and_says_what_it_was() {
    let answer = sample::acme();
    let svg = drawn(&answer);
    assert_eq!(svg.matches("<a ").count(), answer.changes.len());
    for change in &answer.changes {
        let at = change.at.to_string().replace(':', "%3A");
        assert!(
            svg.contains(&format!("/companies/17/revenue?as_of={at}")),
            "{at}\n{svg}"
        );
    }
    assert!(svg.contains("<title>2026-03-02 06:00: 11.9M \u{2192} 12.4M USD, another source won: Registry; arrived late</title>"), "{svg}");
}

#[test]
fn a_person_a_rule_and_an_alarm_have_shapes_of_their_own() {
    let mut answer = sample::sector();
    if let Some(first) = answer.changes.first_mut() {
        first.cause = Cause::Override;
    }
    answer.warnings = sample::expecting().warnings;
    let svg = drawn(&answer);
    let path = |class: &str| {
        let at = svg
            .find(&format!("class=\"mark {class}\" d=\""))
            .unwrap_or_else(|| panic!("{class}: {svg}"));
        svg[at..].split('"').nth(3).unwrap().to_owned()
    };
    let mut paths: Vec<String> = ["s-person", "s-rule", "s-alarm", "s-data"]
        .map(path)
        .to_vec();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 4);
    let legend = text_of(svg.split("<figcaption").nth(1).unwrap());
    for words in ["a person decided", "the rule changed", "alarm"] {
        assert!(legend.contains(words), "{legend}");
    }
}

#[test]
fn a_gap_in_numbers_is_a_gap_in_the_line() {
    let whole = drawn(&with_changes(&[
        ("2025-01-01", Some("1M")),
        ("2025-06-01", Some("2M")),
        ("2026-01-01", Some("3M")),
    ]));
    let broken = drawn(&with_changes(&[
        ("2025-01-01", Some("1M")),
        ("2025-06-01", None),
        ("2026-01-01", Some("3M")),
    ]));
    let strokes = |svg: &str| {
        let line = svg.split("class=\"line\" d=\"").nth(1).unwrap();
        line.split('"').next().unwrap().matches('M').count()
    };
    assert_eq!((strokes(&whole), strokes(&broken)), (1, 2));
}

#[test]
fn values_far_apart_are_drawn_logarithmically_and_said_to_be() {
    let near = drawn(&with_changes(&[
        ("2025-01-01", Some("1M")),
        ("2026-01-01", Some("30M")),
    ]));
    let far = drawn(&with_changes(&[
        ("2025-01-01", Some("1M")),
        ("2026-01-01", Some("30B")),
    ]));
    assert!(!near.contains("logarithmic"));
    assert!(far.contains("logarithmic"));
}

#[test]
fn no_number_breaks_a_drawing() {
    for pair in [
        ["0", "0"],
        ["-5", "5"],
        ["1e300", "-1e300"],
        ["1e-300", "1e300"],
        ["nan", "inf"],
        ["", "12"],
    ] {
        let svg = drawn(&with_changes(&[
            ("2025-01-01", Some(pair[0])),
            ("2026-01-01", Some(pair[1])),
        ]));
        for broken in [
            "=\"NaN", "=\"inf", "=\"-inf", " NaN", " inf ", "VNaN", "Vinf",
        ] {
            assert!(!svg.contains(broken), "{pair:?}: {svg}");
        }
    }
    let one_instant = with_changes(&[("2026-04-01T09:30:00.123456Z", Some("1M"))]);
    assert_eq!(drawn(&one_instant), "");
}

#[test]
fn many_changes_stay_within_the_weight_of_a_page() {
    let mut answer = sample::acme();
    answer.changes = (0..20_000)
        .rev()
        .map(|n: i64| {
            let mut one = change("2000-01-01", Some("1M"), Some("2M"), Cause::NewObservation);
            one.at += jiff::SignedDuration::from_hours(9 * n);
            one.to = Some(format!("{}M", (n * 7919) % 1000));
            one
        })
        .collect();
    let svg = drawn(&answer);
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
    assert!(
        svg.contains("Of so many changes"),
        "says that not each is marked"
    );
}

#[test]
fn a_chart_of_many_values_shares_the_last_lane() {
    let mut answer = sample::sector();
    answer.changes = (0..20)
        .rev()
        .map(|n| {
            let mut one = change("2020-01-01", None, None, Cause::NewObservation);
            one.at += jiff::SignedDuration::from_hours(24 * 90 * n);
            one.to = Some(format!("sector {n}"));
            one
        })
        .collect();
    let svg = drawn(&answer);
    assert_eq!(svg.matches("class=\"lane\"").count(), 8);
    assert!(text_of(&svg).contains("older values"));
    assert!(!svg.contains(">sector 3<"));
    assert!(svg.contains(">sector 19<"));
}

#[test]
fn ticks_of_time_are_few_and_round() {
    for (first, format) in [
        ("2026-04-01T08:00:00Z", ":"),
        ("2026-03-20", "Mar"),
        ("2020-01-01", "2022"),
        ("1960-01-01", "1980"),
    ] {
        let svg = drawn(&with_changes(&[(first, Some("1M"))]));
        let ticks: Vec<String> = svg
            .split("class=\"tick-label")
            .skip(1)
            .map(|part| {
                part.split('>')
                    .nth(1)
                    .unwrap()
                    .split('<')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .filter(|label| !label.ends_with(['M', 'k']))
            .collect();
        assert!((1..=6).contains(&ticks.len()), "{first}: {ticks:?}");
        assert!(
            ticks.iter().any(|tick| tick.contains(format)),
            "{first}: {ticks:?}"
        );
    }
}
