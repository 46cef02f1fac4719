//! Interrupted series: the step of a series at a known time, against series in which nothing was done.
//!
//! In: monthly figures with their standard errors, each before or after. Out: both levels, the step with its interval, a placebo p value.
//! Deliberately absent: what was done, slopes, searching for the time of a step.
//!
//! Months hang together, and a single series is too short to say how much. The variance between months σ² and their correlation ρ (first-order
//! autoregression) are therefore estimated from all series together by restricted maximum likelihood; and because a model can be
//! wrong, the same step is computed for every other series, in which nothing was done, and the own one is ranked among them.

use super::distribution::{normal_quantile, student_quantile};
use super::interval;
use super::linear::Cholesky;
use super::{Estimate, Marks, Reason};

/// Fewest figures before.
pub const BEFORE_MIN: usize = 6;
/// Fewest figures after.
pub const AFTER_MIN: usize = 3;
/// The figure of one month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Number of the month.
    pub time: i32,
    /// The figure.
    pub value: f64,
    /// Its standard error; 0 for what is counted, not estimated.
    pub std_error: f64,
    /// Whether it lies after the interruption.
    pub is_after: bool,
}

/// What months differ by beyond their standard errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// Variance between months.
    pub variance: f64,
    /// Correlation of neighbouring months, 0 to 0.9.
    pub rho: f64,
}

/// The step of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Interrupted {
    /// Level before, of the series itself.
    pub before: Estimate,
    /// Level after, of the series itself.
    pub after: Estimate,
    /// Level after minus level before, beyond what the other series did.
    pub step: Estimate,
    /// Variance and correlation of the months.
    pub noise: Noise,
    /// Smallest true step that would be seen with a probability of 80 %.
    pub smallest: f64,
    /// Step / standard error of the series.
    pub t: f64,
    /// The same of each other series, against the rest of them.
    pub placebos: Vec<f64>,
}

impl Interrupted {
    /// Returns how many other series rose at least as far (fell, where `falls`), each measured in its own standard errors.
    pub fn n_beyond(&self, falls: bool) -> usize {
        let sign = if falls { -1.0 } else { 1.0 };
        self.placebos.iter().filter(|t| sign * **t >= sign * self.t).count()
    }

    /// Returns the share of all series, its own included, that went at least as far: one-sided p of the placebo test, never below
    /// 1/(k + 1) with k other series. Nothing with fewer than 2 others. Abadie, Diamond & Hainmueller (2010).
    pub fn placebo_p(&self, falls: bool) -> Option<f64> {
        let k = self.placebos.len();
        (k > 0).then(|| (1 + self.n_beyond(falls)) as f64 / (1 + k) as f64)
    }
}

/// Returns the step of `own` beyond those of `others`, all in order of time.
///
/// Month effects are those of an additive fit of the other series (series + month); each month of `own` is taken relative to them. The step is
/// the difference of two generalised least-squares levels with covariance diag(s²) + σ²ρ^|i − j|, s the standard errors; its interval is
/// Student's with the degrees of freedom from which σ² is known: months less 2, over all series.
/// Undefined: too few with fewer than 6 figures before or 3 after; no variation when nothing ever varies.
/// Same step and error as statsmodels `GLS` with that covariance.
pub fn interrupted(own: &[Point], others: &[Vec<Point>]) -> Result<Interrupted, Reason> {
    check(own)?;
    let times: Vec<i32> = own.iter().map(|point| point.time).collect();
    let others: Vec<Vec<Point>> = others
        .iter()
        .map(|series| series.iter().filter(|point| times.contains(&point.time)).copied().collect())
        .filter(|series: &Vec<Point>| check(series).is_ok())
        .collect();
    let relative = beyond(own, &others);
    check(&relative)?;
    let rest = |place: usize| {
        let left: Vec<Vec<Point>> = others
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, one)| one.clone())
            .collect();
        beyond(&others[place], &left)
    };
    let placebos: Vec<Vec<Point>> = if others.len() < 2 {
        Vec::new()
    } else {
        (0..others.len()).map(rest).filter(|one| check(one).is_ok()).collect()
    };
    let all: Vec<&[Point]> =
        std::iter::once(relative.as_slice()).chain(placebos.iter().map(Vec::as_slice)).collect();
    let noise = noise(&all)?;
    let (raw, step) = (Levels::new(own, noise), Levels::new(&relative, noise));
    let placebos: Vec<f64> =
        placebos.iter().map(|one| Levels::new(one, noise)).map(|one| one.step / one.step_error).collect();
    let df = all.iter().map(|one| one.len() - 2).sum::<usize>() as f64;
    let reach = student_quantile(0.975, df) + normal_quantile(0.8);
    let n_after = own.iter().filter(|point| point.is_after).count();
    Ok(Interrupted {
        before: estimate(raw.before, raw.before_error, df, own.len() - n_after),
        after: estimate(raw.after, raw.after_error, df, n_after),
        step: estimate(step.step, step.step_error, df, relative.len()),
        noise,
        smallest: reach * step.step_error,
        t: step.step / step.step_error,
        placebos,
    })
}

