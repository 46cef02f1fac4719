"""Funnels: the cases of funnel.csv (FunnelPlotR)."""

import csv
import math
import re

import pandas as pd

from cases_charts import boston, type_1
from golden import Case


def counted(d, unit):
    d = d.groupby(unit).breaches.agg(["sum", "size"]).reset_index()
    d.columns = ["unit", "breaches", "n"]
    return d


def incidents(real):
    """Last event of each incident."""
    d = pd.read_csv(real / "incident_event_log_2016.csv", dtype=str)
    d = d.assign(order=d.sys_mod_count.astype(int)).sort_values(["number", "order"], kind="stable")
    d = d.groupby("number").tail(1)
    d = d[d.assignment_group.notna()]
    return counted(d.assign(breaches=(d.made_sla != "TRUE").astype(int)), "assignment_group")


def carriers(real):
    d = pd.read_csv(real / "flights_2013q1.csv")
    d = d[d.arr_delay.notna()]
    return counted(d.assign(breaches=(d.arr_delay > 15).astype(int)), "carrier")


def expected(real):
    """Breaches of a financial year against those expected at the pooled rate, trusts of the staff survey."""
    d = type_1(real)
    year = d.time.str[:4].astype(int) - (d.time.str[5:7].astype(int) < 4)
    d = d[year == 2018].groupby("unit")[["breaches", "n"]].sum().reset_index()
    survey = pd.read_csv(real / "nhs_staff_survey_2012_2019.csv")
    d = d[d.unit.isin(survey[survey.year == 2018].trust_code)]
    return d.assign(expected=d.n * (d.breaches.sum() / d.n.sum()))


def is_turned(rows):
    """Returns which golden rows are arcsine limits beyond 0 or 90 degrees, where the peer's sin² turns back instead of stopping at 0 or 1."""
    one = {(row["element"], row["quantity"]): row["value"] for row in rows}
    tau2 = float(one["model", "tau2"])
    theta = next(float(row["value"]) for row in rows if row["quantity"] == "unit_target_transformed")

    def turned(row):
        found = re.fullmatch("(?:unit|limit)_(od|OD)?(?:95|99)?(ll|ul|LCL|UCL)(?:95|99|998)?", row["quantity"])
        if not found:
            return False
        size = float(one.get((row["element"], "unit_denominator"), row["element"] if row["quantity"].startswith("limit") else 0))
        z = 1.959964 if "95" in row["quantity"] else 3.090232
        half = z * math.sqrt(1 / (4 * size) + (tau2 if found[1] else 0))
        return theta - half < 0 if found[2] in ("ll", "LCL") else theta + half > math.pi / 2

    return turned


def cases(real, golden):
    ae = type_1(real)
    tables = {
        "ae_2018_12_pr": ae[ae.time == "2018-12-01"],
        "boston_dept_pr": counted(boston(real), "department").query("n >= 100"),
        "incident_pr": incidents(real).query("n >= 5"),
        "flights_carrier_pr": carriers(real).query("n >= 100"),
        "ae_2018_sr": expected(real),
    }
    with open(golden / "funnel.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for case in dict.fromkeys(row["case"] for row in rows):
        name, kind, trim = case.split("/")
        grid = dict.fromkeys(r["element"] for r in rows if r["case"] == case and r["quantity"].startswith("limit_"))
        options = ["--by", "unit", "--kept", "breaches", "--trim", trim.removeprefix("trim"), "--convention", "FunnelPlotR"]
        options += ["--grid", ",".join(grid)]
        if kind == "PR":
            options += ["--n", "n"]
            turned = is_turned([row for row in rows if row["case"] == case])
            why = {".*": "arcsine limit beyond the end of the scale: the peer's sin² turns back instead of stopping there"}
            yield Case("funnel", case, tables[name], ["funnel", *options], only=turned, unlike=why)
            yield Case("funnel", case, tables[name], ["funnel", *options], only=lambda row, turned=turned: not turned(row))
        else:
            yield Case("funnel", case, tables[name], ["funnel", *options, "--expected", "expected", "--type", "SR", "--method", kind])
