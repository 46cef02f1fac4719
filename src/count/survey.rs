//! Counts of a questionnaire: marginals, links, servers, families.

use std::collections::BTreeMap;

use super::penalties::count_penalties;
use super::{Cell, FamilySums, Layout, Weighted};
use crate::check::Answer;
use crate::link::{Breach, Linked, Outcome};

/// What answers are grouped by, beside their department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkBy {
    /// The worst outcome among the contact's cases.
    Outcome,
    /// The attained level of the server in a competency (its position in the register).
    Level(u32),
}

/// A department's answers of one outcome, or of one level of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkKey {
    /// Position of the department.
    pub department: u32,
    /// What the answers are grouped by.
    pub by: LinkBy,
    /// Position in [`Outcome::ALL`], or the level.
    pub class: i16,
}

/// The same of one server; nothing stands for all answers without a server, each of which is a cluster of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterKey {
    /// Department and class.
    pub link: LinkKey,
    /// Position of the person who served.
    pub server: Option<u32>,
}

/// Answers of customers with a broken promise that compare: the same promise, delay, segment, remedied or not, of one server; nothing
/// stands for all answers without a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BreachKey {
    /// Position of the department that served.
    pub department: u32,
    /// The worst breach of the contact.
    pub breach: Breach,
    /// Hash of the customer's segment, 0 where it is missing.
    pub segment: u64,
    /// Position of the person who served.
    pub server: Option<u32>,
}

/// Sums over the answers of one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterSums {
    /// Sums of each served variable by itself, over the answers that have it.
    pub single: Vec<FamilySums>,
    /// Sums of all dimension scores together, over complete answers.
    pub dimensions: FamilySums,
}

/// Counts of one questionnaire and month.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SurveyCounts {
    /// Counts per level of every variable, as dense rows of the layout.
    pub marginals: BTreeMap<Cell, Vec<Weighted>>,
    /// The same by outcome and by level of the server.
    pub links: BTreeMap<LinkKey, Vec<Weighted>>,
    /// Answers by outcome and level of the server: (department, competency, outcome, level).
    pub outcome_levels: BTreeMap<(u32, u32, i16, i16), u64>,
    /// Sums per server; private, never published.
    pub servers: BTreeMap<ClusterKey, ClusterSums>,
    /// Sums of all dimension scores per server after broken promises; private, never published.
    pub breaches: BTreeMap<BreachKey, FamilySums>,
    /// Complete-case sums of the families, by department and position in the layout.
    pub families: BTreeMap<(u32, usize), FamilySums>,
    /// Complete-case sums of all dimension scores in the segments of each cut; of the client questionnaire alone, since few of the
    /// others answer.
    pub segments: BTreeMap<Cell, FamilySums>,
    /// Sums for penalty and reward by department and position of the overall item in the layout; of the client questionnaire alone.
    pub penalties: BTreeMap<(u32, usize), FamilySums>,
}

/// Counts the answers of one questionnaire and month; `segment` is the cut by which customers with a broken promise are compared.
pub fn count_answers<'a>(
    layout: &Layout,
    rows: impl Iterator<Item = (&'a Answer, &'a Linked)>,
    (cuts, segment): (usize, Option<usize>),
    competencies: &[u32],
) -> SurveyCounts {
    let mut counts = SurveyCounts::default();
    for (answer, linked) in rows {
        let values = layout.values(&answer.levels, answer.day);
        let places: Vec<usize> =
            (0..values.len()).map(|variable| layout.place(variable, values[variable])).collect();
        for cell in Cell::of(answer.department, &answer.segments, cuts) {
            add_dense(counts.marginals.entry(cell).or_default(), &places, layout.width, answer.weight);
        }
        for link in links(answer.department, linked, competencies) {
            add_dense(counts.links.entry(link).or_default(), &places, layout.width, answer.weight);
            let sums = counts
                .servers
                .entry(ClusterKey { link, server: answer.server })
                .or_insert_with(|| ClusterSums::new(layout));
            sums.add(layout, &values, answer.weight);
        }
        count_breach(&mut counts, layout, (answer, &values), linked.breach.map(|breach| (breach, segment)));
        count_outcome_levels(&mut counts, answer.department, linked, competencies);
        count_segments(&mut counts, layout, (answer, &values), cuts);
        count_penalties(&mut counts.penalties, layout, (answer, &values));
        for (position, (_, members)) in layout.families.iter().enumerate() {
            if let Some(complete) = complete(&values, members) {
                let sums = counts
                    .families
                    .entry((answer.department, position))
                    .or_insert_with(|| FamilySums::new(members.len()));
                sums.add(&complete, answer.weight);
            }
        }
    }
    counts
}

