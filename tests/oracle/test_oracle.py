#!/usr/bin/env python3
"""The oracle held to EXPLAIN.md by hand, and the acme trace to what it must show.

Expected results are worked out from the document, not from the oracle. Knows nothing of the program.
Run it as a file; start at `Causes`.
"""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import asked
import explain
import oracle
import values
from values import canonical, millis, same

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACME = ROOT / "data" / "acme"
NOW = "2026-11-20T12:00:00Z"

CATALOG = """
[layout]
[lake]
[rules.surest]
kind = "confidence"
[rules.newest]
kind = "recency"
[rules.most]
kind = "frequency"
[[rules.priority]]
kind = "source_priority"
versions = ["1"]
order = ["a", "b"]
[[rules.priority]]
kind = "source_priority"
versions = ["2"]
order = ["b", "a"]
[attributes.money]
kind = "money"
stale_after = "400d"
[attributes.signed]
kind = "money"
sign_fixed = true
[attributes.text]
[attributes.year]
kind = "year"
[attributes.date]
kind = "date"
[attributes.url]
kind = "url"
"""


def claim(text):
    """`*a:1 | 5M | 2026-01-01 | 0.9`: a candidate; `*` selected, `-` no value, `?` unknown."""
    who, value, *rest = (part.strip() for part in text.split(" | "))
    observed, confidence = (rest + ["2026-01-01", "0.9"][len(rest) :]) if len(rest) < 2 else rest
    source, record = who.lstrip("*").split(":")
    return {
        "source": source, "record_id": record, "value": None if value == "-" else value,
        "observed_at": None if observed == "?" else f"{observed}T00:00:00Z",
        "confidence": None if confidence == "?" else float(confidence), "selected": who.startswith("*"),
    }  # fmt: skip


def row(day, value, *claims, **more):
    at = day if "T" in day else f"{day}T00:00:00Z"
    return {
        "decision_id": f"{day} {value}", "decided_at": at, "value": value, "rule": "r", "rule_version": "1",
        "evidence": [claim(text) for text in claims],
    } | more  # fmt: skip


def chain(rows):
    """Each previous_value as a sound pipeline writes it."""
    before = None
    for made in rows:
        made.setdefault("previous_value", before)
        before = made["value"]
    return rows


def ask(rows, attribute="money", as_of=NOW, expected=None, complete=True, future=False):
    catalog = values.Catalog(CATALOG)
    about = catalog.attribute(attribute)
    trace = explain.in_order([explain.Decision(made, about["kind"]) for made in chain(rows)])
    question = {"as_of": millis(as_of), "expected": expected, "complete": complete, "future": future}
    return explain.answer([d for d in trace if d.at <= millis(as_of)], question, catalog, about)


A5, A6, B5 = "*a:1 | 5 | 2026-01-01", "*a:1 | 6 | 2026-02-01", "b:1 | 5 | 2026-01-01"
P = ("2026-01-02", "5")
D = "2026-02-02"


