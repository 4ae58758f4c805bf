"""Athena's side of the wire (JSON 1.1), whatever runs the SQL behind it.

StartQueryExecution with idempotent tokens, compared as Athena compares them (query text, catalog,
database, output location; not workgroup, not parameters), GetQueryExecution with states and
statistics, GetQueryResults in pages of 1,000 rows whose first row is the header, NULL as a Datum
without VarCharValue, StopQueryExecution, GetTableMetadata, result reuse by age. Signatures are not checked.

An engine runs the SQL: `begin(sql, database, catalog)` gives its work or raises Refused, which is
what Athena refuses at the door; `work.run()` gives an Outcome or raises Faulty, LookupError or any
other error, and `work.stop()` ends it early. Start at `Athena`; `fake.py` says what `/control` takes.
"""

import collections
import concurrent.futures
import json
import pathlib
import socket
import struct
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = 1_000
FOR_QUERIES = {"fail", "cancel", "stay_queued", "stay_running", "requeue"}
NO_TIMES = {"queue_ms": 0, "planning_ms": 0, "engine_ms": 0, "service_ms": 0}

# Names of columns, rows of texts and None, bytes, and those times that the engine knows.
Outcome = collections.namedtuple("Outcome", "names rows scanned times", defaults=[{}])


class Refused(Exception):
    """An error that the service answers with."""

    def __init__(self, code, message, status=400, **more):
        super().__init__(message)
        self.status, self.body = status, {"__type": code, "Message": message, **more}


class Faulty(Exception):
    """The engine's own fault: it may work another time."""


class Query:
    def __init__(self, request, fault, times):
        self.id = str(uuid.uuid4())
        self.sql = request["QueryString"]
        context = request.get("QueryExecutionContext", {})
        self.database = context.get("Database")
        self.catalog = context.get("Catalog")
        self.output = request.get("ResultConfiguration", {}).get("OutputLocation")
        self.token = request.get("ClientRequestToken")
        self.workgroup = request.get("WorkGroup", "primary")
        self.fault, self.times = fault, times
        self.began, self.submitted = time.monotonic(), time.time()
        self.done = threading.Event()
        self.work = self.result = self.error = None
        self.scanned = self.took_ms = 0
        self.starts, self.stopped, self.reused = 1, False, False
        self.ended_at = None

    def compared(self):
        return (self.sql, self.catalog, self.database, self.output)

    def run(self):
        begun = time.monotonic()
        try:
            names, rows, self.scanned, known = self.work.run()
            self.result = (names, rows)
        except Faulty as error:
            known, self.error = {}, {"category": 1, "retryable": True, "message": str(error)}
        except LookupError as error:
            known, self.error = {}, {"category": 2, "retryable": False, "message": str(error)}
        except Exception as error:  # noqa: BLE001: whatever it is, the query failed
            known, self.error = {}, {"category": 2, "retryable": False, "message": f"{type(error).__name__}: {error}"}
        self.took_ms = known.get("engine_ms", (time.monotonic() - begun) * 1000)
        for name in ("queue_ms", "planning_ms"):
            self.times[name] = max(self.times[name], known.get(name, 0))
        self.done.set()

    def engine_ms(self):
        return max(self.times["engine_ms"], self.took_ms)

    def total_ms(self):
        if self.reused:
            return self.times["service_ms"] + 50
        return self.times["queue_ms"] + self.engine_ms() + self.times["service_ms"]

    def state(self):
        name = self.fault and self.fault["fault"]
        if self.stopped:
            return "CANCELLED"
        since = (time.monotonic() - self.began) * 1000
        if name == "stay_queued" or since < self.times["queue_ms"]:
            return "QUEUED"
        if name == "requeue" and 300 < since < 600:
            return "QUEUED"
        if name == "stay_running" or not self.done.is_set() or since < self.total_ms():
            return "RUNNING"
        self.ended_at = self.ended_at or self.submitted + self.total_ms() / 1000
        if name == "fail" or self.error:
            return "FAILED"
        return "CANCELLED" if name == "cancel" else "SUCCEEDED"

    def described(self):
        state = self.state()
        status = {"State": state, "SubmissionDateTime": self.submitted}
        wrong = self.fault if self.fault and self.fault["fault"] in ("fail", "cancel") else self.error
        if state == "FAILED":
            category = wrong.get("category", 2)
            status["StateChangeReason"] = wrong.get("message", "GENERIC_INTERNAL_ERROR")
            status["AthenaError"] = {
                "ErrorCategory": category,
                "ErrorType": {1: 1, 2: 1006, 3: 300}.get(category, 1),
                "Retryable": wrong.get("retryable", False),
                "ErrorMessage": status["StateChangeReason"],
            }
        elif state == "CANCELLED":
            status["StateChangeReason"] = "" if self.stopped else wrong.get("message", "")
        if state in ("SUCCEEDED", "FAILED", "CANCELLED"):
            status["CompletionDateTime"] = self.ended_at or time.time()
        statistics = {}
        if state == "SUCCEEDED" and self.reused:
            statistics = {
                "EngineExecutionTimeInMillis": 0,
                "DataScannedInBytes": 0,
                "TotalExecutionTimeInMillis": round(self.total_ms()),
                "ServiceProcessingTimeInMillis": round(self.times["service_ms"]),
                "ResultReuseInformation": {"ReusedPreviousResult": True},
            }
        elif state not in ("QUEUED", "RUNNING"):
            statistics = {
                "EngineExecutionTimeInMillis": round(self.engine_ms()),
                "DataScannedInBytes": self.scanned,
                "TotalExecutionTimeInMillis": round(self.total_ms()),
                "QueryQueueTimeInMillis": round(self.times["queue_ms"]),
                "ServicePreProcessingTimeInMillis": round(self.times["service_ms"] / 2),
                "QueryPlanningTimeInMillis": round(self.times["planning_ms"]),
                "ServiceProcessingTimeInMillis": round(self.times["service_ms"] / 2),
                "ResultReuseInformation": {"ReusedPreviousResult": False},
            }
        return {
            "QueryExecutionId": self.id,
            "Query": self.sql,
            "StatementType": "DML",
            "QueryExecutionContext": {"Database": self.database, "Catalog": self.catalog},
            "WorkGroup": self.workgroup,
            "EngineVersion": {"EffectiveEngineVersion": "Athena engine version 3"},
            "Status": status,
            "Statistics": statistics,
        }


