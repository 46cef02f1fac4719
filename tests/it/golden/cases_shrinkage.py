"""Shrinkage and ranks: shrinkage.csv, rank_confidence.csv."""

import golden
import numpy
import pandas as pd
import real_tables as tables

# tau2 is .0128 there, of which metafor's threshold is a thousandth; stats/meta.rs has a test that its likelihood is lower and its Q off k - 1.
STOPS = "metafor stops when tau2 moves by less than 1e-5 whatever its size; ours goes on to the top of the likelihood, or the root of Q"
ROOT = "metafor's root search for the Q profile stops at its tolerance of 1e-4 x tau2 or so; ours goes on to the last digit"
UNLIKE = {"inst_dept_mean": {"mu_se|tau2|tau2_se|H2": STOPS, "tau2_ci95_low": ROOT}, "flights_carrier": {"tau2_ci95_low": ROOT}}


def leaders(real):
    d = pd.read_csv(real / "leadership_bhr2000.csv")
    return pd.DataFrame({"y": d[["AP12", "AP17", "AP33", "AP34"]].mean(axis=1), "g": d.GRP.map(lambda group: f"{group:03d}")})


def states(real):
    d = tables.cms(real)
    d = d[d.overall_rating.notna() & d.state.notna()]
    return pd.DataFrame({"y": d.overall_rating, "g": d.state})


def delays(real):
    d = tables.flights(real)
    return pd.DataFrame({"y": d.arr_delay, "g": d.carrier})


def trusts(real):
    d = tables.nhs_year(real)
    d = d[d.year == 2018]
    return pd.DataFrame({"key": d.trust_code, "x": d.breaches, "n": d.attendances})


def busy(counts):
    return counts[(counts.n >= 100) & (counts.x > 0) & (counts.x < counts.n)]


def means(real):
    g = tables.instructors(real).groupby("g").y
    return pd.DataFrame({"key": sorted(g.groups), "m": g.mean().values, "sd": g.std().values, "n": g.size().values})


def rank_tables(real):
    a = means(real)
    yield "inst_dept", pd.DataFrame({"key": a.key, "x": a.m, "se": a.sd / numpy.sqrt(a.n)})
    d = tables.ae_type1(real)
    counts = d.org_code.value_counts()
    month = d[d.period == "2018-12-01"]
    # R sorts equal counts by name, so the first twenty names of those with all months are taken.
    names = sorted(counts.index, key=lambda code: (-counts[code], code))[:20]
    month = month[month.org_code.isin(names)].sort_values("org_code")
    p = month.rate
    yield "ae_2018_12", pd.DataFrame({"key": month.org_code, "x": 1 - p, "se": numpy.sqrt(p * (1 - p) / month.attendances)})


def cases(real, _golden):
    mixed = {"inst_dept": tables.instructors, "bhr_lead_grp": leaders, "cms_state_rating": states, "flights_carrier": delays}
    for name, build in mixed.items():
        table = build(real)
        for method in ("REML", "ML"):
            yield golden.Case("shrinkage", f"{name}/{method.lower()}", table, ["random-intercept", "--value", "y", "--by", "g", "--method", method])
    logits = ["--by", "key", "--kept", "x", "--n", "n"]
    metas = {
        "ae_trust_2018": (trusts(real), logits),
        "boston_dept": (busy(tables.boston_departments(real)), logits),
        "inst_dept_mean": (means(real), ["--by", "key", "--value", "m", "--sd", "sd", "--n", "n"]),
        "flights_carrier": (busy(tables.flights_carriers(real)), logits),
    }
    for name, (table, arguments) in metas.items():
        yield golden.Case("shrinkage", f"{name}/effects", table, ["shrinkage", *arguments])
        for method in ("DL", "REML", "ML", "PM", "EB", "SJ", "HE", "HS"):
            unlike = UNLIKE.get(name, {}) if method in ("REML", "ML", "PM", "EB") else {}
            yield golden.Case("shrinkage", f"{name}/{method}", table, ["shrinkage", *arguments, "--method", method], unlike=unlike)
    for name, table in rank_tables(real):
        arguments = ["rank-sets", "--by", "key", "--value", "x", "--error", "se"]
        yield golden.Case("rank_confidence", name, table, [*arguments, "--replicates", "100"])
        for kind in ("marginal", "simultaneous"):
            rename = lambda element, quantity: (element, quantity.removesuffix("_median"))
            yield golden.Case("rank_confidence", f"{name}/{kind}", table, [*arguments, "--type", kind, "--replicates", "40000"], rename=rename)
