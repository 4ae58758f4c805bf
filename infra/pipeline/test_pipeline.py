#!/usr/bin/env python3
"""The pipeline's judgement of rows, without Spark: what is refused and why, where a row lies, which
decision is the newest, how a company is renewed, and the one file that all of it is packed into.

Run it as a file; start at `Judged`.
"""

import base64
import contextlib
import datetime
import io
import json
import pathlib
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import companies  # noqa: E402
import decisions  # noqa: E402
import job  # noqa: E402
import newest  # noqa: E402
import pack  # noqa: E402
import tables  # noqa: E402
from settings import Refused, Settings  # noqa: E402

NAMES = [*tables.CONTRACT, "decision_dates"]
SAID = {
    "version": 1,
    "location": "s3://acme-lake/why",
    "database": "why",
    "format": "hudi",
    "tables": {"trace": "attribute_trace", "latest": "attribute_latest", "entities": "entities"},
    "layout": {"order": ["attribute_name", "entity_id_mod", "created_date"], "buckets": 4,
               "step": "month", "first_date": "2020-01-01"},
    "columns": {name: name for name in NAMES},
    "attributes": ["revenue", "sector"],
}
NOW = datetime.datetime(2026, 11, 20)
LINE = {"decision_id": "d1", "entity_id": 7, "attribute_name": "sector",
        "decided_at": "2024-02-29T23:30:00.1234567Z", "value": "Energy"}


def settings(**changes):
    return Settings.read(json.dumps({**SAID, **changes}))


def judged(line, **changes):
    return decisions.judge(line, settings(**changes), NOW)


def taken(**changes):
    row, reason = judged(json.dumps({**LINE, **changes}))
    assert reason is None, reason
    return row


def refused(**changes):
    row, reason = judged(json.dumps({**LINE, **changes}))
    assert row is None, row
    return reason


