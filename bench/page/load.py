"""The page and the API of `why serve` beside Datasette, which serves the same rows from SQLite.

Usage: load.py WHY LAKE DECISIONS DATASETTE FOLDER [SECONDS [ROUNDS]]: the binary, a folder with
why.toml and the lake, the file it was imported from, Datasette's program, where to keep files. wrk
has to be on the path.

Datasette's table has a row for each candidate of each decision, and an index; its page shows all rows
of one company's attribute. Both are asked about the same PAIRS. First each is started STARTS times, in
turn, for its first page. Then both run and one is asked at a time: what pages weigh, the time to the
first byte, then ROUNDS rounds of SECONDS for each contender and number of clients. An answer that does
not name the newest decision, a status other than 200 or a timeout ends the bench.
"""

import contextlib
import gzip
import json
import os
import pathlib
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
import slack  # noqa: E402: beside this folder

PAIRS, STARTS, CLIENTS, PATIENCE_S, SEED = 200, 9, (1, 8, 64), 60, 7
BROWSER = "gzip, deflate, br, zstd"
WHY, DATASETTE = "why", "Datasette"
# Who serves it, its path, what it accepts under load.
CONTENDERS = {
    "why, the page": (WHY, "/companies/{0}/{1}", ""),
    "why, the page, as browsers ask for it (zstd)": (WHY, "/companies/{0}/{1}", BROWSER),
    "why, JSON": (WHY, "/v1/answer?entity={0}&attribute={1}", ""),
    "Datasette, the page": (
        DATASETTE,
        "/decisions/decisions?entity_id={0}&attribute_name={1}&_sort_desc=decided_at&_size=max",
        "",
    ),
    "Datasette, JSON": (
        DATASETTE,
        "/decisions/decisions.json?entity_id={0}&attribute_name={1}&_sort_desc=decided_at&_size=max",
        "",
    ),
}
PAGES = {WHY: "why, the page", DATASETTE: "Datasette, the page"}


def flattened(decisions, file):
    """The database that Datasette serves; built once."""
    if file.exists():
        return
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with gzip.open(decisions, "rt") as lines:
        read = [json.loads(line) for line in lines]
    of_decision = [key for key in read[0] if key != "evidence"]
    of_candidate = list(read[0]["evidence"][0])
    columns = of_decision + [f"candidate_{key}" for key in of_candidate]
    # Datasette asks for a company with its id as text, which only finds a number in such a column.
    columns[columns.index("entity_id")] += " INTEGER"
    with contextlib.closing(sqlite3.connect(unfinished)) as database:
        database.execute(f"CREATE TABLE decisions ({', '.join(columns)})")
        rows = (
            [one.get(key) for key in of_decision] + [candidate.get(key) for key in of_candidate]
            for one in read
            for candidate in one["evidence"] or [{}]
        )
        database.executemany(f"INSERT INTO decisions VALUES ({', '.join('?' * len(columns))})", rows)
        database.execute("CREATE INDEX asked ON decisions (entity_id, attribute_name, decided_at)")
        database.execute("ANALYZE")
        database.commit()
    unfinished.rename(file)


def pairs(file):
    """Some companies' attributes, and the ids of the newest decisions about each."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        known = database.execute(
            "SELECT DISTINCT entity_id, attribute_name FROM decisions ORDER BY 1, 2"
        ).fetchall()
        newest = (
            "SELECT decision_id FROM decisions WHERE (entity_id, attribute_name) = (?, ?)"
            " ORDER BY decided_at DESC LIMIT 1"
        )
        chosen = random.Random(SEED).sample(known, PAIRS)
        return {pair: database.execute(newest, pair).fetchone()[0] for pair in chosen}


@contextlib.contextmanager
def running(server, port):
    """A server, once it takes connections; and seconds until then."""
    command, told, log = server
    left = {key: what for key, what in os.environ.items() if not key.startswith(("WHY_", "SLACK_"))}
    begun = time.perf_counter()
    with log.open("w") as said:
        process = subprocess.Popen(command, env=left | told, stdout=said, stderr=said)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE_S:
                raise SystemExit(f"{command[0]} did not start; {log} may say why")
            time.sleep(0.002)
        yield process, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Reply:
    """One reply on a connection of its own, and when its first and its last byte came."""

    def __init__(self, port, path, accepts=""):
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        asked += f"Accept-Encoding: {accepts}\r\n\r\n" if accepts else "\r\n"
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
            connection.sendall(asked.encode())
            read = [connection.recv(65536)]
            self.first_ms = 1000 * (time.perf_counter() - begun)
            while read[-1]:
                read.append(connection.recv(65536))
            self.last_ms = 1000 * (time.perf_counter() - begun)
        head, _, self.body = b"".join(read).partition(b"\r\n\r\n")
        self.head = head.decode("latin-1").lower()
        if " 200 " not in self.head.splitlines()[0]:
            raise SystemExit(f"{path}: {self.head.splitlines()[0]} {self.body[:300]!r}")


def judge(ports, asked):
    """Every contender's answers about every pair name its newest decision."""
    for name, (server, path, _) in CONTENDERS.items():
        for pair, decision in asked.items():
            said = Reply(ports[server], path.format(*pair)).body
            if decision.encode() not in said:
                raise SystemExit(f"{name}: {path.format(*pair)} says nothing of decision {decision}")


