//! Every code of a failure over HTTP: its status, what raises it, what it means.
//!
//! `/docs` lists the table, and the OpenAPI document has each code where it is raised. Start at
//! [`KNOWN`].

use Raised::{Any, Elsewhere, Of, Query};

/// A code, its status, what raises it, and what it means.
pub(in crate::api) struct Known {
    pub(in crate::api) code: &'static str,
    pub(in crate::api) status: u16,
    pub(in crate::api) raised: Raised,
    pub(in crate::api) meaning: &'static str,
}

/// By which an operation of the API has a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Raised {
    /// The door, the URL, or that the lake is opened: every operation.
    Any,
    /// A parameter of the URL.
    Query,
    /// One of these: a parameter, or a field of the body; of one operation alone `answer.q`.
    Of(&'static [&'static str]),
    /// No operation: the page, a link, a path that there is not.
    Elsewhere,
}

/// A question in words.
const WORDS: Raised = Of(&["answer.q", "question"]);
const DATES: Raised = Of(&[
    "answer.q",
    "question",
    "as_of",
    "at",
    "from",
    "to",
    "look_back",
]);
/// What is asked as of a moment is read from the lake.
const MOMENT: Raised = Of(&["as_of", "at", "to"]);
const BODY: Raised = Of(&["question"]);

const fn known(code: &'static str, status: u16, raised: Raised, meaning: &'static str) -> Known {
    Known {
        code,
        status,
        raised,
        meaning,
    }
}

