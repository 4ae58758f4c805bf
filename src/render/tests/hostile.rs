//! Whatever a lake may hold: no line breaks, no code gets through, no limit is passed.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::super::sample::*;
use super::{json::faults, slack, text::without_codes};
use crate::answer::{Answer, Cause, Mark, Status};
use crate::error::{Class, Failure, Match};
use crate::question::LookBack;
use crate::render::blocks::{self, Flavour};
use crate::render::json;
use crate::render::text::{self, Colour, Style, Verbosity};
use crate::render::unobeyed;

const NASTY: [&str; 24] = [
    "",
    " ",
    "<!channel>",
    "<@U012AB3CD>",
    "<https://evil.example|click>",
    "*_~`",
    "```",
    "> quoted",
    "&amp;&lt;",
    ":tada:",
    "\u{1b}[31m\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "a\nb\r\nc\td",
    "\u{202e}drowssap\u{202c}",
    "\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
    "\u{200b}\u{200c}\u{200d}\u{feff}",
    "Z\u{334}\u{335}\u{336}\u{337}\u{338}algo",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{2764}\u{fe0f}",
    "\u{4e2d}\u{6587}\u{ff21}\u{ff22}",
    "1e308",
    "-0",
    "12.4M",
    "\u{0}\u{1}\u{7f}\u{85}\u{2028}\u{2029}",
];

pub(super) fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(NASTY.to_vec()).prop_map(str::to_owned),
        2 => ("[\\PC]{0,30}", proptest::sample::select(NASTY.to_vec())).prop_map(|(a, b)| format!("{a}{b}{a}")),
        1 => any::<String>(),
        1 => (proptest::sample::select(NASTY.to_vec()), 1_usize..1_500).prop_map(|(a, n)| a.repeat(n)),
    ]
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    proptest::option::weighted(0.8, hostile())
}

/// Acme's answer with a stranger's words in every place that holds data.
pub(super) fn answer() -> impl Strategy<Value = Answer> {
    let words = proptest::collection::vec(hostile(), 12);
    let values = proptest::collection::vec(maybe(), 1..9);
    let sizes = (0_usize..40, 0_usize..200, any::<u64>());
    (words, values, sizes, any::<bool>()).prop_map(|(words, values, sizes, odd)| {
        let mut answer = if odd { expecting() } else { acme() };
        let (candidates, changes, seed) = sizes;
        let value = |n: usize| values[n % values.len()].clone();
        let word = |n: usize| words[n % words.len()].clone();
        answer.question.entity_name = word(0);
        answer.attribute.label = word(1);
        answer.attribute.unit = value(2);
        if odd {
            answer.question.look_back = LookBack::All;
        }
        let current = answer.current.as_mut().unwrap();
        current.value = value(0);
        current.display = word(2);
        current.rule = value(1);
        current.rule_version = value(3);
        current.reason = value(4);
        current.actor = value(5);
        current.run_id = value(6);
        current.decision_id = word(3);
        current.is_override = seed % 5 == 0;
        let statuses = [
            Status::Lost,
            Status::Agrees,
            Status::NoValue,
            Status::Undecided,
        ];
        let rest = (1..candidates).map(|n| {
            let mut other = candidate(&word(n), value(n).as_deref(), statuses[n % 4]);
            other.candidate.reason = value(n + 1);
            other.candidate.confidence = Some(f64::from_bits(seed.rotate_left(n as u32)));
            other.older_by_s = other.candidate.confidence;
            other.confidence_margin = other.candidate.confidence;
            other.rule_says = value(n + 2);
            other.would_win_if = value(n + 3);
            other
        });
        let mut winner = candidate(&word(4), current.value.as_deref(), Status::Winner);
        winner.url = value(7);
        current.candidates = std::iter::once(winner)
            .chain(rest)
            .take(candidates)
            .collect();
        answer.changes = (0..changes)
            .map(|n| {
                let cause = Cause::ALL[(seed as usize).wrapping_add(n) % 15];
                let before =
                    jiff::SignedDuration::from_millis((seed % 100_000_000) as i64 * n as i64);
                let mut change = change(
                    "2026-01-01",
                    value(n + 1).as_deref(),
                    value(n).as_deref(),
                    cause,
                );
                change.at = at("2026-01-01").checked_sub(before).unwrap_or(change.at);
                change.marks = Mark::ALL.into_iter().skip(n % 6).collect();
                change.source = value(n + 2);
                change.source_label = value(n + 2);
                change.actor = value(n + 3);
                change.reason = value(n + 4);
                change
            })
            .collect();
        for warning in &mut answer.warnings {
            warning.text = word(5);
            warning.advice = word(6);
        }
        if let Some(expectation) = &mut answer.expectation {
            expectation.expected = word(7);
            expectation
                .hits
                .iter_mut()
                .for_each(|hit| hit.text = word(8));
        }
        answer.id = word(9);
        answer
    })
}

