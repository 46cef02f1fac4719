//! `concord stat p-prime`: Laney's p' chart: shares of many cases, limits widened to their real variation.

use super::attribute_chart::{OF_SHARES, attribute_charts};
use super::{Answer, Fault, Method, Request};
use crate::stats::attributes::Counted;

pub(super) const METHOD: Method = Method {
    name: "p-prime",
    known_as: &["qicharts2::qic(chart = \"pp\")", "PowerBI-SPC pp", "Laney p' chart"],
    about: "Laney's p' chart: shares of many cases, limits widened to their real variation",
    formula: "As p-chart, with limits cl ± 3·sigma_z·√(cl(1 − cl)/n): sigma_z = mean moving range of z = (y − cl)/√(cl(1 − cl)/n), \
              ranges above 3.267 times their mean left out once, over 1.128. Where all ranges are 0 sigma_z is 1. A baseline without \
              an event, or with nothing else, has no spread (history = constant): its limits are those of a new count after it under \
              Jeffreys' prior, tail 0.00135 a side, and `chance` is the probability of a count as extreme. (beta-binomial; qicharts2 \
              gives NA, PowerBI-SPC divides by 0). NHS rules, runs, gaps and targets as in xmr.",
    source: "Laney, Improved control charts for attributes, Quality Engineering (2002)",
    example: "data/examples/commitments.csv --kept kept --n cases --time month --by department",
    options: OF_SHARES,
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    attribute_charts(request, Counted::Share, true)
}
