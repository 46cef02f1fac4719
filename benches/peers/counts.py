"""Recomputes the example bank's department-months from its raw files with pandas: python counts.py BANK [OUT.csv].

An independent second implementation, written for clarity. Which rows are damaged is taken from truth.json; everything else, duplicates,
superseded and late rows, outcomes, scores, weights, is worked out here. Out: department,month,measure,value,n.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd

import bank

DAY = pd.Timedelta(days=1)
KEYS = ["department", "month"]


def read(folder, pattern, damaged):
    """Reads the files of a source without their damaged rows; what is not a number, day or time is text."""
    frames = []
    for path in sorted(folder.glob(pattern + "*")):
        if path.suffix == ".parquet":
            frame, first = pd.read_parquet(path), 1
        elif path.suffix == ".csv":
            frame, first = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]), 2
        else:
            continue
        name = path.relative_to(folder).as_posix()
        lines = pd.Series(np.arange(len(frame)) + first, index=frame.index)
        frames.append(frame[~lines.isin(damaged.get(name, []))].astype(object))
    return pd.concat(frames, ignore_index=True)


def times(frame, columns):
    for column in columns:
        frame[column] = pd.to_datetime(frame[column].astype(object), format="mixed").astype("datetime64[ns]")


def numbers(frame, columns):
    for column in columns:
        frame[column] = pd.to_numeric(frame[column]).astype(float)


def last_second(month, as_of):
    """Returns until when a month uses what became known."""
    settled = month.dt.to_timestamp(how="end").dt.normalize() + bank.SETTLE_DAYS * DAY
    return settled.clip(upper=as_of) + DAY - pd.Timedelta(seconds=1)


def answers(folder, pattern, damaged, dimensions, items):
    """Reads a survey: one row an answer, with its month, when it was completed and known, its weight and the score of each dimension."""
    frame = read(folder, pattern, damaged)
    for column in ["completed_at", "recorded_at", "weight"]:
        if column not in frame:
            frame[column] = None
    times(frame, ["date", "completed_at", "recorded_at"])
    numbers(frame, [*items, "weight"])
    frame = frame.drop_duplicates(frame.columns[0])
    for column, code in bank.NOT_APPLICABLE.items():
        if column in frame:
            frame[column] = frame[column].where(frame[column] != code)
    frame["weight"] = frame["weight"].fillna(1.0)
    frame["completed_at"] = frame["completed_at"].fillna(frame["date"])
    frame["recorded_at"] = frame["recorded_at"].fillna(frame["completed_at"].dt.normalize())
    frame["month"] = frame["date"].dt.to_period("M")
    for dimension, own in dimensions.items():
        is_answered = 2 * frame[own].notna().sum(axis=1) >= len(own)
        frame[dimension] = frame[own].mean(axis=1).where(is_answered)
    return frame


def in_time(frame, as_of):
    return frame[frame["recorded_at"] <= last_second(frame["month"], as_of)]


def cases(folder, damaged):
    """Reads the case log: one row a case, in the state that is furthest on."""
    frame = read(folder, "commitments/cases-", damaged)
    times(frame, ["opened_at", "due_at", "closed_at", "cancelled_at", "remedied_at"])
    numbers(frame, ["value", "excused"])
    events = frame[["closed_at", "cancelled_at", "remedied_at"]].notna().sum(axis=1)
    frame = frame.loc[events.sort_values(kind="stable").index].drop_duplicates("case", keep="last").copy()
    promise = frame["commitment"]
    is_untimed = promise.isin(bank.UNTIMED) & frame["due_at"].isna()
    frame["by_value"] = frame["value"].notna() | is_untimed
    allowed = promise.map(bank.ELAPSED)
    for first, seconds in bank.CARD_ELAPSED:
        allowed = allowed.mask((promise == "card") & (frame["opened_at"] >= first), seconds)
    due = frame["due_at"].fillna(frame["opened_at"] + pd.to_timedelta(allowed, unit="s"))
    frame["due"] = due.mask(frame["by_value"])
    frame["month"] = frame["due"].fillna(frame["opened_at"]).dt.to_period("M")
    return frame


def outcomes(frame, as_of):
    """Adds what had become of each case by the last second of its month's books."""
    at = last_second(frame["month"], as_of)
    known = {column: frame[column].where(frame[column] <= at) for column in ["closed_at", "cancelled_at", "remedied_at"]}
    limit = frame["commitment"].map({code: limit for code, (limit, _) in bank.VALUE_LIMITS.items()})
    is_higher_better = frame["commitment"].map({code: higher for code, (_, higher) in bank.VALUE_LIMITS.items()}).eq(True)
    kept_by_value = np.where(is_higher_better, frame["value"] >= limit, frame["value"] <= limit)
    is_late = known["closed_at"].gt(frame["due"]) | (known["closed_at"].isna() & (at > frame["due"]))
    is_void = known["cancelled_at"].notna() | (~frame["by_value"] & frame["due"].isna())
    is_void |= frame["by_value"] & (frame["value"].isna() | limit.isna())
    is_open = ~frame["by_value"] & known["closed_at"].isna() & ~is_late
    is_kept = np.where(frame["by_value"], kept_by_value, ~is_late)
    is_remedied = known["remedied_at"].notna()
    frame["outcome"] = np.select(
        [is_void, is_open, is_kept, is_remedied], ["void", "open", "kept", "breached_remedied"], "breached_unremedied"
    )
    seconds = (known["closed_at"] - frame["opened_at"]).dt.total_seconds()
    frame["seconds"] = seconds.where(~frame["by_value"])
    return frame


