//! A rule: what it is called, how bad what it finds can be, its page, its check.

use edgelint_facts::Network;
use edgelint_source::view::Severity;

use crate::findings::Findings;
use crate::part::Part;

/// How far a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One device at a time.
    Device,
    /// Devices against each other.
    CrossDevice,
    /// Circuits against each other.
    CrossCircuit,
    /// The inputs themselves.
    Input,
}

impl Scope {
    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::CrossDevice => "cross-device",
            Self::CrossCircuit => "cross-circuit",
            Self::Input => "input",
        }
    }
}

/// A rule. Its id is the name of its file, in kebab case; the catalog holds both together.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The worst severity its findings have.
    pub severity: Severity,
    /// How far it looks.
    pub scope: Scope,
    /// The release it came with.
    pub since: &'static str,
    /// Its page in Markdown: what it does, why it matters, when it is no mistake, an example, sources.
    pub page: &'static str,
    /// Looks and drafts findings.
    pub check: Check,
}

/// What a rule looks at when it is asked.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The whole network at once.
    Whole(fn(&Network<'_>, &mut Findings)),
    /// Some of the devices at a time: what it says of one follows from that one, and from what the network keeps for
    /// everybody.
    Parts(fn(&Part<'_, '_>, &mut Findings)),
}

impl Rule {
    /// The first sentence of the page below "What it does".
    pub fn summary(&self) -> String {
        let lines = self.page.lines().map(str::trim);
        let paragraph: Vec<&str> = lines
            .skip_while(|line| line.is_empty() || line.starts_with('#'))
            .take_while(|line| !line.is_empty())
            .collect();
        let text = paragraph.join(" ");
        match text.split_once(". ") {
            Some((sentence, _)) => format!("{sentence}."),
            None => text,
        }
    }
}

/// Declares the rule of a file: its page as a doc comment, then severity, scope, release and check.
///
/// Only data goes in; the check is a function beside it, so that formatting and lints see it. With `parts:` in front it
/// is asked about some devices at a time.
macro_rules! rule {
    ($(#[doc = $page:literal])+ RULE: $severity:expr, $scope:expr, $since:literal, parts: $check:path) => {
        $crate::rule::rule! {
            $(#[doc = $page])+ RULE: $severity, $scope, $since; $crate::Check::Parts($check)
        }
    };
    ($(#[doc = $page:literal])+ RULE: $severity:expr, $scope:expr, $since:literal, $check:path) => {
        $crate::rule::rule! {
            $(#[doc = $page])+ RULE: $severity, $scope, $since; $crate::Check::Whole($check)
        }
    };
    ($(#[doc = $page:literal])+ RULE: $severity:expr, $scope:expr, $since:literal; $check:expr) => {
        $(#[doc = $page])+
        pub static RULE: $crate::Rule = $crate::Rule {
            severity: $severity,
            scope: $scope,
            since: $since,
            page: concat!($($page, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use rule;
