//! Values, names and remarks that would get out of their place.

use std::collections::BTreeSet;

use super::*;

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></main></svg><b>",
    "\u{202e}gnp.exe\u{0}\u{7}\n\r\t",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;amp;",
    "]]><!--",
];

fn poisoned(text: &str) -> crate::answer::Answer {
    let mut answer = sample::acme();
    let text = text.to_owned();
    answer.question.entity_name.clone_from(&text);
    answer.question.text.clone_from(&text);
    answer.question.expected = Some(text.clone());
    answer.attribute.label.clone_from(&text);
    answer.attribute.unit = Some(text.clone());
    for warning in &mut answer.warnings {
        warning.text.clone_from(&text);
        warning.advice.clone_from(&text);
    }
    for change in &mut answer.changes {
        change.from = Some(text.clone());
        change.to = Some(text.clone());
        change.source = Some(text.clone());
        change.source_label = Some(text.clone());
        change.rule = Some(text.clone());
        change.actor = Some(text.clone());
        change.reason = Some(text.clone());
    }
    if let Some(current) = &mut answer.current {
        current.value = Some(text.clone());
        current.display.clone_from(&text);
        current.rule = Some(text.clone());
        current.reason = Some(text.clone());
        current.actor = Some(text.clone());
        current.decision_id.clone_from(&text);
        for explained in &mut current.candidates {
            explained.label.clone_from(&text);
            explained.url = Some(text.clone());
            explained.candidate.value = Some(text.clone());
            explained.candidate.reason = Some(text.clone());
            explained.rule_says = Some(text.clone());
            explained.would_win_if = Some(text.clone());
        }
    }
    answer
}

fn pages(text: &str) -> Vec<String> {
    let answer = poisoned(text);
    let asked = crate::overview::Asked {
        entity_id: 17,
        entity_name: text.to_owned(),
        as_of: answer.question.as_of,
        outcomes: vec![
            (
                answer.attribute.clone(),
                Outcome::Answered(Box::new(answer.clone())),
            ),
            (answer.attribute.clone(), Outcome::Unread(text.to_owned())),
        ],
    };
    let mut failure = sample::ambiguous();
    text.clone_into(&mut failure.text);
    text.clone_into(&mut failure.advice);
    for found in &mut failure.matches {
        text.clone_into(&mut found.label);
        text.clone_into(&mut found.detail);
        text.clone_into(&mut found.question);
    }
    let draft = Draft {
        question: text,
        about: Some(text),
        wrong: text,
        expected: text,
        link: text,
        back: "/",
        refused: None,
    };
    let filter = Filter {
        source: Some(text.to_owned()),
        actor: Some(text.to_owned()),
        ..Filter::default()
    };
    vec![
        shown(|view| super::super::answer(&answer, view)),
        shown(|view| super::super::history(&answer, (&Filter::default(), 1), view)),
        shown(|view| super::super::history(&answer, (&filter, 1), view)),
        shown(|view| super::super::compare(&compared(Of::Times, &answer, &answer), view)),
        shown(|view| super::super::compare(&compared(Of::Companies, &answer, &answer), view)),
        shown(|view| super::super::overview(&asked, view)),
        shown(|view| super::super::failure(&failure, &links::choice, view)),
        shown(|view| super::super::wrong(&draft, view)),
        shown(|view| super::super::told(text, "/", view)),
    ]
}

/// The names of tags, and of their attributes, as a browser reads them: quotes hold what they hold.
fn names(html: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let mut word = String::new();
        let mut quoted = false;
        for (at, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '>' | ' ' | '=' => {
                    names.insert(std::mem::take(&mut word));
                    if c == '>' {
                        rest = &rest[at..];
                        break;
                    }
                }
                _ => word.push(c),
            }
        }
    }
    names
}

#[test]
fn nothing_from_a_lake_becomes_markup() {
    for text in HOSTILE {
        for (hostile, plain) in pages(text).iter().zip(&pages("https://plain.example")) {
            // A hostile text may be cut off, and so has a title beside.
            let mut known = names(plain);
            known.insert("title".to_owned());
            let new: Vec<String> = names(hostile).difference(&known).cloned().collect();
            assert_eq!(new, Vec::<String>::new(), "{text}");
            assert!(!hostile.contains("href=\"javascript"), "{text}");
        }
    }
}

#[test]
fn what_commands_a_terminal_or_turns_letters_round_is_seen_and_does_nothing() {
    for html in pages("\u{202e}gnp.exe\u{0}\u{7}\u{1b}[31m") {
        let main = main_of(&html);
        // A form gives back what was typed, whole; a browser shows it in its box.
        let shown = text_of(&main);
        for c in ['\u{202e}', '\u{0}', '\u{7}', '\u{1b}'] {
            let in_boxes = main.matches(c).count();
            assert!(!shown.contains(c) || in_boxes > 0, "{c:?}");
        }
    }
    let html = shown(|view| super::super::answer(&poisoned("\u{202e}a\u{0}"), view));
    let h1 = html
        .split("<h1")
        .nth(1)
        .unwrap()
        .split("</h1>")
        .next()
        .unwrap();
    assert!(!h1.contains('\u{202e}') && !h1.contains('\u{0}'), "{h1}");
}

#[test]
fn a_long_value_is_shortened_and_kept_whole_in_its_title() {
    let long = "long ".repeat(3_000);
    let mut answer = poisoned(&long);
    answer.question.expected = None;
    let html = shown(|view| super::super::answer(&answer, view));
    assert!(html.len() < 60_000, "{} bytes", html.len());
    assert!(html.contains("title=\"long long"));
}

#[test]
fn only_addresses_of_the_web_become_links() {
    let mut answer = sample::acme();
    let link = |answer: &crate::answer::Answer| {
        let html = shown(|view| super::super::answer(answer, view));
        html.contains("external")
    };
    assert!(link(&answer));
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///etc/passwd",
        "https:/\u{0}/x",
        " https://x",
    ] {
        if let Some(current) = &mut answer.current {
            for explained in &mut current.candidates {
                explained.url = Some(url.to_owned());
            }
        }
        assert!(!link(&answer), "{url}");
    }
}
