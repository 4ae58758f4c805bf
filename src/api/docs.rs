//! `/docs`: the reference of the API as one page, made on the server from the OpenAPI document.
//!
//! No script, nothing from elsewhere. Start at [`router`].

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde_json::Value;

use super::openapi;
use super::problem::KNOWN;
use crate::render::page::{Shell, shell};

#[cfg(test)]
mod tests;

pub(super) fn router() -> Router {
    Router::new().route("/docs", get(show))
}

async fn show() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| page(&openapi::document()).into_string());
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "private, max-age=60"),
    ];
    (headers, PAGE.as_str()).into_response()
}

fn page(document: &Value) -> Markup {
    let info = &document["info"];
    let body = html! {
        h1 { "The JSON API of " (text(info, "title")) }
        @for paragraph in text(info, "description").split("\n\n") {
            p { (words(paragraph)) }
        }
        p { "As a document for tools: " a href="/openapi.json" { "/openapi.json" } " (OpenAPI 3.1)." }
        h2 { "Who asks" }
        dl {
            @for (name, scheme) in entries(&document["components"]["securitySchemes"]) {
                dt { code { (name) } }
                dd { (words(text(scheme, "description"))) }
            }
        }
        h2 { "Paths" }
        @for (path, methods) in entries(&document["paths"]) {
            @for (method, operation) in entries(methods) {
                (self::operation(path, method, operation))
            }
        }
        (errors())
    };
    shell("API reference", html! {}, body, &Shell::default())
}

fn operation(path: &str, method: &str, operation: &Value) -> Markup {
    let id = text(operation, "operationId");
    let parameters = operation["parameters"].as_array();
    let responses = entries(&operation["responses"]);
    let fails = |status: &str| status.starts_with(['4', '5']);
    html! {
        section id=(id) {
            h3 { code { (method.to_uppercase()) " " (path) } }
            p { strong { (text(operation, "summary")) } }
            p { (words(text(operation, "description"))) }
            @if let Some(parameters) = parameters {
                table {
                    caption { "Parameters" }
                    thead { tr {
                        th scope="col" { "Name" } th scope="col" { "In" }
                        th scope="col" { "What" } th scope="col" { "For example" }
                    } }
                    tbody { @for parameter in parameters { (self::parameter(parameter)) } }
                }
            }
            @if operation["requestBody"].is_object() {
                p { "Body: " (words(text(&operation["requestBody"], "description"))) " "
                    (shapes(&operation["requestBody"]["content"])) }
            }
            dl {
                @for (status, response) in responses.iter().filter(|(status, _)| !fails(status)) {
                    dt { code { (status) } }
                    dd { (words(text(response, "description"))) " " (shapes(&response["content"])) }
                }
                @for (status, response) in responses.iter().filter(|(status, _)| fails(status)) {
                    dt { code { (status) } }
                    dd { (codes(text(response, "description"))) }
                }
            }
        }
    }
}

fn parameter(parameter: &Value) -> Markup {
    let required = parameter["required"].as_bool().unwrap_or_default();
    let example = parameter
        .get("example")
        .map_or_else(String::new, |example| {
            let text = example.as_str().map(str::to_owned);
            text.unwrap_or_else(|| example.to_string())
        });
    html! {
        tr {
            th scope="row" { code { (text(parameter, "name")) } @if required { " (needed)" } }
            td { (text(parameter, "in")) }
            td { (words(text(parameter, "description"))) }
            td { @if !example.is_empty() { code { (example) } } }
        }
    }
}

/// Codes, each with a link to what it means; what is wrong in the lake has none.
fn codes(said: &str) -> Markup {
    html! {
        @for code in said.split(", ") {
            @if KNOWN.iter().any(|known| known.code == code) {
                a href=(format!("#error-{code}")) { code { (code) } } " "
            } @else { (code) }
        }
    }
}

/// The forms of a body, and the names of their schemas.
fn shapes(content: &Value) -> Markup {
    html! {
        @for (media, shape) in entries(content) {
            code { (media) }
            @if let Some(name) = shape["schema"]["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
                " (" (name) ")"
            }
            " "
        }
    }
}

fn errors() -> Markup {
    html! {
        h2 id="errors" { "Errors" }
        p {
            "What goes wrong is a problem (RFC 9457, " code { "application/problem+json" } "): "
            code { "title" } " says what was wrong, " code { "detail" } " what to do, "
            code { "choices" } " what may have been meant, and " code { "code" }
            " is one of these. What is wrong in the lake itself has the status 500 and a "
            code { "reference" } " for whoever runs it."
        }
        table {
            thead { tr {
                th scope="col" { "Code" } th scope="col" { "Status" } th scope="col" { "What it means" }
            } }
            tbody {
                @for known in KNOWN {
                    tr id=(format!("error-{}", known.code)) {
                        th scope="row" { code { (known.code) } }
                        td { (known.status) }
                        td { (words(known.meaning)) }
                    }
                }
            }
        }
    }
}

/// What stands between backticks is code.
fn words(text: &str) -> Markup {
    html! {
        @for (at, piece) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn entries(value: &Value) -> Vec<(&String, &Value)> {
    value.as_object().into_iter().flatten().collect()
}
