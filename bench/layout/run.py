"""What a layout costs in planning: registered or projected, days or months, the date first or last.

usage: run.py DOCUMENT
On the Trino of tests/trino (MARKED in DOCUMENT is written anew). Each question pins an attribute, a
bucket and a span of days; each partition holds a file of one row, so what is timed is planning and
opening, not reading. Tables take turns, round by round; the first round is left out. Start at `main`.
"""

import collections
import datetime
import pathlib
import shutil
import statistics
import sys
import time

import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "trino"))
from bridge import millis  # noqa: E402
from client import Client  # noqa: E402
from server import PLACE, VERSION, Server  # noqa: E402

ROUNDS = 5
# Days back from the last one; None: no bound at all.
SPANS = {"a day": 0, "90 days": 89, "2 years": 729, "unbounded": None}
BEGIN, END = "<!-- bench/run.sh layout -->", "<!-- end -->"


def question(table, back):
    where = "attribute_name = 'a0' AND entity_id_mod = 0"
    if back is not None:
        first, last = tables.LAST - datetime.timedelta(back), tables.LAST
        if table.grain == "month":
            where += f" AND created_date BETWEEN '{first.replace(day=1)}' AND '{last.replace(day=1)}'"
        else:
            where += f" AND created_date BETWEEN DATE '{first}' AND DATE '{last}'"
    return f"SELECT value FROM {tables.SCHEMA}.{table.name} WHERE {where} AND entity_id = {tables.ENTITY}"


def partitions(grain, back):
    first = tables.FIRST if back is None else tables.LAST - datetime.timedelta(back)
    first = str(first.replace(day=1) if grain == "month" else first)
    return sum(key >= first for key in tables.keys(grain))


def asked(client, table, back):
    """Milliseconds of planning, of that on a processor, and in all, as Trino reports them.

    The rows prove what was read.
    """
    rows, query_id = 0, None
    for answer in client.answers(client.start(question(table, back))):
        if "error" in answer:
            raise SystemExit(f"{table.name}: {answer['error']['message']}")
        query_id, rows = answer["id"], rows + len(answer.get("data") or [])
    meant = partitions(table.grain, back)
    if rows != meant:
        raise SystemExit(f"{table.name}: {rows} rows came of {meant} partitions")
    said = client.figures(query_id)
    return tuple(millis(said[name]) for name in ("planningTime", "planningCpuTime", "elapsedTime"))


def measured(client):
    """After each round the medians of all rounds until then: a run that is stopped leaves what it has."""
    took = collections.defaultdict(list)
    for number in range(ROUNDS + 1):
        began = time.monotonic()
        for span, back in SPANS.items():
            for table in tables.every():
                figures = asked(client, table, back)
                if number:
                    took[table, span].append(figures)
        print(f"round {number} of {ROUNDS}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        if number:
            yield number, {key: [statistics.median(of) for of in zip(*rounds)] for key, rounds in took.items()}


def shown(rounds, medians):
    """What the document gets."""
    lines = [f"Medians of {rounds} rounds in milliseconds, Trino {VERSION}, {datetime.date.today()}.", ""]
    lines += ["Planning, in brackets what of it was work of a processor:", ""]
    lines += grid(medians, lambda planning, processor, _: f"{planning:,.0f} ({processor:,.0f})")
    lines += ["", "The whole question:", ""]
    lines += grid(medians, lambda _planning, _processor, whole: f"{whole:,.0f}")
    for grain in ("day", "month"):
        counts = ", ".join(f"{partitions(grain, back):,} for {span}" for span, back in SPANS.items())
        lines += ["", f"Partitions of a question by {grain}: {counts}."]
    return "\n".join(lines)


def grid(medians, cell):
    """A row for each lake, the registered beside the projected."""
    hows = ("registered", "projected")
    lakes = dict.fromkeys(table[:3] for table in tables.every())
    lines = [
        "| partitions by day | grain | path | " + " | ".join(f"{how}: {span}" for how in hows for span in SPANS) + " |",
        "|---|---|---|" + "---:|" * len(hows) * len(SPANS),
    ]
    of = {(table[:3], table.how): table for table in tables.every()}
    for lake in lakes:
        cells = [cell(*medians[of[lake, how], span]) for how in hows for span in SPANS]
        lines.append(f"| {' | '.join(lake)} | " + " | ".join(cells) + " |")
    return lines


def write(document, text):
    before, _, rest = document.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{document} has no place for the table: {BEGIN} … {END}")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main():
    document, lake = pathlib.Path(sys.argv[1]), PLACE / "layout"
    shutil.rmtree(lake, ignore_errors=True)
    with Server(lake) as trino:
        client, began = Client(trino.url), time.monotonic()
        tables.make(client, trino.lake)
        print(f"tables made in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        for rounds, medians in measured(client):
            text = shown(rounds, medians)
            write(document, text)
    shutil.rmtree(lake)
    print(text)


if __name__ == "__main__":
    main()