class Causes(unittest.TestCase):
    def check(self, cause, *rows, attribute="money"):
        newest = ask(list(rows), attribute)["changes"][0]
        self.assertEqual(newest["cause"], cause)
        self.assertEqual(newest["decision_id"], rows[-1]["decision_id"])

    def test_each_cause_has_its_case(self):
        self.check("first_seen", row(*P, A5))
        self.check("not_read", row(*P, A5, previous_value="4"))
        self.check("reconfirmed", row(*P, A5), row(D, "5", A5, rule="s"))
        self.check("reconfirmed", row(*P, A5), row(D, "5", A5, override=True))
        self.check("reconfirmed", row(*P, A5), row(D, "5", "*b:1 | 5", "a:1 | 5"))
        self.check("override", row(*P, A5), row(D, "7", A5, override=True))
        self.check("override", row(*P, A5), row(D, None, A5, override=True))
        self.check("cleared", row(*P, A5), row(D, None, "a:1 | -"))
        self.check("cleared", row(*P, A5, override=True), row(D, None, "a:1 | -"))
        self.check("override_lifted", row(*P, B5, override=True), row(D, "6", A6))
        self.check("format_only", row(*P, A5), row(D, "5.0", "*a:1 | 5.0"))
        self.check("rule_changed", row(*P, A5, "b:1 | 6"), row(D, "6", "a:1 | 5.0", "*b:1 | 6", rule="s"))
        self.check("rule_changed", row(*P, A5, "b:1 | 6"), row(D, "6", "a:1 | 5", "*b:1 | 6", rule_version="2"))
        self.check("filled", row(*P, A5), row("2026-01-09", None, "a:1 | -"), row(D, "6", A6))
        self.check("withdrawn", row(*P, A5), row(D, "6", "*b:1 | 6"))
        self.check("withdrawn", row(*P, A5), row(D, "6", "*b:1 | 6", "a:1 | -"))
        self.check("rekeyed", row(*P, A5), row(D, "6", "*a:2 | 6"))
        self.check("overtaken", row(*P, A5), row(D, "6", "*b:1 | 6", "a:1 | 5"))
        self.check("overtaken", row(*P, A5), row(D, "6", "*a:2 | 6", "a:1 | 5"))
        self.check("corrected", row(*P, A5), row(D, "6", "*a:1 | 6 | 2026-01-01"))
        self.check("new_observation", row(*P, A5), row(D, "6", A6))
        self.check("unknown", row(*P, A5), row(D, "6", "a:1 | 6"))
        self.check("unknown", row(*P, "*a:1 | 5", "*b:1 | 5"), row(D, "6", A6))
        self.check("unknown", row(*P, "*a:1 | 5 | ?"), row(D, "6", A6))

    def test_what_repeats_is_a_confirmation(self):
        answer = ask([row(*P, A5), row(D, "5", "*a:1 | 5 | 2026-02-01"), row("2026-03-01", "5", A5, rule_version="2")])
        self.assertEqual((len(answer["changes"]), answer["confirmations"]), (1, 2))

    def test_the_first_read_is_no_change_where_it_repeats_what_came_before(self):
        self.assertEqual(ask([row(*P, A5, previous_value="5")])["changes"], [])
        self.assertEqual(ask([row("2026-01-02", None, "a:1 | -")])["changes"], [])


class Marks(unittest.TestCase):
    def check(self, marks, *rows, attribute="money"):
        self.assertEqual(set(ask(list(rows), attribute)["changes"][0]["marks"]), set(marks.split()))

    def test_late_is_old_news_from_before_the_last_decision(self):
        old = row("2026-01-02", "5", "*a:1 | 5 | 2025-12-31")
        self.check("late", old, row(D, "6", "*b:1 | 6 | 2026-01-01", A5[1:]))
        self.check("", old, row("2026-01-31", "6", "*b:1 | 6 | 2026-01-01", A5[1:]))
        self.check("", old, row("2026-06-01", "6", "*b:1 | 6 | 2026-01-03", A5))
        self.check("", row(*P, A5, "b:1 | 6 | 2025-06-01"), row(D, "6", "*b:1 | 6 | 2025-06-01", A5[1:]))

    def test_units_are_a_ratio_near_a_power(self):
        for before, after, marks in [
            ("12.4M", "12400", "units"), ("12400", "13020000", "units"), ("5", "500", "units"), ("5", "476", "units"),
            ("5", "470", ""), ("5", "50", ""), ("5", "50000", ""), ("-5", "5000", ""), ("0", "100", ""), ("5B", "5", "units"),
        ]:  # fmt: skip
            self.check(marks, row("2026-01-02", before, f"*a:1 | {before}"), row(D, after, f"*a:1 | {after} | 2026-02-01"))

    def test_restored_needs_an_older_value_and_for_numbers_the_one_just_before(self):
        def told(*told, attribute="money"):
            return [row(f"2026-02-{i + 1:02}", v, f"*a:1 | {v or '-'} | 2026-02-{i + 1:02}") for i, v in enumerate(told)]

        self.check("restored", *told("5", "6", "5"))
        self.check("restored", *told("5", "6", "6.0", "5.0"))
        self.check("", *told("5", "6", "7", "5"))
        self.check("restored", *told("x", "y", "z", "X"), attribute="text")
        self.check("", *told("x", "X"), attribute="text")
        self.check("restored", *told(None, "6", None))

    def test_rule_and_data_change_together(self):
        self.check("rule_and_data", row(*P, A5), row(D, "6", A6, rule="s"))
        self.check("", row(*P, A5), row(D, "6", A6, rule_version="2"))
        priority = {"rule": "priority"}
        self.check("rule_and_data", row(*P, A5, **priority), row(D, "6", A6, rule_version="2", **priority))

    def test_another_source_may_say_the_same_differently(self):
        self.check("other_source", row(*P, A5), row(D, "5.0", "*b:1 | 5.0 | 2026-02-01"))


