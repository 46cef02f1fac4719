//! What distinguishes those who stand out: behaviours an hour that coders found in interviews of two groups of persons.

use std::collections::{BTreeMap, BTreeSet};

use crate::count::{InterviewCounts, InterviewKey};
use crate::project::Project;
use crate::stats::adjust::Adjustment::Holm;
use crate::stats::icc::{Convention, Form, Ratings};
use crate::stats::permutation::permute_groups;
use crate::stats::rate_contrast::{RateContrast, rate_contrast};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Random permutations behind a p value where not all can be tried.
const DRAWS: usize = 99_999;
const HOUR: f64 = 60.0;

/// One competency compared between the groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Position of the competency in the code book.
    pub competency: u32,
    /// Behaviours found, by group.
    pub behaviours: [u64; 2],
    /// Mean level of the behaviours, by group; nothing where no level was coded.
    pub levels: [Option<f64>; 2],
    /// Rates an hour and their ratio with a 95 % interval, by a quasi-Poisson model of persons.
    pub contrast: Result<RateContrast, Reason>,
    /// p of equal rates, by permuting persons between the groups.
    pub p_value: Option<f64>,
    /// The same after Holm over all competencies.
    pub p_holm: Option<f64>,
    /// Agreement of a single coder with another about the same interview: ICC(2,1) of behaviours an hour.
    pub agreement: Figure,
}

/// All interviews coded so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Interviews {
    /// Persons, by group.
    pub persons: [u64; 2],
    /// Interviews.
    pub interviews: u64,
    /// Coders.
    pub coders: u64,
    /// Persons left out because they were interviewed as members of both groups.
    pub in_both: u64,
    /// The competencies, in the order of the code book.
    pub compared: Vec<Compared>,
}

type Counts = BTreeMap<InterviewKey, InterviewCounts>;
/// One coder's reading of one interview: of a person, of a group.
type Reading = (u32, u32, u128, u128);

/// Compares the groups of the code book; nothing without interviews.
///
/// A person's rate is behaviours by minutes, added over the readings of his interviews; a competency of which a coder noted nothing was
/// not shown there. The unit is the person, however many interviews and coders there were.
pub fn compare_interviews(project: &Project, counts: &Counts) -> Option<Interviews> {
    let group_of = |key: &InterviewKey| (key.person, key.group);
    let groups: BTreeSet<(u32, u32)> = counts.keys().map(group_of).collect();
    let persons: BTreeSet<u32> = groups.iter().map(|(person, _)| *person).collect();
    let is_clear = |person: &u32| groups.range((*person, 0)..=(*person, u32::MAX)).count() == 1;
    let clear: BTreeSet<u32> = persons.iter().copied().filter(is_clear).collect();
    let mut readings: BTreeMap<Reading, u64> = BTreeMap::new();
    for (key, own) in counts.iter().filter(|(key, _)| clear.contains(&key.person)) {
        let minutes = readings.entry((key.person, key.group, key.interview, key.coder)).or_default();
        *minutes = own.minutes.max(*minutes);
    }
    let in_group =
        |group: u32| groups.iter().filter(|one| one.1 == group && clear.contains(&one.0)).count() as u64;
    let mut compared: Vec<Compared> = (0..project.interviews.competencies.len() as u32)
        .map(|competency| compare(project, counts, &readings, competency))
        .collect();
    let p_values: Vec<Option<f64>> = compared.iter().map(|one| one.p_value).collect();
    compared.iter_mut().zip(Holm.adjust(&p_values)).for_each(|(one, p)| one.p_holm = p);
    let distinct = |of: fn(&Reading) -> u128| readings.keys().map(of).collect::<BTreeSet<_>>().len() as u64;
    (!counts.is_empty()).then(|| Interviews {
        persons: [in_group(0), in_group(1)],
        interviews: distinct(|reading| reading.2),
        coders: distinct(|reading| reading.3),
        in_both: (persons.len() - clear.len()) as u64,
        compared,
    })
}

fn compare(
    project: &Project,
    counts: &Counts,
    readings: &BTreeMap<Reading, u64>,
    competency: u32,
) -> Compared {
    let mut found: BTreeMap<Reading, u64> = readings.keys().map(|reading| (*reading, 0)).collect();
    let mut levels = [(0u64, 0i64); 2];
    for (key, own) in counts.iter().filter(|(key, _)| key.competency == competency) {
        let Some(n) = found.get_mut(&(key.person, key.group, key.interview, key.coder)) else { continue };
        *n += own.n;
        if let Some(level) = key.level {
            let sum = &mut levels[key.group as usize];
            *sum = (sum.0 + own.n, sum.1 + i64::from(level) * own.n as i64);
        }
    }
    let persons = persons(&found, readings);
    let of = |group: u32| -> Vec<(f64, f64)> {
        persons.iter().filter(|(key, _)| key.1 == group).map(|(_, own)| *own).collect()
    };
    let name = &project.interviews.competencies[competency as usize].code;
    let behaviours = |group: u32| found.iter().filter(|(key, _)| key.1 == group).map(|(_, n)| n).sum();
    Compared {
        competency,
        behaviours: [behaviours(0), behaviours(1)],
        levels: levels.map(|(n, sum)| (n > 0).then(|| sum as f64 / n as f64)),
        contrast: rate_contrast(&of(0), &of(1)),
        p_value: permuted(&persons, &[&project.name, "interviews", name]),
        p_holm: None,
        agreement: agreement(&found, readings),
    }
}

