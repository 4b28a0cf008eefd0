/*! One identifier in several spellings: what is no part of a value, and which spellings are equal. */

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::encodings;

/// From this number of digits on, a decimal number may be the same as a hexadecimal one: serial numbers of
/// certificates.
const LONG_NUMBER_DIGITS: usize = 10;

/// Numbers of fewer digits are everywhere.
const TELLING_DIGITS: usize = 5;

/// Shorter words may differ in case by chance.
const TELLING_BYTES: usize = 4;

/// A number of more digits than this is not exact as a fraction.
const EXACT_DIGITS: usize = 15;

/// Whether a marker is so common that only the name of its field can tell it from other values.
pub fn is_common(marker: &str) -> bool {
    let is_number = marker.bytes().all(|sign| sign.is_ascii_digit());
    marker.len() < 2 || is_number && marker.len() < TELLING_DIGITS
}

/// The value without colour codes, white space and control characters around it, and one pair of quotes.
pub fn bare(value: &str) -> Cow<'_, str> {
    let coloured = memchr::memchr(0x1b, value.as_bytes()).is_some();
    let value = if coloured { Cow::Owned(without_colours(value)) } else { Cow::Borrowed(value) };
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(unquoted(trimmed(text))),
        Cow::Owned(text) => Cow::Owned(unquoted(trimmed(&text)).to_owned()),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|sign: char| sign.is_whitespace() || sign.is_control())
}

fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).filter(|inside| !inside.is_empty()).unwrap_or(text)
}

/// A text without the sequences by which terminals change colours.
pub fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        let sequence = rest[at + 1..].strip_prefix('[').unwrap_or(&rest[at + 1..]);
        let parameters =
            sequence.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == ';');
        rest =
            parameters.strip_prefix(|sign: char| sign.is_ascii_alphabetic()).unwrap_or(parameters);
    }
    out.push_str(rest);
    out
}

/// A value without the brackets around it.
fn unbracketed(text: &str) -> &str {
    let inside = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
    inside('{', '}').or_else(|| inside('[', ']')).or_else(|| inside('(', ')')).unwrap_or(text)
}

/// The digits of a GUID, which is compared without case, brackets, dashes and the name of its kind.
pub fn guid(value: &str) -> Option<String> {
    const URN: &str = "urn:uuid:";
    let urn = value.get(..URN.len()).filter(|urn| urn.eq_ignore_ascii_case(URN));
    let inside = unbracketed(urn.map_or(value, |urn| &value[urn.len()..]));
    let has_dashes = inside.len() == 36;
    let at_dash = |position: usize| matches!(position, 8 | 13 | 18 | 23);
    let fits = |(position, sign): (usize, u8)| match sign {
        b'-' => has_dashes && at_dash(position),
        sign => sign.is_ascii_hexdigit() && !(has_dashes && at_dash(position)),
    };
    let is_guid = (has_dashes || inside.len() == 32) && inside.bytes().enumerate().all(fits);
    is_guid.then(|| inside.replace('-', "").to_ascii_lowercase())
}

/// Whether a plan writes the value as a GUID: with dashes. 32 digits in a row may be a digest.
pub fn is_written_as_guid(value: &str) -> bool {
    value.contains('-') && guid(value).is_some()
}

/// The serial number of a certificate. Digits without any letter may be decimal or hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialNumber {
    /// The number by each reading, in bytes without leading zeros.
    readings: Vec<Vec<u8>>,
}

impl SerialNumber {
    /// Reads a number: hexadecimal with or without colons and `0x`, or decimal; also behind its name (`serial=0A1B`),
    /// and in both bases (`4660 (0x1234)`).
    pub fn read(text: &str) -> Option<Self> {
        let text = unbracketed(unlabelled(text.trim()));
        let text = text.strip_prefix('+').unwrap_or(text);
        if let Some((decimal, hexadecimal)) = text.split_once(" (0x") {
            let number = Self::read(&format!("0x{}", hexadecimal.strip_suffix(')')?))?;
            return Self::read(decimal)?.equals(&number).then_some(number);
        }
        let prefixed = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let digits = prefixed.unwrap_or(text);
        let joined: String =
            digits.chars().filter(|sign| !matches!(sign, ':' | ' ' | '-')).collect();
        let is_decimal = prefixed.is_none()
            && joined.len() == text.len()
            && joined.bytes().all(|sign| sign.is_ascii_digit());
        if joined.is_empty()
            || digits.starts_with('-')
            || !joined.bytes().all(|sign| sign.is_ascii_hexdigit())
        {
            return None;
        }
        let mut readings = vec![number(&joined, 16)];
        if is_decimal {
            readings.push(number(&joined, 10));
        }
        Some(Self { readings })
    }

    /// Whether some reading of both is the same number.
    pub fn equals(&self, other: &Self) -> bool {
        self.readings.iter().any(|number| other.readings.contains(number))
    }
}

