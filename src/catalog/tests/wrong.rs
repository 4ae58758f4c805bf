//! Wrong catalogs, and the whole message that each of them gives.

use insta::assert_snapshot;

use crate::catalog::Catalog;

/// What a person reads; `case` is completed so that only its own slips count.
fn refusal(case: &str) -> String {
    let mut text = case.to_owned();
    if !case.contains("first_date") && !case.contains("[layout]") {
        text.push_str("\n[layout]\nfirst_date = 2015-01-01");
    }
    if !case.contains("attributes") {
        text.push_str("\n[attributes.revenue]");
    }
    match Catalog::parse(&text, "why.toml") {
        Ok(_) => panic!("nothing is wrong with\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

/// Each case and its message.
fn refusals(cases: &[&str]) -> String {
    let told: Vec<String> = cases
        .iter()
        .map(|case| format!("{}\n{}", case.replace('\n', "↵"), refusal(case)))
        .collect();
    told.join("\n\n")
}

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

#[test]
fn hostile_attribute_names_are_refused_with_the_reason() {
    let long = format!("[attributes.\"{}\"]", "ü".repeat(101));
    assert_snapshot!(refusals(&[
        "attributes = {}",
        "attributes = 5",
        "[attributes.\"a,b\"]",
        "[attributes.\"o'brien\"]",
        "[attributes.\"a/../b\"]",
        "[attributes.\"a\\\\b\"]",
        "[attributes.\" revenue\"]",
        "[attributes.\"\"]",
        "[attributes.\"a\\u0000\\nb\"]",
        "[attributes.__HIVE_DEFAULT_PARTITION__]",
        &long,
    ]), @r#"
    attributes = {}
    why.toml:1:1: there are no attributes
        Add at least one, such as [attributes.revenue].
    1 error in why.toml

    attributes = 5
    why.toml:1:14: `attributes` can't be 5
        Write it as a table: [attributes].
    1 error in why.toml

    [attributes."a,b"]
    why.toml:1:13: an attribute can't be called "a,b"
        Rename it in the table and here: a comma separates the values of Athena's projection.
    1 error in why.toml

    [attributes."o'brien"]
    why.toml:1:13: an attribute can't be called "o'brien"
        Rename it in the table and here: a single quote ends a literal in SQL.
    1 error in why.toml

    [attributes."a/../b"]
    why.toml:1:13: an attribute can't be called "a/../b"
        Rename it in the table and here: a slash separates folders.
    1 error in why.toml

    [attributes."a\\b"]
    why.toml:1:13: an attribute can't be called "a\\b"
        Rename it in the table and here: a backslash is an escape in Athena's DDL.
    1 error in why.toml

    [attributes." revenue"]
    why.toml:1:13: an attribute can't be called " revenue"
        Rename it in the table and here: a space at an end would be part of the partition's value.
    1 error in why.toml

    [attributes.""]
    why.toml:1:13: an attribute can't be called ""
        Rename it in the table and here: it is empty.
    1 error in why.toml

    [attributes."a\u0000\nb"]
    why.toml:1:13: an attribute can't be called "a\u0000\u000Ab"
        Rename it in the table and here: it holds a control character.
    1 error in why.toml

    [attributes.__HIVE_DEFAULT_PARTITION__]
    why.toml:1:13: an attribute can't be called "__HIVE_DEFAULT_PARTITION__"
        Rename it in the table and here: it means "no value" in Hive.
    1 error in why.toml

    [attributes."üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü"]
    why.toml:1:13: an attribute can't be called "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…"
        Rename it in the table and here: as a folder's name it is longer than 200 bytes.
    1 error in why.toml
    "#);
}

#[test]
fn a_word_means_one_attribute() {
    assert_snapshot!(refusals(&[
        "[attributes.revenue]\naliases = [\"sales\"]\n[attributes.turnover]\naliases = [\"SALES\"]",
        "[attributes.annual_revenue]\n[attributes.\"Annual Revenue\"]",
        "[attributes.revenue]\n[attributes.income]\nlabel = \"Revenue\"",
        "[attributes.revenue]\naliases = [\"sales\", \"Sales\"]",
    ]), @r#"
    [attributes.revenue]↵aliases = ["sales"]↵[attributes.turnover]↵aliases = ["SALES"]
    why.toml:4:12: "SALES" means both revenue and turnover
        A name, label or alias belongs to one attribute (case and _ do not count): change one.
    1 error in why.toml

    [attributes.annual_revenue]↵[attributes."Annual Revenue"]
    why.toml:2:13: "Annual Revenue" means both annual_revenue and Annual Revenue
        A name, label or alias belongs to one attribute (case and _ do not count): change one.
    1 error in why.toml

    [attributes.revenue]↵[attributes.income]↵label = "Revenue"
    why.toml:3:9: "Revenue" means both revenue and income
        A name, label or alias belongs to one attribute (case and _ do not count): change one.
    1 error in why.toml

    [attributes.revenue]↵aliases = ["sales", "Sales"]
    why.toml:2:21: `aliases` of revenue lists "Sales" twice
        Remove one of the two; case does not tell them apart.
    1 error in why.toml
    "#);
}

#[test]
fn wrong_attributes_say_what_can_be_written() {
    assert_snapshot!(refusals(&[
        "[attributes]\nrevenue = \"money\"",
        "[attributes.revenue]\nkind = \"monye\"",
        "[attributes.revenue]\nkind = \"currency\"",
        "[attributes.revenue]\naliases = \"sales\"",
        "[attributes.revenue]\naliases = [\" sales\"]",
        "[attributes.revenue]\nunit = \"\"",
        "[attributes.revenue]\nstale_after = \"13mo\"",
        "[attributes.revenue]\nstale_after = 90",
        "[attributes.revenue]\nsign_fixed = \"yes\"",
        "[attributes.revenue]\nalias = [\"sales\"]",
        "[attributes.revenue]\nvisible_to = \"finance\"",
        "[attributes.revenue]\nvisible_to = 5",
        "[attributes.revenue.visible_to]",
        "[attributes.revenue.visible_to]\nchannels = [\"#finance\", \"C0123ABCD\"]\nusers = [\"ann\"]",
        "[attributes.revenue.thresholds]\njump_factor = 0.5\nlow_confidence = 50",
        "[attributes.revenue.thresholds]\nflapping = 3",
        "[thresholds]\nflapping_changes = 2.5\nlate_after = \"0d\"",
    ]), @r##"
    [attributes]↵revenue = "money"
    why.toml:2:11: `revenue` in [attributes] can't be "money"
        Write it as a table: [attributes.revenue].
    1 error in why.toml

    [attributes.revenue]↵kind = "monye"
    why.toml:2:8: `kind` in [attributes.revenue] can't be "monye"
        Did you mean "money"? It can be "text", "enum", "number", "money", "percent", "date", "year" or "url".
    1 error in why.toml

    [attributes.revenue]↵kind = "currency"
    why.toml:2:8: `kind` in [attributes.revenue] can't be "currency"
        Write "text", "enum", "number", "money", "percent", "date", "year" or "url".
    1 error in why.toml

    [attributes.revenue]↵aliases = "sales"
    why.toml:2:11: `aliases` in [attributes.revenue] can't be "sales"
        Write a list, such as ["sales", "turnover"].
    1 error in why.toml

    [attributes.revenue]↵aliases = [" sales"]
    why.toml:2:12: `aliases` in [attributes.revenue] can't be " sales"
        Write a word that people type for it. It takes no space around it and no control character.
    1 error in why.toml

    [attributes.revenue]↵unit = ""
    why.toml:2:8: `unit` in [attributes.revenue] can't be empty
        Write a unit, such as "USD".
    1 error in why.toml

    [attributes.revenue]↵stale_after = "13mo"
    why.toml:2:15: `stale_after` in [attributes.revenue] can't be "13mo"
        Write a whole number and a unit, such as "90d" (units: y, w, d, h, min, s).
    1 error in why.toml

    [attributes.revenue]↵stale_after = 90
    why.toml:2:15: `stale_after` in [attributes.revenue] can't be 90
        Write a whole number and a unit, such as "90d" (units: y, w, d, h, min, s).
    1 error in why.toml

    [attributes.revenue]↵sign_fixed = "yes"
    why.toml:2:14: `sign_fixed` in [attributes.revenue] can't be "yes"
        Write true or false, without quotes.
    1 error in why.toml

    [attributes.revenue]↵alias = ["sales"]
    why.toml:2:1: [attributes.revenue] has no key `alias`
        Did you mean `aliases`?
    1 error in why.toml

    [attributes.revenue]↵visible_to = "finance"
    why.toml:2:14: `visible_to` in [attributes.revenue] can't be "finance"
        Write "everyone", or a table [attributes.revenue.visible_to] with channels, users or groups.
    1 error in why.toml

    [attributes.revenue]↵visible_to = 5
    why.toml:2:14: `visible_to` in [attributes.revenue] can't be 5
        Write "everyone", or a table [attributes.revenue.visible_to] with channels, users or groups.
    1 error in why.toml

    [attributes.revenue.visible_to]
    why.toml:1:21: nobody could see this: [attributes.revenue.visible_to] lists no one
        List channels, users or groups by their Slack ids, or write visible_to = "everyone".
    1 error in why.toml

    [attributes.revenue.visible_to]↵channels = ["#finance", "C0123ABCD"]↵users = ["ann"]
    why.toml:2:13: "#finance" in [attributes.revenue.visible_to] is no Slack id of channels
        Write Slack ids, such as ["C0123ABCD"], not names.
    why.toml:3:10: "ann" in [attributes.revenue.visible_to] is no Slack id of users
        Write Slack ids, such as ["U0123ABCD"], not names.
    2 errors in why.toml

    [attributes.revenue.thresholds]↵jump_factor = 0.5↵low_confidence = 50
    why.toml:2:15: `jump_factor` in [attributes.revenue.thresholds] can't be 0.5
        Write a number from 1 to 1000000000000, without quotes.
    why.toml:3:18: `low_confidence` in [attributes.revenue.thresholds] can't be 50
        Write a number from 0 to 1, without quotes.
    2 errors in why.toml

    [attributes.revenue.thresholds]↵flapping = 3
    why.toml:2:1: [attributes.revenue.thresholds] has no key `flapping`
        Known keys: late_after, flapping_changes, flapping_within, tie_confidence, tie_within, jump_factor, jump_within, low_confidence, close_within.
    1 error in why.toml

    [thresholds]↵flapping_changes = 2.5↵late_after = "0d"
    why.toml:2:20: `flapping_changes` in [thresholds] can't be 2.5
        Write a whole number from 1 to 1000, without quotes.
    why.toml:3:14: `late_after` in [thresholds] can't be "0d"
        Write a whole number and a unit, such as "90d" (units: y, w, d, h, min, s).
    2 errors in why.toml
    "##);
}

#[test]
fn wrong_sources_and_rules_say_what_can_be_written() {
    assert_snapshot!(refusals(&[
        "[sources.crm]\nlink = \"http://crm.example.com/{record_id}\"",
        "[sources.crm]\nlink = \"https://{record_id}.example.com/\"",
        "[sources.crm]\nlink = \"https://crm.example.com/records/\"",
        "[sources.crm]\ndisclosable = \"no\"",
        "[sources.\"crm \"]",
        "[rules.best]",
        "[rules.best]\nkind = \"priority\"",
        "[rules.best]\nkind = \"source_priority\"",
        "[sources.filings]\n[rules.best]\nkind = \"source_priority\"\norder = [\"filing\", \"crm\", \"filings\", \"filings\"]",
        "[rules.best]\nkind = \"recency\"\norder = []",
        "[[rules.best]]\nkind = \"recency\"\nversions = [\"1\"]\n[[rules.best]]\nkind = \"frequency\"",
        "[[rules.best]]\nkind = \"recency\"\nversions = [\"1\"]\n[[rules.best]]\nkind = \"frequency\"\nversions = [\"1\"]",
        "[rules.best]\nkind = \"recency\"\nversions = 3",
        "[cost]\nusd_per_tb = -5\nminimum_bytes = \"10 MB\"",
    ]), @r#"
    [sources.crm]↵link = "http://crm.example.com/{record_id}"
    why.toml:2:8: `link` in [sources.crm] can't be "http://crm.example.com/{record_id}"
        Write an https link with {record_id} after its host, such as "https://crm.example.com/records/{record_id}".
    1 error in why.toml

    [sources.crm]↵link = "https://{record_id}.example.com/"
    why.toml:2:8: `link` in [sources.crm] can't be "https://{record_id}.example.com/"
        Write an https link with {record_id} after its host, such as "https://crm.example.com/records/{record_id}".
    1 error in why.toml

    [sources.crm]↵link = "https://crm.example.com/records/"
    why.toml:2:8: `link` in [sources.crm] can't be "https://crm.example.com/records/"
        Write an https link with {record_id} after its host, such as "https://crm.example.com/records/{record_id}".
    1 error in why.toml

    [sources.crm]↵disclosable = "no"
    why.toml:2:15: `disclosable` in [sources.crm] can't be "no"
        Write true or false, without quotes.
    1 error in why.toml

    [sources."crm "]
    why.toml:1:10: a source can't be called "crm "
        Write the name as it stands in the trace, without spaces around it or control characters.
    1 error in why.toml

    [rules.best]
    why.toml:1:8: [rules.best] has no `kind`
        Add kind = "source_priority", "recency", "confidence" or "frequency".
    1 error in why.toml

    [rules.best]↵kind = "priority"
    why.toml:2:8: `kind` in [rules.best] can't be "priority"
        Write "source_priority", "recency", "confidence" or "frequency".
    1 error in why.toml

    [rules.best]↵kind = "source_priority"
    why.toml:1:8: [rules.best] has no `order`
        Add the sources, the strongest first: order = ["crm", "filings"].
    1 error in why.toml

    [sources.filings]↵[rules.best]↵kind = "source_priority"↵order = ["filing", "crm", "filings", "filings"]
    why.toml:4:10: there is no source "filing"
        Did you mean "filings"?
    why.toml:4:20: there is no source "crm"
        Declare it: [sources.crm].
    why.toml:4:38: `order` in [rules.best] can't be "filings"
        It is there already: name each source once.
    3 errors in why.toml

    [rules.best]↵kind = "recency"↵order = []
    why.toml:3:1: `order` in [rules.best] has no meaning there
        Remove it, or write kind = "source_priority".
    1 error in why.toml

    [[rules.best]]↵kind = "recency"↵versions = ["1"]↵[[rules.best]]↵kind = "frequency"
    why.toml:4:1: [[rules.best]] is declared several times, here without `versions`
        Say which versions each declaration speaks for: versions = ["3"].
    1 error in why.toml

    [[rules.best]]↵kind = "recency"↵versions = ["1"]↵[[rules.best]]↵kind = "frequency"↵versions = ["1"]
    why.toml:4:1: version "1" of [[rules.best]] is declared twice
        Keep it in one of the declarations.
    1 error in why.toml

    [rules.best]↵kind = "recency"↵versions = 3
    why.toml:3:12: `versions` in [rules.best] can't be 3
        Write a list of versions in quotes, such as ["3", "4"].
    1 error in why.toml

    [cost]↵usd_per_tb = -5↵minimum_bytes = "10 MB"
    why.toml:2:14: `usd_per_tb` in [cost] can't be -5
        Write a number from 0 to 1000, without quotes.
    why.toml:3:17: `minimum_bytes` in [cost] can't be "10 MB"
        Write a whole number from 0 to 1000000000000, without quotes.
    2 errors in why.toml
    "#);
}

#[test]
fn unknown_sections_say_what_was_meant() {
    assert_snapshot!(refusals(&[
        "[atributes.revenue]\nkind = \"money\"\n[layout]\nfirst_date = 2015-01-01",
        "[source.crm]",
        "[slack]",
        "buckets = 16",
    ]), @r#"
    [atributes.revenue]↵kind = "money"↵[layout]↵first_date = 2015-01-01
    why.toml:1:2: the catalog has no key `atributes`
        Did you mean `attributes`?
    1 error in why.toml

    [source.crm]
    why.toml:1:2: the catalog has no key `source`
        Did you mean `sources`?
    1 error in why.toml

    [slack]
    why.toml:1:2: the catalog has no key `slack`
        Known keys: lake, layout, columns, attributes, sources, rules, thresholds, cost.
    1 error in why.toml

    buckets = 16
    why.toml:1:1: the catalog has no key `buckets`
        Move it to [layout].
    1 error in why.toml
    "#);
}

#[test]
fn broken_toml_says_what_to_write() {
    assert_snapshot!(refusals(&[
        "[lake]\nlocation = here",
        "[lake]\nlocation = \"here",
        "[lake]\nlocation",
        "[lake\nlocation = \".\"",
        "[lake]\nlocation = \".\"\nlocation = \"here\"",
        "[lake]\n[lake]",
        "[layout]\nfirst_date = 2015-02-30",
        "[layout]\nfirst_date = 01/02/2015",
        "[attributes.chiffre d'affaires]",
    ]), @r#"
    [lake]↵location = here
    why.toml:2:12: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    1 error in why.toml

    [lake]↵location = "here
    why.toml:2:17: not TOML: invalid basic string, expected `"`
        Put text between double quotes: key = "text".
    1 error in why.toml

    [lake]↵location
    why.toml:2:9: not TOML: key with no value, expected `=`
        Write `key = value` lines under [section] headers; text stands in double quotes.
    1 error in why.toml

    [lake↵location = "."
    why.toml:1:6: not TOML: unclosed table, expected `]`
        Close the header with ]; a name with spaces or signs stands in quotes: [attributes."head office"].
    1 error in why.toml

    [lake]↵location = "."↵location = "here"
    why.toml:3:1: not TOML: duplicate key
        Keep one of the two.
    1 error in why.toml

    [lake]↵[lake]
    why.toml:2:2: not TOML: duplicate key
        Keep one of the two.
    1 error in why.toml

    [layout]↵first_date = 2015-02-30
    why.toml:2:14: not TOML: invalid date, expected day between 01 and 28
        Write a date as year-month-day, such as 2015-01-01.
    1 error in why.toml

    [layout]↵first_date = 01/02/2015
    why.toml:2:14: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    1 error in why.toml

    [attributes.chiffre d'affaires]
    why.toml:1:20: not TOML: unclosed table, expected `]`
        Close the header with ]; a name with spaces or signs stands in quotes: [attributes."head office"].
    1 error in why.toml
    "#);
}

#[test]
fn every_error_of_a_file_is_told_at_once_in_its_order() {
    assert_snapshot!(refusal(
        "# Ours.
[lake]
location = \"s3a://acme/lake\"
fromat = \"hudi\"

[layout]
buckets = 20000
step = \"weekly\"
first_date = 2015

[attributes.revenue]
kind = \"mony\"
aliases = [\"sales\", 5]

[attributes.turnover]
aliases = [\"sales\"]

[rules.best]
kind = \"source_priority\"
order = [\"crm\"]
"
    ), @r#"
    why.toml:3:12: `location` in [lake] can't be "s3a://acme/lake"
        Athena silently reads nothing through s3a://; write s3://acme/lake
    why.toml:4:1: [lake] has no key `fromat`
        Did you mean `format`?
    why.toml:7:11: `buckets` in [layout] can't be 20000
        Write a whole number from 1 to 10000, without quotes.
    why.toml:8:8: `step` in [layout] can't be "weekly"
        Write "day" or "month".
    why.toml:9:14: `first_date` in [layout] can't be 2015
        Write the day of the oldest decision as year-month-day, such as 2015-01-01.
    why.toml:12:8: `kind` in [attributes.revenue] can't be "mony"
        Did you mean "money"? It can be "text", "enum", "number", "money", "percent", "date", "year" or "url".
    why.toml:13:21: `aliases` in [attributes.revenue] can't be 5
        Write a word that people type for it.
    why.toml:16:12: "sales" means both revenue and turnover
        A name, label or alias belongs to one attribute (case and _ do not count): change one.
    why.toml:20:10: there is no source "crm"
        Declare it: [sources.crm].
    9 errors in why.toml
    "#);
}

#[test]
fn broken_syntax_does_not_hide_what_else_is_wrong() {
    assert_snapshot!(refusal(
        "[lake]
location = s3://acme/lake
format = \"hudy\"

[attributes.revenue]
kind = \"monye\"
"
    ), @r#"
    why.toml:2:12: not TOML: string values must be quoted, expected literal string
        Put text between double quotes: key = "text".
    why.toml:3:10: `format` in [lake] can't be "hudy"
        Did you mean "hudi"? It can be "parquet" or "hudi".
    why.toml:6:8: `kind` in [attributes.revenue] can't be "monye"
        Did you mean "money"? It can be "text", "enum", "number", "money", "percent", "date", "year" or "url".
    3 errors in why.toml
    "#);
}

#[test]
fn a_column_counts_characters_not_bytes() {
    assert_snapshot!(refusal("[attributes.\"größe\"]\nlabel = \"größe\"; kind = 5"), @r"
    why.toml:2:16: not TOML: unexpected key or value, expected newline, `#`
        Write `key = value` lines under [section] headers; text stands in double quotes.
    1 error in why.toml
    ");
}

#[test]
fn a_failure_says_how_to_go_on() {
    let errors = Catalog::parse("[attributes.revenue]", "why.toml").unwrap_err();
    assert_snapshot!(errors.failure(), @r"
    why.toml:1:1: [layout] has no `first_date`
        Add the day of the oldest decision, such as first_date = 2015-01-01: what is older is never read.
    1 error in why.toml
    Mend these lines, then run `why catalog check`.
    ");
}
