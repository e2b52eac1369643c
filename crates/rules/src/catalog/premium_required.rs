//! A standard circuit does not reach the geography of the tenant.

use edgelint_facts::Circuit;
use edgelint_facts::described::{DescribedCircuit, Provider, Sku};

use crate::prelude::{Findings, Network, Scope, Severity, rule};

rule! {
    /// ## What it does
    /// Reports an ExpressRoute circuit that `edgelint.toml` describes with a local or standard SKU, and whose
    /// peering location lies in another geography than the tenant.
    ///
    /// ## Why it matters
    /// Only a premium circuit carries the routes of services in another geography. Without it they are not
    /// announced over the circuit, and what was meant for it leaves by the internet.
    ///
    /// ## When it is not a mistake
    /// Nothing is said where the geography of the circuit or the tenant, or the SKU, is not described.
    ///
    /// ## Example
    /// ```text
    /// [estate]
    /// tenant-geography = "europe"
    ///
    /// [[circuit]]
    /// name = "er-sydney"
    /// sku = "standard"
    /// geography = "asia-pacific"
    /// ```
    ///
    /// ## What to do
    /// Upgrade the circuit to Premium, or use a circuit in the geography of the tenant.
    ///
    /// ## Severity
    /// Error: the circuit cannot do what it is there for.
    ///
    /// ## Sources
    /// - Microsoft, "Set up ExpressRoute for Power Platform": Premium where tenant and peering location are in
    ///   different geographies.
    /// - Azure, "ExpressRoute FAQ", on what ExpressRoute Premium adds.
    RULE: Severity::Error, Scope::Device, "0.1.0", check
}

fn check(network: &Network<'_>, found: &mut Findings) {
    let Some(tenant) = &network.description.tenant_geography else { return };
    for circuit in &network.circuits {
        let Some(described) = network.described(circuit.id) else { continue };
        if let Some(geography) = apart(described, tenant) {
            report(network, circuit, (described, geography, tenant), found);
        }
    }
}

/// The geography of the circuit, where the SKU does not reach from it to the tenant.
fn apart<'d>(circuit: &'d DescribedCircuit, tenant: &str) -> Option<&'d str> {
    let geography = circuit.geography.as_deref()?;
    let short = matches!(circuit.sku, Some(Sku::Local | Sku::Standard));
    (short && circuit.provider == Provider::Azure && geography != tenant).then_some(geography)
}

fn report(
    network: &Network<'_>,
    circuit: &Circuit,
    (described, geography, tenant): (&DescribedCircuit, &str, &str),
    found: &mut Findings,
) {
    let mut sessions = circuit.links.iter().map(|link| network.session(link.session));
    let (Some(first), Some(sku)) = (sessions.next(), described.sku) else { return };
    let message = format!(
        "circuit {} is in {geography} with SKU {}, and the tenant is in {tenant}",
        circuit.name,
        sku.name()
    );
    let draft = found.presence(first.at, message, "a session of the circuit");
    draft.device(first.device).circuit(circuit.id);
    for session in sessions {
        draft.primary(session.at, "a session of the circuit").device(session.device);
    }
    draft
        .note("edgelint.toml says the geographies and the SKU")
        .object(format!("circuit:{}/sku", circuit.name))
        .help("upgrade the circuit to Premium, or use one in the geography of the tenant");
}
