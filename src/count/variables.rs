//! What is counted of a questionnaire: its items, and the scores of its dimensions as whole numbers.

use crate::check::MISSING;
use crate::month::Day;
use crate::project::{Item, ItemKind, Project, Questionnaire, Relation};

/// One counted variable of a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its code within the questionnaire: an item's or a dimension's.
    pub code: String,
    /// Lowest value on the answer scale.
    pub low: i32,
    /// Highest value on the answer scale.
    pub high: i32,
    /// Whole numbers per unit of the answer scale: 1 for items, lcm(1..k) for a dimension of k items.
    pub scale: i32,
    /// Positions of the items it is made of: one for an item, several for a dimension.
    items: Vec<usize>,
    is_dimension: bool,
}

impl Variable {
    /// Returns the number of levels, the missing one not counted.
    pub fn n_levels(&self) -> usize {
        usize::try_from((self.high - self.low) * self.scale + 1).unwrap_or(1)
    }

    /// Returns the level (value times scale) at position `index` of the level counts.
    pub fn level(&self, index: usize) -> i64 {
        i64::from(self.low * self.scale) + index as i64
    }

    /// Returns the value on 0 to 100 of a mean of levels.
    pub fn percent(&self, mean: f64) -> f64 {
        100.0 * (mean / f64::from(self.scale) - f64::from(self.low)) / f64::from(self.high - self.low)
    }

    /// Returns the level of an answer, nothing where it is missing; `asked` tells which items were asked that day.
    fn value(&self, levels: &[i16], asked: &[bool]) -> Option<i32> {
        if !self.is_dimension {
            let level = levels[self.items[0]];
            return (level != MISSING).then(|| i32::from(level));
        }
        let asked_items = self.items.iter().filter(|&&item| asked[item]).count();
        let answered: Vec<i32> = self
            .items
            .iter()
            .map(|&item| levels[item])
            .filter(|&level| level != MISSING)
            .map(i32::from)
            .collect();
        let n = i32::try_from(answered.len()).ok()?;
        // The score is the mean of the answered items where at least half of those asked are answered.
        (n > 0 && 2 * answered.len() >= asked_items).then(|| answered.iter().sum::<i32>() * self.scale / n)
    }
}

/// The variables of one questionnaire, and which of them make up its families.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Code of the questionnaire.
    pub questionnaire: String,
    /// All variables: items first, then dimensions.
    pub variables: Vec<Variable>,
    /// Start of each variable's level counts in a dense row; each has its levels and then one place for missing.
    pub starts: Vec<usize>,
    /// Length of a dense row.
    pub width: usize,
    /// Families: code and positions of the variables.
    pub families: Vec<(String, Vec<usize>)>,
    /// Positions of the dimensions.
    pub dimensions: Vec<usize>,
    /// Positions of the items of the overall judgement, one for each scale it was asked on.
    pub overalls: Vec<usize>,
    /// Positions of the variables whose means are kept per server.
    pub served: Vec<usize>,
    spans: Vec<(Option<Day>, Option<Day>)>,
}

/// Code of the family of all dimension scores, from which the satisfaction index comes.
pub const DIMENSIONS: &str = "dimensions";

impl Layout {
    /// Lays out the variables of `questionnaire`.
    pub fn new(project: &Project, questionnaire: &Questionnaire) -> Self {
        let items = &questionnaire.items;
        let mut variables: Vec<Variable> =
            items.iter().enumerate().map(|(index, item)| item_variable(index, item)).collect();
        let first_dimension = variables.len();
        variables.extend(
            questionnaire
                .dimensions
                .iter()
                .filter_map(|dimension| dimension_variable(&dimension.code, items)),
        );
        let dimensions: Vec<usize> = (first_dimension..variables.len()).collect();
        let mut starts = Vec::with_capacity(variables.len());
        let mut width = 0;
        for variable in &variables {
            starts.push(width);
            width += variable.n_levels() + 1;
        }
        let families = families(questionnaire, &variables, &dimensions);
        let served = served(project, items, &variables, &dimensions);
        let is_overall = |&index: &usize| items[index].kind == ItemKind::Overall;
        let overalls = (0..items.len()).filter(is_overall).collect();
        let spans = items.iter().map(|item| (item.valid_from, item.valid_to)).collect();
        Self {
            questionnaire: questionnaire.code.clone(),
            variables,
            starts,
            width,
            families,
            dimensions,
            overalls,
            served,
            spans,
        }
    }

