//! The variance between units, τ², by every estimator in use.
//!
//! In: values with their sampling variances, checked by `meta`. Out: τ² with its standard error. Deliberately absent: what follows from it.

/// How τ², the variance between units, is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimator {
    /// DerSimonian and Laird (1986), by moments.
    DerSimonianLaird,
    /// Restricted maximum likelihood.
    Reml,
    /// Maximum likelihood.
    Ml,
    /// Paule and Mandel (1982), the same as Morris's empirical Bayes (1983).
    PauleMandel,
    /// Sidik and Jonkman (2005).
    SidikJonkman,
    /// Hedges and Olkin (1985), by moments without weights.
    Hedges,
    /// Hunter and Schmidt (1990).
    HunterSchmidt,
}

/// Sums over the units weighted by 1/(v + τ²).
pub(super) struct At {
    /// Σw.
    pub(super) w: f64,
    /// Σw².
    pub(super) ww: f64,
    /// Σw³.
    pub(super) www: f64,
    /// Weighted mean.
    pub(super) mean: f64,
    /// Σw(y − mean)².
    pub(super) q: f64,
    /// Σw²(y − mean)².
    pub(super) qq: f64,
}

/// Sums up the units, each (value, variance), at a variance between them.
pub(super) fn at(units: &[(f64, f64)], tau2: f64) -> At {
    let first = units[0].0;
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        units.iter().map(|&(y, v)| term(1.0 / (v + tau2), y - first)).sum()
    };
    let w = sum(&|w, _| w);
    let mean = sum(&|w, y| w * y) / w;
    At {
        w,
        ww: sum(&|w, _| w * w),
        www: sum(&|w, _| w * w * w),
        mean: first + mean,
        q: sum(&|w, y| w * (y - mean) * (y - mean)),
        qq: sum(&|w, y| w * w * (y - mean) * (y - mean)),
    }
}

impl At {
    /// Trace of P = W − W1(1′W1)⁻¹1′W.
    pub(super) fn trace(&self) -> f64 {
        self.w - self.ww / self.w
    }

    /// Trace of PP.
    fn trace_of_square(&self) -> f64 {
        self.ww - 2.0 * self.www / self.w + self.ww * self.ww / (self.w * self.w)
    }
}

/// Returns τ² with its standard error.
pub(super) fn between(units: &[(f64, f64)], estimator: Estimator) -> (f64, f64) {
    let (k, df) = (units.len() as f64, (units.len() - 1) as f64);
    let fixed = at(units, 0.0);
    match estimator {
        Estimator::DerSimonianLaird => {
            let (trace, squares) = (fixed.trace(), fixed.trace_of_square());
            let tau2 = ((fixed.q - df) / trace).max(0.0);
            (tau2, (2.0 * df + 4.0 * tau2 * trace + 2.0 * tau2 * tau2 * squares).sqrt() / trace)
        }
        Estimator::HunterSchmidt => {
            let tau2 = ((fixed.q - k) / fixed.w).max(0.0);
            let spread = 2.0 * df + 4.0 * tau2 * fixed.trace() + 2.0 * tau2 * tau2 * fixed.trace_of_square();
            (tau2, spread.sqrt() / fixed.w)
        }
        Estimator::Hedges => hedges(units),
        Estimator::SidikJonkman => sidik_jonkman(units),
        Estimator::PauleMandel => {
            let tau2 = rising_root(units, |found| df - found.q, at(units, 0.0).q <= df);
            (tau2, (2.0 * k * k / df).sqrt() / at(units, tau2).w)
        }
        Estimator::Ml => {
            let tau2 = likeliest(units, |found| found.ww.sqrt(), |found| found.qq - found.w);
            (tau2, (2.0 / at(units, tau2).ww).sqrt())
        }
        Estimator::Reml => {
            let tau2 =
                likeliest(units, |found| found.trace_of_square().sqrt(), |found| found.qq - found.trace());
            (tau2, (2.0 / at(units, tau2).trace_of_square()).sqrt())
        }
    }
}

