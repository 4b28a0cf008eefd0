/*! Rows whose header nobody knows: names in the first line, as many values in each line after it, and in one column
 * nothing but times. Only `sources test` and `discover` guess: a report reads what a profile or a plan names.
 */

use crate::ingest::Framing;
use crate::ingest::decode::row::RowHeader;
use crate::map::{RecordTime, record_time};
use crate::model::bounds::TimeBounds;

use super::recognise::Heading;
use super::stream_framing;

/// At most this many rows are looked at.
const ROWS_SEEN: usize = 20;

/// The framing and the heading of such rows.
pub(super) fn framing(head: &[u8], bounds: TimeBounds<'_>) -> Option<(Framing, Option<Heading>)> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // The last line of a head may be cut.
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
    let lines = std::str::from_utf8(whole).ok()?.lines().filter(|line| !line.trim().is_empty());
    let mut lines = lines.take(ROWS_SEEN + 1);
    let header = RowHeader::of(lines.next()?)?;
    let rows: Vec<Vec<String>> = lines.map(|line| header.values(line)).collect();
    let is_even = !rows.is_empty() && rows.iter().all(|row| row.len() == header.names.len());
    let is_time = |text: &String| matches!(record_time(text, None, bounds), RecordTime::At(_));
    let is_dated = || (0..header.names.len()).any(|at| rows.iter().all(|row| is_time(&row[at])));
    (is_even && is_dated()).then(|| stream_framing::of_rows(header))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn rows_are_known_by_their_width_and_a_column_of_times() {
        let bounds = TimeBounds::around(Timestamp(1_772_442_000_000_000));
        let is_rows = |text: &str| framing(text.as_bytes(), bounds).is_some();
        assert!(is_rows("Moment,Ref\n2026-03-02T10:00:00Z,a\n2026-03-02T11:00:00Z,b\n"));
        assert!(is_rows("Moment;Ref\n1772445600;a\n1772449200;b\n"));
        assert!(!is_rows("Moment,Ref\nsoon,a\n"), "no time");
        assert!(!is_rows("Moment,Ref\n2026-03-02T10:00:00Z,a\nsoon,b\n"), "not all are times");
        assert!(!is_rows("Moment,Ref\n2026-03-02T10:00:00Z,a,b\n"), "another width");
        assert!(!is_rows("Moment,Ref\n"), "a header alone");
        assert!(!is_rows("Dear all, see below\n2026-03-02T10:00:00Z, then\nit failed\n"));
    }
}
