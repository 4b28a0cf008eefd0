/*! The list of templates is complete: each sentence in the source of a rule that blocks has one. */

use holdover::judge::RULES;
use holdover::model::finding::Severity;

use super::templates;
use crate::harness::root;

/// Sentences without a template yet: rule, and how many of its sentences have none. A number only falls.
const WITHOUT: &[(&str, usize)] = &[];

/// The literal after each `summary:` of a source, in pieces between its arguments.
fn sentences(source: &str) -> Vec<Vec<String>> {
    let body = source.split("#[cfg(test)]").next().unwrap_or_default();
    let after = body.split("summary:").skip(1);
    let literal = |text: &str| {
        let (_, text) = text.split_once('"')?;
        let end = text.char_indices().find(|(at, c)| *c == '"' && !text[..*at].ends_with('\\'))?.0;
        let lines: Vec<&str> = text[..end].split("\\\n").map(str::trim_start).collect();
        Some(lines.concat())
    };
    let pieces = |text: String| -> Vec<String> {
        let parts = text.split('{').enumerate().map(|(n, part)| match part.split_once('}') {
            Some((_, rest)) if n > 0 => rest,
            _ => part,
        });
        parts.map(|part| part.trim().to_owned()).filter(|part| part.len() > 3).collect()
    };
    after.filter_map(literal).map(pieces).collect()
}

fn has_template(rule: &str, pieces: &[String]) -> bool {
    let mut templates = templates::all().filter(|template| template.rule == rule);
    templates.any(|template| {
        let mut rest = template.text;
        pieces.iter().all(|piece| match rest.split_once(piece.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

#[test]
fn each_sentence_of_a_rule_that_blocks_has_a_template() {
    let mut without = Vec::new();
    let mut lines = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.severity == Severity::Blocks) {
        let name = rule.code.word();
        let path = root().join(format!("src/judge/rules/{}.rs", name.replace('-', "_")));
        let source = std::fs::read_to_string(&path).expect("the source of a rule");
        let sentences = sentences(&source);
        assert!(!sentences.is_empty(), "{name} says something");
        let missing: Vec<&Vec<String>> =
            sentences.iter().filter(|pieces| !has_template(name, pieces)).collect();
        if !missing.is_empty() {
            without.push((name, missing.len()));
            lines.push(format!("{name}: {missing:?}"));
        }
    }
    assert_eq!(without, WITHOUT, "\n{}", lines.join("\n"));
}
