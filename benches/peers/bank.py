"""What the peers' scripts must know of the example bank; Concord reads it from the registers."""

CLIENT_DIMENSIONS = {
    "speed": ["q01", "q02", "q03"],
    "people": ["q04", "q05", "q06"],
    "solution": ["q07", "q08", "q09"],
    "product": ["q10", "q11", "q12"],
    "place": ["q13", "q14", "q15"],
}
INTERNAL_DIMENSIONS = {"internal": [f"s{number}" for number in range(1, 9)]}
STAFF_DIMENSIONS = {
    "reward": ["n01", "n02"],
    "security": ["n03", "n04"],
    "belonging": ["n05", "n06"],
    "respect": ["n07", "n08"],
    "growth": ["n09", "n10", "n11", "n12"],
}
# Codes that mean "does not apply".
NOT_APPLICABLE = {"q10": 9, "q11": 9, "q12": 9, "as_promised": 9}
# Item -> column, lowest, highest, first day, last day.
CLIENT_ITEMS = {
    **{f"q{number:02}": (f"q{number:02}", 1, 5, None, None) for number in range(1, 16) if number != 13},
    "q13": ("q13", 1, 5, None, "2025-10-31"),
    "q13b": ("q13", 1, 5, "2025-11-01", None),
    "overall_5": ("overall_5", 1, 5, None, "2025-01-31"),
    "overall": ("overall", 1, 10, "2025-01-01", None),
    "recommend": ("recommend", 0, 10, None, None),
    "effort": ("effort", 1, 5, "2025-08-01", None),
    "as_promised": ("as_promised", 0, 1, None, None),
}
# Importance item -> dimension of the client item it rates; 13 is asked in two wordings, one after the other.
IMPORTANCE = {f"m{number:02}": list(CLIENT_DIMENSIONS)[(number - 1) // 3] for number in range(1, 16)}
# Promises judged by a measured value where they have one: code -> limit and whether more is better.
VALUE_LIMITS = {
    "calls": (3, False),
    "queue": (10, False),
    "account": (20, False),
    "statement": (10, False),
    "trace": (30, False),
    "greeted": (1, True),
    "atm": (1, True),
    "terminal": (1, True),
}
# Promises that are never judged by time.
UNTIMED = ["calls", "greeted", "atm", "terminal"]
# Seconds that an elapsed-time limit allows where a case has no due time of its own.
ELAPSED = {"queue": 600, "account": 1200, "statement": 600, "trace": 1800, "callback": 3600, "new-client": 864_000, "cash": 7200}
CARD_ELAPSED = [("2000-01-01", 5 * 86_400), ("2025-11-01", 3 * 86_400)]
SETTLE_DAYS = 10
# Month in which an item of the index got another wording.
REWORDED = "2025-11"
