//! Words that settings choose from, as the schema lists them.
//!
//! They are taken from where they are decided, so that the schema can never lag behind: names of rules
//! from the catalogue, providers from the description of the estate, levels from the flags.

use std::borrow::Cow;

use clap::ValueEnum;
use edgelint_engine::described;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::arguments;
use crate::select;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $words:expr;)*) => {$(
        $(#[$doc])*
        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<String> = $words;
                json_schema!({"type": "string", "enum": words})
            }
        }
    )*};
}

words! {
    /// A rule, or all of them.
    Rule: rules();
    /// What a setting makes of a rule.
    Level: flags::<arguments::Level>();
    /// From which severity on a run fails.
    FailOn: flags::<arguments::FailOn>();
    /// How sure a finding has to be.
    Confidence: flags::<arguments::Sureness>();
    /// Who is at the far end of a circuit.
    Provider: owned(described::Provider::ALL.map(described::Provider::name));
    /// What a circuit was bought as.
    Sku: owned(described::Sku::ALL.map(described::Sku::name));
    /// What is behind an edge.
    EdgeKind: owned(described::EdgeKind::ALL.map(described::EdgeKind::name));
    /// What a peering leads to.
    Peering: peerings();
    /// Which circuit is to be preferred.
    CircuitRole: owned(super::estate::CIRCUIT_ROLES.map(|(name, _)| name));
    /// Which link of a circuit it is.
    LinkRole: owned(super::estate::LINK_ROLES.map(described::LinkRole::name));
}

fn rules() -> Vec<String> {
    owned(select::ids().chain([select::ALL]))
}

fn flags<T: ValueEnum>() -> Vec<String> {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect()
}

fn peerings() -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for provider in described::Provider::ALL {
        for peering in provider.peerings() {
            if !names.contains(&peering.name()) {
                names.push(peering.name());
            }
        }
    }
    owned(names)
}

fn owned(names: impl IntoIterator<Item = &'static str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
