//! The levels that ratings can have, declared or seen.

use super::Fault;

/// Returns the word, numbers written in one way.
pub(super) fn tidy(word: &str) -> String {
    word.trim().parse::<f64>().map_or_else(|_| word.trim().to_owned(), |number| (number + 0.0).to_string())
}

/// Returns the levels in order and whether they have one: those declared, else those seen, which have an order if they are numbers or two.
pub(super) fn levels(declared: Vec<String>, words: &[&String]) -> Result<(Vec<String>, bool), Fault> {
    if declared.is_empty() {
        let mut seen: Vec<String> = words.iter().map(|word| (*word).clone()).collect();
        let number = |word: &String| word.parse::<f64>().unwrap_or(f64::INFINITY);
        seen.sort_by(|a, b| number(a).total_cmp(&number(b)).then(a.cmp(b)));
        seen.dedup();
        let is_ordered = seen.len() < 3 || seen.iter().all(|word| number(word).is_finite());
        return Ok((seen, is_ordered));
    }
    match words.iter().find(|word| !declared.contains(word)) {
        None => Ok((declared, true)),
        Some(word) => {
            let message = format!("`{word}` is none of the levels {}", declared.join(", "));
            Err(Fault::new(message, "declare it in --levels"))
        }
    }
}
