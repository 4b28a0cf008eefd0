/*! The list of templates is complete: each sentence in the source of a rule has one. */

use holdover::judge::RULES;

use super::templates;
use crate::harness::root;

/// Rules whose sentences stand in a file that they share.
const SHARED: [(&str, &str); 2] =
    [("silent-consumer", "missing_success"), ("exception-path-untested", "missing_success")];

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
        // A slot that holds one word is named by it.
        let text = template.text.replace(['{', '}'], "");
        let mut rest = text.as_str();
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
fn each_sentence_of_a_rule_has_a_template() {
    let mut lines = Vec::new();
    for rule in RULES {
        let name = rule.code.word();
        let shared = SHARED.iter().find(|(rule, _)| *rule == name);
        let file = shared.map_or_else(|| name.replace('-', "_"), |(_, file)| (*file).to_owned());
        let path = root().join(format!("src/judge/rules/{file}.rs"));
        let source = std::fs::read_to_string(&path).expect("the source of a rule");
        let sentences = sentences(&source);
        assert!(!sentences.is_empty(), "{name} says something");
        let missing: Vec<&Vec<String>> =
            sentences.iter().filter(|pieces| !has_template(name, pieces)).collect();
        if !missing.is_empty() {
            lines.push(format!("{name}: {missing:?}"));
        }
    }
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}
