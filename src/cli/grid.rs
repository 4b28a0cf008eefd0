/*! An answer as an aligned table; on a terminal long values are clipped. */

use serde_json::Value;

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

/// For spreadsheets: each cell in quotes, none a formula.
pub(super) fn csv(answer: &Answer) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells.map(safe::csv).collect();
        format!("{}\r\n", cells.join(","))
    };
    let mut text = line(&mut answer.columns.iter().map(String::as_str));
    for row in &answer.rows {
        text.push_str(&line(&mut row.iter().map(|value| value.as_deref().unwrap_or_default())));
    }
    text
}

/// A list of objects; numbers and truth values as such, none as null.
pub(super) fn json(answer: &Answer) -> String {
    let value = |(quoted, text): (&bool, &Option<String>)| match text {
        None => Value::Null,
        Some(text) if *quoted => Value::from(text.as_str()),
        // What is no number of JSON, such as infinity, has no value there.
        Some(text) => serde_json::from_str(text).unwrap_or(Value::Null),
    };
    let rows: Vec<Value> = (answer.rows.iter())
        .map(|row| {
            let values = answer.quoted.iter().zip(row).map(value);
            answer.columns.iter().cloned().zip(values).collect::<serde_json::Map<_, _>>().into()
        })
        .collect();
    format!("{:#}\n", Value::from(rows))
}
