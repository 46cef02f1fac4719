//! The satisfaction side through the program: what changed in the questionnaires, segments, layers, priorities, spread.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::tools::{Project, bank, rows, run_python};

fn feed(root: &Path, name: &str, month: &str, columns: &[&str]) -> Vec<Vec<String>> {
    rows(&root.join(format!("feeds/{name}/month={month}/{name}.parquet")), columns)
}

fn of_bank(name: &str, columns: &[&str]) -> Vec<Vec<String>> {
    feed(bank(), name, "2026-10", columns)
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Feed, department, key and measure -> value and n, as another program computes them from the raw files.
fn peer() -> BTreeMap<[String; 4], (f64, u64)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("satisfaction.csv");
    run_python("../../benches/peers/satisfaction.py", &[bank().to_str().unwrap(), out.to_str().unwrap()]);
    let rows = csv::Reader::from_path(out).unwrap().into_records().map(Result::unwrap);
    let figure = |row: csv::StringRecord| {
        ([0, 1, 2, 3].map(|place| row[place].to_owned()), (row[4].parse().unwrap(), row[5].parse().unwrap()))
    };
    rows.map(figure).collect()
}

#[test]
fn figures_of_the_feeds_are_those_a_peer_computes_from_the_raw_files() {
    let mut own: BTreeMap<[String; 4], (f64, u64)> = BTreeMap::new();
    let keys = [
        ("segments", "cut"),
        ("layers", "layer"),
        ("priorities", "item"),
        ("spread", "variable"),
        ("penalties", "dimension"),
    ];
    for (name, key) in keys {
        let second = if name == "segments" { "segment" } else { key };
        for row in of_bank(name, &["department", key, second, "measure", "value", "n"]) {
            let key = if name == "segments" { format!("{}:{}", row[1], row[2]) } else { row[1].clone() };
            if let (Ok(value), Ok(n)) = (row[4].parse(), row[5].parse()) {
                own.insert([name.to_owned(), row[0].clone(), key, row[3].clone()], (value, n));
            }
        }
    }
    let peer = peer();
    assert!(peer.len() > 2_000, "{}", peer.len());
    let is_same = |key: &[String; 4], (value, n): &(f64, u64)| {
        own.get(key).is_some_and(|own| own.1 == *n && (own.0 - value).abs() <= 1e-9 * value.abs().max(1.0))
    };
    let differing: Vec<_> = peer.iter().filter(|(key, figure)| !is_same(key, figure)).collect();
    let told: Vec<_> = differing.iter().take(8).map(|(key, figure)| (key, figure, own.get(*key))).collect();
    assert!(differing.is_empty(), "{} of {}: {told:#?}", differing.len(), peer.len());
}

#[test]
fn changes_of_the_questionnaires_break_what_they_touch() {
    let columns = ["item", "from_month", "change", "replaces", "bridged", "breaks"];
    let told = of_bank("questions", &columns);
    let told: Vec<Vec<&str>> = told.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        told,
        [
            ["overall", "2025-01", "rescaled", "overall_5", "true", ""],
            ["effort", "2025-08", "new", "", "false", ""],
            ["q13b", "2025-11", "reworded", "q13", "false", "satisfaction_index dimension:place"],
            ["m13b", "2025-11", "reworded", "m13", "false", ""],
        ]
    );
    let page = fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(page.contains("<section id=\"questions\""));
    assert!(page.contains(
        "another wording, now “It was pleasant to be served where I was served”; before and after"
    ));
}

#[test]
fn two_scales_are_bridged_where_that_is_declared_and_never_pooled() {
    let project = Project::bank(3);
    let columns = ["measure", "department", "window_months", "value", "n", "derived", "lower", "upper"];
    let boxes = |measure: &str, window: &str| -> Vec<String> {
        let all = feed(&project.root(), "measures", "2025-01", &columns);
        let wanted = [measure, "all", window];
        all.into_iter().find(|row| row[..3] == wanted).unwrap_or_else(|| panic!("{wanted:?}"))
    };
    project.run(&["run", "--month", "2025-01"]).done();
    let bridged = boxes("top_two", "1");
    project.edit("registers/questionnaires.toml", "bridged_from = \"overall_5\"\n", "");
    project.run(&["run", "--month", "2025-01"]).done();
    let alone = boxes("top_two", "1");
    // A random half was asked on either scale: without the bridge half of the answers count, on the new scale alone.
    let ratio = number(&alone[4]) / number(&bridged[4]);
    assert!((ratio - 0.5).abs() < 0.06, "{alone:?} {bridged:?}");
    assert_eq!((alone[5].as_str(), bridged[5].as_str()), ("false", "true"));
    // Over the overlap the old half says what the new one says.
    assert!((number(&alone[3]) - number(&bridged[3])).abs() < 0.01, "{alone:?} {bridged:?}");
    // The old scale is the new one halved: its best level is the two best of the new scale.
    let (window, alone) = (boxes("top_two", "12"), number(&alone[3]));
    assert!(
        (number(&window[3]) - alone).abs() < 1e-12 && window[4] == boxes("top_two", "1")[4],
        "{window:?}"
    );
}

