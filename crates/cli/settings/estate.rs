//! The estate's description: what the file says about circuits, edges, services and devices, checked.
//!
//! What contradicts itself is an error: a name given twice, a link in two circuits, a prefix with bits
//! beyond its length. What is only not there (a device that no input has) is found out later, and is
//! none: a run may look at a part of the estate.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;

use edgelint_engine::described::{
    DescribedCircuit, DescribedEdge, DescribedLink, DescribedNatGroup, DescribedService,
    Description, EdgeKind, LinkRole, Peering, Prefix, PrefixRange, PrefixSet, Provider, Sku,
};

use crate::error::Failed;
use crate::settings::SettingsFile;
use crate::settings::document::{Circuit, Device, Document, Edge, Link, NatGroup, Service, Text};

/// Words for ranks.
pub(super) const CIRCUIT_ROLES: [(&str, u32); 2] = [("primary", 1), ("failover", 2)];

/// What a link can be said to be.
pub(super) const LINK_ROLES: [LinkRole; 2] = [LinkRole::Primary, LinkRole::Secondary];

/// Two places in the file: of a device, and of what it is about there.
pub(super) type Pair = [Range<usize>; 2];

/// Where things are described, for what is said about them later.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// By circuit and link: the device and the neighbor.
    pub(super) links: Vec<Vec<Pair>>,
    /// By edge: the device, and the neighbor or the interface.
    pub(super) edges: Vec<Pair>,
    /// By group that shares translations: its devices.
    pub(super) nat_groups: Vec<Vec<Range<usize>>>,
    /// Names of devices that are described with the path of their file, and that path.
    pub(super) devices: Vec<(String, String, Range<usize>)>,
}

/// What is said about the estate.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) description: Description,
    pub(super) places: Places,
    /// Devices by tag.
    pub(super) tags: BTreeMap<String, Vec<String>>,
}

/// Links and edges so far, by device and neighbor: where, and in which VRF.
type Taken = BTreeMap<(String, IpAddr), Vec<(Option<String>, String)>>;

/// Reads the description out of a document.
pub(super) fn read(file: &SettingsFile, document: &Document) -> Result<Told, Failed> {
    let mut told = Told::default();
    let estate = &document.estate;
    told.description.tenant_geography =
        estate.tenant_geography.as_ref().map(|text| text.get_ref().to_lowercase());
    told.description.own_as = estate.own_as.iter().map(|number| *number.get_ref()).collect();
    told.description.strict_documentation =
        estate.strict_documentation.as_ref().is_some_and(|strict| *strict.get_ref());
    let mut taken = Taken::new();
    unique(file, "circuit", document.circuit.iter().map(|circuit| &circuit.name))?;
    for circuit in &document.circuit {
        let (described, places) = read_circuit(file, circuit, &mut taken)?;
        told.description.circuits.push(described);
        told.places.links.push(places);
    }
    let mut whole: BTreeMap<(String, Option<String>), ()> = BTreeMap::new();
    for edge in &document.edge {
        let (described, places) = read_edge(file, edge, &mut taken)?;
        let key = (described.device.clone(), described.interface.clone());
        if described.neighbor.is_none() && whole.insert(key, ()).is_some() {
            let message = "this edge is described twice".to_owned();
            return Err(file.error(message, edge.device.span(), None));
        }
        told.description.edges.push(described);
        told.places.edges.push(places);
    }
    unique(file, "service", document.service.iter().map(|service| &service.name))?;
    for service in &document.service {
        told.description.services.push(read_service(file, service)?);
    }
    unique(file, "nat-group", document.nat_group.iter().map(|group| &group.name))?;
    let mut grouped: BTreeMap<&str, &str> = BTreeMap::new();
    for group in &document.nat_group {
        let described = read_nat_group(file, group, &mut grouped)?;
        told.description.nat_groups.push(described);
        told.places.nat_groups.push(group.devices.iter().map(Text::span).collect());
    }
    read_devices(file, &document.device, &mut told)?;
    Ok(told)
}

/// A name that stands for two things stands for neither.
fn unique<'n>(
    file: &SettingsFile,
    what: &str,
    names: impl Iterator<Item = &'n Text>,
) -> Result<(), Failed> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for name in names {
        file.not_empty(name)?;
        let line = file.line(name.span().start);
        if let Some(before) = seen.insert(name.get_ref(), line) {
            let message =
                format!("there is already a {what} `{}`, in line {before}", name.get_ref());
            return Err(file.error(message, name.span(), None));
        }
    }
    Ok(())
}

