//! The DDL as Athena would read it: a small evaluator of its projection, that shares
//! no code with the layout, names the partitions that Athena would look for.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::catalog::example;
use crate::catalog::tests::generated;
use crate::layout::Layout;
use crate::plan;
use crate::question::{LookBack, Question};

const HERE: &str = "s3://acme-lake/why";

fn all(catalog: &Catalog) -> String {
    let statements = statements(catalog, HERE).unwrap();
    let sql: Vec<String> = statements.into_iter().map(|s| s.sql).collect();
    sql.join(";\n\n")
}

#[test]
fn parquet_by_month_with_a_latest_table() {
    assert_snapshot!(all(&example::example().unwrap()), @r"
    CREATE EXTERNAL TABLE IF NOT EXISTS `why`.`attribute_trace` (
      `decision_id` string,
      `entity_id` bigint,
      `decided_at` timestamp,
      `value` string,
      `previous_value` string,
      `rule` string,
      `rule_version` string,
      `reason` string,
      `run_id` string,
      `actor` string,
      `override` boolean,
      `evidence` array<struct<source:string,record_id:string,value:string,observed_at:timestamp,confidence:double,selected:boolean,reason:string,url:string>>
    )
    COMMENT 'Why each attribute of each company has its value: one row for each decision'
    PARTITIONED BY (
      `attribute_name` string,
      `entity_id_mod` int,
      `created_date` date
    )
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    LOCATION 's3://acme-lake/why/attribute_trace/'
    TBLPROPERTIES (
      'projection.enabled' = 'true',
      'projection.attribute_name.type' = 'enum',
      'projection.attribute_name.values' = 'revenue,employees,sector,headquarters,website,founded,legal_name,credit_limit',
      'projection.entity_id_mod.type' = 'integer',
      'projection.entity_id_mod.range' = '0,15',
      'projection.created_date.type' = 'date',
      'projection.created_date.format' = 'yyyy-MM-dd',
      'projection.created_date.range' = '2015-01-01,NOW+1DAYS',
      'projection.created_date.interval' = '1',
      'projection.created_date.interval.unit' = 'MONTHS'
    );

    CREATE EXTERNAL TABLE IF NOT EXISTS `why`.`attribute_latest` (
      `decision_id` string,
      `entity_id` bigint,
      `decided_at` timestamp,
      `value` string,
      `previous_value` string,
      `rule` string,
      `rule_version` string,
      `reason` string,
      `run_id` string,
      `actor` string,
      `override` boolean,
      `evidence` array<struct<source:string,record_id:string,value:string,observed_at:timestamp,confidence:double,selected:boolean,reason:string,url:string>>,
      `decision_dates` array<date>
    )
    COMMENT 'The newest decision of each company and attribute'
    PARTITIONED BY (
      `attribute_name` string,
      `entity_id_mod` int
    )
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    LOCATION 's3://acme-lake/why/attribute_latest/'
    TBLPROPERTIES (
      'projection.enabled' = 'true',
      'projection.attribute_name.type' = 'enum',
      'projection.attribute_name.values' = 'revenue,employees,sector,headquarters,website,founded,legal_name,credit_limit',
      'projection.entity_id_mod.type' = 'integer',
      'projection.entity_id_mod.range' = '0,15'
    );

    CREATE EXTERNAL TABLE IF NOT EXISTS `why`.`entities` (
      `entity_id` bigint,
      `name` string,
      `domain` string,
      `aliases` array<string>,
      `parent_id` bigint,
      `rank` double
    )
    COMMENT 'The companies'
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    LOCATION 's3://acme-lake/why/entities/'
    ");
}

#[test]
fn hudi_by_day_with_own_names_and_no_latest_table() {
    let text = "[lake]\nformat = \"hudi\"\ndatabase = \"mdm\"\ntrace = \"trace-v2\"\n\
        [layout]\nfirst_date = 2020-02-29\nstep = \"day\"\nbuckets = 8\norder = [\"date\", \"bucket\", \"attribute\"]\n\
        [columns]\nvalue = \"Chosen\"\ncreated_date = \"day\"\n\
        [attributes.revenue]\n[attributes.\"head office\"]";
    let catalog = Catalog::parse(text, "why.toml").unwrap();
    assert_snapshot!(statements(&catalog, HERE).unwrap()[0].sql, @r"
    CREATE EXTERNAL TABLE IF NOT EXISTS `mdm`.`trace-v2` (
      `_hoodie_commit_time` string,
      `_hoodie_commit_seqno` string,
      `_hoodie_record_key` string,
      `_hoodie_partition_path` string,
      `_hoodie_file_name` string,
      `decision_id` string,
      `entity_id` bigint,
      `decided_at` timestamp,
      `Chosen` string,
      `previous_value` string,
      `rule` string,
      `rule_version` string,
      `reason` string,
      `run_id` string,
      `actor` string,
      `override` boolean,
      `evidence` array<struct<source:string,record_id:string,value:string,observed_at:timestamp,confidence:double,selected:boolean,reason:string,url:string>>
    )
    COMMENT 'Why each attribute of each company has its value: one row for each decision'
    PARTITIONED BY (
      `day` date,
      `entity_id_mod` int,
      `attribute_name` string
    )
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    STORED AS INPUTFORMAT 'org.apache.hudi.hadoop.HoodieParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    LOCATION 's3://acme-lake/why/trace-v2/'
    TBLPROPERTIES (
      'projection.enabled' = 'true',
      'projection.day.type' = 'date',
      'projection.day.format' = 'yyyy-MM-dd',
      'projection.day.range' = '2020-02-29,NOW+1DAYS',
      'projection.day.interval' = '1',
      'projection.day.interval.unit' = 'DAYS',
      'projection.entity_id_mod.type' = 'integer',
      'projection.entity_id_mod.range' = '0,7',
      'projection.attribute_name.type' = 'enum',
      'projection.attribute_name.values' = 'revenue,head office'
    )
    ");
}

#[test]
fn a_location_that_athena_cannot_read_is_refused_with_the_reason() {
    let catalog = example::example().unwrap();
    let told = [
        ".",
        "/data/lake",
        "s3a://acme/why",
        "s3://a",
        "s3://acme/it's",
    ]
    .map(|location| {
        let error = statements(&catalog, location).unwrap_err();
        format!("{error}\n    {}", error.advice())
    });
    assert_snapshot!(told.join("\n"), @r#"
    Athena can't use the location "."
        Athena reads only s3:// locations; write s3://bucket/prefix
    Athena can't use the location "/data/lake"
        Athena reads only s3:// locations; write s3://bucket/prefix
    Athena can't use the location "s3a://acme/why"
        Athena reads only s3:// locations; write s3://acme/why
    Athena can't use the location "s3://a"
        Write s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens.
    Athena can't use the location "s3://acme/it's"
        Write the prefix with letters, digits and -_.=/ only, without empty folders, . or ..
    "#);
}

#[test]
fn a_slash_at_the_end_of_the_location_changes_nothing() {
    let catalog = example::example().unwrap();
    assert_eq!(
        statements(&catalog, HERE),
        statements(&catalog, &format!("{HERE}/"))
    );
}

/// The properties and the partition columns of a statement, read from its text.
fn read(sql: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let properties = sql
        .split_once("TBLPROPERTIES (\n")
        .map_or("", |(_, rest)| rest);
    let properties = properties
        .lines()
        .filter_map(|line| {
            let (key, value) = line.trim_end_matches(',').trim().split_once("' = '")?;
            Some((
                key.strip_prefix('\'')?.to_owned(),
                value.strip_suffix('\'')?.to_owned(),
            ))
        })
        .collect();
    let columns = sql
        .split_once("PARTITIONED BY (\n")
        .map_or("", |(_, rest)| rest);
    let columns = columns
        .lines()
        .take_while(|line| *line != ")")
        .filter_map(|line| Some(line.split('`').nth(1)?.to_owned()))
        .collect();
    (properties, columns)
}

/// The paths below the table that Athena's projection would look for.
fn projected(sql: &str, now: Timestamp) -> BTreeSet<String> {
    let (properties, columns) = read(sql);
    assert_eq!(properties["projection.enabled"], "true");
    let mut paths = vec![Vec::new()];
    for column in &columns {
        let of = |key: &str| properties[&format!("projection.{column}.{key}")].as_str();
        let values: Vec<String> = match of("type") {
            // White space is part of a value.
            "enum" => of("values").split(',').map(hive_escaped).collect(),
            "integer" => {
                let (from, to) = of("range").split_once(',').unwrap();
                let range = from.parse::<i64>().unwrap()..=to.parse().unwrap();
                range.map(|number| number.to_string()).collect()
            }
            "date" => dates(of("range"), of("interval"), of("interval.unit"), now),
            other => panic!("{other}"),
        };
        paths = paths
            .iter()
            .flat_map(|path: &Vec<String>| {
                values.iter().map(move |value| {
                    let mut path = path.clone();
                    path.push(format!("{column}={value}"));
                    path
                })
            })
            .collect();
    }
    paths.into_iter().map(|path| path.join("/")).collect()
}

/// From the left end in steps of the interval, both ends inclusive; NOW is UTC's.
fn dates(range: &str, interval: &str, unit: &str, now: Timestamp) -> Vec<String> {
    let (from, to) = range.split_once(',').unwrap();
    let days: i64 = to
        .strip_prefix("NOW+")
        .and_then(|to| to.strip_suffix("DAYS"))
        .unwrap()
        .parse()
        .unwrap();
    let to = now.to_string()[..10].parse::<Date>().unwrap() + days.days();
    let from: Date = from.parse().unwrap();
    let step = interval.parse::<i64>().unwrap();
    (0..)
        .map(|count: i64| match unit {
            "DAYS" => from + (count * step).days(),
            "MONTHS" => from + (count * step).months(),
            other => panic!("{other}"),
        })
        .take_while(|date| *date <= to)
        .map(|date| date.strftime("%Y-%m-%d").to_string())
        .collect()
}

fn hive_escaped(value: &str) -> String {
    let escape = |c: char| match c {
        '"' | '#' | '%' | '\'' | '*' | '/' | ':' | '=' | '?' | '\\' | '{' | '[' | ']' | '^' => {
            format!("%{:02X}", u32::from(c))
        }
        c => c.to_string(),
    };
    value.chars().map(escape).collect()
}

fn question(catalog: &Catalog, attribute: &str, entity_id: i64, as_of: Timestamp) -> Question {
    assert!(catalog.attribute(attribute).is_some());
    Question {
        text: String::new(),
        entity_id,
        entity_name: String::new(),
        attribute: attribute.to_owned(),
        as_of,
        expected: None,
        look_back: LookBack::All,
    }
}

prop_compose! {
    /// Few partitions, so that all of them can be walked.
    fn small()(
        catalog in generated::catalog(),
        buckets in 1..5u32,
        steps in -2..40i64,
        hour in 0..24i64,
    ) -> (Catalog, Timestamp) {
        let now = "2026-11-24T00:00:00Z".parse::<Timestamp>().unwrap() + hour.hours();
        let today = Date::constant(2026, 11, 24);
        let first_date = match catalog.layout.step {
            Step::Day => today - steps.days(),
            Step::Month => today - (steps * 17).days(),
        };
        let layout = Layout { buckets, first_date, ..catalog.layout };
        (Catalog { layout, max_partitions: 1_000_000, ..catalog }, now)
    }
}

proptest! {
    /// The invariant of this module, of `layout` and of `plan`: what Athena projects is
    /// what questions can read, no more and no less, at the paths that are written.
    #[test]
    fn athena_projects_exactly_what_the_planner_can_name((catalog, now) in small()) {
        let trace = statements(&catalog, HERE).unwrap().remove(0);
        let mut planned = BTreeSet::new();
        for attribute in &catalog.attributes {
            for entity_id in 0..i64::from(catalog.layout.buckets) {
                let question = question(&catalog, &attribute.name, -entity_id, now);
                let plan = plan::plan(&question, &catalog, now).unwrap();
                for partition in plan.rungs.iter().flat_map(|rung| plan.partitions(&catalog, *rung)) {
                    planned.insert(catalog.layout.path(&partition));
                }
            }
        }
        prop_assert_eq!(projected(&trace.sql, now), planned);
    }

    #[test]
    fn athena_projects_exactly_the_latest_tables_partitions((mut catalog, now) in small()) {
        catalog.lake.latest = Some("attribute_latest".to_owned());
        let latest = statements(&catalog, HERE).unwrap().remove(1);
        let named: BTreeSet<String> = catalog
            .attributes
            .iter()
            .flat_map(|attribute| {
                let layout = &catalog.layout;
                (0..layout.buckets).map(move |bucket| layout.latest_path(&attribute.name, bucket))
            })
            .collect();
        prop_assert_eq!(projected(&latest.sql, now), named);
    }

    #[test]
    fn the_statements_hold_the_properties_that_are_told_alone(catalog in generated::catalog()) {
        let statements = statements(&catalog, HERE).unwrap();
        let told = |properties: Vec<(String, String)>| -> BTreeMap<_, _> { properties.into_iter().collect() };
        prop_assert_eq!(&read(&statements[0].sql).0, &told(projection(&catalog)));
        if catalog.lake.latest.is_some() {
            prop_assert_eq!(&read(&statements[1].sql).0, &told(latest_projection(&catalog)));
        }
        let entities = statements.last().unwrap();
        prop_assert!(!entities.sql.contains("projection"));
    }
}
