//! That companies are held to a limit, and nobody is called an orphan beyond it.

use super::super::strangers::Strangers;
use super::{Columns, Companies, Company, Findings, Judged, Table, catalog};
use crate::check::columns;
use crate::directory::{self, Directory, Entity};

/// As if every column were there.
fn judged() -> Judged {
    let catalog = catalog(super::ORDERS[0]);
    let mut columns = Columns::new(Table::Entities, "entities", &catalog);
    let seen = columns::expected(Table::Entities, &catalog);
    columns.see(&seen, ("f", "f"), &mut Findings::default())
}

fn company(entity_id: i64, parent_id: Option<i64>) -> Company {
    Company {
        entity_id: Some(entity_id),
        name: Some("Of a family".to_owned()),
        parent_id,
        rank: None,
    }
}

fn family(most: usize) -> (Vec<String>, Option<String>) {
    let mut companies = Companies::new("entities").of_at_most(most);
    let mut findings = Findings::default();
    for entity_id in 1..=10 {
        let parent_id = match entity_id {
            9 => Some(11),
            10 => None,
            _ => Some(10),
        };
        companies.see(
            &company(entity_id, parent_id),
            &judged(),
            "f",
            &mut findings,
        );
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

/// What is told of companies 1 to 10 beside a directory of these, and of whom the trace has and
/// neither knows.
fn beside(directory: std::ops::RangeInclusive<i64>, most: usize) -> (Vec<String>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.why");
    let named = directory.map(|entity_id| Entity {
        entity_id,
        name: format!("Company {entity_id}"),
        domain: None,
        aliases: Vec::new(),
        parent_id: None,
        rank: 0.0,
    });
    directory::build(named, &file).unwrap();
    let directory = Directory::open(&file).unwrap();
    let mut companies = Companies::new("entities").of_at_most(most);
    let mut findings = Findings::default();
    for entity_id in 1..=10 {
        companies.see(&company(entity_id, None), &judged(), "f", &mut findings);
    }
    let mut strangers = Strangers::default();
    for id in [1, 77] {
        strangers.meet(id, || "d".to_owned());
    }
    companies.compare((Some(&directory), &mut strangers), &mut findings);
    let told = findings.sorted();
    let told = told.iter().map(|f| {
        let (says, who) = (&f.found.1, f.examples.join(", "));
        format!("{} {}: {says}: {who}", f.kind.code(), f.count)
    });
    let mut unknown = Findings::default();
    strangers.finish("trace", &mut unknown);
    (
        told.collect(),
        unknown.sorted().iter().map(|f| f.count).sum(),
    )
}

#[test]
fn whom_only_the_directory_or_only_the_table_has_is_told_and_who_is_in_the_table_is_no_stranger() {
    assert_eq!(beside(1..=10, 100), (vec![], 1));
    let lacks = "directory_differs 2: knows no such companies: company 1, company 2";
    let loses = "directory_differs 1: have no such companies: company 11";
    let (mut told, unknown) = beside(3..=11, 100);
    told.sort();
    assert_eq!(
        (told, unknown),
        (vec![loses.to_owned(), lacks.to_owned()], 1)
    );
    // Where not all of the table's ids are held, nobody is said to be missing from it.
    assert_eq!(beside(3..=11, 5), (vec![lacks.to_owned()], 1));
}

#[test]
fn a_circle_of_parents_is_told_once_and_who_only_leads_into_it_is_not_in_it() {
    let check = |parents: &[(i64, i64)], expected: &[(u64, &str)]| {
        let mut companies = Companies::new("entities");
        let mut findings = Findings::default();
        for entity_id in 1..=9 {
            let parent = parents.iter().find(|(company, _)| *company == entity_id);
            let company = Company {
                entity_id: Some(entity_id),
                name: Some("Of a family".to_owned()),
                parent_id: parent.map(|(_, parent)| *parent),
                rank: None,
            };
            companies.see(&company, &judged(), "f", &mut findings);
        }
        companies.finish(&mut findings);
        let told = findings.sorted();
        let told = told.iter().map(|f| (f.count, f.examples.join("; ")));
        let expected = expected
            .iter()
            .map(|(count, who)| (*count, (*who).to_owned()));
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    };
    check(&[(1, 2), (2, 3), (4, 3)], &[]);
    check(&[(1, 1), (2, 1)], &[(1, "company 1 belongs to itself")]);
    check(
        &[(1, 4), (2, 4), (4, 5), (5, 4), (6, 7)],
        &[(2, "company 4 belongs to 5, that to 4")],
    );
    check(
        &[(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 1)],
        &[(
            6,
            "company 1 belongs to 2, that to 3, that to 4, that to 5, that to others, and the last of 6 to 1",
        )],
    );
}
