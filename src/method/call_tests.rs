//! Tests that hold for every method: what it answers on empty tables, which options it refuses, which rows it says are lost.

use super::{Answer, Column, Fault, METHODS, Method, Preset, Table, Value};

type Words = Vec<Option<String>>;

/// A method's example: names and words of its table, and its options.
struct Example {
    method: &'static Method,
    columns: Vec<(String, Words)>,
    options: Vec<(&'static str, &'static str)>,
}

impl Example {
    fn of(method: &'static Method) -> Self {
        let mut words = method.example.split_whitespace();
        // Told when it runs: told when it was built, it could be that of another checkout, since all share one build folder.
        let package = std::env::var("CARGO_MANIFEST_DIR").expect("cargo starts the tests");
        let path = format!("{package}/{}", words.next().expect("a file"));
        let mut reader = csv::Reader::from_path(path).expect("the example's file");
        let names = reader.headers().expect("a header").clone();
        let mut columns: Vec<(String, Words)> = names.iter().map(|name| (name.to_owned(), vec![])).collect();
        for row in reader.records().map(|row| row.expect("a row")) {
            for ((_, words), word) in columns.iter_mut().zip(row.iter()) {
                words.push(Some(word.to_owned()).filter(|word| !word.is_empty()));
            }
        }
        let words: Vec<&str> = words.collect();
        let few = |name, value| if name == "replicates" { "20" } else { value };
        let options = words.chunks(2).map(|pair| (&pair[0][2..], few(&pair[0][2..], pair[1]))).collect();
        Self { method, columns, options }
    }

    /// Returns the table after a change of each column.
    fn table(&self, change: impl Fn(&Words) -> Words) -> Table {
        let column = |(name, words): &(String, Words)| (name.clone(), Column::Text(change(words)));
        Table::new(self.columns.iter().map(column).collect())
    }

    /// Calls the method with more options, which take the place of those of the example.
    fn call(&self, table: &Table, more: &[(&'static str, &'static str)]) -> Result<Answer, Fault> {
        let kept = |(name, _): &&(&str, &str)| more.iter().all(|(other, _)| other != name);
        let options: Vec<(&str, &str)> = self.options.iter().filter(kept).chain(more).copied().collect();
        self.method.answer(table, options)
    }

    /// Returns the table as it is, without rows, with every cell missing, of one row, and of one value a column.
    fn fates(&self) -> [Table; 5] {
        [
            self.table(Words::clone),
            self.table(|_| vec![]),
            self.table(|words| vec![None; words.len()]),
            self.table(|words| words[..1].to_vec()),
            self.table(|words| vec![words[0].clone(); words.len()]),
        ]
    }
}

fn says_nothing(answer: &Result<Answer, Fault>) -> bool {
    answer.as_ref().is_err_and(|fault| fault.message.contains("nothing beside"))
}

#[test]
fn every_method_answers_something_whatever_the_table() {
    for method in METHODS {
        let example = Example::of(method);
        for (place, table) in example.fates().iter().enumerate() {
            let answer = match example.call(table, &[]) {
                Err(fault) => {
                    assert!(place > 0 && !fault.hint.is_empty(), "{} {place}: {fault:?}", method.name);
                    assert!(!fault.message.contains("nothing beside"), "{} {place}: {fault:?}", method.name);
                    continue;
                }
                Ok(answer) => answer,
            };
            let is_sound = |value: &Value| !matches!(value, Value::Number(value) if !value.is_finite());
            assert!(!answer.rows.is_empty(), "{} {place}", method.name);
            assert!(answer.rows.iter().all(|row| is_sound(&row.value)), "{} {place}", method.name);
            let is_reason = |value: &Value| matches!(value, Value::Undefined(_));
            if [1, 2].contains(&place) {
                assert!(answer.rows.iter().any(|row| is_reason(&row.value)), "{} {place}", method.name);
            }
        }
    }
}

#[test]
fn whether_an_option_says_something_does_not_hang_on_the_data() {
    for method in METHODS {
        let example = Example::of(method);
        for setting in method.options {
            let Preset::Value(value) = setting.default else { continue };
            let value = if setting.name == "replicates" { "20" } else { value };
            let [whole, others @ ..] = example.fates();
            let is_refused = says_nothing(&example.call(&whole, &[(setting.name, value)]));
            for (place, table) in others.iter().enumerate() {
                let answer = example.call(table, &[(setting.name, value)]);
                // Another fault, of the data, comes first.
                let is_told = answer.is_ok() || says_nothing(&answer);
                let same = says_nothing(&answer) == is_refused;
                assert!(!is_told || same, "{} --{} {place}", method.name, setting.name);
            }
        }
    }
}

