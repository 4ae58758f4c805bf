//! Who counts as outside where Slack says nothing.

use std::time::Duration;

use super::*;

fn check(error: Error, safe: bool) {
    let answer = told(Err::<Standing, _>(error.clone()), Standing::Outsider);
    match answer {
        Ok(standing) => {
            assert!(safe, "{error:?}");
            assert_eq!(standing, Standing::Outsider, "{error:?}");
        }
        Err(_) => assert!(!safe, "{error:?}"),
    }
}

#[test]
fn whom_slack_does_not_know_is_outside_and_what_passes_is_tried_again() {
    check(Error::RateLimited(Duration::from_secs(3)), false);
    check(Error::Retry("internal_error".to_owned()), false);
    check(Error::Unreachable("channel_not_found".to_owned()), true);
    check(Error::Gone("used_url".to_owned()), true);
    check(Error::Refused("invalid_arguments".to_owned()), true);
    check(Error::Auth("missing_scope".to_owned()), true);
    check(Error::Unknown("not JSON".to_owned()), true);
}

#[test]
fn only_groups_that_decide_are_looked_up() {
    let text = r#"
[lake]
location = "."
[layout]
step = "month"
first_date = 2020-01-15
[attributes.revenue]
kind = "money"
[attributes.churn]
visible_to = { groups = ["S0GROUP02", "S0GROUP01"], users = ["U0PERSON1"], channels = ["C0CHURN01"] }
[attributes.margin]
visible_to = { groups = ["S0GROUP01"] }
"#;
    let catalog = Catalog::parse(text, "why.toml").unwrap();
    for (user, channel, expected) in [
        ("U2", None, "S0GROUP01 S0GROUP02"),
        ("U2", Some("C1"), "S0GROUP01 S0GROUP02"),
        ("U0PERSON1", None, "S0GROUP01"),
        ("U2", Some("C0CHURN01"), "S0GROUP01"),
    ] {
        let groups: Vec<String> = undecided(&catalog, user, channel).into_iter().collect();
        assert_eq!(groups.join(" "), expected, "{user} {channel:?}");
    }
}
