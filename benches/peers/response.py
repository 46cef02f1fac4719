"""Recomputes with pandas who answers in the example bank and how: python response.py BANK MONTH [OUT.csv].

Over the twelve months that end with MONTH: response rates from the invitations, the index weighed to all customers, shares just within
a limit, straight lines, and Cohen's kappa of what customers saw and what the log says. Out: department,measure,value,n.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

import bank
import counts

WINDOW = 12
LOOKBACK = 3
LEAST = 5
WORST = ["breached_unremedied", "breached_remedied", "kept", "open", "none"]
ITEMS = [f"q{number:02}" for number in range(1, 16)]


def outcome_at(cases, at):
    """Returns what had become of each case at a second of its own."""
    known = {name: cases[name].where(cases[name] <= at) for name in ["closed_at", "cancelled_at", "remedied_at"]}
    limit = cases["commitment"].map({code: limit for code, (limit, _) in bank.VALUE_LIMITS.items()})
    is_higher = cases["commitment"].map({code: higher for code, (_, higher) in bank.VALUE_LIMITS.items()}).eq(True)
    by_value = np.where(is_higher, cases["value"] >= limit, cases["value"] <= limit)
    is_late = known["closed_at"].gt(cases["due"]) | (known["closed_at"].isna() & (at > cases["due"]))
    is_void = known["cancelled_at"].notna() | (~cases["by_value"] & cases["due"].isna())
    is_void |= cases["by_value"] & (cases["value"].isna() | limit.isna())
    is_open = ~cases["by_value"] & known["closed_at"].isna() & ~is_late
    is_kept = np.where(cases["by_value"], by_value, ~is_late)
    states = [is_void, is_open, is_kept, known["remedied_at"].notna()]
    return np.select(states, ["none", "open", "kept", "breached_remedied"], "breached_unremedied")


def worst(client, log, as_of):
    """Returns the worst outcome of each answer's contact as it stood when it was given; nothing without a contact."""
    named = client.dropna(subset=["contact"]).reset_index()
    at = np.minimum(named["completed_at"], counts.last_second(named["month"], as_of))
    pairs = named.assign(at=at)[["index", "contact", "at", "month"]].merge(
        log.dropna(subset=["contact"]), on="contact", suffixes=("_answer", "")
    )
    begun = pairs["opened_at"].dt.to_period("M")
    age = (pairs["month_answer"].dt.year - begun.dt.year) * 12 + pairs["month_answer"].dt.month - begun.dt.month
    pairs = pairs[(age >= 0) & (age <= LOOKBACK)]
    rank = pd.Series(outcome_at(pairs, pairs["at"]), index=pairs.index).map(WORST.index)
    found = rank.groupby(pairs["index"]).min().map(lambda place: WORST[place])
    return found.reindex(named["index"]).fillna("none").reindex(client.index)


def join(groups):
    """Joins (customers, answers) as the report says: those with too few answers together, else with the fewest of the others."""
    enough = [group for group in groups if len(group[1]) >= LEAST]
    few = [group for group in groups if len(group[1]) < LEAST]
    if not few:
        return enough
    rest = (sum(size for size, _ in few), pd.concat([own for _, own in few]))
    if len(rest[1]) < LEAST and enough:
        place = min(range(len(enough)), key=lambda one: len(enough[one][1]))
        enough[place] = (enough[place][0] + rest[0], pd.concat([enough[place][1], rest[1]]))
        return enough
    return [*enough, rest]


def strata(invited, complete):
    """Returns the strata of one department as (customers, answers)."""
    joined, breached = [], []
    for outcome, of_outcome in invited.groupby("outcome"):
        segments = []
        for segment, of_segment in of_outcome.groupby("segment"):
            cells = []
            for channel, of_channel in of_segment.groupby("channel"):
                own = complete[
                    (complete["outcome"] == outcome)
                    & (complete["segment"] == segment)
                    & (complete["channel"] == channel)
                ]
                cells.append((of_channel["invited"].sum(), own))
            segments.extend(join(cells))
        (breached if outcome.startswith("breached") else joined).extend(join(segments))
    return joined + join(breached)


