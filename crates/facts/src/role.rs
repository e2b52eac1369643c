//! Roles: what each session is for, with the evidence.
//!
//! Every comparison of edges depends on the role, so a session gets exactly one, and the strongest
//! evidence wins: what the estate's owner says, then the other end's AS where a cloud has one of its own,
//! then a tunnel, then words that people wrote, then the kind of AS number and address.

use std::net::IpAddr;

use edgelint_model::{Fact, Interface, NatSide, Neighbor};
use edgelint_prefix::special::link_local;
use edgelint_prefix::{Prefix, PrefixSet, is_private};

use edgelint_source::Span;

use crate::described::{DescribedCircuit, DescribedEdge, DescribedLink, EdgeKind, Provider, Told};
use crate::evaluate::Test;
use crate::session::{Evidence, Peering, Role, Session, SessionFamily};

/// Microsoft's AS number at the edge of its network (ExpressRoute routing requirements).
const MICROSOFT: u32 = 12076;
/// The AS number of Azure VPN gateways unless configured otherwise.
const AZURE_GATEWAY: u32 = 65515;
/// Amazon's AS number on public virtual interfaces.
const AMAZON: u32 = 7224;
/// Google's AS number on Partner Interconnect.
const GOOGLE: u32 = 16550;
/// Oracle's AS number on FastConnect.
const ORACLE: u32 = 31898;

/// Whether an AS number is one that a cloud has at the far end of its circuits.
pub(crate) const fn is_cloud_as(number: u32) -> bool {
    matches!(number, MICROSOFT | AMAZON | GOOGLE | ORACLE)
}

/// What is looked at to tell a role.
pub(crate) struct Signs<'d, 't> {
    pub(crate) session: &'d Session<'t>,
    pub(crate) neighbor: &'d Neighbor<'t>,
    pub(crate) interface: Option<&'d Interface<'t>>,
    pub(crate) told: &'d Told<'d>,
}

/// A role, why, and whether that leaves no doubt.
pub(crate) struct Verdict {
    pub(crate) role: Role,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) certain: bool,
    /// Whether it is the internet for one site, meant to be used beside a circuit.
    pub(crate) breakout: bool,
    /// Places of the circuit and the link that the session is described as.
    pub(crate) link: Option<(u32, u32)>,
}

impl Verdict {
    fn new(role: Role, certain: bool, evidence: Evidence) -> Self {
        Self { role, evidence: vec![evidence], certain, breakout: false, link: None }
    }
}

/// Whether an AS number is one of those that organisations give themselves (RFC 6996).
/// Numbers for documentation (RFC 5398) are in neither range; whether they count as public is another
/// question.
pub const fn is_private_as(number: u32) -> bool {
    matches!(number, 64512..=65534 | 4_200_000_000..=4_294_967_294)
}

/// Whether an AS number is set aside for documentation (RFC 5398).
pub(crate) const fn is_documentation_as(number: u32) -> bool {
    matches!(number, 64496..=64511 | 65536..=65551)
}

