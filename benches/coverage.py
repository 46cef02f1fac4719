"""How often do the intervals of a run cover what the generator knows to be true?

    benches/coverage.py PROGRAM [SEEDS] [MONTHS]

Makes the example bank with SEEDS seeds (default 5), runs each, and compares the feeds with truth.json: by kind of figure the number
of intervals, the share that covers, and the exact two-sided binomial p against 95 %. Ends with exit code 1 when a kind with at least
300 intervals lies outside 90 to 99 %, or a smaller one has p < .001. 300 seeds serve the kinds that give one interval a run.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict

import polars as pl
from scipy.stats import binomtest


def intervals(program, seed, months):
    """Yields (kind, lower, upper, truth) of one bank."""
    with tempfile.TemporaryDirectory() as folder:
        bank = pathlib.Path(folder) / "bank"
        for call in (["init", "--example", "bank", "--seed", str(seed), "--months", str(months), bank], ["run", bank]):
            subprocess.run([program, "--quiet", *call], check=True, stdout=subprocess.DEVNULL)
        truth = json.loads((bank / "truth.json").read_text())
        feeds = bank / "feeds"
        partition = next((feeds / "measures").glob("month=*"))
        month = partition.name.removeprefix("month=")
        figures = pl.read_parquet(partition / "*.parquet").filter(pl.col("lower").is_not_null())
        found = {(r["department"], r["measure"], r["window_months"]): r for r in figures.iter_rows(named=True)}
        for value in truth["values"]:
            if value["month"] == month:
                yield from measures(truth["measures"], value, found)
        relations = pl.read_parquet(next((feeds / "relations").glob("month=*")) / "*.parquet")
        yield from outcomes(truth, relations)


def measures(names, value, found):
    department = "all" if value["department"] == "*" else value["department"]
    window = value["window"]
    for name, truth in zip(names, value.get("respondents") or []):
        row = found.get((department, name, window))
        if row and truth is not None:
            kind = f"{name.split(':')[0]}, {window} months, {'bank' if department == 'all' else 'department'}"
            yield kind, row["lower"], row["upper"], truth
    if window == 12:
        for commitment, truth in (value.get("kept") or {}).items():
            row = found.get((department, f"kept:{commitment}", window))
            if row and department != "all" and row["n"] >= 20:
                yield "kept share, 12 months, department", row["lower"], row["upper"], truth


def outcomes(truth, relations):
    """Differences of the satisfaction index between outcomes, over the whole time."""
    told = {row["outcome"]: row["respondents"][0] for row in truth["outcomes"]}
    differences = relations.filter((pl.col("relation") == "satisfaction-by-outcome") & (pl.col("kind") == "difference"))
    for row in differences.iter_rows(named=True):
        if row["lower"] is not None and row["class"] in ("breached_remedied", "breached_unremedied"):
            yield f"index, {row['class']} against kept", row["lower"], row["upper"], told[row["class"]] - told["kept"]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    months = int(sys.argv[3]) if len(sys.argv) > 3 else 24
    counts = defaultdict(lambda: [0, 0])
    for seed in range(1, seeds + 1):
        for kind, lower, upper, truth in intervals(program, seed, months):
            counts[kind][0] += 1
            counts[kind][1] += lower <= truth <= upper
    failed = False
    print(f"{'kind':60} {'n':>6} {'covered':>8} {'p':>8}")
    for kind, (n, covered) in sorted(counts.items()):
        p = binomtest(covered, n, 0.95).pvalue
        share = covered / n
        bad = not 0.90 <= share <= 0.99 if n >= 300 else p < 0.001
        failed |= bad
        print(f"{kind:60} {n:6} {share:8.3f} {p:8.2g}{'  <-' if bad else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
