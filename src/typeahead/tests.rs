//! Tests of the typeahead: what a menu says, and its front door.
