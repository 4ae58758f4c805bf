#!/usr/bin/env python3
"""The Athena engine on a real Trino, against the direct engine: the same questions, the same bytes.

    run.py --why target/debug/why [--only sp500,acme]

For each fixture a lake is imported, its tables are registered by the DDL of `why ddl`, what Trino finds
through the projection is counted, and every question is asked of both engines. README.md beside this
says what Trino does not take. Ends with 1 where anything differs. Start at `FIXTURES`.
"""

import argparse
import collections
import functools
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import answers
import ddl
import questions
import wire
from bridge import AT_ONCE, Trino
from client import Client
from questions import oracle
from server import PLACE, ROOT, Server

sys.path.insert(0, str(ROOT / "tests" / "athena"))
from service import serve  # noqa: E402

NOW = "2026-11-20T12:00:00Z"
# Of a question that came back as "ask again in a moment".
TRIES = 4
# At least so many in all, where nothing was left out.
FEWEST = 1_000

DAYS = ('step = "month"', 'step = "day"')
NO_LATEST = ('latest = "attribute_latest"\n', "")
DATE_FIRST = ("[layout]\n", '[layout]\norder = ["date", "attribute", "bucket"]\n')

Fixture = collections.namedtuple("Fixture", "data changes latest asked overviews")

# asked: so many of the trace's pairs; None: the questions of the data's own list.
FIXTURES = {
    "sp500-days": Fixture("sp500", [DAYS], True, 1_000, 12),
    "sp500-months": Fixture("sp500", [], True, 140, 4),
    "acme-months": Fixture("acme", [], True, None, 0),
    "acme-date-first": Fixture("acme", [DAYS, DATE_FIRST], True, None, 0),
    "acme-ladder": Fixture("acme", [DAYS, NO_LATEST], False, None, 0),
}
# Where there is no decision yet, and no latest table either, what else the company has is a hint, and each
# engine looks for it in its own way.
BEFORE_ALL = ("2022-12-31", "2023-01-02")
ACME_TOO = ("acme revenue in the last 90 days", "#24 revenue as of 2023-01-02", "acme", "acme changes since 2026-01-01")


def decisions_of(fixture):
    folder = ROOT / "data" / fixture.data
    zipped = folder / "attribute_trace.jsonl.gz"
    return zipped if zipped.exists() else folder / "decisions.jsonl"


def imported(why, name, fixture, lakes):
    """The lake of a fixture, made by `why import`, and its catalog file."""
    lake, catalog = lakes / name, lakes / f"{name}.toml"
    shutil.rmtree(lake, ignore_errors=True)
    text = (ROOT / "data" / fixture.data / "why.toml").read_text()
    # Each fixture has tables of its own.
    for old, new in [(f'database = "{fixture.data}"', f'database = "{name.replace("-", "_")}"'), *fixture.changes]:
        if old not in text:
            raise SystemExit(f"{name}: the catalog of {fixture.data} has no {old!r} any more.")
        text = text.replace(old, new)
    catalog.write_text(text)
    entities = ROOT / "data" / fixture.data / "entities.jsonl"
    words = ["import", "--catalog", catalog, "--decisions", decisions_of(fixture), "--entities", entities]
    words += ["--latest"] if fixture.latest else []
    subprocess.run([why, *words, "--into", lake], check=True, stdout=subprocess.DEVNULL)
    return lake


def counted(client, table):
    """Decisions by attribute in the table as Trino sees it."""
    trace = f"{ddl.quoted(table.database)}.{ddl.quoted(table.name)}"
    _, rows = client.run(f"SELECT attribute_name, count(DISTINCT decision_id) FROM {trace} GROUP BY 1")
    return dict(map(tuple, rows))


def written(fixture):
    """The same of the input; what lies further ahead than the projection goes (NOW+1DAYS) by itself."""
    path = decisions_of(fixture)
    last = time.strftime("%Y-%m-%dT", time.gmtime(time.time() + 86_400))
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        rows = {row["decision_id"]: row for row in map(json.loads, filter(str.strip, file))}.values()
    near = [row for row in rows if row["decided_at"][:11] <= last]
    return dict(collections.Counter(row["attribute_name"] for row in near)), len(rows) - len(near)


def asked(fixture):
    data = ROOT / "data" / fixture.data
    if fixture.asked is None:
        listed = questions.of_list(data / "questions.txt", ACME_TOO)
        return [one for one in listed if fixture.latest or not any(day in one[1] for day in BEFORE_ALL)]
    attributes, traces = read(fixture.data, decisions_of(fixture))
    return questions.of_trace(traces, attributes, fixture.asked, fixture.overviews)


@functools.cache
def read(data, decisions):
    return oracle.read_traces(decisions, oracle.read_catalog(ROOT / "data" / data / "why.toml"))


def answered(why, lake, engine, words, bridge):
    """Every line that one engine says to these words, in one process, and how many were asked again.

    Where the lake did not answer in time, `Ask again in a moment` is no answer: then by itself.
    """
    lines, again = batch(why, lake, engine, words, bridge), 0
    for at, line in enumerate(lines):
        for _ in range(TRIES - 1):
            if not answers.is_late(json.loads(line)):
                break
            again += 1
            [line] = batch(why, lake, engine, [words[at]], bridge)
            lines[at] = line
    return lines, again


