//! The bank's promises as the generator knows them: who keeps them, how long they take, how often they are truly kept.
//!
//! In: `bank/promises.csv`. Out: [`Promise`]s with the logit that gives the declared share. Deliberately absent: their wording.

use super::departments::Department;

const PROMISES: &str = include_str!("bank/promises.csv");
/// Points and weights of a standard normal in five steps (Gauss-Hermite).
const NORMAL: [(f64, f64); 5] = [
    (-2.856_970_013_872_806, 0.011_257_411_327_720_69),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_7),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_7),
    (2.856_970_013_872_806, 0.011_257_411_327_720_69),
];
/// Logit of one standard deviation of congestion.
pub(super) const CONGESTION_LOGIT: f64 = -0.5;
/// Logit of one level of the head: about one point of breaches.
pub(super) const HEAD_LOGIT: f64 = 0.12;
/// Logit of VIP and of business customers.
pub(super) const VIP_LOGIT: f64 = -1.35;
/// Logit of business customers.
pub(super) const BUSINESS_LOGIT: f64 = -0.3;
/// Eight points fewer calls answered while one person is at lunch.
pub(super) const LUNCH_LOGIT: f64 = -0.85;
/// Share of the working day that is lunch.
const LUNCH_SHARE: f64 = 2.0 / 9.0;

/// How a promise is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Rings of a telephone.
    Rings,
    /// Whole minutes in a queue.
    Queue,
    /// Minutes on the wall clock.
    Elapsed,
    /// Minutes of working time.
    Working,
    /// By the end of the day.
    SameDay,
    /// The card, whose limit changed while durations did not.
    Card,
    /// A mystery visit.
    Visit,
    /// An automatic probe of a machine.
    Probe,
    /// A product sheet before a change.
    Sheet,
    /// Cash in the morning.
    Morning,
}

/// One promise.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    /// Its code.
    pub(super) code: &'static str,
    /// `front`, `second` or a department's code.
    pub(super) owner: &'static str,
    /// How it is measured.
    pub(super) form: Form,
    /// Limit in the form's unit.
    pub(super) limit: i64,
    /// Logit for a retail customer, a head of level 1.5 and no congestion.
    pub(super) base: f64,
}

/// Reads the promises and finds each one's base.
pub(super) fn declared(departments: &[Department]) -> Vec<Promise> {
    PROMISES.lines().skip(1).map(|line| promise(line, departments)).collect()
}

fn promise(line: &'static str, departments: &[Department]) -> Promise {
    let f: Vec<&'static str> = line.split(',').collect();
    let form = match f[2] {
        "rings" => Form::Rings,
        "queue" => Form::Queue,
        "elapsed" => Form::Elapsed,
        "working" => Form::Working,
        "same_day" => Form::SameDay,
        "card" => Form::Card,
        "visit" => Form::Visit,
        "probe" => Form::Probe,
        "sheet" => Form::Sheet,
        _ => Form::Morning,
    };
    let limit = f[3].parse().expect("a declared limit");
    let kept: f64 = f[4].parse().expect("a declared share");
    Promise { code: f[0], owner: f[1], form, limit, base: base(f[0], f[1], kept, departments) }
}

/// Bisects for the base whose expected share over departments, segments, congestion and lunch is `kept`.
fn base(code: &str, owner: &str, kept: f64, departments: &[Department]) -> f64 {
    let keepers: Vec<(f64, [f64; 3], f64, f64)> = circumstances(code, owner, departments);
    let share = |base: f64| -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (volume, segments, head, lunch) in &keepers {
            for (segment, logit) in segments.iter().zip([0.0, BUSINESS_LOGIT, VIP_LOGIT]) {
                for (z, w) in NORMAL {
                    let eta = base + logit + head + CONGESTION_LOGIT * z;
                    let p = (1.0 - lunch) * logistic(eta) + lunch * logistic(eta + LUNCH_LOGIT);
                    sum += volume * segment * w * p;
                    weight += volume * segment * w;
                }
            }
        }
        sum / weight
    };
    let (mut low, mut high) = (-10.0, 14.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if share(middle) < kept { low = middle } else { high = middle }
    }
    low
}

/// Volume, shares of the segments, the head's logit and the share of lunch, department by department.
fn circumstances(code: &str, owner: &str, departments: &[Department]) -> Vec<(f64, [f64; 3], f64, f64)> {
    let head = |d: &Department| HEAD_LOGIT * (f64::from(d.head_level) - 1.5);
    let mix = |d: &Department| match (code, owner) {
        ("callback", _) => [0.0, 0.0, 1.0],
        ("greeted", _) | (_, "second" | "cash" | "it-channels") => [1.0, 0.0, 0.0],
        _ => [1.0 - d.vip - d.business, d.business, d.vip],
    };
    let lunch = |d: &Department| if code == "calls" && d.lunch { LUNCH_SHARE } else { 0.0 };
    match owner {
        "front" => departments
            .iter()
            .filter(|d| d.is_branch() && d.code != "lindenfield-south")
            .map(|d| (f64::from(d.volume), mix(d), head(d), lunch(d)))
            .collect(),
        "second" => departments
            .iter()
            .filter(|d| ["operations", "product", "service"].contains(&d.profile))
            .map(|d| (1.0, mix(d), head(d), 0.0))
            .collect(),
        _ => {
            let keeper = departments.iter().find(|d| d.code == owner).expect("a declared owner");
            let customers = departments.iter().filter(|d| d.is_branch());
            customers.map(|d| (f64::from(d.volume), mix(d), head(keeper), 0.0)).collect()
        }
    }
}

/// Returns 1 / (1 + e⁻ˣ).
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::departments;

    #[test]
    fn a_share_that_is_seldom_kept_has_the_lower_base() {
        let promises = declared(&departments::declared());
        let base = |code: &str| promises.iter().find(|p| p.code == code).unwrap().base;
        assert!(base("mortgage") < base("loan") && base("loan") < base("remittance"));
    }
}
