/*! Of how many records a record is the sample, by its own words. */

use serde_json::Value;

use super::mapper::RecordMapper;
use super::nested::word;
use crate::model::columns::Column;

impl RecordMapper<'_, '_> {
    /// The largest rate that a field of the column tells; a record may pass several samplers. A field that is named
    /// after a threshold holds one.
    pub(super) fn sample_rate(&self) -> Option<f64> {
        let column = Column::SampleRate;
        let pointers = self.reading.profile.fields.get(&column).into_iter().flatten();
        let slots = self.reading.slots.columns.filled(column, self.fields).iter();
        let of_field = |(slot, pointer): (&usize, &String)| match self.text(*slot)? {
            text if pointer.contains("threshold") => threshold(text.trim()),
            text => rate(text),
        };
        let of_fields = slots.zip(pointers).filter_map(of_field);
        let nested: Vec<f64> = self.nested_values(column).flat_map(nested_rates).collect();
        let of_fields = of_fields.chain(nested);
        of_fields.chain(self.extracted(column).filter_map(rate)).max_by(f64::total_cmp)
    }
}

/// The rates in an object, or in the objects of a list: by the names under which sources write them.
fn nested_rates(value: Value) -> Vec<f64> {
    const NAMES: [&str; 6] = ["rate", "ratio", "probability", "fraction", "percentage", "value"];
    let of_member = |(name, value): (String, Value)| {
        let name = name.to_ascii_lowercase();
        let is_rate = NAMES.iter().any(|known| name.ends_with(known));
        is_rate.then(|| rate(&word(&value)?)).flatten()
    };
    match value {
        Value::Object(members) => members.into_iter().filter_map(of_member).collect(),
        Value::Array(elements) => elements.into_iter().flat_map(nested_rates).collect(),
        scalar => word(&scalar).and_then(|text| rate(&text)).into_iter().collect(),
    }
}

/// A rate (of 100 records this is one), a probability (0.01), a share (1%), a ratio (1/100), or a `tracestate` of
/// OpenTelemetry.
fn rate(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(members) = open_telemetry(text) {
        return members.split(';').filter_map(member_rate).max_by(f64::total_cmp);
    }
    if let Some(rate) = ratio(text) {
        return Some(rate);
    }
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |share| (share, 100.0));
    let number: f64 = number.trim_end().parse().ok()?;
    let share = number / whole;
    if !share.is_finite() || share <= 0.0 {
        return None;
    }
    Some(if share < 1.0 { share.recip() } else { share })
}

/// One of a hundred, written `1/100`, `1:100` or `1 in 100`.
fn ratio(text: &str) -> Option<f64> {
    let (one, of) = ["/", ":", " in ", " of "].iter().find_map(|sign| text.split_once(sign))?;
    let (one, of): (f64, f64) = (one.trim().parse().ok()?, of.trim().parse().ok()?);
    let rate = one.max(of) / one.min(of);
    (one > 0.0 && of > 0.0 && rate.is_finite()).then_some(rate)
}

/// The part of a `tracestate` that OpenTelemetry owns.
fn open_telemetry(text: &str) -> Option<&str> {
    text.split(',').find_map(|vendor| vendor.trim().strip_prefix("ot="))
}

/// The rejection threshold of OpenTelemetry: up to 14 hexadecimal digits after the point, of which eight are enough.
fn threshold(digits: &str) -> Option<f64> {
    let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if digits.is_empty() || digits.len() > 14 || !is_hexadecimal {
        return None;
    }
    let rejected = u32::from_str_radix(&format!("{digits:0<8}")[..8], 16).ok()?;
    let all = f64::from(u32::MAX) + 1.0;
    Some(all / (all - f64::from(rejected)))
}

/// `th`: the threshold below which spans were rejected. `p`, of earlier versions: the negative power of two of the
/// probability.
fn member_rate(member: &str) -> Option<f64> {
    match member.split_once(':')? {
        ("th", digits) => threshold(digits),
        ("p", power) => {
            Some(2.0_f64.powi(power.parse().ok().filter(|power| (0..63).contains(power))?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{rate, threshold};

    #[test]
    fn rates_probabilities_shares_and_trace_states_are_read() {
        let check = |text: &str, expected: f64| {
            let found = rate(text).unwrap_or_else(|| panic!("{text} tells no rate"));
            assert!((found - expected).abs() < 1e-6 * expected, "{text}: {found}");
        };
        check("100", 100.0);
        check(" 2.5 ", 2.5);
        check("1", 1.0);
        check("0.01", 100.0);
        check("10%", 10.0);
        check("100 %", 1.0);
        check("1/100", 100.0);
        check("1:50", 50.0);
        check("1 in 20", 20.0);
        check("ot=th:fd70a3d70a3d7", 99.999_998);
        check("congo=t61,ot=rv:6e6d1a75832a2f;th:8", 2.0);
        check("ot=th:0", 1.0);
        check("ot=p:3;r:5", 8.0);
        assert_eq!(threshold("8"), Some(2.0));
    }

    #[test]
    fn what_tells_no_rate_is_none() {
        for text in [
            "",
            "0",
            "-1",
            "always",
            "NaN",
            "inf",
            "congo=t61",
            "ot=rv:6e6d",
            "ot=th:",
            "ot=th:xyz",
            "ot=p:64",
            "0/100",
            "a/b",
        ] {
            assert_eq!(rate(text), None, "{text}");
        }
    }
}
