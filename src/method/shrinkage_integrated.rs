//! `shrinkage-integrated`: the same normal-normal model, integrated over how much units differ.

use super::estimates::{BY, ERROR, KEPT, N, SD, Shares, VALUE, VARIANCE, estimates};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::random::Random;
use crate::stats::shrinkage::{Shrinkage, Shrunk};
use crate::stats::{Estimate, Figure, Marks, Reason};

pub(super) const METHOD: Method = Method {
    name: "shrinkage-integrated",
    known_as: &["bayesmeta::bayesmeta", "brms (1 | unit)", "fully Bayesian shrinkage", "eight schools"],
    about: "Shrinkage integrated over tau: right intervals with few units; probabilities of grades, ranks \
        by draws of the posterior.",
    formula: "y ~ N(theta, s²), theta ~ N(mu, tau²), flat priors on mu and tau, tau integrated on a grid \
        up to 5 (range + median s). shrunken, shrunken_sd, shrunken_ci95: mean, standard deviation and 2.5 % \
        and 97.5 % quantiles of the posterior; reliability = E[tau²/(tau² + s²)]; probability_below_C, \
        probability_from_C: shares below the first cut and from each cut on up to the next; rank_mean, \
        rank_ci95: over draws of all units together, 1 the largest. Plugging in an estimate of tau \
        (`shrinkage`) covers 86 % with 3 to 10 units where this covers 95 %.",
    source: "Gelman (2006), Bayesian Analysis 1:515; Röver (2020), J Stat Softw 93(6)",
    example: "data/examples/units.csv --by department --value index --error error --cuts 75,80",
    options: &[
        BY,
        VALUE,
        ERROR,
        VARIANCE,
        SD,
        N,
        KEPT,
        optional("cuts", "ascending cuts between grades, by commas"),
        preset("replicates", "number of draws for the ranks", "10000"),
        preset("seed", "word that names the random numbers", "concord"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (units, lost) = estimates(request, Shares::Logit)?;
    let cuts = request.values("cuts")?;
    if cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Fault::new("`--cuts` do not rise", "write `--cuts 60,75,90`, say"));
    }
    let figure = |pair: (f64, f64)| -> Figure {
        let std_error = Some(pair.1.max(0.0).sqrt());
        Ok(Estimate {
            value: pair.0,
            std_error,
            lower: None,
            upper: None,
            n: 1,
            n_effective: 1.0,
            marks: Marks::default(),
        })
    };
    let figures: Vec<Figure> = units.iter().map(|unit| figure(unit.pair)).collect();
    let model = Shrinkage::new(&figures);
    let draws = request.draws()?;
    let mut random = Random::new(&[request.option("seed").unwrap_or_default(), "posterior ranks"]);
    let ranks = model.as_ref().map(|model| model.ranks(draws, &mut random)).map_err(|reason| *reason);
    let mut answer = Answer::default();
    answer.figure("all", "units", model.as_ref().map(|_| units.len() as f64).map_err(|reason| *reason));
    answer.rows_lost("all", lost);
    for (place, unit) in units.iter().enumerate() {
        let shrunk = model.as_ref().map_err(|reason| *reason).and_then(|model| model.posterior(place));
        tell(&mut answer, &unit.name, shrunk);
        if let (false, Ok(model)) = (cuts.is_empty(), &model) {
            for (k, share) in model.probabilities(place, &cuts).unwrap_or_default().iter().enumerate() {
                let name = if k == 0 {
                    format!("probability_below_{}", cuts[0])
                } else {
                    format!("probability_from_{}", cuts[k - 1])
                };
                answer.number(&unit.name, &name, *share);
            }
        }
        let rank = ranks.as_ref().map_err(|reason| *reason).and_then(|ranks| ranks[place]);
        answer.figure(&unit.name, "rank_mean", rank.map(|rank| rank.mean));
        answer.figure(&unit.name, "rank_ci95_low", rank.map(|rank| f64::from(rank.lower)));
        answer.figure(&unit.name, "rank_ci95_high", rank.map(|rank| f64::from(rank.upper)));
    }
    Ok(answer)
}

fn tell(answer: &mut Answer, name: &str, found: Result<Shrunk, Reason>) {
    let of = |value: fn(&Estimate) -> Option<f64>| {
        found.and_then(|found| value(&found.estimate).ok_or(Reason::NoDispersion))
    };
    answer.figure(name, "shrunken", of(|estimate| Some(estimate.value)));
    answer.figure(name, "shrunken_sd", of(|estimate| estimate.std_error));
    answer.figure(name, "shrunken_ci95_low", of(|estimate| estimate.lower));
    answer.figure(name, "shrunken_ci95_high", of(|estimate| estimate.upper));
    answer.figure(name, "reliability", found.and_then(|found| found.reliability.ok_or(Reason::TooFew)));
}
