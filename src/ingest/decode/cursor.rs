/*! Steps through valid JSON. */

use memchr::memchr2;

/// A position in a valid JSON text.
pub(super) struct Cursor<'b> {
    text: &'b str,
    at: usize,
}

impl<'b> Cursor<'b> {
    pub(super) fn new(text: &'b str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte that is not whitespace. The cursor stays before it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Moves past the next byte that is not whitespace, if it is this one.
    pub(super) fn pass(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Where the next value or key starts.
    pub(super) fn start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'b str {
        &self.text[start..self.at]
    }

    /// Moves past a string and returns it as written, with its quotes.
    pub(super) fn string(&mut self) -> &'b str {
        let start = self.start();
        self.at += 1;
        while let Some(found) = memchr2(b'"', b'\\', &self.text.as_bytes()[self.at..]) {
            self.at += found;
            if self.text.as_bytes()[self.at] == b'"' {
                break;
            }
            self.at += 2;
        }
        self.at += 1;
        self.since(start)
    }

    /// Moves past a value and returns it as written.
    pub(super) fn value(&mut self) -> &'b str {
        let start = self.start();
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string();
                }
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => self.word(),
                None => break,
            }
            if depth == 0 {
                break;
            }
        }
        self.since(start)
    }

    fn word(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']');
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }
}

/// How deep the brackets of a text nest, whether or not it is valid.
pub(super) fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    let mut in_string = false;
    while let Some(byte) = bytes.get(at) {
        match (byte, in_string) {
            (b'\\', true) => at += 1,
            (b'"', _) => in_string = !in_string,
            (b'{' | b'[', false) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (b'}' | b']', false) => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}
