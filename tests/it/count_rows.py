"""Counts the rows of a project's files without Concord: python count_rows.py PROJECT prints {file: rows} as JSON."""

import csv
import json
import pathlib
import sys
import tomllib

import pyarrow.parquet


def n_rows(path):
    if path.suffix == ".parquet":
        return pyarrow.parquet.ParquetFile(path).metadata.num_rows
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sum(1 for record in csv.reader(lines) if record) - 1


project = pathlib.Path(sys.argv[1])
sources = tomllib.loads((project / "concord.toml").read_text(encoding="utf-8"))["sources"]
patterns = [pattern for source in sources.values() for pattern in source["files"]]
paths = sorted({path for pattern in patterns for path in project.glob(pattern)})
print(json.dumps({path.relative_to(project).as_posix(): n_rows(path) for path in paths}))
