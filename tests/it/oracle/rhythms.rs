/*! How long a consumer was logged, how often it ran, and how long its silence must be: by the words of the rules, over
 * rows that SQL gives, and without the functions of the program.
 */

use holdover::model::{Duration, Timestamp};

use super::facts::Evidence;
use super::planned::{duration, flag, text, window};

pub(super) type Stretch = (i64, i64);

const MINUTE: i64 = 60_000_000;

pub(super) fn us(e: &Evidence, pointer: &str) -> i64 {
    e.time(pointer).map_or(0, |time| time.0)
}

/// The log sources in which the class appears.
pub(super) fn streams(e: &mut Evidence, class: Option<&str>) -> Vec<String> {
    let shown = e.strings(
        "SELECT DISTINCT stream AS v FROM evidence WHERE consumer_class = $class ORDER BY stream",
        class,
    );
    let seen = e.ints("SELECT COUNT(*) AS v FROM present WHERE consumer_class = $class", class);
    if shown.is_empty() && seen != [0] {
        // Its records are no evidence. The worlds with such a class have one log source.
        return e.strings("SELECT DISTINCT stream AS v FROM logged", None);
    }
    shown
}

/// First and last record of each minute of a log source.
fn minutes(e: &mut Evidence, stream: &str) -> Vec<Stretch> {
    let rows = format!("FROM logged WHERE stream = '{stream}' AND from_us <= $a ORDER BY from_us");
    let from = e.ints(&format!("SELECT from_us AS v {rows}"), None);
    let to = e.ints(&format!("SELECT to_us AS v {rows}"), None);
    from.into_iter().zip(to).collect()
}

fn pauses(of: &[Stretch], until: i64) -> Vec<i64> {
    let known: Vec<Stretch> = of.iter().copied().filter(|one| one.0 < until).collect();
    known.windows(2).map(|pair| pair[1].0 - pair[0].1).filter(|gap| *gap > 0).collect()
}

/// The longest pause of a log source that is no hole. Too few pauses do not show it.
fn pause_max(e: &mut Evidence, of: &[Stretch]) -> Option<i64> {
    let sources = e.plan.get("source").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let declared = sources.iter().filter_map(|one| duration(one.as_table()?, "max_gap")).max();
    if let Some(declared) = declared {
        return Some(declared.0);
    }
    let mut known = pauses(of, us(e, "/rotation/introduced"));
    if known.len() < 20 {
        known = pauses(of, us(e, "/window/from"));
    }
    known.sort_unstable();
    let second = known.iter().rev().nth(1).filter(|_| known.len() >= 20)?;
    Some((second * 3 / 2).max(15 * MINUTE))
}

/// When a log source recorded, up to the instant of the report.
pub(super) fn recorded(e: &mut Evidence, stream: &str) -> Vec<Stretch> {
    let minutes = minutes(e, stream);
    let (longest, end) = (pause_max(e, &minutes), us(e, "/as_of"));
    let Some(longest) = longest else { return Vec::new() };
    let mut all: Vec<Stretch> = Vec::new();
    for (from, to) in minutes {
        match all.last_mut() {
            Some(last) if from - last.1 <= longest => last.1 = to,
            _ => all.push((from, to)),
        }
    }
    if let Some(last) = all.last_mut().filter(|last| end - last.1 <= longest) {
        last.1 = end;
    }
    all
}

/// When all log sources of the class recorded.
pub(super) fn logged(e: &mut Evidence, class: Option<&str>) -> Vec<Stretch> {
    let streams = streams(e, class);
    let mut of_all: Option<Vec<Stretch>> = None;
    for stream in streams {
        let of_one = recorded(e, &stream);
        of_all = Some(of_all.map_or(of_one.clone(), |all| both(&all, &of_one)));
    }
    of_all.unwrap_or_default()
}

fn both(left: &[Stretch], right: &[Stretch]) -> Vec<Stretch> {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    pairs.map(|(a, b)| (a.0.max(b.0), a.1.min(b.1))).filter(|(from, to)| from < to).collect()
}

