//! Words that several rules use: lists, circuits with their neighbors.

use edgelint_facts::{Network, SessionId};

/// `a and b`, `a, b and c`.
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// The circuit of sessions and their neighbors: `er-london (neighbors 192.0.2.2, 192.0.2.6)`.
pub(crate) fn circuit_name(network: &Network<'_>, sessions: &[SessionId]) -> String {
    let neighbors: Vec<String> =
        sessions.iter().map(|id| network.session(*id).neighbor_name()).collect();
    let word = if neighbors.len() == 1 { "neighbor" } else { "neighbors" };
    let circuit = sessions.first().and_then(|id| network.session(*id).circuit);
    let neighbors = neighbors.join(", ");
    match circuit {
        Some(circuit) => format!("{} ({word} {neighbors})", network.circuit(circuit).name),
        None => format!("{word} {neighbors}"),
    }
}
