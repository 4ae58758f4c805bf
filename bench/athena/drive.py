"""What `why` adds to Athena's own time, over the fake Athena of tests/athena.

usage: drive.py LAKE ANSWERER...
For each of the durations below a new process (main.rs beside this, run by the words ANSWERER) is asked
one question after another. The fake takes about so long for a query, spread as Athena's small queries
are, and reports it. Of an answer's time Athena's own is taken off; what is left is ours: waiting for
the next look (the query had ended already) and what is computed. The first questions of a process are
left out: from them it learns how long its queries take.
"""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import urllib.request

lake, answerer = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
root = pathlib.Path(__file__).resolve().parents[2]
QUESTIONS, FIRST = 40, 8
# Seconds at the median, and the spread (of the logarithm) around it; the last is anything between.
USUAL = [(0.7, 0.2), (1.2, 0.1), (1.2, 0.2), (2.0, 0.1), (2.0, 0.2), (3.5, 0.2), (5.0, 0.2), None]


def control(port, what, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/control/{what}", data) as answer:
        return json.loads(answer.read())


def questions():
    companies, attributes = [66740, 320193, 1551152, 78003, 1018724], ["sector", "headquarters", "name"]
    pick = random.Random(7)
    return [f"#{pick.choice(companies)} {pick.choice(attributes)}" for _ in range(FIRST + QUESTIONS)]


def ask(port, process, usual, pick):
    """One question: what Athena took, what was waited, what was computed (ms), calls and queries."""
    seconds = pick.uniform(0.7, 5.0) if usual is None else usual[0] * pick.lognormvariate(0, usual[1])
    total = seconds * 1_000
    control(port, "reset", {})
    control(port, "times", {"queue_ms": 60, "planning_ms": 110, "engine_ms": total - 100, "service_ms": 40})
    process.stdin.write(pick.question + "\n")
    process.stdin.flush()
    read = json.loads(process.stdout.readline())
    said, asked = control(port, "queries"), control(port, "calls")
    # The look that saw each query's end came so long after it.
    wait = 0.0
    for query in said:
        ends = (c["at"] for c in asked if c["operation"] == "GetQueryExecution" and c["body"]["QueryExecutionId"] == query["id"])
        wait += max(0.0, max(ends) - query["ended_at"]) * 1_000
    theirs = read["athena"]["total_ms"]
    return theirs, wait, read["total_ms"] - theirs - wait, read["requests"], len(said)


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def main():
    with tempfile.TemporaryDirectory() as work:
        command = [root / ".venv/bin/python", root / "tests/athena/fake.py", "--lake", lake]
        command += ["--port-file", pathlib.Path(work) / "port", "--until-input-ends"]
        fake = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(fake.stdout.readline())
        environment = os.environ | {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_ATHENA": f"http://127.0.0.1:{port}",
        }
        print("Athena's own        ours: wait p50   p95    computed p50   p95    both p50   p95    calls median  most  over 6")
        for usual in USUAL:
            pick = random.Random(11)
            process = subprocess.Popen([*answerer, lake], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
            asked = []
            for question in questions():
                pick.question = question
                asked.append(ask(port, process, usual, pick))
            process.stdin.close()
            process.wait()
            _, waits, computed, calls, queries = zip(*asked[FIRST:])
            both = [wait + own for wait, own in zip(waits, computed)]
            figures = [f(values, part) for values in (waits, computed, both) for f, part in ((quantile, 0.5), (quantile, 0.95))]
            name = "0.7 to 5 s, evenly" if usual is None else f"{usual[0]} s, spread {usual[1]:.0%}"
            print(f"{name:<20}" + "".join(f"{figure:9.0f}" for figure in figures)
                  + f"   {statistics.median(calls):.0f} {max(calls)} {sum(count > 6 for count in calls)}/{len(calls)}"
                  + f"   queries a question: at most {max(queries)}", flush=True)  # fmt: skip
        fake.stdin.close()
        fake.wait()


main()
