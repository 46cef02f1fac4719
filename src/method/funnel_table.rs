//! What a funnel is made of: the units of a table, their scores, the overdispersion.

use std::collections::BTreeMap;

use super::{Fault, Request};
use crate::stats::Reason;
use crate::stats::distribution::normal_quantile;
use crate::stats::funnel::{Dispersion, Scale, Trim, Trimmed, dispersion, trim};
use crate::stats::funnel_exact::chi_square_limits;

/// Fewer units say nothing of how much units differ.
const FEWEST_UNITS: usize = 5;

/// What the units' numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Cases out of cases.
    Share,
    /// Observed over expected; whether on the logarithmic scale (SHMI).
    Ratio(bool),
    /// A count over a count.
    CountRatio,
    /// Means of answers.
    Mean,
}

/// Whose constants hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Convention {
    /// Ours.
    Concord,
    /// FunnelPlotR's: rounded z, square-root limits not squared back.
    FunnelPlotR,
}

/// One unit.
pub(super) struct Unit {
    pub(super) name: String,
    /// Numerator and denominator; of means the mean and the number of answers.
    pub(super) counts: (f64, f64),
}

/// The units of a table, and how they are compared.
pub(super) struct Data {
    pub(super) kind: Kind,
    pub(super) units: Vec<Unit>,
    /// Pooled standard deviation within units, of means.
    sd: f64,
    /// Number of rows that lack their unit or a number.
    pub(super) lost: u64,
    target: Option<f64>,
    trim: Trim,
    level: Option<(String, f64)>,
}

impl Data {
    /// Returns the scale of comparison.
    pub(super) fn scale(&self) -> Scale {
        match self.kind {
            Kind::Share => Scale::Share,
            Kind::Ratio(true) => Scale::LogRatio,
            Kind::Ratio(false) => Scale::RootRatio,
            Kind::CountRatio => Scale::CountRatio,
            Kind::Mean => Scale::Mean(self.sd),
        }
    }

    /// Returns the target on the scale of shares, ratios or means: as given, or all units together.
    fn target(&self) -> Result<f64, Reason> {
        if let Some(target) = self.target {
            return Ok(target);
        }
        let present = || self.units.iter().filter(|unit| self.scale().transform(unit.counts).is_some());
        let first = present().next().ok_or(Reason::TooFew)?.counts.0;
        match self.kind {
            Kind::Ratio(_) => Ok(1.0),
            Kind::Mean => {
                let sums = present().fold((0.0, 0.0), |sums, unit| {
                    (sums.0 + (unit.counts.0 - first) * unit.counts.1, sums.1 + unit.counts.1)
                });
                Ok(first + sums.0 / sums.1)
            }
            _ => {
                let sums =
                    present().fold((0.0, 0.0), |sums, unit| (sums.0 + unit.counts.0, sums.1 + unit.counts.1));
                Ok(sums.0 / sums.1)
            }
        }
    }
}

/// Reads the units of a call, in the order of their names.
pub(super) fn read(request: &Request<'_>) -> Result<Data, Fault> {
    let kind = match request.word("type", &["PR", "SR", "RC", "mean"])? {
        Some("SR") => Kind::Ratio(request.word("method", &["SHMI", "CQC"])? != Some("CQC")),
        Some("RC") => Kind::CountRatio,
        Some("mean") => Kind::Mean,
        _ => Kind::Share,
    };
    let share = request.value("trim")?.unwrap_or(0.1);
    if !(0.0..0.5).contains(&share) {
        return Err(Fault::new(
            format!("`--trim {share}` is not from 0 to below 0.5"),
            "write `--trim 0.1`, say",
        ));
    }
    let trim = if kind == Kind::Ratio(true) { Trim::Truncate(share) } else { Trim::Winsorise(share) };
    let level = request.option("level").map(|word| Ok((word.to_owned(), request.level()?))).transpose()?;
    let names = request.texts_of("by")?.unwrap_or_default();
    let mut lost = 0;
    let (units, sd) = if kind == Kind::Mean {
        means(request, &names, &mut lost)?
    } else {
        (counts(request, kind, (&names, &mut lost))?, 0.0)
    };
    Ok(Data { kind, units, sd, lost, target: request.value("target")?, trim, level })
}

