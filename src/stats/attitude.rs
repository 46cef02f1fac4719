//! R `datasets::attitude` (D1 of the reference), 30 departments: for tests only.

/// Share of favourable answers on `rating`.
pub(crate) const RATING: [f64; 30] = [
    43.0, 63.0, 71.0, 61.0, 81.0, 43.0, 58.0, 71.0, 72.0, 67.0, 64.0, 67.0, 69.0, 68.0, 77.0, 81.0, 74.0,
    65.0, 65.0, 50.0, 50.0, 64.0, 53.0, 40.0, 63.0, 66.0, 78.0, 48.0, 85.0, 82.0,
];
/// Share of favourable answers on `complaints`.
pub(crate) const COMPLAINTS: [f64; 30] = [
    51.0, 64.0, 70.0, 63.0, 78.0, 55.0, 67.0, 75.0, 82.0, 61.0, 53.0, 60.0, 62.0, 83.0, 77.0, 90.0, 85.0,
    60.0, 70.0, 58.0, 40.0, 61.0, 66.0, 37.0, 54.0, 77.0, 75.0, 57.0, 85.0, 82.0,
];
/// Share of favourable answers on `privileges`.
pub(crate) const PRIVILEGES: [f64; 30] = [
    30.0, 51.0, 68.0, 45.0, 56.0, 49.0, 42.0, 50.0, 72.0, 45.0, 53.0, 47.0, 57.0, 83.0, 54.0, 50.0, 64.0,
    65.0, 46.0, 68.0, 33.0, 52.0, 52.0, 42.0, 42.0, 66.0, 58.0, 44.0, 71.0, 39.0,
];
/// Share of favourable answers on `learning`.
pub(crate) const LEARNING: [f64; 30] = [
    39.0, 54.0, 69.0, 47.0, 66.0, 44.0, 56.0, 55.0, 67.0, 47.0, 58.0, 39.0, 42.0, 45.0, 72.0, 72.0, 69.0,
    75.0, 57.0, 54.0, 34.0, 62.0, 50.0, 58.0, 48.0, 63.0, 74.0, 45.0, 71.0, 59.0,
];
/// Share of favourable answers on `raises`.
pub(crate) const RAISES: [f64; 30] = [
    61.0, 63.0, 76.0, 54.0, 71.0, 54.0, 66.0, 70.0, 71.0, 62.0, 58.0, 59.0, 55.0, 59.0, 79.0, 60.0, 79.0,
    55.0, 75.0, 64.0, 43.0, 66.0, 63.0, 50.0, 66.0, 88.0, 80.0, 51.0, 77.0, 64.0,
];
/// Share of favourable answers on `critical`.
pub(crate) const CRITICAL: [f64; 30] = [
    92.0, 73.0, 86.0, 84.0, 83.0, 49.0, 68.0, 66.0, 83.0, 80.0, 67.0, 74.0, 63.0, 77.0, 77.0, 54.0, 79.0,
    80.0, 85.0, 78.0, 64.0, 80.0, 80.0, 57.0, 75.0, 76.0, 78.0, 83.0, 74.0, 78.0,
];
/// Share of favourable answers on `advance`.
pub(crate) const ADVANCE: [f64; 30] = [
    45.0, 47.0, 48.0, 35.0, 47.0, 34.0, 35.0, 41.0, 31.0, 41.0, 34.0, 41.0, 25.0, 35.0, 46.0, 36.0, 63.0,
    60.0, 46.0, 52.0, 33.0, 41.0, 37.0, 49.0, 33.0, 72.0, 49.0, 38.0, 55.0, 39.0,
];

/// The six drivers, then the overall rating.
pub(crate) fn columns() -> Vec<Vec<f64>> {
    [COMPLAINTS, PRIVILEGES, LEARNING, RAISES, CRITICAL, ADVANCE, RATING]
        .iter()
        .map(|column| column.to_vec())
        .collect()
}
