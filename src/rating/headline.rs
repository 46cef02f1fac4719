//! The headline measures as the rating uses them.

use crate::measure::{Code, Context, Unit};
use crate::project::Headline;

/// Where the observations of a measure come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// Answers to a questionnaire.
    Survey(&'a str),
    /// Cases of promises.
    Commitments,
    /// Cases of what others promised.
    Received,
    /// Ratings of people.
    Competency,
    /// Business results, which no rating asks for.
    Results,
}

/// Returns the source of a measure.
pub(super) fn source(code: &Code) -> Source<'_> {
    match code {
        Code::Index(questionnaire) => Source::Survey(questionnaire),
        Code::Staff(_) => Source::Survey("staff"),
        Code::Result(_) => Source::Results,
        Code::PostStratified
        | Code::ResponseRate
        | Code::NetPromoter
        | Code::TopTwo
        | Code::BottomTwo
        | Code::Variable(_) => Source::Survey("client"),
        Code::CommitmentScore | Code::Commitment(..) => Source::Commitments,
        Code::ReceivedScore | Code::Received(_) => Source::Received,
        Code::CompetencyShare | Code::Competency(..) | Code::HeadLevel => Source::Competency,
    }
}

/// One headline measure of the register, its code read.
pub(super) struct HeadlineMeasure<'a> {
    /// The measure.
    pub(super) code: Code,
    /// Its entry in the register.
    pub(super) rule: &'a Headline,
}

impl<'a> HeadlineMeasure<'a> {
    /// Lists the headline measures in the order of the register, in which every code was checked.
    pub(super) fn all(context: &Context<'a>) -> Vec<Self> {
        let read = |rule: &'a Headline| Some(Self { code: Code::parse(&rule.measure)?, rule });
        context.project.rating.measures.iter().filter_map(read).collect()
    }

    /// Returns the weight of the measure for a department's profile; nothing where it is no component of that rating.
    pub(super) fn weight(&self, context: &Context<'_>, department: u32) -> Option<f64> {
        let profile = &context.project.departments[department as usize].profile;
        self.rule.weights.get(profile).or_else(|| self.rule.weights.get("*")).copied()
    }

    /// Returns 1 where more is better, -1 where less is.
    pub(super) fn direction(&self) -> f64 {
        if self.rule.best > self.rule.worst { 1.0 } else { -1.0 }
    }

    /// Says whether two measures outside the client questionnaire rest on the same cases or ratings.
    ///
    /// Their correlation in points is then taken as 1, which makes no interval too narrow.
    pub(super) fn shares(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Code::CommitmentScore, Code::Commitment(..)) | (Code::Commitment(..), Code::CommitmentScore) => {
                true
            }
            (Code::Commitment(_, one), Code::Commitment(_, other)) => one == other,
            (Code::ReceivedScore, Code::Received(_)) | (Code::Received(_), Code::ReceivedScore) => true,
            (Code::CompetencyShare, Code::Competency(..)) | (Code::Competency(..), Code::CompetencyShare) => {
                true
            }
            (Code::Competency(_, one), Code::Competency(_, other)) => one == other,
            _ => false,
        }
    }

    /// Says whether the measure is counted in full, so that it has no error: numbers of breaches, a head's level.
    pub(super) fn is_fact(&self) -> bool {
        self.code == Code::HeadLevel || self.code.unit() == Unit::Cases
    }
}
