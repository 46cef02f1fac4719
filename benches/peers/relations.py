"""Recomputes the relations asked of the example bank from its raw files with pandas: python relations.py BANK [OUT.csv].

An independent second implementation on the readers of counts.py, written for clarity. Correlations are by scipy and statsmodels; the errors
of clustered means by statsmodels without its small-sample factor, times G/(G-1) over the clusters as in R survey. What Concord resamples,
interval and p_value of correlations, stays empty. Out: relation,kind,class,value,n,std_error,lower,upper,p_value,p_value_t.
"""

import json
import pathlib
import sys
import tomllib

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

import bank
import counts
from counts import DAY

CELL = ["department", "period"]
ASSESSED = ["competency_share", "head_level"]
WORST_FIRST = ["breached_unremedied", "breached_remedied", "kept", "open", "void", "no_case"]
# Every report shows this relation, asked or not.
BY_OUTCOME = {"code": "satisfaction-by-outcome", "x": "outcome", "y": "satisfaction_index", "grain": "contact"}
# Whoever was rated by fewer others has no level in a department's share.
MIN_RATERS = 3


class Raw:
    """The raw files and registers, as far as the relations need them."""

    def __init__(self, folder):
        damaged = {}
        for row in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["damaged"]:
            damaged.setdefault(row["file"], []).append(row["line"])
        items = sorted({column for column, *_ in bank.CLIENT_ITEMS.values()})
        client = counts.answers(folder, "survey/client-", damaged, bank.CLIENT_DIMENSIONS, items)
        importance = counts.answers(folder, "survey/importance-", damaged, {}, list(bank.IMPORTANCE))
        cases = counts.cases(folder, damaged)
        self.as_of = max(client["completed_at"].max(), cases["closed_at"].max()).normalize()
        self.client = counts.in_time(client, self.as_of).reset_index(drop=True)
        self.first, self.last = self.client["month"].min(), self.client["month"].max()
        self.weights = weights_by_year(counts.in_time(importance, self.as_of), self.first.year, self.last.year)
        self.cases = counts.outcomes(cases, self.as_of)
        self.ratings = ratings(folder, damaged)
        self.posts = pd.read_csv(folder / "registers/people.csv", parse_dates=["valid_from", "valid_to"])
        self.required = required_levels(register(folder, "registers/competencies.toml")["roles"])
        promises = register(folder, "registers/commitments.toml")["commitment"]
        self.importance = {one["code"]: one["importance"] for one in promises if one["status"] == "announced"}
        self.relations = [*register(folder, "registers/relations.toml")["relation"], BY_OUTCOME]
        self.time = register(folder, "concord.toml")["time"]


def register(folder, name):
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


def weights_by_year(importance, first, last):
    """Returns the weights in use in each year: those of the latest survey before it, else of the first one."""
    weights = pd.DataFrame(counts.index_weights(importance)).T
    return weights.reindex(range(first, last + 1), method="ffill").bfill()


def required_levels(roles):
    rows = [(role, competency, level) for role, levels in roles.items() for competency, level in levels.items()]
    return pd.DataFrame(rows, columns=["role", "competency", "required"])


def ratings(folder, damaged):
    """Reads the levels that others gave; a person's own rating and single indicators do not count."""
    frame = counts.read(folder, "competency/ratings-", damaged)
    frame = frame[frame["level"].notna() & (frame["relation"] != "self")].drop_duplicates("rating")
    counts.times(frame, ["date", "recorded_at"])
    counts.numbers(frame, ["level"])
    return frame[["person", "competency", "level", "date", "recorded_at"]]


def lower_median(groups):
    return groups.quantile(0.5, interpolation="lower")


def points(raw, code, years):
    """Returns what each answer says on 0 to 100: a dimension, or the index of complete answers by the weights of `years`."""
    scores = counts.percent(raw.client[list(raw.weights)], 1, 5)
    if code == "satisfaction_index":
        return (scores * raw.weights.loc[years].to_numpy()).sum(axis=1, skipna=False)
    return scores[code.removeprefix("dimension:")]


# --- By department and period ------------------------------------------------------------------------


def cells(raw, code, period):
    """Returns a measure by department and period."""
    if code == "competency_share":
        return competency_share(raw)
    if code == "head_level":
        return head_level(raw)
    if code == "commitment_score":
        return commitment_score(raw, period)
    if code.startswith("kept:"):
        return kept_shares(raw, period).xs(code.removeprefix("kept:"), level="commitment")
    return satisfaction(raw, code, period)


def satisfaction(raw, code, period):
    client, values = raw.client, points(raw, code, raw.client["month"].dt.year)
    keys = [client["department"], client["month"].dt.asfreq(period).rename("period")]
    sums = pd.DataFrame({"value": values * client["weight"], "weight": client["weight"]})[values.notna()].groupby(keys).sum()
    return sums["value"] / sums["weight"]


