//! Lengths of an entry of a prefix list: `ge` and `le` behind a prefix.

use edgelint_model::Fact;
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;

/// The range of lengths of an entry, as [`lengths`] tells it, where nothing is wrong with it.
#[inline]
pub(crate) fn range(prefix: Prefix, least: Option<u32>, most: Option<u32>) -> Option<PrefixRange> {
    let (own, width) = (u32::from(prefix.length()), u32::from(prefix.family().width()));
    let shortest = least.unwrap_or(own);
    let longest = most.unwrap_or(if least.is_some() { width } else { own });
    // The rest is what a range holds to: no bound lies below the prefix's own, none above the width.
    let within = |bound: u32| u8::try_from(bound).ok().filter(|_| own <= bound && bound <= width);
    PrefixRange::new(prefix, within(shortest)?, within(longest)?)
}

/// The range of lengths of an entry with the least and the greatest length that it states; or the word
/// that is wrong, and why. Whether a bound equal to the prefix's own length is taken differs by system
/// and is not asked here.
pub(crate) fn lengths(
    prefix: Fact<Prefix>,
    least: Option<Fact<u32>>,
    most: Option<Fact<u32>>,
) -> Result<PrefixRange, (Span, &'static str)> {
    let width = u32::from(prefix.value.family().width());
    let own = u32::from(prefix.value.length());
    for length in [least, most].into_iter().flatten() {
        if width < length.value {
            return Err((length.at(), "the length is greater than that of an address"));
        }
    }
    for length in [least, most].into_iter().flatten() {
        if length.value < own {
            return Err((length.at(), "the length is smaller than the prefix's own"));
        }
    }
    let shortest = least.map_or(own, |length| length.value);
    let longest = match (least, most) {
        (_, Some(most)) => most.value,
        (Some(_), None) => width,
        (None, None) => own,
    };
    let at = most.or(least).map_or(prefix.at(), |length| length.at());
    let bounds = u8::try_from(shortest).ok().zip(u8::try_from(longest).ok());
    bounds
        .and_then(|(shortest, longest)| PrefixRange::new(prefix.value, shortest, longest))
        .ok_or((at, "the greatest length is smaller than the least"))
}
