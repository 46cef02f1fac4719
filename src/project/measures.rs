//! The codes of measures that registers may name.
//!
//! In: the registers. Out: whether a code is known. Deliberately absent: what the measures mean; `measure/` computes them.

use super::log::{Log, Register, State};
use super::value::quote_all;
use super::{Project, PromisedTo};

/// Measures of a whole department.
const PLAIN: [&str; 12] = [
    "satisfaction_index",
    "satisfaction_index_post_stratified",
    "response_rate",
    "net_promoter",
    "top_two",
    "bottom_two",
    "internal_index",
    "staff_index",
    "commitment_score",
    "received_score",
    "competency_share",
    "head_level",
];

/// What stands before the `:` of a measure's code, and the register of what stands behind it.
const PREFIXES: &[(&str, Coded)] = &[
    ("dimension", Coded::Dimension),
    ("item", Coded::Item),
    ("staff", Coded::Staff),
    ("kept", Coded::Commitment),
    ("breached_remedied", Coded::Commitment),
    ("breached_unremedied", Coded::Commitment),
    ("breaches", Coded::Commitment),
    ("duration_median", Coded::Commitment),
    ("duration_p90", Coded::Commitment),
    ("beyond", Coded::Commitment),
    ("received", Coded::Internal),
    ("remedied", Coded::Commitment),
    ("remedied_in_time", Coded::Commitment),
    ("kept_or_excused", Coded::Commitment),
    ("required", Coded::Competency),
    ("level_zero", Coded::Competency),
];

/// Measures whose values are shares, 0 to 1, by their whole code or their prefix.
const SHARES: &[&str] = &[
    "response_rate",
    "top_two",
    "bottom_two",
    "competency_share",
    "kept",
    "breached_remedied",
    "breached_unremedied",
    "received",
    "remedied",
    "remedied_in_time",
    "kept_or_excused",
    "required",
];

/// What a measure can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coded {
    Dimension,
    Item,
    /// A dimension or an item of the staff questionnaire.
    Staff,
    Commitment,
    /// A commitment to departments.
    Internal,
    Competency,
}

impl Coded {
    fn register(self) -> Register {
        match self {
            Self::Dimension | Self::Item | Self::Staff => Register::Questionnaires,
            Self::Commitment | Self::Internal => Register::Commitments,
            Self::Competency => Register::Competencies,
        }
    }

    fn codes(self, project: &Project) -> Vec<&str> {
        let client = project.questionnaire("client");
        match self {
            Self::Dimension => client
                .map_or_else(Vec::new, |client| client.dimensions.iter().map(|d| d.code.as_str()).collect()),
            Self::Item => client
                .map_or_else(Vec::new, |client| client.items.iter().map(|item| item.code.as_str()).collect()),
            Self::Staff => {
                let staff = project.questionnaire("staff");
                let dimensions = staff.into_iter().flat_map(|staff| &staff.dimensions);
                let items = staff.into_iter().flat_map(|staff| &staff.items);
                dimensions.map(|d| d.code.as_str()).chain(items.map(|item| item.code.as_str())).collect()
            }
            Self::Commitment => project.commitments.iter().map(|c| c.code.as_str()).collect(),
            Self::Internal => {
                let internal = project.commitments.iter().filter(|c| c.promised_to == PromisedTo::Department);
                internal.map(|c| c.code.as_str()).collect()
            }
            Self::Competency => project.competencies.iter().map(|c| c.code.as_str()).collect(),
        }
    }
}

/// Returns whether the values of `measure` are shares, 0 to 1.
pub(super) fn is_share(measure: &str) -> bool {
    let prefix = measure.split_once(':').map_or(measure, |(prefix, _)| prefix);
    SHARES.contains(&prefix)
}

/// Returns whether `measure` is known, or cannot be judged because its register is damaged.
pub(super) fn is_known(log: &Log, project: &Project, measure: &str) -> bool {
    let Some((prefix, code)) = measure.split_once(':') else {
        return PLAIN.contains(&measure);
    };
    let coded = PREFIXES.iter().find(|(known, _)| *known == prefix).map(|(_, coded)| *coded);
    coded.is_some_and(|coded| {
        log.state(coded.register()) == State::Doubtful || coded.codes(project).contains(&code)
    })
}

/// Returns whether `side` is the code of a business result, or cannot be judged because their register is damaged.
pub(super) fn is_result(log: &Log, project: &Project, side: &str) -> bool {
    let code = side.strip_prefix("result:");
    code.is_some_and(|code| log.state(Register::Results) == State::Doubtful || project.result(code).is_some())
}

/// Returns every code that a measure can have in `project`.
pub(super) fn all(project: &Project) -> Vec<String> {
    let plain = PLAIN.iter().map(|code| (*code).to_string());
    let joined = PREFIXES.iter().flat_map(|(prefix, coded)| {
        coded.codes(project).into_iter().map(move |code| format!("{prefix}:{code}"))
    });
    plain.chain(joined).collect()
}

/// Returns the list of what can be measured, for a hint.
pub(super) fn overview() -> String {
    let prefixes: Vec<String> = PREFIXES.iter().map(|(prefix, _)| format!("{prefix}:")).collect();
    let prefixes = quote_all(prefixes.iter().map(String::as_str));
    format!("known are {}, and with a code {prefixes}", quote_all(PLAIN))
}

#[cfg(test)]
mod tests {
    use super::{all, is_share};
    use crate::project::sample::project;

    #[test]
    fn codes_come_from_the_registers() {
        let codes = all(&project());
        for code in
            ["net_promoter", "dimension:speed", "item:q02", "kept:calls", "beyond:letters", "required:comm"]
        {
            assert!(codes.iter().any(|known| known == code), "{code}");
        }
    }

    #[test]
    fn shares_are_known_by_their_prefix() {
        assert!(is_share("kept:calls") && is_share("top_two"));
        assert!(!is_share("breaches:calls") && !is_share("satisfaction_index"));
    }
}
