#!/usr/bin/env python3
"""Makes decisions.jsonl and entities.jsonl: invented companies whose values have every kind of past.

The same output each time, whatever the day. Python's standard library only. Between them the stories
show every cause, mark and warning that an answer can name; questions.txt lists which question shows
which, and tests/oracle holds the list to it.

A candidate is written `source:record | value | observed | confidence`, `*` before the winner,
`-` for no value.
"""

import hashlib
import json
import pathlib

HERE = pathlib.Path(__file__).parent

# id, name, domain, aliases (ticker, old names), parent, rank
COMPANIES = [
    (17, "Acme Corporation", "acme.com", ["ACME", "Acme Corp", "Acme Widgets Inc."], None, 100),
    (18, "Acme Logistics GmbH", "acme-logistics.example", ["Acme Spedition"], 17, 40),
    (19, "Acme Robotics, Inc.", "acme-robotics.example", [], 17, 45),
    (23, "Acme Tools Ltd", "acmetools.example", [], 40, 20),
    (24, "Acme Tools GmbH", "acme-werkzeuge.example", ["Acme Werkzeuge"], 44, 20),
    (40, "Wilkins Holdings plc", "wilkins.example", ["WLK"], None, 60),
    (44, "Nordwerk AG", "nordwerk.example", ["NWK"], None, 55),
    (52, "Brightwater Energy plc", "brightwater.example", ["BRW", "Dunmore Gas plc"], None, 70),
    (61, "Revenue Partners Ltd", "revenuepartners.example", [], None, 10),
    (62, "Headquarters Coffee GmbH", "hqcoffee.example", ["HQ Coffee"], None, 10),
    (71, "Ångström Öl AB", "angstrom-ol.example", [], None, 15),
    (72, "株式会社みらい電機", "mirai-denki.example", ["Mirai Denki"], None, 30),
    (73, "Ελληνικά Πλοία Α.Ε.", "ellinika-ploia.example", ["Hellenic Ships"], None, 15),
    (74, "ООО «Северный Ветер»", "severny-veter.example", ["Severny Veter"], None, 15),
    (81, "Kestrel Data Inc.", "kestrel.example", ["KSTL"], None, 35),
    (82, "Lindqvist Foods AB", "lindqvist.example", ["LQF"], None, 25),
    (83, "Old Mill Paper Co.", "oldmill.example", [], None, 12),
]

# Rule and version: what the pipeline notes about the winner and about each loser.
SAYS = {
    "source_priority": ("first source in the order with a value", "further down the order"),
    "most_recent": ("newest observation", "observed earlier"),
    "highest_confidence": ("highest confidence", "less confident"),
    "majority": ("what most sources say", "outvoted"),
    "steward_override": ("chosen by a person", "set aside by a person"),
}
V3, V4 = "source_priority 3", "source_priority 4"
RECENT, SUREST, MAJORITY = "most_recent 1", "highest_confidence 1", "majority 1"

decisions = []


class Story:
    """The decisions of one company and attribute, in order; previous_value follows by itself."""

    def __init__(self, entity, attribute, rule):
        self.entity, self.attribute, self.rule, self.before = entity, attribute, rule, None

    def decide(self, at, value, *candidates, **more):
        """`more`: rule, reason, and any column that shall read otherwise than it would."""
        at = at if "T" in at else f"{at}T05:30:00Z"
        rule, version = more.pop("rule", self.rule).split(" ")
        row = {
            "decision_id": hashlib.sha256(f"{self.entity} {self.attribute} {at} {value}".encode()).hexdigest()[:16],
            "entity_id": self.entity,
            "attribute_name": self.attribute,
            "decided_at": at,
            "value": value,
            "previous_value": self.before,
            "rule": rule,
            "rule_version": version,
            "reason": "nightly run",
            "run_id": f"nightly-{at[:10]}",
            "actor": "golden-record pipeline",
            "override": False,
            "evidence": [candidate(text, rule) for text in candidates],
        }
        row.update(more)
        decisions.append(row)
        self.before = value
        return self

    def override(self, at, value, who, reason, *candidates):
        """A person decides: no candidate is selected."""
        more = {"actor": who, "override": True, "reason": reason, "run_id": f"console-{at[:10]}"}
        return self.decide(at, value, *candidates, rule="steward_override 1", **more)