def starts(servers, ports, folder, pair):
    table = "\n| | start until it listens | the first page's first byte | its last |\n|---|---|---|---|"
    taken = {name: [] for name in servers}
    for _ in range(STARTS):
        for name in servers:
            for state in folder.glob("state.sqlite*"):
                state.unlink()
            with running(servers[name], ports[name]) as (_, seconds):
                first = Reply(ports[name], CONTENDERS[PAGES[name]][1].format(*pair))
            taken[name].append((1000 * seconds, first.first_ms, first.last_ms))
    print(f"Started {STARTS} times each, in turn; medians.\n{table}")
    for name, of in taken.items():
        print(f"| {name} | " + " | ".join(f"{statistics.median(one):.1f} ms" for one in zip(*of)) + " |")


def weights(ports, asked):
    """What a page weighs, and what it brings with it from the same server."""
    print("\n| page | as it is | gzip | zstd |\n|---|---|---|---|")
    for server, name in PAGES.items():
        paths = [CONTENDERS[name][1].format(*pair) for pair in asked]
        page = Reply(ports[server], paths[0]).body.decode()
        brought = sorted(set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)(?:\?[^"]*)?)"', page)))
        sizes = [[size(ports[server], path, how) for how in ("", "gzip", "zstd")] for path in paths]
        row(f"{name}, median of {len(asked)}", map(statistics.median, zip(*sizes)))
        row(f"{name}, the heaviest", max(sizes))
        beside = [[size(ports[server], path, how) for how in ("", "gzip", "zstd")] for path in brought]
        for path, those in zip(brought, beside):
            row(f"its {path.split('?')[0].rsplit('.', 1)[1]}", those)
        row("the heaviest with all these", map(sum, zip(max(sizes), *beside)))


def size(port, path, how):
    """Bytes of a body; none where the server doesn't compress so."""
    reply = Reply(port, path, how)
    return len(reply.body) if not how or f"content-encoding: {how}" in reply.head else float("nan")


def row(name, sizes):
    told = ("-" if one != one else f"{one / 1000:.1f} kB" for one in sizes)
    print(f"| {name} | " + " | ".join(told) + " |")


def first_bytes(ports, asked):
    taken = {name: [] for name in CONTENDERS}
    for pair in asked:
        for name, (server, path, accepts) in CONTENDERS.items():
            reply = Reply(ports[server], path.format(*pair), accepts)
            taken[name].append((reply.first_ms, reply.last_ms))
    print(f"\nWarm, {len(asked)} pages each, a connection each, in turn.\n")
    print("| | first byte, p50 | p99 | last byte, p50 | p99 | first byte, to why |\n|---|---|---|---|---|---|")
    firsts = {name: statistics.median(first for first, _ in of) for name, of in taken.items()}
    for name, of in taken.items():
        cuts = [statistics.quantiles(one, n=100) for one in zip(*of)]
        cells = " | ".join(f"{cut[at]:.1f} ms" for cut in cuts for at in (49, 98))
        print(f"| {name} | {cells} | {firsts[name] / firsts[PAGES[WHY]]:.1f} |")


def load(port, paths, accepts, clients, seconds):
    """What wrk measured."""
    command = ["wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{seconds}s"]
    command += ["--timeout", f"{PATIENCE_S}s", "--script", HERE / "load.lua"]
    command += [f"http://127.0.0.1:{port}", "--", paths] + [accepts] * bool(accepts)
    said = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    measured = re.search(r"^measured (.*)$", said.stdout, re.MULTILINE)
    found = json.loads(measured[1]) if measured and said.returncode == 0 else {"failed": 1}
    if found["failed"] or found["requests"] < clients:
        raise SystemExit(f"{paths}, {clients} clients, {seconds} s: not all were answered\n{said.stdout}")
    return found


def rounds(ports, asked, folder, seconds, many):
    taken = {(name, clients): [] for name in CONTENDERS for clients in CLIENTS}
    for _ in range(many):
        for clients in CLIENTS:
            for name, (server, path, accepts) in CONTENDERS.items():
                paths = folder / f"paths, {name}.txt"
                paths.write_text("".join(path.format(*pair) + "\n" for pair in asked))
                taken[name, clients].append(load(ports[server], paths, accepts, clients, seconds))
    print(f"\n{many} rounds of {seconds} s each, in turn; requests a second, p50, p99; medians.\n")
    print("| | " + " | ".join(f"{clients} at once" for clients in CLIENTS) + " |\n|---|" + "---|" * len(CLIENTS))
    for name in CONTENDERS:
        print(f"| {name} | " + " | ".join(cell(taken[name, clients]) for clients in CLIENTS) + " |")
    slow, of = (sum(one[what] for runs in taken.values() for one in runs) for what in ("slow", "requests"))
    print(f"\n{of:,} requests, all answered; {slow:,} pages of why began before their answer was there.")


def cell(runs):
    a_second, p50, p99 = (statistics.median(one[what] for one in runs) for what in ("a_second", "p50_ms", "p99_ms"))
    return f"{a_second:,.0f}/s, {p50:.1f} ms, {p99:.1f} ms"


@contextlib.contextmanager
def watched(processes):
    """Each process's resident memory now, five times a second, until the block ends."""
    seen, over = {name: [] for name in processes}, threading.Event()

    def watch():
        while not over.wait(0.2):
            for name, process in processes.items():
                seen[name].append(slack.memory_mb(process.pid, "VmRSS"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def main():
    why, lake, decisions, datasette, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:6])
    seconds = int(sys.argv[6]) if len(sys.argv) > 6 else 10
    many = int(sys.argv[7]) if len(sys.argv) > 7 else 3
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "decisions.db"
    flattened(decisions, file)
    asked = pairs(file)
    ports = {WHY: free_port(), DATASETTE: free_port()}
    told = {"WHY_LISTEN": f"127.0.0.1:{ports[WHY]}", "WHY_STATE": str(folder / "state.sqlite")}
    told |= {"WHY_METRICS": "off", "WHY_LOG": "error"}
    # -i: nobody writes, so it locks nothing and counts rows once; facets would cost queries.
    rival = [datasette, "serve", "-i", file, "--port", str(ports[DATASETTE]), "--setting", "suggest_facets", "off"]
    servers = {
        WHY: ([why, "--catalog", lake, "serve"], told, folder / "why.log"),
        DATASETTE: (rival, {}, folder / "datasette.log"),
    }

    starts(servers, ports, folder, next(iter(asked)))
    with contextlib.ExitStack() as both:
        processes = {name: both.enter_context(running(servers[name], ports[name]))[0] for name in servers}
        resident = {name: [slack.memory_mb(of.pid, "VmRSS")] for name, of in processes.items()}
        judge(ports, asked)
        weights(ports, asked)
        first_bytes(ports, asked)
        with watched(processes) as seen:
            rounds(ports, asked, folder, seconds, many)
        time.sleep(2)
        for name, of in processes.items():
            resident[name] += [statistics.median(seen[name]), slack.memory_mb(of.pid, "VmHWM")]
            resident[name].append(slack.memory_mb(of.pid, "VmRSS"))
    print("\n| resident memory | started | under load, median | at most | 2 s after |\n|---|---|---|---|---|")
    for name, of in resident.items():
        print(f"| {name} | " + " | ".join(f"{mb:.0f} MB" for mb in of) + " |")


if __name__ == "__main__":
    main()
