"""Intervals of shares, net promoter scores, comparisons, resampling, time to event: the cases of make/cases.R rebuilt with pandas."""

import warnings

import numpy as np
import pandas as pd

from golden import Case

warnings.filterwarnings("ignore")


def level_of(quantity):
    return quantity.rsplit("_", 1)[1]


def boston(real):
    parts = [pd.read_csv(real / f"boston_311_2015q{q}.csv", dtype=str) for q in (1, 2)]
    return pd.concat(parts, ignore_index=True)


def boston_due(real):
    table = boston(real)
    table = table[table.due_at.notna() & table.on_time.isin(["ONTIME", "OVERDUE"])].copy()
    table["month"] = table.opened_at.str[:7]
    table["breach"] = (table.on_time == "OVERDUE").astype(int)
    return table


def incidents(real):
    table = pd.read_csv(real / "incident_event_log_2016.csv", dtype={"made_sla": str})
    table = table.sort_values(["number", "sys_mod_count"], kind="stable").groupby("number").tail(1)
    return table.assign(breach=(table.made_sla.str.upper() != "TRUE").astype(int))


def flights(real):
    table = pd.read_csv(real / "flights_2013q1.csv")
    table = table[table.arr_delay.notna()].copy()
    return table.assign(breach=(table.arr_delay > 15).astype(int))


def counted(table, key):
    table = table[table[key].notna()]
    counts = table.groupby(key).breach.agg(["sum", "size"]).reset_index()
    counts.columns = ["key", "x", "n"]
    return counts


def shares(real):
    ae = pd.read_csv(real / "ae_attendances_2016_2019.csv", dtype={"type": str})
    ae = ae[(ae.type == "1") & (ae.period == "2018-12-01")]
    ae = pd.DataFrame({"key": ae.org_code, "x": ae.breaches, "n": ae.attendances})
    x, n = [0, 1, 0, 10, 1, 0, 300, 1, 5], [1, 1, 10, 10, 10, 300, 300, 300, 7]
    edge = pd.DataFrame({"key": [f"{a}/{b}" for a, b in zip(x, n)], "x": x, "n": n})
    return {
        "boston_dept": counted(boston_due(real), "department"),
        "ae_2018_12": ae,
        "incident_group": counted(incidents(real), "assignment_group"),
        "edge": edge,
        "flights_carrier": counted(flights(real), "carrier"),
    }


# golden name of the interval -> method; R, Python file
INTERVALS = {
    "wilson": ("wilson", None, None),
    "exact": ("exact", None, None),
    "agresti-coull": ("agresti-coull", "binom", None),
    "asymptotic": ("wald", "binom", None),
    "jeffreys": ("jeffreys", None, "statsmodels"),
    "prop.test_plain": ("wilson", None, None),
    "prop.test_continuity": ("wilson-continuity", "prop.test", None),
}


def share_cases(real):
    for name, table in shares(real).items():
        for interval, (method, r, python) in INTERVALS.items():
            for file, convention in (("proportions", r), ("python_peers", python)):
                for level in ("0.95", "0.998"):
                    arguments = ["share", "--kept", "x", "--n", "n", "--by", "key", "--method", method, "--level", level]
                    arguments += ["--convention", convention] if convention else []
                    only = lambda row, level=level: level_of(row["quantity"]) == level
                    yield Case(file, f"{name}/{interval}", table, arguments, only=only)
        yield Case("proportions", f"{name}/counts", table, ["share", "--kept", "x", "--n", "n", "--by", "key"], only=bool)
        if name != "edge":
            by = ["--kept", "x", "--n", "n", "--by", "key"]
            yield Case("proportions", f"{name}/all_units", table, ["chi-square", *by], only=bool)
            largest = table.sort_values("n", ascending=False, kind="stable").key[:2]
            arguments = ["share-difference", *by, "--groups", ",".join(largest)]
            peer = [*arguments, "--convention", "fisher.test"]  # R's root search stops within 1e-4
            yield Case("proportions", f"{name}/difference", table, peer, only=bool)
            unlike = {"score_.*": "statsmodels 0.15 has a count in place of a size in Miettinen and Nurminen's cubic"}
            yield Case("python_peers", f"{name}/difference", table, arguments, only=bool, unlike=unlike)


