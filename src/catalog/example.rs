//! The commented catalog that `why catalog example` prints.
//!
//! A line that begins with `#` and no space is a setting that may be left out, shown
//! with its default; tests hold the file to that, and to naming every key there is.

use super::{Catalog, Errors};

/// The file, ready to be saved as `why.toml`.
pub const TEXT: &str = include_str!("example.toml");

/// The example, read.
///
/// # Errors
/// None: a test reads it.
pub fn example() -> Result<Catalog, Errors> {
    Catalog::parse(TEXT, "example.toml")
}
