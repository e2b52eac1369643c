//! Laws of sets of AS paths, and expressions that are meant to hurt.

use edgelint_model::{AsPathEntry, AsPathLanguage, AsPathList};
use edgelint_source::{FileId, Span};
use proptest::prelude::*;

use super::{AsPath, AsPathSet, Expressions, Path, Segment, decide};

const AT: Span = Span::new(FileId(0), 0, 0);

/// An expression over characters, as a tree: printed for what is tested, and matched here in the plainest way.
#[derive(Clone, Debug)]
enum Tree {
    Text(&'static str),
    Any,
    Between,
    Begin,
    End,
    Digits,
    Group(Vec<Vec<Self>>),
    Times(Box<Self>, char),
}

impl Tree {
    fn print(&self, text: &mut String) {
        match self {
            Self::Text(characters) => text.push_str(characters),
            Self::Any => text.push('.'),
            Self::Between => text.push('_'),
            Self::Begin => text.push('^'),
            Self::End => text.push('$'),
            Self::Digits => text.push_str("[0-5]"),
            Self::Group(ways) => {
                text.push('(');
                for (place, way) in ways.iter().enumerate() {
                    text.push_str(if place == 0 { "" } else { "|" });
                    way.iter().for_each(|part| part.print(text));
                }
                text.push(')');
            }
            Self::Times(inner, operator) => {
                inner.print(text);
                text.push(*operator);
            }
        }
    }

    /// Where it may end in a text when it begins in some places.
    fn ends(&self, text: &[u8], from: &[usize]) -> Vec<usize> {
        let one = |passes: &dyn Fn(u8) -> bool| -> Vec<usize> {
            let fits = |at: &&usize| text.get(**at).is_some_and(|byte| passes(*byte));
            from.iter().filter(fits).map(|at| at + 1).collect()
        };
        let mut ends = match self {
            Self::Text(characters) => {
                let fits = |at: &&usize| text[**at..].starts_with(characters.as_bytes());
                from.iter().filter(fits).map(|at| at + characters.len()).collect()
            }
            Self::Any => one(&|_| true),
            Self::Digits => one(&|byte| (b'0'..=b'5').contains(&byte)),
            Self::Begin => from.iter().copied().filter(|at| *at == 0).collect(),
            Self::End => from.iter().copied().filter(|at| *at == text.len()).collect(),
            Self::Between => {
                let mut ends = one(&|byte| b" ,{}()".contains(&byte));
                ends.extend(from.iter().filter(|at| **at == 0 || **at == text.len()));
                ends
            }
            Self::Group(ways) => ways.iter().flat_map(|way| through(way, text, from)).collect(),
            Self::Times(inner, operator) => {
                let mut all = if *operator == '+' { Vec::new() } else { from.to_vec() };
                let mut reached = from.to_vec();
                for _ in 0..if *operator == '?' { 1 } else { text.len() + 1 } {
                    reached = inner.ends(text, &reached);
                    all.extend(&reached);
                }
                all
            }
        };
        ends.sort_unstable();
        ends.dedup();
        ends
    }
}

fn through(way: &[Tree], text: &[u8], from: &[usize]) -> Vec<usize> {
    way.iter().fold(from.to_vec(), |places, part| part.ends(text, &places))
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        4 => prop::sample::select(vec!["1", "2", "12", "65000", "4294967295", " ", "12 1", ","])
            .prop_map(Tree::Text),
        1 => Just(Tree::Any),
        3 => Just(Tree::Between),
        1 => Just(Tree::Begin),
        1 => Just(Tree::End),
        1 => Just(Tree::Digits),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let way = prop::collection::vec(inner.clone(), 0..3);
        let group = prop::collection::vec(way, 1..3).prop_map(Tree::Group);
        let repeated =
            prop_oneof![group.clone(), Just(Tree::Digits), Just(Tree::Any), Just(Tree::Text("1")),];
        prop_oneof![
            2 => group,
            2 => (repeated, prop::sample::select(vec!['*', '+', '?']))
                .prop_map(|(inner, operator)| Tree::Times(Box::new(inner), operator)),
            1 => Just(Tree::Times(
                Box::new(Tree::Times(Box::new(Tree::Text("2")), '+')),
                '?'
            )),
        ]
    })
}

fn characters() -> impl Strategy<Value = (String, Vec<Tree>)> {
    prop::collection::vec(tree(), 0..5).prop_map(|trees| {
        let mut text = String::new();
        trees.iter().for_each(|tree| tree.print(&mut text));
        (text, trees)
    })
}

