//! Lengths of an entry of a prefix list: `ge` and `le` behind a prefix.

use edgelint_model::Fact;
use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;

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
