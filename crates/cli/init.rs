//! `init`: a commented `edgelint.toml` from what the inputs show.
//!
//! The file claims nothing that is not known. What follows from the configurations stands in it as
//! settings, with the evidence above; what was only guessed stands there as comments, to be confirmed by
//! somebody who knows. A check with the file finds what a check without it does.

use std::fmt::Write;
use std::path::Path;

use edgelint_engine::Outline;
use edgelint_engine::described::{EdgeKind, InferredCircuit, InferredEdge, LinkRole, Peering};
use edgelint_source::view::Plain;

use crate::Code;
use crate::arguments::Init;
use crate::check::{run_of, tell};
use crate::error::{Failed, warn};
use crate::excludes::Excludes;
use crate::inputs::Given;
use crate::progress::Progress;
use crate::settings::{self, Settings};
use crate::sinks;

/// Runs `init`.
pub(crate) fn run(flags: &Init) -> Result<Code, Failed> {
    let given = Given::of(&flags.input)?;
    let default = given.common_directory().join(settings::NAME);
    let path = match &flags.output {
        _ if flags.stdout => None,
        Some(path) if path == Path::new("-") => None,
        Some(path) => Some(path.clone()),
        None => Some(default),
    };
    if let Some(path) = path.as_ref().filter(|path| path.exists() && !flags.force) {
        let text = format!("{} is there already (--force replaces it)", settings::shown(path));
        return Err(Failed::Usage(text));
    }
    let inputs = given.gather(Excludes::new(&flags.input.exclude, &[], None)?, &[])?;
    let progress = Progress::new(inputs.files.len(), !flags.input.no_progress);
    let nothing = Settings::default();
    let run = run_of(&flags.input, &nothing, &inputs, &progress);
    let outline = edgelint_engine::infer(&run).map_err(Failed::Threads);
    progress.finish();
    let outline = outline?;
    let text = written(&outline);
    // What is wrong with it is our fault; better said than written.
    Settings::of_text(settings::NAME, text.clone())?;
    sinks::deliver(path.as_deref(), &mut |out| out.write_all(text.as_bytes()))?;
    if let Some(path) = &path {
        let certain = outline.inferred.circuits.iter().filter(|circuit| circuit.certain).count();
        let open = outline.inferred.circuits.len() - certain;
        sinks::to_stdout(|out| {
            let path = Plain::new(settings::shown(path));
            writeln!(out, "wrote {path}: {} known, {open} to confirm", counted(certain, "circuit"))
        })?;
    }
    if outline.devices.is_empty() {
        warn("none of the inputs is a device configuration");
    }
    Ok(if tell(&outline.failures) { Code::Trouble } else { Code::Clean })
}

/// What every file begins with.
const HEAD: &str = "\
# What edgelint has to know about this estate and cannot read from configurations.
#
# Written by `edgelint init`. What stands here as a setting follows from the configurations; what was only
# guessed is commented out: confirm or mend it. Everything works without, too.
# `edgelint config validate PATH` checks the file, `edgelint config schema` lists every key.

# From which severity on findings make the run fail: error, warning, info or never.
# fail-on = \"warning\"

# Paths to leave out, as in a .gitignore.
# exclude = []

[rules]
# ignore = []

[severity]
# missing-circuit-preference = \"warning\"

[estate]
# The geography of the cloud tenant. Circuits have one of their own.
# tenant-geography = \"europe\"
# AS numbers of the enterprise beside those of the devices: sessions to them are internal.
# own-as = []
";

/// What every file ends with.
const TAIL: &str = "
# A site may be meant to use the internet beside a circuit: then nothing has to prefer the circuit to it.
# Other kinds are internet, private and vpn; an edge is a neighbor, an interface, or a whole device.
# [[edge]]
# kind = \"breakout\"
# device = \"branch-1\"

# A service that is meant to be reached over circuits, by the communities of its routes or by prefixes.
# [[service]]
# name = \"a service\"
# communities = [\"12076:5040\"]

# Devices that translate in front of where circuits part, and know each other's translations: answers may come back
# by any of the circuits.
# [[nat-group]]
# name = \"firewalls\"
# devices = [\"fw-1\", \"fw-2\"]

# Other settings for some devices.
# [[override]]
# device = \"lab-*\"
# min-confidence = \"certain\"
";

fn written(outline: &Outline) -> String {
    let mut text = String::from(HEAD);
    names(outline, &mut text);
    for circuit in &outline.inferred.circuits {
        text.push('\n');
        for reason in &circuit.evidence {
            comment(reason, &mut text);
        }
        let block = circuit_block(circuit);
        if circuit.certain {
            text.push_str(&block);
        } else {
            text.push_str(
                "# Not certain: which sessions are its links, or whose they are, was guessed.\n",
            );
            block.lines().for_each(|line| comment_out(line, &mut text));
        }
    }
    edges(&outline.inferred.edges, &mut text);
    text.push_str(TAIL);
    text
}

