"""The same company asked in layouts of 1,000 to 1,000,000 partitions: time and requests.

usage: partitions.py WHY_BINARY WORK_FOLDER
The decisions are the same; only the number of buckets grows, so that ever more partitions are empty.
"""

import json
import pathlib
import statistics
import subprocess
import sys

why, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
here = pathlib.Path(__file__).parent
ATTRIBUTES, MONTHS = 10, 100
QUESTIONS = [f"#{entity} attribute_{entity % ATTRIBUTES}" for entity in range(1, 101)]

work.mkdir(parents=True, exist_ok=True)
decisions, entities = work / "decisions.jsonl", work / "entities.jsonl"
subprocess.run(
    [sys.executable, here / "generate.py", decisions, entities, "--decisions", "20000", "--entities", "1000",
     "--attributes", str(ATTRIBUTES), "--months", str(MONTHS)],
    check=True,
)


def catalog(buckets, latest):
    attributes = "".join(f'[attributes.attribute_{n}]\nkind = "number"\n' for n in range(ATTRIBUTES))
    table = 'latest = "attribute_latest"\n' if latest else ""
    return f"[lake]\n{table}[layout]\nbuckets = {buckets}\nfirst_date = 2018-01-01\n{attributes}"


def ask(lake):
    reads = []
    for question in QUESTIONS:
        command = [why, "--now", "2026-04-30T00:00:00Z", "--catalog", lake, "ask", "--json", question]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        reads.append(json.loads(run.stdout)["read"])
    return reads


print(f"{'partitions':>10} {'files':>7} {'latest':>7} {'p50 ms':>8} {'p99 ms':>8} {'requests':>9} {'most':>5} {'to first':>9}")
base = {}
for buckets in (1, 10, 100, 1000):
    for latest in (True, False):
        lake = work / f"lake-{buckets}-{'latest' if latest else 'ladder'}"
        if not lake.exists():
            file = work / "why.toml"
            file.write_text(catalog(buckets, latest))
            command = [why, "import", "--catalog", file, "--decisions", decisions, "--entities", entities, "--into", lake]
            subprocess.run(command + (["--latest"] if latest else []), check=True, capture_output=True)
        ask(lake)
        rounds = [ask(lake) for _ in range(3)]
        times = sorted(read["total_ms"] for reads in rounds for read in reads)
        requests = [read["requests"] for read in rounds[0]]
        files = sum(1 for _ in (lake / "attribute_trace").rglob("*.parquet"))
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99) - 1]
        ratio = p50 / base.setdefault(latest, p50)
        print(
            f"{ATTRIBUTES * MONTHS * buckets:>10} {files:>7} {'yes' if latest else 'no':>7} {p50:>8.2f} {p99:>8.2f} "
            f"{statistics.median(requests):>9.0f} {max(requests):>5} {ratio:>7.2f} x",
            flush=True,
        )
