//! Attained levels of a cumulative competency: the highest level whose indicators, and those of all levels below, are satisfied.
//!
//! In: what raters saw of each indicator. Out: one of four states a person. Deliberately absent: mean levels, names, the scale itself, which a
//! caller declares by the level of each indicator.

use super::Reason;

/// What the raters of one person say of one indicator together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consensus {
    /// More than half of those who could see it saw it.
    Seen,
    /// More than half did not see it.
    NotSeen,
    /// As many saw it as did not.
    Divided,
    /// No rater had an opportunity.
    NoOpportunity,
}

/// One rater's answers about one person; `None` is no opportunity to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Whether the rater is the person's manager.
    pub manager: bool,
    /// One answer an indicator.
    pub seen: Vec<Option<bool>>,
}

/// Where a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Negative behaviour, confirmed by the manager or by two raters.
    Zero,
    /// The first level is not reached, and no negative behaviour is confirmed.
    BelowFirst,
    /// The highest level reached.
    Level(u32),
    /// Nothing of the first level could be seen.
    NotObserved,
    /// Confirmed negative behaviour together with level 2 or above.
    Contradictory,
}

/// A person's attainment.
#[derive(Debug, Clone, PartialEq)]
pub struct Attainment {
    /// Where the person stands.
    pub state: State,
    /// Pairs of positive indicators of which one is failed and one of a higher level is seen.
    pub guttman_errors: u64,
    /// Indicators on which the raters are divided.
    pub divided: u64,
    /// The consensus on each indicator.
    pub consensus: Vec<Consensus>,
}

/// Returns what raters say together, by the majority of those who had an opportunity.
pub fn consensus(forms: &[Form], indicator: usize) -> Consensus {
    let answers = || forms.iter().filter_map(|form| form.seen.get(indicator).copied().flatten());
    let (seen, all) = (answers().filter(|&seen| seen).count(), answers().count());
    match (2 * seen).cmp(&all) {
        _ if all == 0 => Consensus::NoOpportunity,
        std::cmp::Ordering::Greater => Consensus::Seen,
        std::cmp::Ordering::Less => Consensus::NotSeen,
        std::cmp::Ordering::Equal => Consensus::Divided,
    }
}

/// Returns the state of one person from the forms of the raters; `levels` is the level of each indicator, 0 for negative behaviour.
///
/// Level l is reached when of its indicators that could be seen at least the share `needed` was, and so is every declared level below (Spencer
/// and Spencer 1993). A level of which nothing could be seen is not reached; if it is the first, the person is not observed, unless negative
/// behaviour is confirmed. Undefined: too few without forms, not applicable without an indicator of a level above 0.
pub fn attained(forms: &[Form], levels: &[u32], needed: f64) -> Result<Attainment, Reason> {
    if forms.is_empty() {
        return Err(Reason::TooFew);
    }
    if levels.iter().all(|&level| level == 0) {
        return Err(Reason::NotApplicable);
    }
    let found: Vec<Consensus> = (0..levels.len()).map(|indicator| consensus(forms, indicator)).collect();
    let negative = (0..levels.len()).any(|indicator| levels[indicator] == 0 && confirmed(forms, indicator));
    let state = match reached(&found, levels, needed) {
        Some(level) if negative && level >= 2 => State::Contradictory,
        _ if negative => State::Zero,
        None => State::NotObserved,
        Some(0) => State::BelowFirst,
        Some(level) => State::Level(level),
    };
    let failed = |i: usize| levels[i] > 0 && matches!(found[i], Consensus::NotSeen | Consensus::Divided);
    let pairs = (0..levels.len()).filter(|&i| failed(i)).flat_map(|i| (0..levels.len()).map(move |j| (i, j)));
    let errors = pairs.filter(|&(i, j)| levels[j] > levels[i] && found[j] == Consensus::Seen).count();
    let divided = found.iter().filter(|&&one| one == Consensus::Divided).count();
    Ok(Attainment { state, guttman_errors: errors as u64, divided: divided as u64, consensus: found })
}

/// Whether the manager or two raters saw it.
fn confirmed(forms: &[Form], indicator: usize) -> bool {
    let saw = |form: &&Form| form.seen.get(indicator).copied().flatten() == Some(true);
    forms.iter().filter(saw).any(|form| form.manager) || forms.iter().filter(saw).count() >= 2
}

