/*! Finds the source of each record by its content. A file may hold records of several sources. */

use std::sync::{LazyLock, OnceLock};

use memchr::memmem::Finder;
use regex::Regex;

use crate::ingest::decode::exposition::Exposition;
use crate::ingest::decode::{
    Decode, JsonLayout, JsonOutlines, SlotUse, json, logfmt, pick_in_one_pass, row::RowHeader,
};
use crate::ingest::{Fields, Picks};
use crate::map::{ProfileReading, SlotRoles};
use crate::model::coverage::Reject;
use crate::profile::{Profile, ValueTest};

use super::earlier_records::EarlierRecords;
use super::text_readings::{Fitting, TextReadings};

/// What precedes the records of a stream and says how they are written.
#[derive(Clone, Debug)]
pub(super) enum Heading {
    /// The header of rows.
    Row(Box<RowHeader>),
    /// The types of samples that were declared so far.
    Samples(Exposition),
}

/// How a record is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'r> {
    /// A JSON object.
    Json,
    /// `key=value` pairs.
    Pairs,
    /// A row below a header.
    Row(&'r RowHeader),
    /// A sample below what says its type.
    Sample(&'r Exposition),
    /// Text of any other kind.
    Text,
}

impl<'r> Shape<'r> {
    /// The shape of a record. The heading of the file decides for rows and samples.
    pub(super) fn of(text: &str, heading: Option<&'r Heading>) -> Self {
        match (heading, text.trim_start().as_bytes().first()) {
            (Some(Heading::Row(row)), _) => Self::Row(row),
            (Some(Heading::Samples(samples)), _) => Self::Sample(samples),
            (None, Some(b'{')) => Self::Json,
            (None, _) if logfmt::fits(text) => Self::Pairs,
            (None, _) => Self::Text,
        }
    }
}

/// Chooses the reading of each record of a source.
#[derive(Debug)]
pub struct Recogniser {
    /// The pointers that any reading is recognised by.
    sniff: Picks,
    /// Readings recognised by fields, with the fields and values that a record must have.
    by_fields: Vec<ByFields>,
    /// For each slot of these fields the positions of those for whose records it is the rarest field.
    anchored: Vec<Vec<usize>>,
    /// The positions of those that are recognised by no field: they read any record.
    unanchored: Vec<usize>,
    /// The reading for records of any other fields.
    any: Option<usize>,
    /// Readings recognised by expressions.
    by_text: TextReadings,
    pointers: Vec<String>,
    /// For each slot of these fields the tests of its value.
    signs: Vec<Vec<Vec<ValueTest>>>,
    /// For each reading the fields that it maps and those that any is recognised by, once it was needed.
    at_once: Vec<OnceLock<Picks>>,
}

#[derive(Debug)]
struct ByFields {
    reading: usize,
    /// Keys that all of its records have somewhere, the longest first.
    keys: Vec<Finder<'static>>,
    present: Vec<usize>,
    values: Vec<(usize, Vec<ValueTest>)>,
}

impl Recogniser {
    /// Compiles the readings. The last reads what none of the others recognises.
    pub fn new(readings: &[ProfileReading]) -> Self {
        let mut pointers: Vec<String> = Vec::new();
        let mut slot = |pointer: &String| {
            let position = pointers.iter().position(|other| other == pointer);
            position.unwrap_or_else(|| {
                pointers.push(pointer.clone());
                pointers.len() - 1
            })
        };
        let mut by_fields = Vec::new();
        let mut by_text = Vec::new();
        let mut any = None;
        for (position, reading) in readings.iter().enumerate() {
            let profile = &reading.profile;
            if reading.pattern.is_some() {
                by_text.push(position);
            } else if position + 1 == readings.len() {
                any = Some(position);
            } else {
                let present: Vec<usize> = profile.sniff.iter().map(&mut slot).collect();
                let values = profile.sniff_values.iter();
                let values: Vec<_> =
                    values.map(|(pointer, tests)| (slot(pointer), tests.clone())).collect();
                let keys = keys(profile);
                by_fields.push(ByFields { reading: position, keys, present, values });
            }
        }
        let at_once = readings.iter().map(|_| OnceLock::new()).collect();
        let (sniff, anchored) = (Picks::new(&pointers), anchored(&by_fields, pointers.len()));
        let no_field = |known: &usize| by_fields[*known].slots().next().is_none();
        let unanchored = (0..by_fields.len()).filter(no_field).collect();
        let by_text = TextReadings::new(by_text);
        let mut signs = vec![Vec::new(); pointers.len()];
        for (slot, tests) in by_fields.iter().flat_map(|known: &ByFields| &known.values) {
            signs[*slot].push(tests.clone());
        }
        Self { sniff, by_fields, anchored, unanchored, any, by_text, pointers, signs, at_once }
    }

    /// Chooses the reading that fits the record and fills in the fields. `None`: no reading fits. A record like
    /// those before costs less.
    pub(super) fn choose<'r, 't>(
        &self,
        readings: &'r [ProfileReading],
        earlier: &mut EarlierRecords,
        (shape, text): (Shape<'_>, &'t str),
        fields: &mut Fields<'t>,
    ) -> Result<Option<&'r ProfileReading>, Reject> {
        if let Shape::Text = shape {
            return Ok(self.by_expression(readings, text, fields));
        }
        if let Shape::Json = shape {
            if let Some(position) = self.in_one_pass(readings, earlier, text, fields) {
                return Ok(Some(&readings[position]));
            }
            json::check(text)?;
        }
        let pick = |picks: &Picks, fields: &mut Fields<'t>| match shape {
            Shape::Row(row) => row.pick(text.as_bytes(), picks, fields),
            Shape::Sample(samples) => samples.pick(text.as_bytes(), picks, fields),
            Shape::Pairs => logfmt::Logfmt.pick(text.as_bytes(), picks, fields),
            Shape::Json | Shape::Text => json::pick_checked(text, picks, fields),
        };
        let known = if self.by_fields.iter().any(|fields| fields.may_fit(shape, text)) {
            pick(&self.sniff, fields)?;
            self.known(fields, 0)
        } else {
            None
        };
        // Text may begin with pairs and be that of a known source: `conn=1 op=0 BIND dn="..."`.
        if known.is_none()
            && matches!(shape, Shape::Pairs)
            && let Some(reading) = self.by_expression(readings, text, fields)
        {
            return Ok(Some(reading));
        }
        if let Some(position) = known.or(self.any) {
            let reading = &readings[position];
            if reading.each.is_empty() {
                pick(&reading.picks, fields)?;
            }
            return Ok(Some(reading));
        }
        Ok(self.by_expression(readings, text, fields))
    }

    /// The same for a JSON record without any flaw. `None` if it has one, or no reading fits.
    fn in_one_pass<'t>(
        &self,
        readings: &[ProfileReading],
        earlier: &mut EarlierRecords,
        text: &'t str,
        fields: &mut Fields<'t>,
    ) -> Option<usize> {
        let picks = |position: usize| self.picks_at_once(readings, position);
        let fitting = earlier.pick(text, &picks, fields);
        let guess = match fitting {
            Some(guess) => guess,
            None => earlier.reading.or(self.any)?,
        };
        if fitting.is_none() {
            pick_in_one_pass(text, picks(guess), fields)?;
        }
        let position = self.known(fields, readings[guess].picks.len()).or(self.any)?;
        if position != guess {
            json::pick_checked(text, picks(position), fields).ok()?;
        }
        if fitting.is_none() {
            earlier.learn(position, text, picks(position));
        }
        earlier.reading = Some(position);
        Some(position)
    }

    /// The fields that a reading maps, then those that any is recognised by.
    fn picks_at_once(&self, readings: &[ProfileReading], position: usize) -> &Picks {
        self.at_once[position].get_or_init(|| readings[position].picks.and(&self.pointers))
    }

    /// Adds the layout of a JSON record of a reading to the outlines of these. Records of one layout with the same
    /// signs are of the same reading.
    pub(super) fn outline(
        &self,
        readings: &[ProfileReading],
        position: usize,
        (roles, text): (&SlotRoles, &str),
        outlines: &mut JsonOutlines,
    ) {
        let reading = &readings[position];
        let first = reading.picks.len();
        let use_of = |slot: usize| match slot.checked_sub(first) {
            None => reading.slot_use(roles, slot),
            Some(slot) if !self.signs[slot].is_empty() => Some(SlotUse::Sign),
            Some(_) => Some(SlotUse::Existence),
        };
        let picks = self.picks_at_once(readings, position);
        // Of a record that is not read in one pass a layout tells nothing.
        let is_read = pick_in_one_pass(text, picks, &mut Fields::new()).is_some();
        if is_read && let Some(layout) = JsonLayout::of(text, picks) {
            outlines.add(&layout, &use_of);
        }
    }

    /// Writes which of the tests of a value hold. `slot`: among those of the fields that any reading is recognised by.
    pub(super) fn write_sign(&self, slot: usize, text: &str, out: &mut Vec<u8>) {
        let holds = |tests: &Vec<ValueTest>| tests.iter().any(|test| test.holds(text));
        out.extend(self.signs[slot].iter().map(|tests| u8::from(holds(tests))));
    }

    /// The first reading whose records have these fields. `first`: the slot of the first field that any is known by.
    fn known(&self, fields: &Fields<'_>, first: usize) -> Option<usize> {
        let anchored = fields.filled_from(first).flat_map(|slot| &self.anchored[slot]);
        let candidates = anchored.chain(&self.unanchored);
        let fitting = candidates.filter(|known| self.by_fields[**known].fits(fields, first));
        fitting.min().map(|known| self.by_fields[*known].reading)
    }

    /// Whether a line within a text is a record of a source whose records are lines.
    pub(super) fn begins_record(&self, readings: &[ProfileReading], line: &str) -> bool {
        let mut lines = self.by_text.readings(readings);
        CLOCK.is_match(line)
            && lines.any(|reading| {
                let pattern = reading.pattern.as_ref().filter(|_| reading.profile.start.is_none());
                pattern.is_some_and(|pattern| pattern.fits(line))
            })
    }

    /// The first expression of a reading that matches a text.
    pub(super) fn expression_of(&self, readings: &[ProfileReading], text: &str) -> Option<Fitting> {
        self.by_text.choose(readings, text)
    }

    fn by_expression<'r, 't>(
        &self,
        readings: &'r [ProfileReading],
        text: &'t str,
        fields: &mut Fields<'t>,
    ) -> Option<&'r ProfileReading> {
        let found = self.expression_of(readings, text)?;
        let reading = &readings[found.reading];
        let pattern = reading.pattern.as_ref()?;
        pattern.pick_by(found.expression, text, &reading.picks, fields).then_some(reading)
    }
}

