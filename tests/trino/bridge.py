#!/usr/bin/env python3
"""An Athena on 127.0.0.1 whose engine is a Trino: tests/athena/service.py over client.py.

    bridge.py --trino http://127.0.0.1:8080 [--port 0] [--until-input-ends]

What Trino says of a query, its states, times and bytes, is what Athena says of it here. Values become
the texts that Athena gives. Knows nothing of the tables. Start at `Trino`.
"""

import argparse
import pathlib
import re
import sys
import threading

from client import Client, Failed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "athena"))
from service import Faulty, Outcome, Refused, announce, serve  # noqa: E402

# A statement of which Trino knows that it can't be parsed is refused; whatever else is wrong fails.
AT_THE_DOOR = {"SYNTAX_ERROR"}
# Statements under way: more only wait for each other.
AT_ONCE = 8
UNITS = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3, "m": 60e3, "h": 3600e3, "d": 86400e3}
BYTES = {"B": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}


def millis(text):
    """`1.50s` in milliseconds."""
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * UNITS[unit]


def size(text):
    """`1.5kB` in bytes; small ones come to the byte, as `12345B`."""
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return round(float(number) * BYTES[unit])


class Trino:
    """An engine of the service."""

    def __init__(self, client):
        self.client, self.under_way, self.lock = client, 0, threading.Lock()

    def begin(self, sql, database, catalog):
        """The statement's work; where few are under way it is known at once whether it can be parsed.

        Trino begins when the second answer is fetched: with many under way that waits for its turn, as
        in Athena's queue, and one that can't be parsed ends in FAILED.
        """
        answer = self.client.start(sql, (catalog or "awsdatacatalog").lower(), database)
        with self.lock:
            has_room = self.under_way < AT_ONCE
            self.under_way += has_room
        if has_room:
            try:
                answer = self.client.call("GET", answer["nextUri"])
            finally:
                with self.lock:
                    self.under_way -= 1
        error = answer.get("error")
        if error and error.get("errorName") in AT_THE_DOOR:
            raise Refused("InvalidRequestException", error["message"], AthenaErrorCode="MALFORMED_QUERY")
        return Work(self, answer)


class Work:
    """A statement that Trino has."""

    def __init__(self, trino, answer):
        self.trino, self.client = trino, trino.client
        self.id, self.answer = answer["id"], answer

    def run(self):
        with self.trino.lock:
            self.trino.under_way += 1
        try:
            return self.read()
        finally:
            with self.trino.lock:
                self.trino.under_way -= 1

    def read(self):
        names, rows = [], []
        for answer in self.client.answers(self.answer):
            if "error" in answer:
                failed = Failed(answer["error"])
                raise (LookupError if failed.error.get("errorType") == "USER_ERROR" else Faulty)(str(failed))
            names = [column["name"] for column in answer.get("columns") or []] or names
            rows += [[shown(value) for value in row] for row in answer.get("data") or []]
        said = self.client.figures(self.id)
        queued = millis(said["queuedTime"])
        times = {
            "queue_ms": queued,
            "planning_ms": millis(said["planningTime"]),
            "engine_ms": millis(said["elapsedTime"]) - queued,
        }
        return Outcome(names, rows, size(said["physicalInputDataSize"]), times)

    def stop(self):
        self.client.call("DELETE", f"/v1/query/{self.id}")


def shown(value):
    """A value as Athena's texts have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    raise ValueError(f"how Athena writes {value!r} is not known here: it is neither text, integer, boolean nor null")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trino", required=True, help="where the Trino is; its catalog is awsdatacatalog")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input ends")
    told = parser.parse_args()
    server, port = serve(Trino(Client(told.trino)), port=told.port, at_once=AT_ONCE)
    announce(server, port, None, told.until_input_ends)


if __name__ == "__main__":
    main()