def post_stratified(groups):
    """Returns the weighted mean of strata (customers, answers) and its standard error."""
    told = [(size, own) for size, own in groups if len(own) >= 2]
    total = sum(size for size, _ in told)
    value = sum(size / total * np.average(own["index"], weights=own["weight"]) for size, own in told)
    variance = sum((size / total) ** 2 * own["index"].var() / len(own) for size, own in told)
    return value, variance**0.5, sum(len(own) for _, own in told)


def main(folder, month, out):
    damaged = {}
    for row in json.loads((folder / "truth.json").read_text(encoding="utf-8"))["damaged"]:
        damaged.setdefault(row["file"], []).append(row["line"])
    columns = sorted({column for column, *_ in bank.CLIENT_ITEMS.values()})
    client = counts.answers(folder, "survey/client-", damaged, bank.CLIENT_DIMENSIONS, columns)
    importance = counts.answers(folder, "survey/importance-", damaged, {}, list(bank.IMPORTANCE))
    log = counts.cases(folder, damaged)
    as_of = max(client["completed_at"].max(), log["closed_at"].max()).normalize()
    last = pd.Period(month)
    within = lambda frame: frame[(frame["month"] > last - WINDOW) & (frame["month"] <= last)].copy()
    client = within(counts.in_time(client, as_of)).reset_index(drop=True)
    client["outcome"] = worst(client, log, as_of)
    weights = counts.index_weights(importance)
    weights = weights[max(year for year in weights if year <= last.year)]
    client["index"] = counts.percent(client[list(weights.index)], 1, 5) @ weights
    invited = counts.read(folder, "invitations/invitations-", damaged)
    counts.numbers(invited, ["invited", "answered"])
    invited["month"] = pd.PeriodIndex(invited["month"], freq="M")
    invited = within(invited)
    rows = [*rates(invited), *index(invited, client), *given(client), *heaps(within(counts.outcomes(log, as_of)))]
    pd.DataFrame(rows, columns=["department", "measure", "value", "n"]).to_csv(out, index=False)


def rates(invited):
    everyone = invited.assign(department="all")
    for (department, outcome), own in pd.concat([invited, everyone]).groupby(["department", "outcome"]):
        yield department, f"rate:{outcome}", own["answered"].sum() / own["invited"].sum(), own["invited"].sum()


def index(invited, client):
    complete = client.dropna(subset=["index", "outcome"])
    everything = []
    for department, own in invited.groupby("department"):
        answers = complete[complete["department"] == department]
        groups = strata(own, answers)
        value, error, n = post_stratified(groups)
        yield department, "post_stratified", value, n
        yield department, "post_stratified_error", error, n
        everything.extend((size * answers["weight"].mean(), part) for size, part in groups)
    value, error, n = post_stratified(everything)
    yield "all", "post_stratified", value, n
    yield "all", "post_stratified_error", error, n


def given(client):
    given = client[ITEMS]
    is_line = given.notna().sum(axis=1) >= 5
    lines = client.assign(straight=given.nunique(axis=1) == 1)[is_line]
    for department, own in lines.groupby("department"):
        yield department, "straight_lining", own["straight"].mean(), len(own)
    told = client[client["outcome"].isin(WORST[:3])].dropna(subset=["as_promised"])
    for department, own in pd.concat([told, told.assign(department="all")]).groupby("department"):
        log, seen = own["outcome"] == "kept", own["as_promised"] == 1
        table = [[(log & seen).sum(), (log & ~seen).sum()], [(~log & seen).sum(), (~log & ~seen).sum()]]
        yield department, "kappa", cohens_kappa(table).kappa, len(own)
        if department != "all":
            yield department, "not_as_seen", (log & ~seen).sum() / log.sum(), log.sum()


def heaps(log):
    queue = log[(log["commitment"] == "queue") & ~log["outcome"].isin(["open", "void"])].dropna(subset=["value"])
    for department, own in queue.groupby("department"):
        yield department, "heaping:queue", (own["value"] == 10).mean(), len(own)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else sys.stdout)