/// An expression over whole numbers.
fn numbers() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "1",
        "12",
        "65000",
        ".",
        "1-12",
        "[1 64500-65000]",
        "[^1 2]",
        "4294967295",
        "()",
    ]);
    let term = term.prop_map(str::to_owned);
    let times = || prop::sample::select(vec!["", "*", "+", "?", "{2}", "{1,2}", "{0,}", "{2,}"]);
    let repeated = (term, times()).prop_map(|(term, times)| format!("{term}{times}"));
    let sequence = prop::collection::vec(repeated, 0..3).prop_map(|terms| terms.join(" "));
    let group = prop::collection::vec(sequence.clone(), 1..3).prop_map(|ways| ways.join("|"));
    let grouped = (group, times()).prop_map(|(group, times)| format!("({group}){times}"));
    prop::collection::vec(prop_oneof![sequence, grouped], 1..3).prop_map(|parts| parts.join(" "))
}

/// A condition in words.
fn elements() -> impl Strategy<Value = String> {
    let number = prop::sample::select(vec!["1", "2", "12", "65000", "[1..12]", "[64500..65000]"]);
    let row = prop::collection::vec(number, 1..4).prop_map(|row| row.join(" "));
    let head = prop::sample::select(vec!["passes-through", "neighbor-is", "originates-from"]);
    let exact = prop::sample::select(vec!["", " exact"]);
    let by_row = (head, row, exact).prop_map(|(head, row, exact)| format!("{head} '{row}'{exact}"));
    let operator = prop::sample::select(vec!["eq", "ge", "le", "is"]);
    let by_length =
        (operator, 0..4).prop_map(|(operator, bound)| format!("length {operator} {bound}"));
    prop_oneof![3 => by_row, 1 => by_length, 1 => Just("is-local".to_owned())]
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![
        6 => prop::sample::select(vec![0, 1, 2, 12, 21, 122, 64_500, 65_000, u32::MAX]),
        1 => any::<u32>(),
    ]
}

fn sequence() -> impl Strategy<Value = AsPath> {
    prop::collection::vec(number(), 0..6).prop_map(AsPath::of_numbers)
}

fn path() -> impl Strategy<Value = AsPath> {
    let some = || prop::collection::vec(number(), 1..3);
    let segment = prop_oneof![
        6 => number().prop_map(Segment::Number),
        1 => some().prop_map(Segment::Set),
        1 => some().prop_map(Segment::Confederation),
    ];
    prop::collection::vec(segment, 0..6).prop_map(|segments| AsPath { segments })
}

/// A set of some language.
fn set() -> impl Strategy<Value = AsPathSet> {
    let made = |language, expression: String| AsPathSet::of_expression(language, &expression);
    prop_oneof![
        characters().prop_map(move |(text, _)| made(AsPathLanguage::Characters, text)),
        numbers().prop_map(move |text| made(AsPathLanguage::Numbers, text)),
        elements().prop_map(move |text| made(AsPathLanguage::Elements, text)),
    ]
    .prop_filter_map("too large", |set| set)
}

fn directly(language: AsPathLanguage, expression: &str, path: &AsPath) -> Option<bool> {
    decide(language, expression, &Path::Exactly(path.clone()), &Expressions::default())
}

