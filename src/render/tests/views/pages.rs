//! Links to the page, and what stands under a link that somebody pasted.

use super::*;

const PAGE: &str = "https://why.example.com/links/abc.def";

fn links(blocks: &[Value]) -> Vec<Value> {
    let lists = blocks.iter().filter_map(|b| b["elements"].as_array());
    let links = lists.flatten().filter(|e| e["url"].is_string());
    links.cloned().collect()
}

#[test]
fn an_answer_leads_to_its_page_and_pressing_that_asks_nothing() {
    let answer = acme();
    let mut message = blocks::answer(&answer, Flavour::Rich);
    let buttons = buttons(&answer, &catalog(), ALL, Some(PAGE));
    let [link] = links(&buttons).try_into().unwrap();
    assert_eq!(link["url"], PAGE);
    assert_eq!(link["text"]["text"], "Open as a page");
    let id = link["action_id"].as_str().unwrap();
    assert_eq!(pressed(id, "", None), Some(Action::Link));
    message.blocks.extend(buttons);
    slack::accepts(&message);
    // Several answers in one message have each their own.
    let joined = joined(vec![message.clone(), message]);
    slack::accepts(&joined);
    assert_eq!(links(&joined.blocks).len(), 2);
}

#[test]
fn an_address_that_no_button_can_hold_is_left_out() {
    let long = |length: usize| format!("https://why.example.com/{}", "x".repeat(length));
    for (page, many) in [(long(2_976), 1), (long(2_977), 0), (String::new(), 0)] {
        let buttons = buttons(&acme(), &catalog(), ALL, Some(&page));
        assert_eq!(links(&buttons).len(), many, "{}", page.len());
    }
}

#[test]
fn stewards_have_the_page_before_what_they_can_say() {
    let answer = AsItWas::of(&acme()).with_page(Some(PAGE.to_owned()));
    let report = Triage {
        page: answer.page(),
        ..reported(&answer)
    };
    let message = triage(&report);
    accepts_triage(&message);
    let [link] = links(&message.blocks).try_into().unwrap();
    assert_eq!(link["url"], PAGE);
    // As it is kept with a report; older ones have none.
    let kept = serde_json::to_value(&answer).unwrap();
    assert_eq!(kept["page"], PAGE);
    let older: AsItWas = serde_json::from_value(json!(AsItWas::of(&acme()))).unwrap();
    assert_eq!(older.page(), None);
}

fn title(unfurl: &Value) -> &str {
    let title = &unfurl["preview"]["title"];
    assert_eq!(title["type"], "plain_text");
    title["text"].as_str().unwrap()
}

/// Its blocks; what a message says beside them, an unfurl does not.
fn previewed(unfurl: &Value) -> Message {
    assert!((1..=75).contains(&title(unfurl).encode_utf16().count()));
    Message {
        text: "a link".to_owned(),
        blocks: unfurl["blocks"].as_array().unwrap().clone(),
    }
}

#[test]
fn under_a_link_stands_the_answer_in_short_with_nothing_to_press() {
    let shown = previewed(&unfurled(&expecting()));
    slack::accepts(&shown);
    assert_eq!(title(&unfurled(&acme())), "Acme Corporation \u{b7} revenue");
    assert!((1..=4).contains(&shown.blocks.len()), "{:#?}", shown.blocks);
    let all = json!(shown.blocks).to_string();
    for part in ["12.4M USD", "Registry", "Expected 10M"] {
        assert!(all.contains(part), "{part}: {all}");
    }
    for block in &shown.blocks {
        let kind = block["type"].as_str().unwrap();
        assert!(["section", "context"].contains(&kind), "{kind}");
    }
}

#[test]
fn under_a_link_to_a_company_stand_its_attributes() {
    let unfurl = unfurled_overview(&glance());
    assert_eq!(title(&unfurl), "Acme Corporation");
    let shown = previewed(&unfurl);
    slack::accepts(&shown);
    let all = json!(shown.blocks).to_string();
    assert!(
        all.contains("12.4M USD") && !all.contains("\"actions\""),
        "{all}"
    );
}

proptest! {
    #[test]
    fn whatever_the_data_what_stands_under_a_link_fits(answer in hostile::answer()) {
        slack::accepts(&previewed(&unfurled(&answer)));
    }
}