fn check(points: &[Point]) -> Result<(), Reason> {
    let after = points.iter().filter(|point| point.is_after).count();
    if points.len() - after < BEFORE_MIN || after < AFTER_MIN { Err(Reason::TooFew) } else { Ok(()) }
}

fn estimate(value: f64, std_error: f64, df: f64, n: usize) -> Estimate {
    let ends = interval::student(value, std_error, df, interval::LEVEL);
    Estimate {
        value,
        std_error: Some(std_error),
        lower: ends.map(|ends| ends.0),
        upper: ends.map(|ends| ends.1),
        n: n as u64,
        n_effective: n as f64,
        marks: Marks::default(),
    }
}

/// Returns a series less the month effects of others; months in which no other has a figure are left out. Without others it stays as it is.
fn beyond(own: &[Point], others: &[Vec<Point>]) -> Vec<Point> {
    if others.is_empty() {
        return own.to_vec();
    }
    let times: Vec<i32> = own.iter().map(|point| point.time).collect();
    let effects = month_effects(others, &times);
    let relative = |(point, effect): (&Point, Option<f64>)| {
        let present: Vec<f64> = others
            .iter()
            .flatten()
            .filter(|other| other.time == point.time)
            .map(|other| other.std_error)
            .collect();
        let shared =
            present.iter().map(|error| error * error).sum::<f64>() / (present.len() * present.len()) as f64;
        let std_error = (point.std_error * point.std_error + shared).sqrt();
        Some(Point { value: point.value - effect?, std_error, ..*point })
    };
    own.iter().zip(effects).filter_map(relative).collect()
}

/// The month effects of an additive fit value = series + month, by turns until they rest; nothing for months without a figure.
fn month_effects(series: &[Vec<Point>], times: &[i32]) -> Vec<Option<f64>> {
    let mean =
        |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let mut levels = vec![0.0; series.len()];
    let mut effects: Vec<Option<f64>> = vec![Some(0.0); times.len()];
    // Each turn shrinks what is left by the share of missing cells; 100 turns leave nothing of a panel that is half empty.
    for _ in 0..100 {
        let at = |time: i32| {
            times.iter().position(|own| *own == time).and_then(|place| effects[place]).unwrap_or(0.0)
        };
        levels = series
            .iter()
            .map(|one| mean(one.iter().map(|point| point.value - at(point.time)).collect()).unwrap_or(0.0))
            .collect();
        let of = |time: i32| {
            let own = series.iter().zip(&levels);
            let found = own
                .flat_map(|(one, level)| one.iter().filter(|p| p.time == time).map(move |p| p.value - level));
            mean(found.collect())
        };
        effects = times.iter().map(|time| of(*time)).collect();
    }
    effects
}

/// Two levels by generalised least squares.
struct Levels {
    before: f64,
    before_error: f64,
    after: f64,
    after_error: f64,
    step: f64,
    step_error: f64,
    /// Restricted log-likelihood, less its constant.
    likelihood: f64,
}

