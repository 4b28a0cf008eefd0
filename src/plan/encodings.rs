/*! Encodings in which a text may be written so that a search for it finds nothing: percent codes, entities of HTML,
 * full-width letters, other hyphens, base64.
 */

use std::ops::Range;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How often a text may be encoded again.
const LAYERS: usize = 3;

/// The longest entity: `&commat;` or `&#x0002D;`.
const ENTITY_BYTES: usize = 12;

/// At most this many bytes are decoded before and behind the place that was found.
const AROUND_BYTES: usize = 4_096;

/// A shorter text in base64 may be part of another by chance.
const CORE_BYTES: usize = 4;

const ENTITIES: &[(&[u8], &str)] = &[
    (b"amp", "&"),
    (b"lt", "<"),
    (b"gt", ">"),
    (b"quot", "\""),
    (b"apos", "'"),
    (b"nbsp", " "),
    (b"hyphen", "-"),
    (b"dash", "-"),
    (b"lowbar", "_"),
    (b"period", "."),
    (b"colon", ":"),
    (b"sol", "/"),
    (b"num", "#"),
    (b"commat", "@"),
    (b"plus", "+"),
    (b"equals", "="),
];

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The text without percent codes, entities, full-width letters and signs of no width; `None` if it has none of these.
pub fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = decoded_once(text)?;
    for _ in 1..LAYERS {
        match decoded_once(&plain) {
            Some(next) => plain = next,
            None => break,
        }
    }
    Some(plain)
}

fn decoded_once(text: &[u8]) -> Option<Vec<u8>> {
    let is_ascii = text.is_ascii();
    let (mut out, mut copied, mut at) = (Vec::new(), 0, 0);
    while let Some(next) = next_sign(&text[at..], is_ascii) {
        at += next;
        let rest = &text[at..];
        let found = match rest[0] {
            b'%' => percent_code(&rest[1..]).map(|code| (3, vec![code])),
            b'&' => entity(&rest[1..]),
            _ => other_letter(rest),
        };
        let Some((length, bytes)) = found else {
            at += 1;
            continue;
        };
        out.extend_from_slice(&text[copied..at]);
        out.extend(bytes);
        at += length;
        copied = at;
    }
    if copied == 0 {
        return None;
    }
    out.extend_from_slice(&text[copied..]);
    Some(out)
}

/// Where the next byte stands by which an encoding may begin.
fn next_sign(text: &[u8], is_ascii: bool) -> Option<usize> {
    if is_ascii {
        return memchr::memchr2(b'%', b'&', text);
    }
    text.iter().position(|byte| matches!(byte, b'%' | b'&' | 0xc2 | 0xe2 | 0xef))
}

fn percent_code(after: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(after.get(..2)?).ok()?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u8::from_str_radix(digits, 16).ok()
}

/// How long the entity is that follows `&`, with the `&`, and what it stands for.
fn entity(after: &[u8]) -> Option<(usize, Vec<u8>)> {
    let end = memchr::memchr(b';', &after[..after.len().min(ENTITY_BYTES)])?;
    let name = &after[..end];
    let text = match name.strip_prefix(b"#") {
        Some(number) => {
            let number = std::str::from_utf8(number).ok()?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?.to_string()
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1.to_owned(),
    };
    Some((end + 2, text.into_bytes()))
}

/// What a letter that is not ASCII stands for, if it looks like one of ASCII or has no width.
fn other_letter(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let length = match rest[0] {
        0xc2 => 2,
        0xe2 | 0xef => 3,
        _ => return None,
    };
    let letter = std::str::from_utf8(rest.get(..length)?).ok()?.chars().next()?;
    let plain = match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            let code = u32::from(letter) - 0xff01 + u32::from(b'!');
            vec![u8::try_from(code).ok()?]
        }
        '\u{2010}'..='\u{2013}' | '\u{2212}' => vec![b'-'],
        '\u{a0}' => vec![b' '],
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Vec::new(),
        _ => return None,
    };
    Some((length, plain))
}

