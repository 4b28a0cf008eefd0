/*! Plain text: each named group of the first expression that matches is a field, at the top of the record. */

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::RegexSet;
use regex_automata::Anchored;
use regex_automata::hybrid::dfa::DFA;
use regex_automata::util::start;

use crate::model::coverage::Reject;
use crate::profile::Expression;

use super::{Decode, Fields, Picks};

/// The decoder of text by expressions.
#[derive(Debug)]
pub struct Pattern {
    /// All at once, made when the first text is met: most runs meet none.
    all: OnceLock<RegexSet>,
    each: Vec<Expression>,
}

impl Pattern {
    /// Of expressions; the first that matches counts.
    pub fn new(each: Vec<Expression>) -> Self {
        Self { all: OnceLock::new(), each }
    }

    /// Does one of them match?
    pub fn fits(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// How many bytes of the text the expression that gets farthest can follow.
    pub fn reach(&self, text: &str) -> usize {
        self.each
            .iter()
            .map(|expression| reach(expression.text(), text).unwrap_or(0))
            .max()
            .unwrap_or(0)
    }

    fn first(&self, text: &str) -> Option<&Expression> {
        let build = || RegexSet::new(self.each.iter().map(Expression::text)).unwrap_or_default();
        let all = self.all.get_or_init(build);
        if all.is_empty() {
            // Together they are too large: one after the other.
            return self.each.iter().find(|regex| regex.is_match(text));
        }
        all.matches(text).iter().next().and_then(|first| self.each.get(first))
    }
}

/// How far the automaton of an expression runs before no match can follow; none: it has no such automaton.
fn reach(expression: &str, text: &str) -> Option<usize> {
    let automaton = DFA::new(expression).ok()?;
    let mut cache = automaton.create_cache();
    let begin = start::Config::new().anchored(Anchored::Yes);
    let mut state = automaton.start_state(&mut cache, &begin).ok()?;
    for (at, byte) in text.bytes().enumerate() {
        state = automaton.next_state(&mut cache, state, byte).ok()?;
        if state.is_dead() || state.is_quit() {
            return Some(at);
        }
    }
    Some(text.len())
}

impl Decode for Pattern {
    fn name(&self) -> &'static str {
        "pattern"
    }

    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject> {
        fields.reset(picks);
        let text = std::str::from_utf8(frame).map_err(|_| Reject::because("not-utf8"))?;
        let found = self.first(text).and_then(|regex| Some((regex, regex.captures(text)?)));
        let Some((regex, captures)) = found else { return Err(Reject::because("no-pattern")) };
        for name in regex.capture_names().flatten() {
            if let Some(value) = captures.name(name) {
                picks.put(&[name], Cow::Borrowed(value.as_str()), fields);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_the_first_that_matches_are_fields() {
        let expressions = [r"^(?<user>\w+) in$", r"^(?<user>\w+) (?<what>\w+)$"];
        let pattern =
            Pattern::new(expressions.map(|one| Expression::new(one).expect("good")).to_vec());
        let picks = Picks::new(&["/user", "/what"].map(str::to_owned));
        let pick = |text: &str| {
            let mut fields = Fields::new();
            let picked = pattern.pick(text.as_bytes(), &picks, &mut fields);
            let texts = [0, 1].map(|slot| fields.get(slot).map(str::to_owned));
            picked.map(|()| texts).map_err(|reject| reject.reason)
        };
        assert_eq!(pick("ann in"), Ok([Some("ann".to_owned()), None]));
        assert_eq!(pick("ann out"), Ok([Some("ann".to_owned()), Some("out".to_owned())]));
        assert_eq!(pick("?"), Err("no-pattern"));
    }

    #[test]
    fn an_expression_is_followed_as_far_as_it_can_match() {
        let pattern = Pattern::new(vec![Expression::new(r"^\d+ \[\w+\] .*$").expect("good")]);
        for (text, reach) in
            [("12 [ok] and", 11), ("12 [ok] ", 8), ("12 (ok)", 3), ("x", 0), ("", 0)]
        {
            assert_eq!(pattern.reach(text), reach, "{text}");
        }
    }
}