impl Levels {
    fn new(points: &[Point], noise: Noise) -> Self {
        let n = points.len();
        let factor = Cholesky::new(&covariance(points, noise), n, 0.0);
        let side = |is_after: bool| -> Vec<f64> {
            points.iter().map(|point| f64::from(u8::from(point.is_after == is_after))).collect()
        };
        let values: Vec<f64> = points.iter().map(|point| point.value).collect();
        let (before, after) = (side(false), side(true));
        let (z, w) = (factor.solve(&before), factor.solve(&after));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (bb, ba, aa) = (dot(&before, &z), dot(&before, &w), dot(&after, &w));
        let (by, ay) = (dot(&z, &values), dot(&w, &values));
        let determinant = bb * aa - ba * ba;
        let (low, high) = ((aa * by - ba * ay) / determinant, (bb * ay - ba * by) / determinant);
        let rest: Vec<f64> = points.iter().map(|p| p.value - if p.is_after { high } else { low }).collect();
        let misfit = dot(&rest, &factor.solve(&rest));
        Self {
            before: low,
            before_error: (aa / determinant).sqrt(),
            after: high,
            after_error: (bb / determinant).sqrt(),
            step: high - low,
            step_error: ((aa + bb + 2.0 * ba) / determinant).sqrt(),
            likelihood: -0.5 * (factor.log_determinant() + libm::log(determinant) + misfit),
        }
    }
}

/// diag(s²) + σ²ρ^|i − j|.
fn covariance(points: &[Point], noise: Noise) -> Vec<f64> {
    let span = points.last().zip(points.first()).map_or(0, |(last, first)| last.time.abs_diff(first.time));
    let powers: Vec<f64> = std::iter::successors(Some(noise.variance), |power| Some(power * noise.rho))
        .take(span as usize + 1)
        .collect();
    let cell = |a: &Point, b: &Point| {
        let own = if a.time == b.time { a.std_error * a.std_error } else { 0.0 };
        own + powers[a.time.abs_diff(b.time) as usize]
    };
    points.iter().flat_map(|a| points.iter().map(move |b| cell(a, b))).collect()
}

/// Variance and correlation of months by restricted maximum likelihood over all series: a coarse net, then a fine one about its best.
///
/// Undefined: no variation when every series stays where it is on both sides.
fn noise(series: &[&[Point]]) -> Result<Noise, Reason> {
    let scale = spread(series);
    if scale <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let likelihood = |noise: Noise| series.iter().map(|one| Levels::new(one, noise).likelihood).sum::<f64>();
    let best = |variances: Vec<f64>, rhos: Vec<f64>| {
        let mut best = (f64::NEG_INFINITY, Noise { variance: scale, rho: 0.0 });
        for variance in variances {
            for &rho in &rhos {
                let noise = Noise { variance, rho };
                let found = likelihood(noise);
                if found > best.0 {
                    best = (found, noise);
                }
            }
        }
        best.1
    };
    // Where standard errors are known, months need not differ by more; 1e-6 keeps the covariance regular where they are not.
    let shares = [1e-6, 0.1, 0.2, 0.35, 0.55, 0.8, 1.1, 1.6];
    let fifths = (0..5).map(|fifth| f64::from(fifth) * 0.2).collect();
    let first = best(shares.map(|share| share * scale).to_vec(), fifths);
    let about = [-2.0, -1.0, 0.0, 1.0, 2.0];
    let variances = about.iter().map(|step| first.variance * (1.0 + 0.15 * step)).collect();
    let rhos = about.iter().map(|step| (first.rho + 0.05 * step).max(0.0)).collect();
    Ok(best(variances, rhos))
}

