//! Every code that a question can fail with is in the table, once.

use std::collections::BTreeSet;

use super::*;

/// Where codes are given out, beside the API itself.
const SOURCES: [&str; 4] = [
    include_str!("../../question.rs"),
    include_str!("../../plan.rs"),
    include_str!("../../engine/error.rs"),
    include_str!("../../ask/failure.rs"),
];
/// Of a broken lake or a broken installation: `500`, whatever it is.
const INTERNAL: [&str; 17] = [
    "no_lake",
    "corrupt_file",
    "missing_column",
    "unsupported_table",
    "missing_decisions",
    "denied",
    "misconfigured",
    "broken_table",
    "athena_denied",
    "query_refused",
    "query_failed",
    "bad_result",
    "no_directory",
    "no_catalog",
    "bad_engine",
    "bad_location",
    "no_batch",
];

/// `=> "code"`, and the first text after `user(` or `internal(`.
fn codes(source: &str) -> BTreeSet<String> {
    let quoted = |text: &str| -> Option<String> {
        let code = text.trim_start().strip_prefix('"')?.split('"').next()?;
        let word = |c: char| c.is_ascii_lowercase() || c == '_';
        (!code.is_empty() && code.chars().all(word)).then(|| code.to_owned())
    };
    let after = |mark: &'static str| source.split(mark).skip(1).filter_map(quoted);
    after("=> ")
        .chain(after("user("))
        .chain(after("internal("))
        .collect()
}

#[test]
fn every_code_of_a_failure_is_in_the_table() {
    let found: BTreeSet<String> = SOURCES.iter().flat_map(|source| codes(source)).collect();
    assert!(found.contains("ambiguous_date") && found.contains("throttled"));
    assert!(found.contains("several_companies"), "{found:?}");
    let known = |code: &str| KNOWN.iter().any(|known| known.code == code);
    let missing: Vec<&String> = found
        .iter()
        .filter(|code| !known(code) && !INTERNAL.contains(&code.as_str()))
        .filter(|code| !["is looking into it", "no_text"].contains(&code.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_code_stands_in_the_table_once_and_with_a_status_that_there_is() {
    let codes: BTreeSet<&str> = KNOWN.iter().map(|known| known.code).collect();
    assert_eq!(codes.len(), KNOWN.len());
    for known in KNOWN {
        let status = StatusCode::from_u16(known.status).unwrap();
        assert!(status.is_client_error() || [503, 504].contains(&known.status));
        assert!(known.meaning.ends_with('.'), "{}", known.meaning);
    }
}

#[test]
fn a_broken_lake_is_told_by_a_reference_alone() {
    let failure = Failure::new(
        Class::Internal,
        "corrupt_file",
        "s3://secret/lake/x.parquet is broken.",
        "Restore it.",
    );
    let told = told(failure);
    let said = body(&told, status(told.class, told.code)).to_string();
    assert!(
        !said.contains("secret") && !said.contains("Restore"),
        "{said}"
    );
    assert!(told.reference.is_some());
    assert_eq!(status(told.class, told.code), 500);
}
