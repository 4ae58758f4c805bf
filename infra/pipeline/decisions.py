"""A decision as it comes, judged: a row of the contract, or why not.

Takes what `why import` takes, line by line, or rows of a table as dictionaries. Pure Python: knows
no Spark. Start at `judge`.
"""

import datetime
import json
import math
import re

from settings import Refused

FIELDS = (
    "decision_id", "entity_id", "attribute_name", "decided_at", "value", "previous_value", "rule",
    "rule_version", "reason", "run_id", "actor", "override", "evidence")
TEXTS = ("value", "previous_value", "rule", "rule_version", "reason", "run_id", "actor")
CLAIM_TEXTS = ("record_id", "value", "reason", "url")
MOST_YEARS_AHEAD = 10
EARLIEST = datetime.date(1900, 1, 1)
UTC = datetime.timezone.utc
INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII)


class Number(str):
    """A number of JSON, as its exact text."""


class Unusable(Exception):
    """Why a row can't be used."""


def judge(raw, settings, now):
    """`(row, None)` or `(None, reason)`. `raw` is a line of JSON or a dictionary.

    Times are naive and UTC, as Spark wants them in a session whose time zone is UTC.
    """
    try:
        said = parsed(raw) if isinstance(raw, (str, bytes)) else raw
        row = decision(said)
        check(row, settings, now)
    except Unusable as why:
        return None, str(why)
    row["entity_id_mod"] = settings.bucket(row["entity_id"])
    row["created_date"] = settings.date(row["decided_at"])
    return row, None


def parsed(line):
    if isinstance(line, bytes):
        try:
            line = line.decode()
        except UnicodeDecodeError as error:
            raise Unusable(f"byte {error.start + 1} is not UTF-8: save the file as UTF-8")
    if not line.lstrip().startswith("{"):
        raise Unusable("it is not a JSON object: write one {…} a line")
    try:
        return json.loads(
            line, parse_int=Number, parse_float=Number, parse_constant=not_json,
            object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"it is not valid JSON: {error}")


def not_json(word):
    raise ValueError(f"{word} is no JSON")


def once(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unusable(f"{twice} is there twice")
    return fields


def decision(said):
    row = {"decision_id": filled(said, "decision_id")}
    if "\0" in row["decision_id"]:
        raise Unusable("decision_id holds a null character")
    row["attribute_name"] = filled(said, "attribute_name")
    if "value" not in said:
        raise Unusable("there is no value: write null where there is none")
    row["entity_id"] = integer("entity_id", required(said, "entity_id"))
    row["decided_at"] = instant("decided_at", required(said, "decided_at"))
    for name in TEXTS:
        row[name] = text(name, said.get(name))
    row["override"] = flag("override", said.get("override"))
    row["evidence"] = [
        claim(at, item) for at, item in enumerate(listed("evidence", said.get("evidence")))]
    return row


def claim(at, said):
    try:
        if not isinstance(said, dict):
            raise Unusable("it is not an object")
        row = {"source": filled(said, "source")}
        for name in CLAIM_TEXTS:
            row[name] = text(name, said.get(name))
        observed = said.get("observed_at")
        row["observed_at"] = None if observed is None else instant("observed_at", observed)
        confidence = said.get("confidence")
        row["confidence"] = None if confidence is None else number("confidence", confidence)
        row["selected"] = flag("selected", said.get("selected"))
        return row
    except Unusable as why:
        raise Unusable(f"evidence[{at}]: {why}")


def check(row, settings, now):
    """Whether the row can lie in this lake and be found there."""
    if row["attribute_name"] not in settings.attributes:
        raise Unusable(
            f"the catalog has no attribute \"{row['attribute_name']}\": add it there first")
    day = row["decided_at"].date()
    if day < EARLIEST:
        raise Unusable(f"decided_at {day} is before {EARLIEST}")
    if day.year > now.year + MOST_YEARS_AHEAD:
        raise Unusable(f"decided_at {day} is more than {MOST_YEARS_AHEAD} years ahead")
    if day < settings.first_date:
        raise Unusable(
            f"decided_at {day} is before first_date {settings.first_date} of the catalog: "
            "no question would find it")


def required(said, name):
    if said.get(name) is None:
        raise Unusable(f"{name} is null" if name in said else f"there is no {name}")
    return said[name]


def text(name, value):
    """A string; a number counts as its exact text."""
    if value is None:
        return value
    if type(value) is str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unusable(f"{name} holds an escape that is no character")
        return value
    if isinstance(value, Number):
        return str(value)
    # From a table: a whole number has one text, a float has many.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unusable(f"{shown(name, value)}: write a string or null")


def filled(said, name):
    value = text(name, required(said, name))
    if not value.strip():
        raise Unusable(f"{name} is empty")
    return value


def integer(name, value):
    if type(value) is str:
        raise Unusable(f"{shown(name, value)}: write the number without quotes")
    digits = isinstance(value, Number) and re.fullmatch("-?[0-9]+", value)
    if not digits and (not isinstance(value, int) or isinstance(value, bool)):
        raise Unusable(f"{shown(name, value)}, not a whole number")
    if len(str(value)) > 20 or not -2**63 <= int(value) < 2**63:
        raise Unusable(f"{shown(name, value)}, more than 64 bits hold")
    return int(value)


def number(name, value):
    if type(value) is str:
        raise Unusable(f"{shown(name, value)}: write the number without quotes")
    if isinstance(value, bool) or not isinstance(value, (Number, int, float)):
        raise Unusable(f"{shown(name, value)}, not a number")
    if not math.isfinite(float(value)):
        raise Unusable(f"{shown(name, value)}, not a number")
    return float(value)


def flag(name, value):
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Unusable(f"{shown(name, value)}: write true or false")
    return value


def listed(name, value):
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unusable(f"{shown(name, value)}, not a list")
    return value


def instant(name, value):
    """Without a zone it is UTC; what is finer than a microsecond is dropped."""
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    wanted = "write a time such as 2023-03-07T04:45:08Z"
    if type(value) is not str:
        raise Unusable(f"{shown(name, value)}: {wanted}")
    said = INSTANT.fullmatch(value)
    try:
        if not said:
            raise ValueError
        day, clock, fraction, zone = said.groups()
        at = datetime.datetime.fromisoformat(f"{day}T{clock}")
        at += datetime.timedelta(microseconds=int((fraction or "0").ljust(6, "0")[:6]))
        return at - offset(zone)
    except (ValueError, OverflowError):
        raise Unusable(f"{shown(name, value)}, not an instant: {wanted}")


def offset(zone):
    if zone in (None, "Z", "z"):
        return datetime.timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError
    ahead = datetime.timedelta(hours=hours, minutes=minutes)
    return -ahead if zone[0] == "-" else ahead


def shown(name, value):
    if isinstance(value, list):
        return f"{name} is a list"
    if isinstance(value, dict):
        return f"{name} is an object"
    said = value if isinstance(value, Number) else json.dumps(value, ensure_ascii=False, default=str)
    return f"{name} is {said[:40]}{'…' if len(said) > 40 else ''}"


def check_share(refused, seen, most, what="decision"):
    """Stops a run of which more than the allowed share can't be used, before it writes."""
    if seen and refused / seen > most:
        raise Refused(
            f"{refused} of {seen} rows can't be used, more than the {most:.2%} allowed: they are "
            "in the rejects table with their reasons. Mend them, or allow more with "
            f"--max-rejects. No {what} was written.")
