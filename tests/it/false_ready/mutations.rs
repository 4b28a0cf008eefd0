/*! Changes to one record of an export that leave the old use in it: none may make it vanish. */

use std::ops::Range;

use serde_json::{Map, Value, json};

/// A record of an export that uses the old version.
pub(super) struct Target<'e> {
    /// The uncompressed bytes of the export.
    pub(super) bytes: &'e [u8],
    /// Where the record is.
    pub(super) range: Range<usize>,
    /// The old marker as the record shows it.
    pub(super) marker: &'e str,
    /// The pointers of its time.
    pub(super) times: &'e [String],
}

/// An export with one change.
pub(super) struct Mutant {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Where the changed record is, or the line that was added.
    pub(super) changed: Range<usize>,
    /// By how much what follows has moved.
    pub(super) moved: isize,
    /// Where the change began in the bytes as they were.
    pub(super) from: usize,
    /// What follows the record is cut off.
    pub(super) is_end: bool,
}

/// All changes that the record permits.
pub(super) fn mutants(target: &Target<'_>) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (name, bytes) in torn(target).into_iter().chain(respelled(target)).chain(inside(target)) {
        mutants.push(target.with_record(&name, &bytes));
    }
    mutants.extend(ends(target));
    mutants.extend(beside(target));
    mutants
}

impl Target<'_> {
    fn record(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }

    fn text(&self) -> &str {
        std::str::from_utf8(self.record()).unwrap_or_default()
    }

    /// The byte behind the last mention of the marker, in the record.
    fn marker_end(&self) -> usize {
        self.text().rfind(self.marker).map_or(0, |at| at + self.marker.len())
    }

    fn with_record(&self, name: &str, record: &[u8]) -> Mutant {
        let Range { start, end } = self.range;
        let bytes = [&self.bytes[..start], record, &self.bytes[end..]].concat();
        Mutant {
            name: name.to_owned(),
            bytes,
            changed: start..start + record.len(),
            moved: record.len().cast_signed() - self.range.len().cast_signed(),
            from: start,
            is_end: false,
        }
    }

    fn cut(&self, name: &str, at: usize) -> Mutant {
        Mutant {
            name: name.to_owned(),
            bytes: self.bytes[..at].to_vec(),
            changed: self.range.start..at,
            moved: 0,
            from: self.range.start,
            is_end: true,
        }
    }
}

/// The record without its end, which still shows the marker.
fn torn(target: &Target<'_>) -> Vec<(String, Vec<u8>)> {
    let (record, least) = (target.record(), target.marker_end());
    let body = record.trim_ascii_end();
    let line_end = &record[body.len()..];
    let ends = [
        ("torn behind the marker", least),
        ("torn by one byte", body.len() - 1),
        ("torn by nine bytes", body.len().saturating_sub(9)),
        ("torn in the middle", least.midpoint(body.len())),
    ];
    ends.iter()
        .filter(|(_, end)| (least..body.len()).contains(end))
        .map(|(name, end)| ((*name).to_owned(), [&body[..*end], line_end].concat()))
        .collect()
}

/// The file ends at the record, or its lines end otherwise.
fn ends(target: &Target<'_>) -> Vec<Mutant> {
    let Range { start, end } = target.range;
    let body = start + target.record().trim_ascii_end().len();
    let mut mutants = vec![
        target.cut("the file ends behind the marker", start + target.marker_end()),
        target.cut("the file ends without a line end", body),
    ];
    let line_end = target.bytes[body..].iter().position(|byte| *byte == b'\n');
    if line_end == Some(0) && end <= body + 1 {
        let bytes = [&target.bytes[..body], b" ", &target.bytes[body + 1..]].concat();
        let mut joined = target.with_record("no line end before the next record", target.record());
        (joined.bytes, joined.changed) = (bytes, start..body);
        mutants.push(joined);
    }
    mutants
}

