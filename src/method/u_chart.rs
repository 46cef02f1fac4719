//! `concord stat u-chart`: u chart: events per area of opportunity, such as complaints per 1000 customers.

use super::attribute_chart::{OF_RATES, attribute_charts};
use super::{Answer, Fault, Method, Request};
use crate::stats::attributes::Counted;

pub(super) const METHOD: Method = Method {
    name: "u-chart",
    known_as: &["qicharts2::qic(chart = \"u\")", "qcc::qcc(type = \"u\")", "PowerBI-SPC u"],
    about: "u chart: events per area of opportunity, such as complaints per 1000 customers",
    formula: "y = k/n, cl = Σk/Σn of the baseline, limits cl ± 3·√(cl/n), not below 0. A baseline without an event, or with nothing \
              else, has no spread (history = constant): its limits are those of a new count after it under Jeffreys' prior, tail \
              0.00135 a side, and `chance` is the probability of a count as extreme. (gamma-Poisson.) NHS rules, runs, gaps and \
              targets as in xmr. Undefined (too_few) without an area in the baseline.",
    source: "Shewhart (1931); Montgomery, Introduction to Statistical Quality Control",
    example: "data/examples/complaints.csv --kept complaints --n customers --time month --improvement lower",
    options: OF_RATES,
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    attribute_charts(request, Counted::Rate, false)
}