/// The value behind the words by which certificates are printed.
fn unlabelled(text: &str) -> &str {
    let Some((label, value)) = text.split_once(['=', ':']) else { return text };
    let name: String = label.chars().filter(char::is_ascii_alphabetic).collect();
    let is_label = ["serial", "serialnumber"].iter().any(|word| name.eq_ignore_ascii_case(word));
    if is_label { value.trim() } else { text }
}

/// The bytes of a number, the most significant first, without leading zeros.
fn number(digits: &str, base: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for digit in digits.chars().filter_map(|sign| sign.to_digit(base)) {
        let mut carry = digit;
        for byte in bytes.iter_mut().rev() {
            let value = u32::from(*byte) * base + carry;
            *byte = value.to_le_bytes()[0];
            carry = value >> 8;
        }
        if carry > 0 {
            bytes.insert(0, carry.to_le_bytes()[0]);
        }
    }
    bytes
}

/// The parts of a distinguished name, `CN=app,O=Acme` or `/O=Acme/CN=app`, if the value is one.
fn name_parts(value: &str) -> Option<Vec<&str>> {
    let (value, mark) = match value.strip_prefix('/') {
        Some(rest) => (rest, '/'),
        None => (value, ','),
    };
    let parts: Vec<&str> = value.split(mark).map(str::trim).collect();
    let is_part = |part: &&str| part.split_once('=').is_some_and(|(name, _)| is_name_key(name));
    (parts.len() > 1 && parts.iter().all(is_part)).then_some(parts)
}

fn is_name_key(name: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'.';
    !name.is_empty() && name.bytes().all(is_sign)
}

/// The other usual ways to write a distinguished name: from either end, with commas or slashes.
pub fn name_spellings(value: &str) -> Vec<String> {
    let Some(parts) = name_parts(value) else { return Vec::new() };
    let reversed: Vec<&str> = parts.iter().rev().copied().collect();
    let of_order =
        |parts: &[&str]| [parts.join(","), parts.join(", "), format!("/{}", parts.join("/"))];
    let all = of_order(&parts).into_iter().chain(of_order(&reversed));
    all.filter(|other| other != value).collect()
}

/// The form in which spellings of a distinguished name meet, in any order of its parts.
pub fn name_form(value: &str) -> Option<String> {
    let plain = bare(value);
    let mut parts: Vec<String> = name_parts(&plain)?.into_iter().map(str::to_lowercase).collect();
    parts.sort();
    Some(parts.join(","))
}

/// The forms in which two spellings of one identifier meet: without case, separators, quotes, leading zeros and a
/// trailing `.0`; a long decimal number also as a hexadecimal one.
pub fn folded(value: &str) -> BTreeSet<String> {
    let decoded = plain(value);
    let value = bare(&decoded);
    let number_text = whole_number(&value);
    let whole = number_text.as_deref().unwrap_or(&value);
    let whole = hexadecimal_digits(whole).unwrap_or(whole);
    let kept = |sign: &char| sign.is_alphanumeric();
    let joined: String = whole.chars().filter(kept).flat_map(char::to_lowercase).collect();
    let joined = joined.trim_start_matches('0').to_owned();
    let mut forms = BTreeSet::new();
    if is_digits(&joined) && joined.len() >= LONG_NUMBER_DIGITS {
        let hexadecimal = crate::model::hex(&number(&joined, 10));
        forms.insert(hexadecimal.trim_start_matches('0').to_owned());
    }
    forms.insert(joined);
    forms
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit())
}

/// The form in which spellings of a short identifier meet that no chance makes: numbers by their value, words without
/// case. `None` if the value is too common to be told so.
pub fn near(value: &str) -> Option<String> {
    let decoded = plain(value);
    let value = bare(&decoded);
    let by_prefix = hexadecimal_digits(&value);
    let by_prefix = by_prefix.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let number = by_prefix.map(|number| number.to_string()).or_else(|| whole_number(&value));
    let form = number.unwrap_or_else(|| value.to_lowercase());
    (!is_common(&form) && form.len() >= TELLING_BYTES).then_some(form)
}

/// The digits of a whole number that was written with leading zeros, with a plus, as a fraction (`7.0`), with an
/// exponent or with marks between thousands.
fn whole_number(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits: String = if has_thousands(text) {
        text.chars().filter(char::is_ascii_digit).collect()
    } else {
        match text.split_once('.') {
            Some((whole, fraction))
                if is_digits(whole) && fraction.bytes().all(|sign| sign == b'0') =>
            {
                whole.to_owned()
            }
            _ if text.contains(['e', 'E']) => from_exponent(text)?,
            _ => text.to_owned(),
        }
    };
    let digits = Some(digits).filter(|digits| is_digits(digits))?;
    let telling = digits.trim_start_matches('0');
    Some(if telling.is_empty() { "0" } else { telling }.to_owned())
}

/// `1,234,567`, also with another mark.
fn has_thousands(text: &str) -> bool {
    [',', '_', '\'', '\u{a0}', ' '].iter().any(|mark| {
        let mut groups = text.split(*mark);
        let first = groups.next().is_some_and(|group| is_digits(group) && group.len() <= 3);
        let mut rest = groups.peekable();
        first && rest.peek().is_some() && rest.all(|group| is_digits(group) && group.len() == 3)
    })
}