def candidate(text, rule):
    who, value, observed, confidence = (part.strip() for part in text.split(" | "))
    source, record = who.lstrip("*").split(":")
    chosen, lost = SAYS[rule]
    reason = chosen if who.startswith("*") else "no value" if value == "-" else lost
    return {
        "source": source,
        "record_id": record,
        "value": None if value == "-" else value,
        "observed_at": f"{observed}T09:00:00Z",
        "confidence": float(confidence),
        "selected": who.startswith("*"),
        "reason": reason,
        "url": f"https://filings.example/{record}" if source == "filings" else None,
    }


def acme_corporation():
    revenue = Story(17, "revenue", V3)
    revenue.decide("2023-02-14", "9.8M", "*crm:C-0017 | 9.8M | 2023-02-01 | 0.8")
    revenue.decide(
        "2024-03-05", "10.4M",
        "*crm:C-0017 | 10.4M | 2024-03-01 | 0.8",
        "filings:0000017 | 10M | 2024-02-28 | 0.92",
        reason="the account team's year-end review",
    )
    revenue.override(
        "2024-07-01T14:12:00Z", "11M", "Maria Keller", "board figure, until the audit is signed",
        "crm:C-0017 | 10.4M | 2024-03-01 | 0.8",
        "filings:0000017 | 10M | 2024-02-28 | 0.92",
    )
    audited = ("crm:C-0017 | 11.6M | 2025-02-20 | 0.8", "filings:0000017 | 11.2M | 2025-02-27 | 0.92")
    revenue.decide(
        "2025-03-03", "11.6M", f"*{audited[0]}", audited[1],
        reason="audit signed: Maria Keller lifted her decision",
    )
    revenue.decide(
        "2025-05-12", "11.2M", audited[0], f"*{audited[1]}", rule=V4,
        reason="source_priority 4: audited filings before the CRM",
    )
    newer = ("crm:C-0017 | 11.9M | 2026-02-10 | 0.8", "vendor:ACME-US | 13.1M | 2026-01-15 | 0.97")
    revenue.decide(
        "2026-03-02", "12,400,000", "*filings:0000017 | 12,400,000 | 2026-02-26 | 0.92", *newer, rule=V4,
        reason="annual report for 2025",
    )
    revenue.decide(
        "2026-03-09", "12400", "*filings:0000017 | 12400 | 2026-02-26 | 0.92", *newer, rule=V4,
        reason="filing parser 2.1: table read in thousands",
    )
    revenue.decide(
        "2026-03-10T08:15:00Z", "12,400,000", "*filings:0000017 | 12,400,000 | 2026-02-26 | 0.92", *newer, rule=V4,
        reason="filing parser 2.1 rolled back",
    )
    for at in ("2026-06-08", "2026-09-07", "2026-11-02"):
        revenue.decide(
            at, "12.4M",
            "*filings:0000017 | 12.4M | 2026-02-26 | 0.92",
            "crm:C-0017 | 11.9M | 2026-05-30 | 0.8",
            "vendor:ACME-US | 13.1M | 2026-05-15 | 0.97",
            "website:acme.com/investors | $12.4M | 2026-05-04 | 0.6",
            "registry:HRB-17 | - | 2026-01-31 | 0.9",
            rule=V4, reason="quarterly refresh",
        )  # fmt: skip

    employees = Story(17, "employees", RECENT)
    employees.decide("2023-02-14", "820", "*crm:C-0017 | 820 | 2023-02-01 | 0.8")
    employees.decide(
        "2024-09-02", "1,020", "crm:C-0017 | 820 | 2023-02-01 | 0.8", "*website:acme.com/about | 1,020 | 2024-08-30 | 0.6"
    )
    employees.decide(
        "2025-06-02", "1,020",
        "*registry:HRB-17 | 1,020 | 2025-05-20 | 0.9",
        "website:acme.com/about | 1,020 | 2024-08-30 | 0.6",
        "crm:C-0017 | 820 | 2023-02-01 | 0.8",
    )
    employees.decide(
        "2026-10-05", "1,150", "*crm:C-0017 | 1,150 | 2026-09-28 | 0.8", "registry:HRB-17 | 1,020 | 2025-05-20 | 0.9"
    )

    industry = Story(17, "industry", V3)
    industry.decide("2023-02-14", "Machinery", "*vendor:ACME-US | Machinery | 2023-01-20 | 0.7", "crm:C-0017 | - | 2023-02-01 | 0.8")
    industry.decide(
        "2024-05-06", "Industrial goods", "*crm:C-0017 | Industrial goods | 2024-05-02 | 0.8",
        reason="the vendor dropped the company from its feed",
    )
    industry.decide(
        "2025-05-12", "Industrial machinery",
        "*registry:HRB-17 | Industrial machinery | 2025-05-10 | 0.9",
        "crm:C-0017 | Industrial goods | 2024-05-02 | 0.8",
        rule=V4, reason="source_priority 4, and the register's first answer",
    )

    headquarters = Story(17, "headquarters", V3)
    headquarters.decide("2023-02-14", "Springfield, Illinois", "*crm:C-0017 | Springfield, Illinois | 2023-02-01 | 0.8")
    headquarters.decide(
        "2023-02-27", "Springfield, Oregon", "*crm:C-0017 | Springfield, Oregon | 2023-02-01 | 0.8",
        reason="the other Springfield",
    )
    website = Story(17, "website", V3)
    website.decide("2023-02-14", "https://www.acme.com/", "*crm:C-0017 | https://www.acme.com/ | 2023-02-01 | 0.8")
    website.decide("2025-05-12", "acme.com", "*website:acme.com | acme.com | 2025-05-11 | 1.0", rule=V4)
    founded = Story(17, "founded", V3)
    founded.decide("2023-02-14", "1947", "*registry:HRB-17 | 1947 | 2023-02-01 | 0.9")
    founded.decide(
        "2024-10-07", "1947 (as Acme Iron Works)", "*registry:HRB-17 | 1947 (as Acme Iron Works) | 2024-10-01 | 0.9"
    )
    Story(17, "incorporated", V3).decide("2023-02-14", "1951-06-12", "*registry:HRB-17 | 1951-06-12 | 2023-02-01 | 0.9")
    growth = Story(17, "revenue_growth", V4)
    growth.decide("2025-05-12", "7.7 %", "*filings:0000017 | 7.7 % | 2025-02-27 | 0.92")
    growth.decide("2026-03-02", "10.7 %", "*filings:0000017 | 10.7 % | 2026-02-26 | 0.92", "crm:C-0017 | 6 % | 2026-02-10 | 0.8")
    limit = Story(17, "credit_limit", V3)
    limit.decide("2023-02-14", "2.5M", "*crm:C-0017 | 2.5M | 2023-02-01 | 0.8")
    limit.override("2026-08-20T10:05:00Z", "3M", "Jonas Brandt", "raised for the Leeds project", "crm:C-0017 | 2.5M | 2023-02-01 | 0.8")


