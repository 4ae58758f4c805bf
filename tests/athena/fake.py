#!/usr/bin/env python3
"""An Athena on 127.0.0.1 that runs the SQL of `why` with DuckDB over the lake's Parquet files.

    fake.py --lake DIR --port 0 --port-file FILE
    fake.py --lake s3://bucket/prefix --s3-endpoint http://127.0.0.1:4566 --catalog why.toml

It speaks the wire protocol (JSON 1.1): StartQueryExecution with idempotent tokens, compared as
Athena compares them (query text, catalog, database, output location; not workgroup, not
parameters), GetQueryExecution with states and statistics, GetQueryResults in pages of 1,000 rows
whose first row is the header, NULL as a Datum without VarCharValue, StopQueryExecution,
GetTableMetadata, result reuse by age. Signatures are not checked. Of the SQL only what `src/sql.rs` writes is understood:
json_format(CAST(x AS json)), "$path", partition columns from hive-style folders. Partitions are
pruned as projection does, by literals; plain Parquet only (no Hudi timeline).

Statistics: DataScannedInBytes is the size of the files in the pruned partitions; the times are
those of --queue-ms, --planning-ms, --engine-ms and --service-ms (with what DuckDB itself takes, if
that is longer), and the query really takes as long.

Control, for tests (JSON in, JSON out):

    POST /control/fault  {"fault": NAME, "operation": "GetQueryExecution" (default: any),
                          "times": N (default: until reset), ...}
        throttle      TooManyRequestsException
        error         ditto for {"status": 400, "code": "...", "message": "..."}
        5xx           InternalServerException, status 500
        garbage       status 200, no JSON
        empty         status 200, {}
        reset         the connection is reset
        cut           half of the body, then the end
        hang          no answer for {"seconds": 3600}
        slow          the answer {"seconds": 2} late
        fail          for the next queries: FAILED with {"category": 1, "retryable": true,
                      "message": "..."}
        cancel        for the next queries: CANCELLED with {"message": ""}; with "Bytes scanned
                      limit was exceeded" it is the cut-off
        stay_queued   for the next queries: QUEUED until stopped
        stay_running  for the next queries: RUNNING until stopped
        requeue       for the next queries: RUNNING, then QUEUED, then on
      Those "for the next queries" count queries (times), the others calls.
    POST /control/reset     no faults; forgets queries, tokens, calls and tables
    POST /control/tables    {"database.table": {"Columns", "PartitionKeys", "Parameters"}, ...}: what
                            GetTableMetadata says; of any other that Glue knows no such table
    POST /control/times     {"queue_ms": 0, "planning_ms": 0, "engine_ms": 0, "service_ms": 0}
    GET  /control/calls     [{"operation", "body", "status", "at"}, ...] in order; at: Unix seconds
    GET  /control/queries   [{"id", "sql", "state", "token", "workgroup", "database", "reused",
                              "scanned_bytes", "starts", "stopped", "submitted",
                              "ended_at"}, ...] in order
    GET  /control/ready     {"ready": true}
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import socket
import struct
import sys
import tempfile
import threading
import time
import tomllib
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import duckdb

PAGE = 1_000
FOR_QUERIES = {"fail", "cancel", "stay_queued", "stay_running", "requeue"}


class Refused(Exception):
    """An error that the service answers with."""

    def __init__(self, code, message, status=400, **more):
        super().__init__(message)
        self.status, self.body = status, {"__type": code, "Message": message, **more}


# --- the lake ---------------------------------------------------------------------------------


class Folder:
    """A lake in a folder."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, table, fits, most=None):
        """Paths of the table's data files in the partitions that fit, with their sizes; at most so many."""
        found, folders = [], [(self.root / table, {})]
        while folders:
            folder, values = folders.pop()
            try:
                entries = list(os.scandir(folder))
            except FileNotFoundError:
                continue
            for entry in entries:
                if entry.is_dir():
                    column, _, value = entry.name.partition("=")
                    below = {**values, column: urllib.parse.unquote(value)}
                    if fits(below):
                        folders.append((entry.path, below))
                elif not entry.name.startswith((".", "_")):
                    found.append((entry.path, entry.stat().st_size))
                    if len(found) == most:
                        return found
        return sorted(found)


