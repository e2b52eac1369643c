//! The layout of IOS XR: bodies cut out, sets and policies taken as they end, blocks by indentation.
//!
//! A set ends with `end-set` and a policy with `end-policy`, and what stands between is a language of its
//! own in which indentation means nothing and a condition may go over several lines. So the lines
//! between are put at one depth, and those that one statement fills are joined.

use edgelint_syntax::body::{BodyEnd, BodyRule, cut_bodies};
use edgelint_syntax::dressing::mark_dressing;
use edgelint_syntax::indented::{self, Indented};
use edgelint_syntax::{LineKind, Lines, Tree, Words};

use super::{inert, table};

/// Cuts bodies, levels sets and policies, and builds the tree.
pub(super) fn lay_out(mut lines: Lines<'_>) -> Tree<'_> {
    mark_dressing(&mut lines);
    mark_date(&mut lines);
    cut_bodies(&mut lines, BODIES);
    level(&mut lines);
    indented::lay_out(lines, &Indented { adopts, ..Indented::PLAIN })
}

/// Statements that open multi-line bodies.
static BODIES: &[BodyRule] = &[
    BodyRule { head: &["banner", "motd"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "login"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "exec"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "incoming"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "slip-ppp"], end: BodyEnd::Delimiter },
    BodyRule { head: &["banner", "prompt-timeout"], end: BodyEnd::Delimiter },
    BodyRule { head: &["certificate"], end: BodyEnd::HexUntil("quit") },
];

/// Marks the date that a terminal shows in front of a configuration: `Fri Nov 29 21:10:41.896 UTC`.
fn mark_date(lines: &mut Lines<'_>) {
    for at in 0..lines.lines.len().min(HEADERS) {
        let Some(line) = lines.lines.get(at).filter(|it| it.kind == LineKind::Statement) else {
            continue;
        };
        let words = lines.words_of(line);
        let is_date = is_day(words.peek(0)) && 4 <= words.len() && words.peek(3).contains(':');
        if is_date && let Some(line) = lines.lines.get_mut(at) {
            line.kind = LineKind::Dressing;
            line.word_count = 0;
        }
    }
}

/// Lines at the beginning in which a terminal's own words may stand.
const HEADERS: usize = 8;

fn is_day(word: &str) -> bool {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&word)
}

/// What a block of the policy language is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Set,
    Policy,
}

/// Whether a line opens a set or a policy.
fn opens(words: Words<'_, '_>) -> Option<Language> {
    let head = words.peek(0);
    if !head.ends_with("-set") && !head.ends_with("-SET") {
        return is_policy_header(words).then_some(Language::Policy);
    }
    (table::is_set(words) && words.len() < 4).then_some(Language::Set)
}

/// Whether a line begins a policy, and is not one that attaches it to a neighbor.
pub(super) fn is_policy_header(words: Words<'_, '_>) -> bool {
    if !words.is(0, "route-policy") {
        return false;
    }
    let last = words.len().saturating_sub(1);
    let attaches = 2 <= last && (words.is(last, "in") || words.is(last, "out"));
    !attaches && (words.len() == 2 || words.peek(1).contains('(') || words.peek(2).starts_with('('))
}

/// Puts the lines of every set and policy one deeper than its header, and joins those that one statement
/// fills.
fn level(lines: &mut Lines<'_>) {
    let mut at = 0;
    while let Some(line) = lines.lines.get(at) {
        let (indent, words) = (line.indent, lines.words_of(line));
        let language = (line.kind == LineKind::Statement).then(|| opens(words)).flatten();
        at += 1;
        if let Some(language) = language {
            at = level_one(lines, at, indent, language);
        }
    }
}

