//! The catalog against its example, against wrong files and against itself.

use super::*;

#[test]
fn the_example_parses() {
    if let Err(errors) = example::example() {
        panic!("{errors}");
    }
}
