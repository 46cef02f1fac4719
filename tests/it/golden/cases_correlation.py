"""Correlation, partial and repeated-measures correlation: the tables of make/cases.R and the calls that must give their golden rows."""

import functools

import numpy as np
import pandas as pd

from golden import Case

SCALES = {"image": ("imag", 5), "expectations": ("expe", 5), "quality": ("qual", 5), "value": ("val", 4), "satisfaction": ("sat", 4), "loyalty": ("loy", 4)}
KINDS = ("pearson", "spearman", "kendall")


def items(scale):
    prefix, k = SCALES[scale]
    return [f"{prefix}{i + 1}" for i in range(k)]


@functools.cache
def tables(real):
    """Returns the analysis tables by name."""
    out = {"attitude": pd.read_csv(real / "attitude_departments.csv")}
    bank = pd.read_csv(real / "bank_satisfaction.csv")
    for scale in SCALES:
        bank[scale] = bank[items(scale)].mean(axis=1)
    out["bank"] = bank
    bfi = pd.read_csv(real / "bfi.csv")
    out["bfi"] = bfi
    out["cms"] = cms(real)
    ae = pd.read_csv(real / "ae_attendances_2016_2019.csv", dtype={"type": str}, parse_dates=["period"])
    ae = ae[ae.type == "1"].copy()
    ae["rate"] = ae.breaches / ae.attendances
    out["ae"] = ae
    year = ae.assign(trust_code=ae.org_code, year=ae.period.dt.year - (ae.period.dt.month < 4))
    year = year.groupby(["trust_code", "year"])[["attendances", "breaches", "admissions"]].sum().reset_index()
    year["rate"] = year.breaches / year.attendances
    out["nhs"] = year.merge(pd.read_csv(real / "nhs_staff_survey_2012_2019.csv"), on=["trust_code", "year"]).sort_values(["trust_code", "year"])
    out["flights"] = pd.read_csv(real / "flights_2013q1.csv")[:2000]
    out["univ"] = pd.read_csv(real / "job_attitudes_univbct.csv")
    return out


def cms(real):
    text = {"dtype": {"provider_id": str}}
    part = lambda name: pd.read_csv(real / "cms_2016" / f"{name}.csv", **text)
    d = part("hospitals")[["provider_id", "state", "hospital_type"]].merge(part("satisfaction"), on="provider_id", how="outer")
    for name, value in (("commitments", "share_kept"), ("staff_practice", "share_done"), ("waiting_times", "median_minutes")):
        wide = part(name).pivot(index="provider_id", columns="measure", values=value).reset_index()
        d = d.merge(wide, on="provider_id", how="outer")
    return d.sort_values("provider_id")


def turned(bfi, names):
    """Returns the items of a scale, those with a minus turned (7 - x)."""
    d = pd.DataFrame({name.lstrip("-"): bfi[name.lstrip("-")].astype(float) for name in names})
    for name in names:
        if name.startswith("-"):
            d[name[1:]] = 7 - d[name[1:]]
    return d


AGREE = ["-A1", "A2", "A3", "A4", "A5"]
CMS = ["overall_rating", "would_recommend", "nurse_communication", "staff_responsiveness", "OP_18B", "OP_20", "OP_23", "IMM_3", "VTE_5"]
NHS = ["rate", "engagement", "recommend_care", "recommend_work", "work_stress", "shmi"]
ATTITUDE = ["rating", "complaints", "privileges", "learning", "raises", "critical", "advance"]


def correlations(t):
    yield "attitude", t["attitude"][ATTITUDE]
    yield "bank_scales", t["bank"][list(SCALES)]
    yield "bank_items", t["bank"][items("satisfaction") + items("loyalty")]
    yield "bfi_agree_pairwise", turned(t["bfi"], AGREE)
    yield "cms2016", t["cms"][CMS]
    yield "nhs_trust_year", t["nhs"][NHS]
    yield "flights2000", t["flights"][["dep_delay", "arr_delay", "distance", "sched_dep_time"]]


PARTIAL = [
    ("attitude1", "attitude", "rating", "learning", ["complaints"]),
    ("attitude2", "attitude", "rating", "raises", ["complaints", "learning", "privileges"]),
    ("bank1", "bank", "loyalty", "quality", ["satisfaction"]),
    ("bank2", "bank", "satisfaction", "image", ["quality", "value", "expectations"]),
    ("cms1", "cms", "overall_rating", "OP_18B", ["nurse_communication", "IMM_3"]),
    ("nhs1", "nhs", "rate", "recommend_care", ["engagement", "shmi"]),
]


def ends_with(*suffixes):
    return lambda row: row["quantity"].endswith(suffixes)


def plain(row):
    return not row["quantity"].endswith(("_easystats", "_fisher")) and not row["quantity"].startswith("ci99")


def cases(real, golden):
    t = tables(real)
    for name, table in correlations(t):
        for kind in KINDS:
            base = ["correlation", "--columns", ",".join(table.columns), "--method", kind]
            case = f"{name}/{kind}"
            yield Case("correlation", case, table, base, only=plain)
            yield Case("correlation", case, table, [*base, "--convention", "easystats"], only=ends_with("_easystats"))
            if kind == "pearson":
                yield Case("correlation", case, table, [*base, "--level", "0.99"], only=lambda row: row["quantity"].startswith("ci99"))
            yield Case("python_peers", case, table, base, only=plain)
            yield Case("python_peers", case, table, [*base, "--convention", "fisher"], only=ends_with("_fisher"))
    for name, source, x, y, z in PARTIAL:
        table = t[source][[x, y, *z]]
        for kind in KINDS:
            case = f"{name}/{kind}"
            base = ["partial-correlation", "--x", x, "--y", y, "--covariates", ",".join(z), "--method", kind]
            yield Case("partial_correlation", case, table, base)
            yield Case("python_peers", case, table, [*base, "--convention", "fisher"], only=lambda row: True)
    yield from repeated(t)


def repeated(t):
    ae = t["ae"].assign(lvol=np.log(t["ae"].attendances.where(t["ae"].attendances > 0)))
    for name, table, unit, x, y in [
        ("univ_sat_commit", t["univ"], "SUBNUM", "JSAT", "COMMIT"),
        ("univ_commit_ready", t["univ"], "SUBNUM", "COMMIT", "READY"),
        ("ae_volume_breach", ae, "org_code", "lvol", "rate"),
        ("nhs_engage_breach", t["nhs"], "trust_code", "engagement", "rate"),
    ]:
        arguments = ["rm-correlation", "--x", x, "--y", y, "--by", unit]
        yield Case("rm_correlation", name, table[[unit, x, y]], arguments)
        yield Case("python_peers", name, table[[unit, x, y]], arguments)
    yield from trends(t)


def trends(t):
    """Kendall's tau with time of the trusts with all 36 months."""
    names = {"kendall_tau_with_time": "estimate", "kendall_p": "p_value"}
    for org, rows in t["ae"].groupby("org_code"):
        if len(rows) == 36:
            table = pd.DataFrame({"t": range(36), "rate": rows.sort_values("period").rate.to_numpy()})
            rename = lambda element, quantity: ("t~rate", names.get(quantity, quantity))
            only = lambda row, org=org: row["element"] == org and row["quantity"] in names
            yield Case("independent", "trend/ae", table, ["correlation", "--columns", "t,rate", "--method", "kendall"], rename, only)
