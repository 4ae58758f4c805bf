//! Modals and the Home tab.

use super::*;

fn match_of(label: &str, id: u32) -> Match {
    Match {
        label: label.to_owned(),
        detail: format!("acme.com \u{b7} #{id}"),
        question: format!("#{id}"),
    }
}

#[test]
fn the_question_modal_is_filled_with_what_was_found() {
    let found = AskModal {
        companies: vec![match_of("Acme", 17), match_of("Acme Bank", 18)],
        attribute: Some(catalog().attributes[1].name.clone()),
        as_of: Some("2025-03-01".parse().unwrap()),
        expected: Some("10M".to_owned()),
        place: Place {
            channel: Some("C1".to_owned()),
            ..Place::default()
        },
    };
    let view = ask(&found, &catalog());
    slack::accepts_view(&view);
    let element = |id: &str| {
        let blocks = view["blocks"].as_array().unwrap();
        blocks
            .iter()
            .find(|b| b["block_id"] == id)
            .map(|b| b["element"].clone())
    };
    let company = element("company").unwrap();
    assert_eq!(company["initial_option"]["value"], "#17");
    assert_eq!(company["min_query_length"], 2);
    let attribute = element("attribute").unwrap();
    assert_eq!(
        attribute["initial_option"]["value"],
        catalog().attributes[1].name.as_str()
    );
    assert_eq!(element("expected").unwrap()["initial_value"], "10M");
    assert_eq!(element("where"), None, "it is known where to answer");
    assert!(
        view.to_string()
            .contains("It may also be Acme Bank (acme.com")
    );
    let kept = Kept::decode(view["private_metadata"].as_str().unwrap()).unwrap();
    assert_eq!(kept.place, found.place);
}

#[test]
fn a_modal_from_nowhere_asks_where_to_answer() {
    let view = ask(&AskModal::default(), &catalog());
    slack::accepts_view(&view);
    let blocks = view["blocks"].as_array().unwrap();
    let select = &blocks.iter().find(|b| b["block_id"] == "where").unwrap()["element"];
    assert_eq!(select["response_url_enabled"], true);
    assert_eq!(select["default_to_current_conversation"], true);
    slack::accepts_view(&skeleton(&Place::default()));
}

#[test]
fn the_report_modal_keeps_its_question() {
    let view = report(
        "#17 revenue",
        "Acme <!here> \u{b7} revenue",
        &Place::default(),
    );
    slack::accepts_view(&view);
    let about = view.pointer("/blocks/0/elements/0/text").unwrap();
    assert_eq!(about, "About Acme &lt;!here&gt; \u{b7} revenue");
    let kept = Kept::decode(view["private_metadata"].as_str().unwrap()).unwrap();
    assert_eq!(kept.question.as_deref(), Some("#17 revenue"));
}

#[test]
fn the_home_tab_asks_the_last_questions_again() {
    let view = home(&Home {
        last_questions: vec!["#17 revenue".to_owned(), "acme sector".to_owned()],
        companies: 2_000,
        attributes: vec!["revenue".to_owned(), "sector".to_owned()],
        data_as_of: Some(now()),
    });
    slack::accepts_view(&view);
    let asked = asked(view["blocks"].as_array().unwrap());
    let asks = |words: &str| Action::Ask(words.to_owned());
    assert_eq!(asked, [asks("#17 revenue"), asks("acme sector")]);
    slack::accepts_view(&home(&Home::default()));
}