fn column(request: &Request<'_>, option: &str, kind: &str) -> Result<Vec<Option<f64>>, Fault> {
    let missing =
        || Fault::new(format!("`--type {kind}` needs `--{option}`"), "see `concord stat funnel --help`");
    request.numbers_of(option)?.ok_or_else(missing)
}

fn counts(
    request: &Request<'_>,
    kind: Kind,
    (names, lost): (&[Option<String>], &mut u64),
) -> Result<Vec<Unit>, Fault> {
    let (word, denominator) = match kind {
        Kind::Ratio(_) => ("SR", if request.has("expected") { "expected" } else { "n" }),
        Kind::CountRatio => ("RC", "n"),
        _ => ("PR", "n"),
    };
    let numerators = column(request, "kept", word)?;
    let ones = || vec![Some(1.0); numerators.len()];
    let denominators = if kind == Kind::Share {
        request.numbers_of("n")?.unwrap_or_else(ones)
    } else {
        column(request, denominator, word)?
    };
    super::series::check(&numerators, &denominators, kind == Kind::Share)?;
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (row, name) in names.iter().enumerate() {
        let pair = numerators[row].zip(denominators[row]);
        *lost += u64::from(name.is_none() || pair.is_none());
        let Some(name) = name else { continue };
        let sum = sums.entry(name.clone()).or_default();
        if let Some((k, n)) = pair {
            *sum = (sum.0 + k, sum.1 + n);
        }
    }
    Ok(sums.into_iter().map(|(name, counts)| Unit { name, counts }).collect())
}

/// What is known of a unit's answers: number, mean, sum of squares about it.
#[derive(Default, Clone, Copy)]
struct Group {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Group {
    fn merge(&mut self, other: Self) {
        if other.n > 0.0 {
            let (n, gap) = (self.n + other.n, other.mean - self.mean);
            self.squares += other.squares + gap * gap * self.n * other.n / n;
            (self.mean, self.n) = (self.mean + gap * other.n / n, n);
        }
    }
}

/// Returns units with mean and number, and the pooled standard deviation within them; from answers, or from rows of mean, sd and n.
fn means(request: &Request<'_>, names: &[Option<String>], lost: &mut u64) -> Result<(Vec<Unit>, f64), Fault> {
    let values = column(request, "value", "mean")?;
    let (sd, n) = (request.numbers_of("sd")?, request.numbers_of("n")?);
    if sd.is_some() != n.is_some() {
        return Err(Fault::new(
            "`--sd` and `--n` belong together",
            "give both for rows of means, neither for rows of answers",
        ));
    }
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (row, name) in names.iter().enumerate() {
        let Some(name) = name else {
            *lost += 1;
            continue;
        };
        let group = groups.entry(name.clone()).or_default();
        let count = n.as_ref().map_or(Some(1.0), |n| n[row]).filter(|&n| n > 0.0);
        let spread =
            sd.as_ref().map_or(Some(0.0), |sd| sd[row].or_else(|| count.filter(|&n| n <= 1.0).map(|_| 0.0)));
        if let (Some(mean), Some(n), Some(sd)) = (values[row], count, spread) {
            group.merge(Group { n, mean, squares: sd * sd * (n - 1.0).max(0.0) });
        } else {
            *lost += 1;
        }
    }
    let (squares, df) =
        groups.values().fold((0.0, 0.0), |sums, g| (sums.0 + g.squares, sums.1 + (g.n - 1.0).max(0.0)));
    let sd = if df > 0.0 { (squares / df).sqrt() } else { 0.0 };
    Ok((groups.into_iter().map(|(name, group)| Unit { name, counts: (group.mean, group.n) }).collect(), sd))
}

/// A level of limits.
pub(super) struct Level {
    /// How it is written behind the name of a limit.
    pub(super) word: String,
    /// Standard errors to each side.
    z: f64,
    /// Probability outside on one side.
    pub(super) tail: f64,
}

/// A funnel.
pub(super) struct Funnel {
    pub(super) data: Data,
    convention: Convention,
    /// The target on the transformed scale.
    pub(super) target: Result<f64, Reason>,
    /// Trimmed score of each unit; nothing for one that has none.
    pub(super) trimmed: Vec<Option<Trimmed>>,
    /// How much units differ beyond their errors.
    pub(super) dispersion: Result<Dispersion, Reason>,
}

impl Funnel {
    /// Scores the units and measures their overdispersion.
    pub(super) fn new(data: Data, convention: Convention) -> Result<Self, Fault> {
        let target = data.target().map(|target| data.scale().target(target)).and_then(finite);
        let mut funnel =
            Self { data, convention, target, trimmed: Vec::new(), dispersion: Err(Reason::TooFew) };
        let scores: Vec<Option<f64>> =
            (0..funnel.data.units.len()).map(|place| funnel.score(place).ok()).collect();
        let mut trimmed =
            trim(&scores.iter().flatten().copied().collect::<Vec<f64>>(), funnel.data.trim).into_iter();
        funnel.trimmed = scores.iter().map(|score| score.and_then(|_| trimmed.next())).collect();
        let parts: Vec<(Option<f64>, f64)> = (0..funnel.data.units.len())
            .filter_map(|place| Some((funnel.trimmed[place]?.score, funnel.value(place)?.1)))
            .collect();
        if parts.len() >= FEWEST_UNITS {
            funnel.dispersion = dispersion(&parts);
        }
        Ok(funnel)
    }

