"""Counts kept, broken, open and void cases of real logs by department, with pandas, and prints them as JSON."""

import json
import sys

import pandas as pd


def told(frame):
    """Counts of each department in the order kept, broken, open, void."""
    names = ["kept", "broken", "open", "void"]
    counts = frame.groupby(["department", "outcome"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=names, fill_value=0)
    return {department: [int(n) for n in row] for department, row in zip(counts.index, counts.to_numpy())}


def requests(folder):
    """Boston: kept if closed by the due time, broken if not and the time is over, void without one."""
    files = [f"{folder}/boston_311_2015q{quarter}.csv" for quarter in (1, 2)]
    frame = pd.concat([pd.read_csv(file, dtype=str) for file in files])
    for column in ("opened_at", "due_at", "closed_at"):
        frame[column] = pd.to_datetime(frame[column])
    # What closes before it opens is damage.
    frame = frame[~(frame.closed_at < frame.opened_at)]
    end = frame.closed_at.max().normalize() + pd.Timedelta(days=1)
    frame["outcome"] = "broken"
    frame.loc[frame.closed_at.isna() & (frame.due_at >= end), "outcome"] = "open"
    frame.loc[frame.closed_at <= frame.due_at, "outcome"] = "kept"
    frame.loc[frame.due_at.isna(), "outcome"] = "void"
    flag = frame[frame.due_at.notna() & frame.on_time.notna()]
    agree = (flag.on_time == "OVERDUE") == (flag.outcome == "broken")
    return {"departments": told(frame), "city_agrees": [int(agree.sum()), len(flag)]}


def incidents(folder):
    """Incidents: the last revision that names a group says whether the incident was resolved as agreed."""
    frame = pd.read_csv(f"{folder}/incident_event_log_2016.csv", dtype=str)
    frame = frame[frame.assignment_group.notna()]
    frame["revision"] = frame.sys_mod_count.astype(int)
    last = frame.sort_values(["number", "revision"]).groupby("number").tail(1)
    last = last.assign(
        department=last.assignment_group, outcome=last.made_sla.map({"TRUE": "kept", "FALSE": "broken"})
    )
    return {"departments": told(last)}


if __name__ == "__main__":
    what, folder = sys.argv[1:]
    print(json.dumps({"requests": requests, "incidents": incidents}[what](folder)))
