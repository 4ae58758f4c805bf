"""The latest table's rows: of each company and attribute the newest decision, and where the rest lie.

Pure Python, rows in and rows out; the newest is what the engines and `why import` take for it.
Start at `combined`.
"""

import datetime


def once(copies):
    """Of copies of one decision in a run, the one that came last: `(place, row)` each.

    A place says where a row stood in the input; rows without one differ by their text alone.
    """
    return max(copies, key=lambda copy: (copy[0], repr(sorted(copy[1].items()))))


def of(row):
    """A decision as a row of the latest table."""
    return {**row, "decision_dates": [row["created_date"]]}


def combined(before, after):
    """Two rows of one company and attribute as one. `after` came later: a decision that both
    hold counts as it says."""
    dates = sorted({*(before["decision_dates"] or []), *(after["decision_dates"] or [])})
    newest = after if is_newest(after, before) else before
    return {**newest, "decision_dates": dates}


def is_newest(this, other):
    if this["decision_id"] == other["decision_id"]:
        return True
    times = millis(this["decided_at"]), millis(other["decided_at"])
    if times[0] != times[1]:
        return times[0] > times[1]
    return chained(*sorted((this, other), key=lambda row: row["decision_id"]))[-1] is this


def chained(first, second):
    """Two decisions of one millisecond in the order in which the later one's previous value is
    the earlier one's value; a chain that begins with none is preferred."""
    orders = [(first, second), (second, first)]
    orders.sort(key=lambda order: order[0]["previous_value"] is not None)
    for order in orders:
        if order[0]["value"] == order[1]["previous_value"]:
            return order
    return first, second


def millis(at):
    """Nearest millisecond, half up: as precise as engines read."""
    micros = (at - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
    return micros // 1000 + (micros % 1000 >= 500)
