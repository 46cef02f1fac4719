"""Compares `concord stat` with the golden files of `shared/golden`: python golden.py [--markdown] PROGRAM SHARED [AREA ...].

Each area is a module `cases_AREA.py` beside this one with a function `cases(real, golden)` that yields `Case`s: which rows of which golden
file a call of the program must give. Every number of the file that no case gives is told as missing, with the reason where one is stated.
"""

import csv
import dataclasses
import importlib
import pathlib
import re
import subprocess
import sys
import tempfile
from collections import defaultdict

RELATIVE = {"exact": 1e-9, "iterative": 1e-4, "montecarlo": 0.0}


@dataclasses.dataclass
class Case:
    """One call and the golden rows it must give."""

    file: str  # golden file without .csv
    case: str  # its case
    table: object  # pandas data frame the program reads
    arguments: list  # method and options, without the table
    rename: object = None  # (element, quantity) of a golden row -> those of the program's row
    only: object = None  # golden row (dict) -> whether this call must give it; all by default
    unlike: dict = dataclasses.field(default_factory=dict)  # quantity (regular expression) -> why the program gives something else


@dataclasses.dataclass
class Tally:
    """What became of the rows of one method and peer."""

    rows: int = 0
    same: int = 0
    worst: float = 0.0
    wrong: list = dataclasses.field(default_factory=list)
    excused: dict = dataclasses.field(default_factory=lambda: defaultdict(int))


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def call(program, case, folder):
    """Runs one case and returns {(element, quantity): value or text}; the table's own index is not written."""
    path = pathlib.Path(folder) / "table.csv"
    case.table.to_csv(path, index=False, float_format="%.17g")
    method, *options = case.arguments
    done = subprocess.run([*program, method, path, *map(str, options)], capture_output=True, text=True)
    if done.returncode:
        print(f"{case.file} {case.case}: {done.stderr.strip()}")
        return {}
    rows = csv.DictReader(done.stdout.splitlines())
    return {(row["element"], row["quantity"]): row["value"] or row["text"] or row["reason"] for row in rows}


def spreads(rows):
    """Returns the spread of the peers' own simulations: {(element, quantity): standard deviation of one run}."""
    suffix = "_sd_of_one_run"
    return {(r["element"], r["quantity"].removesuffix(suffix)): float(r["value"]) for r in rows if r["quantity"].endswith(suffix)}


def extremes(rows):
    """Returns how far the peers' own simulations of a rank reach beyond their median: {(element, quantity of the median): extreme}."""
    ends = {"rank_low_min": "rank_low_median", "rank_high_max": "rank_high_median"}
    return {(r["element"], ends[r["quantity"]]): float(r["value"]) for r in rows if r["quantity"] in ends}


def is_spread(row):
    """Tells whether a row describes the spread of a peer's simulations, not a result."""
    return row["quantity"].endswith("_sd_of_one_run") or row["quantity"] in ("rank_low_min", "rank_high_max")


def difference(golden, own):
    """Returns how far two numbers lie apart, relative to the larger; absolutely below 1e-3, where a relative difference says little."""
    return abs(golden - own) / max(abs(golden), 1e-3)


def is_same(row, own, spread, extreme):
    if row["text"]:
        return own == row["text"], 0.0
    if not row["value"]:
        # The peer has no value (NA): the program must give a reason, not a number.
        return bool(re.fullmatch("[a-z_]+", own)), 0.0
    try:
        golden, own = float(row["value"]), float(own)
    except ValueError:
        return False, float("inf")
    if row["kind"] == "rounded5":
        # The peer gives five decimals.
        return abs(golden - own) <= 5.001e-6, abs(golden - own)
    tolerance = RELATIVE[row["kind"]]
    if row["kind"] == "exact" and re.match("p_value|p_", row["quantity"]) and abs(golden) < 1e-12:
        tolerance = 1e-6
        gap = abs(golden - own) / max(abs(golden), 1e-300)
    else:
        gap = difference(golden, own)
    if row["kind"] == "montecarlo" and (row["element"], row["quantity"]) in extreme:
        ends = golden, extreme[row["element"], row["quantity"]]
        return min(ends) <= own <= max(ends), gap
    if row["kind"] == "montecarlo":
        return abs(golden - own) <= 4 * spread.get((row["element"], row["quantity"]), 0.0) + 1e-12, gap
    return gap <= tolerance, gap


