//! `rwg`: may ratings be averaged to groups?

use super::rows::{COLUMNS, Rows, encode, given, names, scale, within_scale};
use super::{Answer, Fault, Method, Request, required};
use crate::stats::Reason;
use crate::stats::aggregation::{ENOUGH, Grouped, awg, grouped, rwg, rwg_j, rwg_star, uniform_null};

pub(super) const METHOD: Method = Method {
    name: "rwg",
    known_as: &[
        "multilevel::rwg",
        "multilevel::rwg.j",
        "multilevel::awg",
        "multilevel::ICC1",
        "multilevel::ICC2",
        "psych::statsBy",
    ],
    about: "May ratings be averaged to the department? rwg, rwg(J), r*wg(J), awg by group; ICC(1) and ICC(2) over groups",
    formula: "One item: rwg = 1 - s^2/null, null = (A^2-1)/12 for A options of the scale, below 0 told as 0 (rwg_uncut is not); awg = 1 - 2 s^2/((H-M)(M-L)n/(n-1)). \
Several items: rwg_j = J(1-m)/(J(1-m)+m), m the mean s^2/null, and rwg_star_j = 1 - m. Over groups, for each item and the mean of the items \
(scale): icc1 = (MSB-MSW)/(MSB+(k-1)MSW) with the mean group size k (icc1_unbiased: with (N - sum n^2/N)/(G-1)), icc2 = 1 - MSW/MSB. may_average: yes \
where rwg or rwg_j of the group and icc2 reach .70; not_estimable for a group with one rater, whose mean must not be published as agreed. \
Rows complete in all items.",
    source: "James, Demaree and Wolf (1984), Journal of Applied Psychology 69; Lindell, Brandt and Whitney (1999); Brown and Hauenstein (2005); Bliese (2000)",
    example: "data/examples/raters_of_departments.csv --columns a,b --by department --scale 0,3",
    options: &[
        COLUMNS,
        required("by", "column of the groups"),
        required("scale", "lowest and highest answer, as 1,5"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 1)?;
    let (low, high) =
        scale(request)?.ok_or_else(|| Fault::new("`--scale` is missing", "write `--scale 1,5`"))?;
    within_scale(request, &names, (low, high))?;
    let rows = Rows::new(request)?;
    let (columns, by) = (rows.all(&names)?, rows.texts(given(request, "by")?)?);
    let full = |&i: &usize| by[i].is_some() && columns.iter().all(|column| column[i].is_some());
    let kept: Vec<usize> = (0..by.len()).filter(full).collect();
    let items: Vec<Vec<f64>> =
        columns.iter().map(|column| kept.iter().filter_map(|&i| column[i]).collect()).collect();
    let words: Vec<&str> = kept.iter().filter_map(|&i| by[i].as_deref()).collect();
    let (group, groups) = encode(&words);
    let mut answer = Answer::default();
    let scale = over_groups(&mut answer, &names, &items, &group);
    let null = uniform_null(high - low + 1.0);
    let mut reached = vec![];
    for (place, name) in groups.iter().enumerate() {
        let own = |item: &Vec<f64>| {
            item.iter().zip(&group).filter(|(_, g)| **g == place).map(|(v, _)| *v).collect()
        };
        let of_group: Vec<Vec<f64>> = items.iter().map(own).collect();
        answer.number(name, "n", of_group[0].len() as f64);
        let agreement = if let [item] = &of_group[..] {
            let found = rwg(item, null);
            answer.figure(name, "rwg", found.map(|found| found.rwg));
            answer.figure(name, "rwg_uncut", found.map(|found| found.rwg_uncut));
            answer.figure(name, "awg", awg(item, (low, high)));
            found.map(|found| found.rwg)
        } else {
            answer.figure(name, "rwg_j", rwg_j(&of_group, null));
            answer.figure(name, "rwg_star_j", rwg_star(&of_group, null));
            rwg_j(&of_group, null)
        };
        answer.text(name, "may_average", verdict(agreement, scale));
        reached.push(agreement);
    }
    let estimable = reached.iter().filter(|one| one.is_ok()).count();
    let agreed = reached.iter().flatten().filter(|&&one| one >= ENOUGH).count();
    answer.rows_lost("all", (by.len() - kept.len()) as u64);
    answer.number("all", "groups", groups.len() as f64);
    answer.number("all", "groups_estimable", estimable as f64);
    answer.number("all", "groups_agreed", agreed as f64);
    Ok(answer)
}

/// Adds ICC(1) and ICC(2) of each item and of their mean, and returns the last.
fn over_groups(
    answer: &mut Answer,
    names: &[&str],
    items: &[Vec<f64>],
    group: &[usize],
) -> Result<Grouped, Reason> {
    let rows = items[0].len();
    let mean =
        (0..rows).map(|i| items.iter().map(|item| item[i]).sum::<f64>() / items.len() as f64).collect();
    for (name, item) in names.iter().zip(items) {
        describe(answer, name, grouped(group, item));
    }
    let scale = grouped(group, &mean_or_item(items, mean));
    describe(answer, "scale", scale);
    scale
}

/// The mean of the items; of one item the item itself, to the last digit.
fn mean_or_item(items: &[Vec<f64>], mean: Vec<f64>) -> Vec<f64> {
    if let [item] = items { item.clone() } else { mean }
}

fn describe(answer: &mut Answer, element: &str, found: Result<Grouped, Reason>) {
    answer.figure(element, "icc1", found.map(|found| found.icc1));
    answer.figure(element, "icc1_unbiased", found.map(|found| found.icc1_unbiased));
    answer.figure(element, "icc2", found.map(|found| found.icc2));
    answer.figure(element, "F", found.map(|found| found.f));
    answer.figure(element, "p_value", found.map(|found| found.p_value));
}

fn verdict(agreement: Result<f64, Reason>, scale: Result<Grouped, Reason>) -> &'static str {
    match (agreement, scale) {
        (Ok(agreement), Ok(scale)) if agreement >= ENOUGH && scale.icc2 >= ENOUGH => "yes",
        (Ok(_), Ok(_)) => "no",
        _ => "not_estimable",
    }
}