class Judged(unittest.TestCase):
    def test_a_line_lies_in_its_bucket_and_month(self):
        row = taken(entity_id=-1)
        self.assertEqual((row["entity_id_mod"], row["created_date"]), (3, datetime.date(2024, 2, 1)))
        self.assertEqual(row["decided_at"], datetime.datetime(2024, 2, 29, 23, 30, 0, 123456))
        self.assertEqual((row["override"], row["evidence"], row["actor"]), (False, [], None))

    def test_the_day_is_that_of_utc(self):
        day = {**SAID["layout"], "step": "day"}
        line = json.dumps({**LINE, "decided_at": "2024-03-01T01:00:00+02:30"})
        row, _ = judged(line, layout=day)
        self.assertEqual(row["created_date"], datetime.date(2024, 2, 29))
        west = taken(decided_at="2024-02-29T22:00:00-0230")["decided_at"]
        self.assertEqual(west, datetime.datetime(2024, 3, 1, 0, 30))

    def test_times_without_a_zone_are_utc(self):
        at = taken(decided_at="2024-02-29 12:00:00.5")["decided_at"]
        self.assertEqual(at, datetime.datetime(2024, 2, 29, 12, 0, 0, 500000))

    def test_partition_columns_in_the_data_are_computed_anew(self):
        self.assertEqual(taken(entity_id_mod=9, created_date="1999-01-01")["entity_id_mod"], 3)

    def test_a_number_keeps_its_exact_text(self):
        row, _ = judged('{"decision_id":1,"entity_id":7,"attribute_name":"sector",'
                        '"decided_at":"2024-02-29T00:00:00Z","value":12.50}')
        self.assertEqual((row["decision_id"], row["value"]), ("1", "12.50"))

    def test_a_claim_is_read_whole(self):
        claim = {"source": "crm", "record_id": 5, "observed_at": "2024-01-01T00:00:00Z",
                 "confidence": 1, "selected": True}
        self.assertEqual(taken(evidence=[claim])["evidence"], [{
            "source": "crm", "record_id": "5", "value": None, "reason": None, "url": None,
            "observed_at": datetime.datetime(2024, 1, 1), "confidence": 1.0, "selected": True}])

    def test_a_row_of_a_table_is_judged_alike(self):
        at = datetime.datetime(2024, 2, 29, 12)
        row, reason = judged({**LINE, "decided_at": at, "evidence": None})
        self.assertEqual((reason, row["decided_at"], row["evidence"]), (None, at, []))

    def test_what_is_wrong_is_said(self):
        for changes, reason in [
            ({"decision_id": None}, "decision_id is null"),
            ({"decision_id": " "}, "decision_id is empty"),
            ({"decision_id": "a\0"}, "decision_id holds a null character"),
            ({"entity_id": "7"}, 'entity_id is "7": write the number without quotes'),
            ({"entity_id": 7.5}, "entity_id is 7.5, not a whole number"),
            ({"entity_id": True}, "entity_id is true, not a whole number"),
            ({"entity_id": 2**63}, "entity_id is 9223372036854775808, more than 64 bits hold"),
            ({"decided_at": "2024-02-30T00:00:00Z"},
             'decided_at is "2024-02-30T00:00:00Z", not an instant: '
             "write a time such as 2023-03-07T04:45:08Z"),
            ({"decided_at": "2024-02-29"},
             'decided_at is "2024-02-29", not an instant: '
             "write a time such as 2023-03-07T04:45:08Z"),
            ({"decided_at": 1709164800},
             "decided_at is 1709164800: write a time such as 2023-03-07T04:45:08Z"),
            ({"decided_at": "2019-12-31T23:59:59Z"},
             "decided_at 2019-12-31 is before first_date 2020-01-01 of the catalog: "
             "no question would find it"),
            ({"decided_at": "2037-01-01T00:00:00Z"},
             "decided_at 2037-01-01 is more than 10 years ahead"),
            ({"attribute_name": "size"},
             'the catalog has no attribute "size": add it there first'),
            ({"value": "\ud800"}, "value holds an escape that is no character"),
            ({"value": ["x"]}, "value is a list: write a string or null"),
            ({"override": 1}, "override is 1: write true or false"),
            ({"evidence": {}}, "evidence is an object, not a list"),
            ({"evidence": [{"source": "crm"}, {"source": None}]}, "evidence[1]: source is null"),
            ({"evidence": [{"source": "crm", "confidence": "1"}]},
             'evidence[0]: confidence is "1": write the number without quotes'),
        ]:
            with self.subTest(reason):
                self.assertEqual(refused(**changes), reason)

    def test_what_is_no_row_is_refused(self):
        for line, reason in [
            (b'{"a\xff', "byte 4 is not UTF-8: save the file as UTF-8"),
            ("[1]", "it is not a JSON object: write one {…} a line"),
            ('{"value":1,"value":2}', "value is there twice"),
            ("{}", "there is no decision_id"),
        ]:
            self.assertEqual(judged(line), (None, reason))
        self.assertIn("it is not valid JSON", judged('{"a":NaN}')[1])
        self.assertIn("it is not valid JSON", judged('{"a":1')[1])
        without = {name: said for name, said in LINE.items() if name != "value"}
        self.assertEqual(judged(json.dumps(without))[1],
                         "there is no value: write null where there is none")

    def test_too_many_refused_stop_the_run(self):
        decisions.check_share(1, 100, 0.01)
        with self.assertRaisesRegex(Refused, "2 of 100 rows .* more than the 1.00% allowed"):
            decisions.check_share(2, 100, 0.01)
        with self.assertRaisesRegex(Refused, "No company was written"):
            decisions.check_share(2, 100, 0.01, "company")


def latest(decision_id, at="2024-02-29T00:00:00Z", value="a", before=None):
    return newest.of(taken(decision_id=decision_id, decided_at=at, value=value,
                           previous_value=before))


