//! What a whole check costs, as ratios to splitting the same bytes into lines and words.
//!
//! `cargo bench` generates estates in memory (IOS, Junos in braces, Junos in `set` lines), splits their
//! bytes with a plain loop, checks them with one and with two threads, and prints ratios; they hold on any
//! machine. Then policies of two thousand clauses are evaluated, each by itself (`policies` does nothing else).
//! A number sets the size in megabytes (60 unless given), `ios`, `braces` or `set-lines` picks one
//! estate, and `profile` only checks once, for a profiler to watch. `shapes` instead measures what a device
//! costs in lopsided estates, where thousands of edges share an AS, a prefix or a pool. Nothing is asserted.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark times and prints")]

mod estate;
mod hard_policies;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use edgelint_engine::{InputFile, Run, Selection};
use edgelint_source::view::Confidence;

use estate::{Form, Plan, SHAPES, Shape};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let megabytes = words.iter().find_map(|word| word.parse().ok()).unwrap_or(60);
    let named = |name: &str| words.iter().any(|word| word == name);
    let forms = [("ios", Form::Ios), ("braces", Form::Braces), ("set-lines", Form::SetLines)];
    if named("shapes") {
        SHAPES.iter().for_each(|(name, shape)| growth(name, *shape));
        return;
    }
    let all = !forms.iter().any(|(name, _)| named(name)) && !named("policies");
    for (name, form) in forms {
        if all || named(name) {
            measure((name, form), megabytes, named("profile"));
        }
    }
    if all || named("policies") {
        measure_policies();
    }
}

/// Prints what policies of thousands of clauses cost: reading, evaluating and checking all that is asked of them.
fn measure_policies() {
    for (name, shape) in hard_policies::Shape::ALL {
        let exports = vec![("edge.cfg".to_owned(), hard_policies::export(shape))];
        let bytes = exports.iter().map(|(_, text)| text.len()).sum::<usize>();
        let split = best(3, || split(&exports));
        let whole = best(3, || check(&exports, 1));
        println!(
            "policy of {} clauses, {name}: {:.1} MB checked in {:.2} s, {:.0} times splitting",
            hard_policies::CLAUSES,
            bytes as f64 / 1e6,
            whole.as_secs_f64(),
            whole.as_secs_f64() / split.as_secs_f64()
        );
    }
}

/// Prints the ratios of one estate.
fn measure((name, form): (&str, Form), megabytes: usize, profile: bool) {
    let sample: usize = Plan::usual(form, 20).exports().iter().map(|(_, text)| text.len()).sum();
    let devices = (megabytes * 1_000_000 * 20 / sample).min(estate::MOST_DEVICES);
    let exports = Plan::usual(form, devices).exports();
    let bytes: usize = exports.iter().map(|(_, text)| text.len()).sum();
    println!("{name}: {devices} devices, {:.1} MB", bytes as f64 / 1e6);
    if profile {
        check(&exports, 1);
        return;
    }
    let split = best(3, || split(&exports));
    let memory = peak(|| check(&exports, 1));
    let one = best(3, || check(&exports, 1));
    let two = best(3, || check(&exports, 2));
    println!(
        "  splitting into lines and words: {:.0} MB/s",
        bytes as f64 / 1e6 / split.as_secs_f64()
    );
    println!(
        "  whole check, one thread: {:.2} times splitting",
        one.as_secs_f64() / split.as_secs_f64()
    );
    println!("  second thread: {:.2} times as fast", one.as_secs_f64() / two.as_secs_f64());
    println!("  peak memory beside the input: {:.2} times the input", memory as f64 / bytes as f64);

    for (few, many) in [(100, 1_000), (1_000, 10_000)] {
        let plan = |devices| Plan::usual(form, devices);
        println!(
            "  cost a device, {many} against {few} devices: {:.2}",
            cost(plan(many)) / cost(plan(few))
        );
    }
}

/// Prints what a device costs in a large estate of a shape, against a small one, for several seeds.
fn growth(name: &str, shape: Shape) {
    for seed in [1, 7, 42] {
        let plan = |devices| Plan { seed, shape, ..Plan::usual(Form::Mixed, devices) };
        let (few, many) = (cost(plan(1_000)), cost(plan(10_000)));
        println!(
            "{name}, seed {seed}: a device costs {:.0} us among 10000, {:.2} times that among 1000",
            many * 1e6,
            many / few
        );
    }
}

/// Seconds a device of an estate.
fn cost(plan: Plan) -> f64 {
    let exports = plan.exports();
    best(3, || check(&exports, 1)).as_secs_f64() / plan.devices as f64
}

/// The memory that a piece of work needs at its peak, beside what was there before, in bytes.
fn peak(work: impl Fn() -> usize) -> usize {
    // Where the system keeps a high-water mark, it can be set back to what is in use now.
    let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = if reset { resident("VmHWM") } else { resident("VmRSS") };
    assert!(work() > 0, "the work was done");
    resident("VmHWM").saturating_sub(before)
}

/// The shortest of several runs: what disturbs a run only makes it longer.
fn best(runs: usize, mut work: impl FnMut() -> usize) -> Duration {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        assert!(result > 0, "the work was done");
        time
    });
    times.min().unwrap_or_default()
}

/// The yardstick: memchr for the line ends, a plain loop for the words.
fn split(exports: &[estate::Export]) -> usize {
    let mut words = 0;
    for (_, text) in exports {
        let bytes = text.as_bytes();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let mut inside = false;
            for byte in &bytes[start..end] {
                let blank = *byte <= b' ';
                words += usize::from(inside && blank);
                inside = !blank;
            }
            words += usize::from(inside);
            start = end + 1;
        }
    }
    words
}

fn check(exports: &[estate::Export], threads: usize) -> usize {
    let inputs: Vec<InputFile> =
        exports.iter().map(|(path, _)| InputFile { path: path.clone(), named: false }).collect();
    let run = Run {
        inputs: &inputs,
        read: |index: usize| Ok(exports[index].1.as_bytes().to_vec()),
        progress: || (),
        dialect: None,
        threads: NonZeroUsize::new(threads),
        description: edgelint_engine::described::Description::default(),
    };
    let selection = Selection {
        enabled: edgelint_engine::rules().iter().map(|rule| rule.id).collect::<BTreeSet<_>>(),
        severities: BTreeMap::new(),
        min_confidence: Confidence::Possible,
        report_only: None,
        overrides: Vec::new(),
    };
    let checked = edgelint_engine::check(&run, &selection).expect("threads can be started");
    checked.report.files.len()
}

/// A figure of this process in bytes, where the system tells it.
fn resident(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
    let kilobytes =
        line.split_ascii_whitespace().nth(1).and_then(|word| word.parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}