def subsidiaries():
    # Two sources that disagree, and a rule that takes whichever spoke last.
    logistics = Story(18, "employees", RECENT)
    crm, vendor = "crm:C-0018 | 480", "vendor:ACME-LOG | 512"
    days = ("2026-10-20", "2026-10-26", "2026-11-02", "2026-11-06", "2026-11-11", "2026-11-16", "2026-11-19")
    for turn, (before, day) in enumerate(zip(days, days[1:])):
        newest, other = (vendor, crm) if turn % 2 else (crm, vendor)
        value = newest.split(" | ")[1]
        logistics.decide(f"{day}T21:00:00Z", value, f"*{newest} | {day} | 0.8", f"{other} | {before} | 0.75")

    late = Story(18, "revenue", SUREST)
    late.decide("2026-09-01", "48M", "*website:acme-logistics.example | 48M | 2026-08-28 | 0.6")
    late.decide(
        "2026-10-12", "44.5M",
        "*filings:0000018 | 44.5M | 2025-04-11 | 0.92",
        "website:acme-logistics.example | 48M | 2026-08-28 | 0.6",
        reason="annual accounts scanned at last",
    )
    Story(18, "headquarters", V3).decide("2023-05-08", "Hamburg", "*crm:C-0018 | Hamburg | 2023-05-02 | 0.8")

    tie = Story(19, "industry", SUREST)
    tie.decide(
        "2026-06-03", "Robotics",
        "*crm:C-0019 | Robotics | 2026-06-01 | 0.9",
        "registry:DE-4471 | Industrial automation | 2026-06-01 | 0.895",
    )
    revenue = Story(19, "revenue", V3)
    # Sources often speak in fractions of a millisecond; the trace is read at milliseconds.
    revenue.decide("2024-01-15T05:30:00.123500Z", None, "crm:C-0019 | - | 2024-01-10 | 0.8", reason="founded: nothing known yet")
    revenue.decide("2024-06-03", "3.2M", "*crm:C-0019 | 3.2M | 2024-05-30 | 0.8")
    revenue.decide("2025-02-10", None, "crm:C-0019 | - | 2025-02-07 | 0.8", reason="withdrawn at the company's request")
    revenue.decide("2026-04-06", "3.9M", "*filings:0000019 | 3.9M | 2026-03-25 | 0.92", "crm:C-0019 | - | 2025-02-07 | 0.8", rule=V4)
    employees = Story(19, "employees", RECENT)
    employees.decide("2024-01-15", "12", "*crm:C-0019 | 12 | 2024-01-10 | 0.8")
    employees.decide(
        "2025-03-03", "35", "*website:acme-robotics.example | 35 | 2025-01-20 | 0.85",
        "crm:C-0019 | 31 | 2025-02-24 | 0.8", rule=SUREST, reason="small companies: the surest source from now on",
    )  # fmt: skip


