//! The order of the house: a module uses only what stands above it, lists are complete, files and functions stay short.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::package;

/// Lines of code a file may have, tests not counted.
const FILE_LINES: usize = 400;
/// Lines a function may have, its signature and last brace counted.
const FUNCTION_LINES: usize = 70;
/// Stages that may touch the file system; everything between them is a function of its arguments.
const RIM: [&str; 8] = ["source", "starter", "store", "publish", "intake", "example", "project", "cli"];

/// A Rust file below `src/`.
struct File {
    /// Its path relative to `src/`.
    name: String,
    text: String,
}

impl File {
    /// Returns the text before the tests.
    fn code(&self) -> &str {
        let end = self.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        &self.text[..end]
    }

    fn stage(&self) -> &str {
        self.name.split('/').next().unwrap().trim_end_matches(".rs")
    }

    fn is_test(&self) -> bool {
        TESTS_ONLY.contains(&self.name.as_str())
    }
}

/// Files that are declared under `#[cfg(test)]`.
const TESTS_ONLY: &[&str] = &[
    "calendar/laws.rs",
    "calendar/oracle.rs",
    "calendar/tests.rs",
    "chart/samples.rs",
    "chart/tests.rs",
    "improvement/tests.rs",
    "project/sample.rs",
    "rating/tests.rs",
    "relation/tests.rs",
    "report/tests.rs",
];

fn folder(name: &str) -> PathBuf {
    package().join(name)
}

fn rust_files(root: &Path) -> Vec<File> {
    let mut files: Vec<File> = crate::tools::files(root)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".rs"))
        .map(|(name, bytes)| File { name, text: String::from_utf8(bytes).unwrap() })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn sources() -> Vec<File> {
    rust_files(&folder("src"))
}

/// Returns the modules that a file declares, in order.
fn declared(text: &str) -> Vec<&str> {
    let name = |line: &'static str, text: &str| text.starts_with(line);
    let marks = ["pub mod ", "pub(crate) mod ", "pub(super) mod ", "mod "];
    let module = |line: &str| marks.iter().find(|mark| name(mark, line)).map(|mark| mark.len());
    text.lines().filter_map(|line| line[module(line)?..].strip_suffix(';')).collect()
}

/// Returns the names that follow `mark` in code: `crate::a`, and each of `crate::{a::x, b}`.
fn used<'a>(code: &'a str, mark: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (start, _) in code.match_indices(mark) {
        let line_start = code[..start].rfind('\n').map_or(0, |end| end + 1);
        if code[line_start..start].contains("//") || code[..start].ends_with("super::") {
            continue;
        }
        let rest = &code[start + mark.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(first_names(&group[..group.find("};").unwrap_or(group.len())])),
            None => names.push(name(rest)),
        }
    }
    names
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// Returns the first name of each entry of a group, whose own groups are passed over.
fn first_names(group: &str) -> Vec<&str> {
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (place, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(group[start..place].trim()));
                start = place + 1;
            }
            _ => {}
        }
    }
    names.push(name(group[start..].trim()));
    names
}

#[test]
fn a_stage_uses_only_the_stages_above_it() {
    let files = sources();
    let order = files.iter().find(|file| file.name == "lib.rs").map(|file| declared(&file.text)).unwrap();
    let place = |stage: &str| order.iter().position(|one| *one == stage);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !["lib", "main"].contains(&file.stage()) && !file.is_test()) {
        let own = place(file.stage()).unwrap_or_else(|| panic!("src/lib.rs does not list {}", file.name));
        let below = |used: &&str| place(used).is_some_and(|used| used > own);
        wrong.extend(
            used(file.code(), "crate::")
                .into_iter()
                .filter(below)
                .map(|used| format!("{} uses {used}", file.name)),
        );
    }
    assert!(wrong.is_empty(), "these use what stands below them in src/lib.rs: {wrong:#?}");
}