class Warnings(unittest.TestCase):
    def check(self, warnings, *rows, attribute="money", **question):
        self.assertEqual(set(ask(list(rows), attribute, **question)["warnings"]), set(warnings.split()))

    def one(self, *claims, value="5", day="2026-11-01", **more):
        return row(day, value, *claims, **more)

    def test_a_sound_answer_has_none(self):
        self.check("", self.one("*a:1 | 5", "b:1 | 5.0", "c:1 | -"))

    def test_flapping_is_three_returns_within_thirty_days(self):
        def swaps(*days):
            return [row(day, str(5 + i % 2), f"*a:1 | {5 + i % 2} | {day}") for i, day in enumerate(days)]

        recent = ("2026-11-02", "2026-11-05", "2026-11-08", "2026-11-11", "2026-11-14")
        self.check("flapping", *swaps(*recent))
        self.check("", *swaps(*recent[:4]))
        self.check("", *swaps("2026-08-01", "2026-08-02", "2026-08-03", "2026-11-11", "2026-11-14"))

    def test_candidates(self):
        self.check("disagree tie", self.one("*a:1 | 5 | 2026-01-01 | 0.9", "b:1 | 6 | 2026-01-02 | 0.89"))
        self.check("disagree", self.one("*a:1 | 5 | 2026-01-01 | 0.9", "b:1 | 6 | 2026-01-03 | 0.89"))
        self.check("disagree", self.one("*a:1 | 5 | 2026-01-01 | 0.9", "b:1 | 6 | 2026-01-01 | 0.88"))
        self.check("low_confidence", self.one("*a:1 | 5 | 2026-01-01 | 0.49"))
        self.check("", self.one("*a:1 | 5 | 2026-01-01 | ?"))
        self.check("several_winners", self.one("*a:1 | 5", "*b:1 | 5"))
        self.check("no_winner", self.one("a:1 | 5"))
        self.check("", self.one("a:1 | 6", override=True))
        self.check("", self.one("a:1 | -", value=None))
        self.check("stale", self.one("*a:1 | 5 | 2025-10-01"))
        self.check("single_source", row(*P, A5, B5), row(D, "5", A5))

    def test_jump_is_recent_large_and_not_units(self):
        def from_to(a, b, day="2026-11-10"):
            return row(*("2026-01-02", a), f"*a:1 | {a}"), row(day, b, f"*a:1 | {b} | {day}")

        self.check("jump", *from_to("5", "51"))
        self.check("jump", *from_to("51", "5"))
        self.check("", *from_to("5", "50"))
        self.check("", *from_to("5", "51", day="2026-10-01"))
        self.check("", *from_to("0", "51"))
        self.check("units", *from_to("5", "500"))
        self.check("", *from_to("5", "-5"))
        self.check("jump", *from_to("5", "-5"), attribute="signed")
        self.check("units", *from_to("5", "500", day="2026-02-01"))

    def test_misfiled_is_a_number_among_words(self):
        self.check("misfiled", row(*P[:1], "Energy", "*a:1 | Energy"), row(D, "44.68", "*a:1 | 44.68 | 2026-02-01"), attribute="text")
        self.check("misfiled disagree", row(*P[:1], "44.68", "*a:1 | 44.68", "b:1 | Energy | 2026-01-01 | 0.7"), attribute="text")
        self.check("", row(*P[:1], "44.68", "*a:1 | 44.68", "b:1 | -"), attribute="text")

    def test_the_declared_rule_may_say_otherwise(self):
        a, b = "a:1 | 5 | 2026-01-09 | 0.8", "b:1 | 6 | 2026-01-01 | 0.9"
        said = "disagree"
        for rule, version, alarm in [
            ("priority", "1", ""), ("priority", "2", "rule_disagrees"), ("priority", "3", ""),
            ("newest", "1", ""), ("surest", "1", "rule_disagrees"), ("most", "1", ""), ("r", "1", ""),
        ]:  # fmt: skip
            self.check(f"{said} {alarm}", self.one(f"*{a}", b, rule=rule, rule_version=version))
        self.check("disagree rule_disagrees", self.one(f"*{a}", b, "c:1 | 6 | 2025-01-01", rule="most"))
        self.check("disagree", self.one(f"*{a}", "c:1 | 6 | 2025-01-01", rule="priority", rule_version="2"))
        self.check("", self.one(f"*{a}", "b:1 | 5.0 | 2025-01-01", rule="priority", rule_version="2"))
        self.check("", self.one("b:1 | 6", value="7", override=True, rule="priority"))

    def test_gap_is_a_previous_value_that_was_never_served(self):
        self.check("gap", row(*P, A5, previous_value="4"))
        self.check("gap", row(*P, A5), row(D, "6", A6, previous_value="5.0"))
        self.check("gap", row(*P, A5), row(D, "6", A6, previous_value=None))
        self.check("incomplete", row(*P, A5, previous_value="4"), complete=False)

    def test_what_lies_ahead(self):
        self.check("future", row(*P, A5), future=True)

    def test_late_and_unparsed_are_notes(self):
        old = row("2026-01-02", "5", "*a:1 | 5 | 2025-12-31")
        self.check("late disagree", old, row("2026-06-01", "6", "*b:1 | 6 | 2026-01-01 | 0.7", A5[1:]))
        self.check("unparsed", self.one("*a:1 | some", value="some"))
        self.check("unparsed disagree", self.one("*a:1 | 5", "b:1 | some | 2026-01-01 | 0.7"))
        self.check("unparsed", self.one("*a:1 | 2001?", value="2001?"), attribute="date")
        self.check("", self.one("*a:1 | 2013 (1888)", value="2013 (1888)"), attribute="year")
        self.assertEqual(ask([old])["warnings"], {})
        self.assertEqual(ask([self.one("a:1 | 5")])["warnings"], {"no_winner": "alarm"})
        self.assertEqual(ask([self.one("*a:1 | 5", "b:1 | 6 | 2026-01-01 | 0.7")])["warnings"], {"disagree": "note"})


