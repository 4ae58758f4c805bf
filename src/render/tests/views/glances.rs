//! A company at a glance, and what changed for it.

use super::*;

#[test]
fn an_overview_is_a_line_for_each_attribute() {
    let message = overview(&glance(), ALL);
    slack::accepts(&message);
    asked(&message.blocks);
    insta::assert_snapshot!(shown(&message), @"
    Acme Corporation · 2 of 5 attributes decided, 1 looks wrong.
    revenue: 12.4M USD, since 2026-03-02; warning: flapping, rule disagrees.
    employees: 410, since 2026-03-02.
    sector: no decision found.
    owner: restricted: not shown here.
    founded: not read: the store timed out.
    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    --- section
    *Acme Corporation* · 2 of 5 attributes decided, 1 looks wrong
    --- section
    • revenue: *12.4M USD*, since 2026-03-02 :warning: flapping, rule disagrees
    • employees: *410*, since 2026-03-02
    • sector: no decision found
    • owner: restricted: not shown here
    • founded: not read: the store timed out
    --- actions
    [Ask why…]
      revenue: #17 revenue
      employees: #17 employees
      sector: #17 sector
      founded: #17 founded
    [What changed lately] #17 changes in the last 30 days
    [Share to channel] #17
    --- context
    Read 2024-01-01 to 2026-04-01, all there is; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn changes_are_listed_newest_first_with_their_causes() {
    let message = changes(&changed(2), ALL);
    slack::accepts(&message);
    asked(&message.blocks);
    insta::assert_snapshot!(shown(&message), @"
    Acme Corporation · 2 changes since 2025-02-01 00:00 UTC.
    2026-03-02 06:00 UTC · revenue: 11.9M → 12.4M USD, another source won: Registry; arrived late
    2025-11-03 06:00 UTC · revenue: 9.8M → 11.9M USD, CRM reported a new value
    Read 2024-01-01 to 2026-04-01; data as of 2026-04-01 05:30 UTC.
    --- section
    *Acme Corporation* · 2 changes since 2025-02-01 00:00 UTC
    --- section
    • 2026-03-02 06:00 UTC · revenue: 11.9M → 12.4M USD, another source won: Registry; arrived late
    • 2025-11-03 06:00 UTC · revenue: 9.8M → 11.9M USD, CRM reported a new value
    --- actions
    [Ask why…]
      revenue: #17 revenue
    [All attributes] #17
    [Share to channel] #17 changes since 2025-02-01
    --- context
    Read 2024-01-01 to 2026-04-01; data as of 2026-04-01 05:30 UTC.
    ");
}

#[test]
fn no_change_is_said_only_of_what_was_read() {
    let first = |changed: &Changes| {
        changes(changed, ALL)
            .text
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    let mut none = changed(0);
    let said = "Acme Corporation \u{b7} nothing changed since 2025-02-01 00:00 UTC.";
    assert_eq!(first(&none), said);
    none.left_out = vec![(info("owner"), "restricted".to_owned())];
    none.read.complete = false;
    none.read.from = "2025-06-01".parse().unwrap();
    let message = changes(&none, ALL);
    slack::accepts(&message);
    assert!(
        message
            .text
            .contains("nothing changed in what was read since")
    );
    assert!(message.text.contains("Left out: owner (restricted)"));
    assert!(
        message
            .text
            .contains("What came before 2025-06-01 was not read.")
    );
}

#[test]
fn of_many_changes_the_rest_is_counted() {
    let message = changes(&changed(27), ALL);
    slack::accepts(&message);
    assert!(
        message.text.contains("\u{2026} and 7 earlier changes"),
        "{}",
        message.text
    );
}

#[test]
fn a_change_without_a_cause_reads_well() {
    let mut one = changed(1);
    one.changes[0].1.cause = Cause::Unknown;
    let text = changes(&one, ALL).text;
    assert!(
        text.contains("cause unknown; Registry won; arrived late"),
        "{text}"
    );
}
