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
        self.rows = []

    def add(self, key, measure, value, n):
        if n > 0:
            self.rows.append((key[0], str(key[1]), measure, float(value), int(n)))

    def write(self, path):
        table = pd.DataFrame(self.rows, columns=["department", "month", "measure", "value", "n"])
        table = table.sort_values(["department", "month", "measure"])
        table.to_csv(path, index=False)


def add_index(sheet, key, own, measure, weights):
    complete = own.dropna(subset=list(weights.index))
    scores = percent(complete[list(weights.index)], 1, 5) @ weights
    sheet.add(key, measure, weighted_mean(scores, complete["weight"]) if len(complete) else 0, len(complete))


def add_client(sheet, frame, weights):
    for key, own in frame.groupby(["department", "month"]):
        sheet.add(key, "answers", len(own), len(own))
        years = [year for year in weights if year <= key[1].year] or [min(weights)]
        add_index(sheet, key, own, "satisfaction_index", weights[max(years)])
        for dimension in bank.CLIENT_DIMENSIONS:
            scored = own.dropna(subset=[dimension])
            mean = weighted_mean(scored[dimension], scored["weight"]) if len(scored) else 0
            sheet.add(key, f"dimension:{dimension}", percent(mean, 1, 5), len(scored))
        for item, (column, low, high, first, last) in bank.CLIENT_ITEMS.items():
            asked = own[(own["date"] >= (first or "2000")) & (own["date"] <= (last or "2100"))].dropna(subset=[column])
            mean = weighted_mean(asked[column], asked["weight"]) if len(asked) else 0
            sheet.add(key, f"item:{item}", percent(mean, low, high), len(asked))
        add_shares(sheet, key, own)


def add_shares(sheet, key, own):
    asked = own.dropna(subset=["recommend"])
    side = (asked["recommend"] >= 9).astype(float) - (asked["recommend"] <= 6).astype(float)
    sheet.add(key, "net_promoter", 100 * weighted_mean(side, asked["weight"]) if len(asked) else 0, len(asked))
    # The scale in force at the month's end counts alone.
    column, low, high, *_ = bank.CLIENT_ITEMS["overall" if str(key[1]) >= "2025-01" else "overall_5"]
    asked = own.dropna(subset=[column])
    boxes = {"top_two": asked[column] > high - 2, "bottom_two": asked[column] < low + 2}
    for measure, is_in in boxes.items():
        share = weighted_mean(is_in.astype(float), asked["weight"]) if len(asked) else 0
        sheet.add(key, measure, share, len(asked))


def add_small_survey(sheet, frame, measure, dimensions):
    weights = pd.Series(1.0 / len(dimensions), index=list(dimensions))
    for key, own in frame.groupby(["department", "month"]):
        add_index(sheet, key, own, measure, weights)


def add_cases(sheet, frame):
    judged = frame[~frame["outcome"].isin(["open", "void"])]
    for (department, month, promise), own in judged.groupby(["department", "month", "commitment"]):
        key, n = (department, month), len(own)
        for name, outcome in [("kept", "kept"), ("breached_remedied",) * 2, ("breached_unremedied",) * 2]:
            sheet.add(key, f"{name}:{promise}", (own["outcome"] == outcome).mean(), n)
        sheet.add(key, f"breaches:{promise}", (own["outcome"] != "kept").sum(), n)
        for cause, n_cause in own.loc[own["outcome"] != "kept", "cause"].fillna("").value_counts().items():
            sheet.add(key, f"cause:{promise}:{cause}", n_cause, n_cause)
        seconds = own["seconds"].dropna()
        sheet.add(key, f"duration_median:{promise}", seconds.median(), len(seconds))


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
