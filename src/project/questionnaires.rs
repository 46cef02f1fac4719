//! The questionnaires: dimensions, items, families.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{self, Entry, Node};
use super::log::{Log, Place, Register, State, Wanted};
use super::value::quote;
use super::{Dimension, Item, ItemKind, Questionnaire, Text, versions};
use crate::month::Day;

/// Service layers, of items and of commitments.
pub(super) const LAYERS: [(&str, &str); 4] =
    [("core", "core"), ("additional", "additional"), ("extra", "extra"), ("unaware", "unaware")];

/// What items ask for.
pub(super) const ITEM_KINDS: [(&str, ItemKind); 8] = [
    ("satisfaction", ItemKind::Satisfaction),
    ("expectation", ItemKind::Expectation),
    ("importance", ItemKind::Importance),
    ("overall", ItemKind::Overall),
    ("recommend", ItemKind::Recommend),
    ("effort", ItemKind::Effort),
    ("promised", ItemKind::Promised),
    ("other", ItemKind::Other),
];

/// Most levels of a scale: counts are kept for each of them.
const LEVELS_MAX: i32 = 101;

/// Reads the questionnaires, sorted by code.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Questionnaire> {
    let mut questionnaires = document::read(log, root, Register::Questionnaires, |node| {
        node.entries().filter_map(|entry| questionnaire(&entry)).collect::<Vec<_>>()
    })
    .unwrap_or_default();
    questionnaires.sort_by(|a, b| a.code.cmp(&b.code));
    questionnaires
}

const KEYS: [&str; 4] = ["title", "dimensions", "items", "families"];

fn questionnaire(entry: &Entry<'_>) -> Option<Questionnaire> {
    entry.check_key();
    let (node, code) = (entry.node()?, entry.key.to_string());
    node.only_or(&KEYS, &[("in an item", &ITEM_KEYS)]);
    let title = node.get("title").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code));
    let dimensions: Vec<Dimension> = node.nodes("dimensions").iter().filter_map(dimension).collect();
    let items: Vec<(Item, Place)> =
        node.nodes("items").iter().filter_map(|node| item(node, &code, &dimensions)).collect();
    if let Some(entry) = node.need("items").filter(|entry| entry.is_array() && entry.elements().is_empty()) {
        entry.fail("`items` has no item", "a questionnaire asks something: leave it out until it does");
    }
    check_dimensions(&node, &dimensions);
    check_items(&node, &items);
    versions::check(&node, &items);
    let items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
    let families = families(&node, &items, &dimensions);
    Some(Questionnaire { code, title, dimensions, items, families })
}

/// Returns the code of a table; a table without one leaves its register doubtful.
pub(super) fn code_of(node: &Node<'_>, register: Register) -> Option<String> {
    let code = node.need("code").and_then(|entry| entry.joined_code());
    if code.is_none() {
        node.log().set(register, State::Doubtful);
    }
    code
}

fn dimension(node: &Node<'_>) -> Option<Dimension> {
    node.only(&["code", "name"]);
    let code = code_of(node, Register::Questionnaires)?;
    let name = node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code));
    Some(Dimension { code, name })
}

const ITEM_KEYS: [&str; 13] = [
    "code",
    "column",
    "text",
    "scale",
    "not_applicable",
    "dimension",
    "kind",
    "layer",
    "valid_from",
    "valid_to",
    "importance_of",
    "bridged_from",
    "expectation_of",
];