def namesakes():
    tools = Story(23, "revenue", V4)
    tools.decide("2025-11-03", "8.2M", "*filings:0000023 | 8.2M | 2025-10-27 | 0.92", "crm:C-0023 | 8M | 2025-09-15 | 0.8")
    tools.decide(
        "2026-10-19", "8,300", "*filings:0000023 | 8,300 | 2026-10-12 | 0.92", "crm:C-0023 | 8M | 2025-09-15 | 0.8",
        reason="accounts filed in thousands",
    )  # fmt: skip
    Story(23, "headquarters", V3).decide("2023-05-08", "Leeds", "*crm:C-0023 | Leeds | 2023-05-02 | 0.8")
    wrong = Story(24, "employees", V4)
    wrong.decide("2025-06-02", "210", "*filings:0000024 | 210 | 2025-05-20 | 0.92", "crm:C-0024 | 190 | 2025-03-01 | 0.8")
    wrong.decide(
        "2026-07-06", "240", "filings:0000024 | 225 | 2026-06-20 | 0.92", "*crm:C-0024 | 240 | 2026-07-01 | 0.8",
        reason="hot fix 4417",
    )  # fmt: skip
    Story(24, "headquarters", V3).decide("2023-05-08", "Solingen", "*crm:C-0024 | Solingen | 2023-05-02 | 0.8")


