"""A company as it comes, judged, and how it joins the entities table.

Takes what `why import --entities` takes, line by line, or rows of a table as dictionaries. Pure
Python: knows no Spark. Start at `judge`.
"""

from decisions import Unusable, filled, integer, listed, number, parsed, required, text

"""Column and type, as Spark's DDL has them."""
COLUMNS = {
    "entity_id": "bigint",
    "name": "string",
    "domain": "string",
    "aliases": "array<string>",
    "parent_id": "bigint",
    "rank": "double",
}
NAMES = {name: name for name in COLUMNS}
SCHEMA = ", ".join(f"`{name}` {kind}" for name, kind in COLUMNS.items())


def judge(raw):
    """`(row, None)` or `(None, reason)`. `raw` is a line of JSON or a dictionary."""
    try:
        return company(parsed(raw) if isinstance(raw, (str, bytes)) else raw), None
    except Unusable as why:
        return None, str(why)


def company(said):
    row = {"entity_id": integer("entity_id", required(said, "entity_id"))}
    row["name"] = filled(said, "name").strip()
    row["domain"] = (text("domain", said.get("domain")) or "").strip() or None
    row["aliases"] = [
        filled({"an alias": alias}, "an alias").strip()
        for alias in listed("aliases", said.get("aliases"))]
    parent, rank = said.get("parent_id"), said.get("rank")
    row["parent_id"] = None if parent is None else integer("parent_id", parent)
    row["rank"] = 0.0 if rank is None else number("rank", rank)
    return row


def stored(row):
    """A row of the table, which somebody else may have written: what it has no column for is not
    known."""
    row = {name: row.get(name) for name in COLUMNS}
    return {**row, "aliases": row["aliases"] or [], "rank": row["rank"] or 0.0}


def renewed(before, after):
    """A company in the place of its older self, whose names it keeps as aliases."""
    aliases = list(after["aliases"])
    for name in [*before["aliases"], before["name"]]:
        if name and name != after["name"] and name not in aliases:
            aliases.append(name)
    return {**after, "aliases": aliases}


def values(row):
    """A row in the order of the schema."""
    return tuple(row[name] for name in COLUMNS)
