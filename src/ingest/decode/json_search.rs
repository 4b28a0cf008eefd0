/*! Finds a value in a JSON text, whatever field it is in. */

use std::fmt::Write;

use super::cursor::Cursor;
use super::json::{check_any, unescape};

/// A string, a number or a key of a JSON text.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'s> {
    /// The JSON Pointer to it, or to the value of the key.
    pub pointer: &'s str,
    /// The text, without quotes and escapes.
    pub text: &'s str,
    /// Where it begins.
    pub at: usize,
}

/// What is searched for in a JSON text.
pub struct JsonSearch<'s> {
    /// Whether the value that begins here is passed over.
    pub passes_over: &'s dyn Fn(usize) -> bool,
    /// Whether this is it.
    pub finds: &'s dyn Fn(Spot<'_>) -> bool,
}

/// Whether the text is a JSON object or array and nothing else.
pub fn is_nested(text: &str) -> bool {
    matches!(Cursor::new(text).peek(), Some(b'{' | b'[')) && check_any(text).is_ok()
}

impl JsonSearch<'_> {
    /// The JSON Pointer of the first string, number or key that is it. `is_nested` has accepted the text.
    pub fn pointer_in(&self, text: &str) -> Option<String> {
        let mut pointer = String::new();
        self.seek(&mut Cursor::new(text), &mut pointer).then_some(pointer)
    }

    /// Searches the value at the cursor. `pointer` leads to it, and to what was found. The recursion is as deep as the
    /// text, which is capped.
    fn seek(&self, cursor: &mut Cursor<'_>, pointer: &mut String) -> bool {
        let at = cursor.start();
        match cursor.peek() {
            Some(_) if (self.passes_over)(at) => {
                cursor.value();
                false
            }
            Some(b'{') => self.seek_object(cursor, pointer),
            Some(b'[') => self.seek_array(cursor, pointer),
            Some(b'"') => unescape(cursor.string())
                .is_ok_and(|text| (self.finds)(Spot { pointer, text: &text, at })),
            Some(b'-' | b'0'..=b'9') => {
                let text = cursor.value();
                (self.finds)(Spot { pointer, text, at })
            }
            Some(_) | None => {
                cursor.value();
                false
            }
        }
    }

    fn seek_object(&self, cursor: &mut Cursor<'_>, pointer: &mut String) -> bool {
        let above = pointer.len();
        cursor.pass(b'{');
        while !cursor.pass(b'}') {
            let at = cursor.start();
            let key = unescape(cursor.string()).unwrap_or_default();
            cursor.pass(b':');
            let _ = write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1"));
            let is_key = (self.finds)(Spot { pointer, text: &key, at });
            if is_key || self.seek(cursor, pointer) {
                return true;
            }
            pointer.truncate(above);
            cursor.pass(b',');
        }
        false
    }

    fn seek_array(&self, cursor: &mut Cursor<'_>, pointer: &mut String) -> bool {
        let above = pointer.len();
        cursor.pass(b'[');
        let mut index = 0_usize;
        while !cursor.pass(b']') {
            let _ = write!(pointer, "/{index}");
            if self.seek(cursor, pointer) {
                return true;
            }
            pointer.truncate(above);
            index += 1;
            cursor.pass(b',');
        }
        false
    }
}
