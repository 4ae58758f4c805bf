//! What is printed of reports.

use super::*;

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn report() -> Report {
    Report {
        expected: Some("1.2M".to_owned()),
        ..Report::new(
            "web-1".to_owned(),
            at("2026-11-20T12:00:00Z"),
            "operator (web)".to_owned(),
            "#17 revenue as of 2026-11-20T12:00:00Z".to_owned(),
            "ten times\ntoo \u{1b}[31mhigh".to_owned(),
        )
    }
}

fn printed(print: impl Fn(&mut Prose<'_>) -> std::io::Result<()>) -> String {
    printed_to(None, print)
}

fn printed_to(
    columns: Option<usize>,
    print: impl Fn(&mut Prose<'_>) -> std::io::Result<()>,
) -> String {
    let mut out = Vec::new();
    let mut prose = Prose {
        out: &mut out,
        columns,
    };
    print(&mut prose).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_says_who_what_and_what_they_expected_on_lines_of_its_own() {
    let text = printed(|out| told(&[report()], out));
    insta::assert_snapshot!(text);
    assert!(!text.contains('\u{1b}'));
    assert!(
        text.starts_with("2026-11-20 12:00 UTC  operator  web-1\n"),
        "{text}"
    );
    // Nor what turns letters round.
    let mut turned = report();
    turned.wrong = "\u{202e}high".to_owned();
    let text = printed(|out| told(&[turned.clone()], out));
    assert!(text.contains("\\u{202e}high"), "{text}");
    assert!(printed(|out| told(&[], out)).contains("Nobody"));
}

#[test]
fn what_came_of_it_stands_beside_it_with_who_said_so() {
    let settled = Report {
        state: Some(TriageState::DataError),
        state_by: Some("Maria\u{1b}".to_owned()),
        ..report()
    };
    let text = printed(|out| told(std::slice::from_ref(&settled), out));
    let line = text.lines().next().unwrap();
    assert!(
        line.ends_with("web-1  data_error by Maria\\u{1b}"),
        "{line}"
    );
}

#[test]
fn on_a_narrow_terminal_what_was_said_is_broken_and_stays_under_its_report() {
    let mut long = report();
    long.wrong = "it is ten times too high ".repeat(8);
    let text = printed_to(Some(60), |out| told(&[long.clone()], out));
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
    );
    let said = text.lines().filter(|line| line.contains("too high"));
    assert!(said.clone().count() >= 4, "{text}");
    for line in said {
        assert!(line.starts_with("    "), "{text}");
    }
    let whole = printed(|out| told(&[long.clone()], out));
    assert!(whole.lines().any(|line| line.len() > 150), "{whole}");
}
