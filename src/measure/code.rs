//! The codes of all measures: how registers, feeds and reports name them.

use std::fmt;

use super::Context;
use crate::month::Month;
use crate::project::{BusinessResult, Commitment, ItemKind, Project, PromisedTo, ResultKind, Status};

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Index of a questionnaire: `satisfaction_index` of the clients', `internal_index`, `staff_index`.
    Index(String),
    /// `satisfaction_index_post_stratified`: the clients' index weighed to all customers, answered or not.
    PostStratified,
    /// `response_rate`: share of customers who answered.
    ResponseRate,
    /// `net_promoter`.
    NetPromoter,
    /// `top_two`: share of the two best levels of the overall item.
    TopTwo,
    /// `bottom_two`: share of the two worst levels of the overall item.
    BottomTwo,
    /// `dimension:CODE` or `item:CODE` of the client questionnaire: mean on 0 to 100.
    Variable(String),
    /// `staff:CODE`, a dimension or item of the staff questionnaire: mean on 0 to 100.
    Staff(String),
    /// `commitment_score`: importance-weighted mean of the kept shares.
    CommitmentScore,
    /// A measure of one commitment.
    Commitment(Kept, String),
    /// `received_score`: importance-weighted mean of the kept shares of what the department was promised by others.
    ReceivedScore,
    /// `received:CODE`: share kept of what a commitment promised to the department.
    Received(String),
    /// `competency_share`: share of required levels that people attain.
    CompetencyShare,
    /// A measure of one competency.
    Competency(Attained, String),
    /// `head_level`: attained level of the department's head in the heads' competency.
    HeadLevel,
    /// `result:CODE`: a business result.
    Result(String),
}

/// What is measured of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// Share kept.
    Share,
    /// Share breached and made good.
    Remedied,
    /// Share breached and not made good.
    Unremedied,
    /// Number of breaches.
    Breaches,
    /// Median duration in seconds.
    Median,
    /// 90th percentile of the duration in seconds.
    NinetiethPercentile,
    /// Number beyond the limit, whatever became of them.
    Beyond,
    /// Number of breaches that are excused.
    Excused,
    /// Number of cases not yet due when the books closed.
    Open,
    /// Number of cases cancelled, or timed without a due time: they are outside every share, so their number must be seen.
    Void,
    /// Number of cases whose own due time contradicts the limit in force.
    DueDiffers,
    /// Share of the breaches that were remedied.
    RemediedShare,
    /// Share of the breaches that were remedied within the remedy's own limit.
    InTime,
    /// Share of kept cases as if excused breaches had been kept.
    OrExcused,
}

/// What is measured of a competency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attained {
    /// Share of people at or above the level their role requires.
    Required,
    /// Number of people at level 0.
    LevelZero,
}

/// The unit of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 100 points.
    Points,
    /// -100 to 100 points.
    Balance,
    /// A share, 0 to 1.
    Share,
    /// A number of cases or people.
    Cases,
    /// Seconds.
    Seconds,
    /// A level.
    Level,
    /// An amount, in the unit of its register.
    Amount,
}

impl Unit {
    /// Returns the unit's code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Balance => "balance",
            Self::Share => "share",
            Self::Cases => "cases",
            Self::Seconds => "seconds",
            Self::Level => "level",
            Self::Amount => "amount",
        }
    }
}

const COMMITMENT: [(&str, Kept); 14] = [
    ("kept", Kept::Share),
    ("breached_remedied", Kept::Remedied),
    ("breached_unremedied", Kept::Unremedied),
    ("breaches", Kept::Breaches),
    ("duration_median", Kept::Median),
    ("duration_p90", Kept::NinetiethPercentile),
    ("beyond", Kept::Beyond),
    ("excused", Kept::Excused),
    ("open", Kept::Open),
    ("void", Kept::Void),
    ("due_differs", Kept::DueDiffers),
    ("remedied", Kept::RemediedShare),
    ("remedied_in_time", Kept::InTime),
    ("kept_or_excused", Kept::OrExcused),
];
const COMPETENCY: [(&str, Attained); 2] =
    [("required", Attained::Required), ("level_zero", Attained::LevelZero)];