#[test]
fn an_empty_row_more_is_one_row_lost() {
    for method in METHODS {
        let example = Example::of(method);
        let lost = |table: &Table| -> Option<Vec<f64>> {
            let rows = example.call(table, &[]).ok()?.rows;
            let rows = rows.into_iter().filter(|row| row.quantity == "rows_lost");
            let number = |value| if let Value::Number(value) = value { value } else { f64::NAN };
            Some(rows.map(|row| number(row.value)).collect())
        };
        let before = lost(&example.table(Words::clone)).expect("an answer");
        let more = |words: &Words| words.iter().cloned().chain([None]).collect();
        // A row without its period is a fault, as is one without its level in raking; a count that is missing is 0.
        let Some(after) = lost(&example.table(more)) else { continue };
        let counts = example.options.iter().any(|(name, _)| *name == "frequency");
        let gained: Vec<bool> = before.iter().zip(&after).map(|(a, b)| b - a > 0.5).collect();
        let is_gap = example.method.name == "g-chart" || counts;
        assert!(!before.is_empty() && before.len() == after.len(), "{}", method.name);
        assert!(gained.iter().any(|one| *one) != is_gap, "{} {before:?} {after:?}", method.name);
    }
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    const TABLE: &str = "k,n,v,w,a,b,c,g\n1,2,1,1,1,2,3,x\n2,3,0,1,2,4,1,y\n1,4,1,2,3,3,5,x\n3,3,0,1,4,1,2,y\n2,4,1,1,5,5,4,x\n";
    for (method, options, silent) in [
        ("share", "--value v --kept k --n n", "`--kept`, `--n` say nothing beside `--value`"),
        ("share", "--kept k --n n --target 2", "`--target` says nothing beside `--kept`, `--n`"),
        ("share", "--kept k --n n --unit g --frequency w", "`--frequency`"),
        ("share", "--kept k --n n --convention binom", "`--convention`"),
        ("mean", "--value v --groups x", "unknown or"),
        ("nps", "--value v --columns a,b,c", "`--value`"),
        ("nps", "--value v --groups x,y", "`--groups`"),
        ("permutation", "--value v --by g --x a --y b", "`--by`, `--value` say nothing beside `--x`, `--y`"),
        ("permutation", "--value v --by g --statistic spearman", "`--statistic`"),
        ("correlation", "--columns a,b --x c --y a", "`--x`, `--y` say nothing beside `--columns`"),
        ("bootstrap", "--columns a --target 3 --replicates 20", "`--target`"),
        ("rm-correlation", "--x a --y b --by g --replicates 20", "`--replicates`"),
        ("rank-draws", "--value a --error b --variance c", "`--variance`"),
        ("rank-draws", "--kept k --n n --value a --error b", "`--error`, `--value` say nothing"),
        ("rank-sets", "--value a --error b --type marginal --best 2", "`--best`"),
        ("drivers", "--y a --x b,c --item g --replicates 0", "`--item`"),
        ("ewma", "--value a --center 3 --sd 1 --freeze 3", "`--freeze`"),
        ("runs", "--value a --center 3 --freeze 3", "`--freeze`"),
        ("bernoulli-cusum", "--event v --target 0.1 --freeze 3", "`--freeze`"),
        ("xmr", "--value a --convention qcc --screen yes", "`--screen`"),
        ("funnel", "--by g --kept k --n n --method CQC", "`--method`"),
        ("funnel", "--by g --kept k --n n --value a", "`--value`"),
    ] {
        let fault =
            super::probe::call(super::find(method).expect("a method"), &super::probe::table(TABLE), options);
        let fault = fault.expect_err(options);
        if silent == "unknown or" {
            assert!(fault.message.contains("has no option"), "{options}: {}", fault.message);
        } else {
            assert!(fault.message.contains(silent), "{method} {options}: {}", fault.message);
            assert!(says_nothing(&Err(fault.clone())) && fault.hint.contains(method), "{fault:?}");
        }
    }
}