impl<'t> Signs<'_, 't> {
    /// Tells the role of the session at a place in the model.
    pub(crate) fn role(&self, place: (usize, usize, usize)) -> Verdict {
        if let Some((at, circuit, link)) = self.told.link(place) {
            return Verdict { link: Some(at), ..self.described_link(circuit, link) };
        }
        let inferred = self.inferred();
        let edge = self.told.edge(self.session.address(), self.interface);
        match edge.filter(|_| self.session.is_ebgp) {
            Some(edge) => described_edge(edge, inferred),
            None => inferred,
        }
    }

    /// A link of a circuit, as its owner says; what the owner leaves open is inferred.
    fn described_link(&self, circuit: &DescribedCircuit, link: &DescribedLink) -> Verdict {
        let text = format!("edgelint.toml describes it as a link of circuit {}", circuit.name);
        let evidence = Evidence { text: text.into(), at: None };
        let of: fn(Peering) -> Role = match circuit.provider {
            Provider::Azure => Role::Azure,
            Provider::Aws => Role::Aws,
            Provider::Gcp => Role::Gcp,
            Provider::Oci => Role::Oci,
            Provider::Generic => Role::Generic,
        };
        let only = match circuit.provider.peerings() {
            [only] => Some(*only),
            _ => None,
        };
        if let Some(peering) = link.peering.or(circuit.peering).or(only) {
            return Verdict::new(of(peering), true, evidence);
        }
        match circuit.provider {
            Provider::Azure => self.azure(evidence),
            Provider::Generic => Verdict::new(Role::Generic(Peering::Private), true, evidence),
            _ => {
                let inferred = self.inferred();
                let known = inferred.role.provider() == Some(circuit.provider.short());
                let peering = inferred.role.peering().filter(|_| known);
                let role = of(peering.unwrap_or_else(|| self.worded_peering()));
                Verdict::new(role, known && inferred.certain, evidence)
            }
        }
    }

    /// What the configuration itself shows.
    fn inferred(&self) -> Verdict {
        let at = self.session.remote_as_at.unwrap_or(self.session.at);
        if !self.session.is_ebgp {
            let evidence = Evidence::new("both ends are in one AS", at);
            return Verdict::new(Role::Internal, self.session.remote_as.is_some(), evidence);
        }
        let own = &self.told.description.own_as;
        if let Some(number) = self.session.remote_as.filter(|number| own.contains(number)) {
            let text = format!("edgelint.toml lists AS {number} as an own one");
            return Verdict::new(Role::Internal, true, Evidence::new(text, at));
        }
        match self.session.remote_as {
            Some(MICROSOFT) => self.azure(Evidence::new("the other end is in AS 12076", at)),
            Some(AMAZON) => {
                let evidence = Evidence::new("the other end is in AS 7224", at);
                Verdict::new(Role::Aws(Peering::Public), true, evidence)
            }
            Some(GOOGLE) => {
                let evidence = Evidence::new("the other end is in AS 16550", at);
                Verdict::new(Role::Gcp(Peering::Private), true, evidence)
            }
            Some(ORACLE) => {
                let evidence = Evidence::new("the other end is in AS 31898", at);
                let link = self.is_public_link();
                let peering = if link { Peering::Public } else { Peering::Private };
                Verdict::new(Role::Oci(peering), false, evidence)
            }
            Some(AZURE_GATEWAY) => {
                let evidence = Evidence::new("AS 65515 is that of an Azure gateway", at);
                Verdict::new(Role::VpnBackup, true, evidence)
            }
            _ => self.beyond_numbers(at),
        }
    }

    fn beyond_numbers(&self, at: Span) -> Verdict {
        if let Some(tunnel) = self.interface.filter(|interface| interface.tunnel) {
            let evidence = Evidence::new(format!("it runs over tunnel {}", tunnel.name), tunnel.at);
            return Verdict::new(Role::VpnBackup, true, evidence);
        }
        // A provider's VPN over MPLS is a network of the enterprise, not a tunnel beside a circuit.
        if let Some((_, evidence)) = self.words(TUNNELS).filter(|_| self.words(LABELS).is_none()) {
            return Verdict::new(Role::VpnBackup, false, evidence);
        }
        if let Some((provider, evidence)) = self.words(CLOUDS) {
            let mut verdict = match provider {
                "azure" => self.azure(evidence),
                "aws" => Verdict::new(Role::Aws(self.worded_peering()), true, evidence),
                "gcp" => Verdict::new(Role::Gcp(Peering::Private), true, evidence),
                _ => Verdict::new(Role::Oci(self.worded_peering()), true, evidence),
            };
            verdict.certain = false;
            return verdict;
        }
        let public_as = self
            .session
            .remote_as
            .is_none_or(|number| self.told.description.is_registered_as(number));
        let public_link = self.is_public_link();
        // Networks inside have transit links and upstream routers too.
        let words = if public_as || public_link { INTERNET } else { INTERNET_ALONE };
        if let Some((_, evidence)) = self.words(words) {
            let certain = public_as && public_link;
            return Verdict::new(Role::Internet, certain, evidence);
        }
        match (public_as, public_link) {
            (true, _) => {
                let text = match self.session.remote_as {
                    Some(number) => format!("AS {number} is public and no cloud's"),
                    None => "the other end is in some other AS".to_owned(),
                };
                let certain = public_link && self.session.remote_as.is_some();
                Verdict::new(Role::Internet, certain, Evidence::new(text, at))
            }
            (false, public) => {
                let evidence = Evidence::new("the other end is in a private AS", at);
                Verdict::new(Role::Internal, !public, evidence)
            }
        }
    }

    /// A session to Azure: which peering.
    fn azure(&self, evidence: Evidence) -> Verdict {
        let (first, mut evidence) = (evidence, Vec::with_capacity(2));
        evidence.push(first);
        let (peering, certain) = self.azure_peering(&mut evidence);
        Verdict { role: Role::Azure(peering), evidence, certain, breakout: false, link: None }
    }

    fn is_public_link(&self) -> bool {
        let description = self.told.description;
        self.session.address().is_some_and(|address| description.is_public(address))
    }

    fn azure_peering(&self, evidence: &mut Vec<Evidence>) -> (Peering, bool) {
        // Documentation space says nothing of a peering, however strictly it is judged.
        let private_link =
            |address: IpAddr| is_private(address) || link_local().contains(&Prefix::host(address));
        if self.session.address().is_some_and(private_link) {
            evidence.push(Evidence::new("the link has private addresses", self.session.at));
            return (Peering::Private, true);
        }
        if let Some((peering, words)) = self.words(PEERINGS) {
            evidence.push(words);
            let peering = if peering == "private" { Peering::Private } else { Peering::Microsoft };
            return (peering, true);
        }
        let mut hints = Vec::new();
        for family in &self.session.families {
            let not_public = self.told.description.not_public();
            hints.extend(hints_of(family, self.session.at, not_public));
        }
        if let Some(nat) = self.interface.and_then(|interface| interface.nat)
            && nat.value != NatSide::Inside
        {
            hints.push(Evidence::new("the interface translates addresses", nat.at()));
        }
        let peering = if hints.is_empty() { Peering::Unknown } else { Peering::Microsoft };
        let certain = 1 < hints.len();
        evidence.append(&mut hints);
        (peering, certain)
    }

    fn worded_peering(&self) -> Peering {
        match self.words(VIRTUAL_INTERFACES) {
            Some(("public", _)) => Peering::Public,
            Some(("transit", _)) => Peering::Transit,
            _ if self.is_public_link() => Peering::Unknown,
            _ => Peering::Private,
        }
    }

    /// The first of the meanings that a description of the session or its interface has.
    fn words(&self, meanings: Meanings) -> Option<(&'static str, Evidence)> {
        let texts = [self.neighbor.description, self.interface.and_then(|one| one.description)];
        texts.into_iter().flatten().find_map(|text| said(text, meanings))
    }
}

