/*! The page: lines of at most its width, in tones. Text from a log or a plan is masked, escaped and cut. */

use super::layout::{columns, fit, fit_middle, wrap};
use crate::model::Timestamp;
use crate::model::decision::Verdict;
use crate::model::finding::Severity;
use crate::report::TextOptions;
use crate::safe::{ascii, mask, mask_file, mask_text, terminal};
use crate::wording::{Zone, number};

/// The most columns of one value.
const VALUE_MAX: usize = 200;
/// The most columns of a sentence.
const SENTENCE_MAX: usize = 800;

/// How a part of a line looks in colour. It means nothing that the words do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Without colour.
    Plain,
    /// What a reader should see first.
    Strong,
    /// What a reader may skip.
    Quiet,
    /// Proven.
    Good,
    /// Proof is missing.
    Doubt,
    /// Proof against.
    Bad,
}

impl Tone {
    /// The tone of a verdict.
    pub(super) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ready => Self::Good,
            Verdict::Inconclusive => Self::Doubt,
            Verdict::NotReady => Self::Bad,
        }
    }

    /// The tone of a severity.
    pub(super) fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Blocks => Self::Bad,
            Severity::Withholds => Self::Doubt,
            Severity::Advises => Self::Quiet,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Quiet => "2",
            Self::Good => "1;32",
            Self::Doubt => "1;33",
            Self::Bad => "1;31",
        }
    }
}

/// The lines so far.
pub(super) struct TextPage {
    options: TextOptions,
    text: String,
    /// The folder of all inputs, which is printed once and then left out of paths.
    root: String,
}

impl TextPage {
    pub(super) fn new(options: TextOptions) -> Self {
        let width = options.width.max(60);
        Self { options: TextOptions { width, ..options }, text: String::new(), root: String::new() }
    }

    /// From here on paths are printed without this folder.
    pub(super) fn leave_out(&mut self, root: &str) {
        root.clone_into(&mut self.root);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn width(&self) -> usize {
        self.options.width
    }

    pub(super) fn all_evidence(&self) -> bool {
        self.options.all_evidence
    }

    /// The first symbol if the terminal shows Unicode, otherwise the second.
    pub(super) fn symbol<'s>(&self, unicode: &'s str, ascii: &'s str) -> &'s str {
        if self.options.unicode { unicode } else { ascii }
    }

    /// The symbol of a verdict.
    pub(super) fn mark(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Ready => self.symbol("✓", "+"),
            Verdict::Inconclusive => "?",
            Verdict::NotReady => self.symbol("✗", "x"),
        }
    }

    /// A sentence that may hold text of a log.
    pub(super) fn sentence(&self, raw: &str) -> String {
        self.cut(&self.escape(&mask_text(&self.options.zone.sentence(raw))), SENTENCE_MAX)
    }

    /// A time in the zone of the reader.
    pub(super) fn time(&self, at: Timestamp) -> String {
        self.options.zone.time(at)
    }

    /// The zone of the reader.
    pub(super) fn zone(&self) -> Zone {
        self.options.zone
    }

    /// A name or another short text.
    pub(super) fn name(&self, raw: &str, width: usize) -> String {
        self.cut(&self.escape(&mask_text(raw)), width)
    }

    /// A value from a log.
    pub(super) fn value(&self, raw: &str) -> String {
        self.cut(&self.escape(&mask(raw)), VALUE_MAX)
    }

    /// A path or the name of a stream, cut in the middle.
    pub(super) fn path(&self, raw: &str, width: usize) -> String {
        let escaped = self.escape(&mask_file(&self.below_root(raw)));
        if self.options.unicode || columns(&escaped) <= width {
            return fit_middle(&escaped, width);
        }
        fit_middle(&escaped, width.saturating_sub(2)).replace('…', "...")
    }

    fn below_root<'r>(&self, raw: &'r str) -> std::borrow::Cow<'r, str> {
        if self.root.is_empty() {
            return raw.into();
        }
        match raw.strip_prefix(&self.root) {
            Some(rest) if !rest.is_empty() => rest.into(),
            // The name of a stream consists of its source and a folder.
            Some(_) | None => raw
                .replace(&format!(":{}", self.root), ":")
                .replace(&format!(":{}", self.root.trim_end_matches('/')), ":.")
                .into(),
        }
    }

    /// A line of any length that a reader may copy.
    pub(super) fn verbatim(&mut self, indent: usize, raw: &str) {
        let line = format!("{}{}\n", " ".repeat(indent), self.escape(&mask_text(raw)));
        self.text.push_str(&line);
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading with a note next to it. Capitals make it stand out even without colour. Its words are ours, not a
    /// log's.
    pub(super) fn heading(&mut self, title: &str, note: &str) {
        self.blank();
        let note = if note.is_empty() { String::new() } else { format!("   {note}") };
        self.line(0, &[(Tone::Strong, &title.to_uppercase()), (Tone::Quiet, &note)]);
        self.blank();
    }

    /// One line of parts. If it does not fit, it is wrapped and loses its tones.
    pub(super) fn line(&mut self, indent: usize, parts: &[(Tone, &str)]) {
        let whole: String = parts.iter().map(|(_, text)| *text).collect();
        if indent + columns(whole.trim_end()) > self.width() {
            self.hang(indent, Tone::Plain, &whole);
            return;
        }
        let mut line = " ".repeat(indent);
        let mut left = whole.trim_end().len();
        for (tone, text) in parts {
            let printed = &text[..text.len().min(left)];
            left -= printed.len();
            line.push_str(&self.painted(*tone, printed));
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }

    /// That a list goes on, if it does.
    pub(super) fn more(&mut self, all: usize, max: usize) {
        if all > max {
            let text = format!("and {} more (-v lists all)", number(all - max));
            self.para(2, Tone::Quiet, &text);
        }
    }

    /// A text, wrapped.
    pub(super) fn para(&mut self, indent: usize, tone: Tone, text: &str) {
        self.labelled(indent, (Tone::Plain, ""), tone, text);
    }

    /// A label, and next to it a text, wrapped and indented.
    pub(super) fn labelled(
        &mut self,
        indent: usize,
        (label_tone, label): (Tone, &str),
        tone: Tone,
        text: &str,
    ) {
        let at = indent + columns(label);
        for (number, line) in wrap(text, self.width().saturating_sub(at)).iter().enumerate() {
            if number == 0 {
                self.line(indent, &[(label_tone, label), (tone, line)]);
            } else {
                self.line(at, &[(tone, line)]);
            }
        }
    }

    fn hang(&mut self, indent: usize, tone: Tone, text: &str) {
        let mut at = indent;
        let mut rest = text.trim_end().to_owned();
        while !rest.is_empty() {
            let lines = wrap(&rest, self.width().saturating_sub(at));
            let Some((first, more)) = lines.split_first() else { break };
            let line = format!("{}{}\n", " ".repeat(at), self.painted(tone, first));
            self.text.push_str(&line);
            rest = more.join(" ");
            at = indent + 4;
        }
    }

    fn painted(&self, tone: Tone, text: &str) -> String {
        if !self.options.colour || tone == Tone::Plain || text.trim().is_empty() {
            return text.to_owned();
        }
        format!("\u{1b}[{}m{text}\u{1b}[0m", tone.code())
    }

    fn escape(&self, masked: &str) -> String {
        if self.options.unicode { terminal(masked) } else { ascii(masked) }.into_owned()
    }

    fn cut(&self, escaped: &str, width: usize) -> String {
        if self.options.unicode || columns(escaped) <= width {
            return fit(escaped, width);
        }
        fit(escaped, width.saturating_sub(2)).replace('…', "...")
    }
}
