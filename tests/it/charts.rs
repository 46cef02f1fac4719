//! The charts of published reports, measured by a browser: no text overlaps another or leaves its chart, however many departments there
//! are and whatever they are called.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tools::{bank, chromium, concord};

/// Names as departments have them, and as they should not have them.
const NAMES: [&str; 8] = [
    "Harbour Branch",
    "Отдел по работе с корпоративными клиентами и партнёрами Северо-Западного региона",
    "客户关系管理与服务质量监督委员会北京分行营业部综合办公室",
    "<script>alert(1)</script>",
    "A & B 'quoted' ]]></svg>",
    "WissenschaftlichWissenschaftlichWissenschaftlichWissenschaftlichWissenschaftlichWissenschaftlich",
    "long name of many words long name of many words long name of many words long name of many words",
    "x",
];
const MONTHS: u32 = 14;

/// Demands that a browser finds every text of a page's charts in its place, and returns how many there are.
fn measure(page: &Path) -> u64 {
    let page = fs::read_to_string(page).unwrap();
    let between = |from: &str, to: &str| -> String {
        let parts = page.match_indices(from);
        parts.map(|(start, _)| &page[start..start + page[start..].find(to).unwrap() + to.len()]).collect()
    };
    // The page holds the rules that all its charts share, fonts among them.
    let style = between("<style>", "</style>").replace("<style>", "").replace("</style>", "");
    let template = include_str!("boxes.html")
        .replace("/*FACES*/", &style)
        .replace("<!--CHARTS-->", &between("<svg", "</svg>"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boxes.html");
    fs::write(&path, template).unwrap();
    let found = browse(&path, folder.path());
    for fault in ["overlaps", "outside", "fallbacks"] {
        assert_eq!(found[fault], serde_json::json!([]), "{fault}");
    }
    found["texts"].as_u64().unwrap()
}

/// Returns what the page in `path` printed about itself.
fn browse(path: &Path, folder: &Path) -> Value {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let quiet = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    let output = Command::new(chromium())
        .args(["--headless", "--no-sandbox", "--virtual-time-budget=20000", "--dump-dom", &profile])
        .args(quiet)
        .arg(path)
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let start = dom.find("{\"texts\"").expect("the page prints what it measured");
    serde_json::from_str(&dom[start..start + dom[start..].find("</pre>").unwrap()]).unwrap()
}

/// A project of surveys and cases: every department is asked and promises every month, some more than others.
fn project(folder: &Path, departments: u32) {
    let mut register = "code,name,profile\n".to_owned();
    let mut answers = "response,department,date,fast,kind,overall\n".to_owned();
    let mut cases = "case,commitment,department,opened_at,closed_at,contact\n".to_owned();
    for department in 0..departments {
        let name = NAMES[department as usize % NAMES.len()];
        writeln!(register, "d{department},\"{name} {department}\",branch").unwrap();
        for (month, n) in (0..MONTHS).flat_map(|month| (0..6 + department % 7).map(move |n| (month, n))) {
            // Repeatable numbers that look like none.
            let dice = (department * 7919 + month * 104_729 + n * 1_299_709) % 10_007;
            let at = format!("{}-{:02}-{:02}", 2025 + month / 12, month % 12 + 1, n + 1);
            let say = |by: u32| 1 + (dice / by + department % 3) % 5;
            let id = format!("{department}-{month}-{n}");
            writeln!(answers, "{id},d{department},{at},{},{},{}", say(1), say(3), 1 + dice % 10).unwrap();
            let hours = if (dice + department) % 9 < 7 { 10 } else { 18 };
            for promise in 0..5 {
                writeln!(cases, "{id}-{promise},c{promise},d{department},{at}T08:00,{at}T{hours}:00,{id}")
                    .unwrap();
            }
        }
    }
    let promises = (0..5).map(|place| {
        let statement = format!("{} is told by noon", NAMES[place].replace(['<', '>'], "-"));
        format!(
            "[[commitment]]\ncode = \"c{place}\"\nstatement = \"{statement}\"\npromised_to = \"customer\"\nowner = \"branch\"\n\
            unit = \"hours\"\nlimits = [{{ limit = 4 }}]\n\n"
        )
    });
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    fs::create_dir_all(folder.join("registers")).unwrap();
    write("registers/departments.csv", &register);
    write("registers/commitments.toml", &promises.collect::<String>());
    write("answers.csv", &answers);
    write("cases.csv", &cases);
    for (name, text) in PROJECT {
        write(name, text);
    }
}

const PROJECT: [(&str, &str); 5] = [
    (
        "registers/targets.csv",
        "who,measure,from,target\nbranch,kept:c0,2025-01,0.9\nbranch,kept:c1,2025-01,0.75\n",
    ),
    (
        "concord.toml",
        "name = \"many\"\nlanguages = [\"en\"]\n[time]\nfrom = \"2025-01\"\n[sources.client]\nkind = \"survey\"\n\
        questionnaire = \"client\"\nfiles = [\"answers.csv\"]\n[sources.cases]\nkind = \"commitments\"\nfiles = [\"cases.csv\"]\n",
    ),
    (
        "registers/questionnaires.toml",
        "[client]\ntitle = \"Survey\"\ndimensions = [{ code = \"speed\", name = \"Speed\" }, { code = \"people\", name = \"People\" }]\n\
        [[client.items]]\ncode = \"fast\"\ntext = \"Fast\"\nscale = [1, 5]\ndimension = \"speed\"\nkind = \"satisfaction\"\n\
        [[client.items]]\ncode = \"kind\"\ntext = \"Kind\"\nscale = [1, 5]\ndimension = \"people\"\nkind = \"satisfaction\"\n\
        [[client.items]]\ncode = \"overall\"\ntext = \"Overall\"\nscale = [1, 10]\nkind = \"overall\"\n",
    ),
    (
        "registers/rating.toml",
        "window_months = 12\nmin_reliability = 0.01\n\
        [[measure]]\nmeasure = \"satisfaction_index\"\nworst = 0\nbest = 100\ntarget = 50\nweights = { \"*\" = 1 }\n\
        [[measure]]\nmeasure = \"commitment_score\"\nworst = 50\nbest = 100\ntarget = 75\nweights = { \"*\" = 1 }\n",
    ),
    (
        "registers/relations.toml",
        "[[relation]]\ncode = \"one\"\nquestion = \"Do kept promises please?\"\nx = \"commitment_score\"\ny = \"satisfaction_index\"\n\
        grain = \"month\"\nmethod = \"pearson\"\n",
    ),
];

#[test]
fn no_text_of_the_banks_charts_overlaps_another_or_leaves_its_chart() {
    let texts = measure(&bank().join("reports/2026-10/report.html"));
    assert!(texts > 500, "{texts}");
}

#[test]
fn few_and_many_departments_of_any_name_have_their_place() {
    for departments in [3, 40, 400] {
        let folder = tempfile::tempdir().unwrap();
        project(folder.path(), departments);
        concord(folder.path(), &["run", "--as-of", "2026-03-15"]).done();
        let texts = measure(&folder.path().join("reports/2026-02/report.html"));
        assert!(texts > u64::from(departments) + 50, "{departments} departments: {texts} texts");
    }
}
