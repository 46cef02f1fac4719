"""The same department-months as counts.py with polars, for speed: python monthly_polars.py BANK [OUT.csv].

What an analyst would write who knows polars well: lazy scans, one pass, the streaming engine. Out: department,month,measure,value,n.
"""

import json
import pathlib
import sys
from datetime import date, timedelta
from functools import reduce

import polars as pl

import bank

KEYS = ["department", "month"]
TIMES = ["completed_at", "opened_at", "due_at", "closed_at", "cancelled_at", "remedied_at"]
DATES = ["date", "recorded_at"]


def scan(folder, pattern, damaged, numbers):
    """Scans the files of a source without their damaged rows, all in one form."""
    frames = []
    for path in sorted(folder.glob(pattern + "*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".parquet":
            frame, first = pl.scan_parquet(path), 1
        else:
            frame, first = pl.scan_csv(path, infer_schema=False), 2
        lines = pl.Series(damaged.get(name, []), dtype=pl.UInt32)
        frame = frame.with_row_index("line", first).filter(~pl.col("line").is_in(lines.implode())).drop("line")
        schema = frame.collect_schema()
        texts = [column for column, kind in schema.items() if kind == pl.String]
        frame = frame.with_columns(
            [pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="ms") for column in texts if column in TIMES]
            + [pl.col(column).str.to_date("%Y-%m-%d") for column in texts if column in DATES]
            + [pl.col(column).cast(pl.Float64) for column in schema if column in numbers]
        )
        frames.append(frame)
    return pl.concat(frames, how="diagonal")


def last_second(as_of):
    settled = pl.col("month").dt.month_end() + timedelta(days=bank.SETTLE_DAYS)
    return (pl.min_horizontal(settled, pl.lit(as_of)) + timedelta(days=1)).cast(pl.Datetime("ms")) - timedelta(seconds=1)


def answers(folder, pattern, damaged, dimensions, items):
    frame = scan(folder, pattern, damaged, [*items, "weight"])
    present = frame.collect_schema().names()
    frame = frame.unique(subset=[present[0]])
    for column, kind in [("completed_at", pl.Datetime("ms")), ("recorded_at", pl.Date), ("weight", pl.Float64)]:
        if column not in present:
            frame = frame.with_columns(pl.lit(None, dtype=kind).alias(column))
    frame = frame.with_columns(
        [pl.when(pl.col(column) != code).then(pl.col(column)).alias(column) for column, code in bank.NOT_APPLICABLE.items() if column in present]
        + [
            pl.col("date").dt.month_start().alias("month"),
            pl.col("weight").fill_null(1.0),
            pl.col("completed_at").fill_null(pl.col("date").cast(pl.Datetime("ms"))),
        ]
    )
    frame = frame.with_columns(pl.col("recorded_at").fill_null(pl.col("completed_at").dt.date()))
    answered = {code: pl.sum_horizontal(pl.col(column).is_not_null() for column in own) for code, own in dimensions.items()}
    scores = [
        pl.when(2 * answered[code] >= len(own)).then(pl.mean_horizontal(own)).alias(code) for code, own in dimensions.items()
    ]
    return frame.with_columns(scores)


def in_time(frame, as_of):
    return frame.filter(pl.col("recorded_at").cast(pl.Datetime("ms")) <= last_second(as_of))


def cases(folder, damaged):
    frame = scan(folder, "commitments/cases-", damaged, ["value", "excused"])
    events = pl.sum_horizontal(pl.col(column).is_not_null() for column in ["closed_at", "cancelled_at", "remedied_at"])
    frame = frame.with_columns(events.alias("events")).sort("events", descending=True).unique("case", keep="first", maintain_order=True)
    promise = pl.col("commitment")
    allowed = promise.replace_strict(bank.ELAPSED, default=None, return_dtype=pl.Int64)
    for first, seconds in bank.CARD_ELAPSED:
        is_card = (promise == "card") & (pl.col("opened_at") >= pl.lit(first).str.to_datetime(time_unit="ms"))
        allowed = pl.when(is_card).then(seconds).otherwise(allowed)
    by_value = pl.col("value").is_not_null() | (promise.is_in(bank.UNTIMED) & pl.col("due_at").is_null())
    due = pl.col("due_at").fill_null(pl.col("opened_at") + pl.duration(seconds=allowed))
    frame = frame.with_columns(by_value.alias("by_value")).with_columns(pl.when(~pl.col("by_value")).then(due).alias("due"))
    return frame.with_columns(pl.col("due").fill_null(pl.col("opened_at")).dt.date().dt.month_start().alias("month"))


def outcomes(frame, as_of):
    at = pl.col("at")
    frame = frame.with_columns(last_second(as_of).alias("at"))
    frame = frame.with_columns(pl.when(pl.col(c) <= at).then(pl.col(c)).alias(c) for c in ["closed_at", "cancelled_at", "remedied_at"])
    limit = pl.col("commitment").replace_strict({c: v for c, (v, _) in bank.VALUE_LIMITS.items()}, default=None, return_dtype=pl.Float64)
    higher = pl.col("commitment").is_in([code for code, (_, higher) in bank.VALUE_LIMITS.items() if higher])
    kept_by_value = pl.when(higher).then(pl.col("value") >= limit).otherwise(pl.col("value") <= limit)
    closed, due, by_value = pl.col("closed_at"), pl.col("due"), pl.col("by_value")
    is_late = pl.when(closed.is_not_null()).then(closed > due).otherwise(at > due)
    is_void = pl.col("cancelled_at").is_not_null() | (~by_value & due.is_null()) | (by_value & (pl.col("value").is_null() | limit.is_null()))
    is_open = ~by_value & closed.is_null() & ~is_late
    outcome = (
        pl.when(is_void).then(pl.lit("void"))
        .when(is_open).then(pl.lit("open"))
        .when(pl.when(by_value).then(kept_by_value).otherwise(~is_late)).then(pl.lit("kept"))
        .when(pl.col("remedied_at").is_not_null()).then(pl.lit("breached_remedied"))
        .otherwise(pl.lit("breached_unremedied"))
    )
    seconds = pl.when(~by_value).then((closed - pl.col("opened_at")).dt.total_seconds())
    return frame.with_columns(outcome.alias("outcome"), seconds.alias("seconds"))


def index_weights(frame):
    """Returns the weights of the client dimensions by the year they are used in."""
    means = frame.group_by("month").agg(pl.col(list(bank.IMPORTANCE)).mean()).collect()
    weights = {}
    for row in means.iter_rows(named=True):
        sums = {dimension: sum(row[item] for item, own in bank.IMPORTANCE.items() if own == dimension) for dimension in bank.CLIENT_DIMENSIONS}
        weights[row["month"].year + 1] = {dimension: value / sum(sums.values()) for dimension, value in sums.items()}
    return weights


def percent(mean, low, high):
    return 100.0 * (mean - low) / (high - low)


def mean_of(value):
    """The weighted mean of an expression over the rows that have it."""
    return (value * pl.col("weight")).sum() / pl.col("weight").filter(value.is_not_null()).sum()


def index(dimensions, weights):
    """The index of an answer that has every dimension, with weights by year or alike."""
    score = lambda weight: sum(percent(pl.col(code), 1, 5) * weight[code] for code in dimensions)
    result = score({code: 1 / len(dimensions) for code in dimensions}) if weights is None else score(weights[min(weights)])
    for year in sorted(weights or {}):
        result = pl.when(pl.col("month").dt.year() >= year).then(score(weights[year])).otherwise(result)
    return result


def client_measures(weights):
    """Measure -> (expression of an answer, scale of its mean)."""
    asked = {}
    for item, (column, low, high, first, last) in bank.CLIENT_ITEMS.items():
        within = pl.col("date").is_between(date.fromisoformat(first or "2000-01-01"), date.fromisoformat(last or "2100-01-01"))
        asked[item] = (pl.when(within).then(pl.col(column)), low, high)
    measures = {f"item:{item}": percent(value, low, high) for item, (value, low, high) in asked.items()}
    measures |= {f"dimension:{code}": percent(pl.col(code), 1, 5) for code in bank.CLIENT_DIMENSIONS}
    recommend = asked["recommend"][0]
    measures["net_promoter"] = 100.0 * ((recommend >= 9).cast(pl.Float64) - (recommend <= 6).cast(pl.Float64))
    measures["satisfaction_index"] = index(bank.CLIENT_DIMENSIONS, weights)
    return measures, asked


def overall_in_force(asked):
    """The scale in force at the month's end counts alone: answers to the other one are left out of its months."""
    is_new = pl.col("month") >= pl.date(2025, 1, 1)
    scales = [("overall_5", ~is_new), ("overall", is_new)]
    return [(pl.when(is_in_force).then(asked[item][0]), *asked[item][1:]) for item, is_in_force in scales]


def survey_table(frame, measures, boxes=None):
    aggregates = []
    for code, value in measures.items():
        aggregates += [mean_of(value).alias(f"{code}|value"), value.count().alias(f"{code}|n")]
    if boxes:
        weight = reduce(lambda a, b: a + b, [(v.is_not_null() * pl.col("weight")).sum() for v, *_ in boxes])
        n = reduce(lambda a, b: a + b, [v.count() for v, *_ in boxes])
        for code, inside in [("top_two", lambda v, low, high: v > high - 2), ("bottom_two", lambda v, low, high: v < low + 2)]:
            hit = reduce(lambda a, b: a + b, [(inside(*box).fill_null(False) * pl.col("weight")).sum() for box in boxes])
            aggregates += [(hit / weight).alias(f"{code}|value"), n.alias(f"{code}|n")]
        aggregates += [pl.len().cast(pl.Float64).alias("answers|value"), pl.len().alias("answers|n")]
    wide = frame.group_by(KEYS).agg(aggregates).collect(engine="streaming")
    codes = sorted({column.split("|")[0] for column in wide.columns if "|" in column})
    return pl.concat(
        wide.select(*KEYS, pl.lit(code).alias("measure"), pl.col(f"{code}|value").cast(pl.Float64).alias("value"), pl.col(f"{code}|n").cast(pl.Int64).alias("n"))
        for code in codes
    ).filter(pl.col("n") > 0)


def case_table(frame):
    judged = frame.filter(~pl.col("outcome").is_in(["open", "void"]))
    shares = {"kept": "kept", "breached_remedied": "breached_remedied", "breached_unremedied": "breached_unremedied"}
    wide = judged.group_by(*KEYS, "commitment").agg(
        [(pl.col("outcome") == outcome).mean().alias(name) for name, outcome in shares.items()]
        + [
            (pl.col("outcome") != "kept").sum().cast(pl.Float64).alias("breaches"),
            pl.col("seconds").median().alias("duration_median"),
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("seconds").count().cast(pl.Int64).alias("timed"),
        ]
    ).collect(engine="streaming")
    return pl.concat(
        wide.select(*KEYS, (pl.lit(name + ":") + pl.col("commitment")).alias("measure"), pl.col(name).alias("value"), pl.col(n).alias("n"))
        for name, n in [*((name, "n") for name in [*shares, "breaches"]), ("duration_median", "timed")]
    ).filter(pl.col("n") > 0)


def main(folder, out):
    damaged = {}
    for row in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["damaged"]:
        damaged.setdefault(row["file"], []).append(row["line"])
    columns = sorted({column for column, *_ in bank.CLIENT_ITEMS.values()})
    client = answers(folder, "survey/client-", damaged, bank.CLIENT_DIMENSIONS, columns)
    internal = answers(folder, "survey/internal-", damaged, bank.INTERNAL_DIMENSIONS, bank.INTERNAL_DIMENSIONS["internal"])
    staff = answers(folder, "survey/staff-", damaged, bank.STAFF_DIMENSIONS, sum(bank.STAFF_DIMENSIONS.values(), []))
    importance = answers(folder, "survey/importance-", damaged, {}, list(bank.IMPORTANCE))
    log = cases(folder, damaged)
    newest = [frame.select(pl.col("completed_at").max()) for frame in [client, internal, staff, importance]]
    newest.append(log.select(pl.col("closed_at").max()))
    as_of = max(frame.item() for frame in pl.collect_all(newest)).date()
    client, internal, staff, importance = (in_time(frame, as_of) for frame in [client, internal, staff, importance])
    measures, asked = client_measures(index_weights(importance))
    tables = [
        survey_table(client, measures, overall_in_force(asked)),
        survey_table(internal, {"internal_index": index(bank.INTERNAL_DIMENSIONS, None)}),
        survey_table(staff, {"staff_index": index(bank.STAFF_DIMENSIONS, None)}),
        case_table(outcomes(log, as_of)),
    ]
    table = pl.concat(tables).with_columns(pl.col("month").dt.strftime("%Y-%m")).sort("department", "month", "measure")
    table.write_csv(out)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else sys.stdout.buffer)