proptest! {
    #[test]
    fn text_reads_back(path in path()) {
        prop_assert_eq!(AsPath::read(&path.to_string()), Some(path.clone()));
        prop_assert!(AsPathSet::all().matches(&path));
        let plain = path.numbers().is_some();
        prop_assert_eq!(AsPathSet::sequences().matches(&path), plain);
        let alone = AsPathSet::of_path(&path).expect("small");
        prop_assert!(alone.matches(&path));
        prop_assert_eq!(alone.witness(), Some(path));
    }

    #[test]
    fn characters_match_as_the_plain_matcher((text, trees) in characters(), path in path()) {
        // Blanks around an expression are no part of it.
        prop_assume!(text.trim() == text);
        let printed = path.to_string();
        let from: Vec<usize> = (0..=printed.len()).collect();
        let wanted = !through(&trees, printed.as_bytes(), &from).is_empty();
        prop_assert_eq!(directly(AsPathLanguage::Characters, &text, &path), Some(wanted));
        let set = AsPathSet::of_expression(AsPathLanguage::Characters, &text).expect("small");
        prop_assert_eq!(set.matches(&path), wanted, "{}", text);
    }

    #[test]
    fn numbers_match_as_the_walk(text in numbers(), path in sequence()) {
        let wanted = directly(AsPathLanguage::Numbers, &text, &path);
        let set = AsPathSet::of_expression(AsPathLanguage::Numbers, &text);
        prop_assume!(set.is_some(), "too large");
        let set = set.expect("assumed");
        prop_assert_eq!(Some(set.matches(&path)), wanted, "{}", text);
    }

    #[test]
    fn conditions_match_as_the_rows(text in elements(), path in sequence()) {
        let wanted = directly(AsPathLanguage::Elements, &text, &path);
        if let Some(set) = AsPathSet::of_expression(AsPathLanguage::Elements, &text) {
            prop_assert_eq!(Some(set.matches(&path)), wanted, "{}", text);
        }
    }

    #[test]
    fn sets_obey_the_algebra(a in set(), b in set(), path in path()) {
        let both = a.intersection(&b).expect("small");
        let any = a.union(&b).expect("small");
        let rest = a.difference(&b).expect("small");
        let (in_a, in_b) = (a.matches(&path), b.matches(&path));
        prop_assert_eq!(both.matches(&path), in_a && in_b);
        prop_assert_eq!(any.matches(&path), in_a || in_b);
        prop_assert_eq!(rest.matches(&path), in_a && !in_b);
        let not = |set: &AsPathSet| set.complement().expect("small");
        prop_assert_eq!(not(&a).matches(&path), !in_a);
        prop_assert_eq!(not(&not(&a)), a.clone());
        prop_assert_eq!(not(&any), not(&a).intersection(&not(&b)).expect("small"));
        prop_assert_eq!(both.union(&rest).expect("small"), a.clone());
        prop_assert_eq!(a.overlaps(&b), Some(!both.is_empty()));
        prop_assert_eq!(b.includes(&a), Some(rest.is_empty()));
        let same = a.includes(&b) == Some(true) && b.includes(&a) == Some(true);
        prop_assert_eq!(same, a == b);
        prop_assert_eq!(not(&a).overlaps(&a), Some(false));
    }

    #[test]
    fn a_witness_is_in_the_set(a in set(), b in set()) {
        for set in [a.clone(), a.difference(&b).expect("small"), a.complement().expect("small")] {
            match set.witness() {
                Some(path) => prop_assert!(set.matches(&path), "{path}"),
                None => prop_assert!(set.is_empty()),
            }
        }
    }

    #[test]
    fn numbers_in_front_are_seen(a in set(), path in path(), added in prop::collection::vec(number(), 0..3)) {
        let before = a.before(&added).expect("small");
        prop_assert_eq!(before.matches(&path), a.matches(&path.behind(&added)));
    }

    #[test]
    fn lengths_are_counted(path in path(), least in 0_u32..5, more in 0_u32..3) {
        let length = path.length() as u32;
        let set = AsPathSet::of_length(least, least + more).expect("small");
        prop_assert_eq!(set.matches(&path), (least..=least + more).contains(&length));
        let open = AsPathSet::of_length(least, u32::MAX).expect("small");
        prop_assert_eq!(open.matches(&path), least <= length);
    }

    #[test]
    fn the_first_entry_of_a_list_decides(
        entries in prop::collection::vec((any::<bool>(), characters()), 0..5),
        path in path(),
    ) {
        let entry = |(permit, (regex, _)): &(bool, (String, _))| AsPathEntry {
            at: AT,
            permit: *permit,
            regex: regex.clone().leak(),
        };
        let entries: Vec<AsPathEntry<'_>> = entries.iter().map(entry).collect();
        let matches = |entry: &&AsPathEntry<'_>| {
            directly(AsPathLanguage::Characters, entry.regex, &path) == Some(true)
        };
        let wanted = entries.iter().find(matches).is_some_and(|entry| entry.permit);
        let list = AsPathList { name: "L", at: AT, entries, blind: Vec::new() };
        let set = AsPathSet::of_list(AsPathLanguage::Characters, &list).expect("small");
        prop_assert_eq!(set.matches(&path), wanted);
    }
}

fn of_characters(expression: &str) -> Option<AsPathSet> {
    AsPathSet::of_expression(AsPathLanguage::Characters, expression)
}

#[test]
fn what_rules_ask() {
    let only = of_characters("^12076$").expect("small");
    let any = of_characters("^(12076_)+$").expect("small");
    let repeated = |times| AsPath::of_numbers(std::iter::repeat_n(12076, times));
    for times in 1..=9 {
        assert_eq!(only.matches(&repeated(times)), times == 1);
        assert!(any.matches(&repeated(times)));
    }
    assert_eq!(any.includes(&only), Some(true));
    assert_eq!(only.includes(&any), Some(false));
    let missed = any.difference(&only).expect("small");
    assert_eq!(missed.witness(), Some(repeated(2)));
    assert_eq!(of_characters("^$"), Some(AsPathSet::empty_path()));
    assert_eq!(of_characters(".*"), Some(AsPathSet::all()));
    assert_eq!(of_characters(".+"), Some(AsPathSet::non_empty()));
    assert!(of_characters("_4294967296_").expect("small").is_empty());
    assert!(of_characters("_007_").expect("small").is_empty());
}

