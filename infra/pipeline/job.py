#!/usr/bin/env python3
"""Takes decisions and companies into the lake: upserts attribute_trace and attribute_latest by Spark
and Hudi, and renews the entities table.

All that Spark does is here; what a decision and a company is, which is the newest and how the tables
are laid out is in the modules beside it, without Spark. README.md says how to run it. Start at `run`.
"""

import argparse
import datetime
import json
import os
import sys
import time

import companies
import decisions
import newest
import tables
from settings import Refused, Settings


FORMATS = ["json", "parquet", "hudi", "table"]


def arguments(words, has_catalog=False):
    """Unknown ones are left alone: Glue passes its own."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--catalog", required=not has_catalog,
                        help="what `why catalog json` printed: a file")
    parser.add_argument("--decisions", help="JSON lines, Parquet, or the name of a table")
    parser.add_argument("--decisions-format", default="json", choices=FORMATS)
    parser.add_argument("--since", help="of a table: only rows decided at or after (2026-01-31)")
    parser.add_argument("--written-within", type=float, metavar="HOURS",
                        help="of JSON lines and Parquet: only files that are no older")
    parser.add_argument("--entities", help="companies: JSON lines, Parquet, or the name of a table")
    parser.add_argument("--entities-format", default="json", choices=FORMATS)
    parser.add_argument("--rebuild-latest", default="false", choices=["true", "false"],
                        help="take nothing, make the latest table anew from the trace")
    parser.add_argument("--location", help="where the lake lies, in place of the catalog's")
    parser.add_argument("--rejects", help="by default attribute_rejects in the lake")
    parser.add_argument("--run", help="names this run's rejects; by default its time")
    parser.add_argument("--max-rejects", type=float, default=0.01, help="a share")
    parser.add_argument("--cluster-every", type=int, default=24, help="commits; 0 is never")
    parser.add_argument("--now", help="the time, for a test")
    given, _ = parser.parse_known_args(words)
    if not (given.decisions or given.entities or given.rebuild_latest == "true"):
        parser.error("nothing to do: --decisions, --entities or --rebuild-latest true")
    if given.since and given.decisions_format == "json":
        parser.error("--since goes by rows of a table: of JSON lines say --written-within")
    if given.written_within and given.decisions_format not in ("json", "parquet"):
        parser.error("--written-within goes by files: of a table or of Hudi say --since")
    return given


def run(spark, given, report, catalog=None):
    """One run; `report` takes lines. `catalog` is the text that `--catalog` would name.
    What was read, refused and taken of the decisions."""
    now = datetime.datetime.fromisoformat(given.now) if given.now else datetime.datetime.now(
        datetime.timezone.utc).replace(tzinfo=None)
    if given.catalog:
        catalog = "\n".join(row.value for row in spark.read.text(given.catalog).collect())
    settings = Settings.read(catalog, given.location)
    check_clock(spark)
    if given.rebuild_latest == "true":
        return rebuild(spark, settings, given, report)
    run_id = given.run or now.strftime("%Y%m%dT%H%M%S")
    if given.entities:
        take_companies(spark, settings, given, now, run_id, report)
    return take_decisions(spark, settings, given, now, run_id, report) if given.decisions else None


def take_companies(spark, settings, given, now, run_id, report):
    """The entities table with the companies that came; those that did not come stay."""
    found = source(spark, companies.NAMES, given.entities, given.entities_format)
    rows, seen, wrong = sorted_out(
        spark, settings, found, companies.judge, given, f"{run_id}-entities", "company")
    came = last_copies(rows.map(lambda found: (found[1]["entity_id"], found)))
    taken = came.count()
    report(f"{seen} companies read, {wrong} refused, {taken} to write")
    if not taken:
        return
    path = spark._jvm.org.apache.hadoop.fs.Path
    folder = path(settings.root(settings.entities))
    files = folder.getFileSystem(spark._jsc.hadoopConfiguration())
    if files.exists(path(folder, ".hoodie")):
        raise Refused(f"{folder.toString()} is a Hudi table, and companies lie in plain Parquet: "
                      "move it away. Nothing was written.")
    older = [file.getPath() for file in files.listStatus(folder)] if files.exists(folder) else []
    older = [file for file in older if file.getName()[0] not in "._"]
    if older:
        came = came.fullOuterJoin(stored_companies(spark, older)).mapValues(
            lambda both: companies.renewed(both[1], both[0]) if all(both) else both[0] or both[1])
    frame = spark.createDataFrame(came.values().map(companies.values), companies.SCHEMA)
    # Written aside, then moved in under a name that sorts behind the others, which go last: whoever
    # reads meanwhile finds every company, and the later file counts.
    aside = path(settings.root(f"_{settings.entities}"))
    frame.coalesce(1).sortWithinPartitions("entity_id").write.mode("overwrite").option(
        "compression", "zstd").parquet(aside.toString())
    [written] = files.globStatus(path(aside, "part-*"))
    files.mkdirs(folder)
    stamp = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z"
    replace(files, [*older, aside], written.getPath(), path(folder, f"part-{stamp}-0000000.parquet"))


def replace(files, older, written, place):
    """The new file in, then the old ones out; Hadoop says by False that nothing was moved."""
    if not files.rename(written, place):
        raise Refused(f"{written.toString()} could not be moved to {place.toString()}: nothing was "
                      "removed. Run it again.")
    for file in older:
        files.delete(file, True)


def stored_companies(spark, older):
    """Those of these files, by id; the later file counts: a run may have died before it removed
    the others."""
    frame = spark.read.parquet(*[file.toString() for file in older])
    frame = frame.selectExpr("*", "_metadata.file_name")
    rows = dictionaries(frame, {**companies.NAMES, "file_name": "file_name"})
    rows = rows.map(lambda row: (row["entity_id"], (row["file_name"], row)))
    return last_copies(rows).mapValues(companies.stored)


def take_decisions(spark, settings, given, now, run_id, report):
    since = given.since and (settings.columns["decided_at"], given.since)
    written_since = None
    if given.written_within:
        earliest = now - datetime.timedelta(hours=given.written_within)
        written_since = f"{earliest:%Y-%m-%dT%H:%M:%S}"
    found = source(
        spark, settings.columns, given.decisions, given.decisions_format, since, written_since)
    rows, seen, wrong = sorted_out(
        spark, settings, found, lambda raw: decisions.judge(raw, settings, now), given, run_id,
        "decision")
    rows = last_copies(rows.map(lambda found: (identity(found[1]), found))).values().cache()
    taken = rows.count()
    report(f"{seen} rows read, {wrong} refused, {taken} decisions to write")
    if taken:
        # The trace first: what the latest table promises must be there.
        write(spark, tables.trace(settings), settings, rows, "upsert", given.cluster_every)
        if settings.latest:
            write_latest(spark, settings, rows, given.cluster_every)
    return seen, wrong, taken


def sorted_out(spark, settings, found, judge, given, run_id, what):
    """Of `(place, raw)` those that can be used as `(place, row)`, how many there were and how many
    were refused, which are kept with their reasons."""
    judged = found.map(lambda found: (*found, *judge(found[1]))).cache()
    refused = judged.filter(lambda found: found[3] is not None)
    seen, wrong = judged.count(), refused.count()
    if wrong:
        place = given.rejects or settings.root("attribute_rejects")
        keep(spark, refused, f"{place.rstrip('/')}/run_id={run_id}")
    decisions.check_share(wrong, seen, given.max_rejects, what)
    return judged.filter(lambda found: found[3] is None).map(
        lambda found: (found[0], found[2])), seen, wrong


def last_copies(rows):
    """Of `(key, (place, row))` the last row of each key."""
    return rows.groupByKey().mapValues(lambda copies: newest.once(list(copies))[1])


def check_clock(spark):
    """Spark's Python turns timestamps into the time of the place where a worker runs."""
    if spark.sparkContext.parallelize([0], 1).map(lambda _: time.timezone).first() != 0:
        raise Refused(
            "Python on the executors is not in UTC, and days would be wrong: set "
            "spark.executorEnv.TZ=UTC. Nothing was written.")


