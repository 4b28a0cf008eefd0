/*! Rows of separated values. The header names the fields of each row. */

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::limits;
use crate::model::coverage::Reject;

use super::json_scalars::escaped;
use super::{Decode, Fields, Picks};

/// A header, which decodes the rows under it.
#[derive(Clone, Debug)]
pub struct RowHeader {
    /// The names of the columns.
    pub names: Vec<String>,
    /// The character between two values.
    pub delimiter: u8,
    splitter: Splitter,
}

/// Splits rows. Its automaton is built once, which costs more than to split a row. A clone of `Reader` does not know
/// where its values end.
#[derive(Debug)]
struct Splitter {
    delimiter: u8,
    reader: Mutex<Reader>,
}

/// The characters that may separate values.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

impl RowHeader {
    /// The header in the first line of a stream. A header has at least two names, each once, none of them a number.
    pub fn of(line: &str) -> Option<Self> {
        let begins_name = |first: char| first.is_alphabetic() || "_@$".contains(first);
        // Most first lines begin no name, and an automaton would be built to find that out.
        if !line.trim_start().starts_with(|first| first == '"' || begins_name(first)) {
            return None;
        }
        let present = DELIMITERS.into_iter().filter(|sign| line.as_bytes().contains(sign));
        let headers = present.filter_map(|delimiter| {
            let splitter = Splitter::new(delimiter);
            let names = splitter.values(line)?.into_iter().map(|name| name.trim().to_owned());
            Some(Self { names: names.collect(), delimiter, splitter })
        });
        let header = headers.max_by_key(|header| header.names.len())?;
        let is_name = |name: &String| {
            name.len() < 200
                && name.starts_with(begins_name)
                && !name.contains(['{', '}', '=', '"'])
        };
        let mut names: Vec<&String> = header.names.iter().collect();
        names.sort();
        names.dedup();
        let is_header = header.names.len() > 1
            && names.len() == header.names.len()
            && names.into_iter().all(is_name);
        is_header.then_some(header)
    }
}

impl RowHeader {
    /// The values of a row; none where it is torn.
    pub fn values(&self, text: &str) -> Vec<String> {
        self.splitter.values(text).unwrap_or_default()
    }

    /// All values of a row, each name as a pointer; none where the row is torn.
    pub fn pairs(&self, text: &str) -> Vec<(String, String)> {
        let values = self.values(text);
        let names = self.names.iter().map(|name| format!("/{}", escaped(name)));
        names.zip(values).collect()
    }
}

impl Decode for RowHeader {
    fn name(&self) -> &'static str {
        "row"
    }

    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject> {
        fields.reset(picks);
        let text = std::str::from_utf8(frame).map_err(|_| Reject::because("not-utf8"))?;
        let values = self.splitter.values(text).ok_or_else(|| Reject::because("bad-row"))?;
        if values.len() != self.names.len() {
            let detail = format!("{} values under {} names", values.len(), self.names.len());
            return Err(Reject::with("bad-row", detail));
        }
        for (name, value) in self.names.iter().zip(values) {
            let before = value.contains('\n').then(|| fields.filled());
            picks.put(&[name], Cow::Owned(value), fields);
            // An unclosed quote turns several rows into one value, so a value that is picked may not span lines.
            if before.is_some_and(|before| fields.filled() > before) {
                return Err(Reject::because("line-in-value"));
            }
        }
        Ok(())
    }
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { delimiter, reader: Mutex::new(reader) }
    }

    /// The values of one row; `None` if it is torn, or has more than any row should.
    fn values(&self, text: &str) -> Option<Vec<String>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.reset();
        let mut out = vec![0; text.len() + 1];
        let mut ends = vec![0; text.len().min(limits::ROW_VALUES) + 2];
        let (mut read, mut written, mut count) = (0, 0, 0);
        loop {
            let (result, taken, put, found) = reader.read_record(
                &text.as_bytes()[read..],
                &mut out[written..],
                &mut ends[count..],
            );
            (read, written, count) = (read + taken, written + put, count + found);
            match result {
                ReadRecordResult::InputEmpty if read < text.len() => {}
                // The end of the input ends the row: asked once more, the reader says so.
                ReadRecordResult::InputEmpty if taken > 0 => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::InputEmpty
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => return None,
            }
        }
        let mut from = 0;
        let values = ends[..count].iter().map(|end| {
            let value = std::str::from_utf8(&out[from..*end]).ok().map(str::to_owned);
            from = *end;
            value
        });
        values.collect()
    }
}

/// The reader's own clone forgets which of its transitions have output.
impl Clone for Splitter {
    fn clone(&self) -> Self {
        Self::new(self.delimiter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_split_as_written() {
        let splitter = Splitter::new(b',');
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(
                splitter.values(text).as_deref(),
                Some(&expected.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        };
        check("a,b,c", &["a", "b", "c"]);
        check("a,,", &["a", "", ""]);
        check("\"a,\"\"b\"\"\",c", &["a,\"b\"", "c"]);
        check("a,\"b\nc\"", &["a", "b\nc"]);
        check("a,\"torn", &["a", "torn"]);
        check("a,b", &["a", "b"]);
    }

    #[test]
    fn a_header_is_not_taken_for_a_row() {
        let header = |line: &str| RowHeader::of(line).map(|row| (row.names.len(), row.delimiter));
        assert_eq!(header("eventid,eventname,\"userIdentity.accessKeyId\""), Some((3, b',')));
        assert_eq!(header("time;user"), Some((2, b';')));
        for line in ["2026-03-02,x", "a,a", "alone", "{\"a\":1,\"b\":2}", "level=info,x=1"] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn rows_of_another_width_and_swallowed_lines_are_rejected() {
        let row = RowHeader::of("time,user,note").expect("a header");
        let picks = Picks::new(&["/user".to_owned()]);
        let pick = |text: &str| {
            let mut fields = Fields::new();
            let picked = row.pick(text.as_bytes(), &picks, &mut fields);
            picked.map(|()| fields.get(0).map(str::to_owned)).map_err(|reject| reject.reason)
        };
        assert_eq!(pick("1,ann,\"two\nlines\""), Ok(Some("ann".to_owned())));
        assert_eq!(pick("1,\"ann\nbob\",x"), Err("line-in-value"));
        assert_eq!(pick("1,ann"), Err("bad-row"));
        assert_eq!(pick(&",".repeat(1 << 20)), Err("bad-row"));
        let splitter = Splitter::new(b',');
        assert!(splitter.values(&",".repeat(limits::ROW_VALUES)).is_some());
        assert!(splitter.values(&",".repeat(limits::ROW_VALUES + 2)).is_none());
    }
}
