/*! Sentences against facts. Each template of a sentence names the fact of each of its slots, and the fact is computed
 * anew by SQL of its own over the evidence of a bundle: nothing of the program's judgement is asked.
 */

#[macro_use]
mod rows;
mod exports;
mod facts;
mod fixtures;
mod groups;
mod held;
mod ledger;
mod made;
mod members;
mod models;
mod planned;
mod refusals;
mod rhythms;
mod sessions;
mod shares;
mod silences;
mod sources;
mod strays;
mod successes;
mod templates;
mod uses;

use rayon::prelude::*;
use serde_json::Value;

use facts::Evidence;
use fixtures::fixtures;
use templates::Template;

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What is wrong with the sentences of one report.
fn check(name: &str, evidence: &mut Evidence) -> Vec<String> {
    let mut wrong = ledger::check(evidence);
    wrong.extend(ledger::earliest(evidence));
    for finding in findings(&evidence.report.clone()) {
        let rule = finding["rule"].as_str().expect("a rule");
        let summary = finding["summary"].as_str().expect("a sentence");
        let mut templates = templates::all().filter(|template| template.rule == rule);
        let fitting = templates.find_map(|template| Some((template, template.read(summary)?)));
        let Some((template, values)) = fitting else {
            wrong.push(format!("no template of {rule} fits: {summary}"));
            continue;
        };
        evidence.met.push(template.text);
        let class = finding["class"].as_str();
        wrong.extend(template.check(evidence, class, summary, &values));
    }
    wrong.into_iter().map(|wrong| format!("{name}: {wrong}")).collect()
}

#[test]
fn each_slot_of_a_sentence_says_what_the_evidence_holds() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let worlds = [fixtures(), made::worlds(scratch.path())].concat();
    let checked: Vec<(Vec<&str>, Vec<String>)> = worlds
        .par_iter()
        .map(|(name, plan, logs, as_of)| {
            let mut evidence = Evidence::of(plan, logs, as_of.as_deref());
            let wrong = check(name, &mut evidence);
            (evidence.met, wrong)
        })
        .collect();
    let (met, wrong): (Vec<_>, Vec<_>) = checked.into_iter().unzip();
    let (met, wrong) = (met.concat(), wrong.concat());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let unmet: Vec<String> = templates::all().flat_map(|template| template.unmet(&met)).collect();
    assert!(unmet.is_empty(), "no world says\n{}", unmet.join("\n"));
}

#[test]
fn each_slot_has_an_oracle() {
    fn lacking(template: &Template) -> Vec<String> {
        let has_fact = |name: &&str| template.slots.iter().any(|(slot, _)| slot == name);
        let without = template.names().into_iter().filter(|name| !has_fact(name));
        let own = without.map(|name| format!("{}: {{{name}}} of {}", template.rule, template.text));
        let parts = template.slots.iter().filter_map(|(_, fact)| fact.parts()).flatten();
        own.chain(parts.flat_map(lacking)).collect()
    }
    let lacking: Vec<String> = templates::all().flat_map(lacking).collect();
    assert!(lacking.is_empty(), "\n{}", lacking.join("\n"));
}
