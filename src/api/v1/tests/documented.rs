//! What the OpenAPI document says that an operation answers.

use std::collections::BTreeSet;

use super::*;
use crate::api::openapi;
use crate::api::problem::{KNOWN, Raised};

/// The codes that the document lists for what answers this path, by status; `None` where nothing does.
pub(super) fn listed(method: &Method, path: &str) -> Option<BTreeSet<String>> {
    let document = openapi::document();
    let fits = |template: &str| {
        let (one, other) = (template.split('/'), path.split('/'));
        one.clone().count() == other.clone().count()
            && one.zip(other).all(|(t, p)| t == p || t.starts_with('{'))
    };
    let method = match *method {
        Method::HEAD => "get".to_owned(),
        _ => method.as_str().to_lowercase(),
    };
    let paths = document["paths"].as_object().unwrap();
    // `/v1/entities` before `/v1/entities/{id}`: no template has another's length and words.
    let (_, methods) = paths.iter().find(|(template, _)| fits(template))?;
    let responses = methods.get(&method)?["responses"].as_object().unwrap();
    let mut codes = BTreeSet::new();
    for (status, response) in responses.iter().filter(|(s, _)| s.starts_with(['4', '5'])) {
        let said = response["description"].as_str().unwrap();
        codes.extend(said.split(", ").map(|code| format!("{status} {code}")));
    }
    Some(codes)
}

/// What is met and not listed; held against every failure that a test of the API meets.
pub(super) fn unlisted(method: &Method, path: &str, seen: &Seen) -> Option<String> {
    let is_problem = seen.header("content-type") == "application/problem+json";
    let listed = listed(method, path).filter(|_| is_problem)?;
    let outcome = seen.outcome();
    let is_the_lake = outcome.starts_with("500 ");
    let code = outcome.split(' ').nth(1).unwrap_or_default();
    let is_elsewhere = KNOWN
        .iter()
        .any(|known| known.code == code && known.raised == Raised::Elsewhere);
    let is_listed = is_the_lake || is_elsewhere || listed.contains(&outcome);
    (!is_listed).then(|| format!("{method} {path} is not said to answer {outcome}"))
}