/// How much was logged from an instant up to that of the report. The last 15 minutes count where the one before does.
pub(super) fn logged_since(e: &mut Evidence, class: Option<&str>, from: i64) -> Duration {
    let (mut all, end) = (logged(e, class), us(e, "/as_of"));
    let lag = (15 * MINUTE).min(window(e).0 / 4);
    if let Some(last) = all.last_mut().filter(|last| last.1 >= end - lag) {
        last.1 = end;
    }
    Duration(all.iter().map(|(a, b)| (b.min(&end) - a.max(&from)).max(0)).sum())
}

/// Pauses between attempts before the change, without a fallback.
fn gaps_before(e: &mut Evidence, class: Option<&str>) -> Vec<i64> {
    let ticks = e.ints(
        "SELECT earliest_us AS v FROM tries WHERE consumer_class = $class AND earliest_us < $t0 AND NOT degraded \
         ORDER BY earliest_us",
        class,
    );
    ticks.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The gaps between runs: those of at least a tenth of the longest.
pub(super) fn runs_before(e: &mut Evidence, class: Option<&str>) -> Vec<i64> {
    between_runs(&gaps_before(e, class))
}

fn between_runs(gaps: &[i64]) -> Vec<i64> {
    let longest = gaps.iter().max().copied().unwrap_or_default();
    gaps.iter().copied().filter(|gap| *gap > 0 && 10 * gap >= longest).collect()
}

/// The least factor by which the next gap would be too long for chance: `n! / ((c + 1) … (c + n))` is at most `level`.
fn least_factor(gaps: usize, level: f64) -> f64 {
    let chance = |c: f64| {
        (1..=gaps)
            .map(|n| f64::from(u32::try_from(n).unwrap_or(u32::MAX)))
            .map(|n| n / (c + n))
            .product::<f64>()
    };
    // In thousandths, as the documents print them.
    let enough = (1_250..10_000_000).map(|c| f64::from(c) / 1_000.0).find(|c| chance(*c) <= level);
    enough.expect("a factor")
}

fn stretched(gap: i64, factor: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, reason = "thousandths of a small factor")]
    let thousandths = (factor * 1_000.0).round() as i64;
    Duration(gap).scaled(thousandths, 1_000)
}

fn median(sorted: &[i64]) -> i64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        i64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

fn is_regular(gaps: &[i64], tenths: i64) -> bool {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    sorted.last().is_some_and(|longest| 10 * longest < tenths * median(&sorted))
}

/// The longer of what the plan declares and what the time before the change shows; stretched if no success is fresh.
pub(super) fn cadence(e: &mut Evidence, class: Option<&str>, is_fresh: bool) -> Duration {
    let declared = e.consumer(class).and_then(|one| duration(one, "every")).unwrap_or_default();
    let runs = runs_before(e, class);
    let longest = runs.iter().max().copied().unwrap_or_default();
    let learned = match (runs.len(), is_fresh) {
        (0..6, _) => Duration::ZERO,
        (_, true) => Duration(longest),
        (n, false) if n >= 10 && is_regular(&runs, 15) => stretched(longest, 1.5),
        (n, false) => stretched(longest, least_factor(n, 0.01)),
    };
    declared.max(learned)
}

/// Is there a success on the new version, without a fallback, later than all old use, and not too long ago?
pub(super) fn is_fresh(e: &mut Evidence, class: Option<&str>) -> bool {
    let old = e.number("MAX(latest_us)", old!("earliest_us <= $a"), class).unwrap_or(0);
    let rows = new!("outcome = 'success' AND NOT degraded AND count = 1 AND earliest_us >= $t0");
    let last = e.number("MAX(earliest_us)", rows, class);
    let known = cadence(e, class, true);
    let oldest = us(e, "/as_of") - known.max(window(e)).0;
    last.is_some_and(|last| last > old + MINUTE && (known == Duration::ZERO || last >= oldest))
}

