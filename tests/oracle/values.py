"""Values, times and the catalog as EXPLAIN.md lays them down: the oracle's own reading of them.

Knows no decision and no answer. Written from the document alone, sharing nothing with the program.
Start at `canonical` and `same`.
"""

import functools
import math
import re
import tomllib
import unicodedata
from datetime import date, datetime, timezone

NUMBERS = ("number", "money", "percent")
TEXTS = ("text", "enum")

# Unicode's White_Space; Python's own idea of it has four control characters more.
WHITE = "\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
GAPS = re.compile(f"[{WHITE}]+")
POWERS = {"": 0, "k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12, "tn": 12}
CODES = "usd|eur|gbp|jpy|chf|cny|inr|cad|aud|sek|nok|dkk|pln|czk|huf|brl|mxn|zar|krw|sgd|hkd|nzd|try|ils"
MONEY = rf"(?:[\u00a2-\u00a5\u058f\u060b\u0e3f\u20a0-\u20c0$]|{CODES})"
NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212])?\s*(?:{MONEY}\s*)?(?P<inner>[-+\u2212])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?P<exponent>e[-+]?\d+)?"
    rf"\s*(?P<power>k|mn|m|bn|b|tn|t)?\s*(?:%|{MONEY})?",
    re.IGNORECASE | re.ASCII,
)


def tidy(text):
    """NFC, white space trimmed and collapsed."""
    return GAPS.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def folded(text):
    return unicodedata.normalize("NFC", tidy(text).casefold())


@functools.lru_cache(maxsize=200_000)
def number(text):
    """A float, or None for what is no number."""
    text = tidy(text)
    negative = text.startswith("(") and text.endswith(")")
    found = NUMBER.fullmatch(text[1:-1].strip() if negative else text)
    if not found or (found["sign"] and found["inner"]):
        return None
    digits = found["digits"].replace(",", "") + (found["exponent"] or "")
    size = float(digits) * 10 ** POWERS[(found["power"] or "").lower()]
    if not math.isfinite(size):
        return None
    minus = (found["sign"] or found["inner"] or "+") in "-\u2212"
    return -size if minus != negative else size


def iso_day(text):
    try:
        return date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def year(text):
    found = re.match(r"(\d{4})(?!\d)", text, re.ASCII)
    return found and found[1]


def url(text):
    text = re.sub(r"^[a-z][a-z0-9+.-]*://", "", tidy(text), flags=re.IGNORECASE)
    host, slash, path = text.partition("/")
    host = host.lower().removeprefix("www.")
    return (host + slash + path).rstrip("/")


@functools.lru_cache(maxsize=400_000)
def canonical(kind, text):
    """None for no value; else what is compared, with the type it has."""
    if text is None:
        return None
    if kind in TEXTS:
        return ("text", folded(text))
    if kind == "url":
        return ("text", url(text))
    read = {"date": iso_day, "year": year}.get(kind, number)(tidy(text) if kind in ("date", "year") else text)
    if read is None:
        return ("text", folded(text))
    return ("number" if kind in NUMBERS else "day", read)


def close_numbers(a, b, share):
    return abs(a - b) <= share * max(abs(a), abs(b))


def same(a, b):
    """Whether two canonical values are equal."""
    if a is None or b is None or a[0] != b[0]:
        return a is None and b is None
    return close_numbers(a[1], b[1], 1e-9) if a[0] == "number" else a[1] == b[1]


def parsed(kind, text):
    """Whether this kind could read the text; kinds that read everything say yes."""
    if text is None or kind in TEXTS or kind == "url":
        return True
    return canonical(kind, text)[0] != "text"


def larger_ratio(a, b):
    """Of two numbers, neither zero: how often the smaller goes into the larger; below zero where signs differ."""
    return max(a / b, b / a) if (a > 0) == (b > 0) else -max(abs(a / b), abs(b / a))


# --- times, in milliseconds since 1970

INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|z|[-+]\d\d:\d\d)?")
DAY_MS = 86_400_000


@functools.lru_cache(maxsize=200_000)
def millis(text):
    """Rounded to the nearest millisecond, half up."""
    if text is None:
        return None
    found = INSTANT.fullmatch(text)
    zone = (found[4] or "Z").upper().replace("Z", "+00:00")
    whole = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
    tenths = int((found[3] or "0").ljust(4, "0")[:4])
    return int(whole.timestamp()) * 1000 + (tenths + 5) // 10


def day_of(ms):
    return datetime.fromtimestamp(ms // 1000, timezone.utc).date().isoformat()


# --- the catalog

UNITS = {"y": 365 * 86_400, "w": 7 * 86_400, "d": 86_400, "h": 3_600, "min": 60, "s": 1}
THRESHOLDS = {
    "late_after": "30d", "flapping_changes": 3, "flapping_within": "30d", "tie_confidence": 0.01,
    "tie_within": "1d", "jump_factor": 10.0, "jump_within": "30d", "low_confidence": 0.5, "close_within": 0.05,
}  # fmt: skip


def span(text):
    """`90d` in milliseconds."""
    found = re.fullmatch(r"(\d+)\s*(y|w|d|h|min|s)", text)
    return int(found[1]) * UNITS[found[2]] * 1000


class Catalog:
    def __init__(self, text):
        self.file = tomllib.loads(text)
        self.step = self.file["layout"].get("step", "month")

    def attribute(self, name):
        found = dict(self.file["attributes"][name])
        limits = THRESHOLDS | self.file.get("thresholds", {}) | found.get("thresholds", {})
        found["limits"] = {k: span(v) if isinstance(v, str) else v for k, v in limits.items()}
        found["stale_ms"] = span(found["stale_after"]) if "stale_after" in found else None
        found.setdefault("kind", "text")
        return found

    def declarations(self, rule):
        found = self.file.get("rules", {}).get(rule, [])
        return found if isinstance(found, list) else [found]

    def declares_versions(self, rule):
        return any(d.get("versions") for d in self.declarations(rule))

    def rule(self, name, version):
        for declared in self.declarations(name):
            if not declared.get("versions") or version in declared["versions"]:
                return declared
        return None
