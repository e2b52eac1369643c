//! The AS path of one route, segment by segment.

use std::fmt;

/// A segment of an AS path (RFC 4271, section 4.3; RFC 5065).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// One AS number of a sequence.
    Number(u32),
    /// A set that an aggregate left.
    Set(Vec<u32>),
    /// Members of a confederation, in order.
    Confederation(Vec<u32>),
}

/// An AS path, the number that was added last first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsPath {
    /// Its segments.
    pub segments: Vec<Segment>,
}

impl AsPath {
    /// A path of single numbers.
    pub fn of_numbers(numbers: impl IntoIterator<Item = u32>) -> Self {
        Self { segments: numbers.into_iter().map(Segment::Number).collect() }
    }

    /// A path as devices write it; nothing where it is not well formed.
    pub fn read(text: &str) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (segment, behind) = match first {
                '{' => {
                    let (inner, behind) = rest.get(1..)?.split_once('}')?;
                    (Segment::Set(numbers_between(inner, ',')?), behind)
                }
                '(' => {
                    let (inner, behind) = rest.get(1..)?.split_once(')')?;
                    (Segment::Confederation(numbers_between(inner, ' ')?), behind)
                }
                _ => {
                    let end = rest.find(' ').unwrap_or(rest.len());
                    let (number, behind) = rest.split_at_checked(end)?;
                    (Segment::Number(number.parse().ok()?), behind)
                }
            };
            segments.push(segment);
            rest = match behind.strip_prefix(' ') {
                Some(more) if !more.is_empty() => more,
                None if behind.is_empty() => behind,
                _ => return None,
            };
        }
        Some(Self { segments })
    }

    /// The path with more numbers in front of it.
    #[must_use]
    pub fn behind(&self, added: &[u32]) -> Self {
        let added = added.iter().copied().map(Segment::Number);
        Self { segments: added.chain(self.segments.iter().cloned()).collect() }
    }

    /// The path without some AS numbers, wherever they stand.
    #[must_use]
    pub fn without(&self, gone: &[u32]) -> Self {
        if gone.is_empty() {
            return self.clone();
        }
        let rest = |all: &[u32]| -> Vec<u32> {
            all.iter().copied().filter(|number| !gone.contains(number)).collect()
        };
        let left = |segment: &Segment| match segment {
            Segment::Number(number) => (!gone.contains(number)).then_some(Segment::Number(*number)),
            Segment::Set(all) => Some(Segment::Set(rest(all))).filter(|_| !rest(all).is_empty()),
            other @ Segment::Confederation(_) => Some(other.clone()),
        };
        Self { segments: self.segments.iter().filter_map(left).collect() }
    }

    /// Its numbers, where it is a plain sequence.
    pub fn numbers(&self) -> Option<Vec<u32>> {
        let number = |segment: &Segment| match segment {
            Segment::Number(number) => Some(*number),
            Segment::Set(_) | Segment::Confederation(_) => None,
        };
        self.segments.iter().map(number).collect()
    }

    /// Its length in path selection: a set counts once, a confederation not at all (RFC 4271, section
    /// 9.1.2.2; RFC 5065, section 5.3).
    pub fn length(&self) -> usize {
        self.segments.iter().filter(|one| !matches!(one, Segment::Confederation(_))).count()
    }

    /// The AS number that it was received from: the first of a sequence.
    pub fn first(&self) -> Option<u32> {
        let mut segments = self.segments.iter();
        match segments.find(|one| !matches!(one, Segment::Confederation(_)))? {
            Segment::Number(number) => Some(*number),
            Segment::Set(_) | Segment::Confederation(_) => None,
        }
    }

    /// How often an AS number occurs in it, wherever.
    pub fn count(&self, wanted: u32) -> usize {
        let within = |segment: &Segment| match segment {
            Segment::Number(number) => usize::from(*number == wanted),
            Segment::Set(numbers) | Segment::Confederation(numbers) => {
                numbers.iter().filter(|number| **number == wanted).count()
            }
        };
        self.segments.iter().map(within).sum()
    }

    /// The path without the segments of a confederation, as others see it.
    #[must_use]
    pub fn outside(&self) -> Self {
        let outside = |one: &&Segment| !matches!(one, Segment::Confederation(_));
        Self { segments: self.segments.iter().filter(outside).cloned().collect() }
    }

    /// The path with every number changed, in sets too.
    #[must_use]
    pub fn map(&self, change: impl Fn(u32) -> u32) -> Self {
        let changed = |segment: &Segment| match segment {
            Segment::Number(number) => Segment::Number(change(*number)),
            Segment::Set(all) => Segment::Set(all.iter().copied().map(&change).collect()),
            other @ Segment::Confederation(_) => other.clone(),
        };
        Self { segments: self.segments.iter().map(changed).collect() }
    }
}

fn numbers_between(text: &str, between: char) -> Option<Vec<u32>> {
    text.split(between).map(|number| number.parse().ok()).collect()
}

/// As devices write it: numbers between blanks, sets in braces, confederations in parentheses.
impl fmt::Display for AsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.segments.iter().enumerate() {
            if 0 < place {
                f.write_str(" ")?;
            }
            match segment {
                Segment::Number(number) => write!(f, "{number}")?,
                Segment::Set(numbers) => write!(f, "{{{}}}", Joined(numbers, ","))?,
                Segment::Confederation(numbers) => write!(f, "({})", Joined(numbers, " "))?,
            }
        }
        Ok(())
    }
}

/// Numbers with something between them.
struct Joined<'n>(&'n [u32], &'static str);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, number) in self.0.iter().enumerate() {
            if 0 < place {
                f.write_str(self.1)?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}