/// Behaviours and hours of each person, added over coders and divided by their number, so that a count is one coder's.
fn persons(
    found: &BTreeMap<Reading, u64>,
    readings: &BTreeMap<Reading, u64>,
) -> BTreeMap<(u32, u32), (f64, f64)> {
    let mut persons: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
    for (key, n) in found {
        let coders =
            readings.range((key.0, key.1, key.2, 0)..=(key.0, key.1, key.2, u128::MAX)).count() as f64;
        let own = persons.entry((key.0, key.1)).or_default();
        own.0 += *n as f64 / coders;
        own.1 += readings[key] as f64 / HOUR / coders;
    }
    persons
}

fn permuted(persons: &BTreeMap<(u32, u32), (f64, f64)>, words: &[&str]) -> Option<f64> {
    let rates: Vec<f64> = persons.values().map(|(n, hours)| n / hours).collect();
    let groups: Vec<usize> = persons.keys().map(|key| key.1 as usize).collect();
    let strata = vec![0; rates.len()];
    permute_groups(&rates, &groups, &strata, (DRAWS, words)).ok().map(|found| found.p_value)
}

fn agreement(found: &BTreeMap<Reading, u64>, readings: &BTreeMap<Reading, u64>) -> Figure {
    let interviews: BTreeSet<u128> = found.keys().map(|key| key.2).collect();
    let coders: BTreeSet<u128> = found.keys().map(|key| key.3).collect();
    let mut rates: BTreeMap<(u128, u128), f64> = BTreeMap::new();
    for (key, n) in found {
        rates.insert((key.3, key.2), *n as f64 / readings[key] as f64 * HOUR);
    }
    let column = |coder: &u128| interviews.iter().map(|one| rates.get(&(*coder, *one)).copied()).collect();
    let columns: Vec<Vec<Option<f64>>> = coders.iter().map(column).collect();
    let icc = Ratings::incomplete(&columns)?.icc(Form::Agreement, false, 0.95, Convention::Psych)?;
    let (lower, upper) = icc.interval.ok().unzip();
    let n = interviews.len() as u64;
    Ok(Estimate {
        value: icc.value,
        std_error: None,
        lower,
        upper,
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{CodeBook, Coded, Text};

    fn project() -> Project {
        let coded = |code: &str| Coded { code: code.into(), name: Text::plain(code) };
        let mut project = crate::project::sample::project();
        project.interviews = CodeBook {
            groups: vec![coded("top"), coded("average")],
            competencies: vec![coded("service"), coded("other")],
            ..CodeBook::default()
        };
        project
    }

    /// Rows of (person, group, interview, coder, competency, behaviours, minutes).
    fn counts(rows: &[(u32, u32, u128, u128, u32, u64, u64)]) -> Counts {
        let one = |&(person, group, interview, coder, competency, n, minutes): &_| {
            let key = InterviewKey { person, group, interview, coder, competency, level: Some(2) };
            (key, InterviewCounts { n, minutes })
        };
        rows.iter().map(one).collect()
    }

    #[test]
    fn the_person_is_the_unit_and_silence_is_zero() {
        let rows = [
            (1, 0, 1, 1, 0, 6, 60),
            (1, 0, 1, 2, 0, 4, 60),
            (2, 0, 2, 1, 0, 5, 30),
            (3, 1, 3, 1, 0, 1, 60),
            (4, 1, 4, 1, 0, 2, 60),
            // Of the fifth only something else was noted.
            (5, 1, 5, 1, 1, 3, 60),
        ];
        let told = compare_interviews(&project(), &counts(&rows)).unwrap();
        assert_eq!((told.persons, told.interviews, told.coders, told.in_both), ([2, 3], 5, 2, 0));
        let service = &told.compared[0];
        let contrast = service.contrast.unwrap();
        assert!((contrast.rates[0] - 10.0 / 1.5).abs() < 1e-12 && (contrast.rates[1] - 1.0).abs() < 1e-12);
        assert_eq!((service.behaviours, service.levels), ([15, 3], [Some(2.0), Some(2.0)]));
        // Ten ways to choose two of five; the observed difference is the largest on its side and no other reaches it.
        assert!((service.p_value.unwrap() - 0.1).abs() < 1e-12);
        assert_eq!(told.compared[1].contrast, Err(Reason::TooFew));
    }

    #[test]
    fn who_is_in_both_groups_is_left_out() {
        let rows = [(1, 0, 1, 1, 0, 6, 60), (1, 1, 2, 1, 0, 6, 60), (2, 0, 3, 1, 0, 2, 60)];
        let told = compare_interviews(&project(), &counts(&rows)).unwrap();
        assert_eq!((told.persons, told.in_both), ([1, 0], 1));
        assert_eq!(compare_interviews(&project(), &Counts::new()), None);
    }
}
