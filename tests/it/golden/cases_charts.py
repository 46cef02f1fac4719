"""Control charts: the cases of spc.csv (NHSRplotthedots, qicharts2, qcc)."""

import csv

import pandas as pd

from golden import Case

XMR = {
    "screened": [],
    "unscreened": ["--screen", "no"],
    "fix12": ["--freeze", "12"],
}
SHARES = {"p": "p-chart", "pp": "p-prime", "qcc_p": "p-chart"}
COUNTS = {"u": "u-chart", "up": "u-prime", "c": "c-chart", "qcc_u": "u-chart"}


def type_1(real):
    """Breaches and attendances of type-1 departments by month."""
    d = pd.read_csv(real / "ae_attendances_2016_2019.csv", dtype={"type": str})
    d = d[d.type == "1"]
    return pd.DataFrame({"unit": d.org_code, "time": d.period, "breaches": d.breaches, "n": d.attendances})


def flights(real):
    """Late arrivals of two carriers by day."""
    d = pd.read_csv(real / "flights_2013q1.csv")
    d = d[d.arr_delay.notna()]
    d["time"] = [f"{y}-{m:02}-{x:02}" for y, m, x in zip(d.year, d.month, d.day)]
    d["breaches"] = (d.arr_delay > 15).astype(int)
    d = d.groupby(["carrier", "time"]).breaches.agg(["sum", "size"]).reset_index()
    d.columns = ["unit", "time", "breaches", "n"]
    return d


def boston(real):
    """Cases with a due time."""
    d = pd.concat([pd.read_csv(real / f"boston_311_2015q{q}.csv", dtype=str) for q in (1, 2)])
    d = d[d.due_at.notna() & d.on_time.isin(["ONTIME", "OVERDUE"])].copy()
    d["breaches"] = (d.on_time == "OVERDUE").astype(int)
    return d


def boston_weeks(real):
    """Breaches of one department by week."""
    d = boston(real)
    d = d[d.department == "PROP"]
    day = pd.to_datetime(d.opened_at.str[:10])
    week = (day - pd.to_timedelta(day.dt.weekday, unit="D")).dt.strftime("%Y-%m-%d")
    d = d.breaches.groupby(week).agg(["sum", "size"]).reset_index()
    d.columns = ["time", "breaches", "n"]
    return d.assign(unit="PROP")


def complaints(real):
    """Monthly complaints and sales, months numbered."""
    d = pd.read_csv(real / "customer_complaints.csv")
    return pd.DataFrame({"unit": "all", "time": d.month.astype(str), "breaches": d.complaints, "n": d.sales})


def infections(real):
    d = pd.read_csv(real / "cdi_infections.csv")
    return pd.DataFrame({"unit": "all", "time": d.month, "breaches": d.n, "n": d.days})


def accidents(real):
    d = pd.read_csv(real / "nhs_accidents.csv")
    return pd.DataFrame({"unit": "all", "time": d.i, "breaches": d.r, "n": d.n})


def individuals(real):
    """The tables of XmR charts: one value a unit and time."""
    monthly = complaints(real).assign(value=lambda d: d.breaches)
    monthly["time"] = pd.date_range("2014-01-01", periods=len(monthly), freq="MS").strftime("%Y-%m-%d")
    share = {"ae": type_1(real), "flights_daily": flights(real)}
    return {name: d.assign(value=d.breaches / d.n) for name, d in share.items()} | {"complaints": monthly}


def arguments(variant, table):
    """Method and options of a variant of a chart of individuals."""
    value = ["--value", "value", "--time", "time"]
    if variant == "rebase":
        start = table.time.iloc[min(18, len(table) - 5)]
        return ["xmr", *value, "--improvement", "lower", "--rebase", start]
    if variant in XMR:
        return ["xmr", *value, "--improvement", "lower", *XMR[variant]]
    if variant == "qic_i":
        return ["xmr", *value, "--convention", "qicharts2"]
    return [{"qic_mr": "mr"}.get(variant, variant), *value]


def cases(real, golden):
    values = individuals(real)
    shares = {"ae": type_1(real), "flights_daily": flights(real), "nhs_accidents": accidents(real), "boston_prop_week": boston_weeks(real)}
    counts = {"cdi": infections(real), "complaints": complaints(real)}
    with open(golden / "spc.csv", newline="", encoding="utf-8") as file:
        names = list(dict.fromkeys(row["case"] for row in csv.DictReader(file)))
    for case in names:
        name, *unit, variant = case.split("/")
        rates = ["--kept", "breaches", "--n", "n", "--time", "time"]
        qcc = ["--convention", "qcc"] if variant.startswith("qcc") else []
        if variant in COUNTS:
            if variant == "c":
                rates = ["--value", "breaches", "--time", "time"]
            yield Case("spc", case, counts[name], [COUNTS[variant], *rates, *qcc])
        elif variant in SHARES:
            d = shares[name]
            yield Case("spc", case, d[d.unit == unit[0]], [SHARES[variant], *rates, *qcc])
        else:
            d = values[name]
            d = d[d.unit == unit[0]].sort_values("time")
            yield Case("spc", case, d, arguments(variant, d))
