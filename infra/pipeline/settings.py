"""What the pipeline must know of a lake: read from what `why catalog json` prints.

Knows neither Spark nor Hudi. Start at `Settings.read`.
"""

from __future__ import annotations

import dataclasses
import datetime
import json

VERSION = 1


class Refused(Exception):
    """What the job can't work with: said in words, with what to do."""


@dataclasses.dataclass(frozen=True)
class Settings:
    location: str
    trace: str
    latest: str | None
    entities: str
    """Partition columns from the outermost folder, by their names in the contract."""
    order: tuple
    buckets: int
    step: str
    first_date: datetime.date
    """The team's own names by those of the contract."""
    columns: dict
    attributes: frozenset

    @staticmethod
    def read(text, location=None):
        """`location` takes the place of the catalog's, which may be relative to its file."""
        try:
            said = json.loads(text)
        except ValueError as error:
            raise Refused(f"The catalog is not JSON ({error}): print it with `why catalog json`.")
        if not isinstance(said, dict) or said.get("version") != VERSION:
            raise Refused(
                f"The catalog's JSON is not of version {VERSION}: print it with the `why` that "
                "this job came with (`why catalog json`).")
        if said["format"] != "hudi":
            raise Refused(
                'The catalog says format = "parquet", and this job writes Hudi tables: say '
                'format = "hudi" under [lake].')
        location = location or said["location"]
        if "://" not in location and not location.startswith("/"):
            raise Refused(
                f"The catalog's location is {location}, relative to its file: say where the lake "
                "lies with --location.")
        layout = said["layout"]
        return Settings(
            location=location.rstrip("/"),
            trace=said["tables"]["trace"],
            latest=said["tables"]["latest"],
            entities=said["tables"]["entities"],
            order=tuple(layout["order"]),
            buckets=layout["buckets"],
            step=layout["step"],
            first_date=datetime.date.fromisoformat(layout["first_date"]),
            columns=said["columns"],
            attributes=frozenset(said["attributes"]),
        )

    def bucket(self, entity_id):
        return entity_id % self.buckets

    def date(self, decided_at):
        """The key of the partition in time."""
        day = decided_at.date()
        return day.replace(day=1) if self.step == "month" else day

    def root(self, table):
        return f"{self.location}/{table}"

    def partition_columns(self, table):
        """The team's names of a table's partition columns, from the outermost."""
        order = self.order
        if table == self.latest:
            order = [column for column in order if column != "created_date"]
        return [self.columns[column] for column in order]
