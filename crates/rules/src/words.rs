//! Words that several rules use: lists, circuits with their neighbors.

use edgelint_facts::vocabulary::Community;
use edgelint_facts::{Contest, Network, Peering, PreferenceClass, Session, SessionId};

/// `a and b`, `a, b and c`.
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// The first items of a list, and how many are left out: `a, b and 3 more`.
pub(crate) fn some_of<T: ToString>(items: &[T], most: usize) -> String {
    let mut names: Vec<String> = items.iter().take(most).map(T::to_string).collect();
    if items.len() > most {
        names.push(format!("{} more", items.len() - most));
    }
    list(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The circuit of sessions and their neighbors: `er-london (neighbors 192.0.2.2, 192.0.2.6)`.
pub(crate) fn circuit_name(network: &Network<'_>, sessions: &[SessionId]) -> String {
    let neighbors: Vec<String> =
        sessions.iter().map(|id| network.session(*id).neighbor_name()).collect();
    let word = if neighbors.len() == 1 { "neighbor" } else { "neighbors" };
    let circuit = sessions.first().and_then(|id| network.session(*id).circuit);
    let neighbors = neighbors.join(", ");
    match circuit {
        Some(circuit) => format!("{} ({word} {neighbors})", network.circuit(circuit).name),
        None => format!("{word} {neighbors}"),
    }
}

/// On which peering a session is, behind its name in a message; nothing where that is not known.
pub(crate) fn on_peering(session: &Session<'_>) -> &'static str {
    match session.role.peering() {
        Some(Peering::Private) => " on private peering",
        Some(Peering::Microsoft) => " on Microsoft peering",
        Some(Peering::Public) => " on public peering",
        Some(Peering::Transit) => " on a transit interface",
        Some(Peering::Unknown) | None => "",
    }
}

/// Whether a session accepts other routes too, which are told apart from a class by its policy.
pub(crate) fn is_partial(session: &Session<'_>, class: &PreferenceClass<'_>) -> bool {
    session.live_families().any(|family| {
        let mut classes = family.preferences.iter();
        family.preferences.len() > 1 && classes.any(|one| std::ptr::eq(one, class))
    })
}

/// Which routes a contest is about, in words.
pub(crate) fn class_words(contest: &Contest<'_, '_>) -> String {
    let names = |values: &[Community]| {
        values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let mut words = some_of(&contest.space.ranges(), 4);
    let (with, without) = (contest.ours.communities(), contest.ours.without());
    if !with.is_empty() {
        words.push_str(&format!(" with {}", names(with)));
    }
    if !without.is_empty() {
        words.push_str(&format!(" without {}", names(without)));
    }
    words
}

/// What a class is given, in words.
pub(crate) fn preference(class: &PreferenceClass<'_>) -> String {
    let local_preference = match (class.local_preference, class.effective_local_preference) {
        (Some(value), _) => format!("local preference {value}"),
        (None, Some(value)) => format!("the default local preference {value}"),
        (None, None) => "an unknown local preference".to_owned(),
    };
    match (class.weight, class.distance) {
        (Some(weight), _) => format!("{local_preference} and weight {weight}"),
        (None, Some(distance)) => format!("{local_preference} and route preference {distance}"),
        (None, None) => local_preference,
    }
}

/// How often AS numbers are put in front: `not prepended`, `prepended 3 times`.
pub(crate) fn prepended(count: usize) -> String {
    match count {
        0 => "not prepended".to_owned(),
        1 => "prepended once".to_owned(),
        _ => format!("prepended {count} times"),
    }
}

/// Letters that have to be put in, left out or exchanged to turn one name into the other
/// (Levenshtein); at least three where the lengths differ by as much.
pub(crate) fn letters_apart(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > 2 {
        return 3;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, other) in row.iter_mut().skip(1).zip(&other) {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            *cell = exchanged.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::letters_apart;

    #[test]
    fn names_differ_by_letters() {
        assert_eq!(letters_apart("RM-TRANSIT-OUT", "RM-TRANSI-OUT"), 1);
        assert_eq!(letters_apart("ER-OUT", "ER-OTU"), 2);
        assert_eq!(letters_apart("SAME", "SAME"), 0);
        assert_eq!(letters_apart("A", "ABCD"), 3);
    }
}
