#!/usr/bin/env python3
"""Writes the Hudi tables that the direct engine is tested with, by Spark.

Each fixture becomes a folder of tests/data/hudi/spark: the table, its catalog, and the rows that
Spark reads from it. README.md beside them says how to run this. Start at `fixtures`.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time
import traceback

os.environ["TZ"] = "UTC"
time.tzset()

import jobs  # noqa: E402, F401 (it adds its own)
from fixtures import FIXTURES, made  # noqa: E402
from hudi_table import pack, session  # noqa: E402

PLACE = pathlib.Path(__file__).resolve().parents[2] / "data/hudi/spark"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--hudi", required=True, help="Hudi's release: 0.15.0")
    arguments.add_argument("--bundle", help="its bundle, where it is on this machine already")
    arguments.add_argument("--only", help="names of fixtures, with commas")
    arguments = arguments.parse_args()
    names = arguments.only.split(",") if arguments.only else list(FIXTURES)
    if arguments.hudi.startswith("0."):
        names = [name for name in names if not name.startswith("version_")]
    spark = session(arguments.hudi, arguments.bundle)
    failed = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                table = made(spark, arguments.hudi, pathlib.Path(folder), name)
            except Exception:  # The others are made all the same.
                traceback.print_exc()
                failed.append(name)
                continue
            place = PLACE / f"{name}-{arguments.hudi}"
            pack(table, place)
        size = sum(file.stat().st_size for file in place.iterdir())
        rows = "refused" if table.wanted is None else f"{len(table.wanted)} rows"
        print(f"{place.name}: {rows}, {size} bytes", flush=True)
    if failed:
        sys.exit(f"not made: {', '.join(failed)}")


if __name__ == "__main__":
    main()
