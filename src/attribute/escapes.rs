/*! Bytes of records without the escapes of JSON and the colours of terminals. */

use crate::plan::spelling::without_colours;

/// The bytes with the escapes of JSON undone and without the colours of terminals; `None` if they have neither. Of an
/// escape other than `\\uXXXX` only the backslash goes.
pub(super) fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(b'\\', ESCAPE, bytes)?;
    let plain = without_escapes(bytes);
    if memchr::memchr(ESCAPE, &plain).is_none() {
        return Some(plain);
    }
    let text = String::from_utf8_lossy(&plain);
    Some(without_colours(&text).into_bytes())
}

/// The byte that begins a colour code.
pub(super) const ESCAPE: u8 = 0x1b;

fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 1) == Some(&b'u'));
        let code =
            code.and_then(|code| u32::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        if let Some(character) = code.and_then(char::from_u32) {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[at + 6..];
        } else {
            out.extend(rest.get(at + 1));
            rest = rest.get(at + 2..).unwrap_or_default();
        }
    }
    out.extend_from_slice(rest);
    out
}
