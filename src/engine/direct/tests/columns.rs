//! Files of every make read as the same decisions.

use std::sync::Arc;

use arrow_array::StringArray;
use arrow_schema::{DataType, Field, TimeUnit};
use jiff::Timestamp;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::engine::direct::sample::{Columns, EVIDENCE, Lake, Made, evidence, made};
use crate::question::LookBack;
use crate::trace::{Candidate, Decision};

const AT: &str = "2024-06-02T03:04:05.678Z";

fn rows() -> Vec<Made> {
    vec![made("other", AT, "X").of(9), made("d", AT, "V")]
}

async fn read(file: Vec<u8>) -> Decision {
    let lake = Lake::new(&[]);
    lake.month("2024-06", "p.parquet", file);
    let rows = lake.ask(LookBack::All).await.unwrap();
    let [decision] = <[Decision; 1]>::try_from(rows.decisions).unwrap();
    decision
}

fn candidate() -> Candidate {
    let text = |text: &str| Some(text.to_owned());
    Candidate {
        source: "source".to_owned(),
        record_id: text("record_id"),
        value: text("value"),
        observed_at: Some("2023-11-14T22:13:20.123Z".parse().unwrap()),
        confidence: Some(0.5),
        selected: true,
        reason: text("reason"),
        url: text("url"),
    }
}

fn decision() -> Decision {
    let text = |text: &str| Some(text.to_owned());
    Decision {
        decision_id: "d".to_owned(),
        entity_id: 5,
        attribute: "sector".to_owned(),
        decided_at: AT.parse().unwrap(),
        value: text("V"),
        previous_value: text("before"),
        rule: text("source_priority"),
        rule_version: text("v1"),
        reason: text("because"),
        run_id: text("run"),
        actor: text("pipeline"),
        is_override: true,
        evidence: vec![candidate()],
        written: "p.parquet".to_owned(),
    }
}

#[tokio::test]
async fn every_column_of_the_contract_is_read() {
    assert_eq!(read(Columns::of(&rows()).write()).await, decision());
}

#[tokio::test]
async fn columns_may_stand_in_any_order_and_case() {
    let mut columns = Columns::of(&rows())
        .named("entity_id", "Entity_ID")
        .named("value", "VALUE");
    columns.0.reverse();
    assert_eq!(read(columns.write()).await, decision());
}

#[tokio::test]
async fn text_may_have_any_type() {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    for to in [
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Binary,
        dictionary,
    ] {
        let names = [
            "decision_id",
            "value",
            "previous_value",
            "rule",
            "reason",
            "actor",
        ];
        let columns = names
            .into_iter()
            .fold(Columns::of(&rows()), |c, name| c.cast(name, &to));
        assert_eq!(read(columns.write()).await, decision(), "{to}");
    }
}

#[tokio::test]
async fn instants_may_have_any_unit_and_zone() {
    for (unit, expected) in [
        (TimeUnit::Second, "2024-06-02T03:04:05Z"),
        (TimeUnit::Millisecond, AT),
        (TimeUnit::Microsecond, AT),
        (TimeUnit::Nanosecond, AT),
    ] {
        for zone in [None, Some("UTC".into()), Some("+02:00".into())] {
            // A zone on a type says how to show an instant, not which it is.
            let to = DataType::Timestamp(unit, zone.clone());
            let counts = arrow_cast::cast(
                Columns::of(&rows()).get("decided_at"),
                &DataType::Timestamp(unit, None),
            );
            let counts = arrow_cast::cast(&counts.unwrap(), &DataType::Int64).unwrap();
            let column = arrow_cast::cast(&counts, &to).unwrap();
            let read = read(Columns::of(&rows()).with("decided_at", column).write()).await;
            assert_eq!(read.decided_at, expected.parse().unwrap(), "{to}");
        }
    }
}

#[tokio::test]
async fn instants_are_rounded_to_milliseconds_half_up() {
    let read = read(Columns::of(&[made("d", "2024-06-02T00:00:00.0015Z", "V")]).write()).await;
    assert_eq!(read.decided_at, "2024-06-02T00:00:00.002Z".parse().unwrap());
}

#[tokio::test]
async fn entity_ids_may_be_narrow() {
    for to in [DataType::Int32, DataType::UInt32, DataType::Int16] {
        assert_eq!(
            read(Columns::of(&rows()).cast("entity_id", &to).write()).await,
            decision(),
            "{to}"
        );
    }
}

#[tokio::test]
async fn optional_columns_may_be_missing() {
    let mut columns = Columns::of(&rows());
    columns
        .0
        .retain(|(name, _)| ["decision_id", "entity_id", "decided_at"].contains(name));
    let expected = Decision {
        written: "p.parquet".to_owned(),
        ..Decision::bare("d", (5, "sector"), AT.parse().unwrap())
    };
    assert_eq!(read(columns.write()).await, expected);
}

