//! The rules as they are listed and explained.

use std::sync::OnceLock;

use edgelint_rules::catalog::CATALOG;
use edgelint_source::view::RulePage;

/// All rules, sorted by id.
pub fn rules() -> &'static [RulePage] {
    static PAGES: OnceLock<Vec<RulePage>> = OnceLock::new();
    PAGES.get_or_init(|| {
        CATALOG
            .iter()
            .map(|(id, rule)| RulePage {
                id,
                severity: rule.severity,
                scope: rule.scope.name(),
                since: rule.since,
                summary: rule.summary(),
                page: rule.page,
            })
            .collect()
    })
}
