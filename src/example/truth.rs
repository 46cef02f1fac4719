//! What is true in the example bank, on the observed scale: `truth.json`.
//!
//! In: every contact, realised with and without every effect. Out: values by department and month, effects, counts of rows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::contacts::Contact;
use super::experience::Experience;
use super::people::month;
use super::world::World;

/// Names of the dimensions in order.
pub(super) const DIMENSIONS: [&str; 5] = ["speed", "people", "solution", "product", "place"];

/// Weighted sums of the five dimensions and of the recommendation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    weight: f64,
    dimensions: [f64; 5],
    promoters: f64,
    kept: f64,
    cases: f64,
}

impl Sums {
    fn add(&mut self, experience: &Experience, weight: f64) {
        self.weight += weight;
        for (sum, dimension) in self.dimensions.iter_mut().zip(experience.dimensions()) {
            *sum += weight * dimension;
        }
        let side = i8::from(experience.recommend >= 9) - i8::from(experience.recommend <= 6);
        self.promoters += weight * f64::from(side);
    }

    fn merge(&mut self, other: &Self) {
        self.weight += other.weight;
        for (sum, more) in self.dimensions.iter_mut().zip(other.dimensions) {
            *sum += more;
        }
        self.promoters += other.promoters;
        self.kept += other.kept;
        self.cases += other.cases;
    }

    /// Index, net promoter, then the dimensions.
    fn values(&self, weights: &[f64; 5]) -> Option<[f64; 7]> {
        if self.weight <= 0.0 {
            return None;
        }
        let d = self.dimensions.map(|sum| sum / self.weight);
        let index = d.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        Some([index, 100.0 * self.promoters / self.weight, d[0], d[1], d[2], d[3], d[4]])
    }
}

/// Contacts, and customers weighted by their probability of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    all: Sums,
    respondents: Sums,
    contacts: u64,
}

impl Pair {
    /// Adds one contact, on both sides.
    pub(super) fn add(&mut self, contact: &Contact, experience: &Experience) {
        self.add_contact(contact, experience);
        self.add_twin(experience);
    }

    /// Adds a customer who might have come.
    pub(super) fn add_twin(&mut self, experience: &Experience) {
        self.respondents.add(experience, experience.response);
    }

    /// Adds one contact that took place.
    pub(super) fn add_contact(&mut self, contact: &Contact, experience: &Experience) {
        self.all.add(experience, 1.0);
        self.contacts += 1;
        self.all.kept += experience.kept;
        self.all.cases += contact.wants.len() as f64;
    }

    /// Returns the mean of the five dimensions over all contacts.
    pub(super) fn mean_dimension(&self) -> Option<f64> {
        self.all.values(&[0.2; 5]).map(|values| values[0])
    }

    /// Adds another pair.
    pub(super) fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.respondents.merge(&other.respondents);
        self.contacts += other.contacts;
    }
}

/// Everything that is collected while rows are made.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// By (month, department).
    pub(super) cells: BTreeMap<(usize, usize), Pair>,
    /// Sum of probabilities and number, by (month due, department, promise).
    pub(super) kept: BTreeMap<(usize, usize, usize), (f64, u64)>,
    /// With and without, by effect.
    pub(super) effects: BTreeMap<&'static str, (Pair, Pair)>,
    /// By worst outcome as the log has it, those with a known contact weigh as they answer.
    pub(super) outcomes: BTreeMap<usize, Pair>,
    /// Rows of each file: all, duplicate, superseded, damaged.
    pub(super) rows: BTreeMap<String, [usize; 4]>,
    /// Damaged rows: file, line, reasons.
    pub(super) damaged: Vec<(String, usize, Vec<&'static str>)>,
    /// Weights of the dimensions by calendar year.
    pub(super) weights: BTreeMap<i32, [f64; 5]>,
}

