"""Reliability and raters: the tables of make/cases.R and the calls that must give their golden rows."""

import numpy as np
import pandas as pd

from cases_correlation import SCALES, items, tables, turned
from golden import Case

KEYS = {
    "agree": ["-A1", "A2", "A3", "A4", "A5"],
    "conscientious": ["C1", "C2", "C3", "-C4", "-C5"],
    "extraversion": ["-E1", "-E2", "E3", "E4", "E5"],
    "neuroticism": ["N1", "N2", "N3", "N4", "N5"],
    "openness": ["O1", "-O2", "O3", "O4", "-O5"],
}
HCAHPS = ["nurse_communication", "doctor_communication", "staff_responsiveness", "pain_management", "medicine_communication", "discharge_information",
          "care_transition", "cleanliness", "quietness", "overall_rating", "would_recommend"]
LEADERSHIP = ["AP12", "AP17", "AP33", "AP34", "AS14", "AS15", "AS16", "AS17", "AS28"]
NOT_OFFERED = {
    r"omega_(hierarchical|lim|total)_\d+factors.*": "several factors and Schmid-Leiman are not offered",
}


def scales(t):
    for scale in SCALES:
        yield scale, t["bank"][items(scale)]
    yield "bank_all27", t["bank"][[item for scale in SCALES for item in items(scale)]]
    yield "attitude7", t["attitude"].iloc[:, 1:]
    yield "hcahps11", t["cms"][HCAHPS]
    for key, names in KEYS.items():
        yield f"bfi_{key}", turned(t["bfi"], names)


def factor(row):
    return row["quantity"].startswith(("omega_", "cfa_"))


def reliability(t):
    for name, table in scales(t):
        columns = ["--columns", ",".join(table.columns)]
        for mode in ("listwise", "pairwise") if table.isna().any().any() else ("complete",):
            missing = ["--missing", "pairwise" if mode == "pairwise" else "listwise"]
            case = f"{name}/{mode}"
            yield Case("reliability", case, table, ["alpha", *columns, *missing], only=lambda row: not factor(row))
            yield Case("reliability", case, table, ["omega", *columns], only=factor, unlike=NOT_OFFERED)
            yield Case("python_peers", case, table, ["alpha", *columns, *missing], only=lambda row: True)


def cases(real, golden):
    t = tables(real)
    yield from reliability(t)
    anxiety = pd.read_csv(real / "irr_anxiety.csv").iloc[:, 1:]
    fleiss = pd.read_csv(real / "shrout_fleiss_1979.csv").iloc[:, 1:]
    for name, table in (("shrout_fleiss", fleiss), ("anxiety", anxiety), ("bank_satisfaction_items", t["bank"][items("satisfaction")]),
                        ("attitude7", t["attitude"].iloc[:, 1:])):
        base = ["icc", "--columns", ",".join(table.columns)]
        yield Case("raters", f"{name}/icc", table, base, only=lambda row: not row["quantity"].endswith("_irr"))
        yield Case("raters", f"{name}/icc", table, [*base, "--convention", "irr"], only=lambda row: row["quantity"].endswith("_irr"))
        yield Case("python_peers", f"{name}/icc", table, base)
    yield from groups(real)
    yield from kappas(real, anxiety)
    yield from many(anxiety, fleiss)


def groups(real):
    d = pd.read_csv(real / "leadership_bhr2000.csv")
    d["lead"] = d[LEADERSHIP].mean(axis=1)
    base = ["rwg", "--by", "GRP", "--columns"]
    for quantity, columns in (("icc", ["lead", "HRS", "AF06", "AP12"]), ("rwg_j", LEADERSHIP), ("rwg", ["AP12"]), ("awg", ["AP12"])):
        only = lambda row, quantity=quantity: row["quantity"].rstrip("12") == quantity
        # Hours are no answers of the scale; ICC(1) and ICC(2) do not hang on it.
        scale = ["--scale", "0,100" if quantity == "icc" else "1,5"]
        yield Case("raters", "bhr2000/group", d[["GRP", *columns]], [*base, ",".join(columns), *scale], only=only)


def kappas(real, anxiety):
    v = pd.read_csv(real / "irr_vision.csv")
    grades = ["1st grade", "2nd grade", "3rd grade", "4th Grade"]
    vision = pd.DataFrame({"r": v["r.eye"].map(grades.index), "l": v["l.eye"].map(grades.index)}) + 1
    gwet = lambda row: row["element"].startswith("gwet")
    names = {"kappa_psych": "kappa", "kappa_ci95_low_sm": "kappa_ci95_low", "kappa_ci95_high_sm": "kappa_ci95_high"}
    rename = lambda element, quantity: (element, names.get(quantity, quantity))
    wrong = "psych 2.2.9 has another, wrong variance for squared weights, right since 2.5 (V7); ours is Fleiss, Cohen and Everitt's, as in D5"
    of_squared = lambda row: row["element"] == "squared" and row["quantity"] in ("kappa_variance", "kappa_ci95_low", "kappa_ci95_high")
    for name, table in (("vision", vision), ("anxiety_r1_r2", anxiety[["rater1", "rater2"]]), ("anxiety_r1_r3", anxiety[["rater1", "rater3"]])):
        x, y = table.columns
        arguments = ["kappa", "--x", x, "--y", y]
        yield Case("raters", f"{name}/kappa", table, arguments, rename, only=of_squared, unlike={".*": wrong})
        yield Case("raters", f"{name}/kappa", table, arguments, rename, only=lambda row: not gwet(row) and not of_squared(row))
        yield Case("raters", f"{name}/kappa", table, ["agreement", "--columns", f"{x},{y}"], only=gwet)
        yield Case("python_peers", f"{name}/kappa", table, arguments, rename)


def many(anxiety, fleiss):
    gaps = anxiety.astype(float)
    for row, column in ((0, 0), (4, 1), (6, 2), (11, 0), (11, 2)):
        gaps.iloc[row, column] = np.nan
    names = {"krippendorff_alpha_cac": "krippendorff_alpha"}
    rename = lambda element, quantity: (element, names.get(quantity, quantity))
    kripp = lambda row: row["quantity"].startswith("krippendorff")
    other = ("fleiss", "fleiss_exact", "light")
    for name, table in (("anxiety", anxiety), ("shrout_fleiss", fleiss), ("anxiety_missing", gaps)):
        columns = ["--columns", ",".join(table.columns)]
        arguments = ["krippendorff", *columns, "--type", "nominal,ordinal,interval,ratio", "--replicates", "0"]
        error = {r"krippendorff_alpha_cac_se": "the analytic error of irrCAC is not offered; the interval is by bootstrap"}
        yield Case("raters", f"{name}/multi", table, arguments, rename, only=kripp, unlike=error)
        yield Case("python_peers", f"{name}/multi", table, arguments)
        if name != "anxiety_missing":
            yield Case("raters", f"{name}/multi", table, ["kendall-w", *columns], only=lambda row: not kripp(row) and row["element"] not in other)
            yield Case("raters", f"{name}/multi", table, ["agreement", *columns], only=lambda row: row["element"] in other)
