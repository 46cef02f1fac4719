//! `concord stat u-prime`: Laney's u' chart: rates of many events, limits widened to their real variation.

use super::attribute_chart::{OF_RATES, attribute_charts};
use super::{Answer, Fault, Method, Request};
use crate::stats::attributes::Counted;

pub(super) const METHOD: Method = Method {
    name: "u-prime",
    known_as: &["qicharts2::qic(chart = \"up\")", "PowerBI-SPC up", "Laney u' chart"],
    about: "Laney's u' chart: rates of many events, limits widened to their real variation",
    formula: "As u-chart, with limits cl ± 3·sigma_z·√(cl/n): sigma_z = mean moving range of z = (y − cl)/√(cl/n), ranges above \
              3.267 times their mean left out once, over 1.128. Where all ranges are 0 sigma_z is 1. A baseline without an event, or \
              with nothing else, has no spread (history = constant): its limits are those of a new count after it under Jeffreys' \
              prior, tail 0.00135 a side, and `chance` is the probability of a count as extreme. (gamma-Poisson.) NHS rules, runs, \
              gaps and targets as in xmr.",
    source: "Laney, Improved control charts for attributes, Quality Engineering (2002)",
    example: "data/examples/complaints.csv --kept complaints --n customers --time month --improvement lower",
    options: OF_RATES,
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    attribute_charts(request, Counted::Rate, true)
}
