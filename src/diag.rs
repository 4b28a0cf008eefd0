/*! What is wrong in a file somebody wrote: where, what was expected, what to do. All of it at once. */

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan};

/// Longer texts of the file are cut in messages.
const QUOTED_CHARS_MAX: usize = 80;
/// More mistakes than this are counted, not shown: the first hundred keep a reader busy.
const SHOWN_MAX: usize = 100;

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its name, a word under the kind of file: `plan::unknown-key`.
    pub code: &'static str,
    /// What was expected, and what was found. Texts of the file are escaped.
    pub message: String,
    /// The bytes it is about.
    pub span: Range<usize>,
    /// The line these begin in, from 1.
    pub line: u32,
    /// The column these begin in, in characters, from 1.
    pub column: u32,
    /// What is said under the caret.
    pub label: String,
    /// The next step.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Says this under the caret.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = label.into();
        self
    }

    /// Gives the next step.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }
}

/// The mistakes of one file, with its text.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    file: String,
    text: String,
    line_starts: Vec<usize>,
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No mistakes yet, in the file of that name and text.
    pub fn new(file: &str, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Self { file: file.to_owned(), text: text.to_owned(), line_starts, found: Vec::new() }
    }

    /// Notes a mistake; the answer takes its label and help.
    pub fn push(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let ((line, column), last) = (self.position(span.start), self.found.len());
        let (message, label) = (message.into(), String::new());
        self.found.push(Diagnostic { code, message, span, line, column, label, help: None });
        &mut self.found[last]
    }

    /// Line and column of a byte, both from 1; columns count characters.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let before = self.text.get(self.line_starts[line - 1]..offset).unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (number(line), number(before.chars().count() + 1))
    }

    /// The value, if nothing is wrong; else the mistakes in the order of the file.
    pub fn finish<T>(mut self, value: T) -> Result<T, Self> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort_by_key(|one| (one.span.start, one.span.end));
        Err(self)
    }

    /// Is nothing wrong?
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The mistakes.
    pub fn all(&self) -> &[Diagnostic] {
        &self.found
    }

    /// The file, as given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// For files and pipes: a line a mistake, and its help below.
    pub fn lines(&self) -> String {
        let shown: String = self.found.iter().take(SHOWN_MAX).map(|one| self.line(one)).collect();
        shown + &self.rest()
    }

    fn line(&self, one: &Diagnostic) -> String {
        let (file, line, column) = (escaped_line(&self.file), one.line, one.column);
        let help = one.help.iter().map(|help| format!("  help: {help}\n"));
        let help: String = help.collect();
        format!("{file}:{line}:{column}: error[{}]: {}\n{help}", one.code, one.message)
    }

    /// For a terminal of that width: the lines of the file with a caret under the text.
    pub fn graphical(&self, width: usize, colour: bool) -> String {
        let theme =
            if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(width);
        let source = NamedSource::new(escaped_line(&self.file), escaped(&self.text).into_owned());
        let mut out = String::new();
        for one in self.found.iter().take(SHOWN_MAX) {
            let shown = Shown { one, source: &source, span: self.shown_span(&one.span) };
            if handler.render_report(&mut out, &shown).is_err() {
                out += &self.line(one);
            }
        }
        out + &self.rest()
    }

    fn rest(&self) -> String {
        match self.found.len().saturating_sub(SHOWN_MAX) {
            0 => String::new(),
            more => format!("{}: and {more} more\n", escaped_line(&self.file)),
        }
    }

    /// The span in the escaped text: what stands before it may have grown.
    fn shown_span(&self, span: &Range<usize>) -> SourceSpan {
        let length = |bytes: Range<usize>| escaped(self.text.get(bytes).unwrap_or_default()).len();
        SourceSpan::from((length(0..span.start), length(span.clone())))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.lines())
    }
}

impl std::error::Error for Diagnostics {}

/// A mistake as miette wants it: with the text it is about.
#[derive(Debug)]
struct Shown<'d> {
    one: &'d Diagnostic,
    source: &'d NamedSource<String>,
    span: SourceSpan,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.one.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.one.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.one.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = (!self.one.label.is_empty()).then(|| self.one.label.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(label, self.span))))
    }
}

/// The text in backticks, escaped and cut, for a message.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS_MAX) {
        None => format!("`{}`", escaped_line(text)),
        Some((cut, _)) => format!("`{}…`", escaped_line(&text[..cut])),
    }
}

/// The candidate that a misspelt word most likely means: near in letters, or begun with it.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let (word, mut begun) = (plain(word), None);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let plain = plain(candidate);
        let distance = strsim::damerau_levenshtein(&word, &plain);
        let longest = word.chars().count().max(plain.chars().count());
        if distance * 3 <= longest && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
        if begun.is_none() && word.chars().count() >= 3 && plain.starts_with(&word) {
            begun = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(begun)
}

/// Case, hyphens and spaces are the commonest slips: they count as no difference.
fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

fn escaped_line(text: &str) -> String {
    escaped(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// What could move a cursor or turn a line round is shown as its number.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '\r' => {}
            _ if is_unsafe(one) => out.extend(one.escape_unicode()),
            _ => out.push(one),
        }
    }
    Cow::Owned(out)
}

fn is_unsafe(one: char) -> bool {
    /// Marks of direction, characters without width, tags.
    const INVISIBLE: [std::ops::RangeInclusive<char>; 9] = [
        '\u{ad}'..='\u{ad}',
        '\u{61c}'..='\u{61c}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
        '\u{fff9}'..='\u{fffb}',
        '\u{e0000}'..='\u{e007f}',
    ];
    let is_layout = matches!(one, '\n' | '\t');
    (one.is_control() && !is_layout) || INVISIBLE.iter().any(|range| range.contains(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_near_or_begins_so() {
        let words = ["session_max", "service_name", "use", "old"];
        let cases = [
            ("session-max", Some("session_max")),
            ("Sesion_max", Some("session_max")),
            ("service", Some("service_name")),
            ("odl", Some("old")),
            ("us", Some("use")),
            ("s", None),
            ("colour", None),
            ("", None),
        ];
        for (word, near) in cases {
            assert_eq!(nearest(word, words), near, "{word}");
        }
    }

    #[test]
    fn columns_count_characters() {
        let all = Diagnostics::new("f", "a\n\u{e9}\u{e9}b\n");
        assert_eq!(
            [0, 1, 2, 6, 8].map(|at| all.position(at)),
            [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1)]
        );
    }

    #[test]
    fn long_texts_are_cut_and_odd_ones_escaped() {
        assert_eq!(quoted(&"x".repeat(81)), format!("`{}…`", "x".repeat(80)));
        assert_eq!(quoted("a\nb\u{1b}c"), "`a\\nb\\u{1b}c`");
    }

    #[test]
    fn the_hundred_and_first_mistake_is_counted() {
        let mut all = Diagnostics::new("f", "text");
        for _ in 0..102 {
            all.push("plan::x", 0..1, "wrong");
        }
        assert_eq!(all.lines().lines().count(), 101);
        assert!(all.lines().ends_with("f: and 2 more\n"));
    }
}
