"""The tables of `why ddl` in Trino's dialect, property by property.

A clause that Trino says in other words is put into those; a value that it refuses is given to it
first, and only then the nearest that it takes, with Trino's own word for why. What it stored is
held against what Athena is told. Start at `register`.
"""

import json
import pathlib
import re
import subprocess

from client import Failed

S3 = "s3://lake"
PARQUET = {
    "SERDE": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "INPUTFORMAT": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OUTPUTFORMAT": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
}
TYPES = {"string": "varchar", "int": "integer", "timestamp": "timestamp(3)"}
# The nearest that Trino takes. Days are more partitions than months, and those that are not there are
# passed over: it finds the same rows.
INSTEAD = {("interval.unit", "MONTHS"): "DAYS"}


class Table:
    """One CREATE EXTERNAL TABLE, taken apart."""

    def __init__(self, sql):
        name = r"`((?:[^`]|``)+)`"
        found = re.match(rf"CREATE EXTERNAL TABLE IF NOT EXISTS {name}\.{name} \(\n(.*?)\n\)\n(.*)", sql, re.S)
        self.database, self.name, columns, rest = found.groups()
        partitions = re.search(r"PARTITIONED BY \(\n(.*?)\n\)\n", rest, re.S)
        properties = re.search(r"TBLPROPERTIES \(\n(.*?)\n\)", rest, re.S)
        self.columns = declared(columns)
        self.partitions = declared(partitions[1]) if partitions else []
        self.properties = dict(re.findall(r"'(.*?)' = '(.*?)'", properties[1])) if properties else {}
        self.comment = re.search(r"COMMENT '(.*?)'\n", rest)[1]
        self.location = re.search(r"LOCATION '(.*?)'", rest)[1]
        self.format = {key: re.search(rf"{key} '(.*?)'", rest)[1] for key in PARQUET}

    def sql(self, instead):
        """CREATE TABLE as Trino has it; `instead` has other values for some properties."""
        if self.format != PARQUET:
            raise SystemExit(f"{self.name}: Trino's Hive connector does not read {self.format['INPUTFORMAT']}.")
        columns = [f"{quoted(name)} {typed(of)}" for name, of in self.columns]
        for name, of in self.partitions:
            said = {key.removeprefix(f"projection.{name}."): instead.get(key, value)
                    for key, value in self.properties.items() if key.startswith(f"projection.{name}.")}  # fmt: skip
            columns.append(f"{quoted(name)} {typed(of)}{projection(said)}")
        options = ["format = 'PARQUET'", f"external_location = {text(self.location.replace(S3, 'local://'))}"]
        if self.partitions:
            options.append(f"partitioned_by = ARRAY[{', '.join(text(name) for name, _ in self.partitions)}]")
        if self.properties.get("projection.enabled") == "true":
            options.append("partition_projection_enabled = true")
        return (f"CREATE TABLE {quoted(self.database)}.{quoted(self.name)} (\n  " + ",\n  ".join(columns)
                + f"\n)\nCOMMENT {text(self.comment)}\nWITH (\n  " + ",\n  ".join(options) + "\n)")  # fmt: skip


def declared(block):
    return [(name.replace("``", "`"), of) for name, of in re.findall(r"`((?:[^`]|``)+)` (\S+?),?$", block, re.M)]


def typed(of):
    """A type of Hive's as Trino writes it."""
    array = re.fullmatch(r"array<(.*)>", of)
    if array:
        return f"array({typed(array[1])})"
    struct = re.fullmatch(r"struct<(.*)>", of)
    if struct:
        fields = (field.split(":") for field in struct[1].split(","))
        return "row(" + ", ".join(f"{quoted(name)} {typed(inner)}" for name, inner in fields) + ")"
    return TYPES.get(of, of)


def projection(said):
    """The properties of one partition column."""
    as_list = {"values", "range"}
    options = []
    for key, value in said.items():
        if key in as_list:
            value = "ARRAY[" + ", ".join(map(text, value.split(","))) + "]"
        elif key in ("interval", "digits"):
            value = str(int(value))
        else:
            value = text(value.upper() if key in ("type", "interval.unit") else value)
        options.append(f"partition_projection_{key.replace('.', '_')} = {value}")
    return f" WITH ({', '.join(options)})" if options else ""


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    return "'" + value.replace("'", "''") + "'"


# --- on a Trino


class Registered:
    """A table that Trino has, and which of its properties it did not take."""

    def __init__(self, table):
        self.table, self.refused, self.kept = table, [], 0


def tables(why, catalog, name):
    """What `why ddl` says, with every table below `S3/name`."""
    command = [why, "--catalog", catalog, "ddl", "--location", f"{S3}/{name}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    statements = (part.strip() for part in said.split(";\n\n"))
    return [Table(sql) for sql in statements if sql.startswith("CREATE EXTERNAL TABLE")]


def register(client, table, lake):
    """Creates the table on a Trino whose lake is that folder.

    Raises Failed where Trino refuses what nothing is known to stand for.
    """
    client.run(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.database)}")
    done, instead = Registered(table), {}
    while True:
        try:
            client.run(table.sql(instead))
            break
        except Failed as failed:
            if not give_way(failed, table, instead, done):
                raise
    compare(done, stored(lake, table), instead)
    return done


def give_way(failed, table, instead, done):
    """Whether something else can be said for what was refused."""
    if failed.error.get("errorName") != "INVALID_COLUMN_PROPERTY":
        return False
    for key, value in table.properties.items():
        other = INSTEAD.get((key.split(".", 2)[-1], value))
        named = "partition_projection_" + key.split(".", 2)[-1].replace(".", "_")
        if other and key not in instead and named in failed.error["message"]:
            instead[key] = other
            done.refused.append((key, value, other, failed.error["message"]))
            return True
    return False


def stored(lake, table):
    """The table's properties as Trino's metastore keeps them, in Athena's own names."""
    file = pathlib.Path(lake) / "metastore" / table.database / table.name / ".trinoSchema"
    return json.loads(file.read_text())["parameters"]


def compare(done, kept, instead):
    """Every property one to one, but for the refused; Trino writes units in lower case."""
    for key, value in done.table.properties.items():
        wanted = instead.get(key, value)
        is_same = kept.get(key, "").lower() == wanted.lower() if key.endswith("unit") else kept.get(key) == wanted
        if not is_same:
            raise SystemExit(f"{done.table.name}: {key} = {wanted} became {kept.get(key)} in Trino.")
        done.kept += key not in instead
    more = {key for key in kept if key.startswith("projection.")} - set(done.table.properties)
    if more:
        raise SystemExit(f"{done.table.name}: Trino has {sorted(more)} too, which the DDL has not.")
