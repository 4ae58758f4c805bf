"""What happens to each fixture's table: a function each, by name.

Knows no more of Spark than `Table.write` says; those that the pipeline's job writes are in `jobs`.
Start at `FIXTURES`; the docstring of each is what the fixture is for.
"""

import datetime
import threading

from pyspark.sql.types import StructField, StructType

from hudi_table import CLAIM, CONTRACT, Table

FIXTURES = {}


def fixture(**layout):
    def add(build):
        FIXTURES[build.__name__] = (layout, build)
        return build
    return add


def decision(number, day, value=None, attribute="sector", entity=None, **fields):
    """A decision of the day, its time told by its number."""
    at = datetime.datetime.fromisoformat(day) + datetime.timedelta(
        hours=number % 24, milliseconds=number)
    value = value or f"value {number}"
    observed = at - datetime.timedelta(days=1)
    won = {"source": "crm", "record_id": f"C-{number}", "value": value, "observed_at": observed,
           "confidence": 0.9, "selected": True, "reason": None, "url": f"https://crm.test/{number}"}
    lost = {**won, "source": "registry", "value": None, "confidence": None, "selected": False,
            "reason": "no value", "url": None}
    return {
        "decision_id": f"d{number:04}", "entity_id": entity or 1 + number % 5,
        "attribute_name": attribute, "decided_at": at, "value": value, "previous_value": None,
        "rule": "source_priority", "rule_version": "1", "reason": "nightly", "run_id": f"run {day}",
        "actor": "pipeline", "override": number % 7 == 0, "evidence": [won, lost], **fields,
    }