fn count_segments(
    counts: &mut SurveyCounts,
    layout: &Layout,
    (answer, values): (&Answer, &[Option<i32>]),
    cuts: usize,
) {
    if layout.questionnaire != "client" || layout.dimensions.is_empty() {
        return;
    }
    let Some(complete) = complete(values, &layout.dimensions) else { return };
    for cell in Cell::of(answer.department, &answer.segments, cuts).filter(|cell| cell.cut > 0) {
        let sums = counts.segments.entry(cell).or_insert_with(|| FamilySums::new(complete.len()));
        sums.add(&complete, answer.weight);
    }
}

fn add_dense(row: &mut Vec<Weighted>, places: &[usize], width: usize, weight: u64) {
    row.resize(width, Weighted::default());
    places.iter().for_each(|&place| row[place].add(weight));
}

/// Returns the groups an answer belongs to: its outcome where the contact is known, its server's levels where those are.
fn links<'a>(
    department: u32,
    linked: &'a Linked,
    competencies: &'a [u32],
) -> impl Iterator<Item = LinkKey> + 'a {
    let outcome =
        linked.outcome.map(|outcome| LinkKey { department, by: LinkBy::Outcome, class: position(outcome) });
    let levels = competencies.iter().zip(&linked.levels);
    let levels = levels.filter_map(move |(&competency, level)| {
        level.map(|class| LinkKey { department, by: LinkBy::Level(competency), class })
    });
    outcome.into_iter().chain(levels)
}

fn position(outcome: Outcome) -> i16 {
    outcome as i16
}

fn count_outcome_levels(counts: &mut SurveyCounts, department: u32, linked: &Linked, competencies: &[u32]) {
    let Some(outcome) = linked.outcome else { return };
    for (&competency, level) in competencies.iter().zip(&linked.levels) {
        if let Some(level) = *level {
            *counts.outcome_levels.entry((department, competency, position(outcome), level)).or_default() +=
                1;
        }
    }
}

fn count_breach(
    counts: &mut SurveyCounts,
    layout: &Layout,
    (answer, values): (&Answer, &[Option<i32>]),
    breach: Option<(Breach, Option<usize>)>,
) {
    let Some((breach, segment)) = breach.filter(|_| !layout.dimensions.is_empty()) else { return };
    let Some(complete) = complete(values, &layout.dimensions) else { return };
    let segment = segment.map_or(0, |cut| answer.segments[cut]);
    let key = BreachKey { department: answer.department, breach, segment, server: answer.server };
    let sums = counts.breaches.entry(key).or_insert_with(|| FamilySums::new(complete.len()));
    sums.add(&complete, answer.weight);
}

/// Returns the values of `members` if the answer has all that were asked of them.
fn complete(values: &[Option<i32>], members: &[usize]) -> Option<Vec<i32>> {
    members.iter().map(|&member| values[member]).collect()
}

impl ClusterSums {
    /// Returns the empty sums of a questionnaire.
    pub fn new(layout: &Layout) -> Self {
        Self {
            single: vec![FamilySums::new(1); layout.served.len()],
            dimensions: FamilySums::new(layout.dimensions.len()),
        }
    }

    fn add(&mut self, layout: &Layout, values: &[Option<i32>], weight: u64) {
        for (&variable, sums) in layout.served.iter().zip(&mut self.single) {
            if let Some(value) = values[variable] {
                sums.add(&[value], weight);
            }
        }
        if let Some(complete) = complete(values, &layout.dimensions) {
            self.dimensions.add(&complete, weight);
        }
    }

    /// Adds the sums of other answers of the cluster.
    pub fn merge(&mut self, other: &Self) {
        self.single.iter_mut().zip(&other.single).for_each(|(own, other)| own.merge(other));
        self.dimensions.merge(&other.dimensions);
    }
}

impl SurveyCounts {
    /// Adds the counts of other answers to the same questionnaire.
    pub fn merge(&mut self, other: &Self) {
        self.merge_levels(other);
        merge_dense(&mut self.links, &other.links);
        for (key, n) in &other.outcome_levels {
            *self.outcome_levels.entry(*key).or_default() += n;
        }
        for (key, sums) in &other.servers {
            self.servers.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
        for (key, sums) in &other.segments {
            self.segments.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
        for (key, sums) in &other.breaches {
            self.breaches.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
    }

    /// Adds only what measures of departments need: marginals and families, not what answers are linked to.
    pub fn merge_levels(&mut self, other: &Self) {
        merge_dense(&mut self.marginals, &other.marginals);
        for (key, sums) in &other.penalties {
            self.penalties.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
        for (key, sums) in &other.families {
            self.families.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
    }
}

fn merge_dense<K: Ord + Copy>(own: &mut BTreeMap<K, Vec<Weighted>>, other: &BTreeMap<K, Vec<Weighted>>) {
    for (key, row) in other {
        let own = own.entry(*key).or_default();
        own.resize(row.len(), Weighted::default());
        own.iter_mut().zip(row).for_each(|(own, other)| own.merge(other));
    }
}
