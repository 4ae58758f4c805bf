"""A Hudi table that Spark writes for the tests, and what Spark reads from it.

Knows Spark, Hudi's options and how a fixture is packed; what happens to each table is told in
`fixtures`. Start at `Table.write`.
"""

import datetime
import gzip
import io
import json
import pathlib
import shutil
import tarfile

from pyspark.sql import SparkSession
from pyspark.sql.types import (
    ArrayType, BooleanType, DateType, DoubleType, IntegerType, LongType, StringType, StructField,
    StructType, TimestampType)

CLAIM = StructType([
    StructField("source", StringType()),
    StructField("record_id", StringType()),
    StructField("value", StringType()),
    StructField("observed_at", TimestampType()),
    StructField("confidence", DoubleType()),
    StructField("selected", BooleanType()),
    StructField("reason", StringType()),
    StructField("url", StringType()),
])
CONTRACT = StructType([
    StructField("decision_id", StringType()),
    StructField("entity_id", LongType()),
    StructField("decided_at", TimestampType()),
    StructField("value", StringType()),
    StructField("previous_value", StringType()),
    StructField("rule", StringType()),
    StructField("rule_version", StringType()),
    StructField("reason", StringType()),
    StructField("run_id", StringType()),
    StructField("actor", StringType()),
    StructField("override", BooleanType()),
    StructField("evidence", ArrayType(CLAIM)),
    StructField("attribute_name", StringType()),
    StructField("entity_id_mod", IntegerType()),
    StructField("created_date", DateType()),
])
COLUMNS = {"attribute": "attribute_name", "bucket": "entity_id_mod", "date": "created_date"}


def session(hudi, bundle):
    """Spark on one core, with Hudi's bundle: a jar, or what the package manager brings."""
    spark = SparkSession.builder.master("local[1]").appName(f"fixtures {hudi}")
    if bundle:
        spark = spark.config("spark.jars", bundle)
    else:
        package = f"org.apache.hudi:hudi-spark3.5-bundle_2.12:{hudi}"
        spark = spark.config("spark.jars.packages", package)
    settings = {
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.kryo.registrator": "org.apache.spark.HoodieSparkKryoRegistrar",
        "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.hudi.catalog.HoodieCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -XX:TieredStopAtLevel=1",
    }
    for name, value in settings.items():
        spark = spark.config(name, value)
    spark = spark.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


