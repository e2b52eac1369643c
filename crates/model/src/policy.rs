//! Route policies: clauses in order, each a condition, steps that change the route, and where
//! evaluation goes next.
//!
//! Route maps are lists of clauses, Junos policies lists of terms; an expression language nests
//! [`Step::Branch`]. One evaluator serves all three.

use std::net::IpAddr;

use edgelint_prefix::{Prefix, PrefixRange};
use edgelint_source::Span;

use crate::fact::Fact;
use crate::lists::Community;

/// What a dialect calls its policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyForm {
    /// IOS, NX-OS, EOS, FRR, ASA.
    RouteMap,
    /// IOS-XR.
    RoutePolicy,
    /// Junos.
    PolicyStatement,
    /// A routing control function of EOS, whose code is not read.
    ControlFunction,
    /// An expression over policies that stands in place of one (`( A && ! B )`); nothing declares it.
    Expression,
}

impl PolicyForm {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RouteMap => "route-map",
            Self::RoutePolicy => "route-policy",
            Self::PolicyStatement => "policy-statement",
            Self::ControlFunction => "control-function",
            Self::Expression => "expression",
        }
    }

    /// Whether routes may leave it undecided, for the next policy of a chain or for the protocol.
    pub const fn leaves_open(self) -> bool {
        matches!(self, Self::PolicyStatement | Self::Expression)
    }
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy<'t> {
    /// Its name.
    pub name: &'t str,
    /// What its dialect calls it.
    pub form: PolicyForm,
    /// Its first statement.
    pub at: Span,
    /// Clauses in the order of evaluation.
    pub clauses: Vec<Clause<'t>>,
    /// Statements of the policy that were not understood.
    pub blind: Vec<Span>,
}

/// What a clause is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClauseLabel<'t> {
    /// Sequence number of a route-map clause.
    Sequence(u32),
    /// Name of a term.
    Name(&'t str),
    /// Place in the policy, counted from 1, where clauses have no names.
    Ordinal(u32),
    /// The line itself, where a policy is a program.
    Here,
}

/// Accept or refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The route passes.
    Permit,
    /// The route is dropped.
    Deny,
}

/// Where evaluation goes once a clause's steps are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It ends here.
    Stop,
    /// The next clause (`continue` without a number, `on-match next`, `next term`, a term without
    /// an action).
    NextClause,
    /// The clause with this sequence number, or the dialect's choice where there is none.
    GoTo(u32),
    /// The next policy of the chain (`next policy`).
    NextPolicy,
    /// It ends here where the policy that the condition asked last decided, and goes on with the next
    /// policy of the chain where that one left the route open.
    AsAsked,
}

/// A clause of a route map, a term, a branch at the top of an expression.
#[derive(Clone, Debug)]
pub struct Clause<'t> {
    /// What it is called.
    pub label: ClauseLabel<'t>,
    /// Its heading statement.
    pub at: Span,
    /// Which routes it applies to.
    pub condition: Condition<'t>,
    /// What it does with them, in order.
    pub steps: Vec<Step<'t>>,
    /// The verdict it gives; `None` leaves an earlier one, or none, in force.
    pub verdict: Option<Verdict>,
    /// Where evaluation goes behind it. [`Flow::Stop`] with no verdict is the policy's end.
    pub flow: Fact<Flow>,
    /// Statements in it that were not understood.
    pub blind: Vec<Span>,
}

/// Which routes a clause applies to.
#[derive(Clone, Debug)]
pub enum Condition<'t> {
    /// All routes.
    Always,
    /// Routes that match.
    Match(Fact<Match<'t>>),
    /// Routes that fulfil all of these.
    All(Vec<Self>),
    /// Routes that fulfil at least one of these.
    Any(Vec<Self>),
    /// Routes that do not fulfil this.
    Not(Box<Self>),
}

