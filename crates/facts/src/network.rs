//! The network: all devices of a run, and what only shows when they are put together.

use std::net::IpAddr;
use std::sync::OnceLock;

use edgelint_model::{BgpInstance, BgpProcess, Interface, Neighbor, NeighborFamily};
use edgelint_source::{FileId, Span};

use crate::as_path::Expressions;
use crate::circuit::{self, Circuit, Redundancy};
use crate::described::{self, DescribedCircuit, Description, Directory, Unmatched};
use crate::device::DeviceFacts;
use crate::direction::{self, Direction};
use crate::domain::{self, Domain};
use crate::estate::Census;
use crate::leak::{CrossedRivals, Leak};
use crate::nat::{self, NatUse};
use crate::owners::Owners;
use crate::rivals::Rivals;
use crate::session::{Role, Session, SessionFamily};

/// A device of the run: its place in [`Network::devices`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u32);

/// A session of the run: its place in [`Network::sessions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u32);

/// A circuit of the run: its place in [`Network::circuits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CircuitId(pub u32);

/// Why an input is no device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputStatus {
    /// Nothing in it.
    Empty,
    /// Not text.
    Binary,
    /// No dialect could be told.
    Unrecognised {
        /// Dialects that were possible, by name.
        candidates: Vec<&'static str>,
        /// A system that it looks like and that is not read, by name.
        foreign: Option<&'static str>,
    },
    /// Could not be read.
    Unreadable,
}

/// An input that is no device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub file: FileId,
    /// Its path as given.
    pub path: String,
    /// What is the matter with it.
    pub status: InputStatus,
    /// Whether the user named it, as opposed to met in a walk.
    pub named: bool,
    /// Whether it shows signs of being a device configuration.
    pub looks_like_configuration: bool,
    /// A line that shows it, or the first one; none where there is no text.
    pub at: Option<Span>,
}

/// All devices of a run, joined. Immutable once made.
#[derive(Debug)]
pub struct Network<'t> {
    /// Devices in the order in which they were given.
    pub devices: Vec<DeviceFacts<'t>>,
    /// Sessions, device by device, each in the order of its file.
    pub sessions: Vec<Session<'t>>,
    /// Circuits, sorted by name.
    pub circuits: Vec<Circuit>,
    /// What translation rules translate to, device by device, in the order of the rules.
    pub nat: Vec<NatUse<'t>>,
    /// Inputs that are no devices.
    pub inputs: Vec<Input>,
    /// What the owner of the estate says about it.
    pub description: Description,
    /// What is described and was not found, in the order of the description.
    pub unmatched: Vec<Unmatched>,
    pub(crate) domains: Vec<Domain>,
    /// Which interfaces have an address.
    pub(crate) owners: Owners,
    /// Leaks of each kind, once somebody asked for them.
    pub(crate) leaks: [OnceLock<Vec<Leak>>; 3],
    /// Competitors by how they are preferred; made when the first contest is asked for.
    pub(crate) rivals: OnceLock<Rivals>,
    /// Sessions of circuits that are described with a rank, by rank, once somebody asked.
    pub(crate) ranked: OnceLock<Vec<(u32, SessionId)>>,
    /// Who has which address, once somebody asked.
    pub(crate) census: OnceLock<Census>,
    /// Expressions that rules asked about single paths.
    pub(crate) expressions: Expressions,
    /// Competitors from other VRFs, likewise.
    pub(crate) crossed_rivals: OnceLock<CrossedRivals>,
    /// Worked out when a rule first asks.
    directions: OnceLock<Vec<Direction>>,
    /// Likewise.
    pub(crate) redundancy: OnceLock<Vec<Redundancy>>,
}

