#!/usr/bin/env python3
"""The independent oracle: answers worked out straight from the decisions file, against the program's.

`explain.py` and `values.py` hold the second implementation of EXPLAIN.md; this file reads, asks it
and compares. It shares no code with the program, and takes only two things from an answer on trust:
the question it answers, and how far back it says it read. Python 3.11, standard library only.

    oracle.py compare --decisions F.jsonl[.gz] --catalog why.toml --answers FILE [--now INSTANT] [--asked FILE]
    oracle.py questions --decisions F.jsonl[.gz] --catalog why.toml [--as-of DAY | --sample N]
"""

import argparse
import collections
import gzip
import itertools
import json
import random
import sys
import time

import asked
import explain
import values
from values import DAY_MS, day_of, millis

SHOWN = 50


def lines(path):
    if path == "-":
        return sys.stdin
    return gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")


def read_catalog(path):
    with open(path, encoding="utf-8") as file:
        return values.Catalog(file.read())


def read_traces(path, catalog):
    """(company, attribute) to its decisions, in order."""
    attributes = {name: catalog.attribute(name) for name in catalog.file["attributes"]}
    traces = collections.defaultdict(list)
    with lines(path) as file:
        for row in map(json.loads, filter(str.strip, file)):
            name = row["attribute_name"]
            traces[row["entity_id"], name].append(explain.Decision(row, attributes[name]["kind"]))
    return attributes, {key: explain.in_order(found) for key, found in traces.items()}


# --- what an answer had to work with


def step_of(ms, catalog):
    """The partition that holds this moment."""
    return day_of(ms)[: 7 if catalog.step == "month" else 10]


def as_read(trace, answer, now, catalog):
    """The decisions up to as-of that the answer says it read, and what else the rules need to know."""
    as_of, read = millis(answer["question"]["as_of"]), answer["read"]
    found = [d for d in trace if d.at <= min(as_of, now)]
    if answer["question"]["look_back"] == "latest":
        found = found[-1:]
    elif not read["complete"]:
        found = [d for d in found if day_of(d.at) >= read["from"]]
    # A latest table also shows the newest decision, however far ahead it lies.
    last = step_of(min(as_of, now) + DAY_MS, catalog)
    ahead = [d for d in trace if d.at > now]
    seen = bool(catalog.file["lake"].get("latest")) or any(step_of(d.at, catalog) <= last for d in ahead)
    question = {
        "as_of": as_of, "expected": answer["question"]["expected"], "complete": read["complete"],
        "future": bool(ahead) and seen,
    }  # fmt: skip
    return found, question


# --- one answer against the other


def flat(answer):
    """The program's answer in the oracle's words: times in milliseconds, names instead of objects."""
    rule = answer.get("rule") or {}
    found = {name: answer.get(name) for name in explain.SCALARS if "." not in name}
    found |= {"rule.name": rule.get("name"), "rule.version": rule.get("version")}
    found |= {"since": millis(answer.get("since")), "decided_at": millis(answer.get("decided_at"))}
    expectation = answer.get("expectation")
    return found | {
        "winner": answer.get("winner") and claim(answer["winner"]),
        "candidates": [claim(c) for c in answer["candidates"]],
        "changes": [c | {"at": millis(c["at"]), "marks": sorted(c["marks"])} for c in answer["changes"]],
        "warnings": {w["id"]: w["level"] for w in answer["warnings"]},
        "hits": expectation
        and [h | {"at": millis(h["at"]), "until": millis(h["until"])} for h in expectation["hits"]],
    }


def claim(c):
    return c | {"observed_at": millis(c["observed_at"])}


