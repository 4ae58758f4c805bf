"""The tables that bench/layout asks: folders, metadata and DDL.

One cell (an attribute and a bucket) is asked, and only its folders exist, with a file of one row in
each: neither Trino nor Athena looks at any other. A registered table has all its partitions in the
metastore; Trino registers one and the rest are copies of what it wrote, which it then counts. Start at
`make`.
"""

import collections
import datetime
import itertools
import os

FIRST = datetime.date(2018, 1, 1)
DAYS = 3_000
LAST = FIRST + datetime.timedelta(DAYS - 1)
# Attributes and buckets: with 3,000 days 3,000, 30,000 and 102,000 partitions.
CELLS = {"3,000": (1, 1), "30,000": (5, 2), "102,000": (17, 2)}
SCHEMA = "layout"
ENTITY = 17

Table = collections.namedtuple("Table", "size grain order how name")


def every():
    """Each combination of size, grain, order of the folders, and who knows the partitions."""
    for size, grain, order, how in itertools.product(
        CELLS, ("day", "month"), ("date last", "date first"), ("registered", "projected")
    ):
        name = "_".join([grain, order.replace(" ", "_"), how, size.replace(",", "")])
        yield Table(size, grain, order, how, name)


def keys(grain):
    """The first day of each partition."""
    days = [FIRST + datetime.timedelta(n) for n in range(DAYS)]
    return [str(day) for day in days if grain == "day" or day.day == 1]


def folder(order, attribute, bucket, date):
    cell = [f"attribute_name=a{attribute}", f"entity_id_mod={bucket}"]
    date = f"created_date={date}"
    return "/".join([date, *cell] if order == "date first" else [*cell, date])


def make(client, lake):
    """All of them."""
    client.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    row = one_row(client, lake)
    for grain, order in itertools.product(("day", "month"), ("date last", "date first")):
        for date in keys(grain):
            place = lake / SCHEMA / f"{grain} {order}".replace(" ", "_") / folder(order, 0, 0, date)
            place.mkdir(parents=True, exist_ok=True)
            os.link(row, place / "row")
    for table in every():
        client.run(sql(table))
        if table.how == "registered":
            register(client, lake, table)


def one_row(client, lake):
    """A Parquet file of one row, as Trino writes it."""
    one = f"{SCHEMA}.one"
    client.run(f"CREATE TABLE {one} (entity_id bigint, decided_at timestamp(3), value varchar) WITH (format = 'PARQUET')")
    client.run(f"INSERT INTO {one} VALUES ({ENTITY}, timestamp '2020-01-01 00:00:00.000', 'x')")
    files = (lake / "metastore" / SCHEMA / "one").iterdir()
    return next(file for file in files if file.is_file() and not file.name.startswith("."))


def columns(table):
    """Partition columns in their order, each with its type and its projection."""
    attributes, buckets = CELLS[table.size]
    # Trino 476 refuses MONTHS: the months are texts, projected as an enum of their first days.
    of_dates = {
        "day": ("date", {"type": "'DATE'", "format": "'yyyy-MM-dd'", "range": array([str(FIRST), str(LAST)])}),
        "month": ("varchar", {"type": "'ENUM'", "values": array(keys("month"))}),
    }
    cell = {
        "attribute_name": ("varchar", {"type": "'ENUM'", "values": array([f"a{n}" for n in range(attributes)])}),
        "entity_id_mod": ("integer", {"type": "'INTEGER'", "range": array(["0", str(buckets - 1)])}),
    }
    date = {"created_date": of_dates[table.grain]}
    return {**date, **cell} if table.order == "date first" else {**cell, **date}


def array(values):
    return "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]"


def sql(table):
    said = ["entity_id bigint", "decided_at timestamp(3)", "value varchar"]
    is_projected = table.how == "projected"
    for name, (of, projection) in columns(table).items():
        options = ", ".join(f"partition_projection_{key} = {value}" for key, value in projection.items())
        said.append(f"{name} {of} WITH ({options})" if is_projected else f"{name} {of}")
    options = ["format = 'PARQUET'", f"partitioned_by = {array(columns(table))}"]
    options.append(f"external_location = 'local:///{SCHEMA}/{table.grain}_{table.order.replace(' ', '_')}'")
    options += ["partition_projection_enabled = true"] if is_projected else []
    return f"CREATE TABLE {SCHEMA}.{table.name} ({', '.join(said)}) WITH ({', '.join(options)})"


def register(client, lake, table):
    """Every partition into the metastore."""
    attributes, buckets = CELLS[table.size]
    values = {"attribute_name": "a0", "entity_id_mod": "0", "created_date": str(FIRST)}
    named = columns(table)
    cell = f"{array(named)}, {array([values[name] for name in named])}"
    client.run(f"CALL system.register_partition('{SCHEMA}', '{table.name}', {cell})")
    root = lake / "metastore" / SCHEMA / table.name
    first = folder(table.order, 0, 0, FIRST)
    text = (root / first / ".trinoSchema").read_text()
    for attribute, bucket, date in itertools.product(range(attributes), range(buckets), keys(table.grain)):
        path = folder(table.order, attribute, bucket, date)
        if path != first:
            place = root / path
            place.mkdir(parents=True, exist_ok=True)
            (place / ".trinoSchema").write_text(text.replace(first, path))
    _, [[count]] = client.run(f'SELECT count(*) FROM {SCHEMA}."{table.name}$partitions"')
    meant = attributes * buckets * len(keys(table.grain))
    if count != meant:
        raise SystemExit(f"{table.name}: Trino knows {count} partitions, {meant} were registered.")
