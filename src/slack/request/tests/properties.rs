//! Whatever comes, reading ends in a request or an error, and an error holds no secret.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

const ENDPOINTS: [Endpoint; 4] = [
    Endpoint::Commands,
    Endpoint::Events,
    Endpoint::Interactions,
    Endpoint::Options,
];

/// Reads on every path: a body may come to the wrong one.
fn survives(body: &[u8]) {
    for endpoint in ENDPOINTS {
        match read(endpoint, body) {
            Ok(request) => {
                if let Some(id) = id_of(&request) {
                    assert!((1..=64).contains(&id.len()), "{id}");
                }
            }
            Err(error) => {
                let printed = format!("{error} {error:?}");
                assert!(!printed.contains("s3cret"), "{printed}");
                assert!(!printed.contains("hooks.slack"), "{printed}");
            }
        }
    }
}

fn good_body(which: Index) -> Vec<u8> {
    let (_, endpoint, text) = PAYLOADS[which.index(PAYLOADS.len())];
    body(endpoint, &serde_json::from_str(text).unwrap())
}

/// The JSON of a payload with this text in place of one of its values.
fn with_value(which: Index, at: Index, value: &str) -> String {
    let (_, _, text) = PAYLOADS[which.index(PAYLOADS.len())];
    let starts: Vec<usize> = text.match_indices(": \"").map(|(at, _)| at + 2).collect();
    let start = starts[at.index(starts.len())];
    let length = text[start + 1..].find('"').unwrap() + 2;
    format!("{}{value}{}", &text[..start], &text[start + length..])
}

fn as_form(json: &str) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("payload", json).finish().into_bytes()
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
        survives(&as_form(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn changed_bytes(which: Index, changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..8)) {
        let mut body = good_body(which);
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] ^= byte;
        }
        survives(&body);
    }

    #[test]
    fn cut_short(which: Index, at: Index) {
        let body = good_body(which);
        survives(&body[..at.index(body.len())]);
        let (_, _, text) = PAYLOADS[which.index(PAYLOADS.len())];
        let cut: String = text.chars().take(at.index(text.len())).collect();
        survives(cut.as_bytes());
        survives(&as_form(&cut));
    }

    #[test]
    fn values_of_another_kind(which: Index, at: Index, kind in 0..9usize) {
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        let objects = format!("{}1{}", "{\"text\":".repeat(1_000), "}".repeat(1_000));
        let digits = "9".repeat(400);
        let value = [
            "null", "true", "-1e999", digits.as_str(), "[{\"id\":\"U1\"}]", "{\"id\":5}",
            deep.as_str(), objects.as_str(), "\"\\ud800\"",
        ][kind];
        let json = with_value(which, at, value);
        survives(json.as_bytes());
        survives(&as_form(&json));
    }

    #[test]
    fn doubled_keys(which: Index, at: Index, other in "[a-z0-9]{0,12}") {
        let (_, _, text) = PAYLOADS[which.index(PAYLOADS.len())];
        let keys: Vec<usize> = text.match_indices("\": \"").map(|(at, _)| at).collect();
        let end = keys[at.index(keys.len())];
        let start = text[..end].rfind('"').unwrap();
        let key = &text[start..=end];
        let json = format!("{}{key}: \"{other}\", {}", &text[..start], &text[start..]);
        survives(json.as_bytes());
        survives(&as_form(&json));
        survives(&[good_body(which), b"&payload=1&user_id=U2&team_id=".to_vec()].concat());
    }
}

#[test]
fn a_request_is_printed_without_its_response_url_and_token() {
    for (name, endpoint, text) in PAYLOADS {
        let body = body(endpoint, &serde_json::from_str(text).unwrap());
        let printed = format!("{:?}", read(endpoint, &body).unwrap());
        assert!(!printed.contains("s3cret"), "{name}: {printed}");
    }
}

#[test]
fn deep_nesting_inside_a_message_is_refused_not_followed() {
    let deep = format!("{}1{}", "{\"elements\":[".repeat(500), "]}".repeat(500));
    let (endpoint, mut json) = payload("message_shortcut");
    json["message"] = json!({"text": "", "blocks": ["HERE"]});
    let text = json.to_string().replace("\"HERE\"", &deep);
    let error = read(endpoint, &as_form(&text)).unwrap_err();
    assert!(
        error.to_string().starts_with("not JSON: Syntax at line 1"),
        "{error}"
    );
}
