//! A table as Glue has it: columns, partition keys, properties.

use std::collections::BTreeMap;

use aws_sdk_athena::types::{Column, TableMetadata};

use crate::contract::{Field, Type};

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// All but the partition keys.
    pub columns: Vec<Field>,
    /// From the outermost folder to the innermost.
    pub partitions: Vec<Field>,
    /// Glue's own and those of its storage (`location`, `inputformat`) among them.
    pub properties: BTreeMap<String, String>,
}

impl From<TableMetadata> for Described {
    fn from(table: TableMetadata) -> Self {
        Described {
            columns: fields(table.columns()),
            partitions: fields(table.partition_keys()),
            properties: table.parameters.unwrap_or_default().into_iter().collect(),
        }
    }
}

fn fields(columns: &[Column]) -> Vec<Field> {
    let field = |column: &Column| Field {
        name: column.name().to_owned(),
        of: Type::parse(column.r#type().unwrap_or_default()),
    };
    columns.iter().map(field).collect()
}