/// A session at a place that its owner describes. A device as a whole says what its way to the internet
/// is: that holds where the internet was inferred, and where nothing certain was.
fn described_edge(edge: &DescribedEdge, inferred: Verdict) -> Verdict {
    let whole = edge.neighbor.is_none() && edge.interface.is_none();
    let touched = match edge.kind {
        EdgeKind::Internet => inferred.role == Role::Internet || !inferred.certain,
        EdgeKind::Breakout | EdgeKind::Private | EdgeKind::Vpn => inferred.role == Role::Internet,
    };
    if whole && !touched {
        return inferred;
    }
    let (role, breakout) = match edge.kind {
        EdgeKind::Internet => (Role::Internet, false),
        EdgeKind::Breakout => (Role::Internet, true),
        EdgeKind::Private => (Role::Internal, false),
        EdgeKind::Vpn => (Role::VpnBackup, false),
    };
    let text = format!("edgelint.toml describes {} behind it", edge.kind.words());
    let evidence = vec![Evidence { text: text.into(), at: None }];
    Verdict { role, evidence, certain: true, breakout, link: None }
}

/// Words, lower case, and what they mean. Words with a blank are looked for as they stand.
type Meanings = &'static [(&'static str, &'static [&'static str])];

const TUNNELS: Meanings = &[("vpn", &["vpn", "s2s", "ipsec"])];