/// Whether a text begins with a brace as many a message does, but not as a JSON object.
pub(super) fn is_braced_text(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| !inside.starts_with('"'))
}

/// Gives each source to the one of its fields that the fewest sources share: a record without it is not of the source.
fn anchored(by_fields: &[ByFields], slots: usize) -> Vec<Vec<usize>> {
    let mut sources = vec![0_usize; slots];
    by_fields.iter().flat_map(ByFields::slots).for_each(|slot| sources[slot] += 1);
    let mut anchored = vec![Vec::new(); slots];
    for (position, known) in by_fields.iter().enumerate() {
        if let Some(slot) = known.slots().min_by_key(|slot| sources[*slot]) {
            anchored[slot].push(position);
        }
    }
    anchored
}

/// The last keys of the pointers that a profile is recognised by.
fn keys(profile: &Profile) -> Vec<Finder<'static>> {
    let pointers =
        profile.sniff.iter().chain(profile.sniff_values.iter().map(|(pointer, _)| pointer));
    let names = pointers.filter_map(|pointer| {
        let name = |step: &&str| !step.is_empty() && !step.starts_with(['*', '{']);
        pointer.rsplit('/').find(name).map(|name| name.replace("~1", "/").replace("~0", "~"))
    });
    let mut names: Vec<String> = names.collect();
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
    names.dedup();
    names.iter().map(|name| Finder::new(name).into_owned()).collect()
}