def first_rows():
    """Twelve decisions in two months, of two attributes and five companies."""
    days = ["2024-01-10", "2024-02-10"]
    attributes = ["sector", "headquarters"]
    return [decision(n, days[n % 2], attribute=attributes[n // 2 % 2]) for n in range(1, 13)]


def restated(decisions, word="restated"):
    return [{**d, "value": f"{d['value']} {word}", "reason": word} for d in decisions]


SEPARATE = {"parquet__small__file__limit": "0"}
"""Every insert makes a file group of its own."""
CLEANED = {
    "clean__automatic": "true", "clean__commits__retained": "1", "archive__automatic": "true",
    "cleaner__commits__retained": "1", "keep__min__commits": "2", "keep__max__commits": "3",
    "commits__archival__batch": "1",
}


@fixture(buckets=2)
def bulk_insert(table):
    """Files of one write."""
    table.write(first_rows(), "bulk_insert")


@fixture(buckets=2)
def upsert(table):
    """Restated twice, added to, and a decision that came late to an old month."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write(restated(rows[:5]) + [decision(20, "2024-04-02"), decision(21, "2024-04-03")])
    table.write(restated(rows[:2], "restated again") + [decision(22, "2024-01-29", entity=2)])


@fixture()
def delete(table):
    """Rows deleted, one of them written again, and a partition that lost all of its rows."""
    rows = first_rows()
    table.write(rows + [decision(30, "2024-06-01", entity=1)], "bulk_insert")
    table.write(rows[2:6] + [decision(30, "2024-06-01", entity=1)], "delete")
    table.write(restated(rows[3:4], "back again"))


@fixture()
def delete_partition(table):
    """A partition deleted whole, and another that was deleted and filled again."""
    table.write(first_rows(), "bulk_insert")
    gone = "attribute_name=sector/entity_id_mod={}/created_date=2024-02-01"
    gone = ",".join(gone.format(bucket) for bucket in range(table.buckets))
    table.write(first_rows()[:1], "delete_partition",
                datasource__write__partitions__to__delete=gone)
    table.write([decision(31, "2024-02-20", entity=2)])


@fixture()
def clustering(table):
    """File groups rewritten as others, then upserted."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    more = [decision(n, "2024-02-11") for n in range(40, 46)]
    table.write(more, "insert", clustering__inline="true",
                clustering__inline__max__commits="1", **SEPARATE)
    table.write(restated(rows[:3] + more[:2]))


@fixture()
def clustering_pending(table):
    """Clustering planned and not done: the old file groups are still the truth."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write([decision(n, "2024-02-11") for n in range(40, 44)], "insert",
                clustering__schedule__inline="true", clustering__inline__max__commits="1",
                **SEPARATE)
    table.write([decision(47, "2024-05-11")], "insert", **SEPARATE)


@fixture()
def clustering_died(table):
    """Clustering that wrote its files and was killed before it completed."""
    table.write(first_rows(), "bulk_insert")
    table.write([decision(n, "2024-02-11") for n in range(40, 44)], "insert",
                clustering__inline="true", clustering__inline__max__commits="1", **SEPARATE)
    table.die_before_completing(table.timeline(".replacecommit")[-1].name.split(".")[0])


@fixture()
def insert_overwrite(table):
    """A partition replaced twice by others' rows, then upserted."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write([decision(50, "2024-02-12"), decision(51, "2024-02-13")], "insert_overwrite")
    table.write([decision(52, "2024-02-14", entity=1)], "insert_overwrite")
    table.write(restated([decision(52, "2024-02-14", entity=1)] + rows[:1]))


@fixture()
def insert_overwrite_table(table):
    """The whole table replaced."""
    table.write(first_rows(), "bulk_insert")
    table.write([decision(60, "2024-02-12"), decision(61, "2024-07-13")],
                "insert_overwrite_table")


@fixture()
def cleaned_and_archived(table):
    """Old files cleaned, old instants archived, a replacement among them."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write([decision(70, "2024-02-12")], "insert_overwrite")
    for turn in range(6):
        table.write(restated(rows[turn:turn + 2], f"turn {turn}"), **CLEANED)


@fixture()
def rolled_back(table):
    """The newest write taken back by hand."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    wrong = table.write(restated(rows[:4], "wrong") + [decision(80, "2024-08-01")])
    table.roll_back(wrong)


@fixture()
def savepoint_restored(table):
    """Back to a savepoint, over two upserts and a replacement, and on from there."""
    rows = first_rows()
    good = table.write(rows, "bulk_insert")
    table.call(f"create_savepoint(table => 't', commit_time => '{good}')")
    table.write(restated(rows[:4], "wrong") + [decision(81, "2024-08-01")])
    table.write([decision(82, "2024-02-12")], "insert_overwrite")
    table.call(f"rollback_to_savepoint(table => 't', instant_time => '{good}')")
    table.write(restated(rows[5:7], "after"))


@fixture()
def savepoint_kept(table):
    """Archived beyond a savepoint: a hole in the timeline."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    kept = table.write([decision(83, "2024-08-01")])
    table.call(f"create_savepoint(table => 't', commit_time => '{kept}')")
    for turn in range(5):
        table.write(restated(rows[turn:turn + 1], f"turn {turn}"),
                    archive__beyond__savepoint="true", **CLEANED)


@fixture()
def failed_and_rolled_back(table):
    """A write that died, taken back by the next writer."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.die_before_completing(table.write(restated(rows[:4], "died")))
    table.write(restated(rows[3:5], "after"))


LAZY = {"clean__failed__writes__policy": "LAZY", "cleaner__policy__failed__writes": "LAZY"}


@fixture()
def failed_and_left(table):
    """A write that died and another behind it, whose files nobody has removed yet."""
    rows = first_rows()
    table.write(rows, "bulk_insert", **LAZY)
    table.die_before_completing(table.write(restated(rows[:4], "died"), **LAZY))
    table.write(restated(rows[3:5], "after"), **LAZY)
    table.die_before_completing(table.write([decision(84, "2024-09-01")], **LAZY))


@fixture()
def replacement_died(table):
    """An insert_overwrite that was killed: nothing is replaced."""
    table.write(first_rows(), "bulk_insert")
    table.die_before_completing(table.write([decision(85, "2024-02-12")], "insert_overwrite"))


@fixture()
def column_added(table):
    """Columns of the contract, and one of a claim's fields, that came later; and a foreign one."""
    late = {"rule_version", "actor"}
    claim = StructType([f for f in CLAIM.fields if f.name != "url"])
    early = [f for f in CONTRACT.fields if f.name not in late]
    for place, field in enumerate(early):
        if field.name == "evidence":
            kind = type(field.dataType)(claim)
            early[place] = StructField("evidence", kind)
    rows = first_rows()
    table.write(rows, "bulk_insert", schema=StructType(early))
    # New columns go behind the old, whose order stays.
    old = [CONTRACT[f.name] for f in early]
    new = [f for f in CONTRACT.fields if f.name in late]
    foreign = [StructField("region", CONTRACT["value"].dataType)]
    table.write([{**d, "region": "EU"} for d in restated(rows[:3]) + [decision(90, "2024-05-01")]],
                schema=StructType(old + new + foreign))


@fixture(step="day", buckets=2)
def day_layout(table):
    """A partition a day, with late decisions."""
    rows = first_rows() + [decision(100, "2024-03-31"), decision(101, "2024-04-01")]
    table.write(rows, "bulk_insert")
    table.write([decision(102, "2024-02-29"), decision(103, "2024-01-10")] + restated(rows[:2]))


@fixture(order=("date", "attribute", "bucket"), buckets=2)
def date_first(table):
    """The date as the outermost folder."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write(restated(rows[:3]) + [decision(110, "2024-01-11")])


@fixture(order=("bucket", "date", "attribute"), step="day", buckets=2)
def bucket_first(table):
    """The attribute as the innermost folder."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write([decision(111, "2024-02-12")], "insert_overwrite")


ODD = ["margin %", "gross: a=b", "sector"]


@fixture(attributes=ODD, url_encode=True)
def url_encoded(table):
    """Attributes whose folders need escapes; partitions replaced among them."""
    rows = [decision(n, "2024-01-10", attribute=ODD[n % 3]) for n in range(1, 13)]
    table.write(rows, "bulk_insert")
    table.write(restated(rows[:4]))
    table.write([decision(120, "2024-01-12", attribute=ODD[1])], "insert_overwrite")


@fixture()
def two_writers(table):
    """Two writers at once under optimistic concurrency control."""
    table.write(first_rows(), "bulk_insert")
    lock = "org.apache.hudi.client.transaction.lock.InProcessLockProvider"
    options = {"write__concurrency__mode": "optimistic_concurrency_control",
               "write__lock__provider": lock, **LAZY}
    writers = [
        threading.Thread(target=table.write, kwargs={
            "decisions": [decision(130 + n, f"2024-1{n}-01", entity=e) for e in (1, 2)], **options})
        for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    table.write(restated(first_rows()[:2]), **options)


@fixture(metadata=True)
def metadata_table(table):
    """With Hudi's own index of files, as Spark writes it by default."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write(restated(rows[:3]))
    table.write(rows[3:5], "delete")


@fixture(kind="MERGE_ON_READ")
def merge_on_read(table):
    """To be refused."""
    rows = first_rows()
    table.write(rows, "bulk_insert")
    table.write(restated(rows[:3]))


@fixture(version=8)
def version_8(table):
    """To be refused."""
    table.write(first_rows(), "bulk_insert")


@fixture(version=9)
def version_9(table):
    """To be refused."""
    table.write(first_rows(), "bulk_insert")


REFUSED = {"merge_on_read", "version_8", "version_9"}


def made(spark, hudi, folder, name):
    """The fixture's table, written."""
    layout, build = FIXTURES[name]
    table = Table(spark, hudi, folder, **layout)
    build(table)
    table.wanted = None if name in REFUSED else table.rows()
    return table