const LABELS: Meanings = &[("labels", &["mpls", "vpnv4", "l3vpn"])];

const CLOUDS: Meanings = &[
    ("azure", &["expressroute", "msee", "azure", "microsoft peering", "exr"]),
    ("aws", &["direct connect", "directconnect", "aws"]),
    ("gcp", &["cloud interconnect", "partner interconnect", "gcp"]),
    ("oci", &["fastconnect", "oci"]),
];

const PEERINGS: Meanings = &[
    ("private", &["private"]),
    ("microsoft", &["microsoft", "msft", "m365", "o365", "office365", "public"]),
];

const VIRTUAL_INTERFACES: Meanings =
    &[("public", &["public"]), ("transit", &["transit"]), ("private", &["private"])];

const INTERNET_ALONE: Meanings = &[("internet", &["internet", "isp"])];

const INTERNET: Meanings =
    &[("internet", &["internet", "isp", "transit", "upstream", "ix", "ixp"])];

/// Whether a description speaks of the internet, and the words.
pub(crate) fn says_internet(text: Fact<&str>) -> Option<Evidence> {
    said(text, INTERNET).map(|(_, evidence)| evidence)
}

/// Whether the name of a zone says that the internet is behind it.
pub(crate) fn names_internet(zone: Fact<&str>) -> Option<Evidence> {
    let evidence = || Evidence::new(format!("it is named {}", zone.value), zone.at());
    said(zone, INTERNET).map(|_| evidence())
}

fn said(text: Fact<&str>, meanings: Meanings) -> Option<(&'static str, Evidence)> {
    let value = text.value;
    // A word of several stands in the text as it is, blanks included.
    let phrase = |word: &str| {
        let (text, word) = (value.as_bytes(), word.as_bytes());
        text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
    };
    let all = (0..).zip(meanings).flat_map(|(place, (meaning, words))| {
        (0..).zip(*words).map(move |(number, word)| ((place, number), (*meaning, *word)))
    });
    let phrases =
        all.clone().filter(|(_, (_, word))| word.contains(' ')).find(|(_, (_, word))| phrase(word));
    // The first meaning counts, wherever its word stands.
    let parts = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let single =
        parts.filter_map(|part| all.clone().find(|(_, (_, word))| word.eq_ignore_ascii_case(part)));
    let (_, (meaning, word)): ((usize, usize), _) =
        single.chain(phrases).min_by_key(|(place, _)| *place)?;
    let says = format!("a description says \u{201c}{word}\u{201d}");
    Some((meaning, Evidence::new(says, text.at())))
}

/// What a session's policies say about the peering: Microsoft tags its public routes.
fn hints_of(family: &SessionFamily<'_>, at: Span, not_public: &PrefixSet) -> Vec<Evidence> {
    let mut hints = Vec::new();
    let tagged = |value: u32| {
        value >> 16 == MICROSOFT && matches!(value & 0xFFFF, 51000..=51999 | 5010..=5250)
    };
    let tags = family.import.classes.iter().any(|class| {
        let given = &class.given;
        let literal = given.required.iter().chain(&given.forbidden).any(|one| tagged(one.0));
        let expression = given.tests.iter().any(|(test, _)| match test {
            Test::CommunityRegex(regex) => regex.contains("12076:5"),
            _ => false,
        });
        literal || expression
    });
    if tags {
        hints
            .push(Evidence::new("inbound policy asks for communities of Microsoft's services", at));
    }
    let may = &family.export.may;
    if family.export.filtered && !may.is_empty() && !may.overlaps(not_public) {
        let first = family.export_filters.first().map_or(at, |filter| filter.name.at());
        hints.push(Evidence::new("outbound filters let public prefixes pass only", first));
    }
    hints
}