/// Spellings of the marker by which it may still be known.
fn respelled(target: &Target<'_>) -> Vec<(String, Vec<u8>)> {
    let (text, marker) = (target.text(), target.marker);
    let is_number = marker.bytes().all(|sign| sign.is_ascii_digit());
    let unquoted = format!(": {marker}");
    let mut spelt = vec![
        ("white space around", format!(" {marker} ")),
        ("single quotes around", format!("'{marker}'")),
        ("a colour around", format!("\u{1b}[31m{marker}\u{1b}[0m")),
    ];
    if marker.len() >= 8 {
        spelt.push(("upper case", marker.to_uppercase()));
        spelt.push(("lower case", marker.to_lowercase()));
        if marker.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_".contains(&sign)) {
            spelt.push(("other separators", marker.replace('-', "_").replace("_v", "-v")));
        }
        if is_number {
            spelt.push(("a decimal of zero", format!("{marker}.0")));
            spelt.push(("leading zeros", format!("000{marker}")));
        }
    }
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, spelling) in spelt {
        if spelling == marker || (text.contains(&unquoted) && name != "a decimal of zero") {
            continue;
        }
        let in_json = spelling.replace('\u{1b}', "\\u001b");
        let spelling = if text.trim_start().starts_with('{') { in_json } else { spelling };
        all.push((name.to_owned(), text.replace(marker, &spelling).into_bytes()));
    }
    if text.trim_start().starts_with('{')
        && let Some(first) = marker.chars().next()
    {
        let escaped = format!("\\u{:04x}{}", u32::from(first), &marker[first.len_utf8()..]);
        let quoted = text.replace(&format!("\"{marker}\""), &format!("\"{escaped}\""));
        if quoted != text {
            all.push(("an escaped character".to_owned(), quoted.into_bytes()));
        }
    }
    all
}

/// Flaws inside of the record.
fn inside(target: &Target<'_>) -> Vec<(String, Vec<u8>)> {
    let text = target.text();
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, changed: String| {
        if changed != text {
            all.push((name.to_owned(), changed.into_bytes()));
        }
    };
    for quote in ["\"", "\\\""] {
        let value = format!("{quote}{}{quote}", target.marker);
        let Some((key, gap)) = key_of(text, &value, quote) else { continue };
        let pair = format!("{key}:{gap}{value}");
        let other = format!("{key}:{gap}{quote}zzz{quote}");
        add("a key twice, the old one first", text.replacen(&pair, &format!("{pair},{other}"), 1));
        add("a key twice, the old one last", text.replacen(&pair, &format!("{other},{pair}"), 1));
        let bare = &key[quote.len()..];
        let renamed = format!("{quote}x{bare}:{gap}{value}");
        add("a key that nobody maps", text.replace(&pair, &renamed));
        add("a list of one", text.replace(&pair, &format!("{key}:{gap}[{value}]")));
        let object = format!("{key}:{gap}{{{quote}v{quote}:{value}}}");
        add("an object of one", text.replace(&pair, &object));
        add(
            "a list of two",
            text.replace(&pair, &format!("{key}:{gap}[{quote}zzz{quote},{value}]")),
        );
    }
    let pair = text.split([' ', '\n']).find_map(|word| {
        let (key, value) = word.split_once('=')?;
        (value.trim_matches('"') == target.marker).then_some((key, value))
    });
    if let Some((key, value)) = pair {
        let pair = format!("{key}={value}");
        add(
            "a pair twice, the old one first",
            text.replacen(&pair, &format!("{pair} {key}=zzz"), 1),
        );
        add(
            "a pair twice, the old one last",
            text.replacen(&pair, &format!("{key}=zzz {pair}"), 1),
        );
        add("a pair that nobody maps", text.replace(&pair, &format!("x{pair}")));
    }
    let end = target.marker_end();
    for (name, byte) in [("a byte that is no text", 0xff), ("a byte of zero", 0)] {
        let record = target.record();
        all.push((name.to_owned(), [&record[..end], &[byte], &record[end..]].concat()));
    }
    all.extend(odd_times(target));
    all
}

