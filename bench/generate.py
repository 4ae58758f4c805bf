"""Made-up decisions and companies for benches: deterministic, streamed, one JSON object a line.

usage: generate.py DECISIONS.jsonl ENTITIES.jsonl --decisions N --entities N [--attributes N] [--months N]
"""

import argparse
import datetime
import json
import random

arguments = argparse.ArgumentParser()
arguments.add_argument("decisions_file")
arguments.add_argument("entities_file")
arguments.add_argument("--decisions", type=int, required=True)
arguments.add_argument("--entities", type=int, required=True)
arguments.add_argument("--attributes", type=int, default=10)
arguments.add_argument("--months", type=int, default=100)
asked = arguments.parse_args()

chance = random.Random(20261125)
first = datetime.datetime(2018, 1, 1, tzinfo=datetime.timezone.utc)
span_s = asked.months * 2_629_800

with open(asked.entities_file, "w", encoding="utf-8") as entities:
    for entity in range(1, asked.entities + 1):
        company = {"entity_id": entity, "name": f"Company {entity}", "domain": f"c{entity}.example"}
        entities.write(json.dumps(company) + "\n")

with open(asked.decisions_file, "w", encoding="utf-8") as decisions:
    for number in range(asked.decisions):
        decided = first + datetime.timedelta(seconds=chance.randrange(span_s))
        at = decided.strftime("%Y-%m-%dT%H:%M:%SZ")
        value = str(chance.randrange(1_000, 100_000))
        candidates = [
            {
                "source": source,
                "record_id": f"{source}-{number}",
                "value": value if source == "crm" else str(chance.randrange(1_000, 100_000)),
                "observed_at": at,
                "confidence": confidence,
                "selected": source == "crm",
                "reason": "first source with a value" if source == "crm" else "ranks lower",
                "url": None,
            }
            for source, confidence in (("crm", 0.9), ("filings", 0.8), ("vendor", 0.6))
        ]
        decision = {
            "decision_id": f"d{number:09}",
            "entity_id": chance.randrange(1, asked.entities + 1),
            "attribute_name": f"attribute_{chance.randrange(asked.attributes)}",
            "decided_at": at,
            "value": value,
            "previous_value": None,
            "rule": "source_priority",
            "rule_version": "v1",
            "reason": "first source with a value",
            "run_id": f"run-{number // 1000}",
            "actor": "pipeline",
            "override": False,
            "evidence": candidates,
        }
        decisions.write(json.dumps(decision, separators=(",", ":")) + "\n")