/// Levels one block whose first line is `at`; returns the line behind it.
fn level_one(lines: &mut Lines<'_>, mut at: usize, indent: u32, language: Language) -> usize {
    while let Some(line) = lines.lines.get(at) {
        let kind = line.kind;
        if kind == LineKind::Statement {
            let words = lines.words_of(line);
            let ends = is_end(words);
            if !ends && line.indent <= indent && is_outside(words) {
                return at;
            }
            if language == Language::Policy && !ends {
                join(lines, at);
            }
            if let Some(line) = lines.lines.get_mut(at) {
                line.indent = indent + 1;
            }
            if ends {
                return at + 1;
            }
        } else if kind == LineKind::Comment
            && let Some(line) = lines.lines.get_mut(at)
        {
            line.indent = indent + 1;
        }
        at += 1;
    }
    at
}

fn is_end(words: Words<'_, '_>) -> bool {
    words.len() == 1 && (words.is(0, "end-policy") || words.is(0, "end-set"))
}

/// Whether a line can only stand outside of sets and policies: somebody left the end out.
fn is_outside(words: Words<'_, '_>) -> bool {
    opens(words).is_some() || table::handler(words).is_some() || inert::is_inert(words)
}

/// Lines that one statement may fill: beyond it somebody forgot a parenthesis.
const MOST_JOINED: usize = 64;

/// Joins the lines behind `at` that its statement goes on in: parentheses that are open, or a
/// condition without `then`.
fn join(lines: &mut Lines<'_>, at: usize) {
    let is_open = |lines: &Lines<'_>| {
        let Some(line) = lines.lines.get(at) else { return false };
        let words = lines.words_of(line);
        let conditional = words.is(0, "if") || words.is(0, "elseif");
        let last = words.len().saturating_sub(1);
        if conditional && !words.is(last, "then") {
            return !words.tokens().any(|word| word.text.eq_ignore_ascii_case("then"));
        }
        let count = |mark: char| words.tokens().map(|word| word.text.matches(mark).count()).sum();
        let (open, closed): (usize, usize) = (count('('), count(')'));
        closed < open
    };
    let mut next = at + 1;
    while next <= at + MOST_JOINED && is_open(lines) {
        let Some(line) = lines.lines.get(next) else { break };
        let more = match line.kind {
            LineKind::Statement if is_end(lines.words_of(line)) => break,
            LineKind::Statement => line.word_count,
            _ => 0,
        };
        if 0 < more {
            if let Some(line) = lines.lines.get_mut(next) {
                // Its words belong to the statement above; of itself it says nothing.
                (line.kind, line.word_count, line.repeats) = (LineKind::Blank, 0, false);
            }
            if let Some(line) = lines.lines.get_mut(at) {
                line.word_count += more;
                line.repeats = false;
            }
        }
        next += 1;
    }
}

/// Whether a line that stands as far left as the header still belongs to it: what people paste has often
/// lost its indentation, and a device stays in the mode that knows a command. As soon as one line of a
/// block was indented, indentation decides.
fn adopts(header: Words<'_, '_>, line: Words<'_, '_>, indented: bool) -> bool {
    if indented || is_policy_header(line) {
        return false;
    }
    let head = header.peek(0);
    let is_mode =
        |(opens, length, _): &&Mode| head.eq_ignore_ascii_case(opens) && header.len() == *length;
    let line = if line.is(0, "no") { line.skip(1) } else { line };
    MODES
        .iter()
        .filter(is_mode)
        .any(|(.., commands)| commands.iter().any(|command| line.is(0, command)))
}

