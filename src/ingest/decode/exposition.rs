/*! Samples in the text formats of Prometheus and `OpenMetrics`: a name, labels, a value, perhaps a time.
 *
 * A `# TYPE` line before a sample says what its number counts, so the decoder remembers these lines.
 * Formats: Prometheus text exposition 0.0.4, `OpenMetrics` 1.0, and `promtool tsdb dump`, which writes names as labels.
 */

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::coverage::Reject;

use super::{Decode, Fields, Picks};

/// The decoder of samples, with the types that were declared so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposition {
    types: BTreeMap<String, String>,
}

/// One sample as written.
#[derive(Debug, Default, PartialEq)]
struct ExpositionSample<'b> {
    name: Cow<'b, str>,
    labels: Vec<(&'b str, Cow<'b, str>)>,
    value: &'b str,
    /// When it was taken, if the line says so.
    timestamp: Option<&'b str>,
}

/// The endings of samples that belong to a family, and their kinds.
const SUFFIXES: [(&str, &str); 6] = [
    ("_total", "counter"),
    ("_count", "counter"),
    ("_bucket", "bucket"),
    ("_sum", "sum"),
    ("_created", "created"),
    ("_info", "info"),
];

impl Exposition {
    /// Whether a stream that begins with these lines holds samples. A bare name with a number is not enough.
    pub fn begins(lines: &[&str]) -> bool {
        let surely =
            |line: &&str| is_comment(line) || (line.contains('{') && sample(line).is_some());
        let maybe = |line: &&str| line.starts_with('#') || sample(line).is_some();
        lines.iter().any(surely) && lines.iter().take(2).all(maybe)
    }

    /// Takes a line that describes samples; `false` if the line is not such a line.
    pub fn note(&mut self, line: &str) -> bool {
        if !line.starts_with('#') {
            return false;
        }
        let mut words = line[1..].split_whitespace();
        if let (Some("TYPE"), Some(name), Some(kind)) = (words.next(), words.next(), words.next()) {
            self.types.insert(name.trim_matches('"').to_owned(), kind.to_owned());
        }
        true
    }

    fn declared(&self, name: &str) -> Option<&str> {
        self.types.get(name).map(String::as_str)
    }

    /// What the number of a sample is: by the declared type of its family, and by its ending.
    fn kind(&self, name: &str) -> &str {
        let declared = |name: &str| self.declared(name);
        let ending = SUFFIXES.iter().find_map(|(suffix, kind)| {
            let family = name.strip_suffix(suffix)?;
            declared(family).map(|of_family| match of_family {
                "gauge" | "gaugehistogram" | "unknown" | "untyped" | "info" | "stateset" => {
                    of_family
                }
                _ => kind,
            })
        });
        match (declared(name), ending) {
            // Some libraries write the time at which a series began as a gauge of its own.
            (Some("gauge"), None) if self.began(name).is_some() => "created",
            (Some("histogram" | "summary"), _) => "quantile",
            (Some(kind), _) | (None, Some(kind)) => kind,
            (None, None) => "unknown",
        }
    }
}

impl Exposition {
    /// The kind of a sample, and the name of the total that it belongs to, if it is not a total itself.
    fn kind_and_series(&self, sample: &ExpositionSample<'_>) -> (&str, Option<String>) {
        let kind = self.kind(&sample.name);
        let has_label = |label: &str| sample.labels.iter().any(|(key, _)| *key == label);
        let total = |suffix: &str| {
            Some(format!("{}_count", sample.name.strip_suffix(suffix).unwrap_or(&sample.name)))
        };
        let is_bucket = sample.name.ends_with("_bucket") && has_label("le");
        match kind {
            "bucket" | "unknown" | "untyped" if is_bucket && !self.is_gauge(&sample.name) => {
                let whole = sample.labels.iter().any(is_whole);
                (if whole { "counter" } else { "bucket" }, total("_bucket"))
            }
            "sum" => ("sum", total("_sum")),
            "created" => ("created", self.began(&sample.name)),
            kind => (kind, None),
        }
    }

    /// Whether a bucket counts what is there now.
    fn is_gauge(&self, bucket: &str) -> bool {
        let family = bucket.strip_suffix("_bucket").and_then(|family| self.declared(family));
        matches!(family, Some("gauge"))
    }

    /// The name of the total whose beginning a sample tells.
    fn began(&self, name: &str) -> Option<String> {
        let family = name.strip_suffix("_created")?;
        let of_total = self.declared(&format!("{family}_total"));
        match self.declared(family).or(of_total)? {
            "histogram" | "summary" => Some(format!("{family}_count")),
            "counter" => Some(format!("{family}_total")),
            _ => None,
        }
    }
}

