//! Which form each `Accept` gets.

use super::*;

#[test]
fn the_heaviest_form_wins_and_json_among_equals() {
    use Form::{Csv, Json, Lines};
    for (accept, form) in [
        ("", Some(Json)),
        ("*/*", Some(Json)),
        ("text/csv", Some(Csv)),
        ("TEXT/CSV", Some(Csv)),
        ("text/*", Some(Csv)),
        ("application/*", Some(Json)),
        ("application/x-ndjson", Some(Lines)),
        ("application/jsonl", Some(Lines)),
        ("application/json;q=0.5, text/csv", Some(Csv)),
        ("application/json;q=0.5, text/csv;q=0.4", Some(Json)),
        (
            "text/csv; header=present; q=0.9, application/json ; Q=0.8",
            Some(Csv),
        ),
        ("text/html, application/xhtml+xml, */*;q=0.8", Some(Json)),
        ("application/json;q=0, */*", Some(Lines)),
        (
            "application/json;q=0, application/*;q=0, */*;q=0.1",
            Some(Csv),
        ),
        ("text/html", None),
        ("*/*;q=0", None),
        ("text/csv;q=0.000", None),
        ("nonsense", Some(Json)),
        ("text/csv;q=2, application/json;q=0.1", Some(Json)),
        ("text/csv;q=x", Some(Json)),
    ] {
        assert_eq!(best(accept), form, "{accept}");
    }
}

#[test]
fn the_parameter_wins_over_the_header() {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, "text/html".parse().unwrap());
    assert_eq!(chosen(Some("csv"), &headers).ok(), Some(Form::Csv));
    assert_eq!(chosen(None, &headers).unwrap_err().code, "not_acceptable");
    assert_eq!(
        chosen(Some("xml"), &headers).unwrap_err().code,
        "bad_format"
    );
    headers.clear();
    headers.append(ACCEPT, "text/csv;q=0.1".parse().unwrap());
    headers.append(ACCEPT, "application/x-ndjson;q=0.2".parse().unwrap());
    assert_eq!(chosen(None, &headers).ok(), Some(Form::Lines));
}