def bank(real):
    table = pd.read_csv(real / "bank_satisfaction.csv")
    for scale, prefix, k in (("satisfaction", "sat", 4), ("loyalty", "loy", 4)):
        table[scale] = table[[f"{prefix}{i + 1}" for i in range(k)]].mean(axis=1)
    return table


def nps_cases(real):
    table = bank(real)
    for case, column in (("bank_recommend_loy3", "loy3"), ("bank_again_loy1", "loy1"), ("bank_overall_sat1", "sat1")):
        for level in ("0.95", "0.9"):
            percent = level.removeprefix("0.").ljust(2, "0")
            other = "90" if percent == "95" else "95"
            only = lambda row, other=other: f"ci{other}" not in row["quantity"]
            arguments = ["nps", "--value", column, "--by", "gender", "--level", level]
            yield Case("nps", case, table, arguments, only=only)


def two_groups(real):
    table = bank(real)
    bfi = pd.read_csv(real / "bfi.csv")
    agree = bfi[["A1", "A2", "A3", "A4", "A5"]].assign(A1=7 - bfi.A1)
    inst = pd.read_csv(real / "inst_eval.csv")
    inst = inst[inst.dept == 2]
    mean = agree.mean(axis=1, skipna=False)
    return {
        "bank_sat_gender": pd.DataFrame({"y": table.satisfaction, "g": table.gender}),
        "bank_loy_gender": pd.DataFrame({"y": table.loyalty, "g": table.gender}),
        "bfi_agree_gender": pd.DataFrame({"y": mean, "g": bfi.gender}).dropna(),
        "inst_service": pd.DataFrame({"y": inst.y, "g": inst.service}),
    }


def many_groups(real):
    inst = pd.read_csv(real / "inst_eval.csv")
    inst = inst[inst.s.between(1, 300)]
    bfi = pd.read_csv(real / "bfi.csv")
    items = bfi[["C1", "C2", "C3", "C4", "C5"]].assign(C4=7 - bfi.C4, C5=7 - bfi.C5)
    education = pd.DataFrame({"y": items.mean(axis=1, skipna=False), "g": bfi.education}).dropna()
    education["g"] = "ed_" + education.g.astype(int).astype(str)
    hours = boston_due(real)
    hours = hours[hours.department.isin(["PROP", "BTDT", "PARK", "ISD"]) & hours.closed_at.notna() & (hours.month == "2015-02")]
    spent = (pd.to_datetime(hours.closed_at) - pd.to_datetime(hours.opened_at)).dt.total_seconds() / 3600
    fly = flights(real)
    day = (fly.month == 1) & (fly.day == 15) & fly.carrier.isin(["AA", "B6", "DL", "EV", "UA"])
    return {
        "inst_dept": pd.DataFrame({"y": inst.y, "g": "dept_" + inst.dept.astype(str)}),
        "bfi_education": education,
        "boston_hours": pd.DataFrame({"y": np.log1p(spent.clip(lower=0)), "g": hours.department}),
        "flights_day": pd.DataFrame({"y": fly.arr_delay[day], "g": fly.carrier[day]}),
    }


PEERS_OF_G = {"hedges_g_effsize": "hedges_g", "hedges_g_metafor": "hedges_g"}


