//! `concord stat p-chart`: p chart: shares of cases by period, limits that widen where cases are few.

use super::attribute_chart::{OF_SHARES, attribute_charts};
use super::{Answer, Fault, Method, Request};
use crate::stats::attributes::Counted;

pub(super) const METHOD: Method = Method {
    name: "p-chart",
    known_as: &["qicharts2::qic(chart = \"p\")", "qcc::qcc(type = \"p\")", "PowerBI-SPC p"],
    about: "p chart: shares of cases by period, limits that widen where cases are few",
    formula: "y = k/n, cl = Σk/Σn of the baseline, limits cl ± 3·√(cl(1 − cl)/n), cut to 0..1. A baseline without an event, or with \
              nothing else, has no spread (history = constant): its limits are those of a new count after it under Jeffreys' prior, \
              tail 0.00135 a side, and `chance` is the probability of a count as extreme. (beta-binomial; qicharts2 gives NA). NHS \
              rules, runs, gaps and targets as in xmr. With thousands of cases a period the model's spread is too small for real \
              life and nearly every point signals: see p-prime. Undefined (too_few) without a case in the baseline; a period without \
              cases is a gap.",
    source: "Shewhart (1931); Montgomery, Introduction to Statistical Quality Control",
    example: "data/examples/commitments.csv --kept kept --n cases --time month --by department",
    options: OF_SHARES,
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    attribute_charts(request, Counted::Share, false)
}
