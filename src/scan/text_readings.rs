/*! Finds the source of a text: the first whose expressions match it. */

use std::sync::OnceLock;

use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::{Anchored, Input, meta};
use regex_syntax::hir::{Dot, Hir, Look, Repetition};

use crate::ingest::decode::pattern::PatternDecoder;
use crate::map::ProfileReading;

/// How much memory the automaton may take. Where it has no room, each text takes many times as long.
const ROOM: usize = 64 << 20;

/// The readings that are recognised by expressions, in their order.
#[derive(Debug)]
pub(super) struct TextReadings {
    positions: Vec<usize>,
    /// Compiled at the first text, since most inputs have none. `None`: together they are too large.
    all: OnceLock<Option<AllExpressions>>,
}

/// All expressions in one automaton.
#[derive(Debug)]
struct AllExpressions {
    /// Of all that match a text it gives the first.
    any: meta::Regex,
    /// Which each is.
    of: Vec<Fitting>,
}

/// A reading and the first of its expressions that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fitting {
    pub(super) reading: usize,
    pub(super) expression: usize,
}

impl TextReadings {
    pub(super) fn new(positions: Vec<usize>) -> Self {
        Self { positions, all: OnceLock::new() }
    }

    /// The readings themselves.
    pub(super) fn readings<'r>(
        &self,
        readings: &'r [ProfileReading],
    ) -> impl Iterator<Item = &'r ProfileReading> {
        self.positions.iter().map(|position| &readings[*position])
    }

    /// The first reading that matches the text. The answer is the same whether all are asked at once or one by one.
    pub(super) fn choose(&self, readings: &[ProfileReading], text: &str) -> Option<Fitting> {
        match self.all.get_or_init(|| self.compile(readings)) {
            Some(all) => all.choose(text),
            None => self.one_by_one(readings, text),
        }
    }

    fn one_by_one(&self, readings: &[ProfileReading], text: &str) -> Option<Fitting> {
        self.positions.iter().find_map(|position| {
            let pattern = readings[*position].pattern.as_ref()?;
            Some(Fitting { reading: *position, expression: pattern.first(text)? })
        })
    }

    fn compile(&self, readings: &[ProfileReading]) -> Option<AllExpressions> {
        let (mut expressions, mut of) = (Vec::new(), Vec::new());
        for position in &self.positions {
            let pattern = readings[*position].pattern.as_ref();
            let each = pattern.map_or(&[][..], PatternDecoder::expressions);
            for (expression, text) in each.iter().enumerate() {
                expressions.push(from_the_start(&text.with_ten_digits())?);
                of.push(Fitting { reading: *position, expression });
            }
        }
        let config = meta::Config::new()
            .nfa_size_limit(Some(ROOM))
            .hybrid_cache_capacity(ROOM)
            .which_captures(WhichCaptures::Implicit);
        let any = meta::Builder::new().configure(config).build_many_from_hir(&expressions).ok()?;
        Some(AllExpressions { any, of })
    }
}

impl AllExpressions {
    fn choose(&self, text: &str) -> Option<Fitting> {
        let found = self.any.search_half(&Input::new(text).anchored(Anchored::Yes))?;
        Some(self.of[found.pattern()])
    }
}

/// An expression that matches from the start of a text where the given one matches anywhere in it: of expressions that
/// match from the same place, the automaton prefers the first.
fn from_the_start(expression: &str) -> Option<Hir> {
    let parsed = regex_syntax::parse(expression).ok()?;
    if parsed.properties().look_set_prefix().contains(Look::Start) {
        return Some(parsed);
    }
    let anything = Box::new(Hir::dot(Dot::AnyChar));
    let before = Repetition { min: 0, max: None, greedy: false, sub: anything };
    Some(Hir::concat(vec![Hir::repetition(before), parsed]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Frame, ReadOptions, Visit, read, walk};
    use crate::model::coverage::Reject;
    use crate::profile::builtin;

    /// The lines of an input, whatever they are.
    #[derive(Default)]
    struct Lines(Vec<String>);

    impl Visit for Lines {
        fn frame(&mut self, frame: Frame<'_>) {
            let text = String::from_utf8_lossy(frame.bytes);
            self.0.extend(text.lines().map(str::to_owned));
        }

        fn reject(&mut self, frame: Frame<'_>, _reject: Reject) {
            self.frame(frame);
        }
    }

    #[test]
    fn all_at_once_and_one_by_one_choose_the_same() {
        let profiles = builtin::profiles().iter().cloned();
        let readings: Vec<_> = profiles.map(|one| ProfileReading::new(one, Vec::new())).collect();
        let positions = 0..readings.len();
        let positions = positions.filter(|position| readings[*position].pattern.is_some());
        let texts = TextReadings::new(positions.collect());
        let all = texts.compile(&readings).expect("they fit into one automaton");
        let mut chosen = 0;
        for input in walk(&[concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats").to_owned()]) {
            let mut lines = Lines::default();
            read(&input, &ReadOptions::default(), &mut lines);
            for line in lines.0 {
                let one_by_one = texts.one_by_one(&readings, &line);
                assert_eq!(all.choose(&line), one_by_one, "{line}");
                chosen += usize::from(one_by_one.is_some());
            }
        }
        assert!(chosen > 300, "{chosen} lines have a source");
    }
}