impl ByFields {
    fn slots(&self) -> impl Iterator<Item = usize> {
        self.present.iter().chain(self.values.iter().map(|(slot, _)| slot)).copied()
    }

    /// Whether a decoder has to look: a quick search of the text for the keys. Letters and slashes of a key may be
    /// escaped.
    fn may_fit(&self, shape: Shape<'_>, text: &str) -> bool {
        match shape {
            Shape::Json | Shape::Pairs => {
                self.keys.iter().all(|key| key.find(text.as_bytes()).is_some())
                    || memchr::memchr(b'\\', text.as_bytes()).is_some()
            }
            Shape::Row(_) | Shape::Sample(_) | Shape::Text => true,
        }
    }

    /// Whether a record has what it is recognised by, in the slots from `first` on.
    fn fits(&self, fields: &Fields<'_>, first: usize) -> bool {
        self.present.iter().all(|slot| fields.get(first + *slot).is_some())
            && self.values.iter().all(|(slot, values)| {
                fields
                    .scalars(first + *slot)
                    .any(|text| values.iter().any(|value| value.holds(&text)))
            })
    }
}

/// What every line of a log has that says when it happened.
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d\d:\d\d:\d\d").expect("a good expression"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{self, builtin};

    #[test]
    fn a_profile_that_is_recognised_by_no_field_reads_any_record() {
        let own = "name = \"own\"\nfamily = \"own\"\ntitle = \"Own\"\nlayer = \"behavior\"\nlag = \"15m\"\nblind_spots = []\n\
                   [fields]\nevent_time = [\"/at\"]\n";
        let own = profile::load("own.toml", own).expect("a profile");
        let last = builtin::profiles().last().expect("it reads anything").clone();
        let readings = [own, last].map(|profile| ProfileReading::new(profile, Vec::new()));
        let (text, mut fields) = (r#"{"at":"2026-03-02T18:00:00Z"}"#, Fields::new());
        let chosen = Recogniser::new(&readings).choose(
            &readings,
            &mut EarlierRecords::default(),
            (Shape::Json, text),
            &mut fields,
        );
        let chosen = chosen.expect("it is JSON").expect("a reading fits");
        assert_eq!((chosen.profile.name.as_str(), fields.filled()), ("own", 1));
    }
}