fn hedges(units: &[(f64, f64)]) -> (f64, f64) {
    let (k, df) = (units.len() as f64, (units.len() - 1) as f64);
    let (v, vv): (f64, f64) =
        units.iter().fold((0.0, 0.0), |(v, vv), unit| (v + unit.1, vv + unit.1 * unit.1));
    let tau2 = (spread(units) / df - v / k).max(0.0);
    // Traces of PV and PVPV with P = I − 11′/k.
    let (trace, squares) = (v * df / k, vv * (1.0 - 2.0 / k) + v * v / (k * k));
    (tau2, (2.0 * squares + 4.0 * tau2 * trace + 2.0 * tau2 * tau2 * df).sqrt() / df)
}

fn sidik_jonkman(units: &[(f64, f64)]) -> (f64, f64) {
    let (k, df) = (units.len() as f64, (units.len() - 1) as f64);
    let start = spread(units) / k;
    if start <= 0.0 {
        return (0.0, 0.0);
    }
    let found = at(units, start);
    let tau2 = start * found.q / df;
    // Traces of PVPV, PVP and PP with P at the start.
    let weighted = |power: i32, variance: i32| -> f64 {
        units.iter().map(|&(_, v)| (1.0 / (v + start)).powi(power) * v.powi(variance)).sum()
    };
    let wv = weighted(2, 1) / found.w;
    let with_v = |twice: f64, thrice: f64, once: f64| twice - 2.0 * thrice / found.w + once;
    let vv = with_v(weighted(2, 2), weighted(3, 2), wv * wv);
    let v = with_v(weighted(2, 1), weighted(3, 1), wv * found.ww / found.w);
    let spread = 2.0 * vv + 4.0 * tau2 * v + 2.0 * tau2 * tau2 * found.trace_of_square();
    (tau2, start / df * spread.sqrt())
}

/// Returns Σ(y − mean)² without weights.
fn spread(units: &[(f64, f64)]) -> f64 {
    let first = units[0].0;
    let mean = units.iter().map(|(y, _)| y - first).sum::<f64>() / units.len() as f64;
    units.iter().map(|(y, _)| (y - first - mean) * (y - first - mean)).sum()
}

/// Returns the τ² at which a function that rises with τ² is 0; 0 where it is not below 0 at the start.
pub(super) fn rising_root(units: &[(f64, f64)], function: impl Fn(&At) -> f64, is_zero: bool) -> f64 {
    if is_zero {
        return 0.0;
    }
    let largest = units.iter().map(|(_, v)| *v).fold(0.0, f64::max);
    let (mut low, mut high) = (0.0, largest.max(f64::MIN_POSITIVE));
    while function(&at(units, high)) < 0.0 && high < 1e300 {
        (low, high) = (high, 2.0 * high);
    }
    bisected(low, high, |tau2| function(&at(units, tau2)) < 0.0)
}

/// Halves low..high until both are neighbours; `is_below` tells whether a point lies below the root.
fn bisected(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low <= 1e-15 * high {
            return middle;
        }
        if is_below(middle) { low = middle } else { high = middle }
    }
}

/// Returns the τ² of largest likelihood, whose slope is half of `slope`; every stationary point is looked at, and 0.
///
/// `information` is the root of twice the expected curvature: a step of τ² by half of its inverse misses no hill.
fn likeliest(units: &[(f64, f64)], information: impl Fn(&At) -> f64, slope: impl Fn(&At) -> f64) -> f64 {
    let gradient = |tau2: f64| slope(&at(units, tau2));
    let largest = units.iter().map(|(_, v)| *v).fold(4.0 * spread(units), f64::max);
    // The log-likelihood rises by the integral of the slope; it is kept along the way to compare the hills.
    let (mut best, mut best_rise, mut rise) = (0.0, 0.0, 0.0);
    let (mut here, mut last) = (0.0, gradient(0.0));
    while here < largest {
        let there = here + 0.5 / information(&at(units, here));
        let next = gradient(there);
        rise += 0.25 * (last + next) * (there - here);
        if last > 0.0 && next <= 0.0 && rise >= best_rise {
            best = bisected(here, there, |tau2| gradient(tau2) > 0.0);
            best_rise = rise;
        }
        (here, last) = (there, next);
    }
    best
}