def kept_shares(raw, period):
    judged = raw.cases[~raw.cases["outcome"].isin(["open", "void"]) & raw.cases["month"].between(raw.first, raw.last)]
    judged = judged.assign(period=judged["month"].dt.asfreq(period), kept=judged["outcome"] == "kept")
    return judged.groupby([*CELL, "commitment"])["kept"].mean()


def commitment_score(raw, period):
    shares = kept_shares(raw, period).reset_index("commitment")
    weight = shares["commitment"].map(raw.importance)
    sums = pd.DataFrame({"score": 100 * weight * shares["kept"], "weight": weight}).groupby(CELL).sum()
    return sums["score"] / sums["weight"]


def competency_share(raw):
    attained = attained_levels(raw).query(f"n >= {MIN_RATERS}")
    return attained.assign(reached=attained["level"] >= attained["required"]).groupby(CELL)["reached"].mean()


def head_level(raw):
    heads = attained_levels(raw).query("head == 1").sort_values("required", kind="stable")
    return heads.groupby(CELL)["level"].last()


def attained_levels(raw):
    """Returns who attained what in the quarters of assessments, of the competencies that the role then held requires."""
    rated = raw.ratings.merge(raw.posts, on="person")
    is_in_force = ~((rated["date"] < rated["valid_from"]) | (rated["date"] > rated["valid_to"]))
    rated = rated[is_in_force].assign(period=rated["date"].dt.to_period("Q"))
    # The books of the quarter's last month tell the quarter; where they hold nothing of a department, the first later ones that do.
    settles = rated["recorded_at"] - bank.SETTLE_DAYS * DAY
    rated["month"] = settles.clip(lower=rated["period"].dt.to_timestamp(how="end")).dt.to_period("M")
    rated = rated[rated["month"] <= raw.last]
    rated = rated[rated["month"] == rated.groupby(CELL)["month"].transform("min")]
    rated = rated.merge(raw.required, on=["role", "competency"])
    levels = rated.groupby([*CELL, "person", "competency", "head", "required"])["level"]
    return pd.DataFrame({"level": lower_median(levels), "n": levels.size()}).reset_index()


def with_stretches(panel, codes):
    """Numbers the stretches in which the same was asked; a period that holds both wordings of a question is left out."""
    panel = panel.assign(stretch=0)
    if not {"satisfaction_index", "dimension:place"} & set(codes):
        return panel
    ends = panel.index.get_level_values("period").asfreq("M", how="end")
    begins = panel.index.get_level_values("period").asfreq("M", how="start")
    reworded = pd.Period(bank.REWORDED, "M")
    panel["stretch"] = (ends >= reworded).astype(int)
    return panel[(begins >= reworded) == (ends >= reworded)]


def correlation(kind, r, n, df):
    p_value = 2 * stats.t.sf(abs(r) * np.sqrt(df / (1 - r * r)), df)
    return {"kind": kind, "value": r, "n": n, "p_value_t": p_value}


def within(panel):
    """Correlates what least squares on department and period dummies leave."""
    panel = panel[panel.groupby(["department", "stretch"])["x"].transform("size") > 1]
    own = panel.index.to_frame().astype(str)
    own["department"] += panel["stretch"].astype(str)
    dummies, sides = pd.get_dummies(own, dtype=float).to_numpy(), panel[["x", "y"]].to_numpy()
    fitted, _, rank, _ = np.linalg.lstsq(dummies, sides, rcond=None)
    left = sides - dummies @ fitted
    r = stats.pearsonr(left[:, 0], left[:, 1]).statistic
    # The rank is D + T - C for C stretches, so that this is N - D - T + C - 1.
    return correlation("within", r, len(panel), len(panel) - rank - 1)


def between(panel):
    """Correlates the departments' means, weighted by their cells."""
    panel = panel[["x", "y"]]
    groups = panel.groupby("department")
    r = DescrStatsW(groups.mean(), weights=groups.size()).corrcoef[0, 1]
    return correlation("between", r, len(panel), len(groups) - 2)


def longest(panel):
    """Returns the stretch with most cells, the latest of several."""
    return panel["stretch"].value_counts().sort_index(ascending=False).idxmax()


def ranked(panel, relation):
    if relation["method"] != "spearman":
        return panel
    # Equal means may differ in their last bits, and would then not be tied.
    return panel.assign(**{side: panel[side].round(9).rank() for side in ["x", "y"]})


def panel_rows(raw, relation):
    is_quarterly = relation["grain"] == "quarter" or relation["x"] in ASSESSED or relation["y"] in ASSESSED
    sides = {side: cells(raw, relation[side], "Q" if is_quarterly else "M") for side in ["x", "y"]}
    panel = pd.concat(sides, axis=1, join="inner")
    panel = with_stretches(panel, [relation["x"], relation["y"]])
    return [within(ranked(panel, relation)), between(ranked(panel[panel["stretch"] == longest(panel)], relation))]


