//! What a browser is given: that it says what every surface says, and that nothing from a lake
//! gets out of its place.

use super::*;
use crate::answer::Cause;
use crate::comparison::{self, Of};
use crate::overview::{Asked, Outcome};
use crate::render::sample::{self, at, change};
use crate::render::{text, words};

mod chart;
mod hostile;

const ATTRIBUTES: &[(&str, &str)] = &[("revenue", "revenue"), ("employees", "employees")];

/// Shows a page as an operator sees it.
fn shown(make: impl Fn(&View<'_>) -> Page) -> String {
    placed(Place::Open, make)
}

fn placed(place: Place<'_>, make: impl Fn(&View<'_>) -> Page) -> String {
    let attributes: Vec<(String, String)> = ATTRIBUTES
        .iter()
        .map(|(name, label)| ((*name).to_owned(), (*label).to_owned()))
        .collect();
    let view = View {
        shell: Shell {
            search: place.is_open(),
            words: "Acme Corporation revenue",
            attributes: &attributes,
            reader: None,
        },
        place,
        public_url: Some("https://why.example.com/"),
        may_report: true,
        to_stewards: true,
        now: at("2026-04-01T09:30:00.123456Z"),
    };
    make(&view).whole(&view.shell).into_string()
}

fn compared(of: Of, one: &Answer, other: &Answer) -> Comparison {
    comparison::compare(of, one.clone(), other.clone())
}

/// Without marks, white space collapsed.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if inside => {}
            _ => text.push(c),
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Between `<main` and `</main>`, one element a line, and without what changes with each build.
fn main_of(html: &str) -> String {
    let from = html.find("<main").unwrap();
    let to = html.find("</main>").unwrap();
    html[from..to].replace("><", ">\n<")
}

#[test]
fn line_one_is_the_sentence_of_every_other_surface() {
    for answer in sample::answers() {
        let html = shown(|view| super::answer(&answer, view));
        let h1 = html.split("<h1").nth(1).unwrap();
        let h1 = &h1[h1.find('>').unwrap() + 1..h1.find("</h1>").unwrap()];
        let wide = text::Style {
            width: 400,
            colour: text::Colour::Off,
            verbosity: text::Verbosity::Usual,
        };
        let told = text::answer(&answer, &wide);
        assert_eq!(text_of(h1), told.lines().next().unwrap());
        assert!(html.contains(&format!(
            "<title>{} \u{b7} why",
            line_one(&answer).replace('&', "&amp;")
        )));
        if let Some(because) = words::because(&answer) {
            assert!(text_of(&html).contains(&because), "{because}");
        }
    }
}

#[test]
fn an_answer_is_laid_out_whole() {
    let html = shown(|view| super::answer(&sample::acme(), view));
    insta::assert_snapshot!("acme", main_of(&html));
    let html = shown(|view| super::answer(&sample::sector(), view));
    insta::assert_snapshot!("sector", main_of(&html));
    let html = shown(|view| super::answer(&sample::not_found(), view));
    insta::assert_snapshot!("not_found", main_of(&html));
}

#[test]
fn a_page_that_has_begun_ends_as_if_it_had_come_whole() {
    let begun = frame::begun(&Shell {
        search: true,
        ..Shell::default()
    });
    let hidden = without_hashes(&begun.clone().into_string());
    insta::assert_snapshot!("begun", hidden);
    let page = failure::page(
        &sample::ambiguous(),
        &links::choice,
        &View {
            shell: Shell::default(),
            place: Place::Open,
            public_url: None,
            may_report: false,
            to_stewards: true,
            now: at("2026-04-01"),
        },
    );
    let whole = format!("{}{}", begun.into_string(), page.rest().into_string());
    for element in ["html", "body", "main", "header", "footer"] {
        let (opened, closed) = (format!("<{element}"), format!("</{element}>"));
        assert_eq!(whole.matches(&opened).count(), 1, "{element}");
        assert_eq!(whole.matches(&closed).count(), 1, "{element}");
    }
}

/// The names of assets without their hashes.
fn without_hashes(html: &str) -> String {
    let mut parts = html.split("/assets/page.");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once('.').unwrap();
        shown.push_str("/assets/page.HASH.");
        shown.push_str(rest);
    }
    shown
}

#[test]
fn every_asset_has_a_name_that_finds_it() {
    let html = shown(|view| super::home(&Known::default(), view));
    let mut found = 0;
    for part in html.split("/assets/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(asset(name).is_some(), "{name}");
        found += 1;
    }
    assert_eq!(found, 3);
    assert_eq!(asset("page.0000000000000000.css"), None);
}

#[test]
fn style_and_script_stand_in_files_of_their_own() {
    for html in every_page() {
        assert!(!html.contains(" style="), "an inline style");
        assert!(!html.contains("<style"), "an inline style sheet");
        assert!(!html.contains(" onclick") && !html.contains("javascript:"));
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, html.matches("<script src=\"/assets/").count());
    }
}

/// One of each kind, with every sample.
fn every_page() -> Vec<String> {
    let mut pages = Vec::new();
    let answers = sample::answers();
    for answer in &answers {
        pages.push(shown(|view| super::answer(answer, view)));
        pages.push(placed(Place::Link { token: "t0k3n" }, |view| {
            super::answer(answer, view)
        }));
        pages.push(shown(|view| {
            super::history(answer, (&Filter::default(), 1), view)
        }));
        for of in [Of::Times, Of::Companies] {
            let compared = compared(of, answer, &answers[0]);
            pages.push(shown(|view| super::compare(&compared, view)));
        }
    }
    pages.push(shown(|view| super::overview(&glance(), view)));
    pages.push(shown(|view| super::home(&Known::default(), view)));
    for failure in [sample::ambiguous(), sample::internal()] {
        pages.push(shown(|view| super::failure(&failure, &links::choice, view)));
    }
    pages.push(shown(|view| super::wrong(&Draft::default(), view)));
    pages.push(shown(|view| super::told("#17 revenue", "/", view)));
    pages
}

