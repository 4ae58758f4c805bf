"""Asks `why serve` SECONDS long, A_SECOND times a second, and measures until each reply is there.

Usage: serve.py WHY LAKE ENTITIES [SECONDS [A_SECOND]]: the binary, a folder with why.toml and the
lake, the file of its companies. Each `/why #17 revenue` is about another company and attribute. It
is sent when it is due, whatever became of those before it, and its time counts from then until Slack
(a fake in this process) has the whole reply at its response URL. A question that is not answered, or
with an apology, ends the bench.
"""

import concurrent.futures
import http.client
import http.server
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib

import slack

CONNECTIONS, PATIENCE_S, SEED = 16, 60, 7
replied = {}
own = threading.local()


class Slack(slack.Yes):
    """A response URL notes when its reply came."""

    disable_nagle_algorithm = True

    def heard(self, said):
        if self.path.startswith("/commands/"):
            number = int(self.path.rsplit("/", 1)[1])
            replied.setdefault(number, []).append((time.perf_counter(), json.loads(said).get("text", "")))


def ask(number, due, words, port, slack_port):
    """Seconds from when it was due to the acknowledgement."""
    time.sleep(max(0, due - time.perf_counter()))
    fields = {"team_id": "T1", "channel_id": "C1", "user_id": f"U{number}", "command": "/why", "text": words}
    fields |= {"trigger_id": f"bench-{number}", "response_url": f"http://127.0.0.1:{slack_port}/commands/{number}"}
    if not hasattr(own, "connection"):
        own.connection = http.client.HTTPConnection("127.0.0.1", port)
    own.connection.request("POST", "/slack/commands", *slack.signed(fields))
    response = own.connection.getresponse()
    said = response.read().decode()
    if response.status != 200 or "Looking up" not in said:
        raise SystemExit(f"{words} was not taken: {response.status} {said[:200]}")
    return time.perf_counter() - due


def started(process):
    """Where it listens, once it says that it is ready."""
    said = process.stdout.readline()
    if "Listening on" not in said:
        raise SystemExit(f"it did not start: {said}")
    port = int(said.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/readyz")
    response = connection.getresponse()
    if response.status != 200:
        raise SystemExit(f"it is not ready: {response.read().decode()}")
    return port


def questions(lake, entities, many):
    attributes = list(tomllib.loads((lake / "why.toml").read_text())["attributes"])
    ids = [json.loads(line)["entity_id"] for line in entities.read_text().splitlines()]
    chosen = random.Random(SEED)
    return [f"#{chosen.choice(ids)} {chosen.choice(attributes)}" for _ in range(many)]


def run(port, asked, a_second, slack_port):
    """When each was due, and how long each acknowledgement took."""
    begun = time.perf_counter() + 0.5
    due = [begun + number / a_second for number in range(len(asked))]
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        sent = [pool.submit(ask, n, due[n], asked[n], port, slack_port) for n in range(len(asked))]
        taken = [one.result() for one in sent]
    end = time.perf_counter() + PATIENCE_S
    while len(replied) < len(asked) and time.perf_counter() < end:
        time.sleep(0.05)
    return due, taken


def shown(name, seconds):
    cuts = statistics.quantiles([1000 * one for one in seconds], n=100)
    print(f"| {name} | {cuts[49]:.1f} ms | {cuts[98]:.1f} ms | {1000 * max(seconds):.1f} ms |")


def main():
    why, lake, entities = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    a_second = int(sys.argv[5]) if len(sys.argv) > 5 else 20
    fake = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slack)
    threading.Thread(target=fake.serve_forever, daemon=True).start()
    slack_port = fake.server_address[1]
    asked = questions(lake, entities, seconds * a_second)
    with tempfile.TemporaryDirectory() as folder:
        told = slack.told(slack_port, "127.0.0.1:0") | {"WHY_STATE": f"{folder}/why-state.sqlite"}
        command = [why, "--catalog", lake, "serve"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.PIPE, text=True)
        try:
            port = started(process)
            start_ms = 1000 * (time.perf_counter() - begun)
            idle_mb = slack.memory_mb(process.pid, "VmRSS")
            due, taken = run(port, asked, a_second, slack_port)
            peak_mb = slack.memory_mb(process.pid, "VmHWM")
        finally:
            process.terminate()
            process.wait()
    judge(asked)
    print(f"{len(asked)} questions, {a_second} a second for {seconds} s; all answered once.")
    print("| | p50 | p99 | longest |\n|---|---|---|---|")
    shown("acknowledged", taken)
    shown("reply", [replied[number][0][0] - due[number] for number in range(len(asked))])
    print(f"start until ready {start_ms:.0f} ms; resident {idle_mb:.0f} MB then, {peak_mb:.0f} MB at most")


def judge(asked):
    for number, words in enumerate(asked):
        replies = replied.get(number, [])
        if len(replies) != 1 or "Sorry" in replies[0][1]:
            raise SystemExit(f"{words}: {len(replies)} replies {replies[:1]}")


if __name__ == "__main__":
    main()