/// The bucket that holds everything counts what the histogram counts.
fn is_whole(label: &(&str, Cow<'_, str>)) -> bool {
    label.0 == "le" && matches!(&*label.1, "+Inf" | "Inf" | "inf" | "+inf")
}

fn is_comment(line: &str) -> bool {
    ["# TYPE ", "# HELP ", "# UNIT ", "# EOF"].iter().any(|start| line.starts_with(start))
}

impl Decode for Exposition {
    fn name(&self) -> &'static str {
        "exposition"
    }

    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject> {
        fields.reset(picks);
        let text = std::str::from_utf8(frame).map_err(|_| Reject::because("not-utf8"))?;
        let mut sample = sample(text).ok_or_else(|| Reject::because("bad-sample"))?;
        sample.labels.sort();
        let (kind, series) = self.kind_and_series(&sample);
        let labels = sample.labels.iter().filter(|(key, _)| series.is_none() || *key != "le");
        let labels: Vec<String> = labels.map(|(key, value)| format!("{key}={value}")).collect();
        let name = series.as_deref().unwrap_or(&sample.name);
        picks.put(&["series"], Cow::Owned(format!("{name}{}", Value::from(labels))), fields);
        picks.put(&["type"], Cow::Owned(kind.to_owned()), fields);
        picks.put(&["value"], Cow::Borrowed(sample.value), fields);
        if let Some(timestamp) = sample.timestamp {
            picks.put(&["timestamp"], Cow::Borrowed(timestamp), fields);
        }
        picks.put(&["name"], sample.name, fields);
        for (label, value) in sample.labels {
            if !picks.put(&["labels", label], value, fields) {
                return Err(Reject::because("duplicate-key"));
            }
        }
        Ok(())
    }
}

/// `name{label="value"} value [timestamp] [# exemplar]`; `None` if it is not a sample.
fn sample(line: &str) -> Option<ExpositionSample<'_>> {
    let line = line.trim_end_matches('\r');
    let is_name = |character: char| character.is_ascii_alphanumeric() || "_:".contains(character);
    let end = line.find(|character| !is_name(character)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut sample = ExpositionSample { name: Cow::Borrowed(name), ..ExpositionSample::default() };
    let rest = match rest.strip_prefix('{') {
        Some(inside) => labels(inside, &mut sample)?,
        None => rest,
    };
    if sample.name.is_empty() || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let without_exemplar = rest.split_once(" # ").map_or(rest, |(sample, _exemplar)| sample);
    let mut words = without_exemplar.split_whitespace();
    sample.value = words.next().filter(|word| is_number(word))?;
    sample.timestamp = words.next();
    let is_time = sample.timestamp.is_none_or(is_number);
    (is_time && words.next().is_none()).then_some(sample)
}

fn is_number(word: &str) -> bool {
    word.parse::<f64>().is_ok()
}

/// Reads the labels up to their brace and returns what follows. A quoted text without a label is the name of the
/// sample.
fn labels<'b>(mut rest: &'b str, sample: &mut ExpositionSample<'b>) -> Option<&'b str> {
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        let end = rest.find(|character: char| "=\",} ".contains(character))?;
        let (label, after) = rest.split_at(end);
        let after = after.trim_start();
        if let Some(value) = after.strip_prefix('=').filter(|_| !label.is_empty()) {
            let (value, after) = quoted(value.trim_start())?;
            match label {
                "__name__" => sample.name = value,
                _ => sample.labels.push((label, value)),
            }
            rest = after;
            continue;
        }
        if !label.is_empty() {
            return None;
        }
        let (text, after) = quoted_raw(after)?;
        if let Some(value) = after.trim_start().strip_prefix('=') {
            let (value, after) = quoted(value.trim_start())?;
            sample.labels.push((text, value));
            rest = after;
        } else {
            sample.name = unescaped(text);
            rest = after;
        }
    }
}

/// The text in double quotes at the start, and what follows it.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    quoted_raw(text).map(|(raw, rest)| (unescaped(raw), rest))
}

fn quoted_raw(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    None
}