def index_weights(frame):
    """Returns the weights of the client dimensions by the year they are used in."""
    weights = {}
    for month, own in frame.groupby("month"):
        importance = own[list(bank.IMPORTANCE)].mean().groupby(bank.IMPORTANCE).sum()
        weights[month.year + 1] = (importance / importance.sum())[list(bank.CLIENT_DIMENSIONS)]
    return weights


def percent(mean, low, high):
    return 100.0 * (mean - low) / (high - low)


def weighted_mean(values, weight):
    return (values * weight).sum() / weight.sum()


class Sheet:
    """The tidy result."""

    def __init__(self):
        self.parts = []

    def add(self, measure, values, n):
        """Adds a measure's values and numbers by department, month and what else `measure` is made of, where there is anything."""
        part = pd.DataFrame({"value": values.astype(float), "n": n})
        part = part[part["n"] > 0].reset_index()
        part["month"] = part["month"].astype(str)
        part["measure"] = measure(part) if callable(measure) else measure
        self.parts.append(part[[*KEYS, "measure", "value", "n"]])

    def add_mean(self, measure, frame, values):
        """Adds the weighted means of `values`, one a row of `frame`, missing ones left out."""
        known = frame[KEYS].assign(sum=values * frame["weight"], weight=frame["weight"])[values.notna()]
        groups = known.groupby(KEYS)
        sums = groups[["sum", "weight"]].sum()
        self.add(measure, sums["sum"] / sums["weight"], groups.size())

    def write(self, path):
        table = pd.concat(self.parts).sort_values([*KEYS, "measure"])
        table.to_csv(path, index=False)


def index_scores(frame, weights):
    """Returns the index of each answer, missing where a dimension is."""
    scored = pd.DataFrame({dimension: percent(frame[dimension], 1, 5) for dimension in weights.index})
    return (scored * weights).sum(axis=1, skipna=False)


