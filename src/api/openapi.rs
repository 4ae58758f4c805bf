//! The API in OpenAPI 3.1: `/openapi.json`, `why openapi`, `schema/openapi.json`.
//!
//! Paths and parameters are derived from the handlers, statuses from the table of [`problem`],
//! shapes are the files in `schema/`: nothing is written twice. Start at [`document`].
//!
//! [`problem`]: super::problem

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa::openapi::{self, RefOr};
use utoipa::{IntoResponses, OpenApi};

use super::problem::{KNOWN, MEDIA_TYPE};
use super::v1::{self, Form, Kept, Reply};

#[cfg(test)]
mod tests;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "why",
        description = "Why does this attribute of this company have this value? Every answer says what \
            was decided, by which rule, on whose word, what changed before and why.\n\n\
            What whoever asks may see is decided for each attribute, here as in Slack. Fields may be \
            added to every shape; unknown parameters are refused.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "Where this document came from.")),
    tags(
        (name = "answers", description = "Why a value is what it is."),
        (name = "companies", description = "Companies, and what happened to their attributes."),
        (name = "catalog", description = "What can be asked about."),
        (name = "feedback", description = "This looks wrong.")
    ),
    security(("token" = []), ("session" = []), ()),
    paths(
        v1::answer::answer,
        v1::entities::search,
        v1::entities::overview,
        v1::changes::changes,
        v1::compare::compare,
        v1::catalog::catalog,
        v1::feedback::feedback
    )
)]
struct Paths;

/// The files in `schema/`, by the name that they have in the document.
const SHAPES: [(&str, &str); 9] = [
    ("answer", include_str!("../../schema/answer.v1.json")),
    ("overview", include_str!("../../schema/overview.v1.json")),
    ("changes", include_str!("../../schema/changes.v1.json")),
    ("history", include_str!("../../schema/history.v1.json")),
    ("entities", include_str!("../../schema/entities.v1.json")),
    (
        "comparison",
        include_str!("../../schema/comparison.v1.json"),
    ),
    ("catalog", include_str!("../../schema/catalog.v1.json")),
    ("feedback", include_str!("../../schema/feedback.v1.json")),
    ("problem", include_str!("../../schema/problem.v1.json")),
];

/// What can go wrong on every path, by status.
pub(super) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let mut codes: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for known in KNOWN {
            codes.entry(known.status).or_default().push(known.code);
        }
        codes.insert(500, vec!["what is wrong in the lake"]);
        let response = |(status, codes): (u16, Vec<&str>)| {
            let schema = openapi::Ref::from_schema_name("problem");
            let content = openapi::ContentBuilder::new().schema(Some(schema)).build();
            let response = openapi::ResponseBuilder::new()
                .description(codes.join(", "))
                .content(MEDIA_TYPE, content)
                .build();
            (status.to_string(), RefOr::T(response))
        };
        codes.into_iter().map(response).collect()
    }
}

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let paths = serde_json::to_value(Paths::openapi());
    let mut document = paths.unwrap_or_else(|error| json!({"error": error.to_string()}));
    if let Value::Object(document) = &mut document {
        document.insert("openapi".to_owned(), json!("3.1.0"));
        document.insert(
            "components".to_owned(),
            json!({"schemas": schemas(), "securitySchemes": security()}),
        );
    }
    // The macro can't say so of a reference.
    if let Some(body) = document.pointer_mut("/paths/~1v1~1feedback/post/requestBody") {
        body["required"] = json!(true);
    }
    for (path, example) in examples() {
        let Some(answered) = document["paths"][&path]["get"].pointer_mut(ANSWERED) else {
            continue;
        };
        answered["example"] = example["response"].clone();
    }
    document
}

/// Where the example of an operation stands.
const ANSWERED: &str = "/responses/200/content/application~1json";

/// What acme's lake answers, by path: `{"request", "response"}`.
fn examples() -> Map<String, Value> {
    serde_json::from_str(include_str!("../../schema/examples.json")).unwrap_or_default()
}

/// As it stands in `schema/openapi.json`.
#[must_use]
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn security() -> Value {
    json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "`why token create` makes one, with the scopes `ask` and `feedback`; or a JWT of the configured issuer.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-why_session",
            "description": "The same token, as `/sign-in` keeps it (`why_session` on the machine itself, where nothing is needed).",
        },
    })
}

fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for (name, text) in SHAPES {
        let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
        embed(name, &mut schema);
        if let Value::Object(fields) = &mut schema {
            fields.remove("$schema");
            fields.remove("$id");
        }
        schemas.insert(name.to_owned(), schema);
    }
    let answered = ["answer/$defs/answer", "overview", "changes"];
    let answered = answered.map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    schemas.insert(
        "answered".to_owned(),
        json!({"title": "An answer, a company at a glance, or what changed", "oneOf": answered}),
    );
    schemas
}

/// References within a file, and to another, become references within the document.
fn embed(name: &str, schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(to) if key == "$ref" => *to = embedded(name, to),
                    Value::Object(_) | Value::Array(_) => embed(name, value),
                    Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| embed(name, item)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `answer.v1.json#/$defs/change` is `#/components/schemas/answer/$defs/change`.
fn embedded(name: &str, to: &str) -> String {
    let (file, place) = to.split_once('#').unwrap_or((to, ""));
    let name = match file.strip_suffix(".v1.json") {
        Some(other) => other,
        None => name,
    };
    format!("#/components/schemas/{name}{place}")
}

static TEXT: LazyLock<String> = LazyLock::new(text);

/// `/openapi.json`
pub(super) async fn show(headers: axum::http::HeaderMap) -> Response {
    let reply = Reply {
        tag: v1::tag_of(&[TEXT.as_bytes()]),
        kept: Kept::Minute,
        form: Form::Json,
    };
    v1::reply(&headers, reply, || TEXT.as_str().into())
}
