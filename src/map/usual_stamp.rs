/*! The stamps that most programs write, `2026-03-02T09:00:00.123Z` and `02/Mar/2026:09:00:00 +0000`, read at once. */

use chrono::NaiveDate;

use crate::model::Timestamp;

/// Reads such a stamp; `None`: it may be a time of any other shape.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    in_iso(text.as_bytes()).or_else(|| in_access_log(text.as_bytes()))
}

fn in_iso(text: &[u8]) -> Option<Timestamp> {
    let (clock, rest) = text.split_first_chunk::<19>()?;
    let [.., b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', _, _] = clock else {
        return None;
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
    let year = i32::try_from(number(&clock[..4])?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(&clock[5..7])?, number(&clock[8..10])?)?;
    at(day, &clock[11..], micros)
}

/// The months as access logs write them.
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

fn in_access_log(text: &[u8]) -> Option<Timestamp> {
    let [day, clock, offset] = [text.get(..12)?, text.get(12..20)?, text.get(20..)?];
    let [_, _, b'/', _, _, _, b'/', _, _, _, _, b':'] = day else { return None };
    let [b' ', sign @ (b'+' | b'-'), _, _, _, _] = offset else { return None };
    let month = (1..).zip(MONTHS).find(|(_, name)| day[3..6] == name[..])?.0;
    let year = i32::try_from(number(&day[7..11])?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, month, number(&day[..2])?)?;
    let [hours, minutes] = [number(&offset[2..4])?, number(&offset[4..6])?];
    if hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = i64::from(hours * 3600 + minutes * 60) * 1_000_000;
    let ahead = if *sign == b'-' { -ahead } else { ahead };
    let Timestamp(local) = at(day, clock, 0)?;
    Some(Timestamp(local - ahead))
}

/// `hh:mm:ss` of a day.
fn at(day: NaiveDate, clock: &[u8], micros: u32) -> Option<Timestamp> {
    let [_, _, b':', _, _, b':', _, _] = clock else { return None };
    let [hour, minute, second] =
        [number(&clock[..2])?, number(&clock[3..5])?, number(&clock[6..])?];
    let time = day.and_hms_micro_opt(hour, minute, second, micros)?;
    Some(Timestamp(time.and_utc().timestamp_micros()))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    proptest! {
        /// What is read at once is what the library reads, and what the library refuses is not read at once.
        #[test]
        fn a_stamp_of_an_access_log_is_the_one_that_the_library_reads(
            text in r"[0-3][0-9]/(Jan|Feb|Mar|Jun|Dec|mar|Foo)/(19|20)[0-9]{2}:[0-2][0-9]:[0-6][0-9]:[0-6][0-9] [+-][0-2][0-9][0-6][0-9]",
        ) {
            let library = DateTime::parse_from_str(&text, "%d/%b/%Y:%H:%M:%S %z").ok();
            let library = library.map(|time| Timestamp(time.timestamp_micros()));
            if let Some(read) = read(&text) {
                prop_assert_eq!(Some(read), library);
            } else if !text.contains(":60 ") && !text.contains("mar") {
                prop_assert_eq!(None, library);
            }
        }
    }
}
