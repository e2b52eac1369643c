//! What a finding is recognised by from run to run.
//!
//! It is made of what the finding is about (rule, devices, object, witnesses) and not of where it
//! stands or how it is worded: lines move and messages improve, and a baseline must survive both.

use std::collections::HashMap;

use edgelint_source::view::Finding;

/// Gives every finding its fingerprint. Findings about the same thing are counted, so that no two
/// of a report share one.
pub(crate) fn assign(findings: &mut [Finding]) {
    let mut seen: HashMap<u128, u32> = HashMap::with_capacity(findings.len());
    let mut fields = Vec::new();
    for finding in findings {
        let first = digest(finding, 0, &mut fields);
        let count = seen.entry(first).or_insert(0);
        let own = if *count == 0 { first } else { digest(finding, *count, &mut fields) };
        finding.fingerprint = format!("{own:032x}");
        *count += 1;
    }
}

/// The first 16 bytes of a digest of what a finding is about, which is put together in `fields`.
fn digest(finding: &Finding, ordinal: u32, fields: &mut Vec<u8>) -> u128 {
    fields.clear();
    // Lengths keep fields apart, whatever is in them.
    let mut field = |text: &str| {
        fields.extend_from_slice(&(text.len() as u64).to_le_bytes());
        fields.extend_from_slice(text.as_bytes());
    };
    field(finding.rule);
    field(finding.object.as_str());
    field(&finding.devices.len().to_string());
    finding.devices.iter().for_each(|device| field(device.as_str()));
    finding.prefixes.iter().for_each(|prefix| field(prefix));
    if ordinal > 0 {
        field(&format!("#{ordinal}"));
    }
    let digest = blake3::hash(fields);
    let digest = digest.as_bytes().first_chunk().copied();
    u128::from_be_bytes(digest.unwrap_or_default())
}
