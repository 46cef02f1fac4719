"""Regression and drivers: key_drivers.csv."""

import golden
import real_tables as tables

PROBLEMS = {
    "attitude": (tables.attitude, "rating", "complaints,privileges,learning,raises,critical,advance"),
    "bank_satisfaction": (tables.bank, "satisfaction", "image,expectations,quality,value"),
    "bank_loyalty": (tables.bank, "loyalty", "image,expectations,quality,value,satisfaction"),
    "cms2016": (tables.cms, "overall_rating", "nurse_communication,doctor_communication,staff_responsiveness,cleanliness,OP_18B,OP_20,IMM_3,VTE_5"),
    "nhs_trust_year": (tables.nhs_year, "recommend_care", "rate,engagement,work_stress,recommend_work,shmi"),
}


def cases(real, _golden):
    for name, (build, y, x) in PROBLEMS.items():
        table = build(real)[[y, *x.split(",")]]
        is_fit = lambda row: row["peer"].startswith(("stats::lm", "base::solve"))
        yield golden.Case("key_drivers", name, table, ["regression", "--y", y, "--x", x], only=is_fit)
        # rwa takes the sign of the orthogonal predictors' coefficients; ours is the sign in the full model (V9), so its convention is asked for.
        arguments = ["drivers", "--y", y, "--x", x, "--replicates", "0", "--convention", "rwa"]
        yield golden.Case("key_drivers", name, table, arguments, only=lambda row: not is_fit(row))
