"""Fixtures that the job of infra/pipeline writes: what it takes, repeats, refuses and leaves behind.

Start at `run_job`.
"""

import datetime
import json
import os
import pathlib
import sys
import tempfile

from fixtures import decision, first_rows, fixture, restated
from hudi_table import text

PIPELINE = pathlib.Path(__file__).resolve().parents[3] / "infra/pipeline"
sys.path.insert(0, str(PIPELINE))

import job  # noqa: E402
from pack import MODULES  # noqa: E402


def run_job(table, place, now, *words):
    """The pipeline's job over the fixture's lake; `place` is for what is not to be packed."""
    for module in MODULES:
        table.spark.sparkContext.addPyFile(str(PIPELINE / f"{module}.py"))
    given = job.arguments([
        "--catalog", written(place / "catalog.json", [table.catalog_json()]),
        "--location", str(table.folder), "--rejects", str(place / "rejects"), "--now", now,
        "--run", "r", *words])
    return job.run(table.spark, given, print)


def written(file, lines):
    file.write_text("\n".join(lines) + "\n")
    return str(file)


@fixture(buckets=2, latest="latest")
def pipeline(table):
    """Both tables as infra/pipeline writes them: repeated, late, restated and bad decisions."""
    rows = first_rows()
    late = decision(140, "2023-11-30", entity=2)
    newest = decision(141, "2024-03-05", entity=2)
    again = restated(rows[:3])
    first = [json.dumps(row, default=text) for row in rows + rows[:2]]
    second = [json.dumps(row, default=text) for row in [late, newest, rows[5], rows[0], *again]]
    second += ['{"decision_id": "no more"}', "not JSON"]
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)

        def take(lines, *words):
            taken = run_job(table, place, "2024-04-01", "--decisions",
                            written(place / "decisions.jsonl", lines), *words)
            return taken, place / "rejects/run_id=r"
        assert take(first)[0] == (14, 0, 12)
        counted, rejects = take(second, "--max-rejects", "0.5")
        assert counted == (9, 2, 6), counted
        reasons = {row.reason for row in table.spark.read.parquet(str(rejects)).collect()}
        assert reasons == {"there is no attribute_name",
                           "it is not a JSON object: write one {…} a line"}, reasons
        before = table.rows()
        assert take(second, "--max-rejects", "0.5")[0] == counted
        assert table.rows() == before and len(before) == 14, "taken again, nothing changes"
        try:
            take(second)
        except job.Refused:
            pass
        else:
            raise AssertionError("a fifth was refused, and the run went on")
    latest = table.spark.read.format("hudi").load(str(table.folder / "latest"))
    told = {(row.entity_id, row.attribute_name): row.decision_id for row in latest.collect()}
    wanted = {}
    for row in sorted(before, key=lambda row: row["decided_at"]):
        wanted[row["entity_id"], row["attribute_name"]] = row["decision_id"]
    assert told == wanted, (told, wanted)


@fixture()
def companies(table):
    """The table of companies as infra/pipeline renews it: renamed, added, left alone, and bad ones."""
    rows = first_rows()[:2]
    first = [{"entity_id": 1, "name": "Acme", "domain": "acme.test", "rank": 2},
             {"entity_id": 2, "name": "Apex", "aliases": ["Apex Ltd."]},
             {"entity_id": 2, "name": "Apex Group", "aliases": ["Apex Ltd."]}]
    second = [{"entity_id": 1, "name": "Acme Corp.", "domain": "acme.test", "rank": 3},
              {"entity_id": 3, "name": "Zenith", "parent_id": 1}, {"entity_id": "4", "name": "No"}]
    expected = [(1, "Acme Corp.", "acme.test", ["Acme"], None, 3.0),
                (2, "Apex Group", None, ["Apex Ltd."], None, 0.0), (3, "Zenith", None, [], 1, 0.0)]
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        decided = written(place / "decisions.jsonl", [json.dumps(row, default=text) for row in rows])

        def take(entities, now, *words):
            lines = [json.dumps(row) for row in entities]
            run_job(table, place, now, "--entities", written(place / "entities.jsonl", lines),
                    *words)
            frame = table.spark.read.parquet(str(table.folder / "entities"))
            return [tuple(row) for row in frame.orderBy("entity_id").collect()]
        assert len(take(first, "2024-04-01", "--decisions", decided)) == 2
        assert take(second, "2024-04-02", "--max-rejects", "0.5") == expected
        assert take(second, "2024-04-03", "--max-rejects", "0.5") == expected, "taken again"
        [reject] = table.spark.read.parquet(str(place / "rejects/run_id=r-entities")).collect()
        assert reject.reason == 'entity_id is "4": write the number without quotes', reject
        try:
            take(second, "2024-04-04")
        except job.Refused as why:
            assert "No company was written" in str(why), why
        else:
            raise AssertionError("a third was refused, and the run went on")
    left = [path.name for path in (table.folder / "entities").iterdir() if path.suffix != ".crc"]
    assert left == ["part-20240403T000000000Z-0000000.parquet"], left
    assert not (table.folder / "_entities").exists()
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        lines = [json.dumps(row, default=text) for row in first_rows()]
        file = written(place / "some.jsonl", lines)
        for day, taken in [("2024-04-01", (0, 0, 0)), ("2024-04-04", (12, 0, 12))]:
            at = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
            os.utime(file, (at, at))
            told = run_job(table, place, "2024-04-05", "--decisions", file, "--written-within", "48")
            assert told == taken, (day, told)