class Hits(unittest.TestCase):
    def check(self, expected, hits, *rows, attribute="money"):
        found = ask(list(rows), attribute, expected=expected)["hits"]
        self.assertEqual(" ".join(f"{h['kind']}:{h['source']}" for h in found), hits)
        return found

    def test_each_kind_has_its_case(self):
        rows = [
            row("2026-01-02", "10M", "*a:1 | 10M", "b:1 | 9M"),
            row("2026-02-02", "12M", "*b:1 | 12M", "a:1 | 10M"),
            row("2026-03-02", "12,400,000", "*b:1 | 12,400,000 | 2026-03-01", "a:1 | 11M | 2026-02-20"),
        ]
        (is_it,) = self.check("$ 12.4M", "is:b", *rows)
        self.assertEqual(is_it["at"], millis("2026-03-02T00:00:00Z"))
        was, older = self.check("10M", "was:a older_candidate:a", *rows)
        self.assertEqual((was["at"], was["until"]), (millis("2026-01-02T00:00:00Z"), millis("2026-02-02T00:00:00Z")))
        self.assertIsNone(older["until"])
        (lost,) = self.check("11M", "candidate:a", *rows)
        self.assertEqual(lost["at"], millis("2026-02-20T00:00:00Z"))
        self.check("9M", "older_candidate:b", *rows)
        self.check("12400", "units:b", *rows)
        self.check("13M", "close:b", *rows)
        self.check("12M", "was:b close:b", *rows)
        self.check("99M", "", *rows)

    def test_an_earlier_run_of_todays_value_is_no_was(self):
        rows = [row(f"2026-01-0{i}", v, f"*a:1 | {v} | 2026-01-0{i}") for i, v in ((2, "5"), (3, "7"), (4, "5"))]
        (hit,) = self.check("5", "is:a", *rows)
        self.assertEqual(hit["at"], millis("2026-01-04T00:00:00Z"))

    def test_the_newest_of_each_source_and_five_of_a_kind(self):
        claims = [f"{source}:1 | 9 | 2026-01-0{i + 1}" for i, source in enumerate("bcdefgh")]
        found = self.check("9", "candidate:h candidate:g candidate:f candidate:e candidate:d", row(*P, A5, *claims))
        self.assertEqual(len(found), 5)
        again = row(*P, A5, "b:1 | 9 | 2026-01-03", "b:2 | 9 | 2026-01-04")
        self.assertEqual(self.check("9", "candidate:b", again)[0]["at"], millis("2026-01-04T00:00:00Z"))

    def test_text_is_close_when_it_contains_or_differs_by_one_edit(self):
        for expected, hits in [("acme", "close:a"), ("AC", ""), ("Acme Crop", ""), ("Acme Crp", "close:a"), ("ACME  CORP", "is:a")]:
            self.check(expected, hits, row("2026-01-02", "Acme Corp", "*a:1 | Acme Corp"), attribute="text")


