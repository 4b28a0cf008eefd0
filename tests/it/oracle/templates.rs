/*! A template of a sentence: how it is read, and how each slot is held against the fact that it states. */

use regex::Regex;

use super::facts::{Evidence, Fact};
use super::{
    exports, members, models, planned, refusals, shares, silences, strays, successes, uses,
};

/// One sentence of a rule, or a part of one.
#[derive(Debug)]
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

    /// Which of it and its parts no sentence was.
    pub(super) fn unmet(&self, met: &[&str]) -> Vec<String> {
        let parts = self.slots.iter().filter_map(|(_, fact)| fact.parts()).flatten();
        let own = (!met.contains(&self.text)).then(|| format!("{}: {}", self.rule, self.text));
        own.into_iter().chain(parts.flat_map(|part| part.unmet(met))).collect()
    }

    /// What its slots hold in a sentence, if the sentence is one of this template.
    pub(super) fn read(&self, sentence: &str) -> Option<Vec<String>> {
        let mut pattern = String::from("^");
        for (n, part) in self.text.split('{').enumerate() {
            let literal =
                if n == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) };
            if n > 0 {
                pattern.push_str(&self.pattern_of(part.split('}').next().unwrap_or_default()));
            }
            pattern.push_str(&regex::escape(literal));
        }
        let found = Regex::new(&(pattern + "$")).expect("a pattern").captures(sentence)?;
        Some((1..found.len()).map(|n| found[n].to_owned()).collect())
    }

    /// What a slot may hold: of a word one of those that join, so that slots side by side are told apart.
    fn pattern_of(&self, name: &str) -> String {
        match self.slots.iter().find(|(slot, _)| *slot == name) {
            Some((_, Fact::Word(words))) => {
                let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
                format!("({})", words.join("|"))
            }
            _ => pattern_of(name).to_owned(),
        }
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
                "stream" | "spelling" | "model" | "profile" | "named" | "version" | "place"
                | "who" | "path" => {
                    evidence.bound.push((name, value.clone()));
                }
                _ => {}
            }
        }
        self.check_slots(evidence, class, sentence, values)
    }

    fn check_slots(
        &self,
        evidence: &mut Evidence,
        class: Option<&str>,
        sentence: &str,
        values: &[String],
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, value) in self.names().into_iter().zip(values) {
            let Some((_, fact)) = self.slots.iter().find(|(slot, _)| *slot == name) else {
                continue;
            };
            if let Fact::Says(parts) = fact {
                wrong.extend(one_of(parts, evidence, class, value));
                continue;
            }
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

/// A part of a sentence is one of these, and its own slots are right.
fn one_of(
    parts: &[Template],
    evidence: &mut Evidence,
    class: Option<&str>,
    said: &str,
) -> Vec<String> {
    match parts.iter().find_map(|part| Some((part, part.read(said)?))) {
        Some((part, values)) => {
            evidence.met.push(part.text);
            part.check_slots(evidence, class, said, &values)
        }
        None => vec![format!("no part fits: {said}")],
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
        "tail" => "(|[,;:] .+?)",
        "the_longest" => "(|the longest )",
        _ => "(.+?)",
    }
}

/// The templates of all rules.
pub(super) fn all() -> impl Iterator<Item = &'static Template> {
    let blocking = uses::TEMPLATES.iter().chain(refusals::TEMPLATES);
    let of_plan = planned::TEMPLATES.iter().chain(models::TEMPLATES);
    let of_logs = exports::TEMPLATES.iter().chain(strays::TEMPLATES);
    let of_classes = silences::TEMPLATES
        .iter()
        .chain(successes::TEMPLATES)
        .chain(shares::TEMPLATES)
        .chain(members::TEMPLATES);
    blocking.chain(of_plan).chain(of_logs).chain(of_classes)
}
