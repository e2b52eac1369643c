//! Damages a derived sentence a little, so that it may or may not still belong to the grammar.
//!
//! Nobody knows which until the recogniser is asked. One blow a sentence: with two, one would hide
//! what the parser makes of the other.

use crate::compile::Compiled;
use crate::derive::{Emitted, Sentence};
use crate::random::Random;

/// A damaged sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The text after the blow.
    pub text: String,
    /// Line that was hit, counted from 1.
    pub line: usize,
    /// What was done, for people.
    pub what: String,
}

#[derive(Clone, Copy)]
enum Blow {
    Delete,
    Double,
    Swap,
    NearMiss,
    Keyword,
    Truncate,
    Case,
}

/// Near misses and keywords come more often: they find the drifts that shuffled words do not.
const BLOWS: [Blow; 10] = [
    Blow::Delete,
    Blow::Double,
    Blow::Swap,
    Blow::NearMiss,
    Blow::NearMiss,
    Blow::NearMiss,
    Blow::Keyword,
    Blow::Keyword,
    Blow::Truncate,
    Blow::Case,
];

/// Hits one word of the sentence. Nothing where the drawn blow does not apply to the drawn word.
pub fn mutate(sentence: &Sentence<'_>, compiled: &Compiled, random: &mut Random) -> Option<Mutant> {
    let blow = *random.among(&BLOWS)?;
    let hit = random.among(&sentence.words)?;
    let on_line: Vec<&Emitted> =
        sentence.words.iter().filter(|word| word.line == hit.line).collect();
    let at = on_line.iter().position(|word| word.range == hit.range)?;
    let mut words: Vec<String> =
        on_line.iter().map(|word| sentence.word(word).to_owned()).collect();
    let old = sentence.word(hit);
    let what = match blow {
        // A line without words is no line; the block below it would change owners.
        Blow::Delete if 1 < words.len() => {
            words.remove(at);
            format!("`{old}` deleted")
        }
        Blow::Double => {
            words.insert(at, old.to_owned());
            format!("`{old}` doubled")
        }
        Blow::Swap if at + 1 < words.len() => {
            words.swap(at, at + 1);
            format!("`{old}` swapped with the word behind it")
        }
        Blow::NearMiss => {
            let near = hit.class?.near_miss(random)?;
            let what = format!("`{old}` replaced with `{near}`");
            *words.get_mut(at)? = near;
            what
        }
        Blow::Keyword if hit.class.is_none() => {
            let other = random.among(&compiled.keywords)?;
            other.clone_into(words.get_mut(at)?);
            format!("`{old}` replaced with `{other}`")
        }
        Blow::Truncate if 0 < at => {
            words.truncate(at);
            format!("`{old}` and all behind it cut off")
        }
        Blow::Case if hit.class.is_none() => {
            let upper = old.to_uppercase();
            let what = format!("`{old}` written `{upper}`");
            *words.get_mut(at)? = upper;
            what
        }
        _ => return None,
    };
    let (first, last) = (on_line.first()?, on_line.last()?);
    let mut text = sentence.text.get(..first.range.start)?.to_owned();
    text.push_str(&words.join(" "));
    text.push_str(sentence.text.get(last.range.end..)?);
    (text != sentence.text).then_some(Mutant { text, line: hit.line, what })
}

#[cfg(test)]
mod tests {
    use super::mutate;
    use crate::compile::Compiled;
    use crate::derive::Sentences;
    use crate::grammar::Grammar;
    use crate::random::Random;
    use std::collections::BTreeSet;

    #[test]
    fn one_line_changes_and_every_blow_falls() {
        let text = "c ::= (\"list\" NAME \"permit\" LEN4 NL (INDENT \"x\" NL DEDENT)?)+";
        let compiled = Compiled::new(&Grammar::read(text).unwrap()).unwrap();
        let mut random = Random::new(4);
        let mut blows = BTreeSet::new();
        for sentence in Sentences::new(&compiled, 4).take(2_000) {
            let Some(mutant) = mutate(&sentence, &compiled, &mut random) else { continue };
            let before: Vec<&str> = sentence.text.lines().collect();
            let after: Vec<&str> = mutant.text.lines().collect();
            assert_eq!(before.len(), after.len());
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                assert_eq!(*before != after, index + 1 == mutant.line, "{}", mutant.what);
                assert_eq!(before.starts_with(' '), after.starts_with(' '));
            }
            let words = ["deleted", "doubled", "swapped", "replaced", "cut off", "written"];
            blows.extend(words.into_iter().filter(|word| mutant.what.contains(word)));
        }
        assert_eq!(blows.len(), 6, "{blows:?}");
    }
}