class Readings(unittest.TestCase):
    def test_numbers(self):
        for text, number in [
            ("63.802B", 63.802e9), ("1,234.5", 1234.5), ("$ 12M", 12e6), ("12 %", 12), ("1.2e9", 1.2e9), ("\u22123", -3),
            ("(5.1)", -5.1), ("12 mn", 12e6), ("3TN", 3e12), ("EUR 4k", 4000), ("4k EUR", 4000), ("\u00a05\u00a0", 5),
            ("12,34", None), ("", None), ("about 3", None), ("1 2", None), ("n/a", None), ("3M Company", None), ("--3", None),
        ]:  # fmt: skip
            found = values.number(text)
            self.assertTrue(found == number or abs(found - number) <= 1e-9 * abs(number), (text, found))

    def test_equal_values(self):
        for kind, a, b, equal in [
            ("text", " Göteborg ", "go\u0308TEBORG", True), ("text", "a\u00a0 b", "A b", True), ("text", "Straße", "STRASSE", True),
            ("text", "", None, False), ("text", None, None, True), ("money", "12.4M", "12,400,000", True),
            ("money", "1", "1.0000000005", True), ("money", "1", "1.00001", False), ("money", "n/a", "N/A", True),
            ("year", "2013 (1888)", "2013", True), ("year", "2013", "2014", False), ("date", "2013-01-01", "2013-01-02", False),
            ("url", "HTTPS://www.Acme.com/", "acme.com", True), ("url", "acme.com/A", "acme.com/a", False),
        ]:  # fmt: skip
            self.assertEqual(same(canonical(kind, a), canonical(kind, b)), equal, (kind, a, b))

    def test_times_round_half_up_to_milliseconds(self):
        for text, ms in [("1970-01-01T00:00:00.0005Z", 1), ("1970-01-01T00:00:00.000499Z", 0), ("1970-01-01T01:00:00+01:00", 0)]:
            self.assertEqual(millis(text), ms, text)


