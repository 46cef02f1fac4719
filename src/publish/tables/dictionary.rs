//! The dictionary of all feed columns: a name means the same wherever it stands.

use super::super::feed::Nulls::{self, Allowed, Explained, Never};
use super::super::feed::{FeedColumn, Values};

/// Name, unit, which cells may be null, and what the column holds.
const COLUMNS: [(&str, &str, Nulls, &str); 64] = [
    ("value", "", Explained("reason"), "The figure, in the unit of its row"),
    ("std_error", "", Allowed, "Standard error; null where the method gives none"),
    ("lower", "", Allowed, "Lower end of the 95 % interval; null where no dispersion is known"),
    ("upper", "", Allowed, "Upper end of the 95 % interval"),
    ("n", "", Allowed, "Observations behind the figure"),
    ("n_effective", "", Allowed, "Equally weighted, independent observations that would be as precise"),
    (
        "reason",
        "",
        Allowed,
        "Why there is no figure: too_few, no_variation, no_dispersion, collinear, not_converged, gap, suppressed, not_comparable, not_applicable, not_measured",
    ),
    ("department", "", Never, "Code of the department or unit; `all` for all departments"),
    ("measure", "", Never, "Code of the measure"),
    (
        "unit",
        "",
        Never,
        "Unit of the value: points (0 to 100), balance (-100 to 100), share (0 to 1), cases, seconds, level",
    ),
    ("window_months", "months", Never, "Months that the figure covers, the partition's month being the last"),
    ("target", "", Allowed, "Target in force, in the unit of the row; null where there is none"),
    ("higher_is_better", "", Never, "Whether more is better"),
    ("state", "", Never, "State of the month's books: provisional or final"),
    ("carried", "", Never, "Whether the value was brought forward from an earlier period"),
    ("derived", "", Never, "Whether the value was computed from published totals"),
    ("approximate", "", Never, "Whether the value comes from geometric bins"),
    ("name", "", Never, "Name in the project's main language"),
    ("parent", "", Allowed, "Code of the unit above; null at the top"),
    ("profile", "", Never, "Peer group"),
    ("leaf", "", Never, "Whether it owns rows itself"),
    ("valid_from", "", Allowed, "First day; null when older than the project"),
    ("valid_to", "", Allowed, "Last day; null while it exists"),
    ("successor", "", Allowed, "Department that took it over"),
    ("source", "", Never, "Name of the source"),
    ("file", "", Never, "Path relative to the data folder"),
    ("read", "rows", Never, "Rows read = accepted + duplicate + superseded + late + quarantined"),
    ("accepted", "rows", Never, "Rows that count"),
    ("duplicate", "rows", Never, "Rows that repeat another one"),
    ("superseded", "rows", Never, "Rows whose case another row shows further on"),
    ("late", "rows", Never, "Rows known only after their month's settling day"),
    ("quarantined", "rows", Never, "Rows kept aside with their reasons"),
    ("fault", "", Never, "Code of what is wrong"),
    ("faulty", "rows", Never, "Rows with this fault; a row with several counts under each"),
    ("relation", "", Never, "Code of the relation"),
    ("x", "", Never, "First measure"),
    ("y", "", Never, "Second measure"),
    (
        "kind",
        "",
        Never,
        "within: two-way within departments and periods; between: of the departments' means; mean and difference: of contacts, on 0 to 100",
    ),
    ("class", "", Never, "Outcome or level that a mean is of; empty for coefficients"),
    ("grain", "", Never, "Grain that was used: month, quarter or contact"),
    ("method", "", Never, "Coefficient: pearson or spearman"),
    (
        "p_value",
        "",
        Allowed,
        "Two-sided p: bootstrap or permutation of departments; Student's t for contacts",
    ),
    ("p_value_t", "", Allowed, "p of the t form, which takes cells as independent"),
    ("p_holm", "", Allowed, "p after Holm over the family asked"),
    ("p_bh", "", Allowed, "p after Benjamini and Hochberg over the family asked"),
    ("reliability_x", "", Allowed, "Reliability of the first measure over the cells used"),
    ("reliability_y", "", Allowed, "Reliability of the second measure over the cells used"),
    ("smallest_detectable", "", Allowed, "Smallest r that would have been seen with power .80 at level .05"),
    ("n_departments", "departments", Allowed, "Departments behind a coefficient"),
    ("n_periods", "periods", Allowed, "Periods behind a coefficient"),
    ("n_servers", "servers", Allowed, "Servers behind a mean"),
    ("rating_state", "", Never, "rated, too_little_data, not_rated or not_yet"),
    ("letter", "", Allowed, "Published grade, A to E; null where there is none"),
    ("previous_letter", "", Allowed, "Published grade of the month before"),
    ("points_raw", "points", Allowed, "Weighted points before shrinkage"),
    ("reliability", "", Allowed, "Share of the variance of the points that is between departments"),
    ("probability_a", "", Allowed, "Probability that the grade is A"),
    ("probability_b", "", Allowed, "Probability that the grade is B"),
    ("probability_c", "", Allowed, "Probability that the grade is C"),
    ("probability_d", "", Allowed, "Probability that the grade is D"),
    ("probability_e", "", Allowed, "Probability that the grade is E"),
    ("rank_mean", "", Allowed, "Mean rank over the draws, 1 is the best"),
    ("rank_lower", "", Allowed, "Best rank of the 95 % interval"),
    ("rank_upper", "", Allowed, "Worst rank of the 95 % interval"),
];

/// Makes a column of the dictionary.
pub(super) fn column(name: &'static str, values: Values) -> FeedColumn {
    let known = COLUMNS.iter().find(|(known, ..)| *known == name);
    let (_, unit, nulls, description) = *known.expect("every column of a feed stands in the dictionary");
    FeedColumn { name, description, unit, nulls, values }
}
