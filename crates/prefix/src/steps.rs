//! Step functions over the address line: the representation behind every set.
//!
//! A function is the sorted list of the addresses where its value changes. That is canonical
//! (equal functions are equal lists), and an operation on two functions is one merge that applies
//! a word operation to each stretch. Lists stay short because configurations are written in blocks.
//!
//! A function is written once ([`Growing`]) and read often; what is copied shares one list, since a
//! policy's classes, preferences and announcements speak of the same spaces again and again.

use std::sync::Arc;

use crate::word::{Lanes, Word};

/// A function from addresses to lanes.
///
/// # Invariants
/// - Starts ascend strictly.
/// - Each value differs from the one before it; before the first start the value is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Steps<A, V> {
    /// None where the function is empty.
    steps: Option<Arc<[(A, V)]>>,
}

/// A function that is being written, from the first address to the last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Growing<A, V> {
    steps: Vec<(A, V)>,
}

impl<A: Word, V: Lanes> Growing<A, V> {
    /// Empty everywhere so far.
    pub(crate) const fn new() -> Self {
        Self { steps: Vec::new() }
    }

    /// Whether it is empty so far.
    pub(crate) const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// From `start` on the value is `value`. Starts must not descend; the last word on one start wins.
    pub(crate) fn push(&mut self, start: A, value: V) {
        if self.steps.last().is_some_and(|&(last, _)| last == start) {
            self.steps.pop();
        }
        if value != self.last_value() {
            self.steps.push((start, value));
        }
    }

    /// From the address after `last` on the value is `value`; nothing where `last` is the end.
    pub(crate) fn push_after(&mut self, last: A, value: V) {
        if let Some(start) = last.successor() {
            self.push(start, value);
        }
    }

    /// The function as it was written.
    pub(crate) fn finish(self) -> Steps<A, V> {
        Steps { steps: (!self.steps.is_empty()).then(|| Arc::from(self.steps)) }
    }

    fn last_value(&self) -> V {
        self.steps.last().map_or_else(V::default, |&(_, value)| value)
    }
}

impl<A: Word, V: Lanes> Steps<A, V> {
    /// Empty everywhere.
    pub(crate) const fn empty() -> Self {
        Self { steps: None }
    }

    /// `value` everywhere.
    pub(crate) fn everywhere(value: V) -> Self {
        Self::from_sorted([(A::ZERO, value)])
    }

    /// `value` from `first` to `last`, empty elsewhere.
    pub(crate) fn block(first: A, last: A, value: V) -> Self {
        let after = last.successor().map(|next| (next, V::default()));
        Self::from_sorted([(first, value)].into_iter().chain(after))
    }

    /// Steps given in ascending order; equal neighbours are merged.
    pub(crate) fn from_sorted(sorted: impl IntoIterator<Item = (A, V)>) -> Self {
        let mut steps = Growing::new();
        for (start, value) in sorted {
            steps.push(start, value);
        }
        steps.finish()
    }

    /// The places where the value changes, each with its new value.
    pub(crate) fn as_slice(&self) -> &[(A, V)] {
        self.steps.as_deref().unwrap_or(&[])
    }

    /// Whether the value is empty everywhere.
    pub(crate) const fn is_empty(&self) -> bool {
        self.steps.is_none()
    }

    /// The value at an address.
    pub(crate) fn at(&self, address: A) -> V {
        let steps = self.as_slice();
        let after = steps.partition_point(|&(start, _)| start <= address);
        let step = after.checked_sub(1).and_then(|index| steps.get(index));
        step.map_or_else(V::default, |&(_, value)| value)
    }

