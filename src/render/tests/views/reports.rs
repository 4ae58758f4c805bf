//! Reports of wrong values, as stewards read them.

use super::*;

#[test]
fn a_report_has_the_answer_the_words_and_what_stewards_may_say() {
    let answer = AsItWas::of(&expecting());
    let message = triage(&reported(&answer));
    accepts_triage(&message);
    asked(&message.blocks);
    insta::assert_snapshot!(shown(&message), @"
    <@U1> says that this looks wrong: Acme Corporation · revenue on 2026-03-31
    Their report says 10M.
    &lt;!channel&gt; look
    Expected: 10M
    See: <https://acme.example/report|https://acme.example/report>
    Acme Corporation · revenue on 2026-03-31: 12.4M USD, at least since 2026-03-02.
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    --- section
    <@U1> says that this looks wrong: Acme Corporation · revenue on 2026-03-31
    --- section
    Their report says 10M.
    &lt;!channel&gt; look
    Expected: 10M
    See: <https://acme.example/report|https://acme.example/report>
    --- section
    Acme Corporation · revenue on 2026-03-31: *12.4M USD*, at least since 2026-03-02
    because Registry won under source_priority v3 (“most trusted source with a value”); CRM and Vendor lost.
    --- context
    Source: <https://registry.example/acme?year=2025&amp;page=1|Registry> · rule: source_priority v3 · at least since 2026-03-02 06:00 UTC · last decided 2026-04-01 05:00 UTC
    --- section
    *Expected 10M*
    • 10M was the value from 2024-01-05 until 2025-02-10; then the source corrected an old record: 9.8M.
    • Vendor says 10M, but was not chosen: ranks 3rd of 3.
    --- context
    :warning: An earlier value came back 3 times in the 30 days before 2026-03-31. Ask the owner of the pipeline which source is right.
    --- actions
    [Looking into it] r-1
    [Explained] r-1
    [Data error] r-1
    --- context
    Report r-1: #17 revenue
    ");
}

#[test]
fn a_report_shows_who_looks_into_it() {
    let answer = AsItWas::of(&acme());
    let report = Triage {
        answer: None,
        state: Some(TriageState::Looking),
        state_by: Some("U2"),
        link: Some("javascript:alert(1)"),
        ..reported(&answer)
    };
    let message = triage(&report);
    accepts_triage(&message);
    // The company is not known without the answer; with it, its name comes first.
    assert!(message.text.contains("looks wrong: #17 revenue"));
    let named = triage(&reported(&answer));
    assert!(
        named.text.contains("looks wrong: Acme Corporation"),
        "{}",
        named.text
    );
    let shown = shown(&message);
    assert!(shown.contains("*Looking into it*: <@U2>"), "{shown}");
    assert!(!shown.contains("[Looking into it]"), "{shown}");
    assert!(
        shown.contains("[Explained] r-1\n[Data error] r-1"),
        "{shown}"
    );
    assert!(shown.contains("See: javascript:alert(1)"), "{shown}");
}
