//! What many sets share, by who shares it.
//!
//! Comparing circuits in pairs costs a square of work and, worse, a square of findings. Here all
//! sets are swept at once, and what is shared comes out by equivalence class: all that exactly the
//! sets 1, 4 and 7 have in common is one item, however many pairs that makes.
//!
//! The sweep keeps, for each lane, the class of the sets that have the lane at the present address.
//! Only lanes that change cost anything, so the work follows the number of steps and the size of
//! the result. Classes are interned lists of members and compared exactly, not by a digest.

use std::collections::{BTreeMap, HashMap};

use crate::address_set::AddressSet;
use crate::set::{FamilySet, PrefixSet};
use crate::steps::{Growing, Steps};
use crate::word::{Lanes, Word};

/// What two or more sets share, and no other set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shared<S> {
    /// The positions of the sets, ascending, at least two.
    pub members: Vec<usize>,
    /// What is in all of them and in none of the others; never empty.
    pub set: S,
}

/// Divides what more than one of the sets contains by the sets that contain it.
///
/// The results are disjoint and ordered by their members. Both families of a class are in one
/// result.
///
/// ```
/// use edgelint_prefix::{PrefixRange, PrefixSet, shared_prefixes};
/// let set = |text| PrefixSet::from_range(PrefixRange::parse(text).unwrap());
/// let (a, b, c) = (set("10.0.0.0/8 le 24"), set("10.1.0.0/16"), set("10.1.0.0/16 le 17"));
/// let shared = shared_prefixes(&[&a, &b, &c]);
/// assert_eq!(shared[0].members, [0, 1, 2]);
/// assert_eq!(shared[0].set.to_string(), "10.1.0.0/16");
/// assert_eq!(shared[1].members, [0, 2]);
/// assert_eq!(shared[1].set.to_string(), "10.1.0.0/16 ge 17 le 17");
/// ```
pub fn shared_prefixes(sets: &[&PrefixSet]) -> Vec<Shared<PrefixSet>> {
    let mut classes: BTreeMap<Vec<usize>, PrefixSet> = BTreeMap::new();
    let v4: Vec<_> = sets.iter().map(|set| &set.v4).collect();
    for (members, set) in shared_in_family(&v4) {
        classes.entry(members).or_default().v4 = set;
    }
    let v6: Vec<_> = sets.iter().map(|set| &set.v6).collect();
    for (members, set) in shared_in_family(&v6) {
        classes.entry(members).or_default().v6 = set;
    }
    classes.into_iter().map(|(members, set)| Shared { members, set }).collect()
}

/// Divides the addresses that more than one of the sets contains by the sets that contain them.
///
/// The results are disjoint and ordered by their members. Both families of a class are in one
/// result.
pub fn shared_addresses(sets: &[&AddressSet]) -> Vec<Shared<AddressSet>> {
    let mut classes: BTreeMap<Vec<usize>, AddressSet> = BTreeMap::new();
    let v4: Vec<_> = sets.iter().map(|set| &set.v4).collect();
    for (members, steps) in shared_steps(&v4) {
        classes.entry(members).or_default().v4 = steps;
    }
    let v6: Vec<_> = sets.iter().map(|set| &set.v6).collect();
    for (members, steps) in shared_steps(&v6) {
        classes.entry(members).or_default().v6 = steps;
    }
    classes.into_iter().map(|(members, set)| Shared { members, set }).collect()
}

fn shared_in_family<A: Word>(sets: &[&FamilySet<A>]) -> BTreeMap<Vec<usize>, FamilySet<A>> {
    let steps: Vec<_> = sets.iter().map(|set| set.steps()).collect();
    let with_default: Vec<usize> = sets
        .iter()
        .enumerate()
        .filter(|(_, set)| set.has_default_route())
        .map(|(index, _)| index)
        .collect();
    let mut classes = shared_steps(&steps);
    if 2 <= with_default.len() {
        classes.entry(with_default.clone()).or_default();
    }
    let set = |(members, steps)| {
        let default_route = members == with_default;
        (members, FamilySet::from_steps(steps, default_route))
    };
    classes.into_iter().map(set).collect()
}

/// Shared lanes of step functions by the functions that share them.
fn shared_steps<A: Word, V: Lanes>(
    functions: &[&Steps<A, V>],
) -> BTreeMap<Vec<usize>, Steps<A, V>> {
    let mut changes = Vec::with_capacity(functions.iter().map(|f| f.as_slice().len()).sum());
    for (index, function) in (0_u32..).zip(functions) {
        changes.extend(function.as_slice().iter().map(|&(start, value)| (start, index, value)));
    }
    // The stable sort makes use of the runs that are sorted already.
    changes.sort_by_key(|&(start, index, _)| (start, index));
    let mut classes = Classes::new(functions.len());
    let mut values = vec![V::default(); functions.len()];
    let mut toggles: Vec<(u32, V)> = Vec::new();
    for group in changes.chunk_by(|a, b| a.0 == b.0) {
        toggles.clear();
        for &(_, index, value) in group {
            let before = std::mem::replace(&mut values[index as usize], value);
            toggles.push((index, before ^ value));
        }
        classes.toggle(group[0].0, &toggles);
    }
    classes.finish()
}