/// The longest pause of a member, and how long it must be silent, by its own attempts. A pause within an hour of the
/// clock is not known, and counts as an hour.
pub(super) fn of_member(spans: &[Stretch], introduced: i64) -> Option<(Duration, Duration)> {
    let mut gaps: Vec<Stretch> = Vec::new();
    let mut end = i64::MAX;
    for (from, to) in spans {
        if end < *from {
            gaps.push((end, *from));
        }
        end = if end == i64::MAX { *to } else { end.max(*to) };
    }
    let longest = gaps.iter().map(|(from, to)| to - from).filter(|gap| *gap > 0).max()?;
    let runs: Vec<Stretch> =
        gaps.into_iter().filter(|(from, to)| 10 * (to - from) >= longest).collect();
    let lengths: Vec<i64> = runs.iter().map(|(from, to)| to - from).collect();
    let since = runs.iter().filter(|(_, to)| *to >= introduced).count();
    let factor = if runs.len() < 3 || is_regular(&lengths, 11) {
        1.5
    } else {
        least_factor(runs.len(), level(since))
    };
    let longest = longest.max(Duration::HOUR.0);
    Some((Duration(longest), stretched(longest, factor)))
}

fn level(looks: usize) -> f64 {
    if looks < 3 { 0.01 } else { 0.01 / f64::from(u32::try_from(looks).unwrap_or(u32::MAX)) }
}

/// What of the class used the old version after its first success on the new one: the longest pause, and the need. The
/// pause is 0 where it had just not moved yet.
pub(super) fn remainder(e: &mut Evidence, class: Option<&str>) -> Option<(Duration, Duration)> {
    let moved = first_new(e, class)?;
    let sql = |table: &str| {
        format!(
            "SELECT latest_us AS v FROM {table} WHERE consumer_class = $class AND credential_state = 'old' AND \
             credential_binding IN ('direct', 'derived') AND latest_us >= {moved} ORDER BY latest_us"
        )
    };
    let mut late = [e.ints(&sql("tries"), class), e.ints(&sql("reads"), class)].concat();
    late.sort_unstable();
    if late.is_empty()
        || e.consumer(class).is_some_and(|one| flag(one, "run_settles"))
        || has_ended(e, class, moved)
    {
        return None;
    }
    let runs = runs_before(e, class);
    let longest = runs.iter().max().copied().filter(|_| runs.len() >= 6).unwrap_or_default();
    let declared = e.consumer(class).and_then(|one| duration(one, "every")).unwrap_or_default().0;
    let regular = if runs.len() >= 10 && is_regular(&runs, 15) { longest } else { 0 };
    let schedule = declared.max(regular);
    let mut before = e.number(
        "MAX(latest_us)",
        &format!("{} AND latest_us < {moved}", old!("count > 0")),
        class,
    );
    let (mut points, mut is_late, mut end) = (vec![moved], false, None);
    for at in late {
        let is_same_run = end.is_some_and(|end: i64| at - end < (longest + 9) / 10 || at == end);
        if !is_same_run {
            if before.is_some_and(|before| schedule > 0 && at - before <= schedule) {
                is_late = true;
            } else {
                points.push(at);
            }
        } else if points.len() > 1 {
            *points.last_mut()? = at;
        }
        (before, end) = (before.max(Some(at)), Some(at));
    }
    let all: Vec<i64> =
        points.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0).collect();
    let by_schedule = if is_late { stretched(schedule, 1.5) } else { Duration::ZERO };
    let Some(largest) = all.iter().copied().max() else {
        return Some((Duration::ZERO, by_schedule));
    };
    let old: Vec<i64> = all.iter().skip(1).copied().filter(|gap| 10 * gap >= largest).collect();
    let n = 1 + old.len();
    let factor =
        if old.len() >= 3 && is_regular(&old, 11) { 1.5 } else { least_factor(n, level(n)) };
    Some((Duration(largest), stretched(largest, factor).max(by_schedule)))
}

