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

/// The list of the rule book, as `docs/rules.md` copies it.
#[test]
fn the_docs_list_each_rule_with_its_severity_in_the_order_of_reports() {
    let docs = include_str!("../../../docs/rules.md");
    let list = docs.split("# All rules\n").nth(1).and_then(|rest| rest.split("\n# ").next());
    let rows = list.expect("a list").lines().filter_map(|line| {
        let (code, rest) = line.strip_prefix("| [")?.split_once(']')?;
        Some((code.to_owned(), rest.split('|').nth(1)?.trim().to_owned()))
    });
    let listed: Vec<(String, String)> = rows.collect();
    let held: Vec<(String, String)> = RULES
        .iter()
        .map(|rule| (rule.code.word().to_owned(), rule.severity.word().to_owned()))
        .collect();
    assert_eq!(listed, held);
}

#[test]
fn rules_are_in_order_of_severity_and_no_two_share_a_code() {
    assert!(RULES.is_sorted_by_key(|rule| rule.severity));
    for rule in RULES {
        assert!(std::ptr::eq(of(rule.code), *rule), "{}", rule.code);
    }
}