#[test]
fn the_app_brought_vip_customers_and_with_them_points() {
    let columns = ["department", "cut", "segment", "measure", "value", "lower", "upper", "reason"];
    let all = of_bank("segments", &columns);
    let of = |segment: &str, measure: &str| {
        let wanted = ["all", "segment", segment, measure];
        all.iter().find(|row| row[..4] == wanted).unwrap_or_else(|| panic!("{wanted:?}"))
    };
    // Planted: VIP answers rise from a fifth to 28 %, and with them the bank's index by half a point.
    let [before, now] =
        ["share_of_answers_before", "share_of_answers"].map(|measure| number(&of("vip", measure)[4]));
    assert!((before - 0.20).abs() < 0.015 && (now - 0.28).abs() < 0.015, "{before} {now}");
    let mix = of("", "index_change_by_mix");
    assert!((number(&mix[4]) - 0.5).abs() < 0.15 && number(&mix[5]) > 0.0, "{mix:?}");
    // An item was reworded between the two windows: what changed inside the segments cannot be told.
    assert_eq!(of("", "index_change_inside")[7], "not_comparable");
    let [retail, vip] = ["retail", "vip"].map(|segment| of(segment, "satisfaction_index"));
    assert!(number(&retail[6]) < number(&vip[5]), "{retail:?} {vip:?}");
}

#[test]
fn layers_rest_on_one_another() {
    let columns = ["department", "layer", "standing", "reached", "measure", "value", "lower", "upper", "bar"];
    let all = of_bank("layers", &columns);
    let mut layers: BTreeMap<(&str, &str), (&str, &str)> = BTreeMap::new();
    for row in &all {
        layers.insert((&row[0], &row[1]), (&row[2], &row[3]));
    }
    let standing = |department: &str, layer: &str| layers[&(department, layer)];
    for department in all.iter().map(|row| row[0].as_str()) {
        let mut is_reached = true;
        for layer in ["core", "additional", "extra", "unaware"] {
            let (own, reached) = standing(department, layer);
            is_reached &= own == "reached";
            assert_eq!(reached, is_reached.to_string(), "{department} {layer}");
        }
    }
    // Millpond broke its promises and all its answers fell: what must be there is missing.
    assert_eq!(standing("millpond", "core").0, "not_reached");
    // Lighthouse has seven answers a month.
    assert!(
        ["core", "additional", "extra"].iter().any(|layer| standing("lighthouse", layer).0 == "cannot_tell")
    );
    assert!(layers.values().filter(|one| one.0 == "reached").count() > 20);
}

#[test]
fn bars_are_the_projects_own() {
    let project = Project::bank(2);
    let bars = project.read("registers/rating.toml");
    let strict: String = bars
        .lines()
        .map(|line| line.replace("satisfied = 0.60, dissatisfied", "satisfied = 0.85, dissatisfied") + "\n")
        .collect();
    assert_ne!(bars, strict);
    project.write("registers/rating.toml", strict);
    project.run(&["run"]).done();
    let all = feed(&project.root(), "layers", "2024-12", &["department", "layer", "standing"]);
    assert!(all.iter().any(|row| row[..] == ["all", "core", "not_reached"]));
}

#[test]
fn a_small_sample_of_expectations_is_told_with_its_interval() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        "concord.toml",
        "name = \"clinic\"\ntime.from = 2025-01-01\n[sources.answers]\nkind = \"survey\"\nquestionnaire = \"client\"\nfiles = [\"answers.csv\"]\n",
    );
    put("registers/departments.csv", "code,name.en,profile\nward,Ward,ward\n");
    put(
        "registers/questionnaires.toml",
        "[client]\ntitle = \"Patients\"\n[[client.items]]\ncode = \"wait\"\ntext = \"The wait was short\"\nscale = [1, 5]\nkind = \"satisfaction\"\n[[client.items]]\ncode = \"wait_expected\"\ntext = \"How short a wait did you expect?\"\nscale = [1, 5]\nkind = \"expectation\"\nexpectation_of = \"wait\"\n",
    );
    let pairs = [(5, 5), (4, 5), (3, 5), (4, 4), (2, 4), (3, 5), (5, 5), (4, 5)];
    let mut answers = "response,department,date,wait,wait_expected\n".to_owned();
    for (place, (perceived, expected)) in pairs.into_iter().enumerate() {
        answers += &format!("r{place},ward,2025-01-0{},{perceived},{expected}\n", place + 1);
    }
    put("answers.csv", &answers);
    crate::tools::concord(folder.path(), &["run", "."]).done();
    let all = feed(
        folder.path(),
        "priorities",
        "2025-01",
        &["department", "item", "measure", "value", "lower", "upper", "n"],
    );
    let gap = all.iter().find(|row| row[0] == "ward" && row[2] == "perceived_less_expected").unwrap();
    // scipy.stats.ttest_rel(perceived, expected).confidence_interval(), on 0 to 100.
    let found = [3, 4, 5].map(|place| number(&gap[place]));
    let wanted = [-25.0, -44.35012432687899, -5.649875673121009];
    assert!(found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-6), "{gap:?}");
    assert_eq!((gap[1].as_str(), gap[6].as_str()), ("wait", "8"));
    let page = fs::read_to_string(folder.path().join("reports/2025-01/report.html")).unwrap();
    assert!(page.contains("Expected and perceived"));
}

#[test]
fn what_was_planted_as_a_straight_line_is_no_must_be() {
    let columns = ["dimension", "measure", "bend", "value", "lower", "upper", "p_holm", "n_departments"];
    let all = of_bank("penalties", &columns);
    assert_eq!(all.len(), 15);
    for row in &all {
        // The overall judgement is the mean of what was lived through, of every dimension alike, and noise.
        assert_eq!((row[2].as_str(), row[7].as_str()), ("both", "30"), "{row:?}");
        if row[1] == "reward_less_penalty" {
            assert!(number(&row[6]) > 0.05, "{row:?}");
        } else {
            assert!(number(&row[4]) > 1.0 && number(&row[5]) < 2.5, "{row:?}");
        }
    }
    let page = fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(page.contains("What low costs, what high gains"));
}
