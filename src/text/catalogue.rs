//! The catalogue: every sentence that a reader sees, by key, with its arguments (Fluent).
//!
//! In: a key and arguments, numbers among them already as text. Out: the sentence. A key or argument that is missing
//! shows as `{key}`, which the tests look for.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::number::{Count, Locale, reason_key};
use crate::stats::Reason;

/// One file a subject, in the order of the page.
const ENGLISH: &[&str] = &[
    include_str!("en/figures.ftl"),
    include_str!("en/findings.ftl"),
    include_str!("en/ratings.ftl"),
    include_str!("en/trends.ftl"),
    include_str!("en/questions.ftl"),
    include_str!("en/cuts.ftl"),
    include_str!("en/layers.ftl"),
    include_str!("en/priorities.ftl"),
    include_str!("en/penalty.ftl"),
    include_str!("en/spread.ftl"),
    include_str!("en/commitments.ftl"),
    include_str!("en/rare.ftl"),
    include_str!("en/causes.ftl"),
    include_str!("en/remedies.ftl"),
    include_str!("en/register.ftl"),
    include_str!("en/outcomes.ftl"),
    include_str!("en/relations.ftl"),
    include_str!("en/chain.ftl"),
    include_str!("en/results.ftl"),
    include_str!("en/staff.ftl"),
    include_str!("en/circle.ftl"),
    include_str!("en/competency.ftl"),
    include_str!("en/assessed.ftl"),
    include_str!("en/interviews.ftl"),
    include_str!("en/deliveries.ftl"),
    include_str!("en/response.ftl"),
    include_str!("en/signs.ftl"),
    include_str!("en/definitions.ftl"),
];

/// An argument of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg<'a> {
    /// Text: a name, or a number already written.
    Text(Cow<'a, str>),
    /// A count, written in groups of three digits, that also chooses the grammatical number.
    Count(usize),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

/// The sentences of one language.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    locale: Locale,
}

impl Catalogue {
    /// Reads the sentences of a language; English until the others are written.
    pub fn new(locale: Locale) -> Self {
        let identifier: LanguageIdentifier = "en".parse().expect("`en` is a language");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        for part in ENGLISH {
            let resource =
                FluentResource::try_new((*part).to_owned()).expect("the catalogue was parsed by its tests");
            bundle.add_resource(resource).expect("the catalogue has no key twice, by its tests");
        }
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(Locale::English.decimal(number.value, 0)),
            _ => None,
        }));
        Self { bundle, locale }
    }

    /// Returns the language's conventions for numbers and months.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Returns the sentence of a key.
    pub fn message(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("{{{key}}}");
        };
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => values.set(*name, text.as_ref()),
                Arg::Count(count) => values.set(*name, *count),
            }
        }
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }

    /// Returns the sentence of a key without arguments.
    pub fn phrase(&self, key: &str) -> String {
        self.message(key, &[])
    }

    /// Returns the words for a missing figure.
    pub fn reason(&self, reason: Reason) -> String {
        self.phrase(&reason_key(reason))
    }

    /// Returns `n = 62`, or what stands for it when it is withheld.
    pub fn n(&self, count: Count) -> String {
        self.locale.n(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The variables of every message, read from the catalogue's own text.
    fn variables() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        let mut key = "";
        let lines = ENGLISH.iter().flat_map(|part| part.lines());
        for line in lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            if !line.starts_with([' ', '}']) {
                key = line.split_once(" =").expect("a message is `key = text`").0;
                assert!(all.insert(key, BTreeSet::new()).is_none(), "`{key}` stands twice");
            }
            for part in line.split('$').skip(1) {
                let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
                all.get_mut(key).expect("just inserted").insert(&part[..end]);
            }
        }
        all
    }

    #[test]
    fn every_message_is_complete_with_its_arguments() {
        let catalogue = Catalogue::new(Locale::English);
        for (key, names) in variables() {
            for count in [0_usize, 1, 2, 12_000] {
                let args: Vec<_> = names.iter().map(|name| (*name, Arg::Count(count))).collect();
                let text = catalogue.message(key, &args);
                assert!(!text.contains(['{', '}']) && !text.is_empty(), "{key}: {text}");
            }
        }
    }

    #[test]
    fn every_reason_has_its_words() {
        let catalogue = Catalogue::new(Locale::English);
        for reason in Reason::ALL {
            assert!(!catalogue.reason(reason).contains('{'), "{}", reason.code());
        }
    }

    #[test]
    fn every_reason_of_the_quarantine_has_its_words() {
        let catalogue = Catalogue::new(Locale::English);
        for reason in crate::project::REASONS.iter().filter(|reason| **reason != "*") {
            let told = catalogue.phrase(&format!("report-quarantine-{reason}"));
            assert!(!told.contains('{'), "{reason}");
        }
    }

    #[test]
    fn a_missing_key_or_argument_shows() {
        let catalogue = Catalogue::new(Locale::English);
        assert_eq!(catalogue.phrase("no-such-key"), "{no-such-key}");
        assert!(catalogue.phrase("caterpillar-left-out").contains('{'));
    }

    #[test]
    fn counts_choose_the_grammatical_number_and_are_grouped() {
        let catalogue = Catalogue::new(Locale::English);
        let left_out = |count: usize| catalogue.message("caterpillar-left-out", &[("count", count.into())]);
        assert!(left_out(1).contains("1 department "), "{}", left_out(1));
        assert!(left_out(12_000).contains("12\u{202f}000 departments "), "{}", left_out(12_000));
    }
}