/// The text that a whole value in base64 stands for, with or without padding, in either alphabet.
pub fn from_base64(value: &str) -> Option<String> {
    let value = value.trim_end_matches('=');
    let is_long = value.len() > CORE_BYTES && value.bytes().all(is_in_base64);
    let bytes = is_long.then(|| of_base64(value.as_bytes())).flatten()?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// The 32 bytes of a digest that is written in base64, as in the fingerprints of OpenSSH.
pub fn digest_in_base64(value: &str) -> Option<[u8; 32]> {
    const DIGITS: usize = 43;
    const LABEL: &str = "sha256";
    let value = value.strip_suffix('=').unwrap_or(value);
    let label = value.get(..LABEL.len()).filter(|label| label.eq_ignore_ascii_case(LABEL));
    // `SHA256:`, `sha256/` of pins, and with a second slash.
    let starts: &[usize] = if label.is_some() { &[LABEL.len() + 1, LABEL.len() + 2] } else { &[0] };
    let mut digits = starts.iter().filter_map(|start| value.get(*start..));
    let digits =
        digits.find(|digits| digits.len() == DIGITS && digits.bytes().all(is_in_base64))?;
    of_base64(digits.as_bytes())?.try_into().ok()
}

/// Bytes in base64, without padding.
pub fn to_base64(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// What a text contains in base64 wherever this one is part of what was encoded: for each place in a group of three
/// bytes. A short text is looked for as a whole value alone.
pub fn base64_cores(text: &str) -> Vec<String> {
    const LONG_BYTES: usize = 8;
    if text.len() < CORE_BYTES {
        return Vec::new();
    }
    let bytes = text.as_bytes();
    let core = |skipped: usize| {
        let whole = (bytes.len() - skipped) / 3 * 3;
        LENIENT.encode(&bytes[skipped..skipped + whole])
    };
    let cores = if bytes.len() < LONG_BYTES {
        vec![LENIENT.encode(bytes)]
    } else {
        vec![core(0), core(1), core(2)]
    };
    let for_urls = |core: &String| core.replace('+', "-").replace('/', "_");
    let other: Vec<String> =
        cores.iter().map(for_urls).filter(|core| !cores.contains(core)).collect();
    cores.into_iter().chain(other).collect()
}

/// What stands in base64 around a core that was found.
pub fn base64_around(bytes: &[u8], core: Range<usize>) -> Option<Vec<u8>> {
    let mut start = core.start;
    while start >= 4
        && core.start - start < AROUND_BYTES
        && bytes[start - 4..start].iter().copied().all(is_in_base64)
    {
        start -= 4;
    }
    let behind = bytes[core.end..].iter().take(AROUND_BYTES).copied();
    let end = core.end + behind.take_while(|byte| is_in_base64(*byte)).count();
    // A last sign alone holds no byte.
    let end = if (end - start) % 4 == 1 { end - 1 } else { end };
    of_base64(&bytes[start..end])
}

fn is_in_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn of_base64(value: &[u8]) -> Option<Vec<u8>> {
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let value: Vec<u8> = value.iter().map(standard).collect();
    LENIENT.decode(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_texts_are_plain_again() {
        for text in [
            "doc%2dkey%2D2024",
            "doc%252Dkey-2024",
            "doc&#45;key&#x2D;2024",
            "doc&amp;#45;key&hyphen;2024",
            "ｄｏｃ－ｋｅｙ－２０２４",
            "doc\u{2011}key\u{2010}2024",
            "doc\u{ad}-key-\u{200b}2024",
        ] {
            let plain = decoded(text.as_bytes()).map(|plain| String::from_utf8(plain).unwrap());
            assert_eq!(plain.as_deref(), Some("doc-key-2024"), "{text}");
        }
        for text in
            ["doc-key-2024", "a=1&b=2", "100 %", "%zz", "&nothing;", "für 5 €", "&#x110000;"]
        {
            assert_eq!(decoded(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn base64_is_found_at_each_place() {
        use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
        for before in ["", "a", "ab", "user:", "{\"kid\":\""] {
            let whole = format!("{before}doc-key-2024?>");
            for text in [BASE64_STANDARD.encode(&whole), BASE64_URL_SAFE_NO_PAD.encode(&whole)] {
                let text = format!("Basic {text} x");
                let cores = base64_cores("doc-key-2024");
                let found = cores.iter().find_map(|core| {
                    let at = text.find(core.as_str())?;
                    base64_around(text.as_bytes(), at..at + core.len())
                });
                assert_eq!(found.as_deref(), Some(whole.as_bytes()), "{text}");
            }
        }
        assert_eq!(from_base64("ZG9jLWtleS0yMDI0").as_deref(), Some("doc-key-2024"));
        assert_eq!(from_base64("YXBwMQ==").as_deref(), Some("app1"));
        assert_eq!(from_base64("not base64"), None);
        assert_eq!(base64_cores("k1"), Vec::<String>::new());
        let digest = digest_in_base64("SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
        assert_eq!(digest.map(|digest| digest[..3].to_vec()), Some(vec![0xba, 0x78, 0x16]));
        assert_eq!(digest_in_base64("ungWv48Bz"), None);
    }
}
