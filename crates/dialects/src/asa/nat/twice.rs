//! Twice NAT: source and destination in one rule.

use edgelint_syntax::{Parsed, Words};

use super::{Operand, Rule, Section, own_address, pat_pool, ways};
use crate::asa::lines::{lower, room};
use crate::phrases::{is_word, name, number_in, rest, word};

/// Most rules of a section.
const MOST: u32 = 2_147_483_647;

/// A rule of twice NAT.
///
/// twice-nat ::= "nat" IFPAIR? (RANGE_1_2147483647 | "after-auto" RANGE_1_2147483647?)? "source"
///     (twice-static | twice-dynamic) twice-destination? twice-service? twice-option* nat-description?
pub(super) fn twice<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Rule<'t>> {
    let (left, _) = word("nat")(input)?;
    let mut rule = Rule::new(Section::Manual, Operand::Any);
    let mut left = ways(left, &mut rule).map_or(left, |(left, ())| left);
    if is_word(left, 0, "after-auto") {
        rule.section = Section::AfterObject;
        left = left.skip(1);
    }
    if let Ok((further, line)) = number_in(1, MOST)(left) {
        rule.line = Some(line.value);
        left = further;
    }
    let (left, _) = word("source")(left)?;
    let (left, ()) = match word("static")(left) {
        Ok((left, _)) => twice_static(left, &mut rule)?,
        Err(_) => twice_dynamic(left, &mut rule)?,
    };
    let (left, ()) = twice_destination(left, &mut rule)?;
    let (mut left, ()) = twice_service(left, &mut rule)?;
    while let Ok((further, ())) = twice_option(left, &mut rule) {
        left = further;
    }
    nat_description(left, &mut rule).map(|(left, ())| (left, rule))
}

/// Every address, or an object. A name that is a keyword of what follows is none.
///
/// operand ::= "any" | operand-name
/// operand-name ::= NAME - ("any" | "interface" | "ipv6" | "pat-pool")
pub(super) fn operand<'w, 't>(input: Words<'w, 't>) -> Parsed<'w, 't, Operand<'t>> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "any" => Ok((input.skip(1), Operand::Any)),
        "interface" | "ipv6" | "pat-pool" => input.expected("an object"),
        _ => name(input).map(|(left, name)| (left, Operand::Named(name))),
    }
}

/// twice-static ::= "static" operand (operand | own-address)
fn twice_static<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let (left, real) = operand(input)?;
    let (left, mapped) = own_address(left).or_else(|_| operand(left))?;
    rule.is_static = true;
    rule.real = real;
    rule.mapped.push(mapped);
    Ok((left, ()))
}

/// twice-dynamic ::= "dynamic" operand (own-address | operand-name pat-pool? own-address? | pat-pool own-address?)
fn twice_dynamic<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let (left, _) = word("dynamic")(input)?;
    let (left, real) = operand(left)?;
    rule.real = real;
    dynamic_target(left, rule)
}

/// What dynamic translation makes of addresses.
pub(super) fn dynamic_target<'w, 't>(
    input: Words<'w, 't>,
    rule: &mut Rule<'t>,
) -> Parsed<'w, 't, ()> {
    if let Ok((left, own)) = own_address(input) {
        rule.mapped.push(own);
        rule.overload = true;
        return Ok((left, ()));
    }
    let pooled = is_word(input, 0, "pat-pool");
    let left = match operand(input) {
        Ok((left, mapped @ Operand::Named(_))) if !pooled => {
            rule.mapped.push(mapped);
            left
        }
        _ if pooled => input,
        _ => return input.expected("an object, pat-pool or interface"),
    };
    let left = match is_word(left, 0, "pat-pool") {
        true => pat_pool(left, rule)?.0,
        false => left,
    };
    match own_address(left) {
        Ok((left, own)) => {
            rule.mapped.push(own);
            Ok((left, ()))
        }
        Err(_) => Ok((left, ())),
    }
}

/// twice-destination ::= "destination" "static" (own-address | operand) operand
fn twice_destination<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let Ok((left, _)) = word("destination")(input) else { return Ok((input, ())) };
    let (left, _) = word("static")(left)?;
    let (left, mapped) = own_address(left).or_else(|_| operand(left))?;
    let (left, real) = operand(left)?;
    rule.destination = Some((mapped, real));
    Ok((left, ()))
}

/// The services of the source or of the destination, by objects.
///
/// twice-service ::= "service" NAME NAME
fn twice_service<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let Ok((left, _)) = word("service")(input) else { return Ok((input, ())) };
    let (left, first) = name(left)?;
    let (left, second) = name(left)?;
    rule.services = vec![first, second];
    Ok((left, ()))
}

/// twice-option ::= "net-to-net" | "dns" | "unidirectional" | "no-proxy-arp" | "route-lookup" | "inactive"
fn twice_option<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "unidirectional" => rule.unidirectional = true,
        "inactive" => rule.inactive = true,
        "net-to-net" | "dns" | "no-proxy-arp" | "route-lookup" => {}
        _ => return input.expected("an option of a translation"),
    }
    Ok((input.skip(1), ()))
}

/// nat-description ::= "description" REST
fn nat_description<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let Ok((left, _)) = word("description")(input) else { return Ok((input, ())) };
    let (left, text) = rest(left)?;
    rule.text_at = Some(text.at());
    Ok((left, ()))
}
