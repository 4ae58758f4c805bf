"""EXPLAIN.md once more, naively: from the decisions of one company and attribute to an answer.

Straight from the document's words, as plain as can be and slow where that is plainer; it shares no
code with the program. It knows no file and no lake. Start at `answer`.
"""

import itertools

import values
from values import canonical, millis, same


class Decision:
    """One line of the decisions file, with times in milliseconds and values in both forms."""

    def __init__(self, row, kind):
        self.id, self.at = row["decision_id"], millis(row["decided_at"])
        self.value, self.previous = row.get("value"), row.get("previous_value")
        self.rule, self.version = row.get("rule"), row.get("rule_version")
        self.run, self.actor, self.reason = row.get("run_id"), row.get("actor"), row.get("reason")
        self.override = bool(row.get("override"))
        self.canon, self.canon_before = canonical(kind, self.value), canonical(kind, self.previous)
        self.candidates = [Candidate(e, kind) for e in row.get("evidence") or []]
        chosen = [c for c in self.candidates if c.selected]
        self.chosen, self.winner = len(chosen), chosen[0] if len(chosen) == 1 else None


class Candidate:
    def __init__(self, row, kind):
        self.source, self.record = row.get("source"), row.get("record_id")
        self.value, self.canon = row.get("value"), canonical(kind, row.get("value"))
        self.observed, self.confidence = millis(row.get("observed_at")), row.get("confidence")
        self.selected, self.reason, self.url = bool(row.get("selected")), row.get("reason"), row.get("url")

    def key(self):
        return (self.source, self.record)


# --- the trace


def in_order(decisions):
    """Once each by id, the copy written last; by time, and within a millisecond as previous_value chains."""
    once = {d.id: d for d in decisions}
    ordered = []
    for _, group in itertools.groupby(sorted(once.values(), key=lambda d: (d.at, d.id)), key=lambda d: d.at):
        group = list(group)
        ordered += group if len(group) == 1 else chained(ordered[-1] if ordered else None, group)
    return ordered


def chained(before, group):
    def holds(row):
        return all(b.previous == a.value for a, b in zip(row, row[1:]))

    orders = [list(row) for row in itertools.permutations(group)] if len(group) <= 6 else []
    whole = [row for row in orders if holds(([before] if before else []) + row)]
    return (whole or [row for row in orders if holds(row)] or [group])[0]


# --- causes and marks


def same_claim(a, b):
    return a.key() == b.key() and same(a.canon, b.canon)


def same_candidates(d, p):
    def within(some, others):
        return all(any(same_claim(a, b) for b in others) for a in some)

    return within(d.candidates, p.candidates) and within(p.candidates, d.candidates)


def other_record(d, p):
    """Both have one winner, and they are different source records."""
    return bool(d.winner and p.winner and d.winner.key() != p.winner.key())


def reconfirms(d, p):
    return d.override != p.override or d.rule != p.rule or other_record(d, p)


def is_change(d, p):
    return d.value != (p.value if p else d.previous)


def source_still_speaks(d, source):
    return any(c.source == source and c.value is not None for c in d.candidates)


def cause(d, p):
    if p is None:
        return "first_seen" if d.previous is None else "not_read"
    if d.value == p.value:
        return "reconfirmed"
    if d.override:
        return "override"
    if d.value is None:
        return "cleared"
    if p.override:
        return "override_lifted"
    if same(d.canon, p.canon):
        return "format_only"
    if same_candidates(d, p) and (d.rule, d.version) != (p.rule, p.version):
        return "rule_changed"
    if p.value is None:
        return "filled"
    return winners_cause(d, p)


def winners_cause(d, p):
    now, was = d.winner, p.winner
    if was and was.value is not None and not source_still_speaks(d, was.source):
        return "withdrawn"
    if not now or not was:
        return "unknown"
    if now.key() != was.key():
        gone = all(c.key() != was.key() for c in d.candidates)
        if now.source == was.source and gone:
            return "rekeyed"
        return "overtaken" if source_still_speaks(d, was.source) else "unknown"
    if now.observed is None or was.observed is None:
        return "unknown"
    return "corrected" if now.observed <= was.observed else "new_observation"