fn item(node: &Node<'_>, questionnaire: &str, dimensions: &[Dimension]) -> Option<(Item, Place)> {
    node.only_or(&ITEM_KEYS, &[("in the questionnaire, before its first item", &KEYS)]);
    let code = code_of(node, Register::Questionnaires);
    let scale = node.need("scale").and_then(|entry| scale(&entry, LEVELS_MAX));
    let kind = node.need("kind").and_then(|entry| entry.choice(&ITEM_KINDS));
    let text = node.need("text").and_then(|entry| entry.localised()).unwrap_or_default();
    let (valid_from, valid_to) = span(node);
    check_kind(node, questionnaire, (kind, scale));
    let (low, high) = scale.unwrap_or((1, 5));
    let item = Item {
        column: column(node).or_else(|| code.clone())?,
        code: code?,
        text,
        low,
        high,
        not_applicable: node
            .get("not_applicable")
            .map_or_else(Vec::new, |entry| not_applicable(&entry, scale)),
        dimension: node.get("dimension").and_then(|entry| declared(&entry, dimensions)),
        kind: kind.unwrap_or(ItemKind::Other),
        layer: layer(node),
        valid_from,
        valid_to,
        importance_of: importance_of(node, questionnaire, kind),
        bridged_from: word(node, "bridged_from"),
        expectation_of: word(node, "expectation_of"),
    };
    node.log().want(&node.place(), Wanted::ItemColumn, &item.column);
    Some((item, node.place()))
}

/// Notes an item that its questionnaire cannot ask, and a layer where it has no say.
fn check_kind(node: &Node<'_>, questionnaire: &str, (kind, scale): (Option<ItemKind>, Option<(i32, i32)>)) {
    let Some(kind) = kind else { return };
    let note = |message: &str, hint: &str| node.log().problem(&node.place(), message, hint);
    let is_yes_or_no = scale.is_none_or(|(low, high)| high - low == 1);
    if kind == ItemKind::Promised && !is_yes_or_no {
        let hint = "write `scale = [0, 1]`: 1 says that it was done when promised";
        note("`kind = \"promised\"` asks for no or yes", hint);
    }
    if kind == ItemKind::Promised && questionnaire != "client" {
        let hint = "the log knows the cases of clients alone; write `kind = \"other\"` to ask others";
        note("`kind = \"promised\"` is for the client questionnaire", hint);
    }
    if questionnaire == "importance" && kind != ItemKind::Importance {
        let hint = "write `kind = \"importance\"`, or ask it in another questionnaire";
        note("the importance questionnaire asks for importance alone", hint);
    }
    if let Some(entry) = node.get("layer")
        && (kind != ItemKind::Satisfaction || questionnaire != "client")
    {
        let hint = "leave it out: whether a layer is reached is told by satisfied clients";
        entry.fail("`layer` is for items of the client questionnaire whose kind is satisfaction", hint);
    }
}

fn column(node: &Node<'_>) -> Option<String> {
    word(node, "column")
}

fn word(node: &Node<'_>, key: &str) -> Option<String> {
    node.get(key).and_then(|entry| entry.text())
}

/// Returns the declared service layer of an item or a commitment.
pub(super) fn layer(node: &Node<'_>) -> Option<String> {
    node.get("layer").and_then(|entry| entry.choice(&LAYERS)).map(str::to_string)
}

/// Returns the ends of `scale = [low, high]`; that they make no scale of at most `levels` levels is noted.
pub(super) fn scale(entry: &Entry<'_>, levels: i32) -> Option<(i32, i32)> {
    let elements = entry.elements();
    let ends: Vec<i32> = elements.iter().filter_map(|end| end.integer_within(-1000, 1000)).collect();
    match ends[..] {
        // What is no list, or no list of numbers, is told already.
        _ if !entry.is_array() || ends.len() < elements.len() => None,
        [low, high] if low < high && high - low < levels => Some((low, high)),
        _ => {
            let message = format!("`scale` is not a lowest and a highest level, 2 to {levels} levels");
            entry.fail(message, "write it as `[1, 5]`");
            None
        }
    }
}

fn not_applicable(entry: &Entry<'_>, scale: Option<(i32, i32)>) -> Vec<i32> {
    let mut codes = Vec::new();
    for element in entry.elements() {
        let Some(code) = element.integer_within(-1_000_000, 1_000_000) else {
            continue;
        };
        if scale.is_some_and(|(low, high)| (low..=high).contains(&code)) {
            let hint = "name codes outside `scale`, or end the scale before them";
            element.fail(format!("{code} in `not_applicable` is a level of the scale"), hint);
        }
        codes.push(code);
    }
    codes
}

