//! Canonical values: what is compared, as opposed to what is shown.
//!
//! Stored text stays what the user sees. [`canonical`] gives the form in which
//! two values are compared, by the attribute's kind (EXPLAIN.md, Values).

/// The kind of an attribute's values, from the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Enum,
    Number,
    Money,
    Percent,
    Date,
    Year,
    Url,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Text,
        Kind::Enum,
        Kind::Number,
        Kind::Money,
        Kind::Percent,
        Kind::Date,
        Kind::Year,
        Kind::Url,
    ];

    /// The name in the catalog and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Enum => "enum",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::Year => "year",
            Kind::Url => "url",
        }
    }

    /// Compared and charted as a decimal number.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        match self {
            Kind::Number | Kind::Money | Kind::Percent => true,
            Kind::Text | Kind::Enum | Kind::Date | Kind::Year | Kind::Url => false,
        }
    }
}

/// What is compared. `Text` also stands for what a kind could not parse.
#[derive(Debug, Clone, PartialEq)]
pub enum Canonical {
    Text(String),
    Number(f64),
    Date(jiff::civil::Date),
    Year(i16),
}

impl Canonical {
    /// The same value: numbers within a relative 1e-9, all else identical.
    #[must_use]
    pub fn same(&self, other: &Canonical) -> bool {
        let _ = other;
        false
    }
}

/// The canonical form of stored text.
#[must_use]
pub fn canonical(kind: Kind, text: &str) -> Canonical {
    let _ = kind;
    Canonical::Text(text.to_owned())
}
