"""Sends `/why acme revenue`, signed anew each time, to why serve and to both Bolts, one after another.

Usage: load.py WHY LAKE BOLT_PYTHON BOLT_FOLDER: the binary, a folder with why.toml and the lake, a
Python that has slack_bolt, a folder with @slack/bolt under node_modules. A contender is started and
asked until it answers; then CLIENTS processes, each on one connection, send REQUESTS each. Beside
all runs a Slack that says yes to everything. Bolt's handlers only acknowledge; why also writes each
question to its queue on disk and answers it meanwhile.
"""

import http.client
import http.server
import multiprocessing
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

CLIENTS, REQUESTS, WARM_UP = 4, 1000, 200
PATIENCE_S = 60
HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
import slack  # noqa: E402: beside this folder


def say_yes(port):
    http.server.ThreadingHTTPServer(("127.0.0.1", port), slack.Yes).serve_forever()


def ask(connection, slack_port):
    """One question; seconds until the whole answer is there."""
    trigger = uuid.uuid4().hex
    fields = {
        "team_id": "T1",
        "channel_id": "C1",
        "channel_name": "data",
        "user_id": "U1",
        "user_name": "ada",
        "command": "/why",
        "text": "acme revenue",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": f"http://127.0.0.1:{slack_port}/commands/{trigger}",
        "trigger_id": trigger,
    }
    body, headers = slack.signed(fields)
    begun = time.perf_counter()
    connection.request("POST", "/slack/commands", body, headers)
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {answer[:200]!r}")
    return time.perf_counter() - begun


def client(port, slack_port, requests):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    return [ask(connection, slack_port) for _ in range(requests)]


def first_answer(process, port, slack_port, begun):
    while time.perf_counter() - begun < PATIENCE_S:
        if process.poll() is not None:
            break
        try:
            client(port, slack_port, 1)
            return time.perf_counter() - begun
        except (OSError, RuntimeError, http.client.HTTPException):
            time.sleep(0.005)
    raise SystemExit(f"no answer; exit status {process.poll()}")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def measure(name, command, slack_port, more):
    port = free_port()
    told = slack.told(slack_port, f"127.0.0.1:{port}") | {"PORT": str(port)}
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | told | more, stdout=subprocess.DEVNULL)
    try:
        started = first_answer(process, port, slack_port, begun)
        client(port, slack_port, WARM_UP)
        with multiprocessing.Pool(CLIENTS) as pool:
            begun = time.perf_counter()
            taken = pool.starmap(client, [(port, slack_port, REQUESTS)] * CLIENTS)
            seconds = time.perf_counter() - begun
        memory = slack.memory_mb(process.pid, "VmRSS")
    finally:
        process.terminate()
        process.wait()
    cuts = statistics.quantiles([1000 * one for each in taken for one in each], n=100)
    rate = CLIENTS * REQUESTS / seconds
    print(f"| {name} | {rate:,.0f} | {cuts[49]:.2f} ms | {cuts[98]:.2f} ms | {1000 * started:.0f} ms | {memory:.0f} MB |")


def main():
    why, lake, python, bolt = sys.argv[1:]
    slack_port = free_port()
    fake = multiprocessing.Process(target=say_yes, args=(slack_port,), daemon=True)
    fake.start()
    print("| | requests/s | p50 | p99 | to the first answer | resident memory |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        state = {"WHY_STATE": f"{folder}/why-state.sqlite"}
        measure("why serve", [why, "--catalog", lake, "serve"], slack_port, state)
    measure("slack_bolt (Python)", [python, HERE / "app.py"], slack_port, {})
    modules = {"NODE_PATH": f"{bolt}/node_modules"}
    measure("@slack/bolt (Node)", ["node", HERE / "app.js"], slack_port, modules)
    fake.terminate()


if __name__ == "__main__":
    main()
