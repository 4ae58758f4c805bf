"""Trino's own protocol, as much of it as is needed: a statement, its rows, its figures.

Knows neither tables nor Athena. One connection for each thread. Start at `Client.run`.
"""

import http.client
import json
import threading
import urllib.parse

USER = "why"


class Failed(Exception):
    """A statement that Trino refused or gave up: `error` is its own word for it."""

    def __init__(self, error):
        super().__init__(f"{error.get('errorName')}: {error.get('message')}")
        self.error = error


class Client:
    def __init__(self, url):
        self.address = urllib.parse.urlsplit(url).netloc
        self.local = threading.local()

    def call(self, method, path, body=None, headers=()):
        """The answer's JSON; a connection that went stale is opened once more."""
        path = path.removeprefix(f"http://{self.address}")
        for attempt in (0, 1):
            if not hasattr(self.local, "connection"):
                self.local.connection = http.client.HTTPConnection(self.address, timeout=600)
            connection = self.local.connection
            try:
                connection.request(method, path, body, {"X-Trino-User": USER, **dict(headers)})
                answer = connection.getresponse()
                text = answer.read()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                del self.local.connection
                if attempt:
                    raise
        if answer.status >= 400:
            raise OSError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text) if text else None

    def is_ready(self):
        try:
            return self.call("GET", "/v1/info")["starting"] is False
        except OSError:
            return False

    def start(self, sql, catalog="awsdatacatalog", schema=None):
        """The first answer: Trino has the statement, and works."""
        headers = {"X-Trino-Catalog": catalog, "X-Trino-Time-Zone": "UTC"}
        if schema:
            headers["X-Trino-Schema"] = schema
        return self.call("POST", "/v1/statement", sql.encode(), headers)

    def answers(self, first):
        """Every answer from the first on."""
        answer = first
        while True:
            yield answer
            if "nextUri" not in answer:
                return
            answer = self.call("GET", answer["nextUri"])

    def run(self, sql, **where):
        """Names of the columns and all rows.

        Raises Failed where Trino refuses the statement or gives it up.
        """
        names, rows = [], []
        for answer in self.answers(self.start(sql, **where)):
            if "error" in answer:
                raise Failed(answer["error"])
            names = [column["name"] for column in answer.get("columns") or []] or names
            rows += answer.get("data") or []
        return names, rows

    def figures(self, query_id):
        """What Trino says of a query that it ran: its `queryStats`."""
        return self.call("GET", f"/v1/query/{query_id}?pruned=true")["queryStats"]
