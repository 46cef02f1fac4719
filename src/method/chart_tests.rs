//! Tests of the methods of control charts and funnels through their calls.

use proptest::prelude::*;

use super::{Answer, Column, Fault, Table, Value, find};

/// Makes a table of text columns; an empty word is missing.
fn table(names: &[&str], rows: &[Vec<String>]) -> Table {
    let column = |place: usize| {
        rows.iter().map(|row| Some(row[place].clone()).filter(|word| !word.is_empty())).collect()
    };
    Table::new(
        names
            .iter()
            .enumerate()
            .map(|(place, &name)| (name.to_owned(), Column::Text(column(place))))
            .collect(),
    )
}

fn words(text: &str) -> Vec<Vec<String>> {
    text.split('\n').map(|line| line.split(',').map(|word| word.trim().to_owned()).collect()).collect()
}

/// Calls a method with options as they are typed.
fn call(method: &str, table: &Table, options: &str) -> Result<Answer, Fault> {
    let parts: Vec<&str> = options.split_whitespace().collect();
    let given = parts.chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1]));
    find(method).expect("a method").answer(table, given)
}

fn value(answer: &Answer, element: &str, quantity: &str) -> Value {
    let row = answer.rows.iter().find(|row| row.element == element && row.quantity == quantity);
    row.unwrap_or_else(|| panic!("no {quantity} of {element}")).value.clone()
}

fn number(answer: &Answer, element: &str, quantity: &str) -> f64 {
    match value(answer, element, quantity) {
        Value::Number(number) => number,
        other => panic!("{quantity} of {element} is {other:?}"),
    }
}

fn text(answer: &Answer, element: &str, quantity: &str) -> String {
    match value(answer, element, quantity) {
        Value::Text(word) => word,
        other => panic!("{quantity} of {element} is {other:?}"),
    }
}

fn monthly(values: &[f64]) -> Table {
    let row = |(place, value): (usize, &f64)| {
        vec![format!("{}-{:02}", 2024 + place / 12, place % 12 + 1), value.to_string()]
    };
    table(&["month", "v"], &values.iter().enumerate().map(row).collect::<Vec<_>>())
}

#[test]
fn a_missing_month_parts_its_neighbours() {
    // V13: NHSRplotthedots takes the rows of January and March for neighbours: mean range (1 + 8 + 1)/3.
    let table = table(&["month", "v"], &words("2025-04,9\n2024-12,1\n2025-01,2\n2025-03,10"));
    let answer = call("xmr", &table, "--value v --time month --screen no").expect("an answer");
    assert_eq!(value(&answer, "2025-02", "value"), Value::Undefined(crate::stats::Reason::Gap));
    assert!((number(&answer, "2025-03", "upl") - (5.5 + 2.66)).abs() < 1e-12);
    let rows = call("xmr", &table, "--value v --time month --screen no --every rows").expect("an answer");
    assert!((number(&rows, "2025-03", "upl") - (5.5 + 2.66 * 10.0 / 3.0)).abs() < 1e-12);
    let stated =
        self::table(&["month", "v"], &words("2024-12,1\n2025-01,2\n2025-02,\n2025-03,10\n2025-04,9"));
    assert_eq!(call("xmr", &stated, "--value v --time month --screen no"), Ok(answer));
}

#[test]
fn times_in_words_keep_the_order_of_the_rows_and_say_so() {
    let months = table(&["month", "v"], &words("Jan 2024,1\nFeb 2024,3\nDec 2024,2"));
    let answer = call("xmr", &months, "--value v --time month").expect("an answer");
    assert!(text(&answer, "all", "order").contains("words"));
    let dates = table(&["month", "v"], &words("2024-Q1,1\n2024-Q2,3\n2024-Q4,2"));
    let answer = call("xmr", &dates, "--value v --time month").expect("an answer");
    assert_eq!(value(&answer, "2024-Q3", "value"), Value::Undefined(crate::stats::Reason::Gap));
    assert!(answer.rows.iter().all(|row| row.quantity != "order"));
    assert!(call("xmr", &dates, "--value v --every rows").is_err());
}

#[test]
fn a_constant_history_signals_in_words() {
    // V1.
    let mut values = vec![100.0; 14];
    values.push(80.0);
    let answer =
        call("xmr", &monthly(&values), "--value v --time month --freeze 12 --target 95").expect("an answer");
    assert_eq!(text(&answer, "2025-03", "special_cause_type"), "Below LCL");
    assert_eq!(text(&answer, "2025-02", "special_cause_type"), "Common Cause");
    assert_eq!(
        (text(&answer, "chart", "history"), text(&answer, "last", "variation_type")),
        ("constant".into(), "special_cause_concern".into())
    );
    assert!((number(&answer, "2025-03", "chance") - 0.5 / 13.0).abs() < 1e-15);
    let mut rows = vec![vec!["100".to_owned(), "100".to_owned()]; 12];
    rows.push(vec!["70".to_owned(), "100".to_owned()]);
    let answer =
        call("p-prime", &table(&["k", "n"], &rows), "--kept k --n n --freeze 12").expect("an answer");
    assert_eq!(text(&answer, "13", "special_cause_type"), "Below LCL");
    assert!(number(&answer, "13", "chance") < 1e-20 && number(&answer, "13", "lcl") > 0.9);
}