/// The whole number that a text with an exponent stands for.
fn from_exponent(text: &str) -> Option<String> {
    let begins = text.starts_with(|sign: char| sign.is_ascii_digit());
    let value: f64 = text.parse().ok().filter(|_| begins)?;
    let digits = format!("{value:.0}");
    let is_whole = value.fract() == 0.0 && value >= 1.0;
    (is_whole && digits.len() <= EXACT_DIGITS).then_some(digits)
}

/// The text without the encodings of URLs, HTML and East Asian scripts.
fn plain(text: &str) -> Cow<'_, str> {
    let decoded = encodings::decoded(text.as_bytes());
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The digits of a hexadecimal number that says so.
fn hexadecimal_digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let is_digit = |sign: u8| sign.is_ascii_hexdigit() || sign == b':';
    (!digits.is_empty() && digits.bytes().all(is_digit)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_part_of_a_value_is_left_out() {
        let same = [
            "k1",
            " k1 ",
            "'k1'",
            "\"k1\"",
            "\u{1b}[31mk1\u{1b}[0m",
            "\u{1b}[1;31mk1\u{1b}[m\t",
            "k1\0",
        ];
        for value in same {
            assert_eq!(bare(value), "k1", "{value:?}");
        }
        assert_eq!(bare("'k1"), "'k1");
        assert_eq!(bare("\"\""), "\"\"");
    }

    #[test]
    fn a_guid_is_one_in_any_spelling() {
        let digits = guid("0F8FAD5B-D9CB-469F-A165-70867728950E");
        assert!(digits.is_some());
        for value in ["{0f8fad5b-d9cb-469f-a165-70867728950e}", "0f8fad5bd9cb469fa16570867728950e"]
        {
            assert_eq!(guid(value), digits, "{value}");
        }
        for value in ["0f8fad5bd-9cb-469f-a165-70867728950e", "0f8fad5b", "key-old"] {
            assert_eq!(guid(value), None, "{value}");
        }
        assert!(!is_written_as_guid("0f8fad5bd9cb469fa16570867728950e"));
    }

    #[test]
    fn a_serial_number_is_one_in_hexadecimal_and_decimal() {
        let serial = |text: &str| SerialNumber::read(text).expect("a number");
        let same = [
            "0A:1B:2C:3D:4E:5F:60:71:82",
            "0x0a1b2c3d4e5f607182",
            "a1b2c3d4e5f607182",
            "186425448081911738754",
            "serial=0A1B2C3D4E5F607182",
            "Serial Number: 0a:1b:2c:3d:4e:5f:60:71:82",
            "186425448081911738754 (0x0a1b2c3d4e5f607182)",
            "+186425448081911738754",
        ];
        for text in same {
            assert!(serial("0a1b2c3d4e5f607182").equals(&serial(text)), "{text}");
        }
        assert!(!serial("0a1b2c3d4e5f607182").equals(&serial("0a1b2c3d4e5f607183")));
        assert!(serial("00").equals(&serial("0")));
        for text in ["", "key-1", "0x", "12.0", "series=0A1B", "12 (0x0d)"] {
            assert_eq!(SerialNumber::read(text), None, "{text}");
        }
    }

    #[test]
    fn spellings_of_one_identifier_meet() {
        let meets = |a: &str, b: &str| !folded(a).is_disjoint(&folded(b));
        for (a, b) in [
            ("DOC-KEY-2024", "doc_key_2024"),
            ("51207000.0", "51207000"),
            ("0051207000", "51207000"),
            ("AB:CD:EF:01:23", "abcdef0123"),
            ("186425448081911738754", "0A1B2C3D4E5F607182"),
            ("svc%40example.com", "svc@example.com"),
            ("5.1207e7", "51207000"),
            ("51,207,000", "51207000"),
            ("+51207000", "51207000"),
            ("4022250974", "EF:BE:AD:DE"),
            ("0xEFBEADDE", "efbeadde"),
            ("ｓｖｃ@example.com", "svc@example.com"),
            ("doc&#45;key&#45;2024", "doc-key-2024"),
        ] {
            assert!(meets(a, b), "{a} and {b}");
        }
        assert!(!meets("doc-key-2024", "doc-key-2026"));
        assert!(!meets("12345678", "bc614e"), "a short number is not taken for a hexadecimal one");
    }
    #[test]
    fn short_identifiers_meet_by_number_and_case_alone() {
        for text in [
            "51207", "51207.0", "51207.00", "0051207", "5.1207e4", "51,207", "'51207'", "+51207",
            "0xC807",
        ] {
            assert_eq!(near(text).as_deref(), Some("51207"), "{text}");
        }
        assert_eq!(near("APP_V1").as_deref(), Some("app_v1"));
        for (other, than) in
            [("51207.5", "51207"), ("512,07", "51207"), ("app-v1", "app_v1"), ("5e400", "5")]
        {
            assert_ne!(near(other), near(than), "{other}");
        }
        for common in ["k1", "V1", "3.0", "0042", ""] {
            assert_eq!(near(common), None, "{common}");
        }
    }
}