class Table:
    """One table, and the layout that the catalog beside it says."""

    def __init__(self, spark, hudi, folder, order=("attribute", "bucket", "date"), buckets=1,
                 step="month", attributes=("sector", "headquarters"), url_encode=False, version=6,
                 kind="COPY_ON_WRITE", metadata=False, latest=None):
        self.spark, self.folder, self.path = spark, folder, str(folder / "table")
        self.order, self.buckets, self.step, self.attributes = order, buckets, step, attributes
        self.latest = latest
        columns = ",".join(COLUMNS[column] for column in order)
        self.options = {
            "hoodie.table.name": "attribute_trace",
            "hoodie.datasource.write.table.type": kind,
            "hoodie.datasource.write.recordkey.field": "decision_id",
            "hoodie.datasource.write.precombine.field": "decided_at",
            "hoodie.datasource.write.partitionpath.field": columns,
            "hoodie.datasource.write.keygenerator.class":
                "org.apache.hudi.keygen.ComplexKeyGenerator",
            "hoodie.datasource.write.hive_style_partitioning": "true",
            "hoodie.datasource.write.partitionpath.urlencode": str(url_encode).lower(),
            "hoodie.metadata.enable": str(metadata).lower(),
            "hoodie.index.bloom.num_entries": "100",
            "hoodie.parquet.compression.codec": "zstd",
            "hoodie.clean.automatic": "false",
            "hoodie.archive.automatic": "false",
            "hoodie.embed.timeline.server": "false",
        }
        for name in ("upsert", "insert", "bulkinsert", "delete"):
            self.options[f"hoodie.{name}.shuffle.parallelism"] = "1"
        if not hudi.startswith("0."):
            self.options["hoodie.write.table.version"] = str(version)
            self.options["hoodie.write.auto.upgrade"] = "false"
            # One record key in a ComplexKeyGenerator: releases differ in how they write it.
            self.options["hoodie.write.complex.keygen.validation.enable"] = "false"

    def row(self, decision):
        """The decision with its partition columns."""
        day = decision["decided_at"].date()
        return {
            **decision,
            "entity_id_mod": decision["entity_id"] % self.buckets,
            "created_date": day.replace(day=1) if self.step == "month" else day,
        }

    def frame(self, decisions, schema=CONTRACT):
        rows = [self.row(decision) for decision in decisions]
        rows = [tuple(shaped(row.get(f.name), f.dataType) for f in schema.fields) for row in rows]
        return self.spark.createDataFrame(rows, schema)

    def write(self, decisions, operation="upsert", schema=CONTRACT, mode="append", **options):
        """Options' names are Hudi's with `__` for dots and without `hoodie`. The instant."""
        own = {"hoodie." + name.replace("__", "."): value for name, value in options.items()}
        own = {**self.options, "hoodie.datasource.write.operation": operation, **own}
        frame = self.frame(decisions, schema)
        frame.write.format("hudi").options(**own).mode(mode).save(self.path)
        return self.newest()

    def timeline(self, ending):
        return sorted((pathlib.Path(self.path) / ".hoodie").glob(f"*{ending}"))

    def newest(self):
        """The instant of the newest completed write."""
        done = [*self.timeline(".commit"), *self.timeline(".replacecommit")]
        return max((path.name.split(".")[0] for path in done), default=None)

    def die_before_completing(self, instant):
        """As if the writer had been killed before its last step: the completed marker."""
        for ending in ("commit", "replacecommit"):
            (pathlib.Path(self.path) / f".hoodie/{instant}.{ending}").unlink(missing_ok=True)
            (pathlib.Path(self.path) / f".hoodie/.{instant}.{ending}.crc").unlink(missing_ok=True)

    def call(self, procedure):
        """One of Hudi's SQL procedures; `t` is this table."""
        # On 1.x a procedure would raise the table's version.
        for name, value in self.options.items():
            if name.startswith(("hoodie.write.", "hoodie.metadata.")):
                self.spark.conf.set(name, value)
        self.spark.sql("drop table if exists t")
        self.spark.sql(f"create table t using hudi location '{self.path}'")
        self.spark.sql(f"call {procedure}").collect()
        self.spark.sql("drop table if exists t")

    def roll_back(self, instant):
        """By the client that Hudi's procedure calls too: that of 1.1.1 looks for a timeline of
        version 8 in a table of version 6."""
        hudi = self.spark._jvm.org.apache.hudi
        config = hudi.config.HoodieWriteConfig.newBuilder().withPath(self.path)
        config = config.withProps(self.options).build()
        context = hudi.client.common.HoodieSparkEngineContext(self.spark._jsc)
        client = hudi.client.SparkRDDWriteClient(context, config)
        assert client.rollback(instant)
        client.close()

    def rows(self):
        """What Spark reads, by decision."""
        self.spark.catalog.clearCache()
        names = [f.name for f in CONTRACT.fields[:-2]]
        frame = self.spark.read.format("hudi").load(self.path)
        names = [name for name in names if name in frame.columns]
        rows = [row.asDict(recursive=True) for row in frame.select(*names).collect()]
        return sorted(rows, key=lambda row: (row["decision_id"], row["attribute_name"],
                                             row["decided_at"]))

    def catalog_json(self):
        """As `why catalog json` prints it."""
        names = [field.name for field in CONTRACT.fields] + ["decision_dates"]
        return json.dumps({
            "version": 1, "location": ".", "database": "why", "format": "hudi",
            "tables": {"trace": "table", "latest": self.latest, "entities": "entities"},
            "layout": {"order": [COLUMNS[column] for column in self.order],
                       "buckets": self.buckets, "step": self.step, "first_date": "2020-01-01"},
            "columns": {name: name for name in names}, "attributes": list(self.attributes),
        })

    def catalog(self):
        order = ", ".join(f'"{column}"' for column in self.order)
        attributes = "\n".join(f"[attributes.{json.dumps(name)}]" for name in self.attributes)
        latest = f'latest = "{self.latest}"\n' if self.latest else ""
        return (
            f'[lake]\nlocation = "."\ntrace = "table"\n{latest}format = "hudi"\n'
            f"[layout]\norder = [{order}]\nbuckets = {self.buckets}\nstep = \"{self.step}\"\n"
            f"first_date = 2020-01-01\n{attributes}\n")


def shaped(value, kind):
    """A dictionary as the tuple that a struct wants."""
    if isinstance(kind, ArrayType) and value is not None:
        return [shaped(item, kind.elementType) for item in value]
    if isinstance(kind, StructType) and value is not None:
        return tuple(shaped(value.get(field.name), field.dataType) for field in kind.fields)
    return value


def text(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    raise TypeError(type(value))


def pack(table, place):
    """The catalog, the table and the rows that Spark reads, where the tests find them."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "why.toml").write_text(table.catalog())
    if table.wanted is not None:
        lines = [json.dumps(row, default=text, ensure_ascii=False) for row in table.wanted]
        (place / "rows.jsonl").write_text("".join(line + "\n" for line in lines))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(table.folder.rglob("*")):
            if path.suffix != ".crc":
                archive.add(path, path.relative_to(table.folder), recursive=False, filter=nobody)
    (place / "table.tar.gz").write_bytes(gzip.compress(packed.getvalue(), 9, mtime=0))


def nobody(member):
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member