class Bucket:
    """A lake in S3; objects are kept here by their ETag."""

    def __init__(self, location, endpoint):
        import boto3
        from botocore.config import Config

        self.bucket, _, prefix = location.removeprefix("s3://").partition("/")
        self.prefix = prefix.strip("/")
        self.cache = pathlib.Path(tempfile.mkdtemp(prefix="athena-"))
        # One client for all threads is fine; a signature is not what is tested here.
        self.s3 = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=os.environ.get("AWS_REGION", "us-east-1"),
            aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "test"),
            aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )

    def read(self, name):
        key = "/".join(part for part in (self.prefix, name) if part)
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def files(self, table, fits, most=None):
        root = "/".join(part for part in (self.prefix, table) if part) + "/"
        found = []
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=root):
            for item in page.get("Contents", []):
                *folders, name = item["Key"].removeprefix(root).split("/")
                values = {}
                for folder in folders:
                    column, _, value = folder.partition("=")
                    values[column] = urllib.parse.unquote(value)
                if name and not name.startswith((".", "_")) and fits(values):
                    found.append((self.kept(item, root, folders, name), item["Size"]))
                    if len(found) == most:
                        return found
        return sorted(found)

    def kept(self, item, root, folders, name):
        mark = hashlib.sha256((item["Key"] + item["ETag"]).encode()).hexdigest()[:16]
        path = self.cache.joinpath(mark, *folders, name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{name}.{uuid.uuid4()}")
            self.s3.download_file(self.bucket, item["Key"], str(part))
            part.rename(path)
        return str(path)


# --- the SQL ----------------------------------------------------------------------------------

SELECT = re.compile(r'FROM "((?:[^"]|"")+)"\."((?:[^"]|"")+)"(.*?)(?=\nUNION ALL\n|\Z)', re.S)


def literals(text):
    return [value.replace("''", "'") for value in re.findall(r"'((?:[^']|'')*)'", text)]


def projected(where, columns):
    """Whether a folder's values fit the literals of a WHERE."""
    attribute, bucket, date = columns
    tests = {}
    for predicate in re.split(r"\n  AND |\nWHERE ", where):
        named = re.match(r'"((?:[^"]|"")+)" (=|IN|BETWEEN) (.*)', predicate, re.S)
        if not named:
            continue
        column, operator, rest = named[1].replace('""', '"'), named[2], named[3]
        if column == bucket and operator == "=":
            tests[column] = lambda value, rest=rest: value == rest.strip()
        elif column in (attribute, date) and operator in ("=", "IN"):
            tests[column] = lambda value, of=set(literals(rest)): value in of
        elif column == date:
            low, high = literals(rest)
            tests[column] = lambda value, low=low, high=high: low <= value <= high
    return lambda values: all(test(values[name]) for name, test in tests.items() if name in values)


def milliseconds(text):
    """A timestamp as Athena has it: three digits, rounded half up, no zone."""
    whole, _, fraction = re.sub(r"([+-]\d\d(:\d\d)?| UTC|Z)$", "", text).replace("T", " ").partition(".")
    micros = int((fraction + "000000")[:6])
    rounded = (micros + 500) // 1000
    if rounded < 1000:
        return f"{whole}.{rounded:03}"
    at = time.gmtime(calendar_seconds(whole) + 1)
    return time.strftime("%Y-%m-%d %H:%M:%S", at) + ".000"


def calendar_seconds(whole):
    import calendar

    return calendar.timegm(time.strptime(whole, "%Y-%m-%d %H:%M:%S"))


def evidence(text):
    items = json.loads(text, parse_float=Exact, parse_int=Exact)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("observed_at"), str):
            item["observed_at"] = milliseconds(item["observed_at"])
    return dump(items)


class Exact(str):
    """A number as it was written."""