def marks(d, p, older, catalog, attribute):
    """`older`: the decisions before P, oldest first."""
    tests = {
        "late": lambda: late(d, p, attribute),
        "units": lambda: units(p.value, d.value, attribute),
        "restored": lambda: restored(d, p, older, attribute),
        "rule_and_data": lambda: not same_candidates(d, p) and rule_differs(d, p, catalog),
        "other_source": lambda: cause(d, p) == "format_only" and other_record(d, p),
    }
    return sorted(name for name, test in tests.items() if p and test())


def late(d, p, attribute):
    w = d.winner
    if d.value is None or not w or w.observed is None or any(same_claim(w, c) for c in p.candidates):
        return False
    return d.at - w.observed > attribute["limits"]["late_after"] and w.observed < p.at


def both_numbers(a, b, attribute):
    """The two as floats, where both are numbers other than zero."""
    if attribute["kind"] not in values.NUMBERS or a is None or b is None:
        return None
    a, b = values.number(a), values.number(b)
    return (a, b) if a and b else None


def units(a, b, attribute):
    pair = both_numbers(a, b, attribute)
    return bool(pair) and any(0.95 <= values.larger_ratio(*pair) / k <= 1.05 for k in (1e2, 1e3, 1e6, 1e9))


def restored(d, p, older, attribute):
    if same(d.canon, p.canon):
        return False
    others = (o for o in reversed(older) if not same(o.canon, p.canon))
    if attribute["kind"] in values.NUMBERS:
        others = itertools.islice(others, 1)
    return any(same(o.canon, d.canon) for o in others)


def rule_differs(d, p, catalog):
    return d.rule != p.rule or (d.version != p.version and catalog.declares_versions(d.rule))


def history(trace, catalog, attribute):
    """The changes, newest first, and how many confirmations are not listed."""
    changes = []
    for i, d in enumerate(trace):
        p = trace[i - 1] if i else None
        if is_change(d, p) or (p and reconfirms(d, p)):
            changes.append({
                "at": d.at, "from": p.value if p else d.previous, "to": d.value, "cause": cause(d, p),
                "marks": marks(d, p, trace[: max(i - 1, 0)], catalog, attribute),
                "source": d.winner and d.winner.source, "rule": d.rule, "rule_version": d.version,
                "run_id": d.run, "actor": d.actor, "reason": d.reason, "decision_id": d.id,
            })  # fmt: skip
    return changes[::-1], len(trace) - len(changes)


# --- the current decision


def status(c, d):
    if c is d.winner:
        return "winner"
    if not d.winner:
        return "no_value" if c.value is None else "undecided"
    if same(c.canon, d.winner.canon):
        return "agrees"
    return "no_value" if c.value is None else "lost"


def minus(a, b):
    return None if a is None or b is None else a - b


def candidate(c, d):
    w = d.winner if c is not d.winner else None
    older = minus(w.observed, c.observed) if w else None
    return {
        "source": c.source, "record_id": c.record, "value": c.value, "observed_at": c.observed,
        "confidence": c.confidence, "url": c.url, "status": status(c, d), "reason": c.reason,
        "older_by_s": None if older is None else older / 1000,
        "confidence_margin": minus(w.confidence, c.confidence) if w else None,
    }  # fmt: skip


def since(trace, complete):
    """When the current value's run began, and whether it may have begun earlier."""
    i = len(trace) - 1
    while i and same(trace[i - 1].canon, trace[-1].canon):
        i -= 1
    first = trace[i]
    known = first.previous is None or not same(first.canon_before, first.canon)
    return first.at, not complete and i == 0 and not known


# --- warnings

ALARMS = {
    "flapping", "tie", "jump", "units", "misfiled", "rule_disagrees", "several_winners", "no_winner",
    "gap", "stale", "future",
}  # fmt: skip


