//! What may be a name: of an attribute, a column, a table; and when two are one.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

/// File systems take 255 bytes, and the column's name stands before it.
const LONGEST: usize = 200;

/// Why an attribute can't be called so; `None` where it can.
///
/// The name is a value of Athena's enum projection (comma-separated, space
/// counts) and a folder of the lake, and stands in quotes in DDL and SQL.
#[must_use]
pub fn refused_attribute(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("it is empty");
    }
    if name.trim() != name {
        return Some("a space at an end would be part of the partition's value");
    }
    if crate::layout::escape(name).len() > LONGEST {
        return Some("as a folder's name it is longer than 200 bytes");
    }
    if name == "__HIVE_DEFAULT_PARTITION__" {
        return Some("it means \"no value\" in Hive");
    }
    name.chars().find_map(|c| match c {
        ',' => Some("a comma separates the values of Athena's projection"),
        '\'' => Some("a single quote ends a literal in SQL"),
        '/' => Some("a slash separates folders"),
        '\\' => Some("a backslash is an escape in Athena's DDL"),
        _ if c.is_control() => Some("it holds a control character"),
        _ => None,
    })
}

/// Letters, digits and underscores, not beginning with a digit: what Athena
/// takes as a column.
pub(super) fn is_column(name: &str) -> bool {
    name.len() <= 255
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A column name that Glue keeps as it is: a folder's `name=` must match it to the letter.
pub(super) fn is_partition_column(name: &str) -> bool {
    is_column(name) && !name.chars().any(|c| c.is_ascii_uppercase())
}

/// A name of a database or table that Glue keeps as it is.
pub(super) fn is_table(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// A file below the lake's location.
pub(super) fn is_file(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path
            .split('/')
            .all(|part| !part.is_empty() && part.trim() == part && part != "." && part != "..")
}

/// Two names with the same fold are the same word to whoever types them: case,
/// composition, underscores and the width of gaps do not count.
#[must_use]
pub fn fold(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let folded = CaseMapper::new().fold_string(&words.join(" ")).into_owned();
    ComposingNormalizer::new_nfc()
        .normalize(&folded)
        .into_owned()
}