#[test]
fn lists_with_too_much_or_too_little_are_refused() {
    const TABLE: &str = "a,b,c,g,k,n\n1,2,3,x,1,2\n2,4,1,y,2,3\n3,3,5,x,1,4\n4,1,2,y,3,3\n5,5,4,x,2,4\n";
    for (method, options) in [
        ("bootstrap", "--columns a,b"),
        ("bootstrap", "--columns a,b,c --statistic pearson"),
        ("bootstrap", "--columns a --replicates 0"),
        ("jackknife", "--columns a --parts 1"),
        ("permutation", "--x a --y b --replicates 0"),
        ("permutation", "--value a"),
        ("rank-draws", "--value a --error b --replicates 0"),
        ("correlation", "--x a --y a"),
        ("correlation", "--columns a,a"),
        ("share", "--kept k --n n --by g --groups x,x"),
        ("rank-draws", "--value a --kept k"),
        ("rank-draws", "--value a --sd b"),
        ("random-intercept", "--value a --by g --n n"),
        ("alpha", "--columns a,b,c --scale 1,4"),
        ("alpha", "--columns a,b,c --scale 1,5 --reverse c,c"),
        ("rwg", "--columns a,b --by g --scale 1,4"),
        ("importance-performance", "--y a --x b,c --scale 0,4"),
        ("attenuation", "--x a,b --y b,c"),
        ("paths", "--y a --x b --mediators b"),
        ("penalty-reward", "--y a --x , --low 2 --high 4"),
        ("regression", "--y a --x ,"),
        ("servqual", "--perceived , --expected ,"),
        ("weighted-mean", "--weight n --value ,"),
        ("krippendorff", "--columns a,b --type ,"),
        ("rake", "--columns g --target g=x:1,g=y:1,a=1:1"),
        ("rake", "--columns g --target g=x:1,g=y:1,g=y:2"),
        ("xmr", "--value a --rebase 2,2"),
    ] {
        let answer =
            super::probe::call(super::find(method).expect("a method"), &super::probe::table(TABLE), options);
        let fault = answer.expect_err(options);
        assert!(
            !fault.hint.is_empty() && !says_nothing(&Err(fault.clone())),
            "{method} {options}: {fault:?}"
        );
    }
}

#[test]
fn names_with_commas_are_written_in_quotes() {
    let words = |words: &[&str]| Column::Text(words.iter().map(|word| Some((*word).to_owned())).collect());
    let table = Table::new(vec![
        ("a,b".to_owned(), words(&["1", "2", "4", "3"])),
        ("c".to_owned(), words(&["2", "1", "4", "3"])),
        ("g".to_owned(), words(&["x, y", "z", "z", "x, y"])),
    ]);
    let found = super::correlation::METHOD.answer(&table, [("columns", "\"a,b\", c")]).expect("an answer");
    assert_eq!(found.rows[0].element, "a,b~c");
    let given = [("value", "c"), ("by", "g"), ("groups", "\"x, y\",z")];
    let found = super::compare::METHOD.answer(&table, given).expect("an answer");
    assert_eq!(super::probe::number(&found, "summary", "mean1"), Ok(2.5));
    let unknown = super::compare::METHOD.answer(&table, [("value", "c"), ("by", "g"), ("unit", "g")]);
    assert!(unknown.expect_err("unknown").message.contains("no option `--unit`"));
}

#[test]
fn faults_of_data_name_their_row() {
    const TABLE: &str = "k,n,v,w,d,t\n1,2,1,1,0.5,3\n5,4,\"3,5\",-1,2,x\n";
    for (method, options) in [
        ("share", "--kept k --n n"),
        ("mean", "--value t"),
        ("mean", "--value k --weight w"),
        ("mean", "--value k --frequency w"),
        ("rate", "--kept k --n w"),
        ("kaplan-meier", "--time w --event n"),
        ("p-chart", "--kept k --n n"),
        ("xmr", "--value k --time t"),
        ("bernoulli-cusum", "--event k --expected d"),
        ("attained-level", "--columns k --levels 1 --unit t"),
        ("beta-binomial", "--by t --kept k --n n"),
    ] {
        let table = super::probe::table(&TABLE.replace("\"3,5\"", "2"));
        let answer = super::probe::call(super::find(method).expect("a method"), &table, options);
        let fault = answer.expect_err(options);
        assert!(fault.row.is_some() && !fault.message.contains("row "), "{method} {options}: {fault:?}");
    }
}
