//! Wrong attributes, sources, rules and costs.

use insta::assert_snapshot;

use super::refusals;

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
