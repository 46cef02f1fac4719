"""Cases of working time by public packages, for comparison with Concord's calendars.

Writes cases.csv (source, hours, exceptions, zone, operation, start, argument, expected) and *.csv beside it, the
exceptions in the form Concord reads. Needs businesstimedelta, business-duration, pandas, numpy, holidays, pytz, tzdata.
"""

import csv
import datetime as dt
import random
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import business_duration
import businesstimedelta as btd
import holidays
import numpy as np
import pandas as pd
import pytz

FOLDER = Path(__file__).parent
DICE = random.Random(20260401)
OFFICE = "Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-13:00 14:00-17:00"
CASES = []

# Public holidays of Bavaria by the package `holidays`; make-up Saturdays and short days are invented.
HOLIDAYS = sorted(holidays.country_holidays("DE", subdiv="BY", years=range(2023, 2029)))
MAKE_UP = [dt.date(2025, 2, 8), dt.date(2025, 5, 10), dt.date(2025, 10, 11), dt.date(2026, 2, 28), dt.date(2024, 3, 2)]
SHORT = [dt.date(2024, 12, 24), dt.date(2025, 4, 17), dt.date(2025, 12, 24), dt.date(2026, 4, 30), dt.date(2024, 2, 29)]


def case(source, hours, exceptions, zone, operation, start, argument, expected):
    CASES.append([source, hours, exceptions, zone, operation, start, argument, expected])


def moment(first, last, grid=None):
    """A random moment; three of four at a round time, where things open and close."""
    seconds = int((last - first).total_seconds())
    step = grid or DICE.choice([1, 1800, 3600, 3600])
    return first + dt.timedelta(seconds=DICE.randrange(0, seconds, step))


FIRST, LAST = dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 1)


class Off:
    """Days off as businesstimedelta asks for them: a container of dates."""

    def __contains__(self, day):
        return (day.weekday() >= 5 or day in HOLIDAYS) and day not in MAKE_UP


class Desk(btd.WorkDayRule):
    """9:00 to 18:00, Fridays 17:00, short days 15:00; days off are the package's own holiday rule."""

    def next(self, when, reverse=False):
        when = when if when.tzinfo else pytz.utc.localize(when)
        day = when.astimezone(self.tz).date()
        while True:
            weekday = dt.date(2024, 1, 1).weekday() if day in MAKE_UP else day.weekday()
            end = 15 if day in SHORT else 17 if weekday == 4 else 18
            start = self.tz.localize(dt.datetime.combine(day, dt.time(9)))
            end = self.tz.localize(dt.datetime.combine(day, dt.time(end)))
            if end > when:
                return max(start, when), end
            day += dt.timedelta(days=1)


def by_businesstimedelta():
    for zone in ["", "Europe/Berlin"]:
        tz = pytz.timezone(zone) if zone else pytz.utc
        lunch = btd.LunchTimeRule(dt.time(13), dt.time(14), working_days=range(7), tz=tz)
        rules = btd.Rules([Desk(tz=tz), lunch, btd.HolidayRule(Off(), tz=tz)])
        for _ in range(250):
            start, seconds = moment(FIRST, LAST), DICE.randrange(1, 400) * DICE.choice([60, 900, 3600])
            end = btd.BusinessTimeDelta(rules, seconds=seconds).__add__(tz.localize(start))
            case("businesstimedelta", OFFICE, "office", zone, "add", start, seconds, naive(end, tz))
            a, b = sorted([start, start + dt.timedelta(seconds=DICE.randrange(0, 40 * 86400, 900))])
            delta = rules.difference(tz.localize(a), tz.localize(b))
            case("businesstimedelta", OFFICE, "office", zone, "between", a, b, int(delta.timedelta.total_seconds()))


