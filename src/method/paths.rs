//! `paths`: effects of drivers on an outcome by way of mediators, in two stages.

use super::complete::{complete, named_once};
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::random::Random;
use crate::stats::path::{Stages, effects, resampled};

pub(super) const METHOD: Method = Method {
    name: "paths",
    known_as: &[
        "mediation::mediate",
        "lavaan::sem (indirect effects)",
        "pingouin.mediation_analysis",
        "PROCESS model 4",
        "Sobel test",
    ],
    about: "Two-stage path effects: driver -> mediator (dimension of satisfaction) -> outcome.",
    formula: "a: each mediator on all drivers; b: outcome on all mediators (and drivers with --direct \
        yes); through_MEDIATOR = a b, indirect = sum of a b, total = indirect + direct. indirect_se: delta \
        method, b'Cov(a)b + a'Cov(b)a with the covariances of the first stage's residuals; \
        indirect_delta_ci95: normal. indirect_ci95: percentiles over resampled rows, or clusters with --unit, \
        to be preferred because a product is not normal. One regression on drivers and mediators together \
        would credit the mediators alone.",
    source: "Sobel (1982); Bollen (1987); MacKinnon, Lockwood and Williams (2004)",
    example: "data/examples/profiles.csv --y satisfaction --x promises --mediators speed,staff \
        --replicates 200",
    options: &[
        required("y", "column of the outcome"),
        required("x", "columns of the drivers, by commas"),
        required("mediators", "columns of the mediators, by commas"),
        preset("direct", "yes: drivers may also act past the mediators", "no"),
        optional("weight", "column of weights"),
        optional("unit", "column of clusters that are resampled whole"),
        preset("replicates", "number of resamples; 0 for none", "2000"),
        preset("seed", "word that names the random numbers", "concord"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (drivers, mediators, level) = (request.list("x"), request.list("mediators"), request.level()?);
    let names = named_once(request, &["x", "mediators"], "y")?;
    let found = complete(request, &names)?;
    let stages = Stages {
        drivers: &found.columns[..drivers.len()],
        mediators: &found.columns[drivers.len()..names.len() - 1],
        outcome: &found.columns[names.len() - 1],
        weights: &found.weights,
        direct: request.word("direct", &["yes", "no"])? == Some("yes"),
    };
    let (percent, effects) = (percent(level), effects(&stages, level));
    let mut answer = Answer::default();
    answer.number("model", "n", found.n);
    answer.rows_lost("model", found.lost);
    for (k, name) in drivers.iter().enumerate() {
        let effect = effects.as_ref().map(|effects| &effects[k]).map_err(|reason| *reason);
        for (m, mediator) in mediators.iter().enumerate() {
            answer.figure(name, &format!("through_{mediator}"), effect.map(|effect| effect.through[m]));
        }
        answer.figure(name, "indirect", effect.map(|effect| effect.indirect));
        answer.figure(name, "indirect_se", effect.map(|effect| effect.std_error));
        answer.figure(
            name,
            &format!("indirect_delta_ci{percent}_low"),
            effect.map(|effect| effect.delta.lower),
        );
        answer.figure(
            name,
            &format!("indirect_delta_ci{percent}_high"),
            effect.map(|effect| effect.delta.upper),
        );
        answer.figure(name, "direct", effect.map(|effect| effect.direct));
        answer.figure(name, "total", effect.map(|effect| effect.total));
    }
    let (replicates, seed) =
        (request.whole("replicates")?.unwrap_or(0), request.option("seed").unwrap_or_default());
    if replicates > 0 {
        let mut random = Random::new(&[seed, "paths"]);
        let ends = resampled(&stages, &found.clusters(), (replicates, level), &mut random);
        for (k, name) in drivers.iter().enumerate() {
            let ends = ends.as_ref().map(|ends| ends[k]).map_err(|reason| *reason);
            answer.figure(name, &format!("indirect_ci{percent}_low"), ends.map(|ends| ends.lower));
            answer.figure(name, &format!("indirect_ci{percent}_high"), ends.map(|ends| ends.upper));
        }
    }
    Ok(answer)
}