    /// Returns a unit's transformed value and its error; nothing without a denominator.
    pub(super) fn value(&self, place: usize) -> Option<(f64, f64)> {
        let counts = self.data.units[place].counts;
        Some((self.data.scale().transform(counts)?, self.data.scale().error(counts)))
    }

    /// Returns a unit's z score.
    pub(super) fn score(&self, place: usize) -> Result<f64, Reason> {
        let (y, error) = self.value(place).ok_or(Reason::TooFew)?;
        if error > 0.0 { Ok((y - self.target?) / error) } else { Err(Reason::NoDispersion) }
    }

    /// Returns a unit's z score with overdispersion, and its two-sided p value.
    pub(super) fn overdispersed(&self, place: usize) -> Result<(f64, f64), Reason> {
        let ((y, error), tau2) = (self.value(place).ok_or(Reason::TooFew)?, self.dispersion?.tau2);
        let z = (y - self.target?) / (error * error + tau2).sqrt();
        Ok((finite(z)?, libm::erfc(z.abs() / std::f64::consts::SQRT_2)))
    }

    /// Returns the levels of limits: 95 and 99.8 %, and the one asked for.
    pub(super) fn levels(&self) -> Vec<Level> {
        let level = |word: &str, inside: f64| {
            let tail = 0.5 * (1.0 - inside);
            Level { word: word.to_owned(), z: -normal_quantile(tail), tail }
        };
        let mut levels = vec![level("95", 0.95), level("99", 0.998)];
        levels.extend(self.data.level.iter().map(|(word, inside)| level(word, *inside)));
        if self.convention == Convention::FunnelPlotR {
            (levels[0].z, levels[1].z) = (1.959964, 3.090232);
        }
        levels
    }

    /// Returns limits without overdispersion of a unit of that denominator and error.
    pub(super) fn plain_limits(&self, size: f64, error: f64, level: &Level) -> Result<(f64, f64), Reason> {
        let target = self.target?;
        match self.data.kind {
            Kind::Ratio(_) => {
                let scale = self.data.scale().back(target);
                chi_square_limits(size * scale, level.tail).map(|(low, high)| (low * scale, high * scale))
            }
            _ => Ok(self.data.scale().limits(target, (error, 0.0), level.z)),
        }
    }

    /// Returns limits with overdispersion.
    pub(super) fn wide_limits(&self, error: f64, level: &Level) -> Result<(f64, f64), Reason> {
        let (target, tau2) = (self.target?, self.dispersion?.tau2);
        if self.convention == Convention::FunnelPlotR && self.data.kind == Kind::Ratio(false) {
            let half = level.z * (error * error + tau2).sqrt();
            return Ok((target - half, target + half));
        }
        Ok(self.data.scale().limits(target, (error, tau2), level.z))
    }

    /// Returns the error at a denominator, for a ratio of counts with the numerator of the target.
    pub(super) fn error_at(&self, size: f64) -> Result<f64, Reason> {
        let scale = self.data.scale();
        finite(scale.error((scale.back(self.target?) * size, size)))
    }
}

fn finite(value: f64) -> Result<f64, Reason> {
    if value.is_finite() { Ok(value) } else { Err(Reason::NoDispersion) }
}
