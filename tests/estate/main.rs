//! Writes a generated estate to a folder: `cargo run --example estate -- --devices 10000 --seed 7 OUT`.
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "it writes files and says so")]

// The module is shared with the benchmark and the tests.
#[path = "mod.rs"]
mod estate;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use estate::{Form, MOST_DEVICES, Plan, SHAPES, Shape};

/// Writes a generated estate: circuits, internet edges, translation, and mistakes at a known rate
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder to write to; it must be new or empty
    out: PathBuf,
    /// Number of devices, two a site
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=MOST_DEVICES as i64))]
    devices: u32,
    /// Seed of all that is random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How it is written: ios, braces, set-lines, or mixed
    #[arg(long, default_value = "mixed", value_parser = form)]
    form: Form,
    /// One site in so many has each of the planted mistakes; 0 for none
    #[arg(long, default_value_t = 100)]
    every: u32,
    /// What all sites have in common: apart, one-as, no-preference, no-filters, one-prefix, one-pool
    #[arg(long, default_value = "one-as", value_parser = shape)]
    shape: Shape,
}

fn form(name: &str) -> Result<Form, String> {
    match name {
        "ios" => Ok(Form::Ios),
        "braces" => Ok(Form::Braces),
        "set-lines" => Ok(Form::SetLines),
        "mixed" => Ok(Form::Mixed),
        _ => Err("one of ios, braces, set-lines, mixed".into()),
    }
}

fn shape(name: &str) -> Result<Shape, String> {
    let names = || SHAPES.map(|(name, _)| name).join(", ");
    let found = SHAPES.iter().find(|(known, _)| *known == name);
    found.map(|(_, shape)| *shape).ok_or_else(|| format!("one of {}", names()))
}

fn main() -> ExitCode {
    let Arguments { out, devices, seed, form, every, shape } = Arguments::parse();
    let plan = Plan { seed, every, shape, ..Plan::usual(form, devices as usize) };
    match write(&plan, &out) {
        Ok(()) => {
            eprintln!("{devices} devices are in {}", out.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}

fn write(plan: &Plan, out: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    if std::fs::read_dir(out)?.next().is_some() {
        return Err(std::io::Error::other("the folder is not empty"));
    }
    for (name, text) in plan.exports() {
        std::fs::write(out.join(name), text)?;
    }
    Ok(())
}
