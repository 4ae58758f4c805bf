//! What goes in is what the files hold, in the partitions where the layout looks for it.

use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;

use super::super::sorter::Sorter;
use super::*;
use crate::trace::Trace;

const SHAPES: [&str; 3] = [
    "order = [\"attribute\", \"bucket\", \"date\"]\nbuckets = 3\nstep = \"month\"\n",
    "order = [\"date\", \"attribute\", \"bucket\"]\nbuckets = 1\nstep = \"day\"\n",
    "order = [\"bucket\", \"date\", \"attribute\"]\nbuckets = 16\nstep = \"month\"\n",
];

fn any_text() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!("")),
        ".{0,12}".prop_map(|text| json!(text))
    ]
}

prop_compose! {
    fn any_claim()(source in "[a-c]", value in any_text(), record in any_text(), at in proptest::option::of(0_i64..2_000_000_000),
                   confidence in proptest::option::of(0.0..1.0_f64), selected: bool) -> Value {
        json!({"source": source, "value": value, "record_id": record, "confidence": confidence, "selected": selected,
               "observed_at": at.map(|s| Timestamp::from_second(s).unwrap().to_string())})
    }
}

prop_compose! {
    fn any_decision()(attribute in "[ab]", entity in -4_i64..5, micros in 1_325_376_000_000_000_i64..1_340_000_000_000_000,
                      texts in proptest::array::uniform4(any_text()), is_override: bool,
                      evidence in proptest::collection::vec(any_claim(), 0..4)) -> Value {
        let [value, previous, rule, actor] = texts;
        json!({"entity_id": entity, "attribute_name": attribute, "value": value, "previous_value": previous,
               "rule": rule, "actor": actor, "override": is_override, "evidence": evidence,
               "decided_at": Timestamp::from_microsecond(micros).unwrap().to_string()})
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_decision_is_read_back_from_its_partition(
        mut rows in proptest::collection::vec(any_decision(), 1..60), shape in 0..SHAPES.len(),
    ) {
        for (at, row) in rows.iter_mut().enumerate() {
            row["decision_id"] = json!(format!("d{at}"));
        }
        let desk = Desk::new();
        let catalog = format!("[lake]\nlatest = \"newest\"\n[layout]\nfirst_date = 2012-01-01\n{}[attributes.a]\n[attributes.b]\n", SHAPES[shape]);
        let catalog = desk.write("why.toml", catalog);
        let import = Import { catalog: Some(catalog), ..desk.import(&desk.write("in", lines(&rows))) };
        let report = run(&import).unwrap();
        prop_assert_eq!(report.decisions, rows.len() as u64);

        let layout = catalog_of(&desk.path("lake")).layout;
        let contents = read(&desk.path("lake"));
        prop_assert_eq!(contents.rows.len(), rows.len());
        let mut traces: BTreeMap<(String, i64), (Vec<_>, BTreeSet<i32>)> = BTreeMap::new();
        for row in &rows {
            let text = row.to_string();
            let expected = Row::parse(text.as_bytes(), &mut |_| {}).unwrap();
            let (partition, found) = &contents.rows[&*expected.decision_id];
            prop_assert_eq!(found, &expected);
            let at = Timestamp::from_microsecond(expected.decided_at).unwrap();
            prop_assert_eq!(partition, &layout.partition(&expected.attribute, expected.entity_id, at));
            let (trace, dates) = traces.entry((expected.attribute.to_string(), expected.entity_id)).or_default();
            trace.push(expected.decision());
            dates.insert(table::days(partition.date));
        }
        prop_assert_eq!(contents.latest.len(), traces.len());
        for (key, (trace, dates)) in traces {
            let trace = Trace::new(trace);
            let (id, found) = &contents.latest[&key];
            prop_assert_eq!(id, &trace.decisions().last().unwrap().decision_id);
            prop_assert!(found.iter().eq(dates.iter()), "{:?} {:?}", found, dates);
        }
    }

    #[test]
    fn a_sorter_gives_all_records_in_order_however_small_its_runs(
        keys in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..4), 0..400), run in 1_usize..40,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(folder.path(), "run", run);
        for key in &keys {
            sorter.push(key, b"payload").unwrap();
        }
        let mut merge = sorter.finish().unwrap();
        let mut expected = keys.clone();
        expected.sort();
        for key in expected {
            let record = merge.next().unwrap().unwrap();
            prop_assert_eq!((record.key, record.payload), (key.as_slice(), b"payload".as_slice()));
        }
        prop_assert!(merge.next().unwrap().is_none());
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_file_has_the_columns_of_the_contract_and_an_index_of_its_pages() {
    let desk = Desk::new();
    run(&desk.import(&desk.write(
        "in",
        lines(&[decision("a", 1, "2023-03-07T04:45:08Z", "Energy")]),
    )))
    .unwrap();
    let lake = desk.path("lake");
    let folder = lake.join("attribute_latest/attribute_name=sector/entity_id_mod=0");
    let part = stored::parts(&folder).unwrap().remove(0);
    let reader = SerializedFileReader::new(std::fs::File::open(part).unwrap()).unwrap();
    let metadata = reader.metadata();
    let mut schema = Vec::new();
    parquet::schema::printer::print_schema(&mut schema, metadata.file_metadata().schema());
    insta::assert_snapshot!(String::from_utf8(schema).unwrap(), @r"
    message arrow_schema {
      REQUIRED BYTE_ARRAY decision_id (STRING);
      REQUIRED INT64 entity_id;
      REQUIRED INT64 decided_at (TIMESTAMP(MICROS,true));
      OPTIONAL BYTE_ARRAY value (STRING);
      OPTIONAL BYTE_ARRAY previous_value (STRING);
      OPTIONAL BYTE_ARRAY rule (STRING);
      OPTIONAL BYTE_ARRAY rule_version (STRING);
      OPTIONAL BYTE_ARRAY reason (STRING);
      OPTIONAL BYTE_ARRAY run_id (STRING);
      OPTIONAL BYTE_ARRAY actor (STRING);
      REQUIRED BOOLEAN override;
      REQUIRED group evidence (LIST) {
        REPEATED group list {
          OPTIONAL group element {
            OPTIONAL BYTE_ARRAY source (STRING);
            OPTIONAL BYTE_ARRAY record_id (STRING);
            OPTIONAL BYTE_ARRAY value (STRING);
            OPTIONAL INT64 observed_at (TIMESTAMP(MICROS,true));
            OPTIONAL DOUBLE confidence;
            OPTIONAL BOOLEAN selected;
            OPTIONAL BYTE_ARRAY reason (STRING);
            OPTIONAL BYTE_ARRAY url (STRING);
          }
        }
      }
      REQUIRED group decision_dates (LIST) {
        REPEATED group list {
          OPTIONAL INT32 element (DATE);
        }
      }
    }
    ");
    assert!(metadata.file_metadata().key_value_metadata().is_none());
    let columns = metadata.row_group(0).columns();
    let indexed = columns.iter().filter(|c| c.column_index_offset().is_some());
    assert_eq!(
        indexed
            .map(|c| c.column_path().string())
            .collect::<Vec<_>>(),
        ["entity_id"]
    );
    assert!(columns.iter().all(|c| c.offset_index_offset().is_some()));
}

#[test]
fn files_without_an_extension_were_not_read_back() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("leaf")).unwrap();
    for name in [
        "leaf/20240602_101112_00003_abcde",
        "leaf/_SUCCESS",
        "leaf/.p.crc",
    ] {
        desk.write(name, "");
    }
    let parts = stored::parts(&desk.path("leaf")).unwrap();
    assert_eq!(parts, [desk.path("leaf/20240602_101112_00003_abcde")]);
    let above = stored::parts(&desk.path("")).unwrap();
    assert_eq!(
        above,
        Vec::<std::path::PathBuf>::new(),
        "a folder is no file"
    );
}
