/*! Reads five-field cron expressions in UTC for one number: the longest gap between two runs. */

use crate::diag::quoted;
use crate::model::Duration;

/// The Gregorian calendar repeats itself after these years, including the weekdays.
const CYCLE: std::ops::Range<u32> = 2000..2400;
const CYCLE_DAYS: u32 = 146_097;
/// 2000-01-01 was a Saturday.
const FIRST_WEEKDAY: u32 = 6;
const DAY_MINUTES: u32 = 24 * 60;

/// What is wrong with an expression, and what to write instead.
#[derive(Debug)]
pub(super) struct CronMistake {
    pub(super) message: String,
    pub(super) help: String,
}

struct CronField {
    name: &'static str,
    low: u32,
    high: u32,
    /// The names of the values, beginning with that of `low`.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [CronField; 5] = [
    CronField { name: "minute", low: 0, high: 59, names: &[] },
    CronField { name: "hour", low: 0, high: 23, names: &[] },
    CronField { name: "day of month", low: 1, high: 31, names: &[] },
    CronField { name: "month", low: 1, high: 12, names: &MONTHS },
    CronField { name: "weekday", low: 0, high: 7, names: &WEEKDAYS },
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

/// The values of each field on which it runs, one bit for each value.
struct CronSchedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Neither day field begins with a star: then it runs on either day.
    either_day: bool,
}

/// The longest time between two consecutive runs, over the whole calendar.
pub(super) fn longest_gap(text: &str) -> Result<Duration, CronMistake> {
    let schedule = parse(text)?;
    let times: Vec<u32> = (0..DAY_MINUTES)
        .filter(|at| has(schedule.hours, at / 60) && has(schedule.minutes, at % 60))
        .collect();
    let within = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    let (Some(first), Some(last), Some(days)) =
        (times.first(), times.last(), longest_days(&schedule))
    else {
        return Err(CronMistake {
            message: "it never runs".to_owned(),
            help: "none of its months has such a day; name a day that one of them has".to_owned(),
        });
    };
    let minutes = within.max(days * DAY_MINUTES - last + first);
    Ok(Duration::MINUTE.scaled(minutes.into(), 1))
}

/// The most days from one day with runs to the next, over one cycle of the calendar and into the next.
fn longest_days(schedule: &CronSchedule) -> Option<u32> {
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

impl CronSchedule {
    fn runs_on(&self, month: u32, day: u32, weekday: u32) -> bool {
        let (day, weekday) = (has(self.days, day), has(self.weekdays, weekday));
        let is_day = if self.either_day { day || weekday } else { day && weekday };
        has(self.months, month) && is_day
    }
}

fn parse(text: &str) -> Result<CronSchedule, CronMistake> {
    if let Some((_, long)) = MACROS.iter().find(|(short, _)| text.trim() == *short) {
        let help = format!("write `every = \"{long}\"`");
        return Err(CronMistake { message: "short names are not supported".to_owned(), help });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Ok(words) = <[&str; 5]>::try_from(words.as_slice()) else {
        return Err(CronMistake {
            message: format!("it has {} fields, not five", words.len()),
            help: "write minute, hour, day of month, month, weekday, as in `0 3 * * 1-5`; \
                   seconds and years are not supported"
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
    // Implementations differ on `*/2` together with a weekday. If both days must hold, the gaps are longer.
    let either_day = !words[2].starts_with('*') && !words[4].starts_with('*');
    let weekdays = weekdays | weekdays >> 7;
    Ok(CronSchedule { minutes, hours, days, months, weekdays, either_day })
}

fn bad_field(item: &str, field: &CronField, why: &str) -> CronMistake {
    let named = match field.names {
        [] => String::new(),
        names => format!(" or `{}` to `{}`", names[0], names[names.len() - 1]),
    };
    CronMistake {
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

fn item_bits(item: &str, field: &CronField) -> Result<u64, String> {
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
        return Err("is a range from high to low".to_owned());
    }
    let step = match step.map(str::parse::<usize>) {
        None => 1,
        Some(Ok(step)) if step > 0 => step,
        Some(_) => return Err("has a step that is not a number above 0".to_owned()),
    };
    Ok((low..=high).step_by(step).fold(0, |bits, value| bits | 1 << value))
}

fn value(word: &str, field: &CronField) -> Result<u32, String> {
    let named = field.names.iter().position(|name| name.eq_ignore_ascii_case(word));
    if let Some(number) = named.and_then(|position| u32::try_from(position).ok()) {
        return Ok(field.low + number);
    }
    let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    match word.parse() {
        Ok(number) if is_number && (field.low..=field.high).contains(&number) => Ok(number),
        Ok(_) if is_number => Err("is out of range".to_owned()),
        Ok(_) | Err(_) => Err("is not understood".to_owned()),
    }
}
