//! `edgelint.toml` as it is written: every key there is, and the schema that editors complete from.
//!
//! Values that can be wrong in themselves keep their place in the text, so that an error can be drawn
//! there. The doc comments are what the schema says: they are written for whoever fills in the file.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use toml::Spanned;

use crate::settings::schema;

/// A text with its place.
pub(super) type Text = Spanned<String>;

/// Settings of edgelint for one estate.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "edgelint.toml")]
pub(crate) struct Document {
    /// From which severity on findings make the run fail; `warning` where it is left out.
    #[schemars(with = "Option<schema::FailOn>")]
    pub(super) fail_on: Option<Text>,
    /// How sure a finding has to be to be reported; `possible` where it is left out.
    #[schemars(with = "Option<schema::Confidence>")]
    pub(super) min_confidence: Option<Text>,
    /// Paths to leave out, as in a .gitignore, counted from the directory of this file.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Text>,
    /// Which rules run.
    pub(super) rules: Rules,
    /// Severities by rule, in place of those that the rules say.
    #[schemars(with = "BTreeMap<schema::Rule, schema::Level>")]
    pub(super) severity: BTreeMap<Text, Text>,
    /// The estate as a whole.
    pub(super) estate: Estate,
    /// Private circuits to clouds and their links.
    pub(super) circuit: Vec<Circuit>,
    /// Places where the internet is, or is not, behind.
    pub(super) edge: Vec<Edge>,
    /// Services that are meant to be reached over circuits.
    pub(super) service: Vec<Service>,
    /// Devices that know each other's translations.
    pub(super) nat_group: Vec<NatGroup>,
    /// Names and tags of devices.
    pub(super) device: Vec<Device>,
    /// Other settings for some devices.
    #[serde(rename = "override")]
    pub(super) overrides: Vec<Override>,
}

/// Which rules run.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    /// Run only these; `all` stands for every rule.
    #[schemars(with = "Option<Vec<schema::Rule>>")]
    pub(super) select: Option<Vec<Text>>,
    /// Do not run these.
    #[schemars(with = "Vec<schema::Rule>")]
    pub(super) ignore: Vec<Text>,
}

/// The estate as a whole.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Estate {
    /// The geography of the cloud tenant, as the provider names it.
    #[schemars(with = "Option<String>")]
    pub(super) tenant_geography: Option<Text>,
    /// AS numbers of the enterprise beside those of the devices: sessions to them are internal.
    #[schemars(with = "Vec<u32>")]
    pub(super) own_as: Vec<Spanned<u32>>,
    /// Whether documentation space (RFC 5737, RFC 3849, RFC 5398) is judged as what it is, not public. It
    /// counts as public where this is left out, so that sanitised exports are judged like real ones.
    #[schemars(with = "bool")]
    pub(super) strict_documentation: Option<Spanned<bool>>,
}

/// A private circuit to a cloud.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Circuit {
    /// Its name, once in the file.
    #[schemars(with = "String")]
    pub(super) name: Text,
    /// Who is at the far end.
    #[schemars(with = "schema::Provider")]
    pub(super) provider: Text,
    /// The peering of links that do not say their own; inferred where it is left out.
    #[schemars(with = "Option<schema::Peering>")]
    pub(super) peering: Option<Text>,
    /// What it was bought as.
    #[schemars(with = "Option<schema::Sku>")]
    pub(super) sku: Option<Text>,
    /// The geography of its peering location, as the provider names it.
    #[schemars(with = "Option<String>")]
    pub(super) geography: Option<Text>,
    /// Its rank among the circuits that serve the same purpose: the lowest is to be preferred.
    #[schemars(with = "Option<u32>")]
    pub(super) rank: Option<Spanned<u32>>,
    /// The same in words: `primary` is rank 1, `failover` rank 2.
    #[schemars(with = "Option<schema::CircuitRole>")]
    pub(super) role: Option<Text>,
    /// Its links: sessions of devices with their neighbors at the far end.
    #[serde(default)]
    pub(super) links: Vec<Link>,
    /// The public prefixes registered for it at the provider ("Advertised public prefixes").
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) public_prefixes: Option<Vec<Text>>,
    /// The ranges of the virtual networks behind it.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) vnet_ranges: Option<Vec<Text>>,
    /// Whether the provider's side chooses by connection weight, which no router shows.
    #[serde(default)]
    pub(super) weighted: bool,
}

