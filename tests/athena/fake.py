#!/usr/bin/env python3
"""An Athena on 127.0.0.1 that runs the SQL of `why` with DuckDB over the lake's Parquet files.

    fake.py --lake DIR --port 0 --port-file FILE
    fake.py --lake s3://bucket/prefix --s3-endpoint http://127.0.0.1:4566 --catalog why.toml

`service.py` speaks the wire protocol. Of the SQL only what `src/sql.rs` writes is understood:
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
import functools
import hashlib
import json
import os
import pathlib
import re
import tempfile
import threading
import time
import tomllib
import urllib.parse
import uuid

import duckdb

from service import NO_TIMES, Outcome, Refused, announce, serve


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

    def begin(self, sql, database, catalog):
        """What Athena refuses at the door."""
        try:
            statements = duckdb.extract_statements(sql)
        except duckdb.Error as error:
            raise Refused("InvalidRequestException", f"line 1:1: {error}", AthenaErrorCode="MALFORMED_QUERY") from error
        if len(statements) != 1:
            raise Refused("InvalidRequestException", "Only one sql statement is allowed.", AthenaErrorCode="MALFORMED_QUERY")
        return Work(self, sql)

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
        return Outcome(names, rows, scanned)

    def any_file(self, table):
        if not hasattr(self, "any"):
            self.any = {}
        if table not in self.any:
            files = self.store.files(table, lambda values: True, most=1)
            if not files:
                raise LookupError(f"TABLE_NOT_FOUND: {table} has no files")
            self.any[table] = files
        return self.any[table]


class Work:
    """A query under way; DuckDB is not interrupted."""

    def __init__(self, lake, sql):
        self.run = functools.partial(lake.run, sql)

    def stop(self):
        pass


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
    times = {name: getattr(told, name) for name in NO_TIMES}
    server, port = serve(Lake(store, tomllib.loads(text)), times, told.port)
    announce(server, port, told.port_file, told.until_input_ends)


if __name__ == "__main__":
    main()
