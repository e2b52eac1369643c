//! A seeded generator of estates: as many sites as wanted, each with a circuit edge and an internet
//! edge, written as IOS exports, in the braces of Junos or in its `set` lines.
//!
//! The same plan gives the same bytes everywhere. Sites are alike in shape and differ in names, addresses
//! and list contents; names of lists and policies are the same on all of them. Three mistakes are planted at
//! a known rate ([`Plan::every`]), each on sites of its own, so that joins have something to find and so that
//! what is found can be counted:
//!
//! - a site advertises the prefix of its neighbor, so that both circuits carry it;
//! - a site translates on its internet edge to addresses of its circuit's pool;
//! - a site sets no preference on what its circuit brings.
//!
//! Further shapes make a whole estate lopsided ([`Shape`]): what is shared there is shared by all. Public
//! blocks come from the space for benchmarks (RFC 2544), link subnets from behind it; such an estate is for
//! measuring and never for a network.

mod ios;
mod junos;

/// A generated file: its name and its text.
pub(crate) type Export = (String, String);

/// How an estate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// IOS.
    Ios,
    /// Junos in braces.
    Braces,
    /// Junos in `set` lines.
    SetLines,
    /// Site by site one of them.
    Mixed,
}

/// What all sites of an estate have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Sites for themselves: no iBGP leads from one to another.
    Apart,
    /// One AS: every device has an iBGP session to a route reflector that is not in the estate.
    OneAs,
    /// One AS, and no circuit is preferred to the internet.
    NoPreference,
    /// One AS, and nothing is filtered on the way out.
    NoFilters,
    /// Every site advertises one and the same prefix.
    OnePrefix,
    /// Every edge translates to one and the same pool.
    OnePool,
}

/// Every shape with its name.
pub(crate) const SHAPES: [(&str, Shape); 6] = [
    ("apart", Shape::Apart),
    ("one-as", Shape::OneAs),
    ("no-preference", Shape::NoPreference),
    ("no-filters", Shape::NoFilters),
    ("one-prefix", Shape::OnePrefix),
    ("one-pool", Shape::OnePool),
];

/// An estate to generate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How it is written.
    pub(crate) form: Form,
    /// Devices, two a site; up to [`MOST_DEVICES`].
    pub(crate) devices: usize,
    /// The seed of all that is random.
    pub(crate) seed: u64,
    /// One site in so many has each of the planted mistakes; 0 for none.
    pub(crate) every: u32,
    /// What all sites have in common.
    pub(crate) shape: Shape,
}

/// More sites have no public block of their own.
pub(crate) const MOST_DEVICES: usize = 2 * 8192;

impl Plan {
    /// A usual estate: one site in a hundred has each of the mistakes.
    pub(crate) fn usual(form: Form, devices: usize) -> Self {
        Self { form, devices, seed: 1, every: 100, shape: Shape::Apart }
    }

    /// The exports.
    ///
    /// # Panics
    /// Where there are more than [`MOST_DEVICES`].
    pub(crate) fn exports(&self) -> Vec<Export> {
        assert!(self.devices <= MOST_DEVICES, "at most {MOST_DEVICES} devices");
        (0..self.devices).map(|index| self.export(index)).collect()
    }

    fn export(&self, index: usize) -> Export {
        let number = u32::try_from(index / 2).expect("a number of sites");
        let circuit = index.is_multiple_of(2);
        let bit = u64::from(!circuit);
        let mut random = Random(self.seed ^ (u64::from(number) << 1) ^ bit);
        let name = format!("{}-{number:05}", if circuit { "er" } else { "inet" });
        let edge = self.edge(number, circuit);
        let mut text = String::with_capacity(8192);
        match self.form {
            Form::Ios => ios::export(&mut text, &name, &edge, &mut random),
            Form::Mixed if number.is_multiple_of(3) => {
                ios::export(&mut text, &name, &edge, &mut random);
            }
            Form::Braces | Form::SetLines | Form::Mixed => {
                let paths = junos::paths(&name, &edge, &mut random);
                let braces =
                    self.form == Form::Braces || (self.form == Form::Mixed && number % 3 == 1);
                junos::write(&mut text, &paths, braces);
            }
        }
        text.shrink_to_fit();
        (format!("{name}.cfg"), text)
    }

    /// What an edge of a site is given.
    fn edge(&self, site: u32, circuit: bool) -> Edge {
        // Each mistake has sites of its own, spread evenly.
        let planted =
            |which: u32| 0 < self.every && site % self.every == (which + 1) * self.every / 4;
        let neighbor = if planted(2) && 0 < site { site - 1 } else { site };
        let own = match self.shape {
            Shape::OnePrefix => block(0),
            _ => block(neighbor),
        };
        // Each edge advertises its half of the block and translates to some of it.
        let half = if circuit { own } else { own + 8 };
        let pool = match self.shape {
            Shape::OnePool => block(0),
            _ if planted(1) => own,
            _ => half,
        };
        let preferred = !planted(0) && self.shape != Shape::NoPreference;
        Edge {
            site,
            circuit,
            own: half,
            pool: (pool + 1, pool + 6),
            link: LINKS + site * 8,
            uplink: UPLINKS + site * 4,
            preferred,
            interior: !matches!(self.shape, Shape::Apart | Shape::OnePrefix | Shape::OnePool),
            filtered: self.shape != Shape::NoFilters,
        }
    }
}

/// One edge of a site.
struct Edge {
    site: u32,
    /// The circuit's edge, else that of the internet.
    circuit: bool,
    /// What it advertises: a /29.
    own: u32,
    /// What it translates to: first and last address.
    pool: (u32, u32),
    /// The circuit's two link subnets, four addresses each.
    link: u32,
    /// The subnet of the internet uplink.
    uplink: u32,
    /// Whether a local preference is set on what comes in.
    preferred: bool,
    /// Whether it has an iBGP session.
    interior: bool,
    /// Whether what goes out is filtered.
    filtered: bool,
}

impl Edge {
    /// The local preference of what comes in, if one is set: above the default on circuits, below it on
    /// the internet.
    fn preference(&self) -> Option<u32> {
        self.preferred.then_some(if self.circuit { 200 } else { 90 })
    }

    /// The address of its loopback.
    fn loopback(&self) -> std::net::Ipv4Addr {
        (0x0AFE_0000 + self.site * 2 + u32::from(!self.circuit)).into()
    }
}

/// The route reflector of one AS, which is in no estate.
const REFLECTOR: std::net::Ipv4Addr = std::net::Ipv4Addr::new(10, 255, 255, 254);

/// 198.20.0.0 and 198.21.0.0.
const LINKS: u32 = 0xC614_0000;
const UPLINKS: u32 = 0xC615_0000;

/// The public block of a site: a /28 of 198.18.0.0/15.
fn block(site: u32) -> u32 {
    0xC612_0000 + site % 8192 * 16
}

fn dotted(address: u32) -> std::net::Ipv4Addr {
    address.into()
}

/// Pseudo-random numbers (splitmix64): small, seeded, the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}
