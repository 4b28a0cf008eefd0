/*! Finds the source of a text: the first whose expressions match it. */

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::RegexSet;

use crate::ingest::decode::pattern::{PatternDecoder, set_of};
use crate::map::ProfileReading;

/// After this many texts it pays to compile the expressions of all sources into one automaton.
const MANY: u64 = 20_000;

/// The readings that are recognised by expressions, in their order.
#[derive(Debug)]
pub(super) struct TextReadings {
    positions: Vec<usize>,
    /// How many texts were asked for.
    asked: AtomicU64,
    /// All expressions, and which each is. `None`: together they are too large.
    all: OnceLock<Option<(RegexSet, Vec<Fitting>)>>,
}

/// A reading and the first of its expressions that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fitting {
    pub(super) reading: usize,
    pub(super) expression: usize,
}

impl TextReadings {
    pub(super) fn new(positions: Vec<usize>) -> Self {
        Self { positions, asked: AtomicU64::new(0), all: OnceLock::new() }
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
        if self.asked.fetch_add(1, Ordering::Relaxed) >= MANY
            && let Some((set, of)) = self.all.get_or_init(|| self.compile(readings))
        {
            return set.matches(text).iter().next().map(|first| of[first]);
        }
        self.one_by_one(readings, text)
    }

    fn one_by_one(&self, readings: &[ProfileReading], text: &str) -> Option<Fitting> {
        self.positions.iter().find_map(|position| {
            let pattern = readings[*position].pattern.as_ref()?;
            Some(Fitting { reading: *position, expression: pattern.first(text)? })
        })
    }

    fn compile(&self, readings: &[ProfileReading]) -> Option<(RegexSet, Vec<Fitting>)> {
        let (mut texts, mut of) = (Vec::new(), Vec::new());
        for position in &self.positions {
            let expressions =
                readings[*position].pattern.iter().flat_map(PatternDecoder::expressions);
            for (expression, text) in expressions.enumerate() {
                texts.push(text.text());
                of.push(Fitting { reading: *position, expression });
            }
        }
        Some((set_of(texts.into_iter())?, of))
    }
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
        let (set, of) = texts.compile(&readings).expect("they fit into one automaton");
        let mut chosen = 0;
        for input in walk(&[concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats").to_owned()]) {
            let mut lines = Lines::default();
            read(&input, &ReadOptions::default(), &mut lines);
            for line in lines.0 {
                let one_by_one = texts.one_by_one(&readings, &line);
                let at_once = set.matches(&line).iter().next().map(|first| of[first]);
                assert_eq!(at_once, one_by_one, "{line}");
                chosen += usize::from(one_by_one.is_some());
            }
        }
        assert!(chosen > 300, "{chosen} lines have a source");
    }
}
