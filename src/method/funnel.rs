//! `concord stat funnel`: units against limits that widen where they are small, with and without overdispersion.

use super::funnel_table::{Convention, Funnel, Kind, read};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::adjust::Adjustment;
use crate::stats::funnel::Trimmed;
use crate::stats::funnel_exact::{binomial_limit, binomial_p, poisson_limit, poisson_p};

pub(super) const METHOD: Method = Method {
    name: "funnel",
    known_as: &[
        "FunnelPlotR::funnel_plot",
        "PHEindicatormethods::calculate_funnel_limits",
        "pprof funnel",
        "PowerBI-Funnels",
    ],
    about: "funnel of units: limits by size, overdispersion (phi, tau2), z scores, exact limits and p values, outliers",
    formula: "Each unit's value Y and error s on a scale where errors do not depend on the value. PR (shares): asin √(k/n), 1/(2√n). SR (observed over \
              expected): ln(O/E), 1/√E (SHMI; O = 0 counts as ½), or √(O/E), 1/(2√E) (CQC). RC (ratios of counts): ln((a + ½)/(b + ½)), √(a/(a + ½)² + \
              b/(b + ½)²). mean: the mean, pooled standard deviation within units/√n. Uzscore = (Y − target)/s; Wuzscore winsorised at the quantiles --trim \
              and 1 − trim, or truncated by rank (SHMI). phi = ΣW²/N; tau2 = (N·phi − (N − 1))/(Σw − Σw²/Σw), w = 1/s², 0 where N·phi < N − 1, undefined \
              (too_few) below five units.\n\
              Limits: LCL95 … at ± 1.96 s (SR: chi-square interval of the Poisson count), OD95LCL … at ± 1.96·√(s² + tau2), 99 means 99.8 %; both taken \
              back to shares, ratios or means and cut at the ends of the scale. outlier = outside OD99. exact_LCL95 …: binomial or Poisson quantiles \
              between counts by interpolation. p_exact = twice the smaller exact tail; p_overdispersed = two-sided normal p of (Y − target)/√(s² + tau2); \
              p_adjusted over the units by --adjust. --grid adds limits at denominators of your choice (an RC or SR grid takes the target's numerator).\n\
              Rows of a unit are added up; single answers and (mean, sd, n) rows of --type mean give the same. A unit without a denominator has the reason \
              too_few.\n\
              Peers: --convention FunnelPlotR has z = 1.959964 and 3.090232, and CQC limits 1 ± z·√(s² + tau2) that are not squared back: half as wide as the \
              z scores say. Its RC limits with 1/(2√n) and its arcsine limits that turn back below 0 are not offered.",
    source: "Spiegelhalter, Statistics in Medicine (2005); Spiegelhalter et al., JRSS A (2012); NHS Digital, SHMI specification; \
             Care Quality Commission",
    example: "data/examples/promises.csv --by department --kept kept --n cases",
    options: &[
        required("by", "column with the unit"),
        optional("kept", "column with the numerator (cases, observed events); for --type mean use --value"),
        optional("n", "column with the denominator: cases, or answers behind each mean"),
        optional("expected", "column with the expected count of --type SR"),
        optional("value", "column with answers or means, for --type mean"),
        optional("sd", "column with the standard deviation behind each mean, for --type mean with --n"),
        preset("type", "PR shares, SR observed over expected, RC ratio of counts, mean", "PR"),
        preset("method", "for SR: SHMI (logarithm, truncation) or CQC (square root, winsorising)", "SHMI"),
        preset("trim", "share of units at each end that is winsorised or truncated", "0.1"),
        optional("target", "what units are compared with; all units together (SR: 1) without it"),
        optional("grid", "denominators (comma list) at which limits are given"),
        optional("level", "a further level of limits beside 0.95 and 0.998, such as 0.99"),
        preset("adjust", "p values adjusted over the units: none, holm or bh", "bh"),
        preset("convention", "concord or FunnelPlotR", "concord"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let convention = match request.word("convention", &["concord", "FunnelPlotR"])? {
        Some("FunnelPlotR") => Convention::FunnelPlotR,
        _ => Convention::Concord,
    };
    let funnel = Funnel::new(read(request)?, convention)?;
    let mut answer = Answer::default();
    answer.figure("model", "tau2", funnel.dispersion.map(|found| found.tau2));
    answer.figure("model", "phi", funnel.dispersion.map(|found| found.phi));
    answer.number("model", "units", funnel.data.units.len() as f64);
    answer.rows_lost("model", funnel.data.lost);
    answer.figure("model", "target", funnel.target.map(|target| funnel.data.scale().back(target)));
    let adjusted = adjusted(request, &funnel)?;
    for (place, p) in adjusted.into_iter().enumerate() {
        write_unit(&funnel, place, &mut answer);
        if let Some(p) = p {
            answer.number(&funnel.data.units[place].name, "unit_p_adjusted", p);
        }
    }
    for part in request.names("grid")? {
        let size = part.parse::<f64>().ok().filter(|size| *size > 0.0 && size.is_finite());
        let size = size.ok_or_else(|| {
            Fault::new(format!("`{part}` of `--grid` is not a number above 0"), "write `--grid 10,50,100`")
        })?;
        write_grid(&funnel, (part, size), &mut answer);
    }
    Ok(answer)
}

/// Returns the adjusted p values of the units; nothing where they have none or none are asked for.
fn adjusted(request: &Request<'_>, funnel: &Funnel) -> Result<Vec<Option<f64>>, Fault> {
    let p: Vec<Option<f64>> =
        (0..funnel.data.units.len()).map(|place| funnel.overdispersed(place).ok().map(|(_, p)| p)).collect();
    Ok(match request.word("adjust", &["none", "holm", "bh"])? {
        Some("holm") => Adjustment::Holm.adjust(&p),
        Some("bh") => Adjustment::BenjaminiHochberg.adjust(&p),
        _ => vec![None; p.len()],
    })
}

fn write_unit(funnel: &Funnel, place: usize, answer: &mut Answer) {
    let unit = &funnel.data.units[place];
    let (name, counts) = (unit.name.as_str(), unit.counts);
    answer.number(name, "unit_denominator", counts.1);
    let numerator = if funnel.data.kind == Kind::Mean { "unit_mean" } else { "unit_numerator" };
    answer.number(name, numerator, counts.0);
    let Some((y, error)) = funnel.value(place) else {
        answer.figure(name, "unit_Y", Err(Reason::TooFew));
        return;
    };
    let rr = if funnel.data.kind == Kind::Mean { counts.0 } else { counts.0 / counts.1 };
    answer.number(name, "unit_rr", rr);
    answer.figure(name, "unit_target_transformed", funnel.target);
    answer.number(name, "unit_Y", y);
    answer.number(name, "unit_s", error);
    answer.figure(name, "unit_Uzscore", funnel.score(place));
    if let Some(trimmed) = &funnel.trimmed[place] {
        write_trimmed(name, trimmed, answer);
    }
    for level in funnel.levels() {
        write_limits(funnel, (name, rr, counts), (&level, error), answer);
    }
    let p = match (funnel.data.kind, funnel.target.map(|target| funnel.data.scale().back(target))) {
        (Kind::Share, Ok(target)) => whole(counts.0).and_then(|k| binomial_p(k, whole(counts.1)?, target)),
        (Kind::Ratio(_), Ok(target)) => whole(counts.0).and_then(|k| poisson_p(k, counts.1 * target)),
        _ => return write_overdispersed(funnel, place, answer),
    };
    answer.figure(name, "unit_p_exact", p);
    write_overdispersed(funnel, place, answer);
}

fn write_overdispersed(funnel: &Funnel, place: usize, answer: &mut Answer) {
    let (name, found) = (funnel.data.units[place].name.as_str(), funnel.overdispersed(place));
    answer.figure(name, "unit_z_overdispersed", found.map(|(z, _)| z));
    answer.figure(name, "unit_p_overdispersed", found.map(|(_, p)| p));
}

fn write_trimmed(name: &str, trimmed: &Trimmed, answer: &mut Answer) {
    let flag = f64::from(u8::from(trimmed.trimmed));
    match trimmed.group {
        Some(group) => {
            answer.number(name, "unit_rk", trimmed.rank);
            answer.number(name, "unit_sp", group);
            answer.number(name, "unit_truncated", flag);
        }
        None => answer.number(name, "unit_winsorised", flag),
    }
    answer.figure(name, "unit_Wuzscore", trimmed.score.ok_or(Reason::NotApplicable));
}

fn write_limits(
    funnel: &Funnel,
    (name, rr, counts): (&str, f64, (f64, f64)),
    (level, error): (&super::funnel_table::Level, f64),
    answer: &mut Answer,
) {
    let word = &level.word;
    let plain = funnel.plain_limits(counts.1, error, level);
    answer.figure(name, &format!("unit_LCL{word}"), plain.map(|ends| ends.0));
    answer.figure(name, &format!("unit_UCL{word}"), plain.map(|ends| ends.1));
    let wide = funnel.wide_limits(error, level);
    answer.figure(name, &format!("unit_OD{word}LCL"), wide.map(|ends| ends.0));
    answer.figure(name, &format!("unit_OD{word}UCL"), wide.map(|ends| ends.1));
    if word == "99" {
        let outside = wide.or(plain).map(|(low, high)| f64::from(u8::from(rr < low || rr > high)));
        answer.figure(name, "unit_outlier", outside);
    }
    let Ok(target) = funnel.target.map(|target| funnel.data.scale().back(target)) else { return };
    let limit = |p: f64| match funnel.data.kind {
        Kind::Share => whole(counts.1).and_then(|n| binomial_limit(n, target, p)),
        // Limits of the count over E, where E·target are expected.
        _ => poisson_limit(counts.1 * target, p).map(|ratio| ratio * target),
    };
    if matches!(funnel.data.kind, Kind::Share | Kind::Ratio(_)) {
        answer.figure(name, &format!("unit_exact_LCL{word}"), limit(level.tail));
        answer.figure(name, &format!("unit_exact_UCL{word}"), limit(1.0 - level.tail));
    }
}

/// Exact methods need whole counts, which weighted ones are not.
fn whole(count: f64) -> Result<u64, Reason> {
    if count >= 0.0 && libm::floor(count) >= count { Ok(count as u64) } else { Err(Reason::NotApplicable) }
}

fn write_grid(funnel: &Funnel, (element, size): (&str, f64), answer: &mut Answer) {
    let error = funnel.error_at(size);
    answer.figure(element, "limit_s", error);
    let Ok(error) = error else { return };
    for level in funnel.levels() {
        let word = if level.word == "99" { "998" } else { level.word.as_str() };
        let wide = funnel.wide_limits(error, &level);
        answer.figure(element, &format!("limit_odll{word}"), wide.map(|ends| ends.0));
        answer.figure(element, &format!("limit_odul{word}"), wide.map(|ends| ends.1));
        let plain = funnel.plain_limits(size, error, &level);
        answer.figure(element, &format!("limit_ll{word}"), plain.map(|ends| ends.0));
        answer.figure(element, &format!("limit_ul{word}"), plain.map(|ends| ends.1));
    }
}