def add_client(sheet, frame, weights):
    groups = frame.groupby(KEYS).size()
    sheet.add("answers", groups, groups)
    index = pd.Series(np.nan, index=frame.index)
    for year, own in frame.groupby(frame["month"].dt.year):
        years = [other for other in weights if other <= year] or [min(weights)]
        index[own.index] = index_scores(own, weights[max(years)])
    sheet.add_mean("satisfaction_index", frame, index)
    for dimension in bank.CLIENT_DIMENSIONS:
        sheet.add_mean(f"dimension:{dimension}", frame, percent(frame[dimension], 1, 5))
    for item, (column, low, high, first, last) in bank.CLIENT_ITEMS.items():
        is_asked = (frame["date"] >= (first or "2000")) & (frame["date"] <= (last or "2100"))
        sheet.add_mean(f"item:{item}", frame, percent(frame[column].where(is_asked), low, high))
    add_shares(sheet, frame)


def add_shares(sheet, frame):
    recommend = frame["recommend"]
    side = (recommend >= 9).astype(float) - (recommend <= 6).astype(float)
    sheet.add_mean("net_promoter", frame, 100 * side.where(recommend.notna()))
    # The scale in force at the month's end counts alone.
    in_force = np.where(frame["month"].astype(str) >= "2025-01", "overall", "overall_5")
    for item in ["overall", "overall_5"]:
        own = frame[in_force == item]
        column, low, high, *_ = bank.CLIENT_ITEMS[item]
        answer = own[column]
        for measure, is_in in {"top_two": answer > high - 2, "bottom_two": answer < low + 2}.items():
            sheet.add_mean(measure, own, is_in.astype(float).where(answer.notna()))


def add_small_survey(sheet, frame, measure, dimensions):
    weights = pd.Series(1.0 / len(dimensions), index=list(dimensions))
    sheet.add_mean(measure, frame, index_scores(frame, weights))


def add_cases(sheet, frame):
    judged = frame[~frame["outcome"].isin(["open", "void"])]
    keys = [*KEYS, "commitment"]
    groups = judged.groupby(keys)
    n = groups.size()

    def of_promise(name):
        return lambda part: name + ":" + part["commitment"]

    for name in ["kept", "breached_remedied", "breached_unremedied"]:
        shares = (judged["outcome"] == name).groupby([judged[key] for key in keys]).mean()
        sheet.add(of_promise(name), shares, n)
    sheet.add(of_promise("breaches"), (judged["outcome"] != "kept").groupby([judged[key] for key in keys]).sum(), n)
    broken = judged[judged["outcome"] != "kept"]
    causes = broken.assign(cause=broken["cause"].fillna("")).groupby([*keys, "cause"]).size()
    sheet.add(lambda part: "cause:" + part["commitment"] + ":" + part["cause"], causes, causes)
    sheet.add(of_promise("duration_median"), groups["seconds"].median(), groups["seconds"].count())


def main(folder, out):
    damaged = {}
    for row in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["damaged"]:
        damaged.setdefault(row["file"], []).append(row["line"])
    columns = sorted({column for column, *_ in bank.CLIENT_ITEMS.values()})
    client = answers(folder, "survey/client-", damaged, bank.CLIENT_DIMENSIONS, columns)
    internal_items = bank.INTERNAL_DIMENSIONS["internal"]
    internal = answers(folder, "survey/internal-", damaged, bank.INTERNAL_DIMENSIONS, internal_items)
    staff_items = [item for items in bank.STAFF_DIMENSIONS.values() for item in items]
    staff = answers(folder, "survey/staff-", damaged, bank.STAFF_DIMENSIONS, staff_items)
    importance = answers(folder, "survey/importance-", damaged, {}, list(bank.IMPORTANCE))
    log = cases(folder, damaged)
    surveys = [client, internal, staff, importance]
    as_of = max([frame["completed_at"].max() for frame in surveys] + [log["closed_at"].max()]).normalize()
    client, internal, staff, importance = (in_time(frame, as_of) for frame in surveys)
    sheet = Sheet()
    add_client(sheet, client, index_weights(importance))
    add_small_survey(sheet, internal, "internal_index", bank.INTERNAL_DIMENSIONS)
    add_small_survey(sheet, staff, "staff_index", bank.STAFF_DIMENSIONS)
    add_cases(sheet, outcomes(log, as_of))
    sheet.write(out)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else sys.stdout)
