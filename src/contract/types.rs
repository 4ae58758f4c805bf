//! Types of columns, in the words of Hive and Athena.
//!
//! One form for whatever names a type: the contract, a Parquet file, a Hudi table's own schema, a
//! Glue table. Widths that no reader tells apart (units of time, kinds of text) are one type here.

use std::fmt;

use super::Column;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    String,
    Bigint,
    Int,
    Double,
    Boolean,
    Timestamp,
    Date,
    Array(Box<Type>),
    Struct(Vec<Field>),
    /// None of the contract's, in its owner's words.
    Other(String),
}

/// A column or a field of a struct, as some schema has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub of: Type,
}

pub(super) fn fields(columns: &[Column]) -> Vec<Field> {
    let field = |column: &Column| Field {
        name: column.name.to_owned(),
        of: column.of.clone(),
    };
    columns.iter().map(field).collect()
}

/// Hive's text: `array<struct<source:string>>`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::String => f.write_str("string"),
            Type::Bigint => f.write_str("bigint"),
            Type::Int => f.write_str("int"),
            Type::Double => f.write_str("double"),
            Type::Boolean => f.write_str("boolean"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Date => f.write_str("date"),
            Type::Array(item) => write!(f, "array<{item}>"),
            Type::Struct(fields) => {
                f.write_str("struct<")?;
                for (at, field) in fields.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(f, "{comma}{}:{}", field.name, field.of)?;
                }
                f.write_str(">")
            }
            Type::Other(text) => f.write_str(text),
        }
    }
}

impl Type {
    /// How it lies in a Parquet file: the physical type, and what it is marked as.
    #[must_use]
    pub fn parquet(&self) -> &'static str {
        match self {
            Type::String => "BYTE_ARRAY (STRING)",
            Type::Bigint => "INT64",
            Type::Int => "INT32",
            Type::Double => "DOUBLE",
            Type::Boolean => "BOOLEAN",
            Type::Timestamp => "INT64 (TIMESTAMP, microseconds, UTC)",
            Type::Date => "INT32 (DATE)",
            Type::Array(_) => "group (LIST)",
            Type::Struct(_) => "group",
            Type::Other(_) => "none of the contract's",
        }
    }

    /// Reads Hive's text, in any case and with any spaces; what is none of ours stays as it is.
    #[must_use]
    pub fn parse(text: &str) -> Type {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let inside = |prefix: &str| {
            let rest = lower.strip_prefix(prefix)?.trim_start();
            let inner = rest.strip_prefix('<')?.strip_suffix('>')?;
            // By place, so that names keep their case.
            let end = text.len() - 1;
            text.get(end - inner.len()..end)
        };
        match lower.as_str() {
            "string" | "varchar" => Type::String,
            "bigint" => Type::Bigint,
            "int" | "integer" => Type::Int,
            "double" => Type::Double,
            "boolean" => Type::Boolean,
            "timestamp" => Type::Timestamp,
            "date" => Type::Date,
            _ => {
                if let Some(item) = inside("array") {
                    return Type::Array(Box::new(Type::parse(item)));
                }
                let fields = inside("struct").and_then(|inner| {
                    let fields = split(inner).into_iter().map(|field| {
                        let (name, of) = field.split_once(':')?;
                        Some(Field {
                            name: name.trim().to_owned(),
                            of: Type::parse(of),
                        })
                    });
                    fields.collect::<Option<Vec<Field>>>()
                });
                fields.map_or_else(|| Type::Other(text.to_owned()), Type::Struct)
            }
        }
    }
}

/// At the commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|c: char| {
        depth += match c {
            '<' | '(' => 1,
            '>' | ')' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    })
    .collect()
}
