//! `concord stat c-chart`: counts of events in equal periods.

use super::control_chart::{QICHARTS, charts, with_common};
use super::series::{Series, check, sums};
use super::{Answer, Fault, Method, Request, required};
use crate::stats::attributes::{Counted, attributes};

pub(super) const METHOD: Method = Method {
    name: "c-chart",
    known_as: &["qicharts2::qic(chart = \"c\")", "qcc::qcc(type = \"c\")", "PowerBI-SPC c"],
    about: "c chart: counts of events in equal periods",
    formula: "y = count (rows of a period are added up), cl = mean count of the baseline, limits cl ± 3·√cl, not below 0. A baseline without an event (history \
              = constant) has the limits of a new count after it under Jeffreys' prior (gamma-Poisson, tail 0.00135), and `chance` is the probability of \
              so many events. NHS rules, runs, gaps and targets as in xmr. Undefined (too_few) without a count in the baseline.",
    source: "Shewhart (1931); Montgomery, Introduction to Statistical Quality Control",
    example: "data/examples/complaints.csv --value complaints --time month --improvement lower",
    options: &with_common::<11>(&[required("value", "column with the count of a row")]),
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let counts = request.numbers_of("value")?.unwrap_or_default();
    let ones = vec![Some(1.0); counts.len()];
    check(&counts, &ones, false)?;
    charts(
        request,
        &QICHARTS,
        &Series::of(request, |row| counts[row].is_some())?,
        // However many rows a period has, it is one area of opportunity.
        |slot| Ok(sums(slot, &counts, &ones).map(|(count, _)| (count, 1.0))),
        |counts, phases| Ok(attributes(counts, phases, (Counted::Rate, false))),
    )
}
