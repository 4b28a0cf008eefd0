/*! Plain text. Each named group of the first expression that matches is a field. */

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{RegexSet, RegexSetBuilder};
use regex_automata::Anchored;
use regex_automata::hybrid::dfa::DFA;
use regex_automata::util::start;

use crate::model::coverage::Reject;
use crate::profile::Expression;

use super::{Decode, Fields, Picks};

/// The decoder of text by expressions.
#[derive(Debug)]
pub struct PatternDecoder {
    /// All expressions in one, compiled at the first text: most runs have none.
    set: OnceLock<RegexSet>,
    each: Vec<Expression>,
}

impl PatternDecoder {
    /// Decodes by the first of these expressions that matches.
    pub fn new(each: Vec<Expression>) -> Self {
        Self { set: OnceLock::new(), each }
    }

    /// Whether one of the expressions matches.
    pub fn fits(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// How many bytes of the text the best expression can match.
    pub fn reach(&self, text: &str) -> usize {
        self.each
            .iter()
            .map(|expression| reach(&expression.with_ten_digits(), text).unwrap_or(0))
            .max()
            .unwrap_or(0)
    }

    /// The number of the first expression that matches.
    pub fn first(&self, text: &str) -> Option<usize> {
        let build =
            || set_of(self.each.iter().map(Expression::with_ten_digits)).unwrap_or_default();
        let set = self.set.get_or_init(build);
        if set.is_empty() {
            // Too large as one: try them one after the other.
            return self.each.iter().position(|regex| regex.is_match(text));
        }
        set.matches(text).iter().next()
    }

    /// The expressions, the one that counts first before the others.
    pub fn expressions(&self) -> &[Expression] {
        &self.each
    }

    /// Fills a slot for each pick by an expression that matches; `false` if it does not.
    pub fn pick_by<'b>(
        &self,
        expression: usize,
        text: &'b str,
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> bool {
        fields.reset(picks);
        let regex = &self.each[expression];
        let Some(captures) = regex.captures(text) else { return false };
        for (name, value) in regex.capture_names().zip(captures.iter()) {
            if let (Some(name), Some(value)) = (name, value) {
                picks.put(&[name], Cow::Borrowed(value.as_str()), fields);
            }
        }
        true
    }
}

/// Expressions in one. Its automaton may grow: where it has no room, each text takes many times as long.
fn set_of(expressions: impl Iterator<Item = String>) -> Option<RegexSet> {
    const ROOM: usize = 64 << 20;
    RegexSetBuilder::new(expressions).size_limit(ROOM).dfa_size_limit(ROOM).build().ok()
}

/// How far the automaton of an expression runs until no match is possible; `None` if it has no such automaton.
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

impl Decode for PatternDecoder {
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
        let first = self.first(text).filter(|first| self.pick_by(*first, text, picks, fields));
        first.ok_or_else(|| Reject::because("no-pattern"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_the_first_that_matches_are_fields() {
        let expressions = [r"^(?<user>\w+) in$", r"^(?<user>\w+) (?<what>\w+)$"];
        let pattern = PatternDecoder::new(
            expressions.map(|text| Expression::new(text).expect("good")).to_vec(),
        );
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
        let pattern =
            PatternDecoder::new(vec![Expression::new(r"^\d+ \[\w+\] .*$").expect("good")]);
        for (text, reach) in
            [("12 [ok] and", 11), ("12 [ok] ", 8), ("12 (ok)", 3), ("x", 0), ("", 0)]
        {
            assert_eq!(pattern.reach(text), reach, "{text}");
        }
    }
}