#[tokio::test]
async fn files_of_one_table_may_differ() {
    let lake = Lake::new(&[]);
    let old = Columns::of(&[made("a", AT, "A")])
        .without("evidence")
        .without("actor");
    let new = Columns::of(&[made("b", AT, "B")]).cast("value", &DataType::Utf8View);
    lake.month("2024-06", "1.parquet", old.write())
        .month("2024-06", "2.parquet", new.write());
    let rows = lake.ask(LookBack::All).await.unwrap();
    let mut seen: Vec<_> = rows
        .decisions
        .into_iter()
        .map(|d| (d.value, d.evidence.len(), d.written))
        .collect();
    seen.sort();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            (text("A"), 0, "1.parquet".to_owned()),
            (text("B"), 1, "2.parquet".to_owned())
        ]
    );
}

#[tokio::test]
async fn a_team_may_name_its_columns_otherwise() {
    let lake = Lake::new(&[(
        "[attributes",
        "[columns]\nvalue = \"val\"\ndecided_at = \"at\"\n[attributes",
    )]);
    let columns = Columns::of(&rows())
        .named("value", "val")
        .named("decided_at", "at");
    lake.month("2024-06", "p.parquet", columns.write());
    assert_eq!(
        lake.ask(LookBack::All).await.unwrap().decisions,
        [decision()]
    );
}

#[tokio::test]
async fn evidence_may_be_a_large_list() {
    let columns = Columns::of(&rows());
    let DataType::List(item) = columns.get("evidence").data_type().clone() else {
        panic!()
    };
    let large = DataType::LargeList(Field::clone(&item).into());
    assert_eq!(
        read(columns.cast("evidence", &large).write()).await,
        decision()
    );
}

#[tokio::test]
async fn fields_of_evidence_may_be_reordered_or_missing() {
    let mut names = EVIDENCE;
    names.reverse();
    let reordered = Columns::of(&rows()).with("evidence", evidence(2, &names));
    assert_eq!(read(reordered.write()).await, decision());
    let few = Columns::of(&rows()).with("evidence", evidence(2, &["value", "source"]));
    let expected = Candidate {
        record_id: None,
        observed_at: None,
        confidence: None,
        selected: false,
        reason: None,
        url: None,
        ..candidate()
    };
    assert_eq!(read(few.write()).await.evidence, [expected]);
}

#[tokio::test]
async fn evidence_may_be_json() {
    for at in [
        "2023-11-14T22:13:20.123Z",
        "2023-11-14 22:13:20.123",
        "2023-11-14 22:13:20.123000",
    ] {
        let json = format!(
            r#"[{{"source":"source","record_id":"record_id","value":"value","observed_at":"{at}",
                "confidence":0.5,"selected":true,"reason":"reason","url":"url"}}]"#
        );
        let texts = StringArray::from(vec![None, Some(json.as_str())]);
        let columns = Columns::of(&rows()).with("evidence", Arc::new(texts));
        assert_eq!(read(columns.write()).await, decision(), "{at}");
    }
}

#[tokio::test]
async fn a_commit_time_of_hudi_wins_over_the_files_name() {
    let times = Arc::new(StringArray::from(vec![
        Some("1"),
        Some("20240602000000000"),
    ]));
    let read = read(
        Columns::of(&rows())
            .with("_hoodie_commit_time", times)
            .write(),
    )
    .await;
    assert_eq!(read.written, "20240602000000000");
}

/// As Hive, Impala and old Spark write them: days and nanoseconds in twelve bytes.
#[tokio::test]
async fn instants_may_be_int96() {
    let schema = "message decisions {
        required binary decision_id (UTF8); required int64 entity_id; required int96 decided_at; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let properties = Arc::new(WriterProperties::default());
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let at: Timestamp = AT.parse().unwrap();
    let midnight = at.as_millisecond().rem_euclid(86_400_000);
    let days = u32::try_from(at.as_millisecond().div_euclid(86_400_000)).unwrap() + 2_440_588;
    let nanos = u64::try_from(midnight).unwrap() * 1_000_000;
    let low = u32::try_from(nanos & u64::from(u32::MAX)).unwrap();
    let high = u32::try_from(nanos >> 32).unwrap();
    let mut int96 = Int96::new();
    int96.set_data(low, high, days);
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(&[ByteArray::from("d")], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<Int64Type>()
        .write_batch(&[5], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<Int96Type>()
        .write_batch(&[int96], None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    assert_eq!(read(bytes).await.decided_at, at);
}