def batch(why, lake, engine, words, bridge):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "WHY_"))}
    environment |= {
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL_ATHENA": bridge,
    }
    command = [why, "--catalog", lake, "--now", NOW, "ask", "--json", "--engine", engine, "--batch", "-"]
    asked_for = "".join(f"{line}\n" for line in words)
    done = subprocess.run(command, input=asked_for, capture_output=True, text=True, env=environment, check=False)
    if done.returncode not in (0, 1):
        sys.stderr.write(done.stderr)
    return done.stdout.splitlines()


def checked(name, fixture, why, trino, bridge):
    """One fixture from import to comparison: its tally, its tables, and what is wrong beside it."""
    began, wrong = time.monotonic(), []
    lake = imported(why, name, fixture, trino.lake)
    client = Client(trino.url)
    tables = [ddl.register(client, table, trino.lake) for table in ddl.tables(why, lake, name)]
    found, (meant, ahead) = counted(client, tables[0].table), written(fixture)
    if found != meant:
        wrong.append(f"{name}: Trino finds {found} decisions, written were {meant}")
    said = asked(fixture)
    words = [words for _, words in said]
    direct, _ = answered(why, lake, "direct", words, bridge)
    athena, again = answered(why, lake, "athena", words, bridge)
    tally = answers.Tally()
    for engine, of in (("direct", direct), ("athena", athena)):
        if len(of) != len(said):
            wrong.append(f"{name}: {engine} gave {len(of)} answers to {len(said)} questions")
    for (kind, words), here, there in zip(said, direct, athena):
        tally.compare(kind, words, here, there)
    if tally.counts["unasked"]:
        wrong.append(f"{name}: {tally.counts['unasked']} answers of athena name no query of theirs")
    tally.table_decisions, tally.ahead, tally.again = sum(found.values()), ahead, again
    tally.seconds = time.monotonic() - began
    print(f"{name}: {tally.counts['questions']:,} questions, {tally.differ} differ, {tally.seconds:.0f} s", flush=True)
    return tally, tables, wrong


def report(tallies, registered):
    """The table, and what Trino refused."""
    print(f"\n{'fixture':<16} {'in table':>9} {'questions':>9} {'answers':>8} {'decisions':>10} {'candidates':>10} "
          f"{'bytes':>10} {'queries':>8} {'differ':>7}")  # fmt: skip
    total = collections.Counter()
    for name, tally in tallies.items():
        shown(name, tally.table_decisions, tally.counts, tally.differ)
        total.update(tally.counts, table=tally.table_decisions, differ=tally.differ)
    shown("all", total["table"], total, total["differ"])
    ahead = {name: tally.ahead for name, tally in tallies.items() if tally.ahead}
    print("\nbeyond the projection's end (NOW+1DAYS), not counted in the table: "
          + (", ".join(f"{name} {count}" for name, count in ahead.items()) or "0"))  # fmt: skip
    kinds = sum((tally.kinds for tally in tallies.values()), collections.Counter())
    print("asked: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(f"asked again, since Athena was too slow to answer: {sum(tally.again for tally in tallies.values())}")
    kept = sum(table.kept for table in registered)
    print(f"properties of the DDL: {kept} one to one, {sum(len(table.refused) for table in registered)} refused")
    for table in registered:
        for key, value, other, message in table.refused:
            print(f"  {table.table.database}.{table.table.name}: {key} = {value}, instead {other}\n    Trino: {message}")


def shown(name, in_table, counts, differ):
    print(f"{name:<16} {in_table:>9,} {counts['questions']:>9,} {counts['answers']:>8,} {counts['decisions']:>10,} "
          f"{counts['candidates']:>10,} {counts['bytes']:>10,} {counts['queries']:>8,} {differ:>7}")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--why", default=ROOT / "target" / "debug" / "why", type=pathlib.Path, help="the program")
    parser.add_argument("--only", help="names of fixtures, with commas")
    told = parser.parse_args()
    names = told.only.split(",") if told.only else list(FIXTURES)
    unknown = set(names) - set(FIXTURES)
    if unknown:
        raise SystemExit(f"There is no fixture {', '.join(sorted(unknown))}: {', '.join(FIXTURES)}.")
    tallies, registered, wrong = {}, [], []
    with Server(PLACE / "lake") as trino:
        print(f"Trino is there after {trino.started_s:.0f} s; its log: {trino.log}", flush=True)
        server, port = serve(Trino(Client(trino.url)), at_once=AT_ONCE)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wrong += wire.tried(f"http://127.0.0.1:{port}")
        for name in names:
            done = checked(name, FIXTURES[name], told.why.resolve(), trino, f"http://127.0.0.1:{port}")
            tallies[name], tables, more = done
            registered += tables
            wrong += more
    report(tallies, registered)
    for name, tally in tallies.items():
        for words, here, there in tally.shown:
            print(f"\n{name}: {words}\n  direct: …{here}…\n  athena: …{there}…")
    questions_asked = sum(tally.counts["questions"] for tally in tallies.values())
    if not told.only and questions_asked < FEWEST:
        wrong.append(f"only {questions_asked} questions were compared: {FEWEST:,} at least are meant")
    for what in wrong:
        print(what)
    return 1 if wrong or any(tally.differ for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
