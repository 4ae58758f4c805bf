"""The Hudi sample table once more, read by the hudi package: does it see the decisions we expect?"""

import pathlib
import sys
import tarfile
import tempfile

from hudi import HudiTableBuilder

DATA = pathlib.Path(__file__).parent.parent / "data" / "hudi"

with tempfile.TemporaryDirectory() as folder:
    with tarfile.open(DATA / "sp500_v6.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    table = HudiTableBuilder.from_base_uri(folder).build()
    seen = [
        decision_id
        for batch in table.read()
        for decision_id in batch.column("decision_id").to_pylist()
    ]
expected = (DATA / "sp500_v6.expected_decision_ids.txt").read_text().split()
missing, extra = set(expected) - set(seen), set(seen) - set(expected)
print(f"hudi sees {len(seen)} decisions; expected {len(expected)}; {len(missing)} missing, {len(extra)} extra")
sys.exit(bool(missing or extra or len(seen) != len(expected)))
