"""Computes from the bank's ratings, with pandas, what the feeds say of raters and changes, and prints it as JSON.

count_ratings.py BANK QUARTER EARLIER, quarters as 2026q3
"""

import glob
import json
import sys
import tomllib

import numpy as np
import pandas as pd

LEVELS = 4


def ratings(bank, quarter):
    """The sound rows of a quarter, each once."""
    files = sorted(glob.glob(f"{bank}/competency/*{quarter}.*"))
    frames = [pd.read_parquet(f) if f.endswith("parquet") else pd.read_csv(f, dtype=str) for f in files]
    frame = pd.concat([f.astype("string") for f in frames])
    frame = frame.drop_duplicates()
    frame = frame[~frame.rating.duplicated(keep=False)]
    posts = people(bank)
    codes = {c["code"] for c in register(bank)["competency"]}
    day = pd.to_datetime(frame.date, errors="coerce")
    level = pd.to_numeric(frame.level, errors="coerce")
    by_level = frame.indicator.isna() & level.between(0, LEVELS - 1) & (level % 1 == 0)
    by_indicator = frame.indicator.notna() & frame.seen.isin(["seen", "not_seen", "no_opportunity"])
    known = frame.person.isin(posts.person) & frame.competency.isin(codes) & day.notna()
    known &= frame.relation.isin(["self", "manager", "peer", "customer"])
    start = pd.Period(quarter.upper(), "Q")
    known &= (day.dt.to_period("Q") == start).fillna(False)
    frame = frame.assign(level=level, day=day)[known & (by_level | by_indicator)]
    return with_posts(frame, posts)


def people(bank):
    posts = pd.read_csv(f"{bank}/registers/people.csv", dtype=str)
    posts["valid_from"] = pd.to_datetime(posts.valid_from).fillna(pd.Timestamp("1900-01-01"))
    posts["valid_to"] = pd.to_datetime(posts.valid_to).fillna(pd.Timestamp("2200-01-01"))
    return posts


def register(bank):
    with open(f"{bank}/registers/competencies.toml", "rb") as file:
        return tomllib.load(file)


def with_posts(frame, posts):
    joined = frame.merge(posts[["person", "department", "role", "head", "valid_from", "valid_to"]], on="person")
    return joined[(joined.day >= joined.valid_from) & (joined.day <= joined.valid_to)]


def given(frame):
    """Levels that others gave, of people and competencies with three raters or more."""
    levels = frame[frame.level.notna() & frame.indicator.isna() & (frame.relation != "self")]
    return levels.groupby(["person", "competency"]).filter(lambda group: len(group) >= 3)


def agreement(frame):
    """1 - s2 / null, over competencies, then people, then the department."""
    spread = given(frame).groupby(["department", "person", "competency"])["level"].var(ddof=1)
    ratio = 1 - spread / ((LEVELS**2 - 1) / 12)
    by_person = ratio.groupby(["department", "person"]).mean()
    return by_person.groupby("department").mean().to_dict() | {"all": by_person.mean()}


def own_gap(frame):
    others = given(frame).groupby(["person", "competency"])["level"].mean()
    own = frame[frame.level.notna() & frame.indicator.isna() & (frame.relation == "self")]
    gap = (own.groupby(["person", "competency"])["level"].mean() - others).dropna()
    by_person = gap.groupby("person").mean()
    return {"value": by_person.mean(), "std_error": by_person.sem()}


def excess(frame):
    """Heads against the others who rated the same people, less the mean of the other heads."""
    levels = frame[frame.level.notna() & frame.indicator.isna() & (frame.relation != "self") & (frame["head"] == "0")]
    is_head = levels.relation == "manager"
    key = ["department", "person", "competency"]
    gap = (levels[is_head].groupby(key)["level"].mean() - levels[~is_head].groupby(key)["level"].mean()).dropna()
    heads = gap.groupby(["department", "person"]).mean().groupby("department")
    mean, size = heads.mean(), heads.size()
    usable = mean[size > 1]
    return {one: mean[one] - usable.drop(one).mean() for one in usable.index}


def pairs(bank, frame, department):
    """1 where the lower median reaches what the role requires."""
    roles = register(bank)["roles"]
    own = given(frame[frame.department == department])
    median = lambda levels: np.sort(levels.to_numpy())[(len(levels) - 1) // 2]
    found = own.groupby(["person", "role", "competency"])["level"].agg(median).reset_index()
    found["required"] = [roles.get(r, {}).get(c) for r, c in zip(found.role, found.competency)]
    found = found[found.required.notna()]
    found["hit"] = (found.level >= found.required).astype(float)
    return found


def change(bank, before, now, department):
    then, now = pairs(bank, before, department), pairs(bank, now, department)
    stayed = set(then.person) & set(now.person)
    s = [frame[frame.person.isin(stayed)].hit.mean() for frame in (then, now)]
    came, left = now[~now.person.isin(stayed)], then[~then.person.isin(stayed)]
    return {
        "change": now.hit.mean() - then.hit.mean(),
        "stayed": s[1] - s[0],
        "came": len(came) / len(now) * (came.hit.mean() - s[1]) if len(came) else 0.0,
        "left": -len(left) / len(then) * (left.hit.mean() - s[0]) if len(left) else 0.0,
    }


def main():
    bank, quarter, earlier = sys.argv[1:]
    now, before = ratings(bank, quarter), ratings(bank, earlier)
    print(json.dumps({
        "agreement": agreement(now),
        "own_gap": own_gap(now),
        "excess": excess(now),
        "westquay": change(bank, before, now, "westquay"),
    }))


main()
