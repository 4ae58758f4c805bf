"""Answers of two engines, held against each other byte for byte but for the receipt.

Knows neither engines nor questions. Start at `without_receipt` and `Tally`.
"""

import collections
import json

SHOWN = 5
# Of a receipt both must say the same of these: they are about the answer, the rest about the reading.
ALIKE = ("from", "to", "complete")


class Malformed(ValueError):
    """A line that is no answer."""


def without_receipt(line):
    """The line's own bytes without the value of its `read`, and that value."""
    whole = json.loads(line)
    if "read" not in whole:
        return line, {}
    decoder, found = json.JSONDecoder(), 0
    while True:
        found = line.find('"read":', found)
        if found < 0:
            raise Malformed(line[:200])
        found += len('"read":')
        try:
            receipt, end = decoder.raw_decode(line, found)
        except ValueError:
            continue
        rest = line[:found] + "null" + line[end:]
        # Stored text may hold the same characters: the rest must be all that there was.
        if receipt == whole["read"] and is_all_but_read(rest, whole):
            return rest, receipt


def is_all_but_read(rest, whole):
    try:
        return json.loads(rest) == {**whole, "read": None}
    except ValueError:
        return False


def is_late(answer):
    """Whether the lake did not answer in time, wholly or for some attribute."""
    if "error" in answer:
        return answer["error"]["class"] == "retry"
    unread = (row for row in answer.get("attributes", ()) if row.get("state") == "unread")
    return any(True for _ in unread) or bool(answer.get("left_out"))


class Tally:
    """What was compared of a fixture, and what differed."""

    def __init__(self):
        self.counts, self.kinds, self.differ, self.shown = collections.Counter(), collections.Counter(), 0, []

    def compare(self, kind, words, here, there):
        """One question: the line of the direct engine, and the line of the other."""
        (ours, read), (theirs, other) = without_receipt(here), without_receipt(there)
        answer = json.loads(ours)
        self.kinds[kind] += 1
        self.counts.update(questions=1, answers="error" not in answer, decisions=self.decisions(answer))
        self.counts.update(candidates=len(answer.get("candidates", ())), bytes=len(ours.encode()))
        queries = len((other.get("athena") or {}).get("query_ids", ()))
        # An answer that came without a query would agree whatever the engine does.
        is_unasked = not queries and (other.get("engine") != "athena" or other.get("partitions_planned", 0) > 0)
        self.counts.update(queries=queries, unasked=bool(other) and is_unasked)
        alike = [read.get(name) for name in ALIKE] == [other.get(name) for name in ALIKE]
        if ours != theirs or not alike:
            self.differ += 1
            if len(self.shown) < SHOWN:
                self.shown.append((words, *around(here if ours == theirs else ours, there if ours == theirs else theirs)))

    @staticmethod
    def decisions(answer):
        """Decisions that an answer shows: its changes, and what is served now of an overview."""
        changes = answer.get("changes", ())
        rows = [row for row in answer.get("attributes", ()) if isinstance(row, dict) and row.get("state") == "served"]
        return len(changes) + len(rows)


def around(ours, theirs):
    """Both from a little before the first place where they differ."""
    place = next((at for at, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    first = max(0, place - 80)
    return ours[first : place + 160], theirs[first : place + 160]