fn declared(entry: &Entry<'_>, dimensions: &[Dimension]) -> Option<String> {
    let code = entry.text()?;
    let known = || dimensions.iter().map(|dimension| dimension.code.as_str());
    if !known().any(|dimension| dimension == code) {
        let hint = entry.log().suggest(&code, known(), "declare it under `dimensions`");
        entry.fail(format!("unknown dimension {}", quote(&code)), hint);
    }
    Some(code)
}

/// Returns the first and last day of `node`; that they are in the wrong order is noted.
fn span(node: &Node<'_>) -> (Option<Day>, Option<Day>) {
    let day = |key| node.get(key).and_then(|entry| entry.day());
    let (from, to) = (day("valid_from"), day("valid_to"));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let hint = "the first day stands in `valid_from`, and the last in `valid_to`";
        node.log().problem(&node.place(), format!("`valid_to` {to} is before `valid_from` {from}"), hint);
    }
    (from, to)
}

fn importance_of(node: &Node<'_>, questionnaire: &str, kind: Option<ItemKind>) -> Option<String> {
    let is_importance = kind.is_none_or(|kind| kind == ItemKind::Importance);
    let Some(entry) = node.get("importance_of") else {
        if questionnaire == "importance" && is_importance {
            let hint = "name the item of the client questionnaire whose importance it asks for";
            node.log().problem(&node.place(), "missing key `importance_of`", hint);
        }
        return None;
    };
    if questionnaire != "importance" && !is_importance {
        let hint = "leave it out, or ask for importance in the importance questionnaire";
        entry.fail("`importance_of` needs `kind = \"importance\"`", hint);
    }
    let code = entry.text()?;
    node.log().want(&entry.place(), Wanted::ClientItem, &code);
    Some(code)
}

/// Notes codes that occur twice among `codes`, each with its place.
pub(super) fn note_twice<'a>(log: &Log, what: &str, codes: impl Iterator<Item = (&'a str, Place)>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, place) in codes {
        if let Some(line) = seen.get(code) {
            let message = format!("{what} {} occurs twice", quote(code));
            log.problem(&place, message, format!("it stands in line {line} already"));
        } else {
            seen.insert(code, place.line);
        }
    }
}

fn check_dimensions(node: &Node<'_>, dimensions: &[Dimension]) {
    let place = node.get("dimensions").map_or_else(|| node.place(), |entry| entry.place());
    note_twice(
        node.log(),
        "dimension",
        dimensions.iter().map(|dimension| (dimension.code.as_str(), place.clone())),
    );
}

fn check_items(node: &Node<'_>, items: &[(Item, Place)]) {
    let log = node.log();
    note_twice(log, "item", items.iter().map(|(item, place)| (item.code.as_str(), place.clone())));
    let mut scales: BTreeMap<&str, &Item> = BTreeMap::new();
    let mut columns: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for (item, place) in items {
        if let Some(dimension) = &item.dimension {
            let first = *scales.entry(dimension).or_insert(item);
            if (first.low, first.high) != (item.low, item.high) {
                let (code, other, dimension) = (quote(&item.code), quote(&first.code), quote(dimension));
                let message =
                    format!("items {other} and {code} of dimension {dimension} have different scales");
                log.problem(place, message, "items of one dimension share one scale");
            }
        }
        let sharing = columns.entry(&item.column).or_default();
        if let Some(other) = sharing.iter().find(|other| overlap(other, item)) {
            let (code, other, column) = (quote(&item.code), quote(&other.code), quote(&item.column));
            let message = format!("items {other} and {code} share column {column} at the same time");
            log.problem(place, message, "end the earlier by `valid_to`, begin the later by `valid_from`");
        }
        sharing.push(item);
    }
    check_same(log, items);
}

