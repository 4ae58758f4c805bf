"""Zips files so that the same files give the same bytes: no times, no owners, a fixed order.

Usage: zip.py OUT.zip NAME=FILE… ; or zip.py --check, which proves it.
"""

import os
import sys
import tempfile
import zipfile

# The earliest that a zip can say.
NEVER = (1980, 1, 1, 0, 0, 0)
UNIX = 3
# Lambda runs as another user than the one who zips.
PROGRAM, FILE = 0o755, 0o644


def pack(out, entries):
    """`entries` maps names in the zip to files."""
    unfinished = out + ".unfinished"
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, file in sorted(entries.items()):
            mode = PROGRAM if name == "bootstrap" else FILE
            entry = zipfile.ZipInfo(name, NEVER)
            entry.create_system = UNIX
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            with open(file, "rb") as content:
                archive.writestr(entry, content.read(), compresslevel=9)
    os.replace(unfinished, out)


def check():
    """The same content in other files, written at other times, in another order."""
    with tempfile.TemporaryDirectory() as folder:
        def put(name, content, age, mode):
            file = os.path.join(folder, name)
            with open(file, "wb") as written:
                written.write(content)
            os.chmod(file, mode)
            os.utime(file, (age, age))
            return file

        def packed(entries):
            out = os.path.join(folder, "out.zip")
            pack(out, entries)
            with open(out, "rb") as zipped:
                return zipped.read()

        program, catalog = os.urandom(1000) + b"x" * 100_000, b"[lake]\n"
        first = packed({
            "bootstrap": put("a", program, 1_000_000_000, 0o700),
            "why.toml": put("b", catalog, 1_000_000_000, 0o600),
        })
        second = packed({
            "why.toml": put("c", catalog, 1_700_000_000, 0o666),
            "bootstrap": put("d", program, 1_700_000_000, 0o755),
        })
        other = packed({
            "bootstrap": put("e", program + b"y", 1_000_000_000, 0o700),
            "why.toml": put("f", catalog, 1_000_000_000, 0o600),
        })
        assert first == second, "the same files gave other bytes"
        assert first != other, "other files gave the same bytes"
        with zipfile.ZipFile(os.path.join(folder, "out.zip")) as archive:
            modes = [(e.filename, e.external_attr >> 16 & 0o777) for e in archive.infolist()]
        assert modes == [("bootstrap", PROGRAM), ("why.toml", FILE)], modes
    print("zip.py: the same files give the same bytes")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        pack(sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:]))