fn read_circuit(
    file: &SettingsFile,
    circuit: &Circuit,
    taken: &mut Taken,
) -> Result<(DescribedCircuit, Vec<Pair>), Failed> {
    let provider =
        file.word(&circuit.provider, "provider", &Provider::ALL.map(|one| (one.name(), one)))?;
    let peering = |text: &Option<Text>| {
        let known: Vec<(&str, Peering)> =
            provider.peerings().iter().map(|&peering| (peering.name(), peering)).collect();
        let what = format!("peering of {}", provider.name());
        text.as_ref().map(|text| file.word(text, &what, &known)).transpose()
    };
    let mut links = Vec::new();
    let mut places = Vec::new();
    for link in &circuit.links {
        let described = DescribedLink {
            device: file.not_empty(&link.device)?.to_owned(),
            neighbor: file.address(&link.neighbor)?,
            vrf: link.vrf.as_ref().map(|vrf| vrf.get_ref().clone()),
            peering: peering(&link.peering)?,
            role: read_link_role(file, link)?,
        };
        take(file, &described, (&circuit.name, link), taken)?;
        links.push(described);
        places.push([link.device.span(), link.neighbor.span()]);
    }
    let skus = Sku::ALL.map(|sku| (sku.name(), sku));
    let described = DescribedCircuit {
        name: circuit.name.get_ref().clone(),
        provider,
        peering: peering(&circuit.peering)?,
        sku: circuit.sku.as_ref().map(|sku| file.word(sku, "SKU", &skus)).transpose()?,
        geography: circuit.geography.as_ref().map(|text| text.get_ref().to_lowercase()),
        rank: read_rank(file, circuit)?,
        links,
        public_prefixes: read_prefixes(file, circuit.public_prefixes.as_deref(), Scope::Exact)?,
        vnet_ranges: read_prefixes(file, circuit.vnet_ranges.as_deref(), Scope::Inside)?,
        weighted: circuit.weighted,
    };
    Ok((described, places))
}

fn read_rank(file: &SettingsFile, circuit: &Circuit) -> Result<Option<u32>, Failed> {
    match (&circuit.rank, &circuit.role) {
        (Some(_), Some(role)) => {
            let message = "`rank` and `role` say the same: keep one of them".to_owned();
            Err(file.error(message, role.span(), None))
        }
        (Some(rank), None) => Ok(Some(*rank.get_ref())),
        (None, Some(role)) => file.word(role, "role of a circuit", &CIRCUIT_ROLES).map(Some),
        (None, None) => Ok(None),
    }
}

fn read_link_role(file: &SettingsFile, link: &Link) -> Result<LinkRole, Failed> {
    let known = LINK_ROLES.map(|role| (role.name(), role));
    let role = link.role.as_ref().map(|role| file.word(role, "role of a link", &known));
    Ok(role.transpose()?.unwrap_or(LinkRole::Unknown))
}

/// Takes a session for a link; an error where it is taken.
fn take(
    file: &SettingsFile,
    link: &DescribedLink,
    (name, written): (&Text, &Link),
    taken: &mut Taken,
) -> Result<(), Failed> {
    let key = (link.device.clone(), link.neighbor);
    let sessions = taken.entry(key).or_default();
    let same = |vrf: &Option<String>| *vrf == link.vrf || vrf.is_none() || link.vrf.is_none();
    if let Some((_, other)) = sessions.iter().find(|(vrf, _)| same(vrf)) {
        let message =
            format!("{} on {} is already a link of circuit `{other}`", link.neighbor, link.device);
        return Err(file.error(message, written.neighbor.span(), None));
    }
    sessions.push((link.vrf.clone(), name.get_ref().clone()));
    Ok(())
}

fn read_edge(
    file: &SettingsFile,
    edge: &Edge,
    taken: &mut Taken,
) -> Result<(DescribedEdge, Pair), Failed> {
    let kinds = EdgeKind::ALL.map(|kind| (kind.name(), kind));
    let described = DescribedEdge {
        kind: file.word(&edge.kind, "kind of edge", &kinds)?,
        device: file.not_empty(&edge.device)?.to_owned(),
        neighbor: edge.neighbor.as_ref().map(|text| file.address(text)).transpose()?,
        interface: edge.interface.as_ref().map(|text| text.get_ref().clone()),
    };
    if let (Some(_), Some(interface)) = (&edge.neighbor, &edge.interface) {
        let message = "an edge is a neighbor or an interface: keep one of them".to_owned();
        return Err(file.error(message, interface.span(), None));
    }
    if let (Some(neighbor), Some(written)) = (described.neighbor, &edge.neighbor) {
        let sessions = taken.entry((described.device.clone(), neighbor)).or_default();
        if let Some((_, name)) = sessions.first() {
            let what = match name.as_str() {
                "" => "already described as an edge".to_owned(),
                name => format!("a link of circuit `{name}`"),
            };
            let message = format!("{neighbor} on {} is {what}", described.device);
            return Err(file.error(message, written.span(), None));
        }
        sessions.push((None, String::new()));
    }
    let narrower = edge.neighbor.as_ref().or(edge.interface.as_ref()).unwrap_or(&edge.device);
    Ok((described, [edge.device.span(), narrower.span()]))
}

