//! Options that are lists: words with commas between them, in quotes where a word holds a comma, as in CSV.

/// Returns the words of a list without the blanks around them; empty ones are left out.
///
/// `"a,b",c` holds the words `a,b` and `c`; a quote within quotes is written twice.
pub(super) fn words(text: &str) -> Vec<String> {
    let (mut words, mut rest) = (vec![], text);
    while !rest.is_empty() {
        let (word, after) = first(rest.trim_start());
        words.extend((!word.is_empty()).then_some(word));
        rest = after;
    }
    words
}

/// Returns the first word, and what follows its comma.
fn first(text: &str) -> (String, &str) {
    if let Some((word, after)) = text.strip_prefix('"').and_then(quoted) {
        return (word, after);
    }
    let (word, after) = text.split_once(',').unwrap_or((text, ""));
    (word.trim().to_owned(), after)
}

/// Reads on behind an opening quote; nothing where no quote closes the word.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find('"')?;
        let after = &text[end + 1..];
        if after.starts_with('"') {
            from = end + 2;
            continue;
        }
        let after = after.trim_start();
        let rest = if after.is_empty() { after } else { after.strip_prefix(',')? };
        return Some((text[..end].replace("\"\"", "\""), rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes_may_hold_commas() {
        assert_eq!(words("q1, q2,,q3 ,"), ["q1", "q2", "q3"]);
        assert_eq!(words("\"a,b\",c"), ["a,b", "c"]);
        assert_eq!(words(" \"say \"\"x\"\", y\" , \" z\""), ["say \"x\", y", " z"]);
        // What is no quoted word stands as it is.
        assert_eq!(words("5\" pipe,\"open,\"a\"b"), ["5\" pipe", "\"open", "\"a\"b"]);
        assert!(words("").is_empty() && words(" , ").is_empty());
    }
}
