//! What the tests share: the program as a process, the example bank, folders, and the programs that `tests/run` installs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use polars::prelude::{Column, DataType, ParquetReader, SerReader};
use serde_json::Value;

/// How a run of the program ended.
pub struct Ended {
    /// Its exit code; -1 when it was killed.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Demands that all went well, and returns what went to stdout.
    pub fn done(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// Returns a path that cargo tells when it starts the tests; told when they were built, it could be that of another checkout,
/// since all share one build folder.
fn told(name: &str) -> PathBuf {
    std::env::var_os(name)
        .map(PathBuf::from)
        .unwrap_or_else(|| panic!("{name} is not set; start the tests with cargo"))
}

/// Returns the folder of the package.
pub fn package() -> PathBuf {
    told("CARGO_MANIFEST_DIR")
}

/// Returns the program, to be started in `folder`.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(told("CARGO_BIN_EXE_concord"));
    command.current_dir(folder).env_remove("CONCORD_FAULT").env_remove("NO_COLOR").env("COLUMNS", "100");
    command
}

/// Runs the program in `folder`.
pub fn concord(folder: &Path, arguments: &[&str]) -> Ended {
    ended(program(folder).args(arguments))
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Returns the example bank of 24 months, made and counted once for all tests that only read it.
pub fn bank() -> &'static Path {
    static BANK: OnceLock<PathBuf> = OnceLock::new();
    BANK.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bank");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        make_bank(&folder, 24);
        concord(&folder, &["run"]).done();
        folder
    })
}

/// Makes the first months of the example bank in `folder`.
pub fn make_bank(folder: &Path, months: u32) {
    let (folder, months) = (folder.to_str().unwrap(), months.to_string());
    concord(Path::new("."), &["init", "--example", "bank", "--months", &months, folder]).done();
}

/// A project of its own in a folder that goes away with it.
pub struct Project(tempfile::TempDir);

impl Project {
    /// Makes the first months of the example bank.
    pub fn bank(months: u32) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        make_bank(&project.root(), months);
        project
    }

    /// Makes a folder for a project's files.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Makes a project of two branches, one promise and eight cases, for what does not depend on how much there is.
    pub fn small() -> Self {
        let project = Self::empty();
        project.write(
            "concord.toml",
            "name = \"small\"\ntitle.en = \"Small Bank\"\ntime.from = \"2026-01\"\n\
             [sources.log]\nkind = \"commitments\"\nfiles = [\"log.csv\"]\n",
        );
        project.write("registers/departments.csv", "code,profile\neast,branch\nwest,branch\n");
        project.write(
            "registers/commitments.toml",
            "[[commitment]]\ncode = \"letter\"\nstatement = \"A letter is answered within two hours\"\n\
             promised_to = \"customer\"\nowner = \"branch\"\nunit = \"hours\"\nlimits = [{ limit = 2, target = 0.9 }]\n",
        );
        let case = |number: u32| {
            let (month, branch) = (1 + number % 2, ["east", "west"][number as usize / 4]);
            format!("{number},letter,{branch},2026-0{month}-05T09:00,2026-0{month}-05T1{number}:00\n")
        };
        let cases: String = (0..8).map(case).collect();
        project.write("log.csv", format!("case,commitment,department,opened_at,closed_at\n{cases}"));
        project
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().join("project")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        concord(&self.root(), arguments)
    }

    /// Counts what is new and publishes nothing.
    pub fn count(&self) -> String {
        self.run(&["run", "--count-only"]).done()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Puts `new` in the place of `old` in a file.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} has no `{old}`");
        self.write(name, text.replacen(old, new, 1));
    }

    /// Returns every file of the store with its bytes.
    pub fn store(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path(".concord/store"))
    }

    /// Returns the store that the same files give when nothing was counted before.
    pub fn counted_afresh(&self) -> BTreeMap<String, Vec<u8>> {
        let other = self.0.path().join("afresh");
        if other.exists() {
            fs::remove_dir_all(&other).unwrap();
        }
        let store = other.join("store");
        self.run(&["run", "--count-only", "--store", store.to_str().unwrap()]).done();
        files(&store)
    }
}

/// Returns every file under `folder` by its relative path.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(&place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Demands that two sets of files are the same, and names those that are not.
pub fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = one.keys().chain(other.keys());
    let mut differing: Vec<&String> = names.filter(|name| one.get(*name) != other.get(*name)).collect();
    differing.sort();
    differing.dedup();
    assert!(!one.is_empty() && differing.is_empty(), "these differ: {differing:?}");
}

/// Reads the columns of a Parquet file as text, row by row.
pub fn rows(path: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let frame = ParquetReader::new(std::fs::File::open(path).unwrap()).finish().unwrap();
    let columns: Vec<Column> =
        columns.iter().map(|name| frame.column(name).unwrap().cast(&DataType::String).unwrap()).collect();
    let cell = |column: &Column, row| column.str().unwrap().get(row).unwrap_or_default().to_owned();
    (0..frame.height()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// Reads a JSON file.
pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Returns the deliveries of a counted project.
pub fn deliveries(root: &Path) -> Vec<Value> {
    let ledger = json(&root.join(".concord/store/ledger.json"));
    ledger["files"].as_object().unwrap().values().cloned().collect()
}

/// Returns the Python with the packages of `tests/run`.
pub fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache");
    let path = cache.unwrap_or_else(home).join("concord/venv/bin/python");
    assert!(path.exists(), "{} is not installed; run tests/run, which installs it", path.display());
    path
}

/// Returns the browser in which charts and pages are measured.
pub fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|path| path.is_file());
    found.expect("chromium is not installed; run tests/run, which installs it")
}

#[test]
fn what_the_tests_need_is_installed() {
    assert!(python().is_file() && chromium().is_file());
}

/// Runs a script of this folder with Python and returns what it says.
pub fn run_python(script: &str, arguments: &[&str]) -> String {
    let script = package().join("tests/it").join(script);
    ended(Command::new(python()).arg("-B").arg(script).args(arguments)).done()
}