#[test]
fn wildcards_at_the_ends_say_nothing() {
    for (wild, bare) in [
        (".*_64500_.*", "_64500_"),
        ("^64500_.*", "^64500_"),
        (".*64500$", "64500$"),
        (".*.*1.*.*", "1"),
        (".*", ""),
        ("^.*$", ""),
        (".*?1", "1"),
        ("(1|.*2.*)", "1|2"),
    ] {
        assert_eq!(of_characters(wild), of_characters(bare), "{wild}");
    }
    assert_eq!(of_characters("(.*"), None);
    assert_ne!(of_characters("1\\.*"), of_characters("1\\"));
}

#[test]
fn languages_meet() {
    let of = |language, text| AsPathSet::of_expression(language, text).expect("small");
    let by_characters = of(AsPathLanguage::Characters, "^12076(_12076)*$");
    let by_numbers = of(AsPathLanguage::Numbers, "12076+");
    let by_symbols = of(AsPathLanguage::Symbols, "^12076+$");
    assert_eq!(by_characters.intersection(&AsPathSet::sequences()).as_ref(), Some(&by_numbers));
    assert_eq!(by_characters.witness(), by_symbols.witness());
    let passes = of(AsPathLanguage::Elements, "passes-through '8075'");
    assert_eq!(passes, of(AsPathLanguage::Numbers, ".* 8075 .*"));
    let text = of(AsPathLanguage::Characters, "_8075_");
    assert_eq!(text.intersection(&AsPathSet::sequences()), Some(passes));
}

#[test]
fn hostile_expressions_end() {
    let numbers = |text: &str| AsPathSet::of_expression(AsPathLanguage::Numbers, text);
    assert_eq!(of_characters("((((.*)*)*)*)*"), Some(AsPathSet::all()));
    assert!(of_characters(&format!("{}1{}", "(".repeat(100), ")*".repeat(100))).is_some());
    // Each of these has far too many states.
    assert_eq!(of_characters("(1{1000}){1000}"), None);
    assert_eq!(of_characters(&format!("1.{{40}}{}", "(1|2)".repeat(4))), None);
    assert_eq!(of_characters(&"(".repeat(100_000)), None);
    assert_eq!(of_characters(&"1?".repeat(200_000)), None);
    assert_eq!(numbers(".{16000}"), None);
    assert_eq!(numbers(&"(.".repeat(30_000)), None);
    assert!(numbers(".{4,99999999}").is_some());
    assert!(numbers(".{99999999}").expect("nothing").is_empty());
    let many: Vec<String> = (1..3000).map(|n| format!("_{}_", n * 37)).collect();
    let many = of_characters(&many.join("|"));
    assert!(many.is_none_or(|set| set.matches(&AsPath::of_numbers([1, 37 * 1234]))));
}

#[test]
fn long_lists_of_plain_expressions_are_decided() {
    let list = |regexes: Vec<(bool, String)>| {
        let entry =
            |(permit, regex): (bool, String)| AsPathEntry { at: AT, permit, regex: regex.leak() };
        let entries = regexes.into_iter().map(entry).collect();
        AsPathList { name: "L", at: AT, entries, blind: Vec::new() }
    };
    // Filters against AS numbers that nobody should pass on, as they are written by hand and by tools.
    let mut refusing: Vec<_> = (64100..64400).map(|n| (false, format!("_{n}_"))).collect();
    refusing.push((true, ".*".to_owned()));
    let refusing = AsPathSet::of_list(AsPathLanguage::Characters, &list(refusing)).expect("plain");
    let origins = (1..1500).map(|n| (true, format!("_{}$", n * 37))).collect();
    let origins = AsPathSet::of_list(AsPathLanguage::Characters, &list(origins)).expect("plain");
    let bare = (64100..64200).map(|n| (true, format!("_{n}_"))).collect();
    let bare = AsPathSet::of_list(AsPathLanguage::Characters, &list(bare));
    let wild = (64100..64200).map(|n| (true, format!(".*_{n}_.*"))).collect();
    assert_eq!(AsPathSet::of_list(AsPathLanguage::Characters, &list(wild)), bare);
    assert!(bare.is_some());
    let through = (64100..64300).map(|n| (true, format!(".* {n} .*"))).collect();
    let through = AsPathSet::of_list(AsPathLanguage::Numbers, &list(through)).expect("plain");
    let words = (64100..64300).map(|n| (true, format!("passes-through '{n}'"))).collect();
    let words = AsPathSet::of_list(AsPathLanguage::Elements, &list(words)).expect("plain");
    let path = |numbers: &[u32]| AsPath::of_numbers(numbers.iter().copied());
    assert!(refusing.matches(&path(&[12076, 8075])));
    assert!(!refusing.matches(&path(&[12076, 64399, 8075])));
    assert!(origins.matches(&path(&[12076, 37 * 1234])));
    assert!(!origins.matches(&path(&[12076, 37 * 1234 + 1])));
    assert_eq!(through, words);
    assert_eq!(through.overlaps(&refusing), Some(false));
    assert!(through.matches(&path(&[1, 64250, 3])));
}
