/*! What the number in a record counts: occurrences, or a counter that has grown since the sample before. */

use super::mapper::RecordMapper;
use super::slot_condition::SlotCondition;
use super::timestamp;
use crate::model::columns::Column;
use crate::model::evidence::{SampleRole, whole_count};
use crate::model::{Duration, Timestamp, When, short};

/// How often the event of a record happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrences {
    /// This many times.
    Times(u64),
    /// As often as its counter has grown since the sample before.
    Grown(CounterTotal),
    /// Once, at this time: the record states when its credential was last used.
    LastUse(When),
    /// Once, this long before the record.
    Idle(Duration),
    /// Not at all: the record states something that lasts.
    State,
    /// There is a number, and it cannot be read.
    Unreadable,
    /// There is a number, and the profile does not say what it counts.
    Unknown,
}

/// The total of a counter at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CounterTotal {
    /// Equal for samples of one series.
    pub series: [u8; 16],
    /// What the value is.
    pub role: SampleRole,
    /// Everything that it counted so far.
    pub value: f64,
    /// The start of the count, if the sample states it.
    pub since: Option<Timestamp>,
}

impl RecordMapper<'_, '_> {
    /// A record without a number stands for one occurrence.
    pub(super) fn occurrences(&self) -> Occurrences {
        let Some(counter) = &self.reading.slots.counter else { return self.times() };
        let any =
            |conditions: &[SlotCondition]| conditions.iter().any(|condition| self.holds(condition));
        let is_delta = any(&counter.delta);
        let value = counter.value.iter().find_map(|slot| self.text(*slot));
        let value = value.and_then(|text| text.trim().parse().ok());
        let (is_used, is_idle) = (any(&counter.used), any(&counter.idle));
        if is_used || is_idle {
            return self.last_use(value, is_used, is_idle);
        }
        let role = match () {
            () if is_delta || any(&counter.total) => SampleRole::Total,
            () if any(&counter.began) => SampleRole::Began,
            () if any(&counter.part) => SampleRole::Part,
            () if any(&counter.state) => return Occurrences::State,
            () => return Occurrences::Unknown,
        };
        match value.filter(|value: &f64| value.is_finite() && *value >= 0.0) {
            None => Occurrences::Unreadable,
            Some(value) if is_delta => Occurrences::Times(whole_count(value)),
            Some(value) => Occurrences::Grown(CounterTotal {
                series: self.series(&counter.series),
                role,
                value,
                since: self.counts_since(),
            }),
        }
    }

    fn times(&self) -> Occurrences {
        let Some(text) = self.first(Column::Count) else {
            let is_nested = self.nested(Column::Count).next().is_some();
            let is_counted = is_nested && self.reading.profile.counts;
            return if is_counted { Occurrences::Unreadable } else { Occurrences::Times(1) };
        };
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
            Some(_) | None => text,
        };
        match whole.trim().parse() {
            // In the log of an application `count` may count anything else: a record with a zero is still a record.
            Ok(0) if !self.reading.profile.counts => Occurrences::Times(1),
            Ok(count) => Occurrences::Times(count),
            Err(_) => Occurrences::Unreadable,
        }
    }

    fn series(&self, slots: &[usize]) -> [u8; 16] {
        let mut hash = blake3::Hasher::new();
        hash.update(self.reading.profile.family.as_bytes());
        for text in slots.iter().map(|slot| self.fields.get(*slot)) {
            hash.update(&[0, u8::from(text.is_some())]);
            let text = text.unwrap_or_default();
            hash.update(family_of_metric(text).as_deref().unwrap_or(text).as_bytes());
        }
        short(hash.finalize().as_bytes())
    }

    /// The instant since when the number counts. Some sources write 1970 if they do not know it.
    pub(super) fn counts_since(&self) -> Option<Timestamp> {
        let slots = &self.reading.slots.counter.as_ref()?.since;
        let zone = self.reading.profile.timezone;
        let mut times =
            slots.iter().filter_map(|slot| timestamp::parse(self.text(*slot)?, zone, self.bounds));
        times.next().map(When::earliest).filter(|since| *since >= Timestamp::YEAR_2000)
    }
}

/// The labels of a metric without what tells its parts apart: the count, the buckets and the start of one histogram are
/// of one series. `None` if the text is not the labels of a metric.
fn family_of_metric(labels: &str) -> Option<String> {
    if !labels.starts_with('{') || !labels.contains("\"__name__\"") {
        return None;
    }
    let mut labels: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(labels).ok()?;
    let name = labels.get("__name__")?.as_str()?;
    let parts = ["_total", "_count", "_bucket", "_sum", "_created"];
    let family = parts.iter().find_map(|part| name.strip_suffix(part)).map(str::to_owned);
    if let Some(family) = family {
        labels.insert("__name__".to_owned(), family.into());
        labels.remove("le");
    }
    serde_json::to_string(&labels).ok()
}

#[cfg(test)]
mod tests {
    use super::family_of_metric;

    #[test]
    fn the_parts_of_a_metric_are_one_series() {
        let of = |name: &str, more: &str| {
            family_of_metric(&format!(r#"{{"__name__":"{name}","app":"a"{more}}}"#))
        };
        let total = of("calls_total", "");
        assert!(total.is_some());
        for (name, more) in [
            ("calls_created", ""),
            ("calls_bucket", r#","le":"0.1""#),
            ("calls_sum", ""),
            ("calls_count", ""),
        ] {
            assert_eq!(of(name, more), total, "{name}");
        }
        assert_ne!(of("calls_seconds", ""), total);
        assert_ne!(of("calls_total", r#","code":"401""#), total);
        assert_eq!(family_of_metric("calls_total"), None);
        assert_eq!(family_of_metric(r#"{"app":"a"}"#), None);
    }
}