# Around changes of the clock.
CHANGES = [
    ("Europe/Berlin", dt.datetime(2025, 3, 30)), ("Europe/Berlin", dt.datetime(2025, 10, 26)),
    ("America/New_York", dt.datetime(2025, 3, 9)), ("America/New_York", dt.datetime(2025, 11, 2)),
    ("America/Sao_Paulo", dt.datetime(2017, 10, 15)), ("America/Sao_Paulo", dt.datetime(2018, 2, 18)),
    ("Asia/Shanghai", dt.datetime(2025, 3, 30)), ("Australia/Lord_Howe", dt.datetime(2025, 4, 6)),
    ("Pacific/Apia", dt.datetime(2011, 12, 30)),
]


def around(change, days=3):
    return moment(change - dt.timedelta(days=days), change + dt.timedelta(days=days), DICE.choice([600, 1800, 3600]))


def by_businesstimedelta_zone():
    """Hours that hold the change of the clock: 0:00 to 22:00 every day."""
    for zone, change in CHANGES[:6]:
        tz = pytz.timezone(zone)
        rules = btd.Rules([btd.WorkDayRule(dt.time(0), dt.time(22), working_days=range(7), tz=tz)])
        for _ in range(40):
            start, seconds = around(change), DICE.randrange(1, 200) * 1800
            end = btd.BusinessTimeDelta(rules, seconds=seconds).__add__(tz.localize(start))
            case("businesstimedelta dst", "Mon-Sun 00:00-22:00", "", zone, "add", start, seconds, naive(end, tz))
            a, b = sorted([around(change), around(change)])
            delta = rules.difference(tz.localize(a), tz.localize(b))
            case("businesstimedelta dst", "Mon-Sun 00:00-22:00", "", zone, "between", a, b, int(delta.timedelta.total_seconds()))


def naive(when, tz):
    return tz.normalize(when).replace(tzinfo=None) if hasattr(tz, "normalize") else when.replace(tzinfo=None)


def by_pandas():
    """pandas CustomBusinessHour with a lunch break: whole hours."""
    rule = dict(start=["09:00", "14:00"], end=["13:00", "18:00"], weekmask="Mon Tue Wed Thu Fri", holidays=HOLIDAYS)
    for _ in range(300):
        start, hours = moment(FIRST, LAST), DICE.randrange(1, 120)
        end = pd.Timestamp(start) + pd.offsets.CustomBusinessHour(hours, **rule)
        case("pandas", "Mon-Fri 09:00-13:00 14:00-18:00", "holidays", "", "add", start, hours * 3600, end.to_pydatetime())


def by_business_duration():
    for _ in range(200):
        start = moment(FIRST, LAST)
        end = start + dt.timedelta(seconds=DICE.randrange(0, 30 * 86400, 60))
        seconds = business_duration.businessDuration(start, end, dt.time(9), dt.time(18), holidaylist=HOLIDAYS, unit="sec")
        case("business_duration", "Mon-Fri 09:00-18:00", "holidays", "", "between", start, end, int(seconds))


def by_numpy():
    """Working days: numpy's business days, every weekday worked but for the days off."""
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=i) for i in range(365 * 6)]
    off = [day for day in days if day in Off()]
    calendar = np.busdaycalendar(weekmask="1111111", holidays=off)
    for _ in range(200):
        start, count = moment(FIRST, LAST), DICE.randrange(0, 40)
        end = start.date() + dt.timedelta(days=DICE.randrange(0, 300))
        worked = np.busday_count(start.date(), end + dt.timedelta(days=1), busdaycal=calendar)
        case("numpy", OFFICE, "office", "", "working_days", start.date(), end, worked)
        late = start.time() > close(start.date()) if start.date() not in off else False
        first = np.busday_offset(start.date() + dt.timedelta(days=late), 0, roll="forward", busdaycal=calendar)
        due = np.busday_offset(first, count, busdaycal=calendar).astype(object)
        case("numpy", OFFICE, "office", "", "add_days", start, count, dt.datetime.combine(due, close(due)))


def close(day):
    weekday = 0 if day in MAKE_UP else day.weekday()
    return dt.time(15 if day in SHORT else 17 if weekday == 4 else 18)


