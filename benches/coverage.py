"""How often do the intervals of a run cover what the generator knows to be true, and how often does it find what is not there?

    benches/coverage.py PROGRAM [SEEDS]    makes and runs SEEDS example banks (default 5) and their twins without any effect
    benches/coverage.py --read BANK...     takes banks that were run already

By kind of figure: the number of intervals, the share that covers, and the exact two-sided binomial p against 95 %. By relation that is
no relation, in the bank or in its twin, and by what a twin has nothing of (signs, lenient raters, mix): the number of p values, the
share below .05, and the exact p that there are no more than 5 %; of the behaviours of the best those that are the same for all.
Ends with exit code 1 when a kind with at least 300 intervals lies outside 90 to 99 %, a smaller one has p < .001, or a null is found
too often with p < .001. 300 seeds serve the kinds that give one interval a run.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict

import polars as pl
from scipy.stats import binomtest

# What the best show more often, in the bank and in its twin.
BEHAVIOURS_OF_THE_BEST = ["influence", "information", "service"]


def make(program, folder, seed, *effects):
    """Makes and runs one bank, and keeps of it only what is told."""
    for call in (["init", "--example", "bank", "--seed", str(seed), *effects, folder], ["run", folder]):
        subprocess.run([program, "--quiet", *call], check=True, stdout=subprocess.DEVNULL)
    return folder


def partition(bank, feed):
    return next((bank / "feeds" / feed).glob("month=*"))


def intervals(bank):
    """Yields (kind, lower, upper, truth) of one bank."""
    truth = json.loads((bank / "truth.json").read_text())
    place = partition(bank, "measures")
    month = place.name.removeprefix("month=")
    figures = pl.read_parquet(place / "*.parquet").filter(pl.col("lower").is_not_null())
    found = {(r["department"], r["measure"], r["window_months"]): r for r in figures.iter_rows(named=True)}
    for value in truth["values"]:
        if value["month"] == month:
            yield from measures(truth["measures"], value, found)
            yield from of_all_customers(value, found)
    penalties = pl.read_parquet(partition(bank, "penalties") / "*.parquet").filter(pl.col("lower").is_not_null())
    for row in penalties.filter(pl.col("measure") == "reward_less_penalty").iter_rows(named=True):
        yield "reward less penalty, a straight line", row["lower"], row["upper"], 0.0
    interviews = pl.read_parquet(partition(bank, "interviews") / "*.parquet").filter(pl.col("ratio_lower").is_not_null())
    for row in interviews.filter(pl.col("group") == "top").iter_rows(named=True):
        ratio = 1.6 if row["competency"] in BEHAVIOURS_OF_THE_BEST else 1.0
        yield "behaviours of the best, ratio", row["ratio_lower"], row["ratio_upper"], ratio
    yield from outcomes(truth, pl.read_parquet(partition(bank, "relations") / "*.parquet"))


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


def of_all_customers(value, found):
    """The index weighed to all customers; one department asks those who look content and stays off whatever the weights, and the bank with it."""
    department, window = value["department"], value["window"]
    row = found.get((department, "satisfaction_index_post_stratified", window))
    if row and value.get("all") and department != "harbour-square":
        yield f"index of all customers, {window} months, department", row["lower"], row["upper"], value["all"][0]


def outcomes(truth, relations):
    """Differences of the satisfaction index between outcomes, over the whole time."""
    told = {row["outcome"]: row["respondents"][0] for row in truth["outcomes"]}
    differences = relations.filter((pl.col("relation") == "satisfaction-by-outcome") & (pl.col("kind") == "difference"))
    for row in differences.iter_rows(named=True):
        if row["lower"] is not None and row["class"] in ("breached_remedied", "breached_unremedied"):
            yield f"index, {row['class']} against kept", row["lower"], row["upper"], told[row["class"]] - told["kept"]


def nulls(bank, is_twin):
    """Yields (kind, p value) of every comparison that compares nothing: those the truth names, all of them in a twin."""
    truth = json.loads((bank / "truth.json").read_text())
    named = {(null["x"], null["y"]) for null in truth["nulls"]}
    relations = pl.read_parquet(partition(bank, "relations") / "*.parquet").filter(pl.col("p_value").is_not_null())
    # Results and interviews are told as in the bank; a twin lacks what customers, promises and people do.
    relations = relations.filter(~pl.col("y").str.starts_with("result:")) if is_twin else relations
    for row in relations.iter_rows(named=True):
        if is_twin or row["grain"] == "contact" and (row["x"], row["y"]) in named:
            place = "in a bank without effects" if is_twin else row["relation"]
            yield f"{row['kind']} {row['grain']}, {place}", row["p_value"]
    if is_twin:
        yield from nulls_of_twin(bank)


def nulls_of_twin(bank):
    """Signs, raters, interviews and the mix of customers, where nothing was planted."""
    feed = lambda name: pl.read_parquet(partition(bank, name) / "*.parquet")
    signs = feed("signs").filter(pl.col("p_test").is_not_null())
    for row in signs.iter_rows(named=True):
        yield f"sign {row['sign']}, one test", row["p_test"]
    for (sign,), own in signs.group_by("sign"):
        yield f"sign {sign}, any of a month", own["p_holm"].min()
    for row in feed("competency_raters").filter(pl.col("heads").is_not_null()).iter_rows(named=True):
        yield "heads as raters, any of them", float(row["heads_higher"] + row["heads_lower"] == 0)
    behaviours = feed("interviews").filter((pl.col("group") == "top") & pl.col("p_value").is_not_null())
    for row in behaviours.filter(~pl.col("competency").is_in(BEHAVIOURS_OF_THE_BEST)).iter_rows(named=True):
        yield "behaviour of the best", row["p_value"]
    mix = feed("segments").filter((pl.col("measure") == "index_change_by_mix") & pl.col("lower").is_not_null())
    for row in mix.iter_rows(named=True):
        yield "index change by mix", float(row["lower"] <= 0 <= row["upper"])


class Tally:
    """Intervals and p values by kind."""

    def __init__(self):
        self.covered, self.found = defaultdict(list), defaultdict(list)

    def add(self, bank, is_twin=False):
        for kind, p in nulls(bank, is_twin):
            self.found[kind].append(p < 0.05)
        if not is_twin:
            for kind, lower, upper, truth in intervals(bank):
                self.covered[kind].append(lower <= truth <= upper)

    def report(self):
        """Prints both tables; returns whether anything is out of order."""
        failed = False
        for title, kinds, is_bad, side in [
            ("covered", self.covered, is_uncovered, "two-sided"),
            ("found", self.found, lambda n, share, p: p < 0.001, "greater"),
        ]:
            print(f"{'kind':60} {'n':>6} {title:>8} {'p':>8}")
            for kind, hits in sorted(kinds.items()):
                n, share = len(hits), sum(hits) / len(hits)
                p = binomtest(sum(hits), n, 0.95 if title == "covered" else 0.05, side).pvalue
                bad = is_bad(n, share, p)
                failed |= bad
                print(f"{kind:60} {n:6} {share:8.3f} {p:8.2g}{'  <-' if bad else ''}")
        return failed


def is_uncovered(n, share, p):
    return not 0.90 <= share <= 0.99 if n >= 300 else p < 0.001


def main(arguments):
    tally = Tally()
    if arguments[0] == "--read":
        for bank in arguments[1:]:
            tally.add(pathlib.Path(bank))
        return tally.report()
    program = pathlib.Path(arguments[0]).resolve()
    for seed in range(1, 1 + int(arguments[1] if len(arguments) > 1 else 5)):
        with tempfile.TemporaryDirectory() as folder:
            tally.add(make(program, pathlib.Path(folder) / "bank", seed))
            tally.add(make(program, pathlib.Path(folder) / "twin", seed, "--without", "all"), is_twin=True)
    return tally.report()


if __name__ == "__main__":
    sys.exit(int(main(sys.argv[1:])))