/// Every code but those of a broken lake, which are all `500`.
pub(in crate::api) const KNOWN: &[Known] = &[
    // The request.
    known(
        "unknown_parameter",
        400,
        Any,
        "The URL has a parameter that this path does not take.",
    ),
    known(
        "doubled_parameter",
        400,
        Query,
        "A parameter stands twice in the URL.",
    ),
    known(
        "missing_parameter",
        400,
        Of(&["q", "entity"]),
        "A parameter that this path needs is missing.",
    ),
    known(
        "empty_parameter",
        400,
        Any,
        "A parameter has no value. Leave it out instead.",
    ),
    known(
        "clashing_parameters",
        400,
        Of(&["entity"]),
        "Parameters that exclude each other were given together.",
    ),
    known(
        "bad_encoding",
        400,
        Any,
        "The URL is not percent-encoded UTF-8.",
    ),
    known(
        "bad_id",
        400,
        Of(&["id"]),
        "A company's id is a whole number.",
    ),
    known(
        "bad_limit",
        400,
        Of(&["limit"]),
        "The limit is no whole number, or out of its range.",
    ),
    known(
        "bad_cause",
        400,
        Of(&["cause"]),
        "A cause that does not exist.",
    ),
    known(
        "bad_period",
        400,
        Of(&["from"]),
        "The period ends before it begins.",
    ),
    known(
        "bad_cursor",
        400,
        Of(&["cursor"]),
        "The cursor was not given by this list with these filters.",
    ),
    known(
        "bad_format",
        400,
        Of(&["format"]),
        "A format that this list does not have.",
    ),
    known(
        "bad_body",
        400,
        BODY,
        "The body is not the JSON that this path takes.",
    ),
    known(
        "bad_key",
        400,
        Of(&["Idempotency-Key"]),
        "An Idempotency-Key has 1 to 200 visible ASCII characters.",
    ),
    known(
        "no_such_path",
        404,
        Elsewhere,
        "There is nothing under this path.",
    ),
    known(
        "wrong_method",
        405,
        Elsewhere,
        "The path does not take this method. `Allow` says which.",
    ),
    known(
        "not_acceptable",
        406,
        Of(&["format"]),
        "None of the formats that `Accept` allows is offered.",
    ),
    known(
        "too_large",
        413,
        BODY,
        "The body is larger than this path takes.",
    ),
    known(
        "url_too_long",
        414,
        Any,
        "The URL is longer than 8,000 bytes.",
    ),
    known(
        "not_json",
        415,
        BODY,
        "The body's Content-Type is not application/json.",
    ),
    // Who asks.
    known("no_login", 401, Any, "Nobody is signed in."),
    known(
        "bad_token",
        401,
        Any,
        "The token is none, or counts no longer.",
    ),
    known(
        "scope",
        403,
        Any,
        "The token does not have the scope that this path needs.",
    ),
    known(
        "other_origin",
        403,
        Any,
        "A page of somebody else's sent this.",
    ),
    known("bad_link", 404, Elsewhere, "The link was not signed here."),
    known("link_expired", 410, Elsewhere, "The link has expired."),
    known("too_slow", 408, BODY, "The request took too long to come."),
    known(
        "restricted",
        403,
        Of(&["attribute", "name", "question"]),
        "Whoever asks may not see this attribute.",
    ),
    known(
        "too_many_requests",
        429,
        Any,
        "Too many requests. `Retry-After` says when to go on.",
    ),
    // The question.
    known(
        "empty",
        400,
        Of(&["q", "question"]),
        "There is no question.",
    ),
    known(
        "too_long",
        400,
        Any,
        "The question, or another parameter, has more than 1,000 characters.",
    ),
    known("bad_date", 400, DATES, "A date that can't be read."),
    known(
        "no_such_day",
        400,
        DATES,
        "A day that the calendar does not have.",
    ),
    known(
        "ambiguous_date",
        400,
        DATES,
        "A date that can be read in two ways.",
    ),
    known(
        "said_twice",
        400,
        WORDS,
        "Two dates, or two expectations, that can't both hold.",
    ),
    known(
        "unfinished",
        400,
        WORDS,
        "A clause such as `as of` without what follows it.",
    ),
    known(
        "bad_look_back",
        400,
        Of(&["look_back"]),
        "A span to look back that can't be read.",
    ),
    known(
        "future",
        400,
        DATES,
        "The time that was asked about has not come yet.",
    ),
    known(
        "since_after_as_of",
        400,
        Of(&["look_back"]),
        "The time to look back to lies after the time asked about.",
    ),
    known(
        "missing_company",
        400,
        WORDS,
        "An attribute without a company.",
    ),
    known(
        "missing_attribute",
        400,
        Of(&["answer.entity", "question"]),
        "A company without an attribute.",
    ),
    known(
        "not_understood",
        400,
        WORDS,
        "Words in which no company or no attribute was found.",
    ),
    known(
        "unknown_attribute",
        404,
        Of(&["attribute", "name", "question"]),
        "The catalog has no such attribute.",
    ),
    known(
        "unknown_company",
        404,
        Of(&["entity", "id", "question"]),
        "The directory has no such company.",
    ),
    known(
        "several_companies",
        409,
        Of(&["entity", "question"]),
        "Several companies are called so. `choices` has them.",
    ),
    known(
        "too_much",
        400,
        MOMENT,
        "The question would read more than the catalog allows.",
    ),
    known(
        "scan_cut_off",
        400,
        MOMENT,
        "The question would scan more than Athena's workgroup allows.",
    ),
    // The lake.
    known(
        "busy",
        503,
        MOMENT,
        "So many questions are being answered that no turn came in time. Ask again.",
    ),
    known(
        "table_rewritten",
        503,
        MOMENT,
        "The table was rewritten while it was read. Ask again.",
    ),
    known(
        "unavailable",
        503,
        Any,
        "The lake's store does not answer. Ask again.",
    ),
    known(
        "throttled",
        503,
        Any,
        "The lake's store asks for patience. Ask again.",
    ),
    known(
        "query_interrupted",
        503,
        MOMENT,
        "Athena's query broke off. Ask again.",
    ),
    known(
        "query_cancelled",
        503,
        MOMENT,
        "Athena's query was cancelled. Ask again.",
    ),
    known(
        "login_unavailable",
        503,
        Any,
        "Nobody can tell now who asks. Try again.",
    ),
    known(
        "no_ledger",
        503,
        BODY,
        "What was sent could not be kept. Send it again.",
    ),
    known(
        "no_audit",
        503,
        Any,
        "It could not be written down who reads what is not for everyone.",
    ),
    known("timed_out", 504, Any, "The lake's store took too long."),
    known(
        "query_timed_out",
        504,
        MOMENT,
        "Athena's query took too long.",
    ),
    known(
        "no_such_page",
        404,
        Elsewhere,
        "There is no page at this address.",
    ),
    known("no_such_link", 404, Elsewhere, "The link opens nothing."),
    known(
        "late",
        504,
        Any,
        "The answer took longer than one question may.",
    ),
];
