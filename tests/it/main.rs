#[test]
fn x() {
    let _ = jsonschema::draft202012::meta::validate(&serde_json::json!({}));
}
