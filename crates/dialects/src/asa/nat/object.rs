//! Translation of an object: the line `nat` in its block.

use std::net::IpAddr;

use edgelint_model::{Fact, ObjectKind, Part, State, Usage};
use edgelint_syntax::{Parsed, Statement, Words};

use super::twice::{dynamic_target, operand};
use super::{Operand, Rule, Section, keep, not_understood, own_address, ways};
use crate::asa::draft::Draft;
use crate::asa::lines::{Names, host4, lower, polarity, room, whole};
use crate::phrases::{address, name, word};

/// Reads the line of an object that says what it becomes.
pub(in crate::asa) fn of_object<'t>(
    draft: &mut Draft<'t>,
    line: Statement<'_, 't>,
    object: Fact<&'t str>,
) {
    let (negated, words) = polarity(line.words());
    match whole(object_nat(&draft.pending.names, words, object)) {
        Some(rule) => {
            draft.account(Part::Nat, line, State::Modelled);
            if !negated {
                let itself = Fact::new(object.value, words.first(1).span().unwrap_or(line.span()));
                draft.use_name(ObjectKind::Object, itself, Usage::NatSelector);
            }
            keep(draft, line.span(), words, (rule, negated));
        }
        None => not_understood(draft, line),
    }
}

/// object-nat ::= "no"? "nat" IFPAIR? (object-static | object-dynamic) NL
fn object_nat<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
    object: Fact<&'t str>,
) -> Parsed<'w, 't, Rule<'t>> {
    let (left, _) = word("nat")(input)?;
    let mut rule = Rule::new(Section::Object, Operand::Named(object));
    let left = ways(left, &mut rule).map_or(left, |(left, ())| left);
    let (left, ()) = match word("static")(left) {
        Ok((left, _)) => object_static(names, left, &mut rule)?,
        Err(_) => object_dynamic(names, left, &mut rule)?,
    };
    Ok((left, rule))
}

/// object-static ::= "static" (own-address | ADDRESS | operand-name) object-option*
fn object_static<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
    rule: &mut Rule<'t>,
) -> Parsed<'w, 't, ()> {
    let (mut left, mapped) =
        own_address(input).or_else(|_| inline(names, input)).or_else(|_| operand(input))?;
    if mapped == Operand::Any {
        return input.expected("an object");
    }
    rule.is_static = true;
    rule.mapped.push(mapped);
    while let Ok((further, ())) = object_option(left, rule) {
        left = further;
    }
    Ok((left, ()))
}

/// object-dynamic ::= "dynamic" (own-address | ADDRESS own-address? | operand-name pat-pool? own-address?
///     | pat-pool own-address?) "dns"?
fn object_dynamic<'w, 't>(
    names: &Names<'t>,
    input: Words<'w, 't>,
    rule: &mut Rule<'t>,
) -> Parsed<'w, 't, ()> {
    let (left, _) = word("dynamic")(input)?;
    let left = match inline(names, left) {
        Ok((left, host)) => {
            rule.mapped.push(host);
            rule.overload = true;
            match own_address(left) {
                Ok((left, own)) => {
                    rule.mapped.push(own);
                    left
                }
                Err(_) => left,
            }
        }
        Err(_) => dynamic_target(left, rule)?.0,
    };
    Ok((word("dns")(left).map_or(left, |(left, _)| left), ()))
}

fn inline<'w, 't>(names: &Names<'t>, input: Words<'w, 't>) -> Parsed<'w, 't, Operand<'t>> {
    match host4(names, input) {
        Ok((left, host)) => Ok((left, Operand::Inline(host.map(IpAddr::V4)))),
        Err(_) => address(input).map(|(left, host)| (left, Operand::Inline(host))),
    }
}

/// object-option ::= "net-to-net" | "dns" | "no-proxy-arp" | "route-lookup"
///     | "service" ("tcp" | "udp" | "sctp") WORD WORD
fn object_option<'w, 't>(input: Words<'w, 't>, rule: &mut Rule<'t>) -> Parsed<'w, 't, ()> {
    let mut low = room();
    match lower(input.peek(0), &mut low) {
        "net-to-net" | "dns" | "no-proxy-arp" | "route-lookup" => Ok((input.skip(1), ())),
        "service" => {
            let next = input.skip(1);
            let mut low = room();
            match lower(next.peek(0), &mut low) {
                "tcp" | "udp" | "sctp" => {}
                _ => return next.expected("a protocol"),
            }
            let (left, _) = name(next.skip(1))?;
            let (left, _) = name(left)?;
            rule.service = true;
            Ok((left, ()))
        }
        _ => input.expected("an option of a translation"),
    }
}