class Newest(unittest.TestCase):
    def combined(self, before, after):
        row = newest.combined(before, after)
        return row["decision_id"], [str(date) for date in row["decision_dates"]]

    def test_the_later_decision_counts_and_both_dates_are_kept(self):
        old, new = latest("old", "2023-05-01T00:00:00Z"), latest("new")
        for pair in [(old, new), (new, old)]:
            self.assertEqual(self.combined(*pair), ("new", ["2023-05-01", "2024-02-01"]))

    def test_a_late_decision_adds_its_date_alone(self):
        now = newest.combined(latest("a", "2023-05-01T00:00:00Z"), latest("b"))
        late = latest("c", "2022-01-15T00:00:00Z")
        self.assertEqual(self.combined(now, late),
                         ("b", ["2022-01-01", "2023-05-01", "2024-02-01"]))

    def test_the_same_again_changes_nothing(self):
        row = newest.combined(latest("a", "2023-05-01T00:00:00Z"), latest("b"))
        again = newest.combined(row, newest.combined(latest("b"), latest("a", "2023-05-01T00:00:00Z")))
        self.assertEqual(again, row)

    def test_a_restated_decision_counts_as_it_was_restated(self):
        row = newest.combined(latest("a", value="old"), latest("a", value="new"))
        self.assertEqual(row["value"], "new")

    def test_within_a_millisecond_the_chain_of_values_decides(self):
        at = ["2024-02-29T00:00:00.0001Z", "2024-02-29T00:00:00.0002Z"]
        first, last = latest("z", at[1], "a"), latest("b", at[0], "b", before="a")
        for pair in [(first, last), (last, first)]:
            self.assertEqual(self.combined(*pair)[0], "b")
        # Where either could be first, the one that begins with no value is.
        begin, end = latest("y", value="a"), latest("x", value=None, before="a")
        for pair in [(begin, end), (end, begin)]:
            self.assertEqual(self.combined(*pair)[0], "x")
        # Without a chain the ids do.
        self.assertEqual(self.combined(latest("y", value="p"), latest("x", value="q"))[0], "y")

    def test_times_round_to_the_millisecond_as_engines_read_them(self):
        early, late = latest("z", "2024-02-29T00:00:00.0014Z"), latest("a", "2024-02-29T00:00:00.0016Z")
        self.assertEqual(self.combined(early, late)[0], "a")
        at = datetime.datetime(2024, 1, 1)
        halves = [newest.millis(at + datetime.timedelta(microseconds=n)) for n in (499, 500, 1499)]
        self.assertEqual([half - halves[0] for half in halves], [0, 1, 1])
        self.assertEqual(newest.millis(datetime.datetime(1969, 12, 31, 23, 59, 59, 999400)), -1)

    def test_of_copies_in_a_run_the_last_counts(self):
        copies = [(("f", 0, 2), {"value": "2"}), (("f", 0, 10), {"value": "10"}),
                  (("e", 0, 99), {"value": "99"})]
        self.assertEqual(newest.once(copies)[1]["value"], "10")
        alike = [(("", 0, 0), {"value": "2"}), (("", 0, 0), {"value": "3"})]
        self.assertEqual(newest.once(alike), newest.once(alike[::-1]))


COMPANY = {"entity_id": 7, "name": " Acme ", "domain": "acme.test", "aliases": ["ACME Inc. "],
           "parent_id": 3, "rank": 2.5}


class Companies(unittest.TestCase):
    def test_a_company_is_read_as_an_import_reads_it(self):
        row, reason = companies.judge(json.dumps(COMPANY))
        self.assertEqual((reason, row), (None, {
            "entity_id": 7, "name": "Acme", "domain": "acme.test", "aliases": ["ACME Inc."],
            "parent_id": 3, "rank": 2.5}))
        bare, _ = companies.judge({"entity_id": 7, "name": "Acme", "domain": " ", "aliases": None})
        self.assertEqual(companies.values(bare), (7, "Acme", None, [], None, 0.0))

    def test_what_is_wrong_is_said(self):
        for changes, reason in [
            ({"entity_id": None}, "entity_id is null"),
            ({"entity_id": "7"}, 'entity_id is "7": write the number without quotes'),
            ({"name": " "}, "name is empty"),
            ({"name": ["Acme"]}, "name is a list: write a string or null"),
            ({"aliases": "ACME"}, 'aliases is "ACME", not a list'),
            ({"aliases": ["ACME", ""]}, "an alias is empty"),
            ({"aliases": [None]}, "an alias is null"),
            ({"parent_id": 1.5}, "parent_id is 1.5, not a whole number"),
            ({"rank": "1"}, 'rank is "1": write the number without quotes'),
        ]:
            with self.subTest(reason):
                self.assertEqual(companies.judge(json.dumps({**COMPANY, **changes})), (None, reason))
        self.assertEqual(companies.judge('{"entity_id": 7}'), (None, "there is no name"))

    def renewed(self, before, after):
        before = companies.stored({"entity_id": 7, **before})
        return companies.renewed(before, companies.judge({"entity_id": 7, **after})[0])

    def test_a_company_keeps_the_names_that_it_had(self):
        row = self.renewed({"name": "Acme", "aliases": ["Apex", "Acme Corp."]},
                           {"name": "Acme Corp.", "aliases": ["AC"], "rank": 3})
        self.assertEqual((row["name"], row["aliases"], row["rank"]),
                         ("Acme Corp.", ["AC", "Apex", "Acme"], 3.0))
        again = self.renewed(row, {"name": "Acme Corp.", "aliases": ["AC"], "rank": 3})
        self.assertEqual(again, row)

    def test_what_another_writers_table_has_no_column_for_is_not_known(self):
        row = self.renewed({"name": None}, {"name": "Acme"})
        self.assertEqual(companies.values(row), (7, "Acme", None, [], None, 0.0))
        self.assertEqual(companies.values(companies.stored({"entity_id": 7, "name": "Acme"})),
                         (7, "Acme", None, [], None, 0.0))


