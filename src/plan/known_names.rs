/*! The names that a plan may use and that others define: rules and profiles. The caller lists them, because neither
 * `judge` nor the user's profiles are below the plan.
 */

use crate::model::finding::Waivable;

/// Everything that a plan may name although it does not define it.
#[derive(Clone, Copy, Debug)]
pub struct KnownNames<'k> {
    /// The rules whose findings a waiver may name.
    pub rules: &'k [KnownRule<'k>],
    /// The profiles that a source may name.
    pub profiles: &'k [&'k str],
}

/// What a plan needs to know of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRule<'k> {
    /// The code by which waivers and findings refer to the rule.
    pub name: &'k str,
    /// Whether a waiver may take its findings out, and what narrows such a waiver.
    pub waivable: Waivable,
}
