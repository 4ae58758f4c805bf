//! The examples in the OpenAPI document are what the lake of acme answers.

use super::*;

const REQUESTS: [(&str, &str); 6] = [
    (
        "/v1/answer",
        "/v1/answer?entity=17&attribute=employees&as_of=2025-03-01&look_back=latest",
    ),
    ("/v1/entities", "/v1/entities?q=acme&limit=2"),
    ("/v1/entities/{id}", "/v1/entities/17?as_of=2025-03-01"),
    (
        "/v1/entities/{id}/attributes/{name}/changes",
        "/v1/entities/17/attributes/revenue/changes?to=2025-12-31&limit=1",
    ),
    (
        "/v1/compare",
        "/v1/compare?entity=17&attribute=revenue&at=2024-06-01&and=2025-03-01",
    ),
    ("/v1/catalog", "/v1/catalog"),
];

/// What reading took is left out: it differs each time.
fn without_receipt(mut said: Value) -> Value {
    if let Some(read) = said.get_mut("read") {
        for taken in ["planning_ms", "total_ms"] {
            read[taken] = json!(0.0);
        }
        for taken in ["bytes_read", "requests"] {
            read[taken] = json!(0);
        }
        read["data_as_of"] = json!("2026-11-20T06:00:00.000Z");
    }
    said
}

#[tokio::test]
async fn each_example_is_what_is_answered() {
    let site = site().await;
    let mut examples = serde_json::Map::new();
    for (path, request) in REQUESTS {
        let seen = site.get(request).await;
        assert_eq!(seen.status, 200, "{seen:?}");
        let example = json!({"request": request, "response": without_receipt(seen.json())});
        examples.insert(path.to_owned(), example);
    }
    let said = format!("{:#}\n", Value::Object(examples));
    let kept = include_str!("../../../../schema/examples.json");
    assert!(said == kept, "schema/examples.json should be:\n{said}");
}