/// Pooled variance about the two means of each series.
fn spread(series: &[&[Point]]) -> f64 {
    let (mut squares, mut df) = (0.0, 0.0);
    for part in
        series.iter().flat_map(|one| [false, true].map(|side| one.iter().filter(move |p| p.is_after == side)))
    {
        let values: Vec<f64> = part.map(|point| point.value).collect();
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        squares += values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        df += values.len().saturating_sub(1) as f64;
    }
    squares / f64::max(df, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    fn series(values: &[f64], errors: &[f64], times: &[i32], start: i32) -> Vec<Point> {
        let figures = times.iter().zip(values).zip(errors);
        figures
            .map(|((&time, &value), &std_error)| Point { time, value, std_error, is_after: time >= start })
            .collect()
    }

    fn sample() -> Vec<Point> {
        series(
            &[0.871, 0.802, 0.846, 0.831, 0.833, 0.837, 0.81, 0.837, 0.907, 0.97, 0.923, 0.915, 0.916, 0.91],
            &[
                0.0124, 0.0137, 0.0097, 0.0119, 0.0122, 0.0098, 0.008, 0.0138, 0.0098, 0.0099, 0.0134,
                0.0115, 0.0108, 0.0126,
            ],
            &[0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16],
            11,
        )
    }

    #[test]
    fn levels_agree_with_statsmodels() {
        // statsmodels 0.15 GLS(y, [1, after], sigma = diag(s²) + σ²ρ^|i − j|): parameters and normalized_cov_params.
        let fit = Levels::new(&sample(), Noise { variance: 0.0002, rho: 0.5 });
        close(fit.step, 0.087_687_068_609_532_1);
        close(fit.step_error, 0.013_140_395_110_932_514);
        close(fit.before, 0.834_824_256_076_648_9);
        close(fit.before_error, 0.008_829_825_571_682_775);
        close(fit.likelihood, 34.429_531_438_206_98);
        let fit = Levels::new(&sample(), Noise { variance: 0.0001, rho: 0.0 });
        close(fit.step, 0.091_613_344_627_354_63);
        close(fit.step_error, 0.008_123_374_592_989_792);
    }

    #[test]
    fn the_placebo_counts_series_that_moved_as_far() {
        let step = |t: f64, placebos: &[f64]| {
            let one = interrupted(&sample(), &[]).expect("defined");
            Interrupted { t, placebos: placebos.to_vec(), ..one }
        };
        let one = step(2.0, &[-3.0, 0.5, 2.0, 1.0]);
        assert_eq!((one.placebo_p(false), one.placebo_p(true)), (Some(0.4), Some(1.0)));
        let nineteen: Vec<f64> = (0..19).map(|_| 0.1).collect();
        assert_eq!(step(2.0, &nineteen).placebo_p(false), Some(0.05));
        assert_eq!(step(2.0, &[]).placebo_p(false), None);
    }

    #[test]
    fn a_shared_shock_and_missing_months_leave_no_step() {
        let times: Vec<i32> = (0..12).collect();
        let shock = |time: i32| if time >= 7 { 5.0 } else { 0.1 * f64::from(time) };
        let one = |level: f64, wiggle: f64| -> Vec<Point> {
            let value =
                |&time: &i32| level + shock(time) + wiggle * f64::from((time * 7 + level as i32) % 5 - 2);
            series(&times.iter().map(value).collect::<Vec<_>>(), &[0.5; 12], &times, 7)
        };
        let mut others = [one(60.0, 0.1), one(71.0, 0.1), one(80.0, 0.1)];
        others[1].remove(3);
        others[2].remove(9);
        let found = interrupted(&one(64.0, 0.1), &others).expect("defined");
        assert!(found.step.value.abs() < 0.3, "{found:?}");
        assert!(found.after.value - found.before.value > 4.0);
        assert_eq!(found.placebos.len(), 3);
    }

    #[test]
    fn hard_cases_say_why() {
        let times: Vec<i32> = (0..9).collect();
        let flat = series(&[4.0; 9], &[0.1; 9], &times, 6);
        assert_eq!(interrupted(&flat, &[]), Err(Reason::NoVariation));
        assert_eq!(interrupted(&flat[1..], &[]), Err(Reason::TooFew));
        assert_eq!(interrupted(&[], &[]), Err(Reason::TooFew));
        // Counts have no standard error: what months differ by is all there is.
        let counts = series(&[3.0, 5.0, 4.0, 6.0, 4.0, 5.0, 9.0, 8.0, 10.0], &[0.0; 9], &times, 6);
        let found = interrupted(&counts, &[]).expect("defined");
        assert!(found.step.value > 3.0 && found.step.std_error.expect("given") > 0.0);
        // Others that have no figure before or after the step are no others.
        assert_eq!(interrupted(&counts, &[counts[..6].to_vec()]).expect("defined").placebos.len(), 0);
    }

    /// A department's months: its level, a month effect shared by all, what hangs together from month to month, and sampling.
    fn simulated(random: &mut Random, months: &[f64]) -> Vec<(f64, f64)> {
        let (level, std_error) = (70.0 + 4.0 * random.normal(), 1.0 + random.uniform());
        let mut state = random.normal();
        let figure = |shared: &f64| {
            state = 0.5 * state + 0.75_f64.sqrt() * random.normal();
            (level + shared + 1.5 * state + std_error * random.normal(), std_error)
        };
        months.iter().map(figure).collect()
    }

    /// Begins after the worst of months 6 to 18, leaves the quarter that ends with it out, and looks at up to twelve months after.
    fn begun_after_the_worst(random: &mut Random, gain: f64) -> (Interrupted, f64) {
        let months: Vec<f64> = (0..24).map(|_| random.normal()).collect();
        let departments: Vec<Vec<(f64, f64)>> = (0..21).map(|_| simulated(random, &months)).collect();
        let low = |a: &usize, b: &usize| departments[0][*a].0.total_cmp(&departments[0][*b].0);
        let worst = (8..18).min_by(low).expect("months");
        let of = |one: &Vec<(f64, f64)>, gain: f64| -> Vec<Point> {
            let used = (0..24).filter(|month| month + 2 < worst || (worst + 1..worst + 13).contains(month));
            let point = |month: usize| Point {
                time: month as i32,
                value: one[month].0 + if month > worst { gain } else { 0.0 },
                std_error: one[month].1,
                is_after: month > worst,
            };
            used.map(point).collect()
        };
        let others: Vec<Vec<Point>> = departments[1..].iter().map(|one| of(one, 0.0)).collect();
        let own = of(&departments[0], gain);
        let found = interrupted(&own, &others).expect("defined");
        let naive = found.after.value - departments[0][worst].0;
        (found, naive)
    }

    fn is_improved(found: &Interrupted) -> bool {
        found.step.lower.is_some_and(|lower| lower > 0.0) && found.placebo_p(false).is_some_and(|p| p <= 0.05)
    }

    #[test]
    fn circles_begun_after_the_worst_month_that_do_nothing_are_seldom_called_improved() {
        let mut random = Random::new(&["interrupted", "null"]);
        let runs: Vec<(Interrupted, f64)> =
            (0..200).map(|_| begun_after_the_worst(&mut random, 0.0)).collect();
        let improved = runs.iter().filter(|(found, _)| is_improved(found)).count();
        let covered =
            runs.iter().filter(|(one, _)| one.step.lower <= Some(0.0) && one.step.upper >= Some(0.0)).count();
        let naive = runs.iter().map(|(_, naive)| naive).sum::<f64>() / 200.0;
        let step = runs.iter().map(|(found, _)| found.step.value).sum::<f64>() / 200.0;
        assert!(improved <= 10, "{improved} of 200 improved");
        assert!((180..=199).contains(&covered), "{covered} of 200 intervals hold 0");
        assert!(
            naive > 2.5 && step.abs() < 0.25,
            "against the worst month {naive}, against ordinary ones {step}"
        );
    }

    #[test]
    fn a_true_gain_is_found_and_its_interval_holds_it() {
        let mut random = Random::new(&["interrupted", "gain"]);
        let runs: Vec<Interrupted> = (0..60).map(|_| begun_after_the_worst(&mut random, 5.0).0).collect();
        let improved = runs.iter().filter(|found| is_improved(found)).count();
        let covered =
            runs.iter().filter(|one| one.step.lower <= Some(5.0) && one.step.upper >= Some(5.0)).count();
        assert!(improved >= 50 && covered >= 53, "{improved} improved, {covered} covered");
    }
}
