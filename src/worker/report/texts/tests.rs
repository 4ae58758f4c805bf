//! What people read of a report.

use super::*;

#[test]
fn news_say_who_found_what() {
    let in_thread: Vec<String> = [
        TriageState::Looking,
        TriageState::Explained,
        TriageState::DataError,
    ]
    .map(|state| in_thread("U1", "U2", state))
    .to_vec();
    insta::assert_snapshot!(in_thread.join("\n"), @r"
    <@U1> About the value you reported: <@U2> is looking into it.
    <@U1> About the value you reported: <@U2> found that the value is explained: the answer says why it is so.
    <@U1> About the value you reported: <@U2> found an error in the data; it goes to whoever can mend it.
    ");
    insta::assert_snapshot!(
        in_private("#17 revenue expected \"10M\"", "U2", TriageState::Looking),
        @r#"About your report on `#17 revenue expected "10M"`: <@U2> is looking into it."#
    );
}

#[test]
fn what_was_typed_mentions_nobody_and_stays_in_its_code() {
    let told = in_private(
        "#17 revenue expected `<!channel>`",
        "U2",
        TriageState::Looking,
    );
    assert!(!told.contains("<!"), "{told}");
    assert_eq!(told.matches('`').count(), 2, "{told}");
    assert!(not_for_stewards("<@U1> & co").contains("&lt;@U1&gt; &amp; co"));
}