    /// The stretches with a value that is not empty, as first and last address and value.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = (A, A, V)> + '_ {
        let steps = self.as_slice();
        let full = steps.iter().enumerate().filter(|(_, (_, value))| !value.is_clear());
        full.map(move |(index, &(start, value))| {
            let next = steps.get(index + 1);
            (start, next.map_or(A::MAX, |&(next, _)| before(next)), value)
        })
    }

    /// The values changed by `operation`, which must leave the empty value empty.
    pub(crate) fn map<W: Lanes>(&self, operation: impl Fn(V) -> W) -> Steps<A, W> {
        Steps::from_sorted(self.as_slice().iter().map(|&(start, value)| (start, operation(value))))
    }

    /// Both functions joined by `operation`, which must leave two empty values empty. Where one of the
    /// two comes out, its list is shared: most sets are compared with one that holds all or nothing of
    /// them, and the first place that differs ends the look.
    pub(crate) fn combine(&self, other: &Self, operation: impl Fn(V, V) -> V) -> Self {
        if !self.any(other, |ours, theirs| operation(ours, theirs) != ours) {
            return self.clone();
        }
        if !self.any(other, |ours, theirs| operation(ours, theirs) != theirs) {
            return other.clone();
        }
        let steps = Vec::with_capacity(self.as_slice().len() + other.as_slice().len());
        let mut steps = Growing { steps };
        self.merge(other, |start, ours, theirs| {
            steps.push(start, operation(ours, theirs));
            true
        });
        steps.finish()
    }

    /// Whether `test` holds for the two values on some stretch; it must fail for two empty values.
    pub(crate) fn any(&self, other: &Self, test: impl Fn(V, V) -> bool) -> bool {
        !self.merge(other, |_, ours, theirs| !test(ours, theirs))
    }

    /// Whether both functions have a lane in common somewhere.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let (few, many) = self.by_length(other);
        few.any_within(many, |ours, theirs| !(ours & theirs).is_clear())
    }

    /// Whether the other function has every lane that this one has.
    pub(crate) fn lies_in(&self, other: &Self) -> bool {
        !self.any_within(other, |ours, theirs| !ours.without(theirs).is_clear())
    }

    /// The lanes that both functions have. Where one of the two comes out, its list is shared.
    pub(crate) fn common(&self, other: &Self) -> Self {
        let (few, many) = self.by_length(other);
        match (few.lies_in(many), many.lies_in(few)) {
            (true, _) => few.clone(),
            (_, true) => many.clone(),
            _ => few.combine_within(many, |ours, theirs| ours & theirs),
        }
    }

    /// The lanes that this function has and the other one has not. Where this one comes out, its list is shared.
    pub(crate) fn without(&self, other: &Self) -> Self {
        match self.meets(other) {
            true => self.combine_within(other, Lanes::without),
            false => self.clone(),
        }
    }

    /// Both functions joined by an `operation` that is empty wherever this function is.
    fn combine_within(&self, other: &Self, operation: impl Fn(V, V) -> V) -> Self {
        let mut steps = Growing::new();
        self.merge_within(other, |start, ours, theirs| {
            steps.push(start, operation(ours, theirs));
            true
        });
        steps.finish()
    }

    /// Both functions, the one with fewer steps first.
    fn by_length<'s>(&'s self, other: &'s Self) -> (&'s Self, &'s Self) {
        match self.as_slice().len() <= other.as_slice().len() {
            true => (self, other),
            false => (other, self),
        }
    }

    /// Whether `test` holds for the two values on some stretch; it must fail wherever this function is empty.
    fn any_within(&self, other: &Self, test: impl Fn(V, V) -> bool) -> bool {
        !self.merge_within(other, |_, ours, theirs| !test(ours, theirs))
    }

    /// Shows `visit` both values wherever one changes and this one is not empty, and where this one ends (the
    /// other counts as empty there), until it says no. Returns whether it never did. What the other one is where this
    /// one is empty is passed over, so that few steps are soon compared with many.
    fn merge_within(&self, other: &Self, mut visit: impl FnMut(A, V, V) -> bool) -> bool {
        let (steps, mut rest) = (self.as_slice(), other.as_slice());
        let mut their_value = V::default();
        for (index, &(start, ours)) in steps.iter().enumerate() {
            if ours.is_clear() {
                if !visit(start, ours, V::default()) {
                    return false;
                }
                continue;
            }
            let (passed, more) = rest.split_at(up_to(rest, start));
            their_value = passed.last().map_or(their_value, |&(_, value)| value);
            rest = more;
            if !visit(start, ours, their_value) {
                return false;
            }
            let end = steps.get(index + 1).map(|&(end, _)| end);
            while let Some((&(at, value), more)) = rest.split_first()
                && end.is_none_or(|end| at < end)
            {
                (their_value, rest) = (value, more);
                if !visit(at, ours, value) {
                    return false;
                }
            }
        }
        true
    }

    /// Shows `visit` both values wherever one changes, until it says no. Returns whether it never did.
    fn merge(&self, other: &Self, mut visit: impl FnMut(A, V, V) -> bool) -> bool {
        let (mut ours, mut theirs) =
            (self.as_slice().iter().peekable(), other.as_slice().iter().peekable());
        let (mut our_value, mut their_value) = (V::default(), V::default());
        loop {
            let start = match (ours.peek(), theirs.peek()) {
                (Some(&&(a, _)), Some(&&(b, _))) => a.min(b),
                (Some(&&(a, _)), None) => a,
                (None, Some(&&(b, _))) => b,
                (None, None) => return true,
            };
            if let Some(&(_, value)) = ours.next_if(|&&(at, _)| at == start) {
                our_value = value;
            }
            if let Some(&(_, value)) = theirs.next_if(|&&(at, _)| at == start) {
                their_value = value;
            }
            if !visit(start, our_value, their_value) {
                return false;
            }
        }
    }
}