def refused_words(*words, **known):
    """What a person reads who starts the job with these words."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        job.arguments(words, **known)
    return said.getvalue().strip().split("error: ")[-1]


class Arguments(unittest.TestCase):
    def test_what_glue_adds_is_left_alone(self):
        given = job.arguments(["--catalog", "c", "--decisions", "d", "--JOB_NAME", "n", "--entitie",
                               "x", "--enable-metrics", "true"])
        self.assertEqual((given.decisions, given.entities), ("d", None))

    def test_a_run_that_would_do_nothing_is_refused(self):
        nothing = "nothing to do: --decisions, --entities or --rebuild-latest true"
        self.assertEqual(refused_words("--catalog", "c"), nothing)
        for words in [("--decisions", "d"), ("--entities", "e"), ("--rebuild-latest", "true"),
                      ("--decisions", "d", "--rebuild-latest", "true")]:
            self.assertEqual(refused_words("--catalog", "c", *words), "")

    def test_files_have_an_age_and_tables_do_not(self):
        words = ["--catalog", "c", "--decisions", "d", "--written-within", "48"]
        self.assertEqual(refused_words(*words), "")
        for kind in ("hudi", "table"):
            self.assertIn("say --since", refused_words(*words, "--decisions-format", kind))

    def test_the_catalog_is_named_or_packed(self):
        self.assertIn("--catalog", refused_words("--decisions", "d"))
        self.assertEqual(refused_words("--decisions", "d", has_catalog=True), "")


class Documented(unittest.TestCase):
    """README.md's function for a CDC topic, as it stands there."""

    def lines(self, **event):
        readme = (pathlib.Path(__file__).parent / "README.md").read_text(encoding="utf-8")
        [code] = [block for block in readme.split("```python\n")[1:] if "def decisions(event)" in block]
        names = {}
        exec(code.split("```")[0], names)
        source = {"name": "mdm", "lsn": 4711, "ts_ms": 1_709_164_800_500}
        attributes = ["revenue", "sector"]
        assert set(names["WATCHED"].values()) == set(attributes)
        for line in names["decisions"]({"before": None, "after": None, "source": source, **event}):
            row, reason = judged(json.dumps(line), attributes=attributes)
            assert reason is None, reason
            yield row

    def test_each_watched_field_that_changed_is_a_decision(self):
        before = {"id": 7, "annual_revenue": 12.5, "industry": "Energy", "city": "Oslo"}
        after = {**before, "annual_revenue": 14, "city": "Bergen", "modified_by": "ann"}
        [row] = self.lines(before=before, after=after)
        self.assertEqual(
            (row["decision_id"], row["entity_id"], row["attribute_name"], row["value"],
             row["previous_value"], row["actor"], row["decided_at"]),
            ("mdm:4711:annual_revenue", 7, "revenue", "14", "12.5", "ann",
             datetime.datetime(2024, 2, 29, 0, 0, 0, 500000)))
        self.assertEqual(row["evidence"][0]["selected"], True)
        self.assertEqual(len(list(self.lines(after=after))), 2, "a new company")
        self.assertEqual([row["value"] for row in self.lines(before=before)], [None, None], "deleted")
        self.assertEqual(list(self.lines(before=before, after=before)), [])