def identity(row):
    return row["attribute_name"], row["entity_id_mod"], row["created_date"], row["decision_id"]


def source(spark, names, place, kind, since=None, written_since=None):
    """`(place, raw)` of each row: where it stood in the input, and a line or a dictionary.

    `since` is a column and the earliest time in it, as text; `written_since` is that of a file.
    """
    reader = spark.read
    if kind == "table":
        frame = spark.table(place)
    elif kind == "json":
        frame = files(reader.format("text"), place, written_since).selectExpr(
            "_metadata.file_path", "_metadata.file_block_start", "monotonically_increasing_id()",
            "value")
        return frame.rdd.map(lambda row: (tuple(row)[:3], row.value)).filter(
            lambda found: found[1].strip())
    else:
        frame = files(reader.format(kind), place, written_since)
    if since:
        column, earliest = since
        frame = frame.where(f"`{column}` >= timestamp'{earliest}'")
    return dictionaries(frame, names).map(lambda row: (("", 0, 0), row))


def files(reader, place, written_since):
    if not written_since:
        return reader.load(place)
    # Where no file is new there is none to tell what columns there are.
    schema = reader.load(place).schema
    return reader.schema(schema).option("modifiedAfter", written_since).load(place)


def dictionaries(frame, columns):
    """Rows under the contract's names, whichever of both the table uses; `columns` are the table's
    by the contract's."""
    there = set(frame.columns)
    names = {name: own if own in there else name for name, own in columns.items()}
    names = {name: own for name, own in names.items() if own in there}

    def row(found):
        said = found.asDict(recursive=True)
        return {name: said[own] for name, own in names.items()}

    return frame.select(*[f"`{own}`" for own in names.values()]).rdd.map(row)