fn glance() -> Asked {
    let outcomes = sample::answers().into_iter().map(|answer| {
        let attribute = answer.attribute.clone();
        (attribute, Outcome::Answered(Box::new(answer)))
    });
    let info = sample::acme().attribute;
    let others = [
        (info.clone(), Outcome::Restricted("limited".to_owned())),
        (info, Outcome::Unread("the lake is busy".to_owned())),
    ];
    Asked {
        entity_id: 17,
        entity_name: "Acme Corporation".to_owned(),
        as_of: at("2026-04-01T09:30:00.123456Z"),
        outcomes: outcomes.chain(others).collect(),
    }
}

#[test]
fn a_company_at_a_glance_says_what_is_restricted_and_what_could_not_be_read() {
    let html = shown(|view| super::overview(&glance(), view));
    let said = text_of(&html);
    assert!(said.contains("restricted: not for you to see"), "{said}");
    assert!(said.contains("not read: the lake is busy"), "{said}");
    assert!(said.contains("flapping"), "{said}");
    // Nothing leads to what may not be seen.
    let cards = html.matches("<li class=\"card").count();
    assert_eq!(html.matches("/companies/17/").count(), cards - 1);
}

#[test]
fn what_a_signed_link_opens_leads_to_no_other_page() {
    for answer in sample::answers() {
        let place = Place::Link { token: "t0k3n" };
        let html = placed(place, |view| super::answer(&answer, view));
        let mut own = 0;
        for part in html.split("href=\"").skip(1) {
            let href = part.split('"').next().unwrap();
            let allowed = ["/assets/", "#", "https://", "/links/t0k3n/"];
            assert!(
                allowed.iter().any(|start| href.starts_with(start)),
                "{href}"
            );
            own += usize::from(href.starts_with("/links/"));
        }
        assert_eq!(own, 2);
        assert!(!html.contains("<form"), "a link asks nothing");
        assert!(!html.contains("why.example.com"), "its address is a secret");
    }
}

#[test]
fn a_history_is_filtered_and_shown_a_page_at_a_time() {
    let mut answer = sample::acme();
    answer.changes = (0..120)
        .rev()
        .map(|n| {
            let when = at("2024-01-01") + jiff::SignedDuration::from_hours(24 * n);
            let mut one = change("2024-01-01", Some("1M"), Some("2M"), Cause::NewObservation);
            one.at = when;
            if n % 10 == 0 {
                one.cause = Cause::Override;
                one.actor = Some("jane.doe".to_owned());
            }
            one
        })
        .collect();
    let list = |(filter, page): (Filter, usize)| {
        let html = shown(|view| super::history(&answer, (&filter, page), view));
        let items = html.split("<ol class=\"changes whole\">").nth(1).unwrap();
        let items = items.split("</ol>").next().unwrap().matches("<li").count();
        let pager = html
            .split("class=\"pager\"")
            .nth(1)
            .map(|p| text_of(&format!("<{}", p.split("</nav>").next().unwrap())));
        (items, pager)
    };
    let of = |page| (Filter::default(), page);
    assert_eq!(list(of(1)), (50, Some("Page 1 of 3Older".to_owned())));
    assert_eq!(list(of(3)), (20, Some("NewerPage 3 of 3".to_owned())));
    assert_eq!(list(of(99)).0, 20, "past the end is the last page");
    let by_hand = Filter {
        causes: vec![Cause::Override],
        ..Filter::default()
    };
    assert_eq!(list((by_hand, 1)), (12, None));
    let someone = Filter {
        actor: Some("jane.doe".to_owned()),
        from: Some(at("2024-02-01")),
        to: Some(crate::layout::end_of_day("2024-02-29".parse().unwrap())),
        ..Filter::default()
    };
    assert_eq!(list((someone, 1)).0, 2);
    let nobody = Filter {
        source: Some("nobody".to_owned()),
        ..Filter::default()
    };
    assert_eq!(list((nobody, 1)).0, 0);
}

#[test]
fn two_times_say_what_each_was_and_whether_they_differ() {
    let (then, now) = (sample::expecting(), sample::acme());
    let html = shown(|view| super::compare(&compared(Of::Times, &then, &now), view));
    let said = text_of(&html);
    let same = "On 2026-03-31, 12.4M USD; now, 12.4M USD. The same value.";
    assert!(said.contains(same), "{said}");
    let cleared = sample::cleared();
    let html = shown(|view| super::compare(&compared(Of::Companies, &cleared, &now), view));
    assert!(text_of(&html).contains("Different values."), "{html}");
}

#[test]
fn what_is_to_be_typed_is_code_and_a_backtick_alone_is_itself() {
    let html = with_code("Run `why <token>`, then ask.").into_string();
    assert_eq!(html, "Run <code>why &lt;token&gt;</code>, then ask.");
    assert_eq!(with_code("5` high").into_string(), "5` high");
}

#[test]
fn a_reader_who_may_not_report_is_offered_no_form() {
    let html = shown(|view| {
        let view = View {
            may_report: false,
            to_stewards: true,
            ..*view
        };
        super::wrong(&Draft::default(), &view)
    });
    assert!(!html.contains("<textarea"), "{html}");
    assert!(text_of(&html).contains("scope"));
}
