//! That companies are held to a limit, and nobody is called an orphan beyond it.

use super::{Columns, Companies, Company, Findings, Judged, Table, catalog};
use crate::check::columns;

/// As if every column were there.
fn judged() -> Judged {
    let catalog = catalog(super::ORDERS[0]);
    let mut columns = Columns::new(Table::Entities, "entities", &catalog);
    let seen = columns::expected(Table::Entities, &catalog);
    columns.see(&seen, ("f", "f"), &mut Findings::default())
}

fn family(most: usize) -> (Vec<String>, Option<String>) {
    let mut companies = Companies::new("entities").of_at_most(most);
    let mut findings = Findings::default();
    for entity_id in 1..=10 {
        let company = Company {
            entity_id: Some(entity_id),
            name: Some("Of a family".to_owned()),
            parent_id: Some(match entity_id {
                9 => 11,
                _ => 10,
            }),
            rank: None,
        };
        companies.see(&company, &judged(), "f", &mut findings);
    }
    let note = companies.finish(&mut findings);
    let told = |f: &super::super::Finding| format!("{} {}", f.kind.code(), f.examples.join(", "));
    (findings.sorted().iter().map(told).collect(), note)
}

#[test]
fn a_parent_is_unknown_only_where_all_companies_are_known() {
    assert_eq!(
        family(100),
        (vec!["parent_unknown 11, of company 9".to_owned()], None)
    );
    let (found, note) = family(5);
    assert!(found.is_empty(), "{found:?}");
    assert!(note.unwrap().contains("no parent_id was looked at"));
}
