/*! The stamp that most programs write, `2026-03-02T09:00:00.123Z`, read at once. */

use chrono::NaiveDate;

use crate::model::Timestamp;

/// Reads such a stamp; `None`: it may be a time of any other shape.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let (clock, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let [.., b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', _, _] = clock else {
        return None;
    };
    let number = |from: usize, digits: usize| {
        clock[from..from + digits].iter().try_fold(0, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let fraction = match rest.strip_suffix(b"Z")? {
        [] => &[],
        [b'.', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            digits
        }
        _ => return None,
    };
    let micros = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(6);
    let micros = micros.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let year = i32::try_from(number(0, 4)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(5, 2)?, number(8, 2)?)?;
    let time = day.and_hms_micro_opt(number(11, 2)?, number(14, 2)?, number(17, 2)?, micros)?;
    Some(Timestamp(time.and_utc().timestamp_micros()))
}
