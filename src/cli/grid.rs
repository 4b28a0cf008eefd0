/*! An answer as an aligned table; on a terminal long values are clipped. */

use crate::pipeline::Answer;
use crate::safe;

/// Columns side by side, a line a row.
pub(super) fn aligned(answer: &Answer, cell_max: Option<usize>) -> String {
    let cell = |text: &str| {
        let shown = safe::terminal(text);
        cell_max
            .map_or_else(|| shown.clone().into_owned(), |max| safe::clip(&shown, max).into_owned())
    };
    let mut lines: Vec<Vec<String>> = vec![answer.columns.iter().map(|name| cell(name)).collect()];
    for row in &answer.rows {
        lines.push(
            row.iter().map(|value| value.as_deref().map_or_else(String::new, cell)).collect(),
        );
    }
    let mut widths = vec![0; answer.columns.len()];
    for line in &lines {
        for (width, text) in widths.iter_mut().zip(line) {
            *width = text.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        let mut padded = String::new();
        for (width, cell) in widths.iter().zip(line) {
            padded.push_str(cell);
            padded.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        text.push_str(padded.trim_end());
        text.push('\n');
    }
    text
}