/// A class is a set of functions, known by its number: 0 is the class of none, and `index + 1` the
/// class of function `index` alone.
struct Classes<A, V> {
    /// Members of each class, ascending.
    members: Vec<Vec<u32>>,
    /// Numbers of the classes with two or more members. Looked up only, never walked.
    numbers: HashMap<Vec<u32>, usize>,
    /// Symmetric differences worked out so far. Looked up only, never walked.
    differences: HashMap<(usize, usize), usize>,
    /// Where each class holds: the present lanes, and all steps so far.
    held: Vec<(V, Growing<A, V>)>,
    /// The class that each lane is in at present.
    lane_classes: Vec<usize>,
    /// Classes that gained or lost lanes at the present address.
    touched: Vec<usize>,
}

impl<A: Word, V: Lanes> Classes<A, V> {
    fn new(n_functions: usize) -> Self {
        let mut members = vec![Vec::new()];
        members.extend((0_u32..).take(n_functions).map(|index| vec![index]));
        let held = vec![(V::default(), Growing::new()); members.len()];
        Self {
            members,
            numbers: HashMap::new(),
            differences: HashMap::new(),
            held,
            lane_classes: vec![0; usize::from(A::WIDTH)],
            touched: Vec::new(),
        }
    }

    /// Moves the lanes that change at `start` to their new classes. `toggles` are functions,
    /// ascending, each with its lanes that change.
    fn toggle(&mut self, start: A, toggles: &[(u32, V)]) {
        let mut rest = toggles.iter().fold(V::default(), |all, &(_, lanes)| all | lanes);
        while let Some((_, lowest)) = rest.lowest() {
            // Lanes that the same functions toggle move together.
            let (mut together, mut functions) = (rest, Vec::new());
            for &(function, lanes) in toggles {
                if (lanes & lowest).is_clear() {
                    together = together.without(lanes);
                } else {
                    together = together & lanes;
                    functions.push(function);
                }
            }
            rest = rest.without(together);
            let functions = self.number(functions);
            let mut moved = None;
            while let Some((lane, bit)) = together.lowest() {
                together = together.without(bit);
                let from = self.lane_classes[lane];
                // Neighbouring lanes mostly come from one class, and then go to one class.
                let to = match moved {
                    Some((before, to)) if before == from => to,
                    _ => self.difference(from, functions),
                };
                moved = Some((from, to));
                self.lane_classes[lane] = to;
                self.move_lane(bit, from, to);
            }
        }
        for class in self.touched.drain(..) {
            let (lanes, steps) = &mut self.held[class];
            steps.push(start, *lanes);
        }
    }

    fn move_lane(&mut self, bit: V, from: usize, to: usize) {
        for class in [from, to] {
            if self.members[class].len() < 2 {
                continue;
            }
            let lanes = &mut self.held[class].0;
            *lanes = *lanes ^ bit;
            if self.touched.last() != Some(&class) {
                self.touched.push(class);
            }
        }
    }

    /// The class of those that are in one of the two classes and not in the other.
    fn difference(&mut self, a: usize, b: usize) -> usize {
        match (a, b) {
            (0, class) | (class, 0) => return class,
            (a, b) if a == b => return 0,
            _ => {}
        }
        if let Some(&class) = self.differences.get(&(a, b)) {
            return class;
        }
        let members = symmetric_difference(&self.members[a], &self.members[b]);
        let class = self.number(members);
        self.differences.insert((a, b), class);
        class
    }

    /// The number of the class with these members.
    fn number(&mut self, members: Vec<u32>) -> usize {
        match members.as_slice() {
            [] => return 0,
            [function] => return *function as usize + 1,
            _ => {}
        }
        if let Some(&number) = self.numbers.get(&members) {
            return number;
        }
        let number = self.members.len();
        self.members.push(members.clone());
        self.held.push((V::default(), Growing::new()));
        self.numbers.insert(members, number);
        number
    }

    fn finish(self) -> BTreeMap<Vec<usize>, Steps<A, V>> {
        let shared = self.members.into_iter().zip(self.held);
        shared
            .filter(|(_, (_, steps))| !steps.is_empty())
            .map(|(members, (_, steps))| {
                (members.into_iter().map(|index| index as usize).collect(), steps.finish())
            })
            .collect()
    }
}

/// The elements of exactly one of two ascending lists.
fn symmetric_difference(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut difference = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
            }
            (Some(x), Some(y)) if x < y => difference.extend(a.next()),
            (Some(_), None) => difference.extend(a.next()),
            (_, Some(_)) => difference.extend(b.next()),
            (None, None) => return difference,
        }
    }
}

#[cfg(test)]
mod tests;
