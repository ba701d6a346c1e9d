"""One hash per content and link table over its sorted rows: python -m benchmarks.hashes HOME [--files]

Row hashes are equal for other worker counts, batch sizes and orders of arrival; with --files, the sha256 of every
content and link file, equal for the same settings and input.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from warehouse.lake import Home, file_sha256, read_manifests, read_part
from warehouse.schema import STAGES


def row_hashes(home: Home) -> dict[str, str]:
    """sha256 over the sorted rows of each content and link table."""
    out = {}
    for stage, tables in STAGES.items():
        keys = sorted(read_manifests(home, stage))
        for table in tables:
            rows = sorted(repr(sorted(r.items())) for key in keys for r in read_part(home, table.name, key).to_pylist())
            out[table.name] = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return out


def file_hashes(home: Home) -> dict[str, str]:
    """sha256 of every content and link file, by its path in the lake."""
    files = sorted(p for stage in STAGES.values() for t in stage for p in (home.lake / t.name).glob("*.parquet"))
    return {str(p.relative_to(home.lake)): file_sha256(p) for p in files}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--files", action="store_true")
    given = parser.parse_args()
    for name, value in (file_hashes if given.files else row_hashes)(Home(given.home.resolve())).items():
        print(f"{value}  {name}")