impl Code {
    /// Reads a code; nothing when it names no measure.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((kind, of)) = text.split_once(':') {
            let of = of.to_owned();
            match kind {
                "dimension" | "item" => return Some(Self::Variable(of)),
                "staff" => return Some(Self::Staff(of)),
                "result" => return Some(Self::Result(of)),
                "received" => return Some(Self::Received(of)),
                _ => {}
            }
            let kept = COMMITMENT
                .iter()
                .find(|(name, _)| *name == kind)
                .map(|(_, kept)| Self::Commitment(*kept, of.clone()));
            let attained = || {
                COMPETENCY
                    .iter()
                    .find(|(name, _)| *name == kind)
                    .map(|(_, one)| Self::Competency(*one, of.clone()))
            };
            return kept.or_else(attained);
        }
        Some(match text {
            "satisfaction_index" => Self::Index("client".into()),
            "satisfaction_index_post_stratified" => Self::PostStratified,
            "response_rate" => Self::ResponseRate,
            "net_promoter" => Self::NetPromoter,
            "top_two" => Self::TopTwo,
            "bottom_two" => Self::BottomTwo,
            "commitment_score" => Self::CommitmentScore,
            "received_score" => Self::ReceivedScore,
            "competency_share" => Self::CompetencyShare,
            "head_level" => Self::HeadLevel,
            _ => Self::Index(text.strip_suffix("_index")?.to_owned()),
        })
    }

    /// Returns the text of the code; a variable is told to be a dimension or an item by the project.
    pub fn text(&self, context: &Context<'_>) -> String {
        match self {
            Self::Index(questionnaire) if questionnaire == "client" => "satisfaction_index".into(),
            Self::Index(questionnaire) => format!("{questionnaire}_index"),
            Self::PostStratified => "satisfaction_index_post_stratified".into(),
            Self::ResponseRate => "response_rate".into(),
            Self::NetPromoter => "net_promoter".into(),
            Self::TopTwo => "top_two".into(),
            Self::BottomTwo => "bottom_two".into(),
            Self::Variable(code) if context.is_dimension(code) => format!("dimension:{code}"),
            Self::Variable(code) => format!("item:{code}"),
            Self::Staff(code) => format!("staff:{code}"),
            Self::Result(code) => format!("result:{code}"),
            Self::CommitmentScore => "commitment_score".into(),
            Self::Commitment(kept, code) => format!("{}:{code}", name(&COMMITMENT, kept)),
            Self::ReceivedScore => "received_score".into(),
            Self::Received(code) => format!("received:{code}"),
            Self::CompetencyShare => "competency_share".into(),
            Self::Competency(attained, code) => format!("{}:{code}", name(&COMPETENCY, attained)),
            Self::HeadLevel => "head_level".into(),
        }
    }

    /// Returns the unit of the measure, a business result's by its register.
    pub fn unit_in(&self, project: &Project) -> Unit {
        match self.result(project) {
            Some(BusinessResult { kind: ResultKind::Ratio, .. }) => Unit::Share,
            _ => self.unit(),
        }
    }

    /// Says whether more is better, of a business result by its register.
    pub fn higher_is_better_in(&self, project: &Project) -> bool {
        self.result(project).map_or_else(|| self.higher_is_better(), |result| result.higher_is_better)
    }

    fn result<'p>(&self, project: &'p Project) -> Option<&'p BusinessResult> {
        let Self::Result(code) = self else { return None };
        project.result(code).map(|position| &project.results[position])
    }

    /// Returns the unit of the measure.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Index(_)
            | Self::PostStratified
            | Self::Variable(_)
            | Self::Staff(_)
            | Self::CommitmentScore
            | Self::ReceivedScore => Unit::Points,
            Self::NetPromoter => Unit::Balance,
            Self::TopTwo
            | Self::BottomTwo
            | Self::ResponseRate
            | Self::Received(_)
            | Self::CompetencyShare
            | Self::Competency(Attained::Required, _) => Unit::Share,
            Self::Commitment(
                Kept::Share
                | Kept::Remedied
                | Kept::Unremedied
                | Kept::RemediedShare
                | Kept::InTime
                | Kept::OrExcused,
                _,
            ) => Unit::Share,
            Self::Commitment(Kept::Median | Kept::NinetiethPercentile, _) => Unit::Seconds,
            Self::Commitment(..) | Self::Competency(Attained::LevelZero, _) => Unit::Cases,
            Self::HeadLevel => Unit::Level,
            Self::Result(_) => Unit::Amount,
        }
    }

    /// Says whether more is better; nothing for plain numbers, which depend on volume.
    pub fn higher_is_better(&self) -> bool {
        !matches!(
            self,
            Self::BottomTwo
                | Self::Commitment(
                    Kept::Remedied
                        | Kept::Unremedied
                        | Kept::Breaches
                        | Kept::Median
                        | Kept::NinetiethPercentile
                        | Kept::Beyond
                        | Kept::Excused
                        | Kept::Open
                        | Kept::Void
                        | Kept::DueDiffers,
                    _
                )
                | Self::Competency(Attained::LevelZero, _)
        )
    }

    /// Says whether the measure is about single persons, so that few of them must not be shown.
    pub fn is_about_persons(&self) -> bool {
        self.is_of_assessments() || self.is_of_staff()
    }

    /// Says whether the measure rests on answers of the staff.
    pub fn is_of_staff(&self) -> bool {
        match self {
            Self::Index(questionnaire) => questionnaire == "staff",
            Self::Staff(_) => true,
            _ => false,
        }
    }

    /// Says whether the measure rests on assessments of persons.
    pub fn is_of_assessments(&self) -> bool {
        matches!(self, Self::CompetencyShare | Self::Competency(..) | Self::HeadLevel)
    }

    /// Says whether the measure rests on answers of those who were served.
    pub fn is_of_answers(&self) -> bool {
        let is_asked = matches!(
            self,
            Self::Index(_)
                | Self::PostStratified
                | Self::NetPromoter
                | Self::TopTwo
                | Self::BottomTwo
                | Self::Variable(_)
        );
        is_asked && !self.is_about_persons()
    }

    /// Says whether the measure counts in `month`: one of a promise that is announced then, or of anything else.
    pub fn is_rated(&self, project: &Project, month: Month) -> bool {
        let Self::Commitment(_, code) = self else { return true };
        project
            .commitment(code)
            .is_some_and(|index| project.commitments[index].status_in(month) == Status::Announced)
    }

    /// Lists every measure of the project, in the order of reports.
    pub fn all(context: &Context<'_>) -> Vec<Self> {
        let project = context.project;
        let mut codes: Vec<Self> = Vec::new();
        for questionnaire in project.questionnaires.iter().filter(|one| !one.dimensions.is_empty()) {
            codes.push(Self::Index(questionnaire.code.clone()));
        }
        if super::population(project).is_some() {
            codes.extend([Self::PostStratified, Self::ResponseRate]);
        }
        if let Some(client) = project.questionnaire("client") {
            let has = |kind: ItemKind| client.items.iter().any(|item| item.kind == kind);
            if has(ItemKind::Recommend) {
                codes.push(Self::NetPromoter);
            }
            if has(ItemKind::Overall) {
                codes.extend([Self::TopTwo, Self::BottomTwo]);
            }
            codes.extend(client.dimensions.iter().map(|dimension| Self::Variable(dimension.code.clone())));
            codes.extend(client.items.iter().map(|item| Self::Variable(item.code.clone())));
        }
        if let Some(staff) = project.questionnaire("staff") {
            codes.extend(staff.dimensions.iter().map(|dimension| Self::Staff(dimension.code.clone())));
            codes.extend(staff.items.iter().map(|item| Self::Staff(item.code.clone())));
        }
        let measured = project.commitments.iter().filter(|one| one.is_ever_measured());
        let is_ever_announced =
            |one: &Commitment| one.life.iter().any(|stage| stage.status == Status::Announced);
        if project.commitments.iter().any(is_ever_announced) {
            codes.push(Self::CommitmentScore);
        }
        for commitment in measured.clone() {
            let is_measured = |kept: &Kept| *kept != Kept::InTime || commitment.remedy_limit.is_some();
            let kept = COMMITMENT.iter().map(|(_, kept)| *kept).filter(is_measured);
            codes.extend(kept.map(|kept| Self::Commitment(kept, commitment.code.clone())));
        }
        let internal: Vec<&Commitment> =
            measured.filter(|one| one.promised_to == PromisedTo::Department).collect();
        if internal.iter().any(|one| is_ever_announced(one)) {
            codes.push(Self::ReceivedScore);
        }
        codes.extend(internal.iter().map(|commitment| Self::Received(commitment.code.clone())));
        if !project.competencies.is_empty() {
            codes.push(Self::CompetencyShare);
            for competency in &project.competencies {
                codes.extend(
                    COMPETENCY
                        .iter()
                        .map(|(_, attained)| Self::Competency(*attained, competency.code.clone())),
                );
            }
            codes.push(Self::HeadLevel);
        }
        codes.extend(project.results.iter().map(|result| Self::Result(result.code.clone())));
        codes
    }
}

impl fmt::Display for PromisedTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::Department => "department",
        })
    }
}

fn name<T: PartialEq>(names: &[(&'static str, T)], wanted: &T) -> &'static str {
    names.iter().find(|(_, one)| one == wanted).map_or("", |(name, _)| name)
}