/// How a mode's header begins, how many words it has, and commands that the mode knows.
type Mode = (&'static str, usize, &'static [&'static str]);

/// Commands of a family, of the process and of a neighbor.
const FAMILY: &[&str] = &[
    "network",
    "redistribute",
    "aggregate-address",
    "maximum-paths",
    "additional-paths",
    "route-policy",
    "maximum-prefix",
    "next-hop-self",
    "soft-reconfiguration",
    "send-community-ebgp",
    "send-extended-community-ebgp",
    "default-originate",
    "remove-private-as",
    "allowas-in",
    "as-override",
    "route-reflector-client",
    "weight",
    "multipath",
    "import",
    "export",
];

/// Commands of a session.
const SESSION: &[&str] = &[
    "remote-as",
    "use",
    "description",
    "update-source",
    "ebgp-multihop",
    "timers",
    "password",
    "local-as",
    "bfd",
    "shutdown",
    "address-family",
    "ttl-security",
];

/// Modes that are put together again.
static MODES: &[Mode] = &[
    (
        "router",
        3,
        &[
            "bgp",
            "neighbor",
            "address-family",
            "neighbor-group",
            "session-group",
            "af-group",
            "nsr",
            "timers",
        ],
    ),
    ("neighbor", 2, SESSION),
    ("neighbor-group", 2, SESSION),
    ("session-group", 2, SESSION),
    ("address-family", 3, FAMILY),
];

#[cfg(test)]
mod tests {
    use edgelint_source::FileId;
    use edgelint_syntax::Lines;

    /// The tree, a level of depth as a dot.
    fn tree(text: &str) -> String {
        let tree = super::lay_out(Lines::split(FileId(0), text));
        let line = |it: edgelint_syntax::Statement<'_, '_>| {
            let words: Vec<_> = it.words().tokens().map(|word| word.text).collect();
            format!("{}{}", ".".repeat(it.depth() as usize), words.join(" "))
        };
        tree.statements().map(line).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn sets_and_policies_end_where_they_say() {
        let table = [
            (
                "prefix-set A\n  192.0.2.0/24,\n # remark\n!\n203.0.113.0/24\nend-set\nhostname x\n",
                "prefix-set A|.192.0.2.0/24,|.203.0.113.0/24|.end-set|hostname x",
            ),
            (
                "route-policy P\n  if destination in A then\n pass\n   else\ndrop\n endif\nend-policy\n!\n\
                 router bgp 64500\n neighbor 192.0.2.1\n  route-policy P in\n  use af-group G\n",
                "route-policy P|.if destination in A then|.pass|.else|.drop|.endif|.end-policy|\
                 router bgp 64500|.neighbor 192.0.2.1|..route-policy P in|..use af-group G",
            ),
            (
                "route-policy P($a, $b)\n if destination in (192.0.2.0/24,\n   203.0.113.0/24)\n  or tag eq 5 then\n  \
                 set community (64500:1,\n 64500:2)\n endif\nend-policy\n",
                "route-policy P($a, $b)|.if destination in (192.0.2.0/24, 203.0.113.0/24) or tag eq 5 then|\
                 .set community (64500:1, 64500:2)|.endif|.end-policy",
            ),
            (
                "route-policy P\n pass\nrouter bgp 64500\n bgp router-id 192.0.2.1\n",
                "route-policy P|.pass|router bgp 64500|.bgp router-id 192.0.2.1",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(tree(text), expected, "{text}");
        }
    }

    #[test]
    fn a_process_that_lost_its_indentation_is_put_together_again() {
        let text = "router bgp 64500\nbgp router-id 192.0.2.1\naddress-family ipv4 unicast\nnetwork 203.0.113.0/24\n\
                    neighbor 192.0.2.2\nremote-as 64501\naddress-family ipv4 unicast\nroute-policy P in\n\
                    neighbor 192.0.2.3\nremote-as 64502\nrouter static\n";
        assert_eq!(
            tree(text),
            "router bgp 64500|.bgp router-id 192.0.2.1|.address-family ipv4 unicast|..network 203.0.113.0/24|\
             .neighbor 192.0.2.2|..remote-as 64501|..address-family ipv4 unicast|...route-policy P in|\
             .neighbor 192.0.2.3|..remote-as 64502|router static"
        );
    }

    #[test]
    fn what_the_terminal_says_is_no_statement() {
        assert_eq!(tree("Fri Nov 29 21:10:41.896 UTC\nhostname x\n"), "hostname x");
        assert_eq!(
            tree("banner motd #\nrouter bgp 1\n#\nhostname x\n"),
            "banner motd #|hostname x"
        );
    }
}
