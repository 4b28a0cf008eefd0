/*! The table of rules as a whole. */

use super::*;
use crate::model::finding::Severity;

#[test]
fn an_action_resolves_each_finding_that_keeps_a_verdict_from_ready() {
    for rule in RULES {
        let is_advice = rule.severity == Severity::Advises;
        let has_no_action = matches!(rule.settled_by, SettledBy::Nothing);
        assert_eq!(is_advice, has_no_action, "{}", rule.code);
    }
}

#[test]
fn rules_are_in_order_of_severity_and_no_two_share_a_code() {
    assert!(RULES.is_sorted_by_key(|rule| rule.severity));
    for rule in RULES {
        assert!(std::ptr::eq(of(rule.code), *rule), "{}", rule.code);
    }
}
