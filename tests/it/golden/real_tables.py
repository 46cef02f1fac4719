"""Analysis tables of the golden files, built from the CSV files of `shared/data/real` as `golden/make/cases.R` builds them."""

from functools import reduce

import pandas as pd

SCALES = {"image": ("imag", 5), "expectations": ("expe", 5), "quality": ("qual", 5), "value": ("val", 4), "satisfaction": ("sat", 4), "loyalty": ("loy", 4)}


def bank(real):
    d = pd.read_csv(real / "bank_satisfaction.csv")
    for name, (stem, n) in SCALES.items():
        d[name] = d[[f"{stem}{i}" for i in range(1, n + 1)]].mean(axis=1)
    return d


def attitude(real):
    return pd.read_csv(real / "attitude_departments.csv")


def cms(real):
    def read(name):
        return pd.read_csv(real / "cms_2016" / f"{name}.csv", dtype={"provider_id": str}, na_values=["NA", ""], keep_default_na=False)

    def wide(name, value):
        return read(name).pivot(index="provider_id", columns="measure", values=value).reset_index()

    parts = [read("hospitals")[["provider_id", "state", "hospital_type"]], read("satisfaction"), wide("commitments", "share_kept")]
    parts += [wide("staff_practice", "share_done"), wide("waiting_times", "median_minutes")]
    return reduce(lambda a, b: a.merge(b, on="provider_id", how="outer"), parts).sort_values("provider_id")


def ae_type1(real):
    d = pd.read_csv(real / "ae_attendances_2016_2019.csv", parse_dates=["period"], dtype={"type": str})
    d = d[d.type == "1"].copy()
    d["rate"] = d.breaches / d.attendances
    return d


def nhs_year(real):
    """Trust x financial year (April to March), joined to the staff survey of the same calendar year."""
    d = ae_type1(real)
    d["year"] = d.period.dt.year - (d.period.dt.month < 4)
    a = d.groupby(["org_code", "year"])[["attendances", "breaches", "admissions"]].sum().reset_index().rename(columns={"org_code": "trust_code"})
    a["rate"] = a.breaches / a.attendances
    return a.merge(pd.read_csv(real / "nhs_staff_survey_2012_2019.csv"), on=["trust_code", "year"]).sort_values(["trust_code", "year"])


def boston_departments(real):
    """Breaches and cases with a due time by department."""
    d = pd.concat([pd.read_csv(real / f"boston_311_2015q{q}.csv", dtype=str) for q in (1, 2)])
    d = d[d.due_at.notna() & d.on_time.isin(["ONTIME", "OVERDUE"])]
    return counted(d.department, d.on_time == "OVERDUE")


def flights(real):
    d = pd.read_csv(real / "flights_2013q1.csv", na_values=["NA", ""], keep_default_na=False)
    return d[d.arr_delay.notna()]


def flights_carriers(real):
    d = flights(real)
    return counted(d.carrier, d.arr_delay > 15)


def counted(group, hit):
    a = pd.DataFrame({"key": group, "x": hit.astype(int), "n": 1}).groupby("key").sum().reset_index()
    return a.sort_values("key")


def instructors(real):
    """Ratings of instructors with their department as two digits."""
    d = pd.read_csv(real / "inst_eval.csv")
    return pd.DataFrame({"y": d.y, "g": d.dept.map(lambda dept: f"{dept:02d}")})