/// The highest level reached, 0 when the first is not; nothing when nothing of the first could be seen.
fn reached(found: &[Consensus], levels: &[u32], needed: f64) -> Option<u32> {
    let mut declared: Vec<u32> = levels.iter().copied().filter(|&level| level > 0).collect();
    declared.sort_unstable();
    declared.dedup();
    let mut highest = 0;
    for level in declared {
        let of_level = || levels.iter().zip(found).filter(|(own, _)| **own == level).map(|(_, found)| *found);
        let could = of_level().filter(|&one| one != Consensus::NoOpportunity).count();
        let seen = of_level().filter(|&one| one == Consensus::Seen).count();
        if could == 0 {
            return (highest > 0).then_some(highest);
        }
        if (seen as f64) < needed * could as f64 - 1e-9 {
            return Some(highest);
        }
        highest = level;
    }
    Some(highest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEVELS: [u32; 6] = [0, 1, 1, 2, 2, 3];

    /// A form in one letter an indicator: + seen, - not seen, . no opportunity.
    fn form(manager: bool, answers: &str) -> Form {
        let seen = answers.chars().map(|c| match c {
            '+' => Some(true),
            '-' => Some(false),
            _ => None,
        });
        Form { manager, seen: seen.collect() }
    }

    fn state(forms: &[Form], needed: f64) -> State {
        attained(forms, &LEVELS, needed).expect("defined").state
    }

    #[test]
    fn levels_are_cumulative() {
        assert_eq!(state(&[form(false, "-+++++")], 1.0), State::Level(3));
        assert_eq!(state(&[form(false, "-++-++")], 1.0), State::Level(1));
        assert_eq!(state(&[form(false, "-++-++")], 0.5), State::Level(3));
        assert_eq!(state(&[form(false, "-+-+++")], 1.0), State::BelowFirst);
        assert_eq!(state(&[form(false, "-..+++")], 1.0), State::NotObserved);
        assert_eq!(state(&[form(false, "-++..+")], 1.0), State::Level(1));
        let found = attained(&[form(false, "-+-+-+")], &LEVELS, 1.0).expect("defined");
        assert_eq!(found.guttman_errors, 3);
    }

    #[test]
    fn level_0_is_behaviour_that_was_confirmed() {
        // practice.md 4: one rater's word is not enough, the manager's or two raters' is; half of level 1 is not incompetence.
        let (peer, manager) = (form(false, "+-----"), form(true, "+-----"));
        assert_eq!(state(&[peer.clone(), form(false, "------")], 1.0), State::BelowFirst);
        assert_eq!(state(&[peer.clone(), peer.clone(), form(false, "------")], 1.0), State::Zero);
        assert_eq!(state(&[manager], 1.0), State::Zero);
        assert_eq!(state(&[form(true, "+++++-")], 1.0), State::Contradictory);
        assert_eq!(state(&[form(true, "+....-")], 1.0), State::Zero);
        let divided =
            attained(&[form(false, "-+----"), form(false, "------")], &LEVELS, 1.0).expect("defined");
        assert_eq!((divided.divided, divided.consensus[1]), (1, Consensus::Divided));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(attained(&[], &LEVELS, 1.0), Err(Reason::TooFew));
        assert_eq!(attained(&[form(false, "+")], &[0], 1.0), Err(Reason::NotApplicable));
        assert_eq!(state(&[form(false, "")], 1.0), State::NotObserved);
    }

    proptest! {
        #[test]
        fn more_seen_never_lowers_a_level(answers in prop::collection::vec(0u8..2, 5), more in 0usize..5) {
            let text = |answers: &[u8]| format!("-{}", answers.iter().map(|&a| if a == 1 { '+' } else { '-' }).collect::<String>());
            let mut better = answers.clone();
            better[more] = 1;
            let rank = |state: State| if let State::Level(level) = state { level } else { 0 };
            prop_assert!(rank(state(&[form(false, &text(&better))], 1.0)) >= rank(state(&[form(false, &text(&answers))], 1.0)));
        }
    }
}
