//! The Athena DDL of the catalog's tables, with partition projection.