def warnings(trace, changes, question, catalog, attribute):
    """`trace` ends in the current decision; `question`: as_of, complete, future."""
    d, limits, as_of = trace[-1], attribute["limits"], question["as_of"]
    kind, newest = attribute["kind"], changes[0] if changes else {"marks": []}
    lost = [c for c in d.candidates if status(c, d) == "lost"]
    speaking = [sum(c.value is not None for c in x.candidates) for x in trace]
    swaps = [c for c in changes if "restored" in c["marks"] and as_of - c["at"] <= limits["flapping_within"]]
    decided = not d.override and d.value is not None
    tests = {
        "flapping": len(swaps) >= limits["flapping_changes"],
        "tie": any(tied(c, d.winner, limits) for c in lost),
        "jump": bool(changes) and jump(newest, as_of, attribute),
        "units": "units" in newest["marks"],
        "misfiled": kind in values.TEXTS and not attribute.get("is_name") and misfiled(trace),
        "rule_disagrees": decided and rule_disagrees(d, catalog, kind),
        "several_winners": d.chosen > 1,
        "no_winner": d.chosen == 0 and decided,
        "gap": question["complete"] and has_gap(trace),
        "stale": stale(d, as_of, attribute["stale_ms"]),
        "future": question["future"],
        "disagree": bool(lost),
        "single_source": speaking[-1] == 1 and max(speaking) > 1,
        "low_confidence": below(d.winner, limits["low_confidence"]),
        "late": "late" in newest["marks"],
        "unparsed": not all(values.parsed(kind, x.value) for x in [d, *d.candidates]),
        "incomplete": not question["complete"],
    }
    return {name: "alarm" if name in ALARMS else "note" for name, fires in tests.items() if fires}


def tied(c, w, limits):
    if None in (c.confidence, w.confidence, c.observed, w.observed):
        return False
    near = abs(c.confidence - w.confidence) <= limits["tie_confidence"] + 1e-9
    return near and abs(c.observed - w.observed) <= limits["tie_within"]


def jump(newest, as_of, attribute):
    limits = attribute["limits"]
    pair = both_numbers(newest["from"], newest["to"], attribute)
    if not pair or "units" in newest["marks"] or as_of - newest["at"] > limits["jump_within"]:
        return False
    ratio = values.larger_ratio(*pair)
    return ratio > limits["jump_factor"] or (ratio < 0 and bool(attribute.get("sign_fixed")))


def misfiled(trace):
    def reads_as_number(text):
        return values.number(text) is not None

    d = trace[-1]
    others = [c.value for c in d.candidates if c is not d.winner] + [o.value for o in trace[:-1]]
    if d.value is None or not reads_as_number(d.value):
        return False
    return any(text is not None and not reads_as_number(text) for text in others)


def rule_disagrees(d, catalog, kind):
    declared, w = catalog.rule(d.rule, d.version), d.winner
    if not declared or not w:
        return False
    speaking = [c for c in d.candidates if c.value is not None]
    if declared["kind"] == "source_priority":
        order = declared["order"]
        speaking = [c for c in speaking if c.source in order]
        return w.source in order and not is_best(w, speaking, lambda c: -order.index(c.source))
    if declared["kind"] == "frequency":
        return not is_best(w, speaking, lambda c: len({o.source for o in speaking if same(o.canon, c.canon)}))
    weigh = {"recency": lambda c: c.observed, "confidence": lambda c: c.confidence}[declared["kind"]]
    speaking = [c for c in speaking if weigh(c) is not None]
    return weigh(w) is not None and not is_best(w, speaking, weigh)


def is_best(w, speaking, weigh):
    """Whether a candidate with the winner's value is among the heaviest."""
    best = max(map(weigh, speaking), default=None)
    return best is None or any(same(c.canon, w.canon) for c in speaking if weigh(c) == best)


def has_gap(trace):
    return any(d.previous != (trace[i - 1].value if i else None) for i, d in enumerate(trace))


def stale(d, as_of, stale_ms):
    if stale_ms is None or not d.winner or d.winner.observed is None:
        return False
    return as_of - d.winner.observed > stale_ms


def below(w, limit):
    return bool(w) and w.confidence is not None and w.confidence < limit


# --- expectation

KINDS = ("is", "was", "candidate", "older_candidate", "units", "close")


def hits(trace, expected, attribute):
    d, want = trace[-1], canonical(attribute["kind"], expected)
    source = d.winner and d.winner.source
    is_it, near = same(want, d.canon), close(want, d.canon, attribute["limits"]["close_within"])

    def equals(canon):
        return same(canon, want)

    def scaled(canon):
        return off_by_units(want, canon)

    found = {
        "is": [(since(trace, True)[0], None, source)] if is_it else [],
        "was": [] if is_it else runs(trace, equals),
        "candidate": lost(d, equals),
        "older_candidate": not_chosen(trace[:-1], equals),
        "units": [] if is_it else served_or_said(trace, scaled),
        "close": [(d.at, None, source)] if near and not is_it else [],
    }
    return [
        {"kind": kind, "at": at, "until": until, "source": source}
        for kind in KINDS
        for at, until, source in newest_of_each_source(found[kind])[:5]
    ]


