"""What is asked of the fixtures: pairs of the trace, and every way of asking about them.

Always the same for the same trace. The pairs and the values that people may expect come from the
independent oracle's reading of the trace. Start at `of_trace`.
"""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))
import oracle  # noqa: E402
import values  # noqa: E402

SEED = 7


def ways(trace, attribute, chance):
    """One question about a pair in each of these ways; a day is never before its first decision."""
    first, last = trace[0].at, trace[-1].at

    def day():
        return values.day_of(chance.randint(first, last) + values.DAY_MS)

    since, until = sorted((day(), day()))
    expected = ""
    while not expected:
        # In half of the tries there is none.
        expected = oracle.expected(trace, attribute, chance) or (" expected 12" if chance.random() < 0.2 else "")
    yield "now", ""
    yield "as of a day", f" as of {day()}"
    yield "expected", expected
    yield "as of, expected", f" as of {day()}{expected}"
    yield "look-back", f" since {since} as of {until}"
    yield "look-back", " in the last 2 years"
    yield "history", " full history"


def of_trace(traces, attributes, count, overviews):
    """(kind, words) for so many pairs one after another in each way, and so many companies in all."""
    chance = random.Random(SEED)
    keys = chance.sample(sorted(traces), min(count, len(traces)))
    asked = []
    for number in range(count):
        entity, name = keys[number % len(keys)]
        every = list(ways(traces[entity, name], attributes[name], chance))
        kind, words = every[(number + number // len(every)) % len(every)]
        asked.append((kind, f"#{entity} {name}{words}"))
    companies = sorted({entity for entity, _ in traces})
    for entity in chance.sample(companies, min(overviews, len(companies))):
        asked.append(("overview", f"#{entity}"))
        days = [values.day_of(d.at) for (of, _), trace in traces.items() if of == entity for d in trace]
        asked.append(("changes", f"#{entity} changes since {chance.choice(sorted(days))}"))
    return asked


def of_list(path, more=()):
    """The questions of data/acme/questions.txt, and more."""
    with open(path, encoding="utf-8") as file:
        lines = [line.split(" | ")[0].strip() for line in file if line.strip() and not line.startswith("//")]
    return [("list", words) for words in [*lines, *more]]
