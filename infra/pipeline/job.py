#!/usr/bin/env python3
"""Takes decisions into the lake: upserts attribute_trace and attribute_latest, by Spark and Hudi.

All that Spark does is here; what a decision is, which is the newest and how the tables are laid
out is in the modules beside it, without Spark. README.md says how to run it. Start at `run`.
"""

import argparse
import datetime
import json
import os
import sys
import time

import decisions
import newest
import tables
from settings import Refused, Settings


def arguments(words):
    """Unknown ones are left alone: Glue passes its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", required=True, help="what `why catalog json` printed: a file")
    parser.add_argument("--decisions", help="JSON lines, Parquet, or the name of a table")
    parser.add_argument(
        "--decisions-format", default="json", choices=["json", "parquet", "hudi", "table"])
    parser.add_argument("--since", help="of a table: only rows decided at or after (2026-01-31)")
    parser.add_argument("--rebuild-latest", default="false", choices=["true", "false"],
                        help="make the latest table anew from the trace")
    parser.add_argument("--location", help="where the lake lies, in place of the catalog's")
    parser.add_argument("--rejects", help="by default attribute_rejects in the lake")
    parser.add_argument("--run", help="names this run's rejects; by default its time")
    parser.add_argument("--max-rejects", type=float, default=0.01, help="a share")
    parser.add_argument("--cluster-every", type=int, default=24, help="commits; 0 is never")
    parser.add_argument("--now", help="the time, for a test")
    given, _ = parser.parse_known_args(words)
    if bool(given.decisions) == (given.rebuild_latest == "true"):
        parser.error("either --decisions or --rebuild-latest true")
    return given


def run(spark, given, report):
    """One run; `report` takes lines."""
    now = datetime.datetime.fromisoformat(given.now) if given.now else datetime.datetime.now(
        datetime.timezone.utc).replace(tzinfo=None)
    text = "\n".join(row.value for row in spark.read.text(given.catalog).collect())
    settings = Settings.read(text, given.location)
    check_clock(spark)
    if given.rebuild_latest == "true":
        return rebuild(spark, settings, given, report)
    run_id = given.run or now.strftime("%Y%m%dT%H%M%S")
    judged = source(spark, settings, given).map(
        lambda found: (found[0], found[1], *decisions.judge(found[1], settings, now))).cache()
    refused = judged.filter(lambda found: found[3] is not None)
    seen, wrong = judged.count(), refused.count()
    if wrong:
        place = given.rejects or settings.root("attribute_rejects")
        keep(spark, refused, f"{place.rstrip('/')}/run_id={run_id}")
    decisions.check_share(wrong, seen, given.max_rejects)
    rows = judged.filter(lambda found: found[3] is None).map(
        lambda found: (identity(found[2]), (found[0], found[2])))
    rows = rows.groupByKey().values().map(lambda copies: newest.once(list(copies))[1]).cache()
    taken = rows.count()
    report(f"{seen} rows read, {wrong} refused, {taken} decisions to write")
    if taken:
        # The trace first: what the latest table promises must be there.
        write(spark, tables.trace(settings), settings, rows, "upsert", given.cluster_every)
        if settings.latest:
            write_latest(spark, settings, rows, given.cluster_every)
    return seen, wrong, taken


def check_clock(spark):
    """Spark's Python turns timestamps into the time of the place where a worker runs."""
    if spark.sparkContext.parallelize([0], 1).map(lambda _: time.timezone).first() != 0:
        raise Refused(
            "Python on the executors is not in UTC, and days would be wrong: set "
            "spark.executorEnv.TZ=UTC. Nothing was written.")


def identity(row):
    return row["attribute_name"], row["entity_id_mod"], row["created_date"], row["decision_id"]


def source(spark, settings, given):
    """`(place, raw)` of each row: where it stood in the input, and a line or a dictionary."""
    if given.decisions_format == "json":
        lines = spark.read.text(given.decisions).selectExpr(
            "_metadata.file_path", "_metadata.file_block_start", "monotonically_increasing_id()",
            "value")
        return lines.rdd.map(lambda row: (tuple(row)[:3], row.value)).filter(
            lambda found: found[1].strip())
    reader = spark.read.format(given.decisions_format)
    frame = (spark.table(given.decisions) if given.decisions_format == "table"
             else reader.load(given.decisions))
    if given.since:
        frame = frame.where(f"`{settings.columns['decided_at']}` >= timestamp'{given.since}'")
    return dictionaries(frame, settings).map(lambda row: (("", 0, 0), row))


def dictionaries(frame, settings):
    """Rows under the contract's names, whichever of both the table uses."""
    there = set(frame.columns)
    names = {name: own if own in there else name for name, own in settings.columns.items()}
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
    return dictionaries(frame, settings).map(
        lambda row: ((row["attribute_name"], row["entity_id"]), row))


def rebuild(spark, settings, given, report):
    """The latest table from the whole trace: after deletes, or where it came later."""
    if not settings.latest:
        raise Refused("The catalog names no latest table: set `latest` under [lake].")
    frame = spark.read.format("hudi").load(settings.root(settings.trace))
    rows = by_company(dictionaries(frame, settings).map(newest.of)).values().cache()
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


def main(words):
    given = arguments(words)
    os.environ["TZ"] = "UTC"
    time.tzset()
    spark = session()
    try:
        run(spark, given, print)
    except Refused as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main(sys.argv[1:])
