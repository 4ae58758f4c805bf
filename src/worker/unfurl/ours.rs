//! What a URL of ours asks: a signed link by its token, a permalink by its path. Pure.

use percent_encoding::percent_decode_str;

/// A URL that leads to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ours {
    /// `/links/{token}`; nothing is verified yet.
    Signed(String),
    Permalink(Permalink),
}

/// `/companies/17/revenue?as_of=…`: as it is written; nobody has looked for it yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Permalink {
    pub(super) entity_id: i64,
    /// `None`: the company at a glance.
    pub(super) attribute: Option<String>,
    pub(super) as_of: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) look_back: Option<String>,
}

/// `None` for what is not under this address, or asks nothing.
pub(super) fn read(url: &str, base: &str) -> Option<Ours> {
    // Slack escapes in some events what it does not in others.
    let url = url.replace("&amp;", "&");
    let (start, rest) = url.split_at_checked(base.len())?;
    if !start.eq_ignore_ascii_case(base) {
        return None;
    }
    let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let decoded = |part: &str| -> Option<String> {
        Some(percent_decode_str(part).decode_utf8().ok()?.into_owned())
    };
    let path = path.strip_prefix('/')?.trim_end_matches('/');
    let parts: Vec<String> = path.split('/').map(decoded).collect::<Option<_>>()?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (id, attribute) = match parts.as_slice() {
        ["links", token] if !token.is_empty() => return Some(Ours::Signed((*token).to_owned())),
        ["companies", id] => (id, None),
        ["companies", id, attribute] | ["companies", id, attribute, "history"] => {
            (id, Some((*attribute).to_owned()))
        }
        _ => return None,
    };
    let mut permalink = Permalink {
        entity_id: id.parse().ok()?,
        attribute,
        ..Permalink::default()
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let field = match name.as_ref() {
            "as_of" => &mut permalink.as_of,
            "expected" => &mut permalink.expected,
            "look_back" => &mut permalink.look_back,
            _ => continue,
        };
        *field = Some(value.into_owned());
    }
    Some(Ours::Permalink(permalink))
}