def near(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return a is not None and b is not None and abs(a - b) <= 1e-6
    return a == b


def fields_differ(where, ours, theirs):
    """Every field that the oracle has; the program may say more."""
    for name, wanted in ours.items():
        # A url that was not recorded may come from the source's link template.
        if not (name == "url" and wanted is None) and not near(wanted, theirs.get(name)):
            yield f"{where}{name}", wanted, theirs.get(name)


def rows_differ(where, ours, theirs, key):
    ours, theirs = sorted(ours, key=key), sorted(theirs, key=key)
    for i, (a, b) in enumerate(itertools.zip_longest(ours, theirs)):
        if a is None or b is None:
            yield f"{where}[{i}]", a, b
        else:
            yield from fields_differ(f"{where}[{i}].", a, b)


def differences(ours, theirs):
    """(field, what the oracle says, what the program says), for each that differs."""
    theirs = flat(theirs)
    yield from fields_differ("", {name: ours[name] for name in explain.SCALARS}, theirs)
    if ours["winner"] is None or theirs["winner"] is None:
        if ours["winner"] is not theirs["winner"]:
            yield "winner", ours["winner"], theirs["winner"]
    else:
        # Only candidates carry a status and what follows from it.
        said = {name: ours["winner"][name] for name in ("source", "record_id", "value", "observed_at", "confidence", "url")}
        yield from fields_differ("winner.", said, theirs["winner"])
    yield from rows_differ("candidates", ours["candidates"], theirs["candidates"], by_record)
    yield from rows_differ("changes", ours["changes"], theirs["changes"], lambda c: 0)
    if ours["warnings"] is not None and ours["warnings"] != theirs["warnings"]:
        yield "warnings", ours["warnings"], theirs["warnings"]
    yield from rows_differ("hits", ours["hits"] or [], theirs["hits"] or [], by_kind)


def by_record(c):
    return json.dumps([c["source"], c["record_id"], c["value"], c["observed_at"]])


def by_kind(h):
    return (explain.KINDS.index(h["kind"]), -h["at"], h["source"] or "")


def misunderstood(meant, answer):
    """Whether the words were taken for another question than the list says."""
    if "error" in answer:
        return
    question = answer["question"]
    if meant is None:
        yield "question", None, question
        return
    if (meant.entity, meant.attribute) != (answer["entity"]["id"], answer["attribute"]["name"]):
        yield "question", (meant.words, meant.entity, meant.attribute), (answer["entity"], answer["attribute"]["name"])
    if meant.as_of and millis(question["as_of"]) != millis(asked.end_of(meant.as_of)):
        yield "question.as_of", (meant.words, meant.as_of), question["as_of"]
    if question["expected"] != meant.expected:
        yield "question.expected", (meant.words, meant.expected), question["expected"]


# --- commands


class Tally:
    """What was compared, and the first of what differs."""

    def __init__(self):
        self.counts, self.differ, self.shown = collections.Counter(), collections.Counter(), 0
        self.met = collections.defaultdict(collections.Counter)

    def count(self, ours):
        self.counts.update(answers=1, changes=len(ours["changes"]), warnings=len(ours["warnings"] or ()))
        self.counts.update(candidates=len(ours["candidates"]), hits=len(ours["hits"] or ()))
        self.met["causes"].update(c["cause"] for c in ours["changes"])
        self.met["marks"].update(m for c in ours["changes"] for m in c["marks"])
        self.met["warnings"].update(list(ours["warnings"] or ()))
        self.met["hits"].update(h["kind"] for h in ours["hits"] or ())

    def differs(self, title, field, ours, theirs):
        self.differ[field.split("[")[0] + (field.split("]")[1] if "]" in field else "")] += 1
        if self.shown < SHOWN:
            print(f"{title}: {field}\n    oracle:  {ours}\n    program: {theirs}")
        self.shown += 1

    def report(self, seconds):
        for what, found in self.met.items():
            print(f"{what}: " + ", ".join(f"{name} {n}" for name, n in found.most_common()))
        print(", ".join(f"{n:,} {what}" for what, n in self.counts.items()) + f" compared in {seconds:.1f} s: "
              f"{self.differ.total()} differences")  # fmt: skip
        for field, n in self.differ.most_common():
            print(f"    {field}: {n}")


def compare(arguments):
    began, tally = time.monotonic(), Tally()
    catalog = read_catalog(arguments.catalog)
    now = millis(arguments.now) if arguments.now else int(time.time() * 1000)
    attributes, traces = read_traces(arguments.decisions, catalog)
    meant = iter(asked.read(arguments.asked)) if arguments.asked else None
    with lines(arguments.answers) as file:
        for number, answer in enumerate(map(json.loads, file), 1):
            for difference in misunderstood(next(meant, None), answer) if meant else ():
                tally.differs(f"line {number}", *difference)
            if "error" in answer:
                tally.differs(f"line {number}", "error", "an answer", answer["error"])
                continue
            key = answer["entity"]["id"], answer["attribute"]["name"]
            found, question = as_read(traces.get(key, []), answer, now, catalog)
            ours = explain.answer(found, question, catalog, attributes[key[1]])
            tally.count(ours)
            title = f"line {number}, #{key[0]} {key[1]} as of {answer['question']['as_of']}"
            for difference in differences(ours, answer):
                tally.differs(title, *difference)
    for unanswered in meant or ():
        tally.differs(unanswered.words, "error", "an answer", None)
    tally.report(time.monotonic() - began)
    return 1 if tally.differ or not tally.counts["answers"] else 0


def questions(arguments):
    catalog = read_catalog(arguments.catalog)
    attributes, traces = read_traces(arguments.decisions, catalog)
    if not arguments.sample:
        as_of = f" as of {arguments.as_of}" if arguments.as_of else ""
        print("\n".join(f"#{entity} {name}{as_of}" for entity, name in sorted(traces)))
        return 0
    chance, keys = random.Random(3), sorted(traces)
    first, last = (pick(d.at for trace in traces.values() for d in trace) for pick in (min, max))
    for _ in range(arguments.sample):
        entity, name = key = chance.choice(keys)
        day = day_of(chance.randint(max(first, traces[key][0].at), last) + DAY_MS)
        print(f"#{entity} {name} as of {day}{expected(traces[key], attributes[name], chance)}")
    return 0


def expected(trace, attribute, chance):
    """In half of the questions: something that the trace once said, as it was or nearly."""
    d = chance.choice(trace)
    said = [d.value] + [c.value for c in d.candidates]
    if chance.random() < 0.5 or said[0] is None:
        return ""
    value = chance.choice([v for v in said if v])
    size = values.number(value) if attribute["kind"] in values.NUMBERS else None
    if size and chance.random() < 0.4:
        value = f"{size * chance.choice((1.03, 0.97, 1000, 0.001, 1_000_000)):.10g}"
    elif size is None and chance.random() < 0.3:
        value = value.split()[0]
    quote = "" if size else '"'
    return "" if '"' in value else f" expected {quote}{value}{quote}"


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, run in (("compare", compare), ("questions", questions)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--decisions", required=True)
        command.add_argument("--catalog", required=True)
        if run is compare:
            command.add_argument("--answers", required=True, help="one JSON answer a line; - is standard input")
            command.add_argument("--now", help="the instant that the program was told with --now")
            command.add_argument("--asked", help="the list that the questions came from: were they understood?")
        else:
            command.add_argument("--as-of", help="every pair as of this day")
            command.add_argument("--sample", type=int, help="so many pairs, days and expected values, always the same")
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
