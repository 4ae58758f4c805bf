//! How a schema that somebody else keeps differs from the contract.
//!
//! Pure. Columns are found by name, as readers find them: their order is nobody's business, and
//! columns beyond the contract are the team's own. Start at [`differences`].

use super::{Field, Type};

/// One column, or one field within it, of which the two say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `evidence.selected` for a field of the candidates.
    pub column: String,
    pub expected: Type,
    /// `None` where it is not there.
    pub found: Option<Type>,
}

/// What `expected` names and `seen` lacks or holds in another type.
#[must_use]
pub fn differences(expected: &[Field], seen: &[Field]) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(expected, seen, "", &mut found);
    found
}

fn compare(expected: &[Field], seen: &[Field], above: &str, into: &mut Vec<Difference>) {
    for field in expected {
        let column = format!("{above}{}", field.name);
        match named(seen, &field.name) {
            None => into.push(Difference {
                column,
                expected: field.of.clone(),
                found: None,
            }),
            Some(other) => compare_types(&field.of, &other.of, column, into),
        }
    }
}

fn compare_types(expected: &Type, found: &Type, column: String, into: &mut Vec<Difference>) {
    match (expected, found) {
        (Type::Array(expected), Type::Array(found)) => {
            compare_types(expected, found, column, into);
        }
        (Type::Struct(expected), Type::Struct(found)) => {
            compare(expected, found, &format!("{column}."), into);
        }
        (expected, found) if expected == found => {}
        (expected, found) => into.push(Difference {
            column,
            expected: expected.clone(),
            found: Some(found.clone()),
        }),
    }
}

/// By its name, else, as in Athena, by its name in any case.
#[must_use]
pub fn named<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    let exact = fields.iter().find(|field| field.name == name);
    exact.or_else(|| {
        fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    })
}
