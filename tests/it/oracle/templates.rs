/*! A template of a sentence: how it is read, and how each slot is held against the fact that it states. */

use regex::Regex;

use super::facts::{Evidence, Fact};
use super::{refusals, uses};

/// One sentence of a rule.
pub(super) struct Template {
    pub(super) rule: &'static str,
    pub(super) text: &'static str,
    pub(super) slots: &'static [(&'static str, Fact)],
}

impl Template {
    /// The names of its slots, in order.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let slots = self.text.split('{').skip(1);
        slots.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
    }

    /// What its slots hold in a sentence, if the sentence is one of this template.
    pub(super) fn read(&self, sentence: &str) -> Option<Vec<String>> {
        let mut pattern = String::from("^");
        for (n, part) in self.text.split('{').enumerate() {
            let literal =
                if n == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) };
            if n > 0 {
                pattern.push_str(pattern_of(part.split('}').next().unwrap_or_default()));
            }
            pattern.push_str(&regex::escape(literal));
        }
        let found = Regex::new(&(pattern + "$")).expect("a pattern").captures(sentence)?;
        Some((1..found.len()).map(|n| found[n].to_owned()).collect())
    }

    /// Which slots do not hold what the evidence does.
    pub(super) fn check(
        &self,
        evidence: &mut Evidence,
        class: Option<&str>,
        sentence: &str,
        values: &[String],
    ) -> Vec<String> {
        evidence.bound = Vec::new();
        for (name, value) in self.names().into_iter().zip(values) {
            match name {
                "line" => evidence.bound.push(("line", Evidence::group(value))),
                "instance" => evidence.bound.push(("instance", format!("'{value}'"))),
                _ => {}
            }
        }
        let mut wrong = Vec::new();
        for (name, value) in self.names().into_iter().zip(values) {
            let Some((_, fact)) = self.slots.iter().find(|(slot, _)| *slot == name) else {
                continue;
            };
            let is_right = match fact {
                Fact::Word(words) => words.contains(&value.as_str()),
                // The rows of the other slots are those that it names.
                Fact::Bound => true,
                fact => evidence.words(*fact, class) == *value,
            };
            if !is_right {
                let expected = evidence.words(*fact, class);
                wrong.push(format!(
                    "{{{name}}} is `{value}`, the evidence holds `{expected}`: {sentence}"
                ));
            }
        }
        wrong
    }
}

/// What a slot may hold. Two slots that stand side by side are told apart by their words.
fn pattern_of(name: &str) -> &'static str {
    match name {
        "span" => "(at [-0-9TZ:.]+?|from [-0-9TZ:.]+? to [-0-9TZ:.]+?)",
        "on" => "(| on .+?)",
        "instances" => "(| on [0-9,]+ instances?)",
        "pause" => "(|, longest pause about .+?)",
        "before" => "(|, and .+? before the change)",
        _ => "(.+?)",
    }
}

/// The templates of all rules.
pub(super) fn all() -> impl Iterator<Item = &'static Template> {
    uses::TEMPLATES.iter().chain(refusals::TEMPLATES)
}