/// How many steps start at an address or before it. Most often it is one of the first.
fn up_to<A: Word, V>(steps: &[(A, V)], address: A) -> usize {
    let mut bound = 4;
    while steps.get(bound).is_some_and(|(start, _)| *start <= address) {
        bound *= 2;
    }
    let near = steps.get(..bound).unwrap_or(steps);
    near.partition_point(|(start, _)| *start <= address)
}

/// Collects blocks lane by lane, in ascending order within a lane, and joins them to steps.
///
/// Blocks of one lane may overlap or touch. Each merged run becomes two toggles, and the toggles
/// of all lanes in order of address are the step function.
pub(crate) struct LaneBlocks<A> {
    open: Vec<Option<(A, A)>>,
    toggles: Vec<(A, A)>,
}

impl<A: Word> LaneBlocks<A> {
    /// No blocks.
    pub(crate) fn new() -> Self {
        Self { open: vec![None; usize::from(A::WIDTH)], toggles: Vec::new() }
    }

    /// Sets `lane` from `first` to `last`; `first` must not descend within a lane.
    pub(crate) fn add(&mut self, lane: u32, first: A, last: A) {
        let Some(open) = self.open.get_mut(lane as usize) else { return };
        match open {
            Some((_, end)) if end.successor().is_none_or(|next| first <= next) => {
                *end = last.max(*end);
            }
            _ => {
                if let Some(closed) = open.replace((first, last)) {
                    toggle(&mut self.toggles, lane, closed);
                }
            }
        }
    }

    /// The step function of all blocks added.
    pub(crate) fn finish(mut self) -> Steps<A, A> {
        for (lane, open) in (0..).zip(&self.open) {
            if let Some(closed) = *open {
                toggle(&mut self.toggles, lane, closed);
            }
        }
        self.toggles.sort_unstable();
        let mut lanes = A::ZERO;
        Steps::from_sorted(self.toggles.into_iter().map(|(start, lane)| {
            lanes = lanes ^ lane;
            (start, lanes)
        }))
    }
}

fn toggle<A: Word>(toggles: &mut Vec<(A, A)>, lane: u32, (first, last): (A, A)) {
    toggles.push((first, A::ONE << lane));
    toggles.extend(last.successor().map(|next| (next, A::ONE << lane)));
}

/// The address before a start that is not the first address of all.
///
/// Every stretch ends before a later start, which is therefore above zero: clearing the lowest set
/// bit and filling the zeros below it subtracts one.
fn before<A: Word>(start: A) -> A {
    let (_, lowest) = start.lowest().unwrap_or((0, A::ONE));
    start.without(lowest) | A::low(start.zeros_below())
}

/// Sweeps over changes of many functions at once, keeping those that are not empty.
///
/// `changes` are (address, key, value from there on). After all changes at one address `visit` gets
/// the address and the values that are not empty, in order of their keys.
pub(crate) fn sweep<A: Word, K: Copy + Ord, V: Copy + Default + Eq>(
    mut changes: Vec<(A, K, V)>,
    mut visit: impl FnMut(A, &[(K, V)]),
) {
    changes.sort_unstable_by_key(|&(start, key, _)| (start, key));
    let mut active: Vec<(K, V)> = Vec::new();
    for group in changes.chunk_by(|a, b| a.0 == b.0) {
        for &(_, key, value) in group {
            match active.binary_search_by_key(&key, |&(key, _)| key) {
                Ok(index) if value == V::default() => {
                    active.remove(index);
                }
                Ok(index) => active[index].1 = value,
                Err(_) if value == V::default() => {}
                Err(index) => active.insert(index, (key, value)),
            }
        }
        visit(group[0].0, &active);
    }
}

#[cfg(test)]
mod tests {
    use super::{Growing, Steps};

    #[test]
    fn neighbours_merge_and_late_words_win() {
        let mut steps = Growing::<u8, u8>::new();
        steps.push(3, 1);
        steps.push(5, 1);
        steps.push(7, 2);
        steps.push(7, 1);
        steps.push_after(255, 0);
        let steps = steps.finish();
        assert_eq!(steps.as_slice(), [(3, 1)]);
        assert_eq!(steps.stretches().collect::<Vec<_>>(), [(3, 255, 1)]);
        assert_eq!((steps.at(2), steps.at(3), steps.at(255)), (0, 1, 1));
    }

    #[test]
    fn stretches_end_one_before_the_next_start() {
        let steps = Steps::from_sorted([(0_u8, 1_u8), (1, 2), (8, 3), (104, 0)]);
        assert_eq!(steps.stretches().collect::<Vec<_>>(), [(0, 0, 1), (1, 7, 2), (8, 103, 3)]);
    }
}
