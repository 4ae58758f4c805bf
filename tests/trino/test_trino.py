#!/usr/bin/env python3
"""What the check on Trino relies on, without a Trino: the translation, the comparison, the texts.

Run it as a file.
"""

import json
import unittest
from unittest import mock

import answers
import bridge
import ddl
import server
from client import Failed

DDL = """CREATE EXTERNAL TABLE IF NOT EXISTS `lake`.`attribute_trace` (
  `decision_id` string,
  `evidence` array<struct<source:string,observed_at:timestamp,selected:boolean>>
)
COMMENT 'Why'
PARTITIONED BY (
  `attribute_name` string,
  `entity_id_mod` int,
  `created_date` date
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
LOCATION 's3://lake/sp500/attribute_trace/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.attribute_name.type' = 'enum',
  'projection.attribute_name.values' = 'name,sector',
  'projection.entity_id_mod.type' = 'integer',
  'projection.entity_id_mod.range' = '0,1',
  'projection.created_date.type' = 'date',
  'projection.created_date.format' = 'yyyy-MM-dd',
  'projection.created_date.range' = '2012-12-01,NOW+1DAYS',
  'projection.created_date.interval' = '1',
  'projection.created_date.interval.unit' = 'MONTHS'
)"""
UNIT = "projection.created_date.interval.unit"
REFUSED = {"errorName": "INVALID_COLUMN_PROPERTY", "message": "'partition_projection_interval_unit' value 'Months'"}


class Translation(unittest.TestCase):
    def test_every_property_stands_at_its_column(self):
        sql = ddl.Table(DDL).sql({})
        for part in [
            '"evidence" array(row("source" varchar, "observed_at" timestamp(3), "selected" boolean))',
            "\"attribute_name\" varchar WITH (partition_projection_type = 'ENUM', "
            "partition_projection_values = ARRAY['name', 'sector'])",
            "partition_projection_range = ARRAY['0', '1']",
            "partition_projection_interval = 1, partition_projection_interval_unit = 'MONTHS'",
            "external_location = 'local:///sp500/attribute_trace/'",
            "partitioned_by = ARRAY['attribute_name', 'entity_id_mod', 'created_date']",
            "partition_projection_enabled = true",
        ]:
            self.assertIn(part, sql)

    def test_a_table_of_hudi_is_refused(self):
        hudi = DDL.replace("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hudi.hadoop.HoodieParquetInputFormat")
        with self.assertRaisesRegex(SystemExit, "Hoodie"):
            ddl.Table(hudi).sql({})

    def test_a_refused_unit_gives_way_to_the_nearest_once(self):
        table, instead = ddl.Table(DDL), {}
        done = ddl.Registered(table)
        self.assertTrue(ddl.give_way(Failed(REFUSED), table, instead, done))
        self.assertEqual(instead, {UNIT: "DAYS"})
        self.assertFalse(ddl.give_way(Failed(REFUSED), table, instead, done))
        self.assertEqual([row[:3] for row in done.refused], [(UNIT, "MONTHS", "DAYS")])

    def test_what_nothing_stands_for_is_not_given_way(self):
        table = ddl.Table(DDL)
        for error in [{**REFUSED, "errorName": "SYNTAX_ERROR"}, {**REFUSED, "message": "partition_projection_range"}]:
            self.assertFalse(ddl.give_way(Failed(error), table, {}, ddl.Registered(table)))

    def test_what_trino_kept_is_held_against_the_ddl(self):
        done = ddl.Registered(ddl.Table(DDL))
        kept = {**done.table.properties, UNIT: "days", "EXTERNAL": "TRUE"}
        ddl.compare(done, kept, {UNIT: "DAYS"})
        self.assertEqual(done.kept, 9)
        other_range = {**kept, "projection.entity_id_mod.range": "0,2"}
        one_more = {**kept, "projection.entity_id_mod.digits": "2"}
        for wrong in (other_range, one_more):
            with self.assertRaises(SystemExit):
                ddl.compare(done, wrong, {UNIT: "DAYS"})


def line(value, receipt, **more):
    return json.dumps({"changes": [], "read": receipt, "value": value, **more}, separators=(",", ":"))


HERE = {"from": "2012-12-01", "to": "2026-11-21", "complete": True, "engine": "direct"}
THERE = {**HERE, "engine": "athena", "partitions_planned": 3, "athena": {"query_ids": ["q"]}}


class Comparison(unittest.TestCase):
    def tally(self, here, there):
        tally = answers.Tally()
        tally.compare("now", "#1 name", here, there)
        return tally

    def test_only_the_receipt_may_differ(self):
        self.assertEqual(self.tally(line("a", HERE), line("a", THERE)).differ, 0)
        self.assertEqual(self.tally(line("a", HERE), line("b", THERE)).differ, 1)

    def test_a_number_written_otherwise_differs(self):
        here, there = line(1, HERE), line(1, THERE).replace('"value":1', '"value":1.0')
        self.assertEqual(self.tally(here, there).differ, 1)

    def test_the_days_that_were_read_belong_to_the_answer(self):
        for name, other in [("from", "2013-01-01"), ("to", "2026-11-20"), ("complete", False)]:
            self.assertEqual(self.tally(line("a", HERE), line("a", {**THERE, name: other})).differ, 1)

    def test_stored_text_that_looks_like_a_receipt_stays(self):
        text = 'x"read":{"from":1} '
        rest, receipt = answers.without_receipt(line("a", HERE, aside=text, before={"read": {"from": 1}}))
        self.assertEqual((receipt, json.loads(rest)["aside"]), (HERE, text))
        self.assertEqual(json.loads(rest)["before"], {"read": {"from": 1}})

    def test_an_answer_without_a_query_is_counted(self):
        self.assertEqual(self.tally(line("a", HERE), line("a", THERE)).counts["unasked"], 0)
        self.assertEqual(self.tally(line("a", HERE), line("a", HERE)).counts["unasked"], 1)
        lost = {**THERE, "athena": None}
        self.assertEqual(self.tally(line("a", HERE), line("a", lost)).counts["unasked"], 1)
        # Before the first date there is nothing to read.
        self.assertEqual(self.tally(line("a", HERE), line("a", {**lost, "partitions_planned": 0})).counts["unasked"], 0)


    def test_what_came_too_late_is_asked_again(self):
        for late in [
            {"error": {"class": "retry"}},
            {"attributes": [{"state": "served"}, {"state": "unread"}]},
            {"changes": [], "left_out": [{"why": "…"}]},
        ]:
            self.assertTrue(answers.is_late(late), late)
        for answer in [{"error": {"class": "user"}}, {"attributes": [{"state": "served"}]}, {"changes": []}]:
            self.assertFalse(answers.is_late(answer), answer)


class Texts(unittest.TestCase):
    def test_trinos_units(self):
        self.assertEqual([bridge.millis(text) for text in ("5.50ms", "1.50s", "2.00m", "500.00us")], [5.5, 1500, 120_000, 0.5])
        self.assertEqual([bridge.size(text) for text in ("0B", "383B", "1.5kB", "2MB")], [0, 383, 1536, 2 << 20])

    def test_values_are_texts_as_athena_has_them(self):
        self.assertEqual([bridge.shown(value) for value in (None, "a", True, 12)], [None, "a", "true", "12"])
        with self.assertRaises(ValueError):
            bridge.shown(0.1)


class Java(unittest.TestCase):
    def test_one_that_is_too_old_is_not_taken(self):
        with mock.patch.object(server, "release", return_value=17), self.assertRaisesRegex(SystemExit, "JDK 24"):
            server.java()


if __name__ == "__main__":
    unittest.main()
