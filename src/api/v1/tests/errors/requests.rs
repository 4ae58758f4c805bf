//! Requests, and what comes of each.

/// A request for each operation that is answered: method, path with what is needed.
pub(super) const ANSWERED: [(&str, &str); 7] = [
    ("GET", "/v1/answer?entity=17&attribute=revenue"),
    ("GET", "/v1/entities?q=acme"),
    ("GET", "/v1/entities/17"),
    ("GET", "/v1/entities/17/attributes/revenue/changes"),
    ("GET", "/v1/compare?entity=17&attribute=revenue&at=2025"),
    ("GET", "/v1/catalog"),
    ("POST", "/v1/feedback"),
];

/// What Athena and a table that is rewritten under way come to is provoked where they are played
/// (`engine/tests`, `tests/it/athena.rs`), a body that takes 20 s at the door (`gate/tests`).
pub(super) const PROVOKED_ELSEWHERE: [&str; 7] = [
    "400 scan_cut_off",
    "400 too_much",
    "408 too_slow",
    "503 query_cancelled",
    "503 query_interrupted",
    "503 table_rewritten",
    "504 query_timed_out",
];

/// What the URL alone provokes: the path, and what comes of it.
pub(super) const BY_URL: [(&str, &str); 55] = [
    ("/v1/answer?q=acme&q=acme", "400 doubled_parameter"),
    ("/v1/answer", "400 missing_parameter"),
    ("/v1/answer?q=acme&entity=17", "400 clashing_parameters"),
    ("/v1/answer?q=%3F", "400 empty"),
    ("/v1/answer?q=acme+revenue&as_of=someday", "400 bad_date"),
    (
        "/v1/answer?q=acme+revenue&as_of=2025-02-30",
        "400 no_such_day",
    ),
    (
        "/v1/answer?q=acme+revenue&as_of=03/04/2025",
        "400 ambiguous_date",
    ),
    ("/v1/answer?q=acme+revenue&as_of=2031", "400 future"),
    (
        "/v1/answer?q=acme+revenue+as+of+2024-01-01+as+of+2025-01-01",
        "400 said_twice",
    ),
    ("/v1/answer?q=acme+revenue+as+of", "400 unfinished"),
    ("/v1/answer?q=revenue", "400 missing_company"),
    ("/v1/answer?q=qwertz+uiop", "400 not_understood"),
    ("/v1/answer?q=acme+revenue&look_back=x", "400 bad_look_back"),
    (
        "/v1/answer?q=acme+revenue&as_of=2024-01-01&look_back=since+2025-01-01",
        "400 since_after_as_of",
    ),
    ("/v1/answer?entity=17", "400 missing_attribute"),
    (
        "/v1/answer?entity=17&attribute=revnue",
        "404 unknown_attribute",
    ),
    (
        "/v1/answer?entity=4711&attribute=revenue",
        "404 unknown_company",
    ),
    ("/v1/answer?q=acme+tools+revenue", "409 several_companies"),
    ("/v1/entities?q=acme&q=acme", "400 doubled_parameter"),
    ("/v1/entities", "400 missing_parameter"),
    ("/v1/entities?q=+", "400 empty"),
    ("/v1/entities?q=acme&limit=0", "400 bad_limit"),
    (
        "/v1/entities/17?as_of=2025&as_of=2024",
        "400 doubled_parameter",
    ),
    ("/v1/entities/x", "400 bad_id"),
    ("/v1/entities/17?as_of=someday", "400 bad_date"),
    ("/v1/entities/17?as_of=2025-02-30", "400 no_such_day"),
    ("/v1/entities/17?as_of=03/04/2025", "400 ambiguous_date"),
    ("/v1/entities/17?as_of=2031", "400 future"),
    ("/v1/entities/4711", "404 unknown_company"),
    ("{changes}?limit=1&limit=1", "400 doubled_parameter"),
    ("/v1/entities/x/attributes/revenue/changes", "400 bad_id"),
    ("{changes}?limit=0", "400 bad_limit"),
    ("{changes}?cause=magic", "400 bad_cause"),
    ("{changes}?from=2025-01-02&to=2025-01-01", "400 bad_period"),
    ("{changes}?cursor=x", "400 bad_cursor"),
    ("{changes}?format=xml", "400 bad_format"),
    ("{changes}?from=someday", "400 bad_date"),
    ("{changes}?to=2025-02-30", "400 no_such_day"),
    ("{changes}?from=03/04/2025", "400 ambiguous_date"),
    ("{changes}?to=2031", "400 future"),
    (
        "/v1/entities/17/attributes/revnue/changes",
        "404 unknown_attribute",
    ),
    (
        "/v1/entities/4711/attributes/revenue/changes",
        "404 unknown_company",
    ),
    ("{compare}&at=2025&at=2025", "400 doubled_parameter"),
    ("/v1/compare?entity=17", "400 missing_parameter"),
    ("{compare}", "400 clashing_parameters"),
    ("{compare}&at=someday", "400 bad_date"),
    ("{compare}&at=2025-02-30", "400 no_such_day"),
    ("{compare}&and=03/04/2025", "400 ambiguous_date"),
    ("{compare}&at=2031", "400 future"),
    (
        "/v1/compare?entity=17&attribute=revnue&at=2025",
        "404 unknown_attribute",
    ),
    ("{compare}&with=4711", "404 unknown_company"),
    ("{compare}&with=acme+tools", "409 several_companies"),
    // Of whoever may not see it.
    (
        "/v1/answer?entity=17&attribute=credit_limit",
        "403 restricted",
    ),
    (
        "/v1/entities/17/attributes/credit_limit/changes",
        "403 restricted",
    ),
    (
        "/v1/compare?entity=17&attribute=credit_limit&at=2025",
        "403 restricted",
    ),
];

/// What the words of a report provoke.
pub(super) const BY_QUESTION: [(&str, &str); 14] = [
    ("?", "400 empty"),
    ("acme revenue as of someday", "400 bad_date"),
    ("acme revenue as of 2025-02-30", "400 no_such_day"),
    ("acme revenue as of 03/04/2025", "400 ambiguous_date"),
    ("acme revenue as of 2031-01-01", "400 future"),
    (
        "acme revenue as of 2024-01-01 as of 2025-01-01",
        "400 said_twice",
    ),
    ("acme revenue as of", "400 unfinished"),
    ("acme revnue", "404 unknown_attribute"),
    ("revenue", "400 missing_company"),
    ("acme", "400 missing_attribute"),
    ("qwertz uiop", "400 not_understood"),
    ("#4711 revenue", "404 unknown_company"),
    ("acme tools revenue", "409 several_companies"),
    ("#17 credit_limit", "403 restricted"),
];
