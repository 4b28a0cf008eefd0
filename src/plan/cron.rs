/*! Five-field cron expressions in UTC, read for one number: the longest gap between two runs. */

use crate::diag::quoted;
use crate::model::Duration;

/// The Gregorian calendar repeats itself after so many years, weekdays included.
const CYCLE: std::ops::Range<u32> = 2000..2400;
const CYCLE_DAYS: u32 = 146_097;
/// 2000-01-01 was a Saturday.
const FIRST_WEEKDAY: u32 = 6;
const DAY_MINUTES: u32 = 24 * 60;

/// What is wrong with an expression, and what to write.
#[derive(Debug)]
pub(super) struct Wrong {
    /// What was found.
    pub(super) message: String,
    /// The next step.
    pub(super) help: String,
}

struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// Names of the values, from `low`.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", low: 0, high: 59, names: &[] },
    Field { name: "hour", low: 0, high: 23, names: &[] },
    Field { name: "day of month", low: 1, high: 31, names: &[] },
    Field { name: "month", low: 1, high: 12, names: &MONTHS },
    Field { name: "weekday", low: 0, high: 7, names: &WEEKDAYS },
];

const MACROS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// On which values of each field it runs, one bit a value.
struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Do both day fields stand without a star? Then either day will do.
    either_day: bool,
}

/// The longest time between two runs that follow each other, over the whole calendar.
pub(super) fn longest_gap(text: &str) -> Result<Duration, Wrong> {
    let schedule = parse(text)?;
    let times: Vec<u32> = (0..DAY_MINUTES)
        .filter(|at| has(schedule.hours, at / 60) && has(schedule.minutes, at % 60))
        .collect();
    let within = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    let (Some(first), Some(last), Some(days)) =
        (times.first(), times.last(), longest_days(&schedule))
    else {
        return Err(Wrong {
            message: "it never runs".to_owned(),
            help: "no month in it has such a day; name a day that its months have".to_owned(),
        });
    };
    let minutes = within.max(days * DAY_MINUTES - last + first);
    Ok(Duration::MINUTE.scaled(minutes.into(), 1))
}

/// The most days from one day with runs to the next, going round the calendar once.
fn longest_days(schedule: &Schedule) -> Option<u32> {
    let (mut today, mut longest, mut runs) = (0, 0, None);
    for (year, month) in CYCLE.flat_map(|year| (1..=12).map(move |month| (year, month))) {
        for day in 1..=month_days(year, month) {
            if schedule.runs_on(month, day, (FIRST_WEEKDAY + today) % 7) {
                let (first, previous) = runs.unwrap_or((today, today));
                longest = longest.max(today - previous);
                runs = Some((first, today));
            }
            today += 1;
        }
    }
    runs.map(|(first, last)| longest.max(first + CYCLE_DAYS - last))
}

fn month_days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn has(bits: u64, value: u32) -> bool {
    bits >> value & 1 == 1
}

impl Schedule {
    fn runs_on(&self, month: u32, day: u32, weekday: u32) -> bool {
        let (day, weekday) = (has(self.days, day), has(self.weekdays, weekday));
        let is_day = if self.either_day { day || weekday } else { day && weekday };
        has(self.months, month) && is_day
    }
}

fn parse(text: &str) -> Result<Schedule, Wrong> {
    if let Some((_, long)) = MACROS.iter().find(|(short, _)| text.trim() == *short) {
        let help = format!("write `every = \"{long}\"`");
        return Err(Wrong { message: "short names are not read".to_owned(), help });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Ok(words) = <[&str; 5]>::try_from(words.as_slice()) else {
        return Err(Wrong {
            message: format!("it has {} fields, not five", words.len()),
            help: "write minute, hour, day of month, month, weekday, as in `0 3 * * 1-5`; \
                   seconds and years have no place"
                .to_owned(),
        });
    };
    let mut bits = [0; 5];
    for ((word, field), bits) in words.iter().zip(&FIELDS).zip(&mut bits) {
        for item in word.split(',') {
            *bits |= item_bits(item, field).map_err(|why| bad_field(item, field, &why))?;
        }
    }
    let [minutes, hours, days, months, weekdays] = bits;
    // Crons differ on `*/2` beside a weekday; a star that asks for both days has the longer gaps.
    let either_day = !words[2].starts_with('*') && !words[4].starts_with('*');
    let weekdays = weekdays | weekdays >> 7;
    Ok(Schedule { minutes, hours, days, months, weekdays, either_day })
}

fn bad_field(item: &str, field: &Field, why: &str) -> Wrong {
    let named = match field.names {
        [] => String::new(),
        names => format!(" or `{}` to `{}`", names[0], names[names.len() - 1]),
    };
    Wrong {
        message: format!("its {} {} {why}", field.name, quoted(item)),
        help: format!(
            "the {} takes {} to {}{named}, a range `{}-{}`, a step `*/2`, or a list of these",
            field.name,
            field.low,
            field.high,
            field.low + 1,
            field.low + 3
        ),
    }
}

fn item_bits(item: &str, field: &Field) -> Result<u64, String> {
    let (range, step) = match item.split_once('/') {
        None => (item, None),
        Some((range, step)) => (range, Some(step)),
    };
    let (low, high) = match range.split_once('-') {
        _ if range == "*" => (field.low, field.high),
        Some((low, high)) => (value(low, field)?, value(high, field)?),
        None if step.is_some() => {
            return Err("has a step but no range to step through".to_owned());
        }
        None => (value(range, field)?, value(range, field)?),
    };
    // A week may end on Sunday: `sat-sun`.
    let high = if field.high == 7 && high == 0 && low > 0 { 7 } else { high };
    if low > high {
        return Err("is a range turned round".to_owned());
    }
    let step = match step.map(str::parse::<usize>) {
        None => 1,
        Some(Ok(step)) if step > 0 => step,
        Some(_) => return Err("has a step that is no number above 0".to_owned()),
    };
    Ok((low..=high).step_by(step).fold(0, |bits, value| bits | 1 << value))
}

fn value(word: &str, field: &Field) -> Result<u32, String> {
    let named = field.names.iter().position(|name| name.eq_ignore_ascii_case(word));
    if let Some(number) = named.and_then(|position| u32::try_from(position).ok()) {
        return Ok(field.low + number);
    }
    let is_number = !word.is_empty() && word.chars().all(|one| one.is_ascii_digit());
    match word.parse() {
        Ok(number) if is_number && (field.low..=field.high).contains(&number) => Ok(number),
        Ok(_) if is_number => Err("is out of range".to_owned()),
        Ok(_) | Err(_) => Err("is not understood".to_owned()),
    }
}
