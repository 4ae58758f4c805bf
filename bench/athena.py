"""What `why` adds to Athena's own time, over the fake Athena of tests/athena.

usage: athena.py WHY_BINARY LAKE
Questions one after another, each a new process; the fake takes between 0.3 and 3 s for a query, as
the real one does for small ones, and reports it. Of an answer's time Athena's own is taken off; what
is left is waiting for the next look (the query had ended already) and the rest: ours.
"""

import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import urllib.request

why, lake = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
root = pathlib.Path(__file__).resolve().parent.parent
QUESTIONS = 60


def control(port, what, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/control/{what}", data) as answer:
        return json.loads(answer.read())


def shown(name, values, unit="ms"):
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:<48} p50 {statistics.median(ordered):8.1f} {unit}  p99 {p99:8.1f} {unit}")


def questions():
    companies, attributes = [66740, 320193, 1551152, 78003, 1018724], ["sector", "headquarters", "name"]
    pick = random.Random(7)
    return [f"#{pick.choice(companies)} {pick.choice(attributes)}" for _ in range(QUESTIONS)]


def main():
    pick = random.Random(11)
    with tempfile.TemporaryDirectory() as work:
        port_file = pathlib.Path(work) / "port"
        command = [root / ".venv/bin/python", root / "tests/athena/fake.py", "--lake", lake, "--port-file", port_file]
        fake = subprocess.Popen([*command, "--until-input-ends"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(fake.stdout.readline())
        environment = {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_ATHENA": f"http://127.0.0.1:{port}",
        }
        rest, waits, calls, queries, theirs = [], [], [], [], []
        for question in questions():
            total = pick.uniform(300, 3_000)
            control(port, "reset", {})
            control(port, "times", {"queue_ms": 60, "planning_ms": 110, "engine_ms": total - 100, "service_ms": 40})
            run = subprocess.run(
                [why, "--catalog", lake, "ask", "--engine", "athena", "--json", question],
                capture_output=True, text=True, check=True, env=environment,
            )  # fmt: skip
            read = json.loads(run.stdout)["read"]
            said = control(port, "queries")
            asked = control(port, "calls")
            # The look that saw each query's end came so long after it.
            wait = 0.0
            for query in said:
                ends = (c["at"] for c in asked if c["operation"] == "GetQueryExecution" and c["body"]["QueryExecutionId"] == query["id"])
                wait += max(0.0, max(ends) - query["ended_at"]) * 1000
            waits.append(wait)
            rest.append(read["total_ms"] - read["athena"]["total_ms"] - wait)
            theirs.append(read["athena"]["total_ms"])
            calls.append(read["requests"])
            queries.append(len(read["athena"]["query_ids"]))
        fake.stdin.close()
        fake.wait()
    shown("Athena's own time, as it reports it", theirs)
    shown("ours: requests, SQL, decoding", rest)
    shown("waiting for the next look, the query being done", waits)
    quick = [count for count, took in zip(calls, theirs) if took < 1_900]
    print(f"queries a question: at most {max(queries)}; calls: median {statistics.median(calls):.0f}, most {max(calls)}"
          f" (of queries under 1.9 s: most {max(quick)})")  # fmt: skip


main()