# --- By contact --------------------------------------------------------------------------------------


def worst_outcomes(raw):
    """Returns the worst outcome of each answer's contact as it stood when the answer was given."""
    asked = raw.client[["contact", "completed_at", "month"]].dropna(subset="contact").rename_axis("answer").reset_index()
    pairs = asked.merge(raw.cases.drop(columns="month").dropna(subset="contact"), on="contact")
    begun = pairs["opened_at"].dt.to_period("M")
    pairs = pairs[begun.between(pairs["month"] - raw.time["lookback_months"], pairs["month"])]
    # The books by which a case is judged close with the second of the answer.
    pairs = counts.outcomes(pairs, pairs["completed_at"] - DAY + pd.Timedelta(seconds=1))
    worst = pairs["outcome"].map(WORST_FIRST.index).groupby(pairs["answer"]).min().map(WORST_FIRST.__getitem__)
    return worst.reindex(asked["answer"], fill_value="no_case").reindex(raw.client.index)


def server_levels(raw, competency):
    """Returns the level that each answer's server was known to have on the day of the service."""
    served = raw.client[["server", "date", "month"]].dropna().drop_duplicates()
    rated = raw.ratings[raw.ratings["competency"] == competency].rename(columns={"person": "server", "date": "rated"})
    pairs = served.merge(rated, on="server")
    pairs["quarter"] = pairs["rated"].dt.to_period("Q")
    is_fresh = pairs["quarter"] >= pairs["date"].dt.to_period("Q") - raw.time["carry_quarters"]
    is_known = pairs["recorded_at"] <= counts.last_second(pairs["month"], raw.as_of)
    pairs = pairs[(pairs["rated"] <= pairs["date"]) & is_fresh & is_known]
    pairs = pairs[pairs["quarter"] == pairs.groupby(["server", "date"])["quarter"].transform("max")]
    levels = lower_median(pairs.groupby(["server", "date"])["level"])
    return raw.client.join(levels, on=["server", "date"])["level"].map("{:.0f}".format, na_action="ignore")


def clustered(own, design):
    """Estimates the last coefficient of `design`, with errors by cluster."""
    cluster, names = own["cluster"].factorize()
    fit = sm.WLS(own["points"].to_numpy(), design, weights=own["weight"].to_numpy())
    fit = fit.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})
    df = len(names) - 1
    value, std_error = fit.params[-1], fit.bse[-1] * np.sqrt(len(names) / df)
    half = stats.t.ppf(0.975, df) * std_error
    p_value = 2 * stats.t.sf(abs(value) / std_error, df)
    return {"value": value, "n": len(own), "std_error": std_error, "lower": value - half, "upper": value + half, "p_value": p_value}


def mean(own):
    found = clustered(own, np.ones((len(own), 1)))
    return {**found, "kind": "mean", "lower": max(found["lower"], 0), "upper": min(found["upper"], 100), "p_value": None}


def difference(own, name):
    return {**clustered(own, sm.add_constant((own["class"] == name).to_numpy(float))), "kind": "difference"}


def contact_rows(raw, relation):
    client, (by, _, competency) = raw.client, relation["x"].partition(":")
    classes = worst_outcomes(raw) if by == "outcome" else server_levels(raw, competency)
    # The index is weighted as in the month reported; an answer without a server is a cluster of its own.
    values = points(raw, relation["y"], [raw.last.year] * len(client))
    cluster = client["server"].fillna(client["answer_id"])
    own = pd.DataFrame({"points": values, "class": classes, "weight": client["weight"], "cluster": cluster}).dropna()
    # One cluster alone has no error, and Concord gives no figure.
    own = own[own.groupby("class")["cluster"].transform("nunique") > 1]
    names = sorted(own["class"].unique(), key=WORST_FIRST.index if by == "outcome" else int)
    reference = "kept" if by == "outcome" else "1" if "1" in names else names[0]
    for name in names:
        yield {"class": name, **mean(own[own["class"] == name])}
        if name != reference:
            yield {"class": name, **difference(own[own["class"].isin([name, reference])], name)}


def is_told(relation):
    """Lags, weeks and years, and what stands in other files than answers, cases and ratings, have golden values beside their code."""
    elsewhere = ("received", "result:", "staff:")
    sides = [relation["x"], relation["y"]]
    return "lag" not in relation and relation["grain"] not in ("week", "year") and not any(
        side.startswith(elsewhere) for side in sides
    )


def main(folder, out):
    raw, rows = Raw(folder), []
    for relation in filter(is_told, raw.relations):
        tell = contact_rows if relation["grain"] == "contact" else panel_rows
        rows += [{"relation": relation["code"], **row} for row in tell(raw, relation)]
    columns = ["relation", "kind", "class", "value", "n", "std_error", "lower", "upper", "p_value", "p_value_t"]
    pd.DataFrame(rows, columns=columns).to_csv(out, index=False)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else sys.stdout)
