//! What the variables come to.

use super::Environment;

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn colour_is_unwanted_where_the_terminal_or_the_person_says_so() {
    let rows = [
        (&[][..], false),
        (&[("TERM", "xterm-256color")], false),
        (&[("TERM", "dumb")], true),
        (&[("NO_COLOR", "1")], true),
        (&[("NO_COLOR", "")], false),
    ];
    for (variables, expected) in rows {
        let said = environment(variables).wants_no_colour();
        assert_eq!(said, expected, "{variables:?}");
    }
}

#[test]
fn columns_are_a_number_or_not_said() {
    let rows = [
        (&[][..], None),
        (&[("COLUMNS", "44")], Some(44)),
        (&[("COLUMNS", "")], None),
        (&[("COLUMNS", "wide")], None),
        (&[("COLUMNS", "-1")], None),
    ];
    for (variables, expected) in rows {
        let said = environment(variables).columns();
        assert_eq!(said, expected, "{variables:?}");
    }
}