class Athena:
    def __init__(self, engine, times=NO_TIMES, at_once=4):
        self.engine, self.usual = engine, dict(times)
        self.lock = threading.RLock()
        self.pool = concurrent.futures.ThreadPoolExecutor(at_once)
        self.reset()

    def reset(self):
        with self.lock:
            self.times = dict(self.usual)
            self.faults, self.calls = [], []
            self.queries, self.tokens = {}, {}
            self.tables = {}

    def fault(self, operation, of_query):
        """The fault that this call or query meets, used up by it."""
        with self.lock:
            for fault in self.faults:
                fits = fault.get("operation") in (None, operation)
                if fits and (fault["fault"] in FOR_QUERIES) == of_query and fault["times"] != 0:
                    fault["times"] -= 1
                    return fault
        return None

    def answer(self, operation, body):
        known = {
            "StartQueryExecution": self.start,
            "GetQueryExecution": self.get,
            "GetQueryResults": self.results,
            "StopQueryExecution": self.stop,
            "GetTableMetadata": self.table,
        }
        if operation not in known:
            raise Refused("InvalidAction", f"{operation} is not spoken here")
        return known[operation](body)

    def start(self, body):
        token, sql = body.get("ClientRequestToken"), body.get("QueryString")
        if not sql or len(sql.encode()) > 262_144:
            raise Refused("InvalidRequestException", "QueryString must have 1 to 262144 bytes")
        if token is not None and not 32 <= len(token) <= 128:
            raise Refused("InvalidRequestException", "ClientRequestToken must have 32 to 128 characters")
        with self.lock:
            query = Query(body, None, dict(self.times))
            known = self.known(token, query)
            if known:
                return known
        query.work = self.engine.begin(sql, query.database, query.catalog)
        with self.lock:
            known = self.known(token, query)
            if known:
                query.work.stop()
                return known
            query.fault = self.fault("StartQueryExecution", True)
            reused = None if query.fault else self.reused(query, body)
            self.queries[query.id] = query
            if token is not None:
                self.tokens[token] = query
        if reused:
            query.work.stop()
            query.reused, query.result = True, reused.result
            query.times["queue_ms"] = 0
            query.done.set()
        else:
            self.pool.submit(query.run)
        return {"QueryExecutionId": query.id}

    def known(self, token, query):
        """The answer of an earlier start with this token."""
        known = self.tokens.get(token)
        if known is None:
            return None
        if known.compared() != query.compared():
            raise Refused("InvalidRequestException", "Idempotent parameters do not match")
        known.starts += 1
        return {"QueryExecutionId": known.id}

    def reused(self, query, body):
        by_age = body.get("ResultReuseConfiguration", {}).get("ResultReuseByAgeConfiguration", {})
        if not by_age.get("Enabled"):
            return None
        oldest = time.time() - by_age.get("MaxAgeInMinutes", 60) * 60
        for known in reversed(self.queries.values()):
            same = known.compared() == query.compared() and known.workgroup == query.workgroup
            if same and not known.reused and known.state() == "SUCCEEDED" and known.submitted >= oldest:
                return known
        return None

    def query(self, body):
        query = self.queries.get(body.get("QueryExecutionId"))
        if query is None:
            raise Refused("InvalidRequestException", f"QueryExecution {body.get('QueryExecutionId')} was not found")
        return query

    def get(self, body):
        return {"QueryExecution": self.query(body).described()}

    def results(self, body):
        query = self.query(body)
        state = query.state()
        if state != "SUCCEEDED":
            raise Refused(
                "InvalidRequestException",
                f"Query has not yet finished. Current state: {state}" if state in ("QUEUED", "RUNNING") else f"Query did not finish successfully. Final query state: {state}",
            )
        names, rows = query.result
        lines = [names, *rows]
        first = int(body.get("NextToken") or 0)
        size = min(body.get("MaxResults", PAGE), PAGE)
        page = lines[first : first + size]
        data = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in page]
        columns = [{"Name": name, "Label": name, "Type": "varchar", "CatalogName": "hive", "SchemaName": "", "TableName": "", "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": True} for name in names]
        answer = {"UpdateCount": 0, "ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": columns}}}
        if first + size < len(lines):
            answer["NextToken"] = str(first + size)
        return answer

    def stop(self, body):
        query = self.query(body)
        if query.state() in ("QUEUED", "RUNNING"):
            query.stopped = True
            query.work.stop()
        return {}

    def table(self, body):
        """What Glue says of a table, and how Athena says that Glue knows none."""
        for name in ("CatalogName", "DatabaseName", "TableName"):
            if not body.get(name):
                raise Refused("InvalidRequestException", f"{name} is needed")
        found = self.tables.get(f"{body['DatabaseName']}.{body['TableName']}")
        if found is None:
            raise Refused(
                "MetadataException",
                "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; "
                f"Error Code: EntityNotFoundException; Request ID: {uuid.uuid4()}; Proxy: null)",
            )
        about = {"Name": body["TableName"], "CreateTime": time.time(), "TableType": "EXTERNAL_TABLE"}
        return {"TableMetadata": {**about, **found}}

    def control(self, path, body):
        if path == "/control/ready":
            return {"ready": True}
        if path == "/control/calls":
            return self.calls
        if path == "/control/queries":
            named = {"id": "id", "sql": "sql", "token": "token", "workgroup": "workgroup", "database": "database", "reused": "reused", "scanned_bytes": "scanned", "starts": "starts", "stopped": "stopped", "submitted": "submitted", "ended_at": "ended_at"}
            return [{**{key: getattr(query, name) for key, name in named.items()}, "state": query.state()} for query in self.queries.values()]
        if path == "/control/reset":
            self.reset()
        elif path == "/control/fault":
            self.faults.append({"times": -1, **body})
        elif path == "/control/tables":
            self.tables = body
        elif path == "/control/times":
            self.times.update(body)
        else:
            return None
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Small answers go out at once: without it each waits for the peer's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    athena: Athena

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.controlled({})

    def controlled(self, body):
        answer = self.athena.control(self.path, body)
        if answer is None:
            return self.send(404, {"error": "see fake.py --help for what there is"})
        self.send(200, answer)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw or b"{}")
        if self.path.startswith("/control/"):
            return self.controlled(body)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        call = {"operation": operation, "body": body, "status": None, "at": time.time()}
        self.athena.calls.append(call)
        fault = self.athena.fault(operation, False)
        if fault and not self.meet(fault, call):
            return
        try:
            call["status"], answer = 200, self.athena.answer(operation, body)
        except Refused as refused:
            call["status"], answer = refused.status, refused.body
        half = fault is not None and fault["fault"] == "cut"
        self.send(call["status"], answer, half)

    def meet(self, fault, call):
        """Plays a fault; whether the call is answered all the same."""
        name = fault["fault"]
        if name in ("hang", "slow"):
            time.sleep(fault.get("seconds", 3600 if name == "hang" else 2))
            if name == "slow":
                return True
            self.close_connection = True
            return False
        if name == "cut":
            return True
        if name == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return False
        status, answer = {
            "throttle": (400, {"__type": "TooManyRequestsException", "Message": "Rate exceeded", "Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED"}),
            "5xx": (500, {"__type": "InternalServerException", "Message": "Internal failure"}),
            "error": (fault.get("status", 400), {"__type": fault.get("code", "InvalidRequestException"), "message": fault.get("message", "refused")}),
            "garbage": (200, b"<html>no JSON\x00\xff"),
            "empty": (200, {}),
        }[name]
        call["status"] = status
        self.send(status, answer)
        return False

    def send(self, status, answer, half=False):
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        self.wfile.flush()
        if half:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # whoever hung up has their reasons


def serve(engine, times=NO_TIMES, port=0, at_once=4):
    """A server that listens on 127.0.0.1, and its port."""
    handler = type("Handled", (Handler,), {"athena": Athena(engine, times, at_once)})
    server = Server(("127.0.0.1", port), handler)
    return server, server.server_address[1]


def announce(server, port, port_file, until_input_ends):
    """Says the port, in a file too, and serves until standard input ends or for good."""
    if port_file:
        part = pathlib.Path(f"{port_file}.part")
        part.write_text(str(port))
        part.rename(port_file)
    print(port, flush=True)
    if not until_input_ends:
        return server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
