"""Weights: raking.csv."""

import golden
import pandas as pd

MARGINS = ("stype", "sch.wide")


def cases(real, _golden):
    read = lambda name: pd.read_csv(real / name, dtype={"cds": str}, na_values=["NA", ""], keep_default_na=False)
    sample, population = read("api_apistrat.csv"), read("api_apipop.csv")
    sample["w0"] = len(population) / len(sample)
    targets = [f"{margin}={level}:{n}" for margin in MARGINS for level, n in population[margin].value_counts().items()]
    arguments = ["rake", "--columns", ",".join(MARGINS), "--target", ",".join(targets), "--weight", "w0", "--unit", "cds"]
    arguments += ["--value", "api00,full,meals", "--upper", "2", "--tolerance", "1e-12"]
    table = sample[["cds", *MARGINS, "w0", "api00", "full", "meals"]]
    yield golden.Case("raking", "rake", table, arguments, only=lambda row: row["quantity"] != "population_mean")
    # Means of the population: the same columns with weight 1.
    population["one"] = 1
    only = lambda row: row["quantity"] == "population_mean"
    rename = lambda element, quantity: (element, "mean")
    table = population[["one", "api00", "full", "meals"]]
    yield golden.Case("raking", "rake", table, ["weighted-mean", "--value", "api00,full,meals", "--weight", "one"], rename=rename, only=only)
