//! The project: `concord.toml` and the registers, checked as a whole before any data is read.
//!
//! In: a project folder. Out: [`Project`], or every problem of the folder at once, with file and line. Deliberately absent: the data.

mod value;
mod log;
mod document;
mod table;
mod lookup;
mod measures;
mod departments;
mod people;
mod versions;
mod questionnaires;
mod calendars;
mod limits;
mod causes;
mod life;
mod commitments;
mod competencies;
mod interviews;
mod targets;
mod layers;
mod rating;
mod relations;
mod results;
mod improvement;
mod source;
mod settings;
mod cross;
mod definitions;
mod load;
#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use calendars::Calendars;
pub use causes::{Category, Cause, Causes};
pub use departments::Department;
pub use improvement::{
    Action, Circle, Decision, DecisionStatus, Improvement, Practice, PracticeState, PracticeStatus, Review,
    Stage, Standard, Step, Trigger,
};
pub use interviews::{CodeBook, Coded};
pub use layers::LAYER_ORDER;
pub use life::{LifeStage, Status};
pub use limits::{Clock, RemedyLimit, TimeLimit, Unit};
pub use load::load;
pub use people::Post;
pub use relations::{Grain, Method, Relation};
pub use results::{BusinessResult, ResultKind};
pub use source::{Kind, REASONS, Shape, Source};
pub use targets::Target;
pub use versions::{Change, ChangeKind};

use crate::month::{Day, Month};

/// A text that readers see, by language code (`en`, `ru`, `zh`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// Returns a text that is given in English only.
    pub fn plain(text: &str) -> Self {
        Self([("en".to_string(), text.to_string())].into())
    }

    /// Returns the text in `language`, else in English, else in the first language there is, else nothing (empty).
    pub fn get(&self, language: &str) -> &str {
        let texts = &self.0;
        texts
            .get(language)
            .or_else(|| texts.get("en"))
            .or_else(|| texts.values().next())
            .map_or("", |text| text)
    }
}

/// Everything that defines a project besides its data.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds `concord.toml`.
    pub root: PathBuf,
    /// The folder that relative source paths start from: the project's own, unless `--data` names another.
    pub data: PathBuf,
    /// Short name, used in file names and as the seed of everything random.
    pub name: String,
    /// Name for readers.
    pub title: Text,
    /// Languages of the outputs, the first is the main one.
    pub languages: Vec<String>,
    /// Dates and windows.
    pub time: Time,
    /// What is withheld.
    pub privacy: Privacy,
    /// Columns by which counts are also kept, at most four, each a canonical cut column.
    pub cuts: Vec<String>,
    /// The data, in the order of `concord.toml`.
    pub sources: Vec<Source>,
    /// Departments, sorted by code; a department's index in this list is its identity in memory.
    pub departments: Vec<Department>,
    /// Posts of people: one row a person, department and span of time, sorted by person, then date.
    pub posts: Vec<Post>,
    /// Questionnaires, sorted by code.
    pub questionnaires: Vec<Questionnaire>,
    /// The promises, in the order of the register.
    pub commitments: Vec<Commitment>,
    /// Working calendars.
    pub calendars: Calendars,
    /// Causes of breaches.
    pub causes: Causes,
    /// The competencies, in the order of the register.
    pub competencies: Vec<Competency>,
    /// How behaviour interviews are coded.
    pub interviews: CodeBook,
    /// Required levels: role -> competency code -> level.
    pub roles: BTreeMap<String, BTreeMap<String, i32>>,
    /// Share of a level's indicators that must have been seen for the level to be reached, of those there was an opportunity to see.
    pub needed: f64,
    /// Targets of departments, profiles or all, sorted by who, measure, first month.
    pub targets: Vec<Target>,
    /// How departments are rated.
    pub rating: RatingRules,
    /// The relations asked in advance.
    pub relations: Vec<Relation>,
    /// Business results, in the order of the register.
    pub results: Vec<BusinessResult>,
    /// What is done to become better.
    pub improvement: Improvement,
}

/// Dates and windows of a project.
#[derive(Debug, Clone)]
pub struct Time {
    /// The first month of the project: earlier service dates are damage.
    pub from: Month,
    /// The last month that can hold data, if the project has an end.
    pub to: Option<Month>,
    /// Days after a month's end until its figures are final.
    pub settle_days: i32,
    /// Months before a month whose cases can still belong to its answers.
    pub lookback_months: i32,
    /// Months in which an assessed level may still be used after its period, in quarters.
    pub carry_quarters: i32,
}

/// What is withheld from outputs.
#[derive(Debug, Clone)]
pub struct Privacy {
    /// Smallest number of people behind a published figure about persons.
    pub min_people: u64,
    /// Smallest number of answers for a customer figure that is not greyed.
    pub min_answers: u64,
    /// Whether a local list of persons against their roles is written beside the store; it is never published.
    pub person_file: bool,
}

/// What an item asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Satisfaction with one thing.
    Satisfaction,
    /// What was expected.
    Expectation,
    /// How important a thing is.
    Importance,
    /// Satisfaction with the whole.
    Overall,
    /// Likelihood to recommend, 0 to 10.
    Recommend,
    /// Effort it took.
    Effort,
    /// Whether it was done when promised, no or yes, as the customer saw it.
    Promised,
    /// Anything else on a scale.
    Other,
}

