//! How the report speaks: names of departments and measures, figures as cells, always with their uncertainty or the reason.

use std::collections::BTreeMap;

use super::block::{Cell, Head, Table};
use crate::chart::page::Studio;
use crate::disclose::Published;
use crate::measure::{Attained, Code, Context, Kept, Unit, WHOLE};
use crate::month::Month;
use crate::project::{BusinessResult, Grain, Project, ResultKind};
use crate::stats::{Estimate, Figure, Marks, Reason};
use crate::text::catalogue::Arg;
use crate::text::number::{Count, Locale};

/// Everything that a section needs to say something.
pub(super) struct Words<'a> {
    /// What may be shown.
    pub(super) published: &'a Published,
    /// The registers.
    pub(super) project: &'a Project,
    /// Sentences and fonts.
    pub(super) studio: &'a Studio,
    context: Context<'a>,
}

impl<'a> Words<'a> {
    /// Makes the words of one report.
    pub(super) fn new(published: &'a Published, project: &'a Project, studio: &'a Studio) -> Self {
        Self { published, project, studio, context: Context::new(project, BTreeMap::new()) }
    }

    /// Returns the conventions for numbers.
    pub(super) fn locale(&self) -> Locale {
        self.studio.locale()
    }

    /// Returns the language of names.
    pub(super) fn language(&self) -> &'static str {
        self.locale().code()
    }

    /// Returns the sentence of a key.
    pub(super) fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.studio.catalogue.message(key, args)
    }

    /// Returns the sentence of a key without arguments.
    pub(super) fn phrase(&self, key: &str) -> String {
        self.studio.catalogue.phrase(key)
    }

    /// Returns the words for a reason.
    pub(super) fn reason(&self, reason: Reason) -> String {
        self.studio.catalogue.reason(reason)
    }

    /// Returns every measure of the project.
    pub(super) fn codes(&self) -> Vec<Code> {
        Code::all(&self.context)
    }

    /// Returns the register's text of a measure.
    pub(super) fn code_text(&self, code: &Code) -> String {
        code.text(&self.context)
    }

    /// Returns the project's name.
    pub(super) fn bank(&self) -> String {
        self.project.title.get(self.language()).to_owned()
    }

    /// Returns the name of a department; that of the project for the whole.
    pub(super) fn department(&self, department: u32) -> String {
        match usize::try_from(department).ok().and_then(|index| self.project.departments.get(index)) {
            Some(own) if department != WHOLE => named(own.name.get(self.language()), &own.code),
            _ => self.bank(),
        }
    }

    /// Returns the name of a profile.
    pub(super) fn profile(&self, department: u32) -> String {
        let own = usize::try_from(department).ok().and_then(|index| self.project.departments.get(index));
        own.map(|own| self.profile_name(&own.profile)).unwrap_or_default()
    }

    /// Returns the words for a profile; a profile of the project's own is its code.
    pub(super) fn profile_name(&self, profile: &str) -> String {
        match profile {
            "client_relations" | "operations" | "product" | "service" | "branch" => {
                self.phrase(&format!("report-profile-{profile}"))
            }
            own => own.replace('_', " "),
        }
    }

    /// Returns the wording of a commitment.
    pub(super) fn commitment(&self, code: &str) -> String {
        let own = self.project.commitment(code).map(|index| &self.project.commitments[index]);
        own.map_or_else(|| code.to_owned(), |own| named(own.statement.get(self.language()), code))
    }

    /// Returns the wording of the commitment at a position of the register.
    pub(super) fn promise(&self, position: u32) -> String {
        self.commitment(&self.project.commitments[position as usize].code)
    }

    /// Returns the name of a competency.
    pub(super) fn competency(&self, code: &str) -> String {
        let own = self.project.competency(code).map(|index| &self.project.competencies[index]);
        own.map_or_else(|| code.to_owned(), |own| named(own.name.get(self.language()), code))
    }

    /// Returns the title of a questionnaire.
    pub(super) fn questionnaire(&self, code: &str) -> String {
        let own = self.project.questionnaire(code);
        own.map_or_else(|| code.to_owned(), |own| named(own.title.get(self.language()), code))
    }

    /// Returns the name of a measure.
    pub(super) fn measure(&self, code: &Code) -> String {
        match code {
            Code::Index(of) if matches!(of.as_str(), "client" | "internal" | "staff") => {
                self.phrase(&format!("report-measure-index-{of}"))
            }
            Code::Index(of) => self.say("report-measure-index", &[("name", self.questionnaire(of).into())]),
            Code::PostStratified => self.phrase("report-measure-post-stratified"),
            Code::ResponseRate => self.phrase("report-measure-response-rate"),
            Code::NetPromoter => self.phrase("report-measure-net-promoter"),
            Code::TopTwo => self.phrase("report-measure-top-two"),
            Code::BottomTwo => self.phrase("report-measure-bottom-two"),
            Code::Variable(code) => self.asked("client", code),
            Code::CommitmentScore => self.phrase("report-measure-commitment-score"),
            Code::Commitment(kept, of) => self.say(kept_key(*kept), &[("name", self.commitment(of).into())]),
            Code::ReceivedScore => self.phrase("report-measure-received-score"),
            Code::Received(of) => {
                self.say("report-measure-received", &[("name", self.commitment(of).into())])
            }
            Code::CompetencyShare => self.phrase("report-measure-competency-share"),
            Code::Competency(attained, of) => {
                let key = match attained {
                    Attained::Required => "report-measure-required",
                    Attained::LevelZero => "report-measure-level-zero",
                };
                self.say(key, &[("name", self.competency(of).into())])
            }
            Code::HeadLevel => self.phrase("report-measure-head-level"),
            Code::Staff(of) => self.asked("staff", of),
            Code::Result(of) => self.result(of),
        }
    }

    /// Returns the name of a measure by its code in registers; for contacts also `outcome`, `level:CODE`, items and dimensions.
    pub(super) fn side(&self, text: &str) -> String {
        if text == "outcome" {
            return self.phrase("report-side-outcome");
        }
        if let Some(code) = text.strip_prefix("level:") {
            return self.say("report-side-level", &[("name", self.competency(code).into())]);
        }
        match Code::parse(text) {
            Some(Code::Index(of)) if self.project.questionnaire(&of).is_none() => self.asked("client", text),
            Some(code) => self.measure(&code),
            None => self.asked("client", text),
        }
    }

    /// Returns the name of a business result.
    fn result(&self, code: &str) -> String {
        let own = self.project.result(code).map(|index| &self.project.results[index]);
        own.map_or_else(|| code.to_owned(), |own| named(own.name.get(self.language()), code))
    }

    /// Returns the words for the unit of a business result.
    pub(super) fn result_unit(&self, result: &BusinessResult) -> String {
        let unit = || result.unit.get(self.language()).into();
        match (result.kind, &result.per) {
            (ResultKind::Ratio, _) => self.phrase("results-unit-ratio"),
            (_, Some(per)) => {
                let args = [("unit", unit()), ("per", per.get(self.language()).into())];
                self.say("results-unit-per", &args)
            }
            (_, None) => self.say("results-unit-month", &[("unit", unit())]),
        }
    }

    /// Returns the name of a dimension or item of a questionnaire.
    pub(super) fn asked(&self, questionnaire: &str, code: &str) -> String {
        let Some(asked) = self.project.questionnaire(questionnaire) else { return code.to_owned() };
        let dimension = asked.dimensions.iter().find(|one| one.code == code).map(|one| &one.name);
        let item = || asked.items.iter().find(|one| one.code == code).map(|one| &one.text);
        dimension.or_else(item).map_or_else(|| code.to_owned(), |text| named(text.get(self.language()), code))
    }

    /// Returns the words for the grain of a relation, and for which of its sides comes first.
    pub(super) fn grain(&self, grain: Grain, lag: i32) -> String {
        let (grain, unit) = match grain {
            Grain::Week => ("report-grain-week", "report-lag-week"),
            Grain::Month => ("report-grain-month", "report-lag-month"),
            Grain::Quarter => ("report-grain-quarter", "report-lag-quarter"),
            Grain::Year => ("report-grain-year", "report-lag-year"),
            Grain::Contact => ("report-grain-contact", ""),
        };
        let grain = self.phrase(grain);
        if lag == 0 {
            return grain;
        }
        let length = self.say(unit, &[("count", (lag.unsigned_abs() as usize).into())]);
        let key = if lag > 0 { "report-lag-after" } else { "report-lag-before" };
        self.say(key, &[("grain", grain.into()), ("length", length.into())])
    }

    /// Writes a value in the unit of its measure, as it stands below a head.
    pub(super) fn value(&self, code: &Code, value: f64) -> String {
        let locale = self.locale();
        match code.unit_in(self.project) {
            Unit::Amount => locale.decimal(value, 2),
            Unit::Points | Unit::Level | Unit::Balance => locale.points(value),
            Unit::Share => locale.share(value, 1),
            Unit::Cases => locale.decimal(value, 0),
            Unit::Seconds => self.duration(value),
        }
    }

    /// Writes a value in the unit of its measure, as it stands in a sentence: points are called points.
    pub(super) fn told(&self, code: &Code, value: f64) -> String {
        let text = self.value(code, value);
        match code.unit() {
            Unit::Points | Unit::Balance => self.say("report-points", &[("value", text.into())]),
            _ => text,
        }
    }

    /// Writes a length of time in the unit that people use for it.
    fn duration(&self, seconds: f64) -> String {
        let (value, digits, unit) = self.locale().duration(seconds);
        self.say(&format!("report-{unit}"), &[("value", self.locale().decimal(value, digits).into())])
    }

    /// Writes an interval in the unit of the length of time that it belongs to.
    fn duration_interval(&self, seconds: f64, lower: f64, upper: f64) -> String {
        let (value, digits, unit) = self.locale().duration(seconds);
        let size = if value > 0.0 { seconds / value } else { 1.0 };
        let range = self.locale().interval(lower / size, upper / size, digits);
        self.say(&format!("report-{unit}"), &[("value", range.into())])
    }

    /// Writes the interval of an estimate; nothing where there is none.
    pub(super) fn interval(&self, code: &Code, estimate: &Estimate) -> String {
        match estimate.lower.zip(estimate.upper) {
            None => String::new(),
            Some((lower, upper)) if code.unit() == Unit::Seconds => {
                self.duration_interval(estimate.value, lower, upper)
            }
            Some((lower, upper)) => self.locale().range(&self.value(code, lower), &self.value(code, upper)),
        }
    }

    /// Writes the marks of an estimate.
    pub(super) fn marks(&self, marks: Marks) -> Vec<String> {
        let all = [
            (marks.carried, "report-mark-carried"),
            (marks.derived, "report-mark-derived"),
            (marks.approximate, "report-mark-approximate"),
        ];
        all.iter().filter(|(is_set, _)| *is_set).map(|(_, key)| self.phrase(key)).collect()
    }

    /// Returns the cell of a figure about persons that is withheld, and why.
    pub(super) fn withheld(&self) -> Cell {
        let least = self.count(self.project.privacy.min_people);
        let why = self.say("report-withheld-why", &[("least", least.into())]);
        Cell::missing(self.phrase("report-withheld")).title(why)
    }

    /// Returns a figure with its interval and marks, or the reason why there is none; grey where few customers answered.
    pub(super) fn figure(&self, code: &Code, figure: Option<&Figure>) -> Cell {
        match figure {
            None => Cell::missing(self.reason(Reason::Gap)),
            Some(Err(Reason::Suppressed)) if *code != Code::HeadLevel => self.withheld(),
            Some(Err(reason)) => Cell::missing(self.reason(*reason)),
            Some(Ok(estimate)) => {
                let mut notes = vec![self.interval(code, estimate)];
                notes.extend(self.marks(estimate.marks));
                notes.retain(|note| !note.is_empty());
                let cell = Cell::new(self.value(code, estimate.value)).note(notes.join("; "));
                if self.is_few(code, estimate) { self.few(cell) } else { cell }
            }
        }
    }

    /// Returns a figure without its marks, where its age stands beside it.
    pub(super) fn unmarked(&self, code: &Code, figure: Option<&Figure>) -> Cell {
        let bare = figure.map(|figure| figure.map(|one| Estimate { marks: Marks::default(), ..one }));
        self.figure(code, bare.as_ref())
    }

    /// Returns the number of observations behind a figure.
    pub(super) fn n(&self, code: &Code, figure: Option<&Figure>) -> Cell {
        match figure {
            Some(Ok(estimate)) if estimate.n > 0 => {
                let cell = Cell::new(self.count(estimate.n));
                if self.is_few(code, estimate) { self.few(cell) } else { cell }
            }
            _ => Cell::missing("–"),
        }
    }

    /// Says whether fewer customers answered than a figure in black needs.
    fn is_few(&self, code: &Code, estimate: &Estimate) -> bool {
        code.is_of_answers() && estimate.n < self.project.privacy.min_answers
    }

    fn few(&self, cell: Cell) -> Cell {
        let least = self.count(self.project.privacy.min_answers);
        cell.class("few").title(self.say("report-few", &[("least", least.into())]))
    }

    /// Writes a count.
    pub(super) fn count(&self, n: u64) -> String {
        self.locale().count(Count::Exact(n))
    }

    /// Writes a p value; a dash where there was no test.
    pub(super) fn p_value(&self, p: Option<f64>) -> Cell {
        p.map_or_else(|| Cell::missing("–"), |p| Cell::new(self.locale().p_value(p)))
    }

    /// Returns the head of a column of a measure.
    pub(super) fn head(&self, code: &Code) -> Head {
        Head { text: self.measure(code), numeric: true }
    }

    /// Makes an empty table; heads whose key ends in `#` stand over figures.
    pub(super) fn table(&self, caption: String, heads: &[&str]) -> Table {
        let head =
            |key: &&str| Head { text: self.phrase(key.trim_end_matches('#')), numeric: key.ends_with('#') };
        Table { caption, heads: heads.iter().map(head).collect(), rows: Vec::new() }
    }

    /// Returns a figure of a month.
    pub(super) fn at(&self, code: &Code, department: u32, month: Month) -> Option<&'a Figure> {
        self.published.monthly.get(&(code.clone(), department, month))
    }

    /// Returns a figure of the reported month.
    pub(super) fn now(&self, code: &Code, department: u32) -> Option<&'a Figure> {
        self.at(code, department, self.published.month)
    }

    /// Returns whether a measure has a figure, withheld or not, in any month of the window.
    pub(super) fn is_known(&self, code: &Code, department: u32) -> bool {
        self.published
            .window
            .iter()
            .any(|month| matches!(self.at(code, department, *month), Some(Ok(_) | Err(Reason::Suppressed))))
    }

    /// Returns the departments that own rows and are in force in the reported month, in the order of the register.
    pub(super) fn leaves(&self) -> Vec<u32> {
        let month = self.published.month;
        let is_leaf = |department: &&u32| {
            let own = &self.project.departments[**department as usize];
            own.leaf && own.valid_to.is_none_or(|to| month.first_day() <= to)
        };
        self.published.departments.iter().filter(is_leaf).copied().collect()
    }
}

fn kept_key(kept: Kept) -> &'static str {
    match kept {
        Kept::Share => "report-measure-kept",
        Kept::Remedied => "report-measure-remedied",
        Kept::Unremedied => "report-measure-unremedied",
        Kept::Breaches => "report-measure-breaches",
        Kept::Median => "report-measure-median",
        Kept::NinetiethPercentile => "report-measure-p90",
        Kept::Beyond => "report-measure-beyond",
        Kept::Excused => "report-measure-excused",
        Kept::Open => "report-measure-open",
        Kept::Void => "report-measure-void",
        Kept::DueDiffers => "report-measure-due-differs",
        Kept::RemediedShare => "report-measure-remedied-share",
        Kept::InTime => "report-measure-in-time",
        Kept::OrExcused => "report-measure-kept-or-excused",
    }
}

/// A name, or the code where the register has no name.
fn named(name: &str, code: &str) -> String {
    if name.is_empty() { code.to_owned() } else { name.to_owned() }
}
