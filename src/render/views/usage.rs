//! How to ask, with the catalog's own attributes.

use jiff::Timestamp;

use crate::catalog::{Attribute, Catalog};
use crate::render::blocks::{Message, escape};
use crate::value::Kind;

/// Attributes that the usage names; the rest are counted.
const NAMED: usize = 20;

/// No blocks: Slack shows the text, as mrkdwn.
pub(super) fn usage(catalog: &Catalog, now: Timestamp) -> Message {
    let names: Vec<String> = catalog.attributes.iter().map(|a| escape(&a.name)).collect();
    let first = names.first().map_or("revenue", String::as_str);
    let second = names.get(1).map_or(first, String::as_str);
    let year = crate::layout::utc_date(now).year() - 1;
    let number = catalog.attributes.iter().find(|a| is_number(a));
    let mut lines = vec![
        "*Ask why an attribute of a company has the value it has:*".to_owned(),
        format!("`/why acme {first}`"),
        format!("`/why acme.com {second} as of {year}-12-31`"),
    ];
    lines.extend(number.map(|a| format!("`/why acme {} expected 10M`", escape(&a.name))));
    lines.push("`/why acme` \u{b7} all there is on a company".to_owned());
    lines.push("`/why acme changes since yesterday`".to_owned());
    let (named, others) = names.split_at(names.len().min(NAMED));
    let more = match others.len() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    lines.push(format!("Attributes: {}{more}.", named.join(", ")));
    lines.push(
        "In a thread, mention me instead: slash commands do not work there. The answer is yours \
         alone until you share it."
            .to_owned(),
    );
    Message {
        text: lines.join("\n"),
        blocks: Vec::new(),
    }
}

fn is_number(attribute: &Attribute) -> bool {
    match attribute.kind {
        Kind::Number | Kind::Money => true,
        Kind::Text | Kind::Enum | Kind::Percent | Kind::Date | Kind::Year | Kind::Url => false,
    }
}