#[test]
fn within_a_stage_a_part_uses_only_the_parts_above_it() {
    let files = sources();
    let mut wrong = Vec::new();
    for stage in files.iter().filter(|file| file.name.ends_with("/mod.rs")) {
        let order = declared(&stage.text);
        let place = |part: &str| order.iter().position(|one| *one == part);
        for file in files
            .iter()
            .filter(|file| file.stage() == stage.stage() && file.name != stage.name && !file.is_test())
        {
            let part = file.name.rsplit('/').next().unwrap().trim_end_matches(".rs");
            let Some(own) = place(part) else { continue };
            let below = |used: &&str| place(used).is_some_and(|used| used > own);
            wrong.extend(
                used(file.code(), "super::")
                    .into_iter()
                    .filter(below)
                    .map(|used| format!("{} uses {used}", file.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "these use a part that their mod.rs lists below them: {wrong:#?}");
}

#[test]
fn every_file_is_a_module() {
    let mut missing = Vec::new();
    for (root, top) in [(folder("src"), "lib.rs"), (folder("tests/it"), "main.rs")] {
        let files = rust_files(&root);
        for file in files.iter().filter(|file| !["lib.rs", "main.rs"].contains(&file.name.as_str())) {
            let (parent, module) = match file.name.rsplit_once('/') {
                Some((folder, "mod.rs")) => match folder.rsplit_once('/') {
                    Some((above, module)) => (format!("{above}/mod.rs"), module),
                    None => (top.to_owned(), folder),
                },
                Some((folder, part)) => (format!("{folder}/mod.rs"), part.trim_end_matches(".rs")),
                None => (top.to_owned(), file.name.trim_end_matches(".rs")),
            };
            let list = files.iter().find(|one| one.name == parent).map_or("", |one| &one.text);
            if !declared(list).contains(&module) {
                missing.push(format!("{} is not listed in {parent}", file.name));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn files_and_functions_stay_short() {
    let mut long = Vec::new();
    for file in sources().iter().chain(&rust_files(&folder("tests/it"))) {
        let lines = file.code().lines().count();
        if lines > FILE_LINES {
            long.push(format!("{}: {lines} lines, at most {FILE_LINES}", file.name));
        }
        for (name, lines) in functions(&file.text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES) {
            long.push(format!("{}: `{name}` has {lines} lines, at most {FUNCTION_LINES}", file.name));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

/// Returns the functions of formatted code with their lengths: each ends at the brace under its beginning.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some(place) = code
            .find("fn ")
            .filter(|&place| code[..place].chars().all(|c| c.is_alphabetic() || " ()".contains(c)))
        else {
            continue;
        };
        let end = format!("{}}}", &line[..line.len() - code.len()]);
        let length = lines[start..].iter().position(|line| *line == end).map_or(1, |length| length + 1);
        if !line.ends_with('}') && !line.ends_with(';') {
            found.push((name(&code[place + 3..]), length));
        }
    }
    found
}

#[test]
fn only_the_rim_touches_files() {
    let is_rim = |file: &File| RIM.contains(&file.stage()) || file.stage() == "main" || file.is_test();
    let touching =
        |file: &File| file.code().lines().any(|line| line.contains("std::fs") || line.contains("fs::"));
    let wrong: Vec<String> =
        sources().into_iter().filter(|file| !is_rim(file) && touching(file)).map(|file| file.name).collect();
    assert!(wrong.is_empty(), "these touch files: {wrong:#?}; only {RIM:?} may");
}

#[test]
fn what_readers_see_stands_in_the_catalogue() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| ["chart", "report"].contains(&file.stage()) && !file.is_test())
    {
        let lines = file
            .code()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//") && !line.contains(".expect("));
        for line in lines {
            wrong.extend(
                literals(line)
                    .into_iter()
                    .filter(|text| is_sentence(text))
                    .map(|text| format!("{}: {text}", file.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "these belong into src/text/*.ftl: {wrong:#?}");
}

/// Returns the string literals that begin and end in one line.
fn literals(line: &str) -> Vec<String> {
    let plain = line.replace("'\"'", "").replace("\\\"", "'");
    plain.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Says whether a literal has two words side by side; markup, style rules and lists of classes have none.
fn is_sentence(text: &str) -> bool {
    let is_code =
        text.contains(['<', '=', ';', '{', '/']) || text.split(' ').all(|word| word.starts_with("c-"));
    let is_word = |word: &&str| {
        word.chars().count() > 1 && word.trim_matches([',', '.', ':', '?']).chars().all(char::is_alphabetic)
    };
    let words: Vec<&str> = text.split(' ').collect();
    !is_code && words.windows(2).any(|pair| pair.iter().all(is_word))
}

#[test]
fn the_rules_notice_what_they_are_for() {
    assert_eq!(
        used("use crate::{a::x, b::{c, d}, e};\n crate::f::g();\n// crate::h\n", "crate::"),
        ["a", "b", "e", "f"]
    );
    assert!(
        is_sentence("Share of promises") && !is_sentence("heatmap-title") && !is_sentence("<g class='a b'>")
    );
    assert_eq!(functions("fn a() {\n    x;\n}\n    pub fn b() {}\n"), [("a", 3)]);
    assert_eq!(declared("mod a;\npub mod b;\n// mod c;\n"), ["a", "b"]);
    assert!(fs::exists(folder("src/lib.rs")).unwrap());
}
