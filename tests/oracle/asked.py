"""Reads data/acme/questions.txt: what is asked, and what the answer must show.

Knows neither answers nor rules. Start at `read`.
"""

import collections

Asked = collections.namedtuple("Asked", "words entity attribute as_of since expected shows")


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.split(" | ") for line in file.read().splitlines() if line and not line.startswith("//")]
    return [asked(*(None if field.strip() == "-" else field.strip() for field in row)) for row in rows]


def asked(words, entity, attribute, as_of, since, expected, shows):
    return Asked(words, int(entity), attribute, as_of, since, expected, set((shows or "").split()))


def end_of(day):
    """The last moment of a day, as an answer writes it."""
    return f"{day}T23:59:59.999Z"