/// Notes items that ask one thing at one time where only one answer can be counted.
fn check_same(log: &Log, items: &[(Item, Place)]) {
    let asks = |item: &Item| match (item.kind, &item.expectation_of) {
        (ItemKind::Promised, _) => Some("whether it was done when promised".to_owned()),
        (ItemKind::Expectation, Some(of)) => Some(format!("what was expected of {}", quote(of))),
        _ => None,
    };
    let is_bridged = |a: &Item, b: &Item| a.bridged_from.as_ref() == Some(&b.code);
    for (number, (item, place)) in items.iter().enumerate() {
        let Some(thing) = asks(item) else { continue };
        let before = items[..number].iter().map(|(other, _)| other).find(|other| {
            let is_apart = is_bridged(item, other) || is_bridged(other, item);
            asks(other).as_ref() == Some(&thing) && overlap(other, item) && !is_apart
        });
        if let Some(other) = before {
            let message = format!(
                "items {} and {} both ask {thing} at one time",
                quote(&other.code),
                quote(&item.code)
            );
            log.problem(place, message, "end the earlier by `valid_to`, begin the later by `valid_from`");
        }
    }
}

fn overlap(a: &Item, b: &Item) -> bool {
    let begins = |item: &Item| item.valid_from.unwrap_or(Day(i32::MIN));
    let ends = |item: &Item| item.valid_to.unwrap_or(Day(i32::MAX));
    a.code != b.code && begins(a) <= ends(b) && begins(b) <= ends(a)
}

fn families(node: &Node<'_>, items: &[Item], dimensions: &[Dimension]) -> BTreeMap<String, Vec<String>> {
    let Some(node) = node.get("families").and_then(|entry| entry.node()) else {
        return BTreeMap::new();
    };
    let known = || {
        let items = items.iter().map(|item| item.code.as_str());
        items.chain(dimensions.iter().map(|dimension| dimension.code.as_str()))
    };
    let mut families = BTreeMap::new();
    for entry in node.entries() {
        entry.check_key();
        let codes: Vec<String> =
            entry.elements().iter().filter_map(|member| member_of(member, &known)).collect();
        if entry.is_array() && entry.elements().is_empty() {
            entry.fail(
                format!("family {} has no member", quote(entry.key)),
                "name items or dimensions, or leave it out",
            );
        }
        families.insert(entry.key.to_string(), codes);
    }
    families
}