def keep(spark, refused, place):
    """Written over where the run is repeated, so that no reject stands there twice."""
    rows = refused.map(lambda found: (
        found[3],
        found[1] if isinstance(found[1], str) else json.dumps(
            found[1], default=str, ensure_ascii=False),
        str(found[0][0])))
    frame = spark.createDataFrame(rows, "reason string, raw string, file string")
    frame.write.mode("overwrite").parquet(place)


def write(spark, table, settings, rows, operation, cluster_every):
    frame = spark.createDataFrame(rows.map(table.values), table.schema(settings))
    writer = frame.write.format("hudi").options(**tables.options(table, settings, cluster_every))
    writer = writer.option("hoodie.datasource.write.operation", operation)
    writer.mode("append").save(settings.root(table.name))


def write_latest(spark, settings, rows, cluster_every):
    """Upserts the newest of what the table holds of a company and attribute and what came."""
    table = tables.latest(settings)
    came = by_company(rows.map(newest.of)).cache()
    touched = came.keys().map(lambda key: (key[0], settings.bucket(key[1]))).distinct().collect()
    stored = held(spark, settings, table, touched)
    if stored is not None:
        merged = came.leftOuterJoin(stored).mapValues(
            lambda both: both[0] if both[1] is None else newest.combined(both[1], both[0]))
    else:
        merged = came
    write(spark, table, settings, merged.values(), "upsert", cluster_every)


def by_company(rows):
    keyed = rows.map(lambda row: ((row["attribute_name"], row["entity_id"]), row))
    return keyed.reduceByKey(newest.combined)


def held(spark, settings, table, touched):
    """The latest table's rows in these partitions, by company; None before its first write."""
    root = settings.root(table.name)
    path = spark._jvm.org.apache.hadoop.fs.Path(f"{root}/.hoodie/hoodie.properties")
    if not path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path):
        return None
    attribute, bucket = (settings.columns[name] for name in ("attribute_name", "entity_id_mod"))
    frame = spark.read.format("hudi").load(root)
    frame = frame.where(frame[attribute].isin(sorted({a for a, _ in touched}))
                        & frame[bucket].isin(sorted({b for _, b in touched})))
    return dictionaries(frame, settings.columns).map(
        lambda row: ((row["attribute_name"], row["entity_id"]), row))


def rebuild(spark, settings, given, report):
    """The latest table from the whole trace: after deletes, or where it came later."""
    if not settings.latest:
        raise Refused("The catalog names no latest table: set `latest` under [lake].")
    frame = spark.read.format("hudi").load(settings.root(settings.trace))
    rows = by_company(dictionaries(frame, settings.columns).map(newest.of)).values().cache()
    taken = rows.count()
    write(spark, tables.latest(settings), settings, rows, "insert_overwrite_table", 0)
    report(f"{taken} rows of {settings.latest} made from {settings.trace}")
    return taken


def session():
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("why pipeline")
    settings = {
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
        "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        # Partitions are days of UTC; Python's side goes by `TZ`.
        "spark.sql.session.timeZone": "UTC",
        "spark.executorEnv.TZ": "UTC",
    }
    for name, value in settings.items():
        spark = spark.config(name, value)
    return spark.getOrCreate()


def main(words, catalog=None, modules=None):
    """`modules` is a zip of what stands beside this file, for the executors."""
    given = arguments(words, has_catalog=catalog is not None)
    os.environ["TZ"] = "UTC"
    time.tzset()
    spark = session()
    if modules:
        spark.sparkContext.addPyFile(modules)
    try:
        run(spark, given, print, catalog)
    except Refused as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main(sys.argv[1:])