class Trace(unittest.TestCase):
    def test_one_instant_is_ordered_by_the_values_before(self):
        at = "2026-01-02T00:00:00Z"
        rows = [row(at, v, decision_id=i, previous_value=p) for i, v, p in (("c", "1", None), ("b", "2", "1"), ("a", "3", "2"))]
        self.assertEqual([c["to"] for c in ask(rows)["changes"]], ["3", "2", "1"])

    def test_of_two_copies_the_one_written_last_counts(self):
        rows = [row(*P, A5, decision_id="x"), row(*P[:1], "6", A6, decision_id="x", previous_value=None)]
        self.assertEqual((ask(rows)["value"], len(ask(rows)["changes"])), ("6", 1))

    def test_since_is_the_start_of_the_unbroken_run(self):
        rows = [row("2026-01-02", "4", A5), row("2026-01-03", "5", A5), row("2026-01-04", "5.0", A5)]
        self.assertEqual(ask(rows)["since"], millis("2026-01-03T00:00:00Z"))

    def test_since_is_at_least_where_the_run_may_reach_further_back(self):
        for previous, complete, at_least in [("5.0", False, True), ("5", True, False), ("4", False, False), (None, False, False)]:
            self.assertEqual(ask([row(*P, A5, previous_value=previous)], complete=complete)["since_at_least"], at_least)

    def test_candidates_are_measured_against_the_winner(self):
        told = ask([row(*P, A5 + " | 0.9", "b:1 | 6 | 2025-12-31 | 0.95", "c:1 | -", "d:1 | 5.0")])["candidates"]
        self.assertEqual([c["status"] for c in told], ["winner", "lost", "no_value", "agrees"])
        self.assertEqual(told[1]["older_by_s"], 86_400)
        self.assertAlmostEqual(told[1]["confidence_margin"], -0.05)
        told = ask([row(*P, "a:1 | 5", "b:1 | -")])["candidates"]
        self.assertEqual([c["status"] for c in told], ["undecided", "no_value"])

    def test_no_decision_is_no_value(self):
        self.assertEqual((ask([])["value"], ask([])["changes"]), (None, []))


def rfc(ms):
    return None if ms is None else f"{explain.values.day_of(ms)}T{ms % 86_400_000 // 3_600_000:02}:{ms % 3_600_000 // 60_000:02}:{ms % 60_000 / 1000:06.3f}Z"


def as_printed(question, key, ours):
    """An oracle's answer in the shape that the program prints."""
    def timed(found):
        return {k: rfc(v) if k in ("at", "until", "observed_at") else v for k, v in found.items()}

    return ours | {
        "question": question, "entity": {"id": key[0]}, "attribute": {"name": key[1]}, "since": rfc(ours["since"]),
        "decided_at": rfc(ours["decided_at"]), "rule": {"name": ours["rule.name"], "version": ours["rule.version"]},
        "winner": ours["winner"] and timed(ours["winner"]), "candidates": [timed(c) for c in ours["candidates"]],
        "changes": [timed(c) for c in ours["changes"]], "read": {"complete": True, "from": "2023-01-01"},
        "warnings": [{"id": name, "level": level} for name, level in (ours["warnings"] or {}).items()],
        "expectation": None if ours["hits"] is None else {"hits": [timed(h) for h in ours["hits"]]},
    }  # fmt: skip