impl<'t> Network<'t> {
    /// Joins devices: gives clashing names their path, numbers the sessions, pairs them into circuits,
    /// finds the iBGP domains, and tells which edge each translation rule serves.
    ///
    /// The result depends on the order of `devices` only in its ids.
    pub fn join(
        mut devices: Vec<DeviceFacts<'t>>,
        inputs: Vec<Input>,
        description: Description,
    ) -> Self {
        crate::device::tell_apart(&mut devices);
        let n_sessions = devices.iter().map(|device| device.drafts.len()).sum();
        let mut sessions: Vec<Session<'t>> = Vec::with_capacity(n_sessions);
        for (index, device) in (0_u32..).zip(&mut devices) {
            let start = count(&sessions);
            sessions.extend(std::mem::take(&mut device.drafts));
            device.sessions = start..count(&sessions);
            for (number, session) in (start..).zip(sessions.iter_mut().skip(start as usize)) {
                session.id = SessionId(number);
                session.device = DeviceId(index);
            }
        }
        let circuits = circuit::pair(&devices, &mut sessions, &description);
        // Nobody else asks what descriptions say.
        sessions.iter_mut().for_each(|session| session.said = None);
        let owners = Owners::of(&devices);
        let domains = domain::find(&devices, &owners, &mut sessions);
        let directory = Directory::of(&description);
        let nat = nat::uses((&devices, &owners), &sessions, &circuits, &directory);
        let unmatched = described::unmatched(&devices, &directory);
        let (leaks, rivals, ranked, census, expressions, crossed_rivals) = Default::default();
        let (directions, redundancy) = Default::default();
        Self {
            devices,
            sessions,
            circuits,
            nat,
            inputs,
            description,
            unmatched,
            domains,
            owners,
            leaks,
            rivals,
            ranked,
            census,
            expressions,
            crossed_rivals,
            directions,
            redundancy,
        }
    }

    /// The device of that id.
    ///
    /// # Panics
    /// Where the id is of another network.
    pub fn device(&self, id: DeviceId) -> &DeviceFacts<'t> {
        &self.devices[id.0 as usize]
    }

    /// The session of that id.
    ///
    /// # Panics
    /// Where the id is of another network.
    pub fn session(&self, id: SessionId) -> &Session<'t> {
        &self.sessions[id.0 as usize]
    }

    /// The circuit of that id.
    ///
    /// # Panics
    /// Where the id is of another network.
    pub fn circuit(&self, id: CircuitId) -> &Circuit {
        &self.circuits[id.0 as usize]
    }

    /// What the owner of the estate says about a circuit.
    pub fn described(&self, circuit: CircuitId) -> Option<&DescribedCircuit> {
        self.description.circuits.get(self.circuit(circuit).described?)
    }

    /// The rank of a circuit among those that serve the same purpose, where it is described: the
    /// lowest is to be preferred.
    pub fn rank(&self, circuit: CircuitId) -> Option<u32> {
        self.described(circuit)?.rank
    }

    /// Whether a session to the internet leads there: where the other end is a device of the run, it is a
    /// session between parts of the estate, whatever its AS number looks like.
    pub fn is_internet(&self, session: &Session<'t>) -> bool {
        session.role == Role::Internet && !session.address().is_some_and(|one| self.owns(one))
    }

    /// Whether a device of the run has an address.
    fn owns(&self, address: IpAddr) -> bool {
        self.owners.of_address(address).next().is_some()
    }

    /// Own addresses for which requests and answers may take different circuits of a cloud.
    pub fn directions(&self) -> &[Direction] {
        self.directions.get_or_init(|| direction::find(self))
    }

    /// The sessions of a device, in the order of its file.
    pub fn sessions_of(&self, device: DeviceId) -> &[Session<'t>] {
        let range = self.device(device).sessions.clone();
        self.sessions.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// The BGP process a session belongs to.
    pub fn process(&self, session: &Session<'t>) -> &BgpProcess<'t> {
        self.device(session.device).process(session)
    }

    /// The BGP instance (one a VRF) a session belongs to.
    pub fn instance(&self, session: &Session<'t>) -> &BgpInstance<'t> {
        self.device(session.device).instance(session)
    }

    /// Everything that is configured about a session.
    pub fn neighbor(&self, session: &Session<'t>) -> &Neighbor<'t> {
        self.device(session.device).neighbor(session)
    }

    /// Everything that is configured about a session in one family.
    pub fn neighbor_family(
        &self,
        session: &Session<'t>,
        family: &SessionFamily<'t>,
    ) -> &NeighborFamily<'t> {
        &self.neighbor(session).families[family.index]
    }

    /// The interface a session runs over, where its neighbor is on one of the device's subnets.
    pub fn interface(&self, session: &Session<'t>) -> Option<&Interface<'t>> {
        self.device(session.device).device.interfaces.get(session.interface?)
    }
}

/// The number of items, as ids count.
fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