/// One questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// Its code: `client`, `internal`, `staff`, `importance` or another.
    pub code: String,
    /// Title for readers.
    pub title: Text,
    /// Dimensions in order.
    pub dimensions: Vec<Dimension>,
    /// Items in order.
    pub items: Vec<Item>,
    /// Declared families: code -> item or dimension codes.
    pub families: BTreeMap<String, Vec<String>>,
}

/// A group of items whose mean is a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its code.
    pub code: String,
    /// Name for readers.
    pub name: Text,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its code, unique within the questionnaire.
    pub code: String,
    /// The file's column; several items may share one when their spans do not overlap.
    pub column: String,
    /// Wording.
    pub text: Text,
    /// Lowest answer.
    pub low: i32,
    /// Highest answer.
    pub high: i32,
    /// Codes that mean "does not apply": missing, not damage.
    pub not_applicable: Vec<i32>,
    /// Code of its dimension, if it belongs to one.
    pub dimension: Option<String>,
    /// What it asks for.
    pub kind: ItemKind,
    /// Service layer (`core`, `additional`, `extra`, `unaware`), if declared.
    pub layer: Option<String>,
    /// First day it was asked.
    pub valid_from: Option<Day>,
    /// Last day it was asked.
    pub valid_to: Option<Day>,
    /// Code of the client questionnaire's item whose importance it asks for.
    pub importance_of: Option<String>,
    /// Code of the item on another scale that it replaced, where both were asked of random samples in the months they overlap.
    pub bridged_from: Option<String>,
    /// Code of the item whose expected level it asks for.
    pub expectation_of: Option<String>,
}

/// Who a promise is made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromisedTo {
    /// A customer.
    Customer,
    /// Another department.
    Department,
}

/// One promise.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Its code in the data.
    pub code: String,
    /// Other names that the data have for it.
    pub aliases: Vec<String>,
    /// Its wording.
    pub statement: Text,
    /// Who it is made to.
    pub promised_to: PromisedTo,
    /// Who keeps it, in words of the project (a profile or a department).
    pub owner: String,
    /// How it is observed, in words.
    pub observed: Text,
    /// Unit of limit and value.
    pub unit: Unit,
    /// Which time counts.
    pub clock: Clock,
    /// Code of its calendar, where that is not the department's.
    pub calendar: Option<String>,
    /// Second of the day from which a case counts for the next working day, for whole working days.
    pub cutoff: Option<u32>,
    /// Whether a larger value is the better one (availability).
    pub higher_is_better: bool,
    /// The stages of its life, the first from ever, oldest first.
    pub life: Vec<LifeStage>,
    /// Importance, any positive scale.
    pub importance: f64,
    /// Service group, if declared.
    pub group: Option<String>,
    /// Service layer, if declared.
    pub layer: Option<String>,
    /// Dated limits, oldest first; the latest that began on or before a case's opening holds.
    pub limits: Vec<Limit>,
    /// Within what time a breach is to be remedied, if declared for it or for all.
    pub remedy_limit: Option<RemedyLimit>,
}

/// A limit and target share from a date on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// First day; nothing means from ever.
    pub from: Option<Day>,
    /// The limit in the commitment's unit; nothing when each case carries its own due time only.
    pub limit: Option<f64>,
    /// Target share of kept cases, 0 to 1.
    pub target: Option<f64>,
}

/// One competency.
#[derive(Debug, Clone, PartialEq)]
pub struct Competency {
    /// Its code in the data.
    pub code: String,
    /// Name for readers.
    pub name: Text,
    /// Group: general, post-specific, professional.
    pub group: String,
    /// Lowest level.
    pub low: i32,
    /// Highest level.
    pub high: i32,
    /// Weight; core competencies weigh more.
    pub weight: f64,
    /// Whether it is a core competency.
    pub core: bool,
    /// Fewest of 0 to 100 points for each level above the lowest, where ratings are points; else empty.
    pub bands: Vec<i32>,
    /// Indicator wordings by level.
    pub levels: BTreeMap<i32, Vec<Text>>,
}

/// How departments are rated.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingRules {
    /// Rolling window.
    pub window_months: i32,
    /// The headline measures, at most twelve.
    pub measures: Vec<Headline>,
    /// Lower bounds of the grades A, B, C, D in points, by the month they begin to hold.
    pub cut_points: Vec<(Month, [f64; 4])>,
    /// Least reliability for a grade.
    pub min_reliability: f64,
    /// A letter is kept unless its own probability falls under this.
    pub keep_probability: f64,
    /// Bars of the service layers, in the order of the months they begin to hold.
    pub layers: Vec<LayerBar>,
}

/// How good what belongs to a service layer must be for the layer to be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerBar {
    /// First month in which it holds.
    pub from: Month,
    /// The layer.
    pub layer: String,
    /// Least share of satisfied answers, mean over the layer's items.
    pub satisfied: f64,
    /// Greatest share of dissatisfied answers, mean over the layer's items.
    pub dissatisfied: f64,
    /// Least share of cases kept, mean over the layer's promises by importance.
    pub kept: f64,
}

/// One headline measure of the rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// Code of the measure.
    pub measure: String,
    /// Value that gets 0 points.
    pub worst: f64,
    /// Value that gets 100 points.
    pub best: f64,
    /// Default target (70 points) where `targets.csv` names none.
    pub target: Option<f64>,
    /// Weight by profile, `*` for the rest.
    pub weights: BTreeMap<String, f64>,
}