def others():
    jump = Story(52, "employees", RECENT)
    jump.decide("2025-04-07", "3,100", "*registry:PLC-52 | 3,100 | 2025-04-01 | 0.9")
    jump.decide("2026-11-12", "41,000", "*registry:PLC-52 | 41,000 | 2026-11-10 | 0.9", reason="figures of the merged group")
    revenue = Story(52, "revenue", V4)
    revenue.decide("2025-04-07", "2.1bn", "*filings:0000052 | 2.1bn | 2025-03-28 | 0.92")
    revenue.decide("2026-04-06", "2.3bn", "*filings:0000052 | 2.3bn | 2026-03-27 | 0.92", "vendor:BRW-GB | 2.25bn | 2026-02-01 | 0.7")

    partners = Story(61, "employees", V3)
    partners.decide("2024-02-05", "9", "*crm:C-0061 | 9 | 2024-02-01 | 0.8")
    partners.decide("2032-10-05", "14", "*crm:C-0061 | 14 | 2026-10-01 | 0.8", reason="typed into the wrong year")
    Story(61, "revenue", V3).decide("2024-02-05", "1.9M", "*crm:C-0061 | 1.9M | 2024-02-01 | 0.8")

    coffee = Story(62, "industry", V3)
    coffee.decide("2024-02-05", "Cafés", "*crm:C-0062 | Cafés | 2024-02-01 | 0.8")
    coffee.decide("2026-05-04", "5630", "*registry:FN-62 | 5630 | 2026-04-30 | 0.9", "crm:C-0062 | Cafés | 2024-02-01 | 0.8", rule=V4)
    Story(62, "headquarters", V3).decide("2024-02-05", "Wien", "*crm:C-0062 | Wien | 2024-02-01 | 0.8", "website:hqcoffee.example | Vienna | 2024-01-20 | 0.6")
    Story(62, "revenue", V3).decide("2024-02-05", "640k", "*crm:C-0062 | 640k | 2024-02-01 | 0.8")

    oil = Story(71, "headquarters", V3)
    oil.decide("2024-03-04", "Göteborg", "*crm:C-0071 | Göteborg | 2024-03-01 | 0.8")
    oil.decide("2025-03-03", "Go\u0308teborg", "*crm:C-0071 | Go\u0308teborg | 2025-03-01 | 0.8", reason="exported from another system")
    people = Story(71, "employees", V3)
    people.decide("2024-03-04", "57", "*crm:C-0071 | 57 | 2024-03-01 | 0.8")
    people.decide("2025-03-03", "75", "*crm:C-0071 | 75 | 2025-03-01 | 0.8", decision_id="oil-people-2025")
    people.before = "57"
    people.decide("2025-03-03", "61", "*crm:C-0071 | 61 | 2025-03-01 | 0.8", decision_id="oil-people-2025", reason="nightly run (restated)")

    mirai = Story(72, "website", SUREST)
    mirai.decide("2025-10-06", "mirai-denki.example", "*website:mirai | mirai-denki.example | 2025-10-01 | 1.0")
    mirai.decide(
        "2026-08-03", "mirai-denki.example/en",
        "*website:mirai | mirai-denki.example/en | 2026-08-01 | 1.0",
        "*crm:C-0072 | mirai.example | 2026-07-28 | 1.0",
    )
    Story(72, "industry", V3).decide("2025-10-06", "電気機器", "*crm:C-0072 | 電気機器 | 2025-10-01 | 0.8")
    Story(72, "revenue", V3).decide("2025-10-06", "88M", "*crm:C-0072 | 88M | 2025-10-01 | 0.8")

    ships = Story(73, "revenue", MAJORITY)
    ships.decide("2025-01-13", "31M", "*crm:C-0073 | 31M | 2025-01-07 | 0.8", "vendor:HEL-GR | 31M | 2024-12-01 | 0.7")
    ships.decide(
        "2026-01-12", "33M", "crm:C-0073 | 34M | 2026-01-07 | 0.8", "vendor:HEL-GR | 32M | 2025-12-01 | 0.7",
        reason="no majority: mean of two",
    )
    Story(73, "headquarters", V3).decide("2025-01-13", "Πειραιάς", "*crm:C-0073 | Πειραιάς | 2025-01-07 | 0.8")

    # Two decisions of one batch in the same instant: previous_value says which came first.
    wind = Story(74, "employees", V3)
    wind.decide("2025-05-05", "120", "*crm:C-0074 | 120 | 2025-05-01 | 0.8")
    wind.decide("2025-11-03T05:30:00.250Z", "135", "*crm:C-0074 | 135 | 2025-10-20 | 0.8", decision_id="wind-people-b")
    wind.decide("2025-11-03T05:30:00.250Z", "141", "*crm:C-0074 | 141 | 2025-10-31 | 0.8", decision_id="wind-people-a")
    Story(74, "headquarters", V3).decide("2025-05-05", "Архангельск", "*crm:C-0074 | Архангельск | 2025-05-01 | 0.8")

    kestrel = Story(81, "revenue", V3)
    kestrel.before = "4M"
    kestrel.decide("2024-04-08", "4.6M", "*crm:C-0081 | 4.6M | 2024-04-02 | 0.8", reason="moved from the old warehouse")
    kestrel.decide("2026-02-02", "5.3M", "*crm:C-0081 | 5.3M | 2026-01-29 | 0.8", "vendor:KSTL-US | 5.1M | 2026-01-10 | 0.7")
    people = Story(81, "employees", V3)
    people.decide("2024-04-08", "38", "*crm:C-0081 | 38 | 2024-04-02 | 0.8")
    people.decide("2026-04-13", "44", "*crm:C-9001 | 44 | 2026-04-10 | 0.8", reason="CRM accounts merged")

    foods = Story(82, "revenue", V4)
    foods.decide("2024-05-13", "19M", "*filings:0000082 | 19M | 2024-05-06 | 0.92", "vendor:LQF-SE | 17.5M | 2024-02-01 | 0.7")
    foods.decide("2026-02-09", "19M", "*filings:0000082 | 19M | 2024-05-06 | 0.92")
    growth = Story(82, "revenue_growth", V4)
    growth.decide("2025-02-10", "2.5 %", "*filings:0000082 | 2.5 % | 2025-02-03 | 0.92", "vendor:LQF-SE | 2 % | 2025-01-15 | 0.4")
    growth.decide("2026-02-09", "\u22123 %", "*vendor:LQF-SE | \u22123 % | 2026-02-01 | 0.35", reason="no annual report yet")

    paper = Story(83, "employees", V3)
    paper.decide("2024-05-13", "310", "*registry:NH-83 | 310 | 2024-05-01 | 0.9")
    paper.decide("2026-03-16", "about 300", "*crm:C-0083 | about 300 | 2026-03-12 | 0.8", "registry:NH-83 | 310 | 2024-05-01 | 0.9")
    town = Story(83, "headquarters", MAJORITY)
    town.decide(
        "2024-05-13", "Concord, New Hampshire",
        "*registry:NH-83 | Concord, New Hampshire | 2024-05-01 | 0.9",
        "crm:C-0083 | Concord, New Hampshire | 2024-03-11 | 0.8",
        "vendor:OMP-US | Manchester, New Hampshire | 2024-01-05 | 0.7",
    )


def legal_names():
    for entity, name, *_ in COMPANIES:
        story = Story(entity, "legal_name", V3)
        old = {17: "Acme Widgets Inc.", 52: "Dunmore Gas plc"}.get(entity)
        if old:
            story.decide("2023-02-14", old, f"*registry:R-{entity:04} | {old} | 2023-02-01 | 0.9")
        since = {17: "2023-09-18", 52: "2025-01-20"}.get(entity, "2023-05-08")
        reason = "change of name entered" if old else "nightly run"
        story.decide(since, name, f"*registry:R-{entity:04} | {name} | {since} | 0.9", reason=reason)


def write(name, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (HERE / name).write_text(text, encoding="utf-8")


def main():
    for tell in (acme_corporation, subsidiaries, namesakes, others, legal_names):
        tell()
    write("decisions.jsonl", sorted(decisions, key=lambda row: row["decided_at"]))
    keys = ("entity_id", "name", "domain", "aliases", "parent_id", "rank")
    write("entities.jsonl", [dict(zip(keys, company)) for company in COMPANIES])


if __name__ == "__main__":
    main()