def compare(program, cases, golden):
    """Runs the cases; returns {(method, file, peer): Tally} and the golden rows that no case gives."""
    tallies, seen = defaultdict(Tally), defaultdict(set)
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            rows = files.setdefault(case.file, read(golden / f"{case.file}.csv"))
            own = call(program, case, folder)
            wanted = [(i, r) for i, r in enumerate(rows) if r["case"] == case.case and (case.only is None or case.only(r))]
            spread, extreme = spreads([row for _, row in wanted]), extremes([row for _, row in wanted])
            for index, row in wanted:
                if index in seen[case.file] or is_spread(row):
                    continue
                key = (row["element"], row["quantity"])
                found = own.get(case.rename(*key) if case.rename else key)
                tally = tallies[case.arguments[0], case.file, row["peer"]]
                excuse = next((why for pattern, why in case.unlike.items() if re.fullmatch(pattern, row["quantity"])), None)
                good, gap = (False, float("inf")) if found is None else is_same(row, found, spread, extreme)
                if found is None and excuse is None and case.only is None:
                    continue
                seen[case.file].add(index)
                tally.rows += 1
                if good:
                    tally.same += 1
                    tally.worst = max(tally.worst, gap)
                elif excuse:
                    tally.excused[excuse] += 1
                else:
                    tally.wrong.append((case.case, *key, row["value"] or row["text"], found))
    missing = {file: [r for i, r in enumerate(rows) if i not in seen[file]] for file, rows in files.items()}
    return tallies, missing


def report(tallies, missing):
    print(f"{'method':24} {'file':20} {'peer':44} {'rows':>6} {'same':>6} {'share':>6} {'worst':>8}")
    for (method, file, peer), t in sorted(tallies.items()):
        print(f"{method:24} {file:20} {peer[:44]:44} {t.rows:6} {t.same:6} {t.same / max(t.rows, 1):6.1%} {t.worst:8.1e}")
        for why, n in t.excused.items():
            print(f"    {n} unlike: {why}")
        for wrong in t.wrong[:5]:
            print("    wrong:", *wrong)
        if len(t.wrong) > 5:
            print(f"    ... {len(t.wrong)} wrong")
    for file, rows in missing.items():
        left = defaultdict(int)
        for row in rows:
            if not is_spread(row):
                left[row["peer"], row["quantity"]] += 1
        if left:
            print(f"{file}: {sum(left.values())} numbers that no call gives")
            for (peer, quantity), n in sorted(left.items()):
                print(f"    {n:6} {peer} {quantity}")


def markdown(tallies, missing):
    """Prints the table of the documentation."""
    print("| method | golden file | peer | numbers | same | largest error | unlike |")
    print("| --- | --- | --- | ---: | ---: | ---: | --- |")
    for (method, file, peer), t in sorted(tallies.items()):
        is_simulated = any(word in peer for word in ("boot::", "csranks::csranks")) or (method, file) == ("bootstrap", "independent")
        worst = "within the peer's own spread" if is_simulated else f"{t.worst:.0e}" if t.same else ""
        unlike = "; ".join(f"{n}: {why}" for why, n in t.excused.items())
        print(f"| `{method}` | {file} | {peer} | {t.rows} | {t.same} | {worst} | {unlike} |")
    for file, rows in missing.items():
        for peer in sorted({row["peer"] for row in rows if not is_spread(row)}):
            n = sum(row["peer"] == peer and not is_spread(row) for row in rows)
            print(f"| | {file} | {peer} | {n} | 0 | | not offered |")


def main():
    is_markdown = "--markdown" in sys.argv
    program, shared, *areas = [argument for argument in sys.argv[1:] if argument != "--markdown"]
    here, shared = pathlib.Path(__file__).parent, pathlib.Path(shared)
    areas = areas or sorted(path.stem.removeprefix("cases_") for path in here.glob("cases_*.py"))
    cases = []
    for area in areas:
        cases += importlib.import_module(f"cases_{area}").cases(shared / "data" / "real", shared / "golden")
    tallies, missing = compare(program.split(), cases, shared / "golden")
    (markdown if is_markdown else report)(tallies, missing)
    return int(any(tally.wrong for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