/// Devices of one name are told apart by their paths, until somebody names them.
fn names(outline: &Outline, text: &mut String) {
    let told_apart: Vec<_> = outline
        .devices
        .iter()
        .filter(|(name, path)| name != path && name.contains(&format!(" ({path})")))
        .collect();
    if told_apart.is_empty() {
        return;
    }
    text.push_str("\n# Several devices have one hostname. Names of their own tell them apart; paths count from here.\n");
    for (name, path) in told_apart {
        let block = format!("[[device]]\nname = {}\npath = {}\n", quoted(name), quoted(path));
        block.lines().for_each(|line| comment_out(line, text));
    }
}

fn circuit_block(inferred: &InferredCircuit) -> String {
    let circuit = &inferred.circuit;
    let mut text = String::from("[[circuit]]\n");
    let mut line = |args: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = text.write_fmt(args);
        text.push('\n');
    };
    line(format_args!("name = {}", quoted(&circuit.name)));
    line(format_args!("provider = {}", quoted(circuit.provider.name())));
    let common = common_peering(inferred);
    if let Some(peering) = common {
        line(format_args!("peering = {}", quoted(peering.name())));
    }
    line(format_args!("# sku = \"standard\"  # or local, premium"));
    line(format_args!("# geography = \"europe\"  # of its peering location"));
    line(format_args!(
        "# role = \"primary\"  # or failover; rank = 1, 2, ... where there are more"
    ));
    line(format_args!("# public-prefixes = []  # as they are registered at the provider"));
    line(format_args!("links = ["));
    for (link, (evidence, likely)) in circuit.links.iter().zip(&inferred.links) {
        if let Some(peering) = likely {
            let why = Plain::new(evidence.join(", "));
            line(format_args!("  # peering = \"{}\" is likely: {why}", peering.name()));
        }
        let mut keys = format!(
            "device = {}, neighbor = {}",
            quoted(&link.device),
            quoted(&link.neighbor.to_string())
        );
        let mut key = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                let _ = write!(keys, ", {name} = {}", quoted(value));
            }
        };
        key("vrf", link.vrf.as_deref());
        key("peering", link.peering.filter(|_| common.is_none()).map(Peering::name));
        key("role", Some(link.role).filter(|role| *role != LinkRole::Unknown).map(LinkRole::name));
        line(format_args!("  {{ {keys} }},"));
    }
    line(format_args!("]"));
    text
}

/// The peering of all links, where it is one and certain.
fn common_peering(inferred: &InferredCircuit) -> Option<Peering> {
    let mut peerings = inferred.circuit.links.iter().map(|link| link.peering);
    let first = peerings.next()??;
    peerings.all(|peering| peering == Some(first)).then_some(first)
}

fn edges(edges: &[InferredEdge], text: &mut String) {
    let certain =
        |kind| edges.iter().filter(move |one| one.certain && one.edge.kind == kind).count();
    let (internet, vpn) = (certain(EdgeKind::Internet), certain(EdgeKind::Vpn));
    let _ = write!(
        text,
        "\n# Without doubt to the internet: {}; over a VPN: {}. They need no description;\n\
         # `edgelint inspect neighbors PATH` shows them.\n",
        counted(internet, "session"),
        counted(vpn, "session"),
    );
    for one in edges.iter().filter(|one| !one.certain) {
        text.push_str("\n# Not certain:\n");
        for reason in &one.evidence {
            comment(reason, text);
        }
        let neighbor = one.edge.neighbor.map_or_else(String::new, |one| one.to_string());
        let block = format!(
            "[[edge]]\nkind = {}\ndevice = {}\nneighbor = {}\n",
            quoted(one.edge.kind.name()),
            quoted(&one.edge.device),
            quoted(&neighbor)
        );
        block.lines().for_each(|line| comment_out(line, text));
    }
}

/// `1 circuit`, `2 circuits`.
fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// A remark in its own line. It quotes configurations: what moves cursors is made visible.
fn comment(remark: &str, text: &mut String) {
    let _ = writeln!(text, "# {}", Plain::new(remark));
}

fn comment_out(line: &str, text: &mut String) {
    let _ = writeln!(text, "# {line}");
}

/// A text as TOML writes it, on one line and with nothing in it that a terminal obeys.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if is_plain(c) => quoted.push(c),
            c => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character is printed as it is.
fn is_plain(c: char) -> bool {
    let mut bytes = [0; 4];
    let text: &str = c.encode_utf8(&mut bytes);
    c == ' ' || c.is_ascii_graphic() || (!c.is_whitespace() && Plain::new(text).as_str() == text)
}
