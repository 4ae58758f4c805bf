//! The API in OpenAPI 3.1: `/openapi.json`, `why openapi`, `schema/openapi.json`.
//!
//! Paths and parameters are derived from the handlers, what can go wrong from those and the table of
//! [`problem`], shapes are the files in `schema/`: nothing is written twice. Start at [`document`].
//!
//! [`problem`]: super::problem

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::problem::{KNOWN, MEDIA_TYPE, Raised, again};
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

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let schemas = schemas();
    let paths = serde_json::to_value(Paths::openapi());
    let mut document = paths.unwrap_or_else(|error| json!({"error": error.to_string()}));
    if let Value::Object(document) = &mut document {
        document.insert("openapi".to_owned(), json!("3.1.0"));
        document.insert(
            "components".to_owned(),
            json!({"schemas": schemas, "securitySchemes": security()}),
        );
    }
    // The macro can't say so of a reference.
    if let Some(body) = document.pointer_mut("/paths/~1v1~1feedback/post/requestBody") {
        body["required"] = json!(true);
    }
    for operation in operations(&mut document) {
        let codes = codes(operation, &schemas).into_iter();
        let fails = codes.map(|(status, codes)| (status.to_string(), problem(status, &codes)));
        if let Some(responses) = operation["responses"].as_object_mut() {
            responses.extend(fails);
        }
    }
    for (path, example) in examples() {
        let Some(answered) = document["paths"][&path]["get"].pointer_mut(ANSWERED) else {
            continue;
        };
        answered["example"] = example["response"].clone();
    }
    document
}

fn problem(status: u16, codes: &[&str]) -> Value {
    let content = json!({MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}});
    let mut said = json!({"description": codes.join(", "), "content": content});
    let again = StatusCode::from_u16(status).ok().and_then(again);
    if again.is_some() {
        said["headers"] = json!({"Retry-After": {
            "description": "Seconds until it is worth trying again.",
            "schema": {"type": "integer", "minimum": 1},
        }});
    }
    said
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut();
    let methods = paths.into_iter().flat_map(Map::values_mut);
    methods
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
}

/// How an operation can fail, by status: told by what it takes, which its handler says.
fn codes(operation: &Value, schemas: &Map<String, Value>) -> BTreeMap<u16, Vec<&'static str>> {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let parameters = operation["parameters"].as_array();
    let parameters: Vec<&Value> = parameters.into_iter().flatten().collect();
    let has_query = parameters.iter().any(|p| p["in"] == "query");
    let named = parameters.iter().filter_map(|p| p["name"].as_str());
    let body = operation.pointer(BODY).and_then(Value::as_str);
    let body = body.and_then(|to| schemas.get(to.rsplit('/').next()?));
    let fields = body.and_then(|shape| shape["properties"].as_object());
    let fields = fields.into_iter().flat_map(Map::keys).map(String::as_str);
    let taken: Vec<&str> = named.chain(fields).collect();
    let takes = |wanted: &&str| match wanted.split_once('.') {
        Some((of, wanted)) => of == id && taken.contains(&wanted),
        None => taken.contains(wanted),
    };
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for known in KNOWN {
        let is_raised = match known.raised {
            Raised::Any => true,
            Raised::Query => has_query,
            Raised::Of(names) => names.iter().any(takes),
            Raised::Elsewhere => false,
        };
        if is_raised {
            codes.entry(known.status).or_default().push(known.code);
        }
    }
    codes.insert(500, vec!["what is wrong in the lake"]);
    codes
}

/// Where the shape of a body stands.
const BODY: &str = "/requestBody/content/application~1json/schema/$ref";
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