#[test]
fn freeze_and_rebase_go_together() {
    let values: Vec<f64> =
        (0..24).map(|i| if i < 12 { f64::from(i % 3) } else { 50.0 + f64::from(i % 4) }).collect();
    let answer = call("xmr", &monthly(&values), "--value v --time month --freeze 6 --rebase 2025-01")
        .expect("an answer");
    assert!((number(&answer, "2024-12", "mean_col") - 1.0).abs() < 1e-12);
    assert!((number(&answer, "2025-12", "mean_col") - (50.0 + 7.0 / 6.0)).abs() < 1e-12);
    assert_eq!(
        (text(&answer, "2025-01", "rebase_group"), number(&answer, "phase 0", "n_useful")),
        ("1".into(), 8.0)
    );
    assert!(call("xmr", &monthly(&values), "--value v --time month --rebase 2031-01").is_err());
}

#[test]
fn units_run_apart_and_fact_stands_beside_inference() {
    let rows = words("1,A,5\n1,B,90\n2,A,6\n2,B,91\n3,A,5\n3,B,89");
    let answer = call(
        "xmr",
        &table(&["t", "d", "v"], &rows),
        "--value v --time t --by d --target 5 --improvement lower",
    )
    .expect("an answer");
    let alone =
        call("xmr", &table(&["t", "v"], &words("1,5\n2,6\n3,5")), "--value v --time t").expect("an answer");
    assert!((number(&answer, "A~2", "upl") - number(&alone, "2", "upl")).abs() < 1e-300);
    assert_eq!(
        (number(&answer, "A~fact", "periods_met"), text(&answer, "A~inference", "will_be_met")),
        (2.0, "by chance".into())
    );
    assert_eq!(
        (text(&answer, "B~inference", "will_be_met"), text(&answer, "B~last", "assurance_type")),
        ("never".into(), "consistent_fail".into())
    );
    let short = call(
        "assurance",
        &table(&["t", "d", "v"], &rows),
        "--value v --time t --by d --target 5 --improvement lower",
    )
    .expect("an answer");
    assert_eq!(
        value(&short, "A~inference", "probability_met"),
        value(&answer, "A~inference", "probability_met")
    );
    assert!(call("xmr", &table(&["t", "d", "v"], &rows), "--value v --time t").is_err());
}

#[test]
fn single_cases_and_counts_give_the_same_chart() {
    let counts = table(&["t", "k", "n"], &words("1,2,3\n2,1,4\n3,3,3"));
    let cases = table(&["t", "k"], &words("1,1\n1,1\n1,0\n2,0\n2,1\n2,0\n2,0\n3,1\n3,1\n3,1"));
    for method in ["p-chart", "p-prime", "u-chart", "u-prime"] {
        let options = "--kept k --time t";
        assert_eq!(
            call(method, &cases, options),
            call(method, &counts, &format!("{options} --n n")),
            "{method}"
        );
    }
    let means = table(&["t", "y", "n"], &words("1,4,2\n2,7,3\n3,5,1"));
    let answers = table(&["t", "y"], &words("1,3\n1,5\n2,6\n2,7\n2,8\n3,5"));
    assert_eq!(
        call("i-prime", &answers, "--value y --time t"),
        call("i-prime", &means, "--value y --n n --time t")
    );
    assert!(call("p-chart", &table(&["k", "n"], &words("5,4")), "--kept k --n n").is_err());
}

#[test]
fn rare_events_are_counted_from_cases_and_dates() {
    let events = table(&["e"], &words("0\n0\n1\n0\n1\n1\n0\n0\n0\n1\n0"));
    let gaps = table(&["g"], &words("2\n1\n0\n3"));
    assert_eq!(call("g-chart", &events, "--event e"), call("g-chart", &gaps, "--value g"));
    let dates = table(&["d"], &words("2025-01-01\n2025-03-01\n2025-03-11\n2025-02-01"));
    let answer = call("t-chart", &dates, "--time d").expect("an answer");
    assert_eq!((number(&answer, "2025-03-01", "y"), number(&answer, "2025-03-11", "y")), (28.0, 10.0));
    let twice = call("t-chart", &table(&["v"], &words("3\n0\n4")), "--value v").expect("an answer");
    assert_eq!(value(&twice, "chart", "cl"), Value::Undefined(crate::stats::Reason::NotApplicable));
    assert!(call("g-chart", &events, "").is_err());
    let cusum = call("bernoulli-cusum", &events, "--event e --target 0.02").expect("an answer");
    assert!(number(&cusum, "10", "pos") > 0.6 && number(&cusum, "chart", "signals_up") < 0.5);
}