class Packed(unittest.TestCase):
    def test_one_file_holds_the_catalog_and_every_module(self):
        catalog = json.dumps({**SAID, "attributes": ["it's \"q\" \\ ü"]}, ensure_ascii=False)
        text = pack.packed(catalog)
        self.assertEqual(text, pack.packed(catalog), "the same gives the same bytes")
        names = {}
        exec(text.split("place =")[0], names)
        self.assertEqual(names["CATALOG"], catalog)
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(names["MODULES"]))) as modules:
            inside = {name: modules.read(name) for name in modules.namelist()}
        beside = pathlib.Path(__file__).parent.glob("*.py")
        self.assertEqual(inside, {
            file.name: file.read_bytes() for file in beside
            if file.name not in ("pack.py", "test_pipeline.py")})
        compile(text, "pipeline.py", "exec")


class Tables(unittest.TestCase):
    def test_the_catalog_decides_folders_and_names(self):
        own = settings(columns={**SAID["columns"], "created_date": "dt", "entity_id": "company"},
                       layout={**SAID["layout"],
                               "order": ["created_date", "attribute_name", "entity_id_mod"]})
        trace, newest_ = tables.trace(own), tables.latest(own)
        path = "hoodie.datasource.write.partitionpath.field"
        key = "hoodie.datasource.write.recordkey.field"
        self.assertEqual(tables.options(trace, own, 0)[path], "dt,attribute_name,entity_id_mod")
        self.assertEqual(tables.options(newest_, own, 0)[path], "attribute_name,entity_id_mod")
        self.assertEqual(tables.options(newest_, own, 0)[key], "attribute_name,company")
        self.assertIn("`dt` date", trace.schema(own))
        self.assertNotIn("`dt`", newest_.schema(own))
        self.assertIn("`decision_dates` array<date>", newest_.schema(own))

    def test_a_row_is_in_the_order_of_its_schema(self):
        own = settings()
        row = taken(evidence=[{"source": "crm", "value": "v"}])
        values = dict(zip(tables.CONTRACT, tables.trace(own).values(row)))
        self.assertEqual(values["value"], "Energy")
        self.assertEqual(values["evidence"], [("crm", None, "v", None, None, False, None, None)])

    def test_tables_are_of_the_version_that_athena_reads(self):
        own = settings()
        for table in (tables.trace(own), tables.latest(own)):
            said = tables.options(table, own, 24)
            self.assertEqual(said["hoodie.write.table.version"], "6")
            self.assertEqual(said["hoodie.datasource.write.table.type"], "COPY_ON_WRITE")
            self.assertEqual(said["hoodie.clustering.inline.max.commits"], "24")
        self.assertEqual(tables.options(table, own, 0)["hoodie.clustering.inline"], "false")

    def test_the_entities_table_is_the_catalogs(self):
        self.assertEqual(settings().entities, "entities")
        self.assertEqual(settings().root(settings().entities), "s3://acme-lake/why/entities")

    def test_a_catalog_that_does_not_fit_is_refused(self):
        for changes, why in [
            ({"format": "parquet"}, 'say format = "hudi"'),
            ({"version": 2}, "not of version 1"),
            ({"location": "."}, "--location"),
        ]:
            with self.assertRaisesRegex(Refused, why):
                settings(**changes)
        with self.assertRaisesRegex(Refused, "not JSON"):
            Settings.read("[lake]")
        elsewhere = Settings.read(json.dumps({**SAID, "location": "."}), "s3://b/lake/")
        self.assertEqual(elsewhere.root("t"), "s3://b/lake/t")


class Files:
    """Hadoop's, as far as it moves and deletes."""

    def __init__(self, moves):
        self.moves, self.deleted = moves, []

    def rename(self, written, place):
        return self.moves

    def delete(self, file, is_whole):
        self.deleted.append(file)


class Path(str):
    def toString(self):  # noqa: N802: Java's name
        return str(self)


class Replaced(unittest.TestCase):
    def test_nothing_is_removed_where_the_new_file_could_not_be_moved_in(self):
        older, new, place = [Path("old"), Path("aside")], Path("aside/part-0"), Path("part-1")
        stuck = Files(moves=False)
        with self.assertRaisesRegex(Refused, "nothing was removed"):
            job.replace(stuck, older, new, place)
        self.assertEqual(stuck.deleted, [])
        well = Files(moves=True)
        job.replace(well, older, new, place)
        self.assertEqual(well.deleted, older)


if __name__ == "__main__":
    unittest.main()
