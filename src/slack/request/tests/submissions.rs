//! Modals that were sent.

use super::*;

/// Changes to one input; its block is found by its id.
fn input(block: &str, says: &Value) -> Value {
    let mut changes = json!({"view": {"state": {"values": {}}}});
    changes["view"]["state"]["values"][block] = json!({ block: says });
    changes
}

fn without(block: &str) -> Value {
    let mut changes = json!({"view": {"state": {"values": {}}}});
    changes["view"]["state"]["values"][block] = Value::Null;
    changes
}

#[test]
fn a_question_modal_becomes_words_and_goes_where_it_came_from() {
    let ask = |words: &str| format!("Ask U1@T1/- C1 >1.1 !1.2 +hooks.slack.com Thread: {words}");
    let whole = ask("#17 revenue as of 2025-03-01 expected \"10M\"");
    let rows = [
        (json!({}), whole.clone()),
        (without("as_of"), ask("#17 revenue expected \"10M\"")),
        (
            input(
                "as_of",
                &json!({"type": "datepicker", "selected_date": NULL}),
            ),
            ask("#17 revenue expected \"10M\""),
        ),
        (
            input("as_of", &json!({"selected_date": "tomorrow \" #18"})),
            ask("#17 revenue expected \"10M\""),
        ),
        (without("expected"), ask("#17 revenue as of 2025-03-01")),
        (
            input(
                "expected",
                &json!({"type": "plain_text_input", "value": NULL}),
            ),
            ask("#17 revenue as of 2025-03-01"),
        ),
        (
            input("expected", &json!({"value": " \"\u{201c} \n"})),
            ask("#17 revenue as of 2025-03-01"),
        ),
        (
            input(
                "expected",
                &json!({"value": "the \"big\"\n \u{201c}one\u{201d} "}),
            ),
            ask("#17 revenue as of 2025-03-01 expected \"the big one\""),
        ),
        // No attribute: an overview of the company.
        (
            without("attribute"),
            ask("#17 as of 2025-03-01 expected \"10M\""),
        ),
        // A company from a list that was filled in beforehand.
        (
            input(
                "company",
                &json!({"type": "static_select", "selected_option": {"value": "#18"}}),
            ),
            ask("#18 revenue as of 2025-03-01 expected \"10M\""),
        ),
        // An input that Slack must not fill from its memory has another action_id.
        (
            json!({"view": {"state": {"values": {"company": {"company": null,
                   "company:2": {"selected_option": {"value": "#19"}}}}}}}),
            ask("#19 revenue as of 2025-03-01 expected \"10M\""),
        ),
        (
            json!({"team": NULL, "enterprise": {"id": "E1"}, "user": {"team_id": null}}),
            whole.replace("U1@T1/-", "U1@-/E1"),
        ),
    ];
    let rows: Vec<(Value, &str)> = rows.iter().map(|(c, e)| (c.clone(), e.as_str())).collect();
    check("ask_submission", &rows);
}

#[test]
fn a_modal_from_nowhere_is_answered_in_the_chosen_channel_or_to_the_asker_alone() {
    let words = "#17 revenue as of 2025-03-01 expected \"10M\"";
    let chosen = json!([{"block_id": "b", "action_id": "a", "channel_id": "C7",
                         "response_url": "https://hooks.slack.com/app/T1/7/s3cret-url"}]);
    let rows = [
        (
            json!({"view": {"private_metadata": "{\"reply\":\"thread\"}"}, "response_urls": chosen}),
            format!("Ask U1@T1/- C7 +hooks.slack.com Beside: {words}"),
        ),
        (
            json!({"view": {"private_metadata": "{\"reply\":\"thread\"}"}}),
            format!("Ask U1@T1/- Thread: {words}"),
        ),
        (
            json!({"view": {"private_metadata": ""}, "response_urls": null}),
            format!("Ask U1@T1/- Thread: {words}"),
        ),
        (
            json!({"view": {"private_metadata": "{\"reply\":7}"}, "response_urls": [{}, 5]}),
            format!("Ask U1@T1/- Thread: {words}"),
        ),
    ];
    let rows: Vec<(Value, &str)> = rows.iter().map(|(c, e)| (c.clone(), e.as_str())).collect();
    check("ask_submission", &rows);
}

#[test]
fn a_report_keeps_the_askers_words_as_they_are() {
    check(
        "report_submission",
        &[
            (
                json!({}),
                "Report U1@T1/- C1 !1.2 Update: #17 revenue | \
                 \"It is in \\\"EUR\\\",\\nnot USD <!channel>\" | Some(\"9.2M\") | \
                 Some(\"https://example.com/report\")",
            ),
            (
                json!({"view": {"state": {"values": {"expected": null, "link": {"link": {"value": NULL}},
                       "wrong": {"wrong": {"value": " no "}}}}}}),
                "Report U1@T1/- C1 !1.2 Update: #17 revenue | \"no\" | None | None",
            ),
        ],
    );
}

#[test]
fn modals_that_are_not_ours_are_ignored() {
    check(
        "ask_submission",
        &[
            (
                json!({"view": {"callback_id": "view-id"}}),
                "ignored: a modal that is not ours",
            ),
            (
                json!({"view": {"callback_id": ""}}),
                "ignored: a modal that is not ours",
            ),
            (
                json!({"type": "view_closed"}),
                "ignored: a modal was closed",
            ),
        ],
    );
}