impl Truth {
    /// Adds what one department and month collected.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, pair) in other.cells {
            self.cells.entry(key).or_default().merge(&pair);
        }
        for (key, (sum, n)) in other.kept {
            let cell = self.kept.entry(key).or_default();
            *cell = (cell.0 + sum, cell.1 + n);
        }
        for (key, (with, without)) in other.effects {
            let cell = self.effects.entry(key).or_default();
            cell.0.merge(&with);
            cell.1.merge(&without);
        }
        for (key, pair) in other.outcomes {
            self.outcomes.entry(key).or_default().merge(&pair);
        }
    }

    fn weights_of(&self, number: usize) -> [f64; 5] {
        self.weights.get(&month(number).year()).copied().unwrap_or([0.2; 5])
    }

    /// Returns `truth.json`.
    pub(super) fn document(&self, world: &World) -> Value {
        json!({
            "about": "What is true in Harbour Bank. Every contact was generated with and without each effect from the same random numbers. \
        `all`: over all contacts of the files; `respondents`: over customers who might as well have come, eight for each contact at scale 1, each weighing as its \
        probability of an answer, which is what the raw figures estimate. The effects know the contacts of the files alone. \
        Values are in the order of `measures`; window 1 is the month itself, 12 the twelve months that end with it, weighed as its last month is.",
            "seed": world.seed,
            "months": world.months,
            "scale": world.scale,
            "measures": measures(),
            "weights": self.weights.iter().map(|(year, w)| (year.to_string(), json!(w.map(|x| round(x, 6))))).collect::<serde_json::Map<_, _>>(),
            "values": self.values(world),
            "effects": self.effect_list(),
            "outcomes": self.outcome_list(world.months),
            "nulls": nulls(),
            "stories": stories(),
            "rows": self.rows.iter().map(|(file, n)| (file.clone(), json!({"rows": n[0], "duplicate": n[1], "superseded": n[2], "damaged": n[3]}))).collect::<serde_json::Map<_, _>>(),
            "damaged": self.damaged.iter().map(|(file, line, reasons)| json!({"file": file, "line": line, "reasons": reasons})).collect::<Vec<_>>(),
        })
    }

    fn values(&self, world: &World) -> Vec<Value> {
        let mut rows = Vec::new();
        // The whole bank stands first, as an ordinary department named `*`.
        let keepers = (0..world.departments.len()).map(Some);
        for department in std::iter::once(None).chain(keepers) {
            for number in 1..=world.months {
                for window in [1, 12] {
                    rows.extend(self.cell(world, department, number, window));
                }
            }
        }
        rows
    }

    fn cell(&self, world: &World, department: Option<usize>, number: usize, window: usize) -> Option<Value> {
        if window > number {
            return None;
        }
        let months = number + 1 - window..=number;
        let mut pair = Pair::default();
        for (_, cell) in self
            .cells
            .range((*months.start(), 0)..(number + 1, 0))
            .filter(|((_, d), _)| department.is_none_or(|department| *d == department))
        {
            pair.merge(cell);
        }
        let kept = self.kept_shares(world, department, *months.start()..number + 1);
        if pair.contacts == 0 && kept.is_empty() {
            return None;
        }
        let weights = self.weights_of(number);
        let list = |sums: &Sums| sums.values(&weights).map(|values| values.map(|value| round(value, 3)));
        Some(json!({
            "department": department.map_or("*", |d| world.departments[d].code),
            "month": month(number),
            "window": window,
            "contacts": pair.contacts,
            "all": list(&pair.all),
            "respondents": list(&pair.respondents),
            "kept": kept,
        }))
    }

    fn kept_shares(
        &self,
        world: &World,
        department: Option<usize>,
        months: std::ops::Range<usize>,
    ) -> serde_json::Map<String, Value> {
        let mut sums: BTreeMap<usize, (f64, u64)> = BTreeMap::new();
        let range = self.kept.range((months.start, 0, 0)..(months.end, 0, 0));
        for ((_, keeper, promise), (sum, n)) in range {
            if department.is_none_or(|department| department == *keeper) {
                let cell = sums.entry(*promise).or_default();
                *cell = (cell.0 + sum, cell.1 + n);
            }
        }
        sums.into_iter()
            .map(|(promise, (sum, n))| {
                (world.promises[promise].code.to_owned(), json!(round(sum / n as f64, 4)))
            })
            .collect()
    }

    fn effect_list(&self) -> Vec<Value> {
        let weights = self.weights.values().next().copied().unwrap_or([0.2; 5]);
        let mut list = Vec::new();
        for (name, (with, without)) in &self.effects {
            let difference = |with: &Sums, without: &Sums| {
                let (a, b) = (with.values(&weights)?, without.values(&weights)?);
                Some(std::array::from_fn::<f64, 7, _>(|i| round(a[i] - b[i], 3)))
            };
            let cases = with.all.cases;
            list.push(json!({
                "name": name,
                "kind": "with minus without",
                "scale": "points, in the order of `measures`",
                "contacts": with.contacts,
                "value": difference(&with.all, &without.all),
                "value_respondents": difference(&with.respondents, &without.respondents),
                "kept_share": if cases > 0.0 { Some(round((with.all.kept - without.all.kept) / cases, 5)) } else { None },
            }));
        }
        list
    }

    fn outcome_list(&self, last: usize) -> Vec<Value> {
        let weights = self.weights_of(last);
        let names = ["none", "kept", "breached_remedied", "breached_unremedied"];
        let list = |sums: &Sums| sums.values(&weights).map(|values| values.map(|value| round(value, 3)));
        self.outcomes
            .iter()
            .map(|(outcome, pair)| {
                json!({
                    "outcome": names[*outcome],
                    "contacts": pair.contacts,
                    "all": list(&pair.all),
                    "respondents": list(&pair.respondents),
                })
            })
            .collect()
    }
}

fn measures() -> Vec<String> {
    let dimensions = DIMENSIONS.iter().map(|d| format!("dimension:{d}"));
    ["satisfaction_index", "net_promoter"].into_iter().map(str::to_owned).chain(dimensions).collect()
}

fn nulls() -> Value {
    json!([
        {"x": "level:I", "y": "people", "grain": "contact", "value": 0, "about": "negotiation changes nothing"},
        {"x": "level:I", "y": "solution", "grain": "contact", "value": 0},
        {"x": "level:A", "y": "place", "grain": "contact", "value": 0, "about": "who serves does not change the place"},
        {"x": "item:n11", "y": "satisfaction_index", "grain": "month", "value": 0, "about": "the need for leisure changes nothing"},
        {"x": "circle", "y": "station-road", "grain": "month", "value": 0, "about": "the second circle"}
    ])
}

fn stories() -> Value {
    serde_json::from_str(include_str!("bank/stories.json")).expect("the stories are JSON")
}

/// Rounds for print.
pub(super) fn round(value: f64, digits: u8) -> f64 {
    let power = f64::from(10_u32.pow(digits.into()));
    (value * power).round() / power
}
