#!/usr/bin/env python3
"""Makes one file of the job, its modules and a catalog: what Glue, EMR and `spark-submit` take.

pack.py CATALOG.json OUT.py    CATALOG.json is what `why catalog json` printed
pack.py --check CATALOG.json   only whether the job can write that catalog's lake

The same sources and catalog give the same bytes.
"""

import base64
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from settings import Refused, Settings  # noqa: E402
from zip import pack  # noqa: E402

MODULES = ("companies", "decisions", "job", "newest", "settings", "tables")
PACKED = '''\
"""The pipeline of why, for one catalog. Made by infra/pipeline/pack.py, which says of what."""

import base64
import pathlib
import sys
import tempfile

CATALOG = {catalog!r}
MODULES = {modules!r}

place = pathlib.Path(tempfile.mkdtemp()) / "modules.zip"
place.write_bytes(base64.b64decode(MODULES))
sys.path.insert(0, str(place))

import job  # noqa: E402

job.main(sys.argv[1:], CATALOG, str(place))
'''


def packed(catalog):
    """The text of the file."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(pathlib.Path(folder) / "modules.zip")
        pack(out, {f"{name}.py": str(HERE / f"{name}.py") for name in MODULES})
        modules = base64.b64encode(pathlib.Path(out).read_bytes()).decode()
    return PACKED.format(catalog=catalog, modules=modules)


def main(words):
    if len(words) != 2:
        raise Refused(__doc__.split("\n\n")[1])
    checks = words[0] == "--check"
    catalog = pathlib.Path(words[1] if checks else words[0]).read_text(encoding="utf-8")
    if checks:
        Settings.read(catalog)
    else:
        pathlib.Path(words[1]).write_text(packed(catalog), encoding="utf-8")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, Refused) as why:
        sys.exit(str(why))