def effect_cases(real):
    ncp = {"cohens_d", "hedges_g", "hedges_g_av", "glass_delta"}
    for name, table in two_groups(real).items():
        table = table.assign(g=table.g.astype(str))
        arguments = ["compare", "--value", "y", "--by", "g"]
        rename = lambda element, quantity: (PEERS_OF_G.get(element, element), quantity)
        ours = lambda row: row["element"] not in ncp | {"hedges_g_effsize"} or row["quantity"] == "estimate"
        ours_r = lambda row: ours(row) and row["element"] != "hedges_g_effsize"
        yield Case("effects", name, table, arguments, rename=rename, only=ours_r)
        ends = lambda row: row["element"] in ncp
        peer = [*arguments, "--convention", "effectsize"]  # R's search for the noncentrality stops within 1e-6
        yield Case("effects", name, table, peer, only=ends)
        effsize = [*arguments, "--convention", "effsize"]
        only = lambda row: row["element"] == "hedges_g_effsize"
        yield Case("effects", name, table, effsize, rename=rename, only=only)
        only = lambda row: row["element"] == "hedges_g"
        yield Case("python_peers", name, table, effsize, only=only)
        cancelled = lambda row: row["element"] == "brunner_munzel" and row["value"] == "0.0"
        only = lambda row: row["element"] != "hedges_g" and not cancelled(row)
        yield Case("python_peers", name, table, arguments, only=only)
        why = "scipy takes p from 1 - P, which is 0 below 1e-16; ours is 1.9e-20"
        yield Case("python_peers", name, table, arguments, only=cancelled, unlike={"p_value": why})
    for name, table in many_groups(real).items():
        arguments = ["compare-groups", "--value", "y", "--by", "g"]
        squared = lambda row: row["element"].endswith("_squared") and row["quantity"] != "estimate"
        pairs = lambda row: row["quantity"].startswith(("tukey", "games_howell"))
        for file in ("effects", "python_peers"):
            only = lambda row: not squared(row) and not pairs(row)
            yield Case(file, name, table, arguments, only=only)
            peer = [*arguments, "--convention", "effectsize"]
            why = "R's noncentral F errs by up to 1e-9, on which one step of effectsize's search turns"
            turned = {"ci95_.*": why} if name == "bfi_education" else {}
            yield Case(file, name, table, peer, only=squared, unlike=turned)
        yield Case("effects", name, table, [*arguments, "--posthoc", "tukey"], only=pairs)
        # pingouin tells the pairs of names in order, earlier minus later
        names = ",".join(sorted(table.g.unique(), reverse=True))
        yield Case("python_peers", name, table, [*arguments, "--groups", names, "--posthoc", "games-howell"], only=pairs)


def bootstrap_cases(real):
    table, attitude = bank(real), pd.read_csv(real / "attitude_departments.csv")
    quality = ",".join(f"qual{i}" for i in range(1, 6))
    plans = {
        "bank_mean_sat": (table, "satisfaction", "mean"),
        "bank_cor": (table, "satisfaction,loyalty", "pearson"),
        "bank_nps": (table, "loy3", "nps"),
        "attitude_spearman": (attitude, "rating,complaints", "spearman"),
        "bank_alpha": (table, quality, "alpha"),
    }
    for case, (data, columns, statistic) in plans.items():
        arguments = ["bootstrap", "--columns", columns, "--statistic", statistic, "--replicates", "9999"]
        yield Case("bootstrap", case, data, [*arguments, "--convention", "boot"], only=bool)
        if statistic in ("mean", "pearson", "nps"):
            yield Case("independent", f"bootstrap/{case}", data, arguments, only=bool)


def time_cases(real):
    table = boston(real)
    table = table[table.department.isin(["PROP", "PARK", "BTDT", "ISD"])]
    cut = pd.Timestamp("2016-01-01")
    opened, closed = pd.to_datetime(table.opened_at), pd.to_datetime(table.closed_at)
    event = closed.notna() & (closed <= cut)
    days = (closed.where(event, cut) - opened).dt.total_seconds() / 86400
    table = pd.DataFrame({"department": table.department, "days": days, "closed": event.astype(int)})
    table = table[table.days >= 0]
    times = ["--time", "days", "--event", "closed", "--by", "department"]
    arguments = ["kaplan-meier", *times, "--at", "1,3,7,14,30,60,90", "--limit", "30"]
    yield Case("time_to_close", "km", table, arguments, only=lambda row: row["element"] != "all")
    yield Case("time_to_close", "km", table, ["log-rank", *times], only=lambda row: row["element"] == "all")


def cases(real, golden):
    yield from share_cases(real)
    yield from nps_cases(real)
    yield from effect_cases(real)
    yield from bootstrap_cases(real)
    yield from time_cases(real)
