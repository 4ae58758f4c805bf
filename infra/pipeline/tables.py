"""The Hudi tables that the pipeline writes: their columns, and Hudi's options with the reason of each.

Pure: dictionaries of options, no Spark. Start at `options`.
"""

import dataclasses

"""Column and type, as Spark's DDL has them; names are the contract's."""
CLAIM = (
    "struct<source:string,record_id:string,value:string,observed_at:timestamp,"
    "confidence:double,selected:boolean,reason:string,url:string>")
CONTRACT = {
    "decision_id": "string",
    "entity_id": "bigint",
    "decided_at": "timestamp",
    "value": "string",
    "previous_value": "string",
    "rule": "string",
    "rule_version": "string",
    "reason": "string",
    "run_id": "string",
    "actor": "string",
    "override": "boolean",
    "evidence": f"array<{CLAIM}>",
    "attribute_name": "string",
    "entity_id_mod": "int",
    "created_date": "date",
}
LATEST = {
    **{name: kind for name, kind in CONTRACT.items() if name != "created_date"},
    "decision_dates": "array<date>",
}
CLAIM_FIELDS = tuple(field.split(":")[0] for field in CLAIM[len("struct<"):-1].split(","))


@dataclasses.dataclass(frozen=True)
class Table:
    """One of the two, with the team's own names."""

    name: str
    columns: dict
    """Makes a row itself within its partition. Two columns, since Hudi's releases differ in how
    they write a key of one: rows upserted by another release would stand there twice. The
    attribute is the same in all of a partition."""
    key: tuple

    def schema(self, settings):
        """Spark's DDL."""
        return ", ".join(
            f"`{settings.columns[name]}` {kind}" for name, kind in self.columns.items())

    def values(self, row):
        """A row in the order of the schema."""
        return tuple(
            [tuple(claim[field] for field in CLAIM_FIELDS) for claim in row[name]]
            if name == "evidence" else row[name]
            for name in self.columns)


def trace(settings):
    return Table(settings.trace, CONTRACT, ("attribute_name", "decision_id"))


def latest(settings):
    return Table(settings.latest, LATEST, ("attribute_name", "entity_id"))


def options(table, settings, cluster_every):
    """Hudi's options for a write to the table; `cluster_every` counts commits, 0 is never."""
    own = settings.columns
    chosen = {
        "hoodie.table.name": table.name,
        "hoodie.datasource.write.table.name": table.name,
        # Athena reads no other: merge-on-read fails there, and so does a version above 6.
        "hoodie.datasource.write.table.type": "COPY_ON_WRITE",
        "hoodie.write.table.version": "6",
        "hoodie.write.auto.upgrade": "false",
        "hoodie.datasource.write.recordkey.field": ",".join(own[name] for name in table.key),
        "hoodie.datasource.write.keygenerator.class": "org.apache.hudi.keygen.ComplexKeyGenerator",
        "hoodie.datasource.write.partitionpath.field":
            ",".join(settings.partition_columns(table.name)),
        # Where partition projection and the direct engine look.
        "hoodie.datasource.write.hive_style_partitioning": "true",
        "hoodie.datasource.write.partitionpath.urlencode": "true",
        # What comes later counts, whatever its times say: the job has chosen between copies.
        "hoodie.datasource.write.precombine.field": own["decided_at"],
        "hoodie.datasource.write.payload.class":
            "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload",
        "hoodie.combine.before.upsert": "false",
        # The tables are made from the catalog (`why ddl`, the template) and never altered: a
        # sync would register partitions that nobody reads, and change columns under readers.
        "hoodie.datasource.hive_sync.enable": "false",
        "hoodie.datasource.meta.sync.enable": "false",
        # Into each file's footer goes a filter for so many keys, and every reader fetches it:
        # with the default of 60,000 that is 430 kB.
        "hoodie.index.type": "BLOOM",
        "hoodie.index.bloom.num_entries": "1000",
        # A company's rows lie together, in few pages of small row groups.
        "hoodie.bulkinsert.user.defined.partitioner.class":
            "org.apache.hudi.execution.bulkinsert.RDDCustomColumnsSortPartitioner",
        "hoodie.bulkinsert.user.defined.partitioner.sort.columns": own["entity_id"],
        "hoodie.parquet.block.size": str(16 * 1024 * 1024),
        "hoodie.parquet.compression.codec": "zstd",
        # Questions that began before a commit still find their files ten commits later.
        "hoodie.clean.automatic": "true",
        "hoodie.cleaner.commits.retained": "10",
        "hoodie.keep.min.commits": "20",
        "hoodie.keep.max.commits": "30",
        "hoodie.clustering.inline": str(cluster_every > 0).lower(),
    }
    if cluster_every:
        # Upserts append to what is there: from time to time it is sorted anew, and small files
        # become one.
        chosen.update({
            "hoodie.clustering.inline.max.commits": str(cluster_every),
            "hoodie.clustering.plan.strategy.sort.columns": own["entity_id"],
            "hoodie.clustering.plan.strategy.small.file.limit": str(64 * 1024 * 1024),
            "hoodie.clustering.plan.strategy.target.file.max.bytes": str(256 * 1024 * 1024),
        })
    return chosen
