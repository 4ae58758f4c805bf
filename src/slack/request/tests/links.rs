//! Links of ours in what somebody wrote, or is still writing.

use super::*;

const LINKS: &str = "https://why.example.com/links/a.b https://why.example.com/companies/17";

#[test]
fn links_are_taken_with_where_they_were_pasted() {
    let sent = format!(
        "Links U1@T1/- C1 >1764000000.000100 !1764000005.000600 Thread at \
         C1.1764000005.000600.1b90fa (conversations_history): {LINKS}"
    );
    let unnamed = sent.replace(
        "at C1.1764000005.000600.1b90fa (conversations_history)",
        "at -",
    );
    let composed = format!("Links U1@T1/- Ephemeral at U1-909b (composer): {LINKS}");
    check(
        "links",
        &[
            (json!({}), sent.as_str()),
            (
                json!({"event": {"thread_ts": null, "is_bot_user_member": false}}),
                &sent.replace(">1764000000.000100 ", ""),
            ),
            // From before Slack had names for places, and of a source that is not known.
            (
                json!({"event": {"unfurl_id": null, "source": null}}),
                &unnamed,
            ),
            (json!({"event": {"source": "some_new_source"}}), &unnamed),
            (
                json!({"event": {
                    "channel": "COMPOSER", "source": "composer", "unfurl_id": "U1-909b",
                    "message_ts": "U1-909b", "thread_ts": null,
                }}),
                &composed,
            ),
            (
                json!({"event": {"channel": "COMPOSER", "source": "composer", "unfurl_id": null}}),
                "ignored: links in a place without a name",
            ),
            (
                json!({"event": {"message_ts": null}}),
                "unreadable: no message_ts",
            ),
            (json!({"event": {"links": []}}), "ignored: no link"),
            (json!({"event": {"links": "none"}}), "ignored: no link"),
            (
                json!({"event": {"links": [{"url": 7}, "x"]}}),
                "ignored: no link",
            ),
        ],
    );
}

#[test]
fn links_that_nobody_pasted_are_not_answered() {
    check(
        "links",
        &[
            (json!({"event": {"user": "U0WHY"}}), "ignored: a bot's post"),
            (
                json!({"event": {"user": "USLACKBOT"}}),
                "ignored: a bot's post",
            ),
            (json!({"event": {"bot_id": "B7"}}), "ignored: a bot's post"),
            (
                json!({"event": {"user": null}}),
                "ignored: links that nobody wrote",
            ),
        ],
    );
}

#[test]
fn of_many_links_the_first_few_are_looked_at_and_none_that_is_endless() {
    let url = |number: usize| format!("https://why.example.com/companies/{number}");
    let mut links: Vec<Value> = (1..=9).map(|n| json!({"url": url(n)})).collect();
    links.insert(
        0,
        json!({"url": format!("https://why.example.com/{}", "x".repeat(5_000))}),
    );
    let request = read_patched("links", &json!({"event": {"links": links}})).unwrap();
    let Request::Links { links, .. } = request else {
        panic!("{request:?}");
    };
    assert_eq!(links, (1..=5).map(url).collect::<Vec<_>>());
}