/// A link of a circuit: a session of a device.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Link {
    /// The device: its name here, else its hostname, else its path.
    #[schemars(with = "String")]
    pub(super) device: Text,
    /// The address of the neighbor at the far end.
    #[schemars(with = "std::net::IpAddr")]
    pub(super) neighbor: Text,
    /// The VRF or routing instance, where the address alone does not tell; `default` is the global one.
    #[schemars(with = "Option<String>")]
    pub(super) vrf: Option<Text>,
    /// Its peering, where it differs from the circuit's.
    #[schemars(with = "Option<schema::Peering>")]
    pub(super) peering: Option<Text>,
    /// Which of the two links it is.
    #[schemars(with = "Option<schema::LinkRole>")]
    pub(super) role: Option<Text>,
}

/// A place whose other side is described: a session, what is behind an interface, or, with neither, a
/// device's way to the internet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Edge {
    /// What is behind it.
    #[schemars(with = "schema::EdgeKind")]
    pub(super) kind: Text,
    /// The device: its name here, else its hostname, else its path.
    #[schemars(with = "String")]
    pub(super) device: Text,
    /// The address of the neighbor.
    #[schemars(with = "Option<std::net::IpAddr>")]
    pub(super) neighbor: Option<Text>,
    /// An interface, a zone, or an interface's own name.
    #[schemars(with = "Option<String>")]
    pub(super) interface: Option<Text>,
}

/// A service that is meant to be reached over circuits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Service {
    /// Its name.
    #[schemars(with = "String")]
    pub(super) name: Text,
    /// Communities that its routes carry, any of them: `12076:5040`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) communities: Vec<Text>,
    /// Its prefixes.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) prefixes: Vec<Text>,
}

/// Devices that translate in front of where circuits part, and know each other's translations: answers may come back
/// by any circuit. One device alone stands in front of all of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct NatGroup {
    /// Its name.
    #[schemars(with = "String")]
    pub(super) name: Text,
    /// The devices: their names here, else their hostnames, else their paths. Each is in one group.
    #[schemars(with = "Vec<String>")]
    pub(super) devices: Vec<Text>,
}

/// A name and tags for a device.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Device {
    /// Its name: what it is called in output and elsewhere in this file.
    #[schemars(with = "String")]
    pub(super) name: Text,
    /// The path of its file, from the directory of this file; left out, the name is its hostname.
    #[schemars(with = "Option<String>")]
    pub(super) path: Option<Text>,
    /// Tags, for overrides.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) tags: Vec<Text>,
}

/// Other settings for some devices: those that any of `device`, `path` and `tag` names. It silences or
/// lowers what is found on these devices alone, and raises what touches any of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Override {
    /// Names of devices, or patterns of them: `lab-*`.
    #[schemars(with = "Texts")]
    pub(super) device: Option<Spanned<Texts>>,
    /// Paths, as in a .gitignore, counted from the directory of this file.
    #[schemars(with = "Texts")]
    pub(super) path: Option<Spanned<Texts>>,
    /// Tags of devices.
    #[schemars(with = "Texts")]
    pub(super) tag: Option<Spanned<Texts>>,
    /// Run these rules there, whatever else is said.
    #[schemars(with = "Vec<schema::Rule>")]
    pub(super) select: Vec<Text>,
    /// Do not report these rules there.
    #[schemars(with = "Vec<schema::Rule>")]
    pub(super) ignore: Vec<Text>,
    /// Severities by rule there.
    #[schemars(with = "BTreeMap<schema::Rule, schema::Level>")]
    pub(super) severity: BTreeMap<Text, Text>,
    /// How sure a finding has to be there.
    #[schemars(with = "Option<schema::Confidence>")]
    pub(super) min_confidence: Option<Text>,
}

/// One text, or several.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum Texts {
    /// One.
    One(String),
    /// Several.
    Several(#[schemars(with = "Vec<String>")] Vec<Text>),
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMore)
    }
}

struct OneOrMore;

impl<'de> Visitor<'de> for OneOrMore {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Texts::Several(texts))
    }
}

impl Texts {
    /// The texts with their places; `whole` is that of all of them.
    pub(super) fn each(whole: &Spanned<Self>) -> Vec<(&str, std::ops::Range<usize>)> {
        match whole.get_ref() {
            Self::One(text) => vec![(text, whole.span())],
            Self::Several(texts) => {
                texts.iter().map(|text| (text.get_ref().as_str(), text.span())).collect()
            }
        }
    }
}