def lost(d, fits):
    """With no single winner, what was said and is not the value counts as lost."""
    def lost_out(c):
        return status(c, d) == "lost" or (status(c, d) == "undecided" and not same(c.canon, d.canon))

    return [said(c, d) for c in d.candidates if lost_out(c) and fits(c.canon)]


def not_chosen(older, fits):
    """What was said and not served: a candidate that agreed with its winner was."""
    left_out = ("lost", "undecided")
    return [said(c, o) for o in older for c in o.candidates if status(c, o) in left_out and fits(c.canon)]


def said(c, d):
    return (d.at if c.observed is None else c.observed, None, c.source)


def newest_of_each_source(found):
    newest = {}
    for hit in sorted(found, key=lambda hit: hit[0]):
        newest[hit[2]] = hit
    return sorted(newest.values(), key=lambda hit: (-hit[0], hit[2] or ""))


def served_or_said(trace, fits):
    """Whatever was the value at any decision, and whatever any other candidate said."""
    served = [(d.at, None, d.winner and d.winner.source) for d in trace if fits(d.canon)]
    return served + [said(c, d) for d in trace for c in d.candidates if not c.selected and fits(c.canon)]


def runs(trace, fits):
    """When a fitting value was served, until when, and by whose record."""
    found, start = [], None
    for d in trace:
        if fits(d.canon):
            start = start or d
        elif start:
            found.append((start.at, d.at, start.winner and start.winner.source))
            start = None
    return found


def off_by_units(want, now):
    if want is None or now is None or (want[0], now[0]) != ("number", "number"):
        return False
    pairs = [(want[1] * k, now[1]) for k in (1e2, 1e3, 1e6, 1e9)] + [(want[1], now[1] * k) for k in (1e2, 1e3, 1e6, 1e9)]
    return want[1] != 0 and any(values.close_numbers(a, b, 1e-9) for a, b in pairs)


def close(want, now, share):
    if want is None or now is None or want[0] != now[0]:
        return False
    if want[0] == "number":
        return abs(want[1] - now[1]) <= share * abs(now[1])
    if want[0] == "day":
        return False
    return (len(want[1]) >= 3 and want[1] in now[1]) or one_edit(want[1], now[1])


def one_edit(a, b):
    if abs(len(a) - len(b)) > 1:
        return False
    i = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return a[i + 1 :] == b[i + 1 :] or a[i:] == b[i + 1 :] or a[i + 1 :] == b[i:]


# --- the answer


def answer(decisions, question, catalog, attribute):
    """`decisions` as read, up to as-of and in order. `question`: as_of, expected, complete, future."""
    if not decisions:
        empty = dict.fromkeys(SCALARS)
        return empty | {
            "since_at_least": False, "override": False, "winner": None, "candidates": [], "changes": [],
            "confirmations": 0, "warnings": None, "hits": None,
        }  # fmt: skip
    d = decisions[-1]
    changes, confirmations = history(decisions, catalog, attribute)
    begun, at_least = since(decisions, question["complete"])
    expected = question["expected"]
    return {
        "value": d.value, "since": begun, "since_at_least": at_least, "decided_at": d.at, "decision_id": d.id,
        "rule.name": d.rule, "rule.version": d.version, "run_id": d.run, "actor": d.actor,
        "override": d.override, "reason": d.reason, "winner": d.winner and candidate(d.winner, d),
        "candidates": [candidate(c, d) for c in d.candidates], "changes": changes, "confirmations": confirmations,
        "warnings": warnings(decisions, changes, question, catalog, attribute),
        "hits": None if expected is None else hits(decisions, expected, attribute),
    }  # fmt: skip


SCALARS = (
    "value", "since", "since_at_least", "decided_at", "decision_id", "rule.name", "rule.version", "run_id",
    "actor", "override", "reason", "confirmations",
)  # fmt: skip
