//! The declared list of what the store keeps of a month: every table with its keys and values.

use super::table::TableSpec;
use crate::count::{AnswerCounts, RemedyCounts};

const SUMS: &[&str] = &["n", "sum_w", "sum_ww"];

/// Counts per level of every variable.
pub static MARGINALS: TableSpec = TableSpec {
    name: "marginals",
    keys: &["questionnaire", "department", "variable", "level"],
    values: SUMS,
};
/// The same in the segments of each cut.
pub static SEGMENTS: TableSpec = TableSpec {
    name: "segments",
    keys: &["questionnaire", "cut", "segment", "department", "variable", "level"],
    values: SUMS,
};
/// The same by outcome and by level of the server.
pub static LINKS: TableSpec = TableSpec {
    name: "links",
    keys: &["questionnaire", "department", "by", "class", "variable", "level"],
    values: SUMS,
};
/// Answers by outcome and level of the server.
pub static OUTCOME_LEVELS: TableSpec = TableSpec {
    name: "outcome_levels",
    keys: &["questionnaire", "department", "competency", "outcome", "level"],
    values: &["n"],
};
/// Sums per server; private.
pub static SERVERS: TableSpec = TableSpec {
    name: "servers",
    keys: &["questionnaire", "department", "by", "class", "server", "family", "x", "y"],
    values: SUMS,
};
/// Complete-case sums of the families.
pub static FAMILIES: TableSpec =
    TableSpec { name: "families", keys: &["questionnaire", "department", "family", "x", "y"], values: SUMS };
/// Complete-case sums of all dimension scores in the segments of each cut.
pub static SEGMENT_FAMILIES: TableSpec = TableSpec {
    name: "segment_families",
    keys: &["questionnaire", "cut", "segment", "department", "x", "y"],
    values: SUMS,
};
/// Sums for penalty and reward: the overall item, and below and above the middle of each dimension.
pub static PENALTIES: TableSpec = TableSpec {
    name: "penalties",
    keys: &["questionnaire", "department", "overall", "x", "y"],
    values: SUMS,
};
/// Outcomes of the promises.
pub static OUTCOMES: TableSpec = TableSpec {
    name: "outcomes",
    keys: &["cut", "segment", "department", "commitment", "outcome"],
    values: &["n"],
};
/// Durations, times to remedy and measured values.
pub static DISTRIBUTIONS: TableSpec = TableSpec {
    name: "distributions",
    keys: &["department", "commitment", "measured", "value"],
    values: &["n"],
};
/// Judged and breached cases by day.
pub static DAYS: TableSpec =
    TableSpec { name: "days", keys: &["department", "commitment", "day"], values: &["judged", "breached"] };
/// Breaches by cause; an empty cause is one that was not coded.
pub static CAUSES: TableSpec = TableSpec {
    name: "causes",
    keys: &["department", "commitment", "cause"],
    values: &["n", "excused", "late", "late_seconds"],
};
/// What departments were promised by others, by day.
pub static RECEIVED: TableSpec = TableSpec {
    name: "received",
    keys: &["customer_department", "commitment", "department", "day"],
    values: &["kept", "breached", "open", "void"],
};
/// Ratings of people; private.
pub static ASSESSMENTS: TableSpec = TableSpec {
    name: "assessments",
    keys: &["department", "quarter", "person", "role", "head", "competency", "level"],
    values: &["n"],
};
/// What single raters said of people, new in the month; private.
pub static JUDGEMENTS: TableSpec = TableSpec {
    name: "judgements",
    keys: &[
        "quarter",
        "department",
        "person",
        "role",
        "head",
        "competency",
        "relation",
        "rater",
        "indicator",
        "said",
    ],
    values: &["n"],
};
/// Behaviours coded in interviews; private.
pub static INTERVIEWS: TableSpec = TableSpec {
    name: "interviews",
    keys: &["person", "group", "interview", "coder", "competency", "level"],
    values: &["n", "minutes"],
};
/// Business results.
pub static RESULTS: TableSpec = TableSpec {
    name: "results",
    keys: &["department", "result"],
    values: &["value_e6", "denominator", "months"],
};
/// Published totals; they are kept, never added.
pub static TOTALS: TableSpec =
    TableSpec { name: "totals", keys: &["department", "variable"], values: &["value_e9", "n", "sd_e9"] };
/// Sums of the dimension scores per server after broken promises; private.
pub static BREACHES: TableSpec = TableSpec {
    name: "breaches",
    keys: &["questionnaire", "department", "commitment", "delay", "segment", "remedied", "server", "x", "y"],
    values: SUMS,
};
/// Breaches by kind of remedy; `none` for those not remedied, nothing where no kind was coded.
pub static REMEDIES: TableSpec =
    TableSpec { name: "remedies", keys: &["department", "commitment", "kind"], values: &RemedyCounts::NAMES };
/// Customers invited to answer, and those who did.
pub static INVITATIONS: TableSpec = TableSpec {
    name: "invitations",
    keys: &["department", "outcome", "segment", "channel"],
    values: &["asked", "answered"],
};
/// Customers of the case log, and those who answered.
pub static CONTACTS: TableSpec = TableSpec {
    name: "contacts",
    keys: &["department", "outcome", "segment", "channel"],
    values: &["asked", "answered"],
};
/// Sums of the dimension scores of the clients' answers; an empty outcome is one that is not known.
pub static RESPONDENTS: TableSpec = TableSpec {
    name: "respondents",
    keys: &["department", "outcome", "segment", "channel", "x", "y"],
    values: SUMS,
};
/// How the clients' answers were given.
pub static ANSWERS: TableSpec =
    TableSpec { name: "answers", keys: &["department", "outcome"], values: &AnswerCounts::NAMES };
/// Cases that began with a contact, and those that reopen one closed as kept.
pub static REOPENED: TableSpec =
    TableSpec { name: "reopened", keys: &["department", "commitment"], values: &["begun", "reopened"] };

/// Every table of a month.
pub static MONTH_TABLES: &[&TableSpec] = &[
    &MARGINALS,
    &SEGMENTS,
    &LINKS,
    &OUTCOME_LEVELS,
    &SERVERS,
    &FAMILIES,
    &SEGMENT_FAMILIES,
    &PENALTIES,
    &OUTCOMES,
    &DISTRIBUTIONS,
    &DAYS,
    &CAUSES,
    &RECEIVED,
    &ASSESSMENTS,
    &JUDGEMENTS,
    &INTERVIEWS,
    &RESULTS,
    &BREACHES,
    &REMEDIES,
    &TOTALS,
    &INVITATIONS,
    &CONTACTS,
    &RESPONDENTS,
    &ANSWERS,
    &REOPENED,
];