fn member_of<'a, I>(entry: &Entry<'_>, known: &impl Fn() -> I) -> Option<String>
where
    I: Iterator<Item = &'a str>,
{
    let code = entry.text()?;
    // Of a register in which a code could not be read, not all codes are known.
    if entry.log().state(Register::Questionnaires) == State::Read && !known().any(|known| known == code) {
        let message = format!("{} is neither an item nor a dimension", quote(&code));
        entry.fail(message, entry.log().suggest(&code, known(), "name those of this questionnaire"));
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/questionnaires.toml";

    #[test]
    fn whether_it_was_done_when_promised_is_no_or_yes() {
        let told =
            edit(FILE, "scale = [1, 5] # overall\nkind = \"overall\"", "scale = [1, 5]\nkind = \"promised\"");
        let message = "`kind = \"promised\"` asks for no or yes\nhint: write `scale = [0, 1]`";
        assert!(told[0].contains(message), "{told:?}");
        assert_eq!(edit(FILE, "kind = \"overall\"", "kind = \"promise\"").len(), 1);
    }

    const AT: &str = "[client.families]";

    /// The problems of the project with items of its client questionnaire more.
    fn with(items: &[(&str, &str)]) -> Vec<String> {
        let item = |(code, rest): &(&str, &str)| {
            format!("[[client.items]]\ncode = \"{code}\"\ntext = \"?\"\nscale = {rest}\n")
        };
        edit(FILE, AT, &(items.iter().map(item).collect::<String>() + AT))
    }

    #[test]
    fn one_thing_is_asked_once_at_a_time() {
        let promised = "[0, 1]\nkind = \"promised\"";
        let ended = "[0, 1]\nkind = \"promised\"\nvalid_to = 2025-05-31";
        let begun = "[0, 1]\nkind = \"promised\"\nvalid_from = 2025-06-01";
        assert_eq!(
            with(&[("p1", promised), ("p2", promised)]),
            [
                "registers/questionnaires.toml:36: items `p1` and `p2` both ask whether it was done when promised at one time\n\
              hint: end the earlier by `valid_to`, begin the later by `valid_from`"
            ]
        );
        assert_eq!(with(&[("p1", ended), ("p2", begun)]), [""; 0]);
        let expected = "[1, 5]\nkind = \"expectation\"\nexpectation_of = \"q02\"";
        let other = "[1, 5]\nkind = \"expectation\"\nexpectation_of = \"total\"";
        let told = with(&[("e1", expected), ("e2", expected)]);
        assert!(
            told[0].contains("`e1` and `e2` both ask what was expected of `q02` at one time"),
            "{told:?}"
        );
        assert_eq!((told.len(), with(&[("e1", expected), ("e2", other)]).len()), (1, 0));
    }

    #[test]
    fn an_item_stands_in_the_questionnaire_that_can_ask_it() {
        let staff =
            "[staff]\n[[staff.items]]\ncode = \"p\"\ntext = \"?\"\nscale = [0, 1]\nkind = \"promised\"\n";
        assert_eq!(
            edit(FILE, "[importance]", &format!("{staff}[importance]")),
            ["registers/questionnaires.toml:35: `kind = \"promised\"` is for the client questionnaire\n\
              hint: the log knows the cases of clients alone; write `kind = \"other\"` to ask others"]
        );
        for kind in ["kind = \"expectation\"", "kind = \"expectation\"\nimportance_of = \"q02\""] {
            assert_eq!(
                edit(FILE, "kind = \"importance\"\nimportance_of = \"q02\"", kind),
                [
                    "registers/questionnaires.toml:35: the importance questionnaire asks for importance alone\n\
                  hint: write `kind = \"importance\"`, or ask it in another questionnaire"
                ]
            );
        }
        let layer = "`layer` is for items of the client questionnaire whose kind is satisfaction";
        for (from, at) in [("kind = \"overall\"", 30), ("kind = \"importance\"", 40)] {
            let told = edit(FILE, from, &format!("{from}\nlayer = \"core\""));
            assert!(told[0].starts_with(&format!("{FILE}:{at}: {layer}\nhint: ")), "{told:?}");
        }
    }

    #[test]
    fn unknown_and_missing_keys_are_told() {
        assert_eq!(
            edit(FILE, "kind = \"overall\"", "knd = \"overall\""),
            [
                "registers/questionnaires.toml:25: missing key `kind`",
                "registers/questionnaires.toml:29: unknown key `knd`\nhint: did you mean `kind`?",
            ]
        );
        assert_eq!(
            edit(FILE, "kind = \"overall\"", "kind = \"overal\""),
            ["registers/questionnaires.toml:29: unknown kind `overal`\nhint: did you mean `overall`?",]
        );
    }

    #[test]
    fn items_of_a_dimension_share_its_scale_and_it_is_declared() {
        assert_eq!(
            edit(
                FILE,
                "scale = [1, 5]\ndimension = \"speed\" # second",
                "scale = [0, 8]\ndimension = \"speed\""
            ),
            [
                "registers/questionnaires.toml:15: items `q01` and `q02` of dimension `speed` have different scales\n\
             hint: items of one dimension share one scale"
            ]
        );
        assert_eq!(
            edit(FILE, "dimension = \"speed\" # second", "dimension = \"sped\""),
            ["registers/questionnaires.toml:19: unknown dimension `sped`\nhint: did you mean `speed`?"]
        );
    }

    #[test]
    fn items_that_share_a_column_do_not_overlap() {
        assert_eq!(
            edit(FILE, "valid_to = 2025-06-30\n", "valid_to = 2025-07-01\n")[0],
            "registers/questionnaires.toml:15: items `q01` and `q02` share column `q01` at the same time\n\
             hint: end the earlier by `valid_to`, begin the later by `valid_from`"
        );
    }

    #[test]
    fn scales_and_codes_are_sane() {
        for scale in ["[5, 1]", "[1]", "[1, 5, 9]", "[0, 999]", "[]"] {
            assert_eq!(
                edit(FILE, "scale = [1, 5] # overall", &format!("scale = {scale}")),
                [
                    "registers/questionnaires.toml:28: `scale` is not a lowest and a highest level, 2 to 101 levels\n\
                 hint: write it as `[1, 5]`"
                ]
            );
        }
        assert_eq!(
            edit(FILE, "not_applicable = [9]", "not_applicable = [5]"),
            ["registers/questionnaires.toml:22: 5 in `not_applicable` is a level of the scale\n\
              hint: name codes outside `scale`, or end the scale before them"]
        );
        assert_eq!(
            edit(FILE, "code = \"total\"", "code = \"to:tal\"")[0],
            "registers/questionnaires.toml:26: code `to:tal` has characters other than letters a-z, digits, `_`, `.` and `-`"
        );
        assert_eq!(
            edit(FILE, "code = \"total\"", "code = \"q01\"\ncolumn = \"t\"")[0],
            "registers/questionnaires.toml:25: item `q01` occurs twice\nhint: it stands in line 8 already"
        );
    }

    #[test]
    fn families_and_importance_name_items() {
        assert_eq!(
            edit(FILE, "[\"total\", \"speed\"]", "[\"totl\", \"speed\"]"),
            [
                "registers/questionnaires.toml:32: `totl` is neither an item nor a dimension\nhint: did you mean `total`?"
            ]
        );
        assert_eq!(
            edit(FILE, "[\"total\", \"speed\"]", "[]"),
            ["registers/questionnaires.toml:32: family `drivers` has no member\n\
              hint: name items or dimensions, or leave it out"]
        );
        assert_eq!(
            edit(FILE, "[importance]", "[staff]\nitems = []\n[importance]"),
            ["registers/questionnaires.toml:35: `items` has no item\n\
              hint: a questionnaire asks something: leave it out until it does"]
        );
        // A code that cannot be read is told, and not what names it.
        assert_eq!(
            edit(FILE, "code = \"total\"", "code = 7"),
            [
                "registers/questionnaires.toml:26: `code`: expected a string, found an integer\nhint: put it in quotes"
            ]
        );
        assert_eq!(
            edit(FILE, "importance_of = \"q02\"", "importance_of = \"q2\""),
            [
                "registers/questionnaires.toml:40: unknown item `q2` of the client questionnaire\nhint: did you mean `q02`?"
            ]
        );
        assert_eq!(
            edit(FILE, "importance_of = \"q02\"\n", ""),
            ["registers/questionnaires.toml:35: missing key `importance_of`\n\
             hint: name the item of the client questionnaire whose importance it asks for"]
        );
    }

    #[test]
    fn an_item_column_has_no_other_meaning() {
        assert_eq!(
            edit(FILE, "code = \"total\"", "code = \"total\"\ncolumn = \"segment\""),
            ["registers/questionnaires.toml:25: column `segment` has another meaning in surveys\n\
             hint: call the item's column otherwise and map it under `columns` of the source"]
        );
    }

    #[test]
    fn languages_are_known() {
        assert_eq!(
            edit(FILE, "title.en = \"Client survey\"", "title.fr = \"Client survey\""),
            ["registers/questionnaires.toml:2: unknown key `fr`\nhint: known keys are `en`, `ru`, `zh`"]
        );
    }
}