fn read_service(file: &SettingsFile, service: &Service) -> Result<DescribedService, Failed> {
    if service.communities.is_empty() && service.prefixes.is_empty() {
        let message = "a service needs `communities` or `prefixes` to tell its routes".to_owned();
        return Err(file.error(message, service.name.span(), None));
    }
    let mut communities = Vec::new();
    for text in &service.communities {
        let read = edgelint_engine::trace::community(text.get_ref());
        communities.push(read.map_err(|message| file.error(message, text.span(), None))?);
    }
    communities.sort_unstable();
    communities.dedup();
    let prefixes = read_prefixes(file, Some(&service.prefixes), Scope::Inside)?;
    Ok(DescribedService {
        name: service.name.get_ref().clone(),
        communities,
        prefixes: prefixes.unwrap_or_default(),
    })
}

/// A device knows the translations of one group: one in two of them would join both.
fn read_nat_group<'n>(
    file: &SettingsFile,
    group: &'n NatGroup,
    grouped: &mut BTreeMap<&'n str, &'n str>,
) -> Result<DescribedNatGroup, Failed> {
    let name = group.name.get_ref();
    if group.devices.is_empty() {
        let message = "a group needs `devices` that share their translations".to_owned();
        return Err(file.error(message, group.name.span(), None));
    }
    let mut devices = Vec::new();
    for device in &group.devices {
        devices.push(file.not_empty(device)?.to_owned());
        if let Some(other) = grouped.insert(device.get_ref(), name) {
            let message = format!("{} is already in the group `{other}`", device.get_ref());
            return Err(file.error(message, device.span(), None));
        }
    }
    Ok(DescribedNatGroup { name: name.clone(), devices })
}

fn read_devices(file: &SettingsFile, devices: &[Device], told: &mut Told) -> Result<(), Failed> {
    unique(file, "device", devices.iter().map(|device| &device.name))?;
    let mut paths: BTreeMap<&str, &str> = BTreeMap::new();
    for device in devices {
        let name = device.name.get_ref();
        if let Some(path) = &device.path {
            if let Some(other) = paths.insert(path.get_ref(), name) {
                let message = format!("the device of this path is already named `{other}`");
                return Err(file.error(message, path.span(), None));
            }
            told.places.devices.push((name.clone(), path.get_ref().clone(), path.span()));
        }
        for tag in &device.tags {
            told.tags.entry(tag.get_ref().clone()).or_default().push(name.clone());
        }
    }
    Ok(())
}

/// What a list of prefixes stands for.
#[derive(Clone, Copy)]
enum Scope {
    /// These prefixes.
    Exact,
    /// All that is inside them.
    Inside,
}

fn read_prefixes(
    file: &SettingsFile,
    texts: Option<&[Text]>,
    scope: Scope,
) -> Result<Option<PrefixSet>, Failed> {
    let Some(texts) = texts else { return Ok(None) };
    let mut prefixes = Vec::new();
    for text in texts {
        prefixes.push(read_prefix(file, text)?);
    }
    Ok(Some(match scope {
        Scope::Exact => prefixes.into_iter().collect(),
        Scope::Inside => prefixes.into_iter().map(PrefixRange::or_longer).collect(),
    }))
}

fn read_prefix(file: &SettingsFile, text: &Text) -> Result<Prefix, Failed> {
    match Prefix::parse(text.get_ref()) {
        Some((prefix, false)) => Ok(prefix),
        Some((prefix, true)) => {
            let message = format!("`{}` has bits beyond its length", text.get_ref());
            Err(file.error(message, text.span(), Some(&prefix.to_string())))
        }
        None => {
            let message = format!("`{}` is not a prefix such as 203.0.113.0/24", text.get_ref());
            Err(file.error(message, text.span(), None))
        }
    }
}
