"""One company's attribute, asked in turn of `why`, DuckDB and hudi over the same files.

usage: questions.py WHY_BINARY SP500_LAKE HUDI_TABLE
The same questions, one after another: `why` as a new process each time, the others warm in this one.
"""

import json
import pathlib
import random
import statistics
import subprocess
import sys
import time

import duckdb
from hudi import HudiReadOptions, HudiTableBuilder

why, lake, hudi_table = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
BUCKETS = int(next(line for line in open(lake / "why.toml") if line.startswith("buckets")).split("=")[1])
QUESTIONS = 200


def shown(name, milliseconds, base):
    ordered = sorted(milliseconds)
    median, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    print(f"{name:<46} p50 {median:9.2f} ms  p99 {p99:9.2f} ms  {median / base:8.1f} x")
    return median


def ask_why(catalog, questions):
    """One process each; what its receipt says, and the whole process."""
    inside, whole = [], []
    for question in questions:
        command = [why, "--catalog", catalog, "ask", "--json", question]
        begun = time.perf_counter()
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        whole.append((time.perf_counter() - begun) * 1000)
        inside.append(json.loads(run.stdout)["read"]["total_ms"])
    return inside, whole


def timed(work):
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def sp500():
    files = lake / "attribute_trace"
    pairs = duckdb.sql(
        f"SELECT DISTINCT entity_id, attribute_name FROM read_parquet('{files}/*/*/*/*.parquet', hive_partitioning=true) ORDER BY ALL"
    ).fetchall()
    pairs = random.Random(7).sample(pairs, QUESTIONS)
    ours, whole = ask_why(lake, [f"#{entity} {attribute} full history" for entity, attribute in pairs])
    print(f"sp500, {QUESTIONS} companies' attributes with their whole history:")
    base = shown("why, direct engine", ours, statistics.median(ours))
    shown("why, the whole process", whole, base)
    database = duckdb.connect()
    pinned, filtered = [], []
    for entity, attribute in pairs:
        folder = f"{files}/attribute_name={attribute}/entity_id_mod={entity % BUCKETS}/*/*.parquet"
        query = f"SELECT * FROM read_parquet('{folder}') WHERE entity_id = {entity}"
        pinned.append(timed(lambda: database.sql(query).fetchall()))
    for entity, attribute in pairs[:20]:
        query = (
            f"SELECT * FROM read_parquet('{files}/*/*/*/*.parquet', hive_partitioning=true) "
            f"WHERE attribute_name = '{attribute}' AND entity_id_mod = {entity % BUCKETS} AND entity_id = {entity}"
        )
        filtered.append(timed(lambda: database.sql(query).fetchall()))
    shown("DuckDB, told the partition's folder", pinned, base)
    shown("DuckDB, partition columns in WHERE (20 of them)", filtered, base)


def hudi():
    entities = [66740, 320193, 1551152, 78003, 1018724]
    catalog = hudi_table / "why.toml"
    ours, whole = ask_why(catalog, [f"#{entity} sector full history" for entity in entities * 4])
    print(f"\nHudi table of version 6, {len(entities)} companies' sector with its whole history:")
    base = shown("why, direct engine", ours, statistics.median(ours))
    shown("why, the whole process", whole, base)
    table = HudiTableBuilder.from_base_uri(str(hudi_table / "attribute_trace")).build()
    theirs = []
    for entity in entities:
        filters = [("attribute_name", "=", "sector"), ("entity_id_mod", "=", str(entity % 4))]
        theirs.append(timed(lambda: table.read(HudiReadOptions(filters=filters))))
    shown("hudi 0.5.0 from PyPI, partition filters", theirs, base)


sp500()
hudi()
