//! Mistakes planted in generated estates at a known rate: as many are found, and no others of their kind.

use std::collections::BTreeSet;

use edgelint_source::view::{Finding, Report};

use crate::estate::{Form, Plan, SHAPES, Shape};
use crate::support::checked;

const RULES: [&str; 3] =
    ["missing-circuit-preference", "nat-pool-shared-with-internet", "prefix-on-multiple-circuits"];

fn report(plan: Plan) -> Report {
    checked(&plan.exports(), BTreeSet::from(RULES), None)
}

fn of<'r>(report: &'r Report, rule: &str) -> Vec<&'r Finding> {
    report.findings.iter().filter(|finding| finding.rule == rule).collect()
}

#[test]
fn as_many_are_found_as_were_planted() {
    for form in [Form::Ios, Form::Braces, Form::SetLines, Form::Mixed] {
        for seed in [1, 7] {
            let plan = Plan { seed, every: 20, shape: Shape::OneAs, ..Plan::usual(form, 200) };
            let report = report(plan);
            for rule in RULES {
                let devices: BTreeSet<&str> = of(&report, rule)
                    .iter()
                    .flat_map(|one| &one.devices)
                    .map(|one| one.as_str())
                    .collect();
                assert_eq!(of(&report, rule).len(), 5, "{form:?} {seed} {rule}: {devices:?}");
            }
        }
    }
    let clean = Plan { every: 0, shape: Shape::OneAs, ..Plan::usual(Form::Mixed, 200) };
    assert_eq!(report(clean).findings, []);
}

#[test]
fn what_all_share_is_one_finding_that_can_be_read() {
    for (name, shape) in SHAPES {
        let report = report(Plan { every: 0, shape, ..Plan::usual(Form::Mixed, 400) });
        let count = |rule| of(&report, rule).len();
        let counts = RULES.map(count);
        let expected = match shape {
            Shape::Apart | Shape::OneAs => [0, 0, 0],
            // A device is told apart from others by its own lines.
            Shape::NoPreference => [200, 0, 0],
            Shape::OnePrefix => [0, 0, 1],
            Shape::OnePool => [0, 1, 0],
            Shape::NoFilters => [0, 0, counts[2]],
        };
        assert_eq!(counts, expected, "{name}");
        for finding in &report.findings {
            assert!(finding.message.as_str().len() < 300, "{name}: {}", finding.message);
            assert!(finding.labels.len() < 60, "{name}: {} labels", finding.labels.len());
        }
        let all =
            |rule| of(&report, rule).first().map(|one| (one.devices.len(), one.more.is_empty()));
        match shape {
            Shape::OnePrefix => assert_eq!(all(RULES[2]), Some((200, false))),
            Shape::OnePool => assert_eq!(all(RULES[1]), Some((400, false))),
            _ => {}
        }
    }
}
