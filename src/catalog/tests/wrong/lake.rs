//! Wrong `[lake]`, `[layout]` and `[columns]`.

use insta::assert_snapshot;

use super::refusals;

#[test]
fn wrong_locations_say_what_a_location_is() {
    assert_snapshot!(refusals(&[
        "lake.location = \"s3a://acme/lake\"",
        "lake.location = \"~/lake\"",
        "lake.location = \"s3://Acme/lake\"",
        "lake.location = \"s3://acme/a/../b\"",
        "lake.location = \"https://acme.com/lake\"",
        "lake.location = \"file://data\"",
        "lake.location = \"s3:/acme/lake\"",
        "lake.location = \" . \"",
        "lake.location = 5",
    ]), @r#"
    lake.location = "s3a://acme/lake"
    why.toml:1:17: `location` in [lake] can't be "s3a://acme/lake"
        Athena silently reads nothing through s3a://; write s3://acme/lake
    1 error in why.toml

    lake.location = "~/lake"
    why.toml:1:17: `location` in [lake] can't be "~/lake"
        Write the folder out: `~` is not expanded here.
    1 error in why.toml

    lake.location = "s3://Acme/lake"
    why.toml:1:17: `location` in [lake] can't be "s3://Acme/lake"
        Write s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens.
    1 error in why.toml

    lake.location = "s3://acme/a/../b"
    why.toml:1:17: `location` in [lake] can't be "s3://acme/a/../b"
        Write the prefix with letters, digits and -_.=/ only, without empty folders, . or ..
    1 error in why.toml

    lake.location = "https://acme.com/lake"
    why.toml:1:17: `location` in [lake] can't be "https://acme.com/lake"
        Write a folder, file:///… or s3://bucket/prefix; there is no other kind.
    1 error in why.toml

    lake.location = "file://data"
    why.toml:1:17: `location` in [lake] can't be "file://data"
        Write three slashes and the whole path: file:///data/lake.
    1 error in why.toml

    lake.location = "s3:/acme/lake"
    why.toml:1:17: `location` in [lake] can't be "s3:/acme/lake"
        Write two slashes after the scheme: s3://… or file:///…
    1 error in why.toml

    lake.location = " . "
    why.toml:1:17: `location` in [lake] can't be " . "
        Write a folder ("." is the catalog's own), file:///… or s3://bucket/prefix, without spaces around it.
    1 error in why.toml

    lake.location = 5
    why.toml:1:17: `location` in [lake] can't be 5
        Write a folder, file:///… or s3://bucket/prefix, in quotes.
    1 error in why.toml
    "#);
}

#[test]
fn wrong_tables_say_what_glue_takes() {
    assert_snapshot!(refusals(&[
        "lake = \"here\"",
        "[lake]\nformat = \"hudy\"",
        "[lake]\nformat = \"iceberg\"",
        "[lake]\ntrace = \"Attribute Trace\"",
        "[lake]\nlatest = true",
        "[lake]\ntrace = \"entities\"",
        "[lake]\ndirectory = \"attribute_trace/directory.why\"",
        "[lake]\ndirectory = \"../directory.why\"",
        "[lake]\ndatabse = \"why\"",
        "[lake]\nbuckets = 16",
    ]), @r#"
    lake = "here"
    why.toml:1:8: `lake` can't be "here"
        Write it as a table: [lake].
    1 error in why.toml

    [lake]↵format = "hudy"
    why.toml:2:10: `format` in [lake] can't be "hudy"
        Did you mean "hudi"? It can be "parquet" or "hudi".
    1 error in why.toml

    [lake]↵format = "iceberg"
    why.toml:2:10: `format` in [lake] can't be "iceberg"
        Write "parquet" or "hudi".
    1 error in why.toml

    [lake]↵trace = "Attribute Trace"
    why.toml:2:9: `trace` in [lake] can't be "Attribute Trace"
        Write lower-case letters, digits, _ and - only: Glue changes or refuses all else.
    1 error in why.toml

    [lake]↵latest = true
    why.toml:2:10: `latest` in [lake] can't be true
        Write the table's name, such as "attribute_latest"; leave the line out where there is none.
    1 error in why.toml

    [lake]↵trace = "entities"
    why.toml:2:9: `entities` and `trace` in [lake] both lie in "entities"
        Give each a name of its own: it is also its folder.
    1 error in why.toml

    [lake]↵directory = "attribute_trace/directory.why"
    why.toml:2:13: `directory` and `trace` in [lake] both lie in "attribute_trace"
        Give each a name of its own: it is also its folder.
    1 error in why.toml

    [lake]↵directory = "../directory.why"
    why.toml:2:13: `directory` in [lake] can't be "../directory.why"
        Write a file below the lake's location, such as "directory.why".
    1 error in why.toml

    [lake]↵databse = "why"
    why.toml:2:1: [lake] has no key `databse`
        Did you mean `database`?
    1 error in why.toml

    [lake]↵buckets = 16
    why.toml:2:1: [lake] has no key `buckets`
        Move it to [layout].
    1 error in why.toml
    "#);
}

#[test]
fn wrong_layouts_say_what_can_be_written() {
    assert_snapshot!(refusals(&[
        "[layout]\nbuckets = 4",
        "[layout]\nfirst_date = \"yesterday\"",
        "[layout]\nfirst_date = 1815-01-01",
        "[layout]\nfirst_date = 2015-01-01T00:00:00Z",
        "[layout]\nfirst_date = \"20150101\"",
        "[layout]\nfirst_date = 2015-01-01\nbuckets = 0",
        "[layout]\nfirst_date = 2015-01-01\nbuckets = \"16\"",
        "[layout]\nfirst_date = 2015-01-01\nbuckets = 16.0",
        "[layout]\nfirst_date = 2015-01-01\nstep = \"week\"",
        "[layout]\nfirst_date = 2015-01-01\norder = [\"attribute\", \"bucket\"]",
        "[layout]\nfirst_date = 2015-01-01\norder = [\"date\", \"bucket\", \"date\"]",
        "[layout]\nfirst_date = 2015-01-01\norder = [\"attribute\", \"buckets\", \"time\"]",
        "[layout]\nfirst_date = 2015-01-01\nladder = [\"90d\", \"30d\"]",
        "[layout]\nfirst_date = 2015-01-01\nladder = [\"3 months\", 90, \"36h\"]",
        "[layout]\nfirst_date = 2015-01-01\nladder = \"90d\"",
        "[layout]\nfirst_date = 2015-01-01\nmax_partitions = 2000000",
        "[layout]\nfirst_date = 2015-01-01\nsteps = \"day\"",
    ]), @r#"
    [layout]↵buckets = 4
    why.toml:1:2: [layout] has no `first_date`
        Add the day of the oldest decision, such as first_date = 2015-01-01: what is older is never read.
    1 error in why.toml

    [layout]↵first_date = "yesterday"
    why.toml:2:14: `first_date` in [layout] can't be "yesterday"
        Write the day of the oldest decision as year-month-day, such as 2015-01-01.
    1 error in why.toml

    [layout]↵first_date = 1815-01-01
    why.toml:2:14: `first_date` in [layout] can't be 1815-01-01
        Write the day of the oldest decision, between 1900-01-01 and 2100-01-01.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01T00:00:00Z
    why.toml:2:14: `first_date` in [layout] can't be 2015-01-01T00:00:00Z
        Write the day of the oldest decision as year-month-day, such as 2015-01-01.
    1 error in why.toml

    [layout]↵first_date = "20150101"
    why.toml:2:14: `first_date` in [layout] can't be "20150101"
        Write the day of the oldest decision as year-month-day, such as 2015-01-01.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵buckets = 0
    why.toml:3:11: `buckets` in [layout] can't be 0
        Write a whole number from 1 to 10000, without quotes.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵buckets = "16"
    why.toml:3:11: `buckets` in [layout] can't be "16"
        Write a whole number from 1 to 10000, without quotes.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵buckets = 16.0
    why.toml:3:11: `buckets` in [layout] can't be 16.0
        Write a whole number from 1 to 10000, without quotes.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵step = "week"
    why.toml:3:8: `step` in [layout] can't be "week"
        Write "day" or "month".
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵order = ["attribute", "bucket"]
    why.toml:3:9: `order` in [layout] does not name the three partition columns once each
        Name each of "attribute", "bucket" and "date" once, outermost folder first.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵order = ["date", "bucket", "date"]
    why.toml:3:9: `order` in [layout] does not name the three partition columns once each
        Name each of "attribute", "bucket" and "date" once, outermost folder first.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵order = ["attribute", "buckets", "time"]
    why.toml:3:23: `order` in [layout] can't be "buckets"
        Did you mean "bucket"? It can be "attribute", "bucket" or "date".
    why.toml:3:34: `order` in [layout] can't be "time"
        Write "attribute", "bucket" or "date".
    2 errors in why.toml

    [layout]↵first_date = 2015-01-01↵ladder = ["90d", "30d"]
    why.toml:3:18: `ladder` in [layout] can't be "30d"
        Write rising whole days, such as ["90d", "2y"]; everything is always the last rung.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵ladder = ["3 months", 90, "36h"]
    why.toml:3:11: `ladder` in [layout] can't be "3 months"
        Write a whole number and a unit, such as "90d" (units: y, w, d, h, min, s).
    why.toml:3:23: `ladder` in [layout] can't be 90
        Write a whole number and a unit, such as "90d" (units: y, w, d, h, min, s).
    why.toml:3:27: `ladder` in [layout] can't be "36h"
        Write rising whole days, such as ["90d", "2y"]; everything is always the last rung.
    3 errors in why.toml

    [layout]↵first_date = 2015-01-01↵ladder = "90d"
    why.toml:3:10: `ladder` in [layout] can't be "90d"
        Write rising whole days, such as ["90d", "2y"]; everything is always the last rung.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵max_partitions = 2000000
    why.toml:3:18: `max_partitions` in [layout] can't be 2000000
        Write a whole number from 1 to 1000000, without quotes.
    1 error in why.toml

    [layout]↵first_date = 2015-01-01↵steps = "day"
    why.toml:3:1: [layout] has no key `steps`
        Did you mean `step`?
    1 error in why.toml
    "#);
}

#[test]
fn wrong_columns_say_what_athena_takes() {
    assert_snapshot!(refusals(&[
        "[columns]\nvalue = \"the value\"",
        "[columns]\nvalue = \"_hoodie_value\"",
        "[columns]\nattribute_name = \"Attribute\"",
        "[columns]\nrule = \"Reason\"",
        "[columns]\ndecision = \"id\"",
    ]), @r#"
    [columns]↵value = "the value"
    why.toml:2:9: `value` in [columns] can't be "the value"
        Write letters, digits and _ only, not beginning with a digit.
    1 error in why.toml

    [columns]↵value = "_hoodie_value"
    why.toml:2:9: `value` in [columns] can't be "_hoodie_value"
        Names beginning with _hoodie_ are Hudi's own; name another column.
    1 error in why.toml

    [columns]↵attribute_name = "Attribute"
    why.toml:2:18: `attribute_name` in [columns] can't be "Attribute"
        Write lower-case letters, digits and _ only: Glue lower-cases names, and folders must match.
    1 error in why.toml

    [columns]↵rule = "Reason"
    why.toml:2:8: `rule` and `reason` in [columns] are both "reason"
        Name two different columns; case does not tell them apart in Athena.
    1 error in why.toml

    [columns]↵decision = "id"
    why.toml:2:1: [columns] has no key `decision`
        Did you mean `decision_id`?
    1 error in why.toml
    "#);
}