def by_zoneinfo():
    """Real time: times shown twice are the first showing and times never shown the instant of the change."""
    utc = ZoneInfo("UTC")
    for zone, change in CHANGES:
        tz = ZoneInfo(zone)
        for _ in range(40):
            a, b = around(change), around(change)
            real = b.replace(tzinfo=tz).astimezone(utc) - a.replace(tzinfo=tz).astimezone(utc)
            case("zoneinfo", "24/7", "", zone, "elapsed", a, b, int(real.total_seconds()))
            seconds = DICE.randrange(-150, 150) * 1800
            later = a.replace(tzinfo=tz).astimezone(utc) + dt.timedelta(seconds=seconds)
            case("zoneinfo", "24/7", "", zone, "add_elapsed", a, seconds, later.astimezone(tz).replace(tzinfo=None))


def by_minutes():
    """Night shifts with days off, counted minute by minute of real time."""
    utc = ZoneInfo("UTC")
    for zone, change in CHANGES[:6]:
        tz = ZoneInfo(zone)
        begin = (change - dt.timedelta(days=8)).replace(tzinfo=tz).astimezone(utc)
        instants = [begin + dt.timedelta(minutes=i) for i in range(24 * 60 * 16)]
        open_ = np.array([is_night(instant.astimezone(tz)) for instant in instants])
        worked = np.concatenate([[0], np.cumsum(open_)])
        for _ in range(40):
            start = around(change, 4)
            from_ = int((start.replace(tzinfo=tz).astimezone(utc) - begin).total_seconds()) // 60
            minutes = DICE.randrange(1, 1200)
            at = int(np.searchsorted(worked, worked[from_] + minutes))
            end = (begin + dt.timedelta(minutes=at)).astimezone(tz).replace(tzinfo=None)
            case("minutes", "Mon-Sun 22:00-06:00+1", "", zone, "add", start, minutes * 60, end)


def is_night(local):
    return local.hour >= 22 or local.hour < 6


def by_bank(folder):
    """The example bank's own due times (optional: the folder of its project)."""
    files = sorted(Path(folder, "commitments").glob("*.parquet"))
    rows = pd.concat([pd.read_parquet(file) for file in files])
    # Left out: `error`, which some rows of other promises are called by mistake, and years that were mistyped.
    rows = rows[(rows.opened_at >= "2024") & rows.due_at.notna()]
    limits = dict(loan=18, mortgage=90, request=2, repair=4, handover=9, sheet=72)
    limits |= {"complaint-acknowledged": 9, "complaint-answered": 45, "product-answer": 4}
    for code, hours in limits.items():
        chosen = rows[rows.commitment == code]
        for row in chosen.sample(min(len(chosen), 100), random_state=1).itertuples():
            case("bank", "Mon-Fri 09:00-18:00", "bank", "", "add", row.opened_at, hours * 3600, row.due_at)
    for row in rows[rows.commitment == "remittance"].sample(200, random_state=1).itertuples():
        case("bank", "Mon-Fri 09:00-18:00", "bank", "", "same_day_by_15", row.opened_at, 0, row.due_at)
    (FOLDER / "bank.csv").write_text(Path(folder, "registers/calendars/bank.csv").read_text())


def write():
    FOLDER.mkdir(exist_ok=True)
    for name, make_up, short in [("office", MAKE_UP, SHORT), ("holidays", [], [])]:
        with open(FOLDER / f"{name}.csv", "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["date", "kind", "hours"])
            out.writerows([day, "holiday", ""] for day in HOLIDAYS)
            out.writerows([day, "working", ""] for day in make_up)
            out.writerows([day, "short", "09:00-13:00 14:00-15:00"] for day in short)
    with open(FOLDER / "cases.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("source,hours,exceptions,zone,operation,start,argument,expected".split(","))
        out.writerows(CASES)


if __name__ == "__main__":
    by_businesstimedelta()
    by_businesstimedelta_zone()
    by_pandas()
    by_business_duration()
    by_numpy()
    by_zoneinfo()
    by_minutes()
    if len(sys.argv) > 1:
        by_bank(sys.argv[1])
    write()
    print(len(CASES), "cases")