def dump(value):
    if isinstance(value, Exact):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{dump(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


class Lake:
    """Runs queries; knows the catalog's names and nothing of the service."""

    def __init__(self, store, catalog):
        lake, layout = catalog.get("lake", {}), catalog.get("layout", {})
        columns = catalog.get("columns", {})
        self.store = store
        self.database = lake.get("database", "why")
        self.tables = [lake.get("trace", "attribute_trace"), lake.get("latest", "attribute_latest")]
        names = ("attribute_name", "entity_id_mod", "created_date")
        self.columns = tuple(columns.get(name, name) for name in names)
        self.local = threading.local()

    def connection(self):
        if not hasattr(self.local, "duckdb"):
            self.local.duckdb = duckdb.connect()
            self.local.duckdb.execute("SET TimeZone = 'UTC'; SET threads = 1")
            self.local.duckdb.execute("CREATE MACRO json_format(x) AS CAST(x AS VARCHAR)")
        return self.local.duckdb

    def check(self, sql, database):
        """What Athena refuses at the door."""
        try:
            statements = duckdb.extract_statements(sql)
        except duckdb.Error as error:
            raise Refused("InvalidRequestException", f"line 1:1: {error}", AthenaErrorCode="MALFORMED_QUERY") from error
        if len(statements) != 1:
            raise Refused("InvalidRequestException", "Only one sql statement is allowed.", AthenaErrorCode="MALFORMED_QUERY")

    def run(self, sql):
        """Column names, rows of texts and bytes scanned."""
        scanned = 0

        def relation(found):
            nonlocal scanned
            database, table = (found[n].replace('""', '"') for n in (1, 2))
            if database != self.database or table not in self.tables:
                raise LookupError(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{table}' does not exist")
            files = self.store.files(table, projected(found[3], self.columns))
            scanned += sum(size for _, size in files)
            where = found[3]
            if not files:
                # Any file has the columns; no row of it is meant.
                files = self.any_file(table)
                where = "\nWHERE FALSE"
            paths = ", ".join("'" + path.replace("'", "''") + "'" for path, _ in files)
            attribute, bucket, date = (name.replace("'", "''") for name in self.columns)
            types = f"{{'{attribute}': VARCHAR, '{bucket}': INT"
            types += f", '{date}': DATE}}" if table == self.tables[0] else "}"
            return (
                f"FROM read_parquet([{paths}], hive_partitioning = true, hive_types = {types}, "
                f"union_by_name = true, filename = '$path'){where}"
            )

        translated = SELECT.sub(relation, sql)
        cursor = self.connection().execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({translated})")
        names = [column[0] for column in cursor.description]
        rows = [list(row) for row in cursor.fetchall()]
        for at, name in enumerate(names):
            change = {"decided_at": milliseconds, "evidence": evidence}.get(name)
            for row in rows if change else []:
                row[at] = row[at] if row[at] is None else change(row[at])
        return names, rows, scanned

    def any_file(self, table):
        if not hasattr(self, "any"):
            self.any = {}
        if table not in self.any:
            files = self.store.files(table, lambda values: True, most=1)
            if not files:
                raise LookupError(f"TABLE_NOT_FOUND: {table} has no files")
            self.any[table] = files
        return self.any[table]


# --- the service ------------------------------------------------------------------------------


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
        self.result = self.error = None
        self.scanned = self.took_ms = 0
        self.starts, self.stopped, self.reused = 1, False, False
        self.ended_at = None

    def compared(self):
        return (self.sql, self.catalog, self.database, self.output)

    def run(self, lake):
        begun = time.monotonic()
        try:
            names, rows, self.scanned = lake.run(self.sql)
            self.result = (names, rows)
        except LookupError as error:
            self.error = {"category": 2, "retryable": False, "message": str(error)}
        except Exception as error:  # noqa: BLE001: whatever it is, the query failed
            self.error = {"category": 2, "retryable": False, "message": f"{type(error).__name__}: {error}"}
        self.took_ms = (time.monotonic() - begun) * 1000
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
    def __init__(self, lake, times):
        self.lake, self.usual = lake, dict(times)
        self.lock = threading.RLock()
        # Each of its threads keeps its DuckDB.
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
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
        self.lake.check(sql, body.get("QueryExecutionContext", {}).get("Database"))
        with self.lock:
            query = Query(body, None, dict(self.times))
            if token in self.tokens:
                known = self.tokens[token]
                if known.compared() != query.compared():
                    raise Refused("InvalidRequestException", "Idempotent parameters do not match")
                known.starts += 1
                return {"QueryExecutionId": known.id}
            query.fault = self.fault("StartQueryExecution", True)
            reused = None if query.fault else self.reused(query, body)
            self.queries[query.id] = query
            if token is not None:
                self.tokens[token] = query
        if reused:
            query.reused, query.result = True, reused.result
            query.times["queue_ms"] = 0
            query.done.set()
        else:
            self.pool.submit(query.run, self.lake)
        return {"QueryExecutionId": query.id}

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
        return {"TableMetadata": {"Name": body["TableName"], "CreateTime": time.time(), "TableType": "EXTERNAL_TABLE", **found}}

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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", required=True, help="the lake's folder, or s3://bucket/prefix")
    parser.add_argument("--catalog", help="the catalog file; default: why.toml in the lake")
    parser.add_argument("--s3-endpoint", help="where the S3 of an s3:// lake is")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", help="the port is written there, once it listens")
    for name, what in [("queue", "in the queue"), ("planning", "of planning, part of the engine's"), ("engine", "in the engine"), ("service", "of the service")]:
        parser.add_argument(f"--{name}-ms", type=float, default=0, help=f"time {what}; default: 0")
    parser.add_argument("--until-input-ends", action="store_true", help="stop when standard input ends")
    told = parser.parse_args()
    is_s3 = told.lake.startswith("s3://")
    store = Bucket(told.lake, told.s3_endpoint) if is_s3 else Folder(told.lake)
    if told.catalog:
        text = pathlib.Path(told.catalog).read_text()
    else:
        text = store.read("why.toml").decode() if is_s3 else (store.root / "why.toml").read_text()
    times = {f"{name}_ms": getattr(told, f"{name}_ms") for name in ("queue", "planning", "engine", "service")}
    Handler.athena = Athena(Lake(store, tomllib.loads(text)), times)
    server = Server(("127.0.0.1", told.port), Handler)
    port = server.server_address[1]
    if told.port_file:
        part = pathlib.Path(f"{told.port_file}.part")
        part.write_text(str(port))
        part.rename(told.port_file)
    print(port, flush=True)
    if not told.until_input_ends:
        return server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