/// The key in front of a value, with its quotes, and what stands between colon and value.
fn key_of<'t>(text: &'t str, value: &str, quote: &str) -> Option<(&'t str, &'t str)> {
    let before = &text[..text.find(value)?];
    let key_and_colon = before.trim_end();
    let key = key_and_colon.strip_suffix(':')?;
    let inside = key.strip_suffix(quote)?;
    let start = inside.rfind(quote)?;
    Some((&key[start..], &before[key_and_colon.len()..]))
}

/// The same record with a time that cannot be read.
fn odd_times(target: &Target<'_>) -> Option<(String, Vec<u8>)> {
    let mut record: Value = serde_json::from_slice(target.record()).ok()?;
    let mut is_changed = false;
    for pointer in target.times {
        if let Some(value) = record.pointer_mut(pointer).filter(|value| !value.is_null()) {
            (*value, is_changed) = (json!("yesterday evening"), true);
        }
    }
    is_changed.then(|| {
        let line_end = if target.record().ends_with(b"\n") { "\n" } else { "" };
        ("a time that cannot be read".to_owned(), format!("{record}{line_end}").into_bytes())
    })
}

/// Lines of other shapes that use the old version, behind the record; and the record among lines of other shapes.
fn beside(target: &Target<'_>) -> Vec<Mutant> {
    const AT: &str = "2026-03-02T10:30:00Z";
    let (marker, end) = (target.marker, target.range.end);
    let is_line_end = end == target.bytes.len() || target.bytes[..end].ends_with(b"\n");
    let gap = usize::from(!is_line_end && target.bytes.get(end) == Some(&b'\n'));
    let json = json!({"timestamp": AT, "service_name": "rogue", "credential_uid": marker, "outcome": "success"});
    let lines = [
        ("a JSON line behind it", json.to_string()),
        ("an indented JSON line behind it", format!("  {json}")),
        ("a syslog line behind it", format!("<34>1 {AT} h9 rogue 7 - - {json}")),
        (
            "a line of Python behind it",
            format!("2026-03-02 10:30:00,123 - rogue - INFO - key_id={marker}"),
        ),
        ("a line of a container behind it", format!("{AT} stdout F {json}")),
        (
            "a line of pairs behind it",
            format!("time={AT} service_name=rogue key_id={marker} outcome=success"),
        ),
    ];
    let mut mutants = Vec::new();
    if is_line_end || gap == 1 {
        let at = end + gap;
        let rest_is_line = |bytes: &[u8]| bytes.is_empty() || bytes.ends_with(b"\n");
        for (name, line) in lines.iter().filter(|_| rest_is_line(&target.bytes[..at])) {
            let line = format!("{line}\n");
            let bytes = [&target.bytes[..at], line.as_bytes(), &target.bytes[at..]].concat();
            let mut mutant = target.with_record(name, target.record());
            (mutant.bytes, mutant.changed) = (bytes, at..at + line.len() - 1);
            (mutant.moved, mutant.from) = (line.len().cast_signed(), at);
            mutants.push(mutant);
        }
    }
    mutants.extend(among_others(target));
    mutants
}

