"""Whether the zips hold a program for the architecture, and the catalog that is deployed.

check_zips.py ARCHITECTURE CATALOG ZIP...
"""

import sys
import zipfile

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


def main():
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
