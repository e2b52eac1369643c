//! The pipeline from bytes to a report, without a file system.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use edgelint_source::view::{Confidence, Severity, Status};

use crate::{Checked, Failure, InputFile, Run, Selection, check, rules};

const ROUTER: &str = "version 17.9\nhostname edge\n!\nrouter bgp 64500\n \
    neighbor 192.0.2.65 remote-as 64497\n neighbor 192.0.2.65 prefix-list MISSING out\n \
    neighbor 192.0.2.65 prefix-list ANY in\n!\nip prefix-list ANY seq 5 permit 0.0.0.0/0 le 24\n!\nend\n";

fn everything() -> Selection {
    Selection {
        enabled: rules().iter().map(|rule| rule.id).collect(),
        severities: BTreeMap::new(),
        min_confidence: Confidence::Possible,
        report_only: None,
        overrides: Vec::new(),
    }
}

/// An input's path and what reading it gives; no bytes: a panic.
type Given<'a> = (&'a str, Option<Result<&'a str, &'a str>>);

fn checked(given: &[Given<'_>], selection: &Selection, threads: usize) -> Checked {
    let inputs: Vec<InputFile> =
        given.iter().map(|(path, _)| InputFile { path: (*path).into(), named: true }).collect();
    let done = AtomicUsize::new(0);
    let run = Run {
        inputs: &inputs,
        read: |index: usize| match given[index].1 {
            Some(Ok(text)) => Ok(text.as_bytes().to_vec()),
            Some(Err(reason)) => Err(reason.to_owned()),
            None => panic!("as a bug would"),
        },
        progress: || {
            done.fetch_add(1, Ordering::Relaxed);
        },
        dialect: None,
        threads: NonZeroUsize::new(threads),
        description: crate::described::Description::default(),
    };
    let checked = check(&run, selection).unwrap();
    assert_eq!(done.into_inner(), given.len());
    checked
}

#[test]
fn a_panic_is_contained_to_its_input() {
    let given = [("a.cfg", Some(Ok(ROUTER))), ("b.cfg", None), ("c.cfg", Some(Err("on fire")))];
    let checked = checked(&given, &everything(), 2);
    let unreadable = Failure::Unreadable { path: "c.cfg".into(), reason: "on fire".into() };
    assert_eq!(checked.report.failures, [Failure::Reading { path: "b.cfg".into() }, unreadable]);
    let status: Vec<Status> = checked.report.files.iter().map(|file| file.status).collect();
    assert_eq!(status[1..], [Status::Unreadable, Status::Unreadable]);
    assert_eq!(checked.report.files[2].notes[0].as_str(), "on fire");
    assert_eq!(checked.report.findings.len(), 1, "{:?}", checked.report.findings);
}

#[test]
fn settings_are_applied_after_the_rules() {
    let given = [("a.cfg", Some(Ok(ROUTER))), ("b.cfg", Some(Ok("")))];
    let report = |selection: &Selection| checked(&given, selection, 1).report;
    let all = report(&everything());
    assert_eq!(all.findings.len(), 2, "{:?}", all.findings);
    let mut selection = everything();
    selection.severities.insert("undefined-policy-reference", Severity::Info);
    let changed = report(&selection);
    assert_eq!(changed.count(Severity::Info), 1);
    assert_eq!(changed.findings[0].fingerprint, all.findings[0].fingerprint);
    selection.report_only = Some(BTreeSet::from(["b.cfg".to_owned()]));
    assert_eq!(report(&selection).findings[0].rule, "unrecognised-input");
    selection.enabled = BTreeSet::from(["undefined-policy-reference"]);
    assert!(report(&selection).findings.is_empty());
}

#[test]
fn threads_change_nothing() {
    let paths: Vec<String> = (10..60).map(|number| format!("edge-{number}.cfg")).collect();
    let given: Vec<Given<'_>> = paths.iter().map(|path| (&**path, Some(Ok(ROUTER)))).collect();
    let one = checked(&given, &everything(), 1);
    assert_eq!(one.report, checked(&given, &everything(), 2).report);
    let fingerprints: BTreeSet<&str> =
        one.report.findings.iter().map(|finding| &*finding.fingerprint).collect();
    assert_eq!(fingerprints.len(), one.report.findings.len());
    assert!(one.report.findings.len() >= paths.len());
}

#[test]
fn nothing_in_nothing_out() {
    let checked = checked(&[], &everything(), 1);
    assert!(checked.report.files.is_empty() && checked.report.failures.is_empty());
}
