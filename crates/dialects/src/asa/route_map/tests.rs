//! Route maps as text in, clauses out.

use edgelint_model::Device;

use crate::asa::rendering::device;

fn show(device: &Device<'_>) -> String {
    let clauses =
        device.policies.iter().flat_map(|it| &it.clauses).map(|clause| {
            format!("{:?} {:?} {}", clause.label, clause.verdict, clause.steps.len())
        });
    let clauses = clauses.collect::<Vec<_>>().join("|");
    let uses: Vec<_> = device.uses.iter().map(|it| it.name).collect();
    let unknown: Vec<_> = device.coverage.unknown.iter().map(|it| it.state).collect();
    format!("{clauses} {uses:?} {unknown:?}")
}

#[test]
fn clauses_stand_in_the_order_of_their_numbers() {
    let table = [
        (
            "route-map M deny 20\nroute-map M permit 10\n match ip address prefix-list A B\n set local-preference 200\n \
             set metric-type type-1\n set community 64500:1 additive",
            "Sequence(10) Some(Permit) 3|Sequence(20) Some(Deny) 0 [\"A\", \"B\"] []",
        ),
        (
            "route-map M permit 10\n match interface outside\n match tag 5\n match local-preference 7\n set tag 9",
            "Sequence(10) Some(Permit) 1 [\"outside\"] [Unmodelled, Unmodelled]",
        ),
        ("route-map M permit 10\n match as-path 7\nno route-map M permit 10", " [] []"),
        ("route-map M permit ten", " [] [Unmodelled]"),
        (
            "route-map M permit 10\n continue 30\n nonsense",
            "Sequence(10) Some(Permit) 0 [] [Opaque]",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(device(text, show), expected, "{text}");
    }
}