/// The record alone between lines of another log.
fn among_others(target: &Target<'_>) -> Vec<Mutant> {
    let record = target.record().trim_ascii_end();
    let pg = |minute: u32| format!("2026-03-02 10:{minute:02}:00.000 UTC [7] LOG:  checkpoint\n");
    let json = |minute: u32| {
        json!({"timestamp": format!("2026-03-02T10:{minute:02}:00Z"), "message": "tick"})
            .to_string()
            + "\n"
    };
    let python = |minute: u32| format!("2026-03-02 10:{minute:02}:00,123 - app - INFO - tick\n");
    let csv = |minute: u32| format!("2026-03-02T10:{minute:02}:00Z,tick,app\n");
    let around = [
        ("among lines of PostgreSQL", pg(1) + &pg(2), pg(9)),
        ("among JSON lines", json(1) + &json(2), json(9)),
        ("among lines of Python", python(1) + &python(2), python(9)),
        ("among rows", "timestamp,message,service_name\n".to_owned() + &csv(1), csv(9)),
    ];
    let mutants = around.iter().map(|(name, before, after)| Mutant {
        name: (*name).to_owned(),
        bytes: [before.as_bytes(), record, b"\n", after.as_bytes()].concat(),
        changed: before.len()..before.len() + record.len(),
        moved: 0,
        from: 0,
        is_end: true,
    });
    mutants.collect()
}

/// How the records of an export are wrapped.
pub(super) struct Wrapping<'p> {
    /// The ways to records within a record.
    pub(super) each: Vec<&'p str>,
    /// The pointers of a record within a record, as an object or as a text.
    pub(super) payloads: Vec<&'p str>,
}

/// The JSON record with a field that says no, for each field that the profile of its innermost record maps as an
/// outcome. `fields`: the field, and the word.
pub(super) fn refused(
    record: &[u8],
    wrapping: &Wrapping<'_>,
    marker: &str,
    fields: &[(String, Value)],
) -> Vec<(String, String)> {
    let Ok(whole) = serde_json::from_slice::<Value>(record) else { return Vec::new() };
    let mut all = Vec::new();
    for (pointer, word) in fields.iter().filter(|(pointer, _)| !pointer.contains(['*', '{'])) {
        let mut changed = whole.clone();
        change(&mut changed, wrapping, marker, &|record| put(record, pointer, word));
        if changed != whole {
            all.push((format!("{pointer} says {word}"), changed.to_string()));
        }
    }
    all
}

/// Changes the innermost records. Of several within one, those that show the marker.
fn change(value: &mut Value, wrapping: &Wrapping<'_>, marker: &str, put: &dyn Fn(&mut Value)) {
    let holds_records =
        |way: &&&str| value.pointer(way.split("/*").next().unwrap_or_default()).is_some();
    if let Some(way) = wrapping.each.iter().find(holds_records) {
        let items = items(value, way).into_iter();
        let shown = items.filter(|item| item.to_string().contains(marker));
        shown.for_each(|item| change(item, wrapping, marker, put));
        return;
    }
    for pointer in &wrapping.payloads {
        match value.pointer_mut(pointer) {
            Some(inner @ Value::Object(_)) => return change(inner, wrapping, marker, put),
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(inner @ Value::Object(_)) => {
                    let mut changed = inner.clone();
                    change(&mut changed, wrapping, marker, put);
                    if changed != inner {
                        *text = changed.to_string();
                    }
                    return;
                }
                // A payload of another shape speaks for the record.
                _ if text.contains(marker) => return,
                _ => {}
            },
            _ => {}
        }
    }
    put(value);
}

/// The records within a record.
fn items<'v>(whole: &'v mut Value, way: &str) -> Vec<&'v mut Value> {
    let mut level = vec![whole];
    for step in way.split('/').skip(1) {
        level = level
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(values) if step == "*" => values.iter_mut().collect(),
                Value::Object(fields) => fields.get_mut(step).into_iter().collect(),
                _ => Vec::new(),
            })
            .collect();
    }
    level
}

/// Sets a field, unless something else is in its way.
fn put(record: &mut Value, pointer: &str, word: &Value) {
    let mut at = record;
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let Some((last, way)) = steps.split_last() else { return };
    for step in way {
        let Value::Object(fields) = at else { return };
        at = fields.entry(step.clone()).or_insert_with(|| Value::Object(Map::new()));
    }
    let Value::Object(fields) = at else { return };
    if !fields.get(last).is_some_and(|value| value.is_object() || value.is_array()) {
        fields.insert(last.clone(), word.clone());
    }
}