class Acme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.catalog = oracle.read_catalog(ACME / "why.toml")
        cls.attributes, cls.traces = oracle.read_traces(ACME / "decisions.jsonl", cls.catalog)
        cls.asked = asked.read(ACME / "questions.txt")

    def answer(self, wanted):
        as_of = asked.end_of(wanted.as_of) if wanted.as_of else NOW
        question = {"as_of": as_of, "expected": wanted.expected, "look_back": "auto"}
        key = wanted.entity, wanted.attribute
        # `since` reads whole months, from the day before.
        read = {"complete": not wanted.since, "from": wanted.since and "2026-05-01"}
        found, known = oracle.as_read(self.traces.get(key, []), {"question": question, "read": read}, millis(NOW), self.catalog)
        return question, key, explain.answer(found, known, self.catalog, self.attributes[key[1]])

    def shown(self, ours):
        found = {f"cause:{c['cause']}" for c in ours["changes"]} | {f"warning:{w}" for w in ours["warnings"] or ()}
        return found | {f"mark:{m}" for c in ours["changes"] for m in c["marks"]} | {f"hit:{h['kind']}" for h in ours["hits"] or ()}

    def test_each_question_shows_what_it_should(self):
        for wanted in self.asked:
            self.assertLessEqual(wanted.shows, self.shown(self.answer(wanted)[2]), wanted.words)

    def test_every_cause_mark_warning_and_kind_of_hit_occurs(self):
        named = set().union(*(wanted.shows for wanted in self.asked))
        counts = {what: sum(name.startswith(what) for name in named) for what in ("cause", "mark", "warning", "hit")}
        self.assertEqual(counts, {"cause": 15, "mark": 5, "warning": 17, "hit": 6}, sorted(named))

    def test_acme_revenue_is_a_story_of_nine_changes(self):
        ours = self.answer(self.asked[0])[2]
        told = [(c["cause"], c["to"]) for c in reversed(ours["changes"])]
        self.assertEqual(told, [
            ("first_seen", "9.8M"), ("new_observation", "10.4M"), ("override", "11M"), ("override_lifted", "11.6M"),
            ("rule_changed", "11.2M"), ("new_observation", "12,400,000"), ("corrected", "12400"),
            ("corrected", "12,400,000"), ("format_only", "12.4M"),
        ])  # fmt: skip
        self.assertEqual((ours["since"], ours["warnings"]), (millis("2026-03-10T08:15:00Z"), {"disagree": "note"}))

    def test_the_files_are_what_the_script_makes(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder, "make_acme.py")
            copy.write_bytes((ACME / "make_acme.py").read_bytes())
            subprocess.run([sys.executable, copy], check=True)
            for name in ("decisions.jsonl", "entities.jsonl"):
                self.assertEqual(pathlib.Path(folder, name).read_bytes(), (ACME / name).read_bytes(), name)

    def compared(self, change=lambda printed: None):
        printed = [as_printed(*self.answer(wanted)) for wanted in self.asked if not wanted.since]
        change(printed[0])
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.write("".join(json.dumps(answer) + "\n" for answer in printed))
            file.flush()
            command = ["compare", "--decisions", ACME / "decisions.jsonl", "--catalog", ACME / "why.toml"]
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                code = oracle.main([str(word) for word in [*command, "--answers", file.name, "--now", NOW]])
        return code, told.getvalue()

    def test_comparing_finds_no_difference_where_there_is_none(self):
        code, told = self.compared()
        self.assertEqual(code, 0, told)
        self.assertIn(": 0 differences", told)

    def test_comparing_finds_whatever_differs(self):
        for field, change in {
            "value": lambda a: a.update(value="12.5M"),
            "since": lambda a: a.update(since="2026-03-10T08:15:00.001Z"),
            "rule.version": lambda a: a["rule"].update(version="3"),
            "winner.source": lambda a: a["winner"].update(source="crm"),
            "candidates[1].status": lambda a: a["candidates"][0].update(status="agrees"),
            "candidates[4]": lambda a: a["candidates"].pop(),
            "changes[0].cause": lambda a: a["changes"][0].update(cause="corrected"),
            "changes[1].marks": lambda a: a["changes"][1].update(marks=[]),
            "changes[8]": lambda a: a["changes"].pop(),
            "confirmations": lambda a: a.update(confirmations=3),
            "warnings": lambda a: a.update(warnings=[]),
            "error": lambda a: a.update(error={"code": "no_lake"}),
        }.items():
            code, told = self.compared(change)
            self.assertEqual(code, 1, field)
            self.assertIn(f"{field}\n", told)


if __name__ == "__main__":
    unittest.main()
