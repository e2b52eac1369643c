//! What a finding is recognised by from run to run.
//!
//! It is made of what the finding is about (rule, devices, object, witnesses) and not of where it
//! stands or how it is worded: lines move and messages improve, and a baseline must survive both.

use std::collections::BTreeMap;

use edgelint_source::view::Finding;

/// Gives every finding its fingerprint. Findings about the same thing are counted, so that no two
/// of a report share one.
pub(crate) fn assign(findings: &mut [Finding]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for finding in findings {
        let first = digest(finding, 0);
        let count = seen.entry(first.clone()).or_insert(0);
        finding.fingerprint = if *count == 0 { first } else { digest(finding, *count) };
        *count += 1;
    }
}

/// 32 hex digits.
fn digest(finding: &Finding, ordinal: u32) -> String {
    let mut hasher = blake3::Hasher::new();
    // Lengths keep fields apart, whatever is in them.
    let mut field = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    field(finding.rule);
    field(finding.object.as_str());
    field(&finding.devices.len().to_string());
    finding.devices.iter().for_each(|device| field(device.as_str()));
    finding.prefixes.iter().for_each(|prefix| field(prefix));
    if ordinal > 0 {
        field(&format!("#{ordinal}"));
    }
    let mut digest = hasher.finalize().to_hex().to_string();
    digest.truncate(32);
    digest
}