/// The formats escape only `\\`, `\"` and `\n`.
fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('n') => text.push('\n'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            (character, false) => text.push(character),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(types: &[&str], text: &str) -> Result<Vec<Option<String>>, &'static str> {
        let pointers = ["/name", "/type", "/value", "/timestamp", "/labels/key_id", "/series"];
        let pointers = pointers.map(str::to_owned);
        let mut exposition = Exposition::default();
        for line in types {
            assert!(exposition.note(line), "{line}");
        }
        let mut fields = Fields::new();
        let picks = Picks::new(&pointers);
        exposition.pick(text.as_bytes(), &picks, &mut fields).map_err(|reject| reject.reason)?;
        Ok((0..pointers.len()).map(|slot| fields.get(slot).map(str::to_owned)).collect())
    }

    fn check(types: &[&str], text: &str, expected: [&str; 6]) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        assert_eq!(picked(types, text), Ok(expected.map(some).to_vec()), "{text}");
    }

    #[test]
    fn samples_of_each_format_are_read() {
        check(
            &["# TYPE auth_total counter"],
            r#"auth_total{result="ok",key_id="k-1"} 1027 1395066363000"#,
            [
                "auth_total",
                "counter",
                "1027",
                "1395066363000",
                "k-1",
                r#"auth_total["key_id=k-1","result=ok"]"#,
            ],
        );
        check(
            &["# TYPE auth counter", "# EOF"],
            r#"auth_total{key_id="a\\b\"c"} 1.0 1520879607.789 # {trace_id="t"} 1 2"#,
            [
                "auth_total",
                "counter",
                "1.0",
                "1520879607.789",
                r#"a\b"c"#,
                r#"auth_total["key_id=a\\b\"c"]"#,
            ],
        );
        check(
            &[],
            r#"{__name__="auth_total", key_id="k-1"} 3 1700000000000"#,
            ["auth_total", "unknown", "3", "1700000000000", "k-1", r#"auth_total["key_id=k-1"]"#],
        );
        check(
            &["# TYPE my.auth counter"],
            r#"{"my.auth", "key_id"="k-1"} 3"#,
            ["my.auth", "counter", "3", "", "k-1", r#"my.auth["key_id=k-1"]"#],
        );
        check(&[], "up 1", ["up", "unknown", "1", "", "", "up[]"]);
    }

    #[test]
    fn the_ending_gives_the_kind_of_a_sample() {
        let types = ["# TYPE call histogram", "# TYPE use counter", "# TYPE pool_total gauge"];
        let kind = |name: &str| picked(&types, &format!("{name} 1")).expect("a sample")[1].clone();
        for (name, expected) in [
            ("call_count", "counter"),
            ("call_bucket", "bucket"),
            ("call_sum", "sum"),
            ("call", "quantile"),
            ("use_total", "counter"),
            ("use_created", "created"),
            ("pool_total", "gauge"),
            ("other_total", "unknown"),
        ] {
            assert_eq!(kind(name).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn buckets_sums_and_beginnings_name_their_total() {
        let types = ["# TYPE call histogram", "# TYPE use counter", "# TYPE old_total counter"];
        let more = ["# TYPE old_created gauge", "# TYPE there gaugehistogram"];
        let types: Vec<&str> = types.into_iter().chain(more).collect();
        for (text, kind, series) in [
            (r#"call_bucket{key_id="a",le="+Inf"} 1"#, "counter", r#"call_count["key_id=a"]"#),
            (r#"call_bucket{key_id="a",le="0.5"} 1"#, "bucket", r#"call_count["key_id=a"]"#),
            (r#"call_sum{key_id="a"} 1"#, "sum", r#"call_count["key_id=a"]"#),
            (r#"call_count{key_id="a"} 1"#, "counter", r#"call_count["key_id=a"]"#),
            (r#"call_created{key_id="a"} 1"#, "created", r#"call_count["key_id=a"]"#),
            (r#"use_created{key_id="a"} 1"#, "created", r#"use_total["key_id=a"]"#),
            (r#"old_created{key_id="a"} 1"#, "created", r#"old_total["key_id=a"]"#),
            (r#"none_bucket{key_id="a",le="+Inf"} 1"#, "counter", r#"none_count["key_id=a"]"#),
            (r#"none_bucket{key_id="a",le="1"} 1"#, "bucket", r#"none_count["key_id=a"]"#),
            (r#"there_bucket{le="+Inf"} 1"#, "gaugehistogram", r#"there_bucket["le=+Inf"]"#),
        ] {
            let found = picked(&types, text).expect("a sample");
            assert_eq!(
                (found[1].as_deref(), found[5].as_deref()),
                (Some(kind), Some(series)),
                "{text}"
            );
        }
    }

    #[test]
    fn other_lines_are_rejected() {
        for text in
            ["a{b=\"c\" 1", "a{b} 1", "a{b=\"c\"} x", "a 1 2 3", "a", "9a 1", "{} 1", "a{b=\"c\"}1"]
        {
            assert_eq!(picked(&[], text), Err("bad-sample"), "{text}");
        }
        assert_eq!(picked(&[], r#"a{key_id="1",key_id="2"} 1"#), Err("duplicate-key"));
        for lines in [&["# TYPE a counter"][..], &["a{b=\"c\"} 1"], &["up 1", "a{b=\"c\"} 1", "x"]]
        {
            assert!(Exposition::begins(lines), "{lines:?}");
        }
        for text in ["count 5", "{\"a\":1}", "# a note", "see a{b} 1"] {
            assert!(!Exposition::begins(&[text]), "{text}");
        }
    }
}