/// One match.
#[derive(Clone, Debug, PartialEq)]
pub enum Match<'t> {
    /// The route's prefix, by prefix lists of the device; any of them.
    PrefixLists(Vec<Fact<&'t str>>),
    /// The route's prefix, by IPv6 prefix lists of the device; any of them.
    Ipv6PrefixLists(Vec<Fact<&'t str>>),
    /// The route's prefix, by access lists; any of them.
    AccessLists(Vec<Fact<&'t str>>),
    /// The route's prefix, by IPv6 access lists; any of them.
    Ipv6AccessLists(Vec<Fact<&'t str>>),
    /// The route's prefix lies in any of these ranges.
    Prefixes(Vec<PrefixRange>),
    /// Route filters of a Junos term: the longest prefix that covers the route decides alone.
    LongestPrefix(Vec<Fact<PrefixRange>>),
    /// Communities, by lists; any of them. `exact`: the route carries nothing else.
    CommunityLists {
        /// The lists.
        lists: Vec<Fact<&'t str>>,
        /// Whether further communities are forbidden.
        exact: bool,
    },
    /// The route carries any of these communities.
    Communities(Vec<Community>),
    /// Extended communities, by lists.
    ExtendedCommunityLists(Vec<Fact<&'t str>>),
    /// Large communities, by lists.
    LargeCommunityLists(Vec<Fact<&'t str>>),
    /// AS path, by lists; any of them.
    AsPathLists(Vec<Fact<&'t str>>),
    /// AS path, by a regular expression written in place.
    AsPathRegex(&'t str),
    /// Length of the AS path, inclusive bounds.
    AsPathLength(u32, u32),
    /// Next hop, by prefix lists.
    NextHopPrefixLists(Vec<Fact<&'t str>>),
    /// Next hop, by access lists.
    NextHopAccessLists(Vec<Fact<&'t str>>),
    /// Source of the route (the router that sent it), by prefix lists.
    RouteSourcePrefixLists(Vec<Fact<&'t str>>),
    /// Source of the route, by access lists.
    RouteSourceAccessLists(Vec<Fact<&'t str>>),
    /// Interface of the next hop; any of them.
    Interfaces(Vec<Fact<&'t str>>),
    /// Tag; any of them.
    Tags(Vec<u32>),
    /// MED or metric.
    Metric(u32),
    /// Local preference.
    LocalPreference(u32),
    /// The protocol the route comes from (`static`, `connected`, `bgp` ...), as written.
    Protocols(Vec<&'t str>),
    /// Type of the route in its protocol, as written.
    RouteTypes(Vec<&'t str>),
    /// ORIGIN attribute.
    Origin(OriginCode),
    /// The neighbor that sent it or is to be sent it.
    Neighbors(Vec<IpAddr>),
    /// Another policy accepts the route; any of them. What it changes stays changed.
    Policies(Vec<Fact<&'t str>>),
    /// A policy of an expression does not refuse the route: it accepts it, or leaves it open. What it
    /// changes stays changed.
    PolicyHolds(Fact<&'t str>),
    /// The table that the route is in belongs to any of these VRFs; `None` is the default one.
    Vrfs(Vec<Option<&'t str>>),
    /// The protocol that the route is handed to, as written; any of them.
    Towards(Vec<&'t str>),
    /// A condition on the state of the device, under a name of its own.
    State(Box<StateCondition<'t>>),
    /// Something that only routes of an interior protocol have (area, level, external type), as
    /// written.
    Interior(&'t str),
    /// An attribute that is not followed (colour, preference, next hop's metric), as written: some
    /// routes have it and others do not.
    Attribute(&'t str),
    /// Something that has no bearing on BGP routes (packet length): as good as not there.
    NotForRoutes,
    /// Known to be a match, but not understood: the result is not certain.
    Unknown,
}

/// A condition on the state of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCondition<'t> {
    /// Its name.
    pub name: &'t str,
    /// Where it is defined; the match itself where it is not.
    pub at: Span,
    /// Where it asks for a route: the prefix, and the VRF of the table; `None` is the default one.
    pub route: Option<(Prefix, Option<&'t str>)>,
}

/// One step of a clause.
#[derive(Clone, Debug)]
pub enum Step<'t> {
    /// Changes an attribute.
    Set(Fact<SetAction<'t>>),
    /// Evaluates another policy; where it denies, so does the clause.
    Call(Fact<&'t str>),
    /// Branches: the first arm whose condition holds; one that always does stands last.
    Branch(Vec<Arm<'t>>),
    /// Lets the route pass at the end unless something drops it (`pass`).
    Pass(Span),
    /// Ends the policy with a verdict (`done`, `drop`).
    End(Fact<Verdict>),
}

/// A condition with what is done where it holds.
#[derive(Clone, Debug)]
pub struct Arm<'t> {
    /// The line that begins it.
    pub at: Span,
    /// When it is entered.
    pub condition: Condition<'t>,
    /// What it does, in order.
    pub steps: Vec<Step<'t>>,
}

/// A number that is set, added or subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Becomes this.
    Set(u32),
    /// Grows by this, up to the largest value.
    Add(u32),
    /// Shrinks by this, down to zero.
    Subtract(u32),
    /// Becomes this many times as large, up to the largest value.
    Multiply(u32),
}

/// What happens to communities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommunityEdit<'t> {
    /// All communities become these.
    Replace(Vec<Community>),
    /// These are added.
    Add(Vec<Community>),
    /// All are removed.
    RemoveAll,
    /// Those that a list matches are removed.
    RemoveMatching(Fact<&'t str>),
    /// All but those that a list matches are removed.
    KeepMatching(Fact<&'t str>),
    /// These are removed.
    Remove(Vec<Community>),
}

/// ORIGIN attribute (RFC 4271, section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OriginCode {
    /// Interior.
    Igp,
    /// The protocol EGP.
    Egp,
    /// Learned by other means.
    Incomplete,
}

/// What the next hop becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextHopSet {
    /// The device itself.
    Own,
    /// The peer's address.
    Peer,
    /// An address.
    Address(IpAddr),
    /// Left as it is.
    Unchanged,
    /// Something else (recursive, verified, a list): not decided here.
    Other,
}

/// One change of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum SetAction<'t> {
    /// LOCAL_PREF.
    LocalPreference(Arithmetic),
    /// Weight: local to the router, compared before everything else where it exists.
    Weight(u32),
    /// Distance of the route on this router, lower ones first, where paths of BGP are compared by it.
    Distance(Arithmetic),
    /// MULTI_EXIT_DISC.
    Med(Arithmetic),
    /// Standard communities.
    Community(CommunityEdit<'t>),
    /// AS numbers put in front of AS_PATH, leftmost first.
    Prepend(Vec<u32>),
    /// The last AS number repeated this many times (`prepend last-as`).
    PrependLastAs(u32),
    /// These AS numbers taken out of the path.
    ExcludeAs(Vec<u32>),
    /// The own AS number repeated this many times (`prepend as-path own-as`).
    PrependOwnAs(u32),
    /// AS numbers in the path replaced or taken out in a way that is not followed; as written.
    RewritePath(&'t str),
    /// AS numbers in the path replaced by the own one; all of them, or those listed.
    ReplaceAs(Vec<u32>),
    /// ORIGIN.
    Origin(OriginCode),
    /// NEXT_HOP.
    NextHop(NextHopSet),
    /// Tag.
    Tag(u32),
    /// Route targets, put beside others or in their place; as written.
    RouteTargets(Vec<&'t str>),
    /// An attribute that no decision here depends on (extended communities, labels, traffic
    /// index, forwarding of packets): recorded so that it is not taken for unknown.
    Irrelevant,
    /// Known to be a set, but not understood: attributes are not certain behind it.
    Unknown,
}
