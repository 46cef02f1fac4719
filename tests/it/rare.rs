//! Rare breaches of the example bank: what was planted is told in its month, and little else.

use crate::tools::{bank, concord, rows};

const COLUMNS: [&str; 8] =
    ["department", "commitment", "run_ended", "alarm", "p_target", "p_past", "breaches_12", "cases_12"];

#[test]
fn the_first_breach_of_quarry_is_told_in_its_month() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    concord(bank(), &["report", "--from", "2026-07", "--to", "2026-09", "--reports", "all", "--out", out])
        .done();
    let told = |month: &str| {
        let path = folder.path().join(format!("feeds/rare_breaches/month={month}/rare_breaches.parquet"));
        let mut ended = rows(&path, &COLUMNS);
        ended.retain(|row| !row[2].is_empty());
        ended.iter().map(|row| format!("{} {}", row[0], row[1])).collect::<Vec<_>>()
    };
    // truth.json: a statement at Quarry was never late until M22.
    assert_eq!(
        ["2026-07", "2026-08", "2026-09"].map(told),
        [vec![], vec!["quarry statement".to_owned()], vec![]]
    );
    let page = std::fs::read_to_string(folder.path().join("reports/2026-08/report.html")).unwrap();
    assert!(page.contains("first broken case, on") && page.contains("since the records begin"));
}

#[test]
fn alarms_are_those_that_pandas_and_scipy_give() {
    let path = bank().join("feeds/rare_breaches/month=2026-10/rare_breaches.parquet");
    let found = rows(&path, &COLUMNS);
    assert_eq!(found.len(), 60);
    let alarms: Vec<&Vec<String>> = found.iter().filter(|row| row[3] == "true").collect();
    let named: Vec<String> = alarms.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    // Millpond's people are too few since M15 and break every promise more often; nobody else rings.
    assert_eq!(named, ["millpond statement", "millpond complaint-acknowledged"]);
    let p: Vec<f64> = alarms.iter().map(|row| row[4].parse().unwrap()).collect();
    // 2 * scipy.stats.binom.sf(broken - 1, n, .02) of the smaller of the two windows.
    for (found, expected) in p.iter().zip([3.675_737_685_756_112e-5, 6.938_036_812_966_566e-6]) {
        assert!((found - expected).abs() < 1e-9 * expected, "{p:?}");
    }
}