/// Did each process that used the old version later stop, or start anew where that reads the value again?
fn has_ended(e: &mut Evidence, class: Option<&str>, moved: i64) -> bool {
    let reads_at_start = e
        .consumer(class)
        .is_some_and(|one| matches!(text(one, "refresh"), Some("on-start" | "at-launch")));
    let ends = if reads_at_start { "('stop', 'start')" } else { "('stop')" };
    let late = format!(
        "SELECT COALESCE(service_instance_id, host_name, '') AS instance, MAX(latest_us) AS old_us FROM evidence \
         WHERE consumer_class = $class AND credential_state = 'old' AND kind IN ('auth', 'work', 'refresh') AND \
         latest_us >= {moved} GROUP BY COALESCE(service_instance_id, host_name, '')"
    );
    let ended = format!(
        "SELECT COUNT(DISTINCT l.instance) AS v FROM ({late}) AS l JOIN evidence AS e ON l.instance = \
         e.service_instance_id WHERE e.consumer_class = $class AND e.kind IN {ends} AND e.earliest_us > l.old_us + 60000000"
    );
    let all = e.ints(&format!("SELECT COUNT(*) AS v FROM ({late}) AS l"), class);
    e.ints(&ended, class) == all
}

pub(super) fn first_new(e: &mut Evidence, class: Option<&str>) -> Option<i64> {
    e.number("MIN(earliest_us)", new!("outcome = 'success' AND earliest_us >= $t0"), class)
}

/// The largest gap of a time before the change that shows but a few runs, unless each old member has moved.
pub(super) fn few_runs(e: &mut Evidence, class: Option<&str>) -> Duration {
    let one = e.consumer(class).cloned().unwrap_or_default();
    let runs = runs_before(e, class);
    if one.contains_key("every") || flag(&one, "run_settles") || !(1..6).contains(&runs.len()) {
        return Duration::ZERO;
    }
    let (mut named, mut all_moved) = (false, true);
    for facet in ["service_instance_id", "host_name", "principal", "user_agent"] {
        let sides = |state: &str, at: &str| {
            format!(
                "SELECT {facet} AS f, {at}(latest_us) AS t FROM evidence WHERE consumer_class = $class AND {facet} IS NOT \
                 NULL AND credential_state = '{state}' AND kind IN ('auth', 'work') GROUP BY {facet}"
            )
        };
        let (old, new) = (sides("old", "MAX"), sides("new", "MAX"));
        let all = e.ints(&format!("SELECT COUNT(*) AS v FROM ({old}) AS o"), class)[0];
        let moved =
            e.ints(&format!("SELECT COUNT(*) AS v FROM ({old}) AS o JOIN ({new}) AS n ON o.f = n.f WHERE n.t > o.t"), class)[0];
        named |= all > 0;
        all_moved &= all == moved;
    }
    if named && all_moved {
        Duration::ZERO
    } else {
        Duration(runs.iter().max().copied().unwrap_or_default())
    }
}

/// How long the class must be free of old use.
pub(super) fn needed(e: &mut Evidence, class: Option<&str>) -> Duration {
    let one = e.consumer(class).cloned().unwrap_or_default();
    let is_fresh = is_fresh(e, class);
    let settles = flag(&one, "run_settles") && is_fresh;
    let cadence = if settles { Duration::ZERO } else { cadence(e, class, is_fresh) };
    let slowest =
        duration(&one, "slowest").or_else(|| duration(e.plan["rotation"].as_table()?, "slowest"));
    let terms = [
        window(e),
        duration(&one, "session_max").unwrap_or_default(),
        cadence,
        few_runs(e, class),
        remainder(e, class).map(|(_, needed)| needed).unwrap_or_default(),
        slowest.map(|slowest| slowest.scaled(46, 10)).unwrap_or_default(),
    ];
    terms.into_iter().max().unwrap_or_default()
}

/// When the silence begins: after the last old use or read, and not before a revocation.
pub(super) fn silent_from(e: &mut Evidence, class: Option<&str>) -> Option<i64> {
    let used = e.number("MAX(latest_us)", old!("earliest_us <= $a"), class);
    let read = e.number("MAX(latest_us)", read!("latest_us >= $t0 AND earliest_us <= $a"), class);
    let begins = logged(e, class).first().map(|first| first.0);
    let since = used.max(read).or(begins)?;
    Some(e.time("/rotation/revoked").map_or(since, |revoked| since.max(revoked.0)))
}

/// The last attempt of its own, without a fallback.
pub(super) fn last_run(e: &mut Evidence, class: Option<&str>) -> Option<Timestamp> {
    e.number("MAX(latest_us)", own!("NOT degraded"), class).map(Timestamp)
}
