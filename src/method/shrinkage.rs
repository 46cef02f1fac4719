//! `shrinkage`: units as draws from one normal distribution, as meta-analysis sees them; shrunken values.

use super::estimates::{BY, ERROR, KEPT, N, SD, Shares, VALUE, VARIANCE, estimates};
use super::{Answer, Fault, Method, Request, percent, preset};
use crate::stats::Reason;
use crate::stats::meta::{Estimator, Meta, fit, i_squared, q_profile};

pub(super) const METHOD: Method = Method {
    name: "shrinkage",
    known_as: &[
        "metafor::rma",
        "metafor::blup",
        "metafor::confint (Q-profile)",
        "meta::metagen",
        "statsmodels.combine_effects",
        "empirical Bayes",
        "random-effects meta-analysis",
    ],
    about: "Normal-normal shrinkage: tau² (DL, REML, ML, PM, SJ, HE, HS), mean, shrunken value of each \
        unit, prediction interval.",
    formula: "yi ~ N(theta_i, vi), theta_i ~ N(mu, tau²); weights 1/(vi + tau²); blup = B mu + (1 - B) \
        yi, B = vi/(vi + tau²); blup_se² = tau² B + B² mu_se²; reliability = 1 - B. I2, H2 by the typical \
        variance; Q of Cochran. Element `model`: normal quantiles, as metafor's default; `model_knha`: Knapp \
        and Hartung's error with Student's k - 1, also for the prediction interval, the right one for few \
        units. tau2_ci: Q profile. --kept and --n: logits, ½ added where a count is 0 (metafor PLO); --sd \
        and --n: vi = sd²/n (MN). tau² goes to the last digit; metafor stops when it moves by less than \
        1e-5. With few units see `shrinkage-integrated`. Undefined: too_few below two units, no_dispersion \
        where a variance is not above 0.",
    source: "DerSimonian and Laird (1986); Paule and Mandel (1982); Sidik and Jonkman (2005); Viechtbauer \
        (2005, 2007); Knapp and Hartung (2003)",
    example: "data/examples/units.csv --by department --value index --error error --method REML",
    options: &[
        BY,
        VALUE,
        ERROR,
        VARIANCE,
        SD,
        N,
        KEPT,
        preset("method", "estimator of tau²: DL, REML, ML, PM (= EB), EB, SJ, HE, HS", "REML"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let ((units, lost), level) = (estimates(request, Shares::Logit)?, request.level()?);
    let estimator = match request.word("method", &["DL", "REML", "ML", "PM", "EB", "SJ", "HE", "HS"])? {
        Some("DL") => Estimator::DerSimonianLaird,
        Some("ML") => Estimator::Ml,
        Some("PM" | "EB") => Estimator::PauleMandel,
        Some("SJ") => Estimator::SidikJonkman,
        Some("HE") => Estimator::Hedges,
        Some("HS") => Estimator::HunterSchmidt,
        _ => Estimator::Reml,
    };
    let pairs: Vec<(f64, f64)> = units.iter().map(|unit| unit.pair).collect();
    let model = fit(&pairs, estimator);
    let mut answer = Answer::default();
    tell_model(&mut answer, &model, level);
    answer.rows_lost("model", lost);
    let (percent, ends) = (percent(level), q_profile(&pairs, level));
    answer.figure("model", &format!("tau2_ci{percent}_low"), ends.map(|ends| ends.0));
    answer.figure("model", &format!("tau2_ci{percent}_high"), ends.map(|ends| ends.1));
    answer.figure("model", &format!("I2_ci{percent}_low"), ends.and_then(|ends| i_squared(&pairs, ends.0)));
    answer.figure("model", &format!("I2_ci{percent}_high"), ends.and_then(|ends| i_squared(&pairs, ends.1)));
    for unit in &units {
        let shrunk = model.map(|model| model.shrunk(unit.pair));
        answer.number(&unit.name, "yi", unit.pair.0);
        answer.number(&unit.name, "vi", unit.pair.1);
        answer.figure(&unit.name, "blup", shrunk.map(|shrunk| shrunk.0));
        answer.figure(&unit.name, "blup_se", shrunk.map(|shrunk| shrunk.1));
        answer.figure(&unit.name, "reliability", model.map(|model| model.reliability(unit.pair.1)));
    }
    Ok(answer)
}

fn tell_model(answer: &mut Answer, model: &Result<Meta, Reason>, level: f64) {
    let percent = percent(level);
    let of = |value: &dyn Fn(&Meta) -> f64| model.as_ref().map(value).map_err(|reason| *reason);
    let mut told = |element: &str, quantity: &str, value: &dyn Fn(&Meta) -> f64| {
        answer.figure(element, quantity, of(value))
    };
    told("model", "k", &|model| model.k as f64);
    told("model", "mu", &|model| model.mean);
    told("model", "mu_se", &|model| model.mean_se);
    told("model", &format!("mu_ci{percent}_low"), &|model| model.interval(level).0);
    told("model", &format!("mu_ci{percent}_high"), &|model| model.interval(level).1);
    told("model", "tau2", &|model| model.tau2);
    told("model", "tau2_se", &|model| model.tau2_se);
    told("model", "I2", &|model| model.i2);
    told("model", "H2", &|model| model.h2);
    told("model", "Q", &|model| model.q.0);
    told("model", "Q_p", &|model| model.q.1);
    told("model", &format!("prediction{percent}_low"), &|model| model.prediction(level).0);
    told("model", &format!("prediction{percent}_high"), &|model| model.prediction(level).1);
    told("model_knha", "mu_se", &|model| model.mean_se_knha);
    told("model_knha", &format!("mu_ci{percent}_low"), &|model| model.interval_knha(level).0);
    told("model_knha", &format!("mu_ci{percent}_high"), &|model| model.interval_knha(level).1);
    told("model_knha", &format!("prediction{percent}_low"), &|model| model.prediction_knha(level).0);
    told("model_knha", &format!("prediction{percent}_high"), &|model| model.prediction_knha(level).1);
}