#[test]
fn short_series_have_reasons_not_numbers() {
    for (method, options) in [
        ("xmr", "--value v --time month"),
        ("mr", "--value v --time month"),
        ("c-chart", "--value v --time month"),
        ("g-chart", "--value v --time month"),
        ("i-prime", "--value v --time month"),
        ("ewma", "--value v --time month"),
        ("cusum", "--value v --time month"),
        ("runs", "--value v --time month"),
        ("u-chart", "--kept v --time month"),
    ] {
        for values in [&[][..], &[3.0], &[3.0, 3.0], &[1e9, 1e9 + 1.0, 1e9]] {
            let answer = call(method, &monthly(values), options).expect("an answer");
            let finite = |row: &super::Number| {
                !matches!(row.value, Value::Undefined(crate::stats::Reason::NotConverged))
            };
            assert!(answer.rows.iter().all(finite), "{method} {values:?}");
        }
    }
    let answer =
        call("xmr", &monthly(&[1.0, 2.0, 4.0]), "--value v --time month --minimum 12").expect("an answer");
    assert_eq!(value(&answer, "2024-02", "upl"), Value::Undefined(crate::stats::Reason::TooFew));
}

#[test]
fn funnels_of_answers_and_of_means_agree() {
    let answers = words("A,3\nA,5\nB,6\nB,7\nB,8\nC,5\nD,1\nD,2\nE,9\nE,4");
    let means = words(
        "A,4,1.4142135623730951,2\nB,7,1,3\nC,5,,1\nD,1.5,0.7071067811865476,2\nE,6.5,3.5355339059327378,2",
    );
    let a = call("funnel", &table(&["u", "y"], &answers), "--by u --value y --type mean").expect("an answer");
    let b =
        call("funnel", &table(&["u", "y", "s", "n"], &means), "--by u --value y --sd s --n n --type mean")
            .expect("an answer");
    assert_eq!(a.rows.len(), b.rows.len());
    for row in a.rows.iter().filter(|row| matches!(row.value, Value::Number(_))) {
        let other = number(&b, &row.element, &row.quantity);
        assert!((number(&a, &row.element, &row.quantity) - other).abs() < 1e-12, "{row:?} {other}");
    }
}

#[test]
fn a_funnel_names_its_outliers_and_its_reasons() {
    let rows = words("A,45,50\nB,60,70\nC,38,45\nD,120,140\nE,75,80\nF,5,64\nG,0,0\nH,33,36");
    let answer =
        call("funnel", &table(&["u", "k", "n"], &rows), "--by u --kept k --n n --trim 0.2 --level 0.99")
            .expect("an answer");
    assert!(number(&answer, "F", "unit_outlier") > 0.5 && number(&answer, "A", "unit_outlier") < 0.5);
    assert_eq!(value(&answer, "G", "unit_Y"), Value::Undefined(crate::stats::Reason::TooFew));
    assert!(
        number(&answer, "F", "unit_p_exact") < 1e-20
            && number(&answer, "A", "unit_LCL0.99") < number(&answer, "A", "unit_LCL95")
    );
    let few = call("funnel", &table(&["u", "k", "n"], &rows[..4]), "--by u --kept k --n n --grid 10")
        .expect("an answer");
    assert_eq!(value(&few, "model", "tau2"), Value::Undefined(crate::stats::Reason::TooFew));
    assert!(number(&few, "10", "limit_ll95") < number(&few, "10", "limit_ul95"));
    // An observed count of 0 has no logarithm; it counts as one half.
    let ratios = call("funnel", &table(&["u", "k", "n"], &rows), "--by u --kept k --expected n --type SR")
        .expect("an answer");
    assert_eq!(value(&ratios, "G", "unit_Y"), Value::Undefined(crate::stats::Reason::TooFew));
    let empty = call("funnel", &table(&["u", "k", "n"], &[]), "--by u --kept k --n n").expect("an answer");
    assert!(number(&empty, "model", "units") < 0.5);
}

proptest! {
    #[test]
    fn rows_may_come_in_any_order_and_be_split(rows in prop::collection::vec((0usize..6, 0u32..9, 0u32..9), 1..30), seed in 0usize..30) {
        let write = |rows: &[(usize, u32, u32)]| {
            let words = |&(t, k, more): &(usize, u32, u32)| vec![format!("2025-{:02}", t + 1), k.to_string(), (k + more).to_string()];
            table(&["t", "k", "n"], &rows.iter().map(words).collect::<Vec<_>>())
        };
        let mut turned = rows.clone();
        turned.rotate_left(seed % rows.len());
        let mut merged: Vec<(usize, u32, u32)> = (0..6).map(|t| (t, 0, 0)).collect();
        rows.iter().for_each(|&(t, k, more)| (merged[t].1, merged[t].2) = (merged[t].1 + k, merged[t].2 + more));
        merged.retain(|&(t, _, _)| rows.iter().any(|row| row.0 == t));
        let options = "--kept k --n n --time t --every month";
        let whole = call("p-prime", &write(&rows), options);
        prop_assert_eq!(&whole, &call("p-prime", &write(&turned), options));
        prop_assert_eq!(&whole, &call("p-prime", &write(&merged), options));
    }
}
