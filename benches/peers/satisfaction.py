"""Recomputes what the feeds say of segments, layers, priorities, spread and penalties from the bank's raw files: python satisfaction.py BANK [OUT.csv].

Of the twelve months that end with the newest. Out: feed,department,key,measure,value,n.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd

import bank
import counts

MONTHS = 12
# The column `product` has the name of a dimension, which stands in its place here.
SEGMENTS = ["segment", "channel", "tenure"]
LAYERS = {
    "core": ["q01", "q02", "q03", "q07", "q11", "q14"],
    "additional": ["q04", "q05", "q06", "q08", "q10", "q13"],
    "extra": ["q09", "q12"],
    "unaware": ["q15"],
}
ITEMS = [f"q{number:02}" for number in range(1, 16)]
# Item 13 has another code since it was reworded.
CODES = {"q13": "q13b"}


def load(folder):
    damaged = {}
    for row in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["damaged"]:
        damaged.setdefault(row["file"], []).append(row["line"])
    columns = sorted({column for column, *_ in bank.CLIENT_ITEMS.values()})
    client = counts.answers(folder, "survey/client-", damaged, bank.CLIENT_DIMENSIONS, columns)
    importance = counts.answers(folder, "survey/importance-", damaged, {}, list(bank.IMPORTANCE))
    log = counts.cases(folder, damaged)
    as_of = max([client["completed_at"].max(), importance["completed_at"].max(), log["closed_at"].max()]).normalize()
    return counts.in_time(client, as_of), counts.in_time(importance, as_of)


def answered(own, column):
    return own.loc[own[column].notna(), [column, "weight"]]


def weighted_share(own, column, is_in):
    asked = answered(own, column)
    return counts.weighted_mean(is_in(asked[column]).astype(float), asked["weight"]), len(asked)


def units(client):
    yield "all", client
    yield from client.groupby("department")


def segments(rows, now, before, weights):
    scores = lambda own: counts.percent(own[list(weights.index)], 1, 5) @ weights
    for department, own in units(now):
        complete, then = own.dropna(subset=list(weights.index)), before
        if department != "all":
            then = before[before["department"] == department]
        then = then.dropna(subset=list(weights.index))
        for cut in SEGMENTS:
            for name, part in complete.groupby(complete[cut].fillna("")):
                rows.append(("segments", department, f"{cut}:{name}", "satisfaction_index", counts.weighted_mean(scores(part), part["weight"]), len(part)))
                rows.append(("segments", department, f"{cut}:{name}", "share_of_answers", part["weight"].sum() / complete["weight"].sum(), len(part)))
            if department == "all":
                sides = []
                for side in [then, complete]:
                    groups = side.assign(score=scores(side) * side["weight"]).groupby(side[cut].fillna(""))
                    sums = groups[["score", "weight"]].sum()
                    sides.append(pd.DataFrame({"mean": sums["score"] / sums["weight"], "share": sums["weight"] / sums["weight"].sum()}))
                both = pd.concat([side.add_suffix(f"_{time}") for time, side in enumerate(sides)], axis=1)
                both["mean_0"], both["mean_1"] = both["mean_0"].fillna(both["mean_1"]), both["mean_1"].fillna(both["mean_0"])
                both = both.fillna(0.0)
                mix = ((both["share_1"] - both["share_0"]) * (both["mean_1"] + both["mean_0"]) / 2).sum()
                rows.append(("segments", department, f"{cut}:", "index_change_by_mix", mix, len(then) + len(complete)))


def layers(rows, now):
    for department, own in units(now):
        for layer, items in LAYERS.items():
            for measure, is_in in [("satisfied", lambda x: x >= 4), ("dissatisfied", lambda x: x <= 2)]:
                shares = [weighted_share(own, item, is_in) for item in items]
                n = min(n for _, n in shares)
                if n >= 10:
                    rows.append(("layers", department, layer, measure, np.mean([share for share, _ in shares]), n))


def priorities(rows, now, importance):
    stated = importance[importance["month"].dt.year < now["month"].max().year]
    stated = stated[stated["month"] == stated["month"].max()]
    for department, own in units(now):
        for item in ITEMS:
            asked = answered(own, item)
            if len(asked) < 10:
                continue
            rated = stated["m" + item[1:]].dropna()
            satisfaction = counts.percent(counts.weighted_mean(asked[item], asked["weight"]), 1, 5)
            gap = counts.percent(rated.mean(), 1, 10) - satisfaction
            rows.append(("priorities", department, CODES.get(item, item), "importance_less_satisfaction", gap, len(asked)))


def spread(rows, now):
    for department, own in units(now):
        for item in ITEMS:
            asked = answered(own, item)
            if len(asked) < 2:
                continue
            mean = counts.weighted_mean(asked[item], asked["weight"])
            n = len(asked)
            variance = n / (n - 1) * counts.weighted_mean((asked[item] - mean) ** 2, asked["weight"])
            rows.append(("spread", department, f"item:{CODES.get(item, item)}", "standard_deviation", 25 * np.sqrt(variance), n))
            share, _ = weighted_share(own, item, lambda x: x <= 2)
            rows.append(("spread", department, f"item:{CODES.get(item, item)}", "bottom_share", share, n))


def penalties(rows, now):
    """Weighted least squares of the overall judgement on both sides of the middle of every dimension's scale, per 10 points."""
    complete = now.dropna(subset=["overall", *bank.CLIENT_DIMENSIONS])
    scores = counts.percent(complete[list(bank.CLIENT_DIMENSIONS)].astype(float), 1, 5) / 10 - 5
    sides = np.concatenate([scores.clip(upper=0), scores.clip(lower=0)], axis=1)
    design = np.column_stack([np.ones(len(complete)), sides])
    root = np.sqrt(complete["weight"].to_numpy(dtype=float))
    overall = counts.percent(complete["overall"].astype(float), 1, 10).to_numpy()
    slopes = np.linalg.lstsq(design * root[:, None], overall * root, rcond=None)[0][1:]
    for place, dimension in enumerate(bank.CLIENT_DIMENSIONS):
        penalty, reward = slopes[place], slopes[place + len(bank.CLIENT_DIMENSIONS)]
        for measure, value in [("penalty", penalty), ("reward", reward), ("reward_less_penalty", reward - penalty)]:
            rows.append(("penalties", "all", dimension, measure, value, len(complete)))


def main(folder, out):
    client, importance = load(folder)
    last = client["month"].max()
    now = client[client["month"] > last - MONTHS]
    before = client[(client["month"] > last - 2 * MONTHS) & (client["month"] <= last - MONTHS)]
    weights = counts.index_weights(importance)
    rows = []
    segments(rows, now, before, weights[max(year for year in weights if year <= last.year)])
    layers(rows, now)
    priorities(rows, now, importance)
    spread(rows, now)
    penalties(rows, now)
    table = pd.DataFrame(rows, columns=["feed", "department", "key", "measure", "value", "n"])
    table.to_csv(out, index=False)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else sys.stdout)