fn failure() -> impl Strategy<Value = Failure> {
    (proptest::collection::vec(hostile(), 6), 0_usize..30).prop_map(|(words, matches)| Failure {
        class: Class::User,
        code: "unknown_company",
        text: words[0].clone(),
        advice: words[1].clone(),
        matches: (0..matches)
            .map(|n| Match {
                label: words[n % 6].clone(),
                detail: words[(n + 1) % 6].clone(),
                question: words[(n + 2) % 6].clone(),
            })
            .collect(),
        reference: Some(words[2].clone()),
    })
}

fn is_safe(shown: &str, width: usize) {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
    };
    assert!(!shown.contains(acts), "{shown:?}");
    // A path in a failure is never broken.
    for line in shown.lines().filter(|line| !line.contains('/')) {
        assert!(
            line.width() <= width,
            "{} columns of {width}: {line:?}",
            line.width()
        );
    }
}

fn in_every_style(width: usize, render: impl Fn(&Style) -> String) {
    for colour in [Colour::Off, Colour::On] {
        let style = Style {
            width,
            colour,
            verbosity: Verbosity::Verbose,
        };
        is_safe(&without_codes(&render(&style)), width.max(20));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn text_stays_on_its_lines(answer in answer(), width in 0_usize..160) {
        in_every_style(width, |style| text::answer(&answer, style));
    }

    #[test]
    fn a_failures_text_stays_on_its_lines(failure in failure(), width in 0_usize..160) {
        in_every_style(width, |style| text::failure(&failure, style));
    }

    #[test]
    fn blocks_stay_within_slacks_limits(answer in answer()) {
        for flavour in [Flavour::Rich, Flavour::Plain] {
            slack::accepts(&blocks::answer(&answer, flavour));
        }
    }

    #[test]
    fn a_failures_blocks_stay_within_slacks_limits(failure in failure()) {
        slack::accepts(&blocks::failure(&failure));
    }

    #[test]
    fn json_fits_its_schema_and_reads_back(answer in answer(), failure in failure()) {
        let json = json::answer(&answer);
        prop_assert_eq!(faults(&json), [""; 0]);
        let back: serde_json::Value = serde_json::from_str(&json.to_string()).unwrap();
        prop_assert_eq!(back["changes"].as_array().unwrap().len(), answer.changes.len());
        prop_assert_eq!(faults(&json::failure(&failure)), [""; 0]);
    }
}

#[test]
fn no_printed_line_is_a_command_to_what_reads_a_build_s_log() {
    let check = |line: &str, shown: &str| assert_eq!(unobeyed(line), shown);
    check("a plain line, ## and [x]", "a plain line, ## and [x]");
    check("  ::error::x", "  \\u{3a}:error::x");
    check("- ::error::x", "- ::error::x");
    check("\u{200d}::error::x", "\u{200d}\\u{3a}:error::x");
    check("- ##[error]x", "- \\u{23}\\u{23}[error]x");
    check("a ##vso[task.b]c", "a \\u{23}\\u{23}vso[task.b]c");
    check("#\u{200d}#[a]", "\\u{23}\u{200d}\\u{23}[a]");
}

#[test]
fn what_stands_beside_a_label_goes_on_under_itself_and_breaks_no_path() {
    let check = |label: &str, words: &str, expected: &str| {
        assert_eq!(text::beside(label, words, 30), expected);
    };
    check("  next   ", "two  words", "  next   two  words");
    check(
        "  next   ",
        "many words that go on and on and on",
        "  next   many words that go on\n         and on and on",
    );
    check(
        "- ",
        "in a/very/long/path/that/is/wider/than/all a file",
        "- in\n  a/very/long/path/that/is/wider/than/all\n  a file",
    );
    check(
        "",
        "a sentence of more than thirty columns",
        "a sentence of more than thirty\n  columns",
    );
}