    /// Returns the value of every variable for an answer given on `day`.
    pub fn values(&self, levels: &[i16], day: Day) -> Vec<Option<i32>> {
        let asked: Vec<bool> = self
            .spans
            .iter()
            .map(|&(from, to)| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
            .collect();
        self.variables.iter().map(|variable| variable.value(levels, &asked)).collect()
    }

    /// Returns the place of a variable's value in a dense row.
    pub fn place(&self, variable: usize, value: Option<i32>) -> usize {
        let Variable { low, scale, .. } = self.variables[variable];
        let offset = value.map_or(self.variables[variable].n_levels(), |value| {
            usize::try_from(value - low * scale).unwrap_or(0)
        });
        self.starts[variable] + offset
    }

    /// Returns the position of the family with this code.
    pub fn family(&self, code: &str) -> Option<usize> {
        self.families.iter().position(|(own, _)| own == code)
    }

    /// Returns the position of the variable with this code.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.variables.iter().position(|variable| variable.code == code)
    }
}

/// Returns the code of the family of an expectation and the item it is compared with.
pub fn gap_family(expectation: &str) -> String {
    format!("gap:{expectation}")
}

fn item_variable(index: usize, item: &Item) -> Variable {
    Variable {
        code: item.code.clone(),
        low: item.low,
        high: item.high,
        scale: 1,
        items: vec![index],
        is_dimension: false,
    }
}

/// Makes a dimension's variable; a dimension without items has none.
fn dimension_variable(code: &str, items: &[Item]) -> Option<Variable> {
    let own: Vec<usize> =
        (0..items.len()).filter(|&index| items[index].dimension.as_deref() == Some(code)).collect();
    let first = &items[*own.first()?];
    // Versions of one question share a column: only one of them is ever asked.
    let columns: std::collections::BTreeSet<&str> =
        own.iter().map(|&index| items[index].column.as_str()).collect();
    let scale = (1..=columns.len() as i32).fold(1, least_common_multiple);
    Some(Variable {
        code: code.to_owned(),
        low: first.low,
        high: first.high,
        scale,
        items: own,
        is_dimension: true,
    })
}

fn least_common_multiple(a: i32, b: i32) -> i32 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

/// All dimension scores together, each dimension's items, and the families that the register declares.
fn families(
    questionnaire: &Questionnaire,
    variables: &[Variable],
    dimensions: &[usize],
) -> Vec<(String, Vec<usize>)> {
    let position = |code: &String| variables.iter().position(|variable| &variable.code == code);
    let mut families = vec![(DIMENSIONS.to_owned(), dimensions.to_vec())];
    families.extend(
        dimensions
            .iter()
            .map(|&index| (format!("items:{}", variables[index].code), variables[index].items.clone())),
    );
    for (code, members) in &questionnaire.families {
        families.push((code.clone(), members.iter().filter_map(position).collect()));
    }
    // With these, the covariance of an index with the overall or recommend item can be told.
    let wholes = questionnaire
        .items
        .iter()
        .zip(0..)
        .filter(|(item, _)| matches!(item.kind, ItemKind::Overall | ItemKind::Recommend));
    let wholes: Vec<usize> = wholes.map(|(_, index)| index).collect();
    for (place, &one) in wholes.iter().enumerate() {
        let code = &variables[one].code;
        families.push((format!("with:{code}"), dimensions.iter().copied().chain([one]).collect()));
        for &other in &wholes[place + 1..] {
            families.push((format!("both:{code}:{}", variables[other].code), vec![one, other]));
        }
    }
    // What a person perceived against what the same person expected.
    let pair = |item: &Item| {
        let of = position(item.expectation_of.as_ref()?)?;
        Some((gap_family(&item.code), vec![of, position(&item.code)?]))
    };
    families.extend(questionnaire.items.iter().filter_map(pair));
    families.retain(|(_, members)| !members.is_empty());
    families
}

/// The variables kept per server: dimensions, the overall items, and whatever a contact relation asks about.
fn served(project: &Project, items: &[Item], variables: &[Variable], dimensions: &[usize]) -> Vec<usize> {
    let asked = |code: &str| project.relations.iter().any(|relation: &Relation| relation.y == code);
    let is_served = |&index: &usize| {
        dimensions.contains(&index)
            || items
                .get(index)
                .is_some_and(|item| matches!(item.kind, ItemKind::Overall | ItemKind::Recommend))
            || asked(&variables[index].code)
    };
    (0..variables.len()).filter(is_served).collect()
}
