"""Whether the zips hold a program for the architecture, and the catalog that is deployed.

check_zips.py ARCHITECTURE CATALOG ZIP...
check_zips.py --check    proves that it tells right from wrong
"""

import sys
import tempfile
import zipfile
from pathlib import Path

# The machine in an ELF header (e_machine, bytes 18 and 19).
MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}


def wrong(path, architecture, catalog):
    """What is wrong with this zip; nothing if it is right."""
    try:
        with zipfile.ZipFile(path) as zipped:
            header = zipped.open("bootstrap").read(20)
            inside = zipped.read("why.toml")
            mode = zipped.getinfo("bootstrap").external_attr >> 16
    except FileNotFoundError:
        return "is missing"
    except zipfile.BadZipFile:
        return "is no zip"
    except KeyError as error:
        return f"lacks a file: {error.args[0]}"
    if header[:4] != b"\x7fELF":
        return "holds a bootstrap that is no program"
    machine = int.from_bytes(header[18:20], "little")
    if machine != MACHINES[architecture]:
        built = [name for name, number in MACHINES.items() if number == machine]
        return f"was built for {built[0] if built else hex(machine)}, not for {architecture}"
    if not mode & 0o111:
        return "holds a bootstrap that may not be run"
    if inside != catalog:
        return "holds another catalog"
    return None


def prove():
    """One zip that is right, and each way to be wrong."""
    arm = b"\x7fELF" + bytes(14) + b"\xb7\x00"
    x86 = b"\x7fELF" + bytes(14) + b"\x3e\x00"
    cases = [
        ({"bootstrap": (arm, 0o755), "why.toml": (b"c", 0o644)}, None),
        ({"bootstrap": (x86, 0o755), "why.toml": (b"c", 0o644)}, "was built for x86_64, not for arm64"),
        ({"bootstrap": (b"#!/bin/sh\n", 0o755), "why.toml": (b"c", 0o644)}, "holds a bootstrap that is no program"),
        ({"bootstrap": (arm, 0o644), "why.toml": (b"c", 0o644)}, "holds a bootstrap that may not be run"),
        ({"bootstrap": (arm, 0o755), "why.toml": (b"d", 0o644)}, "holds another catalog"),
        ({"why.toml": (b"c", 0o644)}, "lacks a file"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        assert wrong(path, "arm64", b"c") == "is missing"
        path.write_bytes(b"no zip")
        assert wrong(path, "arm64", b"c") == "is no zip"
        for files, expected in cases:
            with zipfile.ZipFile(path, "w") as zipped:
                for name, (content, mode) in files.items():
                    entry = zipfile.ZipInfo(name)
                    entry.external_attr = mode << 16
                    zipped.writestr(entry, content)
            found = wrong(path, "arm64", b"c")
            assert (found or "").startswith(expected or "") and (found is None) == (expected is None), found


def main():
    if sys.argv[1:] == ["--check"]:
        prove()
        return 0
    architecture, catalog_path, *paths = sys.argv[1:]
    with open(catalog_path, "rb") as file:
        catalog = file.read()
    found = [(path, wrong(path, architecture, catalog)) for path in paths]
    for path, trouble in found:
        if trouble:
            print(f"{path} {trouble}.", file=sys.stderr)
    return 1 if any(trouble for _, trouble in found) else 0


if __name__ == "__main__":
    sys.exit(main())
