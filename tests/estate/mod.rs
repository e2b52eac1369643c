//! A seeded generator of estates: as many sites as wanted, each with a circuit edge and an internet
//! edge, written as IOS exports, in the braces of Junos or in its `set` lines.
//!
//! The same seed and size give the same bytes everywhere. Sites are alike in shape and differ in
//! names, addresses and list contents; every hundredth site shares a prefix and a NAT address with its
//! neighbor, so that joins have something to find. Addresses come from the block for benchmarks
//! (RFC 2544) and from RFC 1918.

mod ios;
mod junos;
pub(crate) mod policy;

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

/// Exports of `devices` devices, two a site.
pub(crate) fn estate(form: Form, devices: usize, seed: u64) -> Vec<Export> {
    (0..devices)
        .map(|index| {
            let site = u32::try_from(index / 2).expect("a number of sites");
            let mut random =
                Random(seed ^ u64::from(site) << 1 ^ u64::try_from(index % 2).expect("bit"));
            let circuit = index % 2 == 0;
            let name = format!("{}-{site:05}", if circuit { "er" } else { "inet" });
            let mut text = String::with_capacity(8192);
            let place = (site, circuit);
            match form {
                Form::Ios => ios::export(&mut text, &name, place, &mut random),
                Form::Braces | Form::SetLines => {
                    let paths = junos::paths(&name, place, &mut random);
                    junos::write(&mut text, &paths, form == Form::Braces);
                }
            }
            text.shrink_to_fit();
            (format!("{name}.cfg"), text)
        })
        .collect()
}

/// The public block of a site: a /28 of 198.18.0.0/15. Every hundredth site takes its neighbor's.
fn block(site: u32) -> u32 {
    let site = if site % 100 == 99 { site - 1 } else { site };
    0xC612_0000 + site % 8192 * 16
}

fn dotted(address: u32) -> std::net::Ipv4Addr {
    address.into()
}
