/*! The ledger: two lines a class, the first to be scanned, the second to be checked. */

use super::head::word;
use super::layout::{columns, flow, pad, pad_left};
use super::page::{TextPage, Tone};
use super::why_ready;
use crate::model::course::Day;
use crate::model::decision::{Decision, Mode, Verdict};
use crate::model::ledger::{ExceptionTest, HolderState, LedgerRow};
use crate::model::{At, Layer, Timestamp, Use};
use crate::report::{View, evidence_id, screen};
use crate::wording::{self, count};

/// The fewest columns of a class name.
const NAME_MIN: usize = 16;
/// The most columns of a class name.
const NAME_MAX: usize = 40;

/// The heading of the column that says how long a class was silent.
const SILENCE: &str = "silent / needed";

/// A bound that is not smaller than this says too little to be printed.
const BOUND_SAID: f64 = 0.5;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    let classes = &view.decision.classes;
    page.heading("Ledger", &standing(view.decision));
    if classes.is_empty() {
        page.para(2, Tone::Plain, "The plan names no consumer.");
        return;
    }
    let grid = Grid::new(page, view.decision);
    grid.header(page);
    for (_, row) in screen::by_urgency(view.decision) {
        grid.row(page, row);
        days(page, view, row);
        let pieces = details(page, view, row, &grid);
        let mark = page.symbol(" · ", "; ");
        for line in flow(&pieces, mark, page.width() - 4) {
            page.line(4, &[(Tone::Quiet, &line)]);
        }
        why_ready::write(page, view, row);
    }
    if view.decision.course.lanes.iter().any(|lane| !lane.days.is_empty()) {
        legend(page);
    }
}

/// `1 not ready, 2 inconclusive, 3 ready`.
fn standing(decision: &Decision) -> String {
    let classes = &decision.classes;
    let of = |verdict| {
        let n = classes.iter().filter(|row| row.verdict == verdict).count();
        (n > 0).then(|| format!("{n} {}", wording::verdict_in(decision.mode, verdict)))
    };
    let counts = [Verdict::NotReady, Verdict::Inconclusive, Verdict::Ready].map(of);
    let total = count(classes.len(), "consumer");
    let parts: Vec<_> = counts.into_iter().flatten().collect();
    if parts.is_empty() { total } else { format!("{total}: {}", parts.join(", ")) }
}

/// Which columns the first line has and how wide they are; what has no room moves to the second line.
struct Grid {
    name: usize,
    silence: usize,
    mode: Mode,
    has_path: bool,
    has_silence: bool,
}

impl Grid {
    fn new(page: &TextPage, decision: &Decision) -> Self {
        let classes = &decision.classes;
        let name = classes.iter().map(|row| columns(&page.name(&row.name, NAME_MAX))).max();
        let silence = classes.iter().map(|row| columns(&silence(page, row))).max().unwrap_or(0);
        let mut grid = Self {
            name: name.unwrap_or(0).max(NAME_MIN),
            silence: silence.max(SILENCE.len()),
            mode: decision.mode,
            has_path: true,
            has_silence: true,
        };
        grid.has_path = grid.width() <= page.width();
        grid.has_silence = grid.width() <= page.width();
        let over = grid.width().saturating_sub(page.width());
        grid.name = grid.name.saturating_sub(over).max(NAME_MIN);
        grid
    }

    /// Indent, mark, name, path, version in use, verdict, silence, two spaces between.
    fn width(&self) -> usize {
        let path = if self.has_path { 12 } else { 0 };
        let silence = if self.has_silence { self.silence + 2 } else { 0 };
        4 + self.name + path + 2 + 7 + 2 + self.verdict() + silence
    }

    /// Columns of a verdict.
    fn verdict(&self) -> usize {
        if self.mode == Mode::Postmortem { 16 } else { 12 }
    }

    fn header(&self, page: &mut TextPage) {
        let (name, path) = (pad("consumer", self.name + 2), self.path("path"));
        let (in_use, verdict) = (pad("in use", 9), pad("verdict", self.verdict()));
        let line = format!("{name}{path}{in_use}{verdict}{}", self.silence(SILENCE));
        page.line(4, &[(Tone::Quiet, &line)]);
    }

    fn row(&self, page: &mut TextPage, row: &LedgerRow) {
        let tone = Tone::of(row.verdict);
        let mark = format!("{} ", page.mark(row.verdict));
        let name = pad(&page.name(&row.name, self.name), self.name + 2);
        let path = self.path(row.path.word());
        let in_use = pad(wording::version_in_use(row.truth), 9);
        let verdict = pad(&word(self.mode, row.verdict), self.verdict());
        let silence = self.silence(&silence(page, row));
        page.line(
            2,
            &[
                (tone, &mark),
                (Tone::Strong, &name),
                (Tone::Plain, &path),
                (Tone::Plain, &in_use),
                (tone, &verdict),
                (Tone::Plain, &silence),
            ],
        );
    }

    fn path(&self, text: &str) -> String {
        if self.has_path { pad(text, 12) } else { String::new() }
    }

    fn silence(&self, text: &str) -> String {
        if self.has_silence { format!("  {}", pad_left(text, self.silence)) } else { String::new() }
    }
}

/// How long the class was silent on the old version, and how long it has to be.
fn silence(page: &TextPage, row: &LedgerRow) -> String {
    match row.silence.state {
        Some(_) => {
            let elapsed = wording::length(row.silence.elapsed);
            format!("{elapsed} / {}", wording::length_up(row.silence.needed))
        }
        None => page.symbol("–", "-").to_owned(),
    }
}

/// The last days of the class, a sign for each: `○○○◐●●`.
fn days(page: &mut TextPage, view: &View<'_>, row: &LedgerRow) {
    let lane = view.decision.course.lanes.iter().find(|lane| lane.class == Some(row.class));
    let days = lane.map(|lane| lane.days.as_slice()).unwrap_or_default();
    if days.iter().all(|day| *day == Day::Nothing) {
        return;
    }
    let signs: String = days.iter().map(|day| sign(page, *day)).collect();
    let label = format!("{} days ", days.len());
    page.line(4, &[(Tone::Quiet, &label), (Tone::Plain, &signs)]);
}

fn sign(page: &TextPage, day: Day) -> &'static str {
    match day {
        Day::Nothing => page.symbol("·", "."),
        Day::Old => page.symbol("○", "o"),
        Day::New => page.symbol("●", "n"),
        Day::Both => page.symbol("◐", "b"),
        Day::Neither => page.symbol("×", "x"),
    }
}

/// What the signs mean.
fn legend(page: &mut TextPage) {
    let of = [
        (Day::Old, "old"),
        (Day::New, "new"),
        (Day::Both, "both"),
        (Day::Neither, "version not shown"),
        (Day::Nothing, "no activity"),
    ];
    let signs: Vec<String> =
        of.into_iter().map(|(day, word)| format!("{} {word}", sign(page, day))).collect();
    let zone = if page.zone().name().is_some() { " in UTC" } else { "" };
    page.para(4, Tone::Quiet, &format!("each sign is a day{zone}: {}", signs.join("  ")));
}

/// What the second line says, piece by piece.
fn details(page: &TextPage, view: &View<'_>, row: &LedgerRow, grid: &Grid) -> Vec<String> {
    let mut pieces = Vec::new();
    if !grid.has_path {
        pieces.push(row.path.word().to_owned());
    }
    match row.usage {
        Use::Direct => {}
        Use::Indirect => pieces.push("indirect".to_owned()),
    }
    if row.disabled {
        pieces.push("disabled".to_owned());
    }
    pieces.extend(row.silence.state.map(wording::silence).map(str::to_owned));
    if !grid.has_silence && row.silence.state.is_some() {
        pieces.push(format!("silent for {}", silence(page, row)));
    }
    pieces.push(match row.last_old_use {
        Some(at) => format!("last old use {}", moment(page, view, (at, At::latest))),
        None => "no old use".to_owned(),
    });
    pieces.push(match (row.first_new_success, row.last_new_success) {
        (Some(first), Some(last)) if first.row == last.row => {
            format!("new success {}", moment(page, view, (first, At::earliest)))
        }
        (Some(first), Some(last)) => {
            let from = moment(page, view, (first, At::earliest));
            format!("new success {from} to {}", moment(page, view, (last, At::earliest)))
        }
        (Some(success), None) | (None, Some(success)) => {
            format!("new success {}", moment(page, view, (success, At::earliest)))
        }
        (None, None) => "no new success".to_owned(),
    });
    // Of a ready class the lines below say so.
    pieces.extend(holders(row).filter(|_| row.why_ready.is_none()));
    pieces.extend(beneath(page, view, row));
    pieces.extend(row.owner.as_ref().map(|owner| format!("owner {}", page.name(owner, 40))));
    if !row.effects.is_empty() {
        let effects: Vec<String> = row.effects.iter().map(|effect| page.name(effect, 60)).collect();
        pieces.push(format!("at risk: {}", effects.join(", ")));
    }
    if row.silence.chances > 0
        && let Some(bound) = row.silence.bound.filter(|bound| *bound < BOUND_SAID)
    {
        let n = row.silence.chances;
        pieces.push(format!(
            "{} to see old use, and none did: less than {:.1} % still use it",
            count(n, "chance"),
            100.0 * bound
        ));
    }
    match row.exception_test {
        ExceptionTest::NotApplicable => {}
        test @ (ExceptionTest::Passed | ExceptionTest::Failed | ExceptionTest::Missing) => {
            pieces.push(format!("exception path test {}", wording::exception_test(test)));
        }
    }
    pieces
}

/// Who used the old version, by what became of them: `old users: 2 moved, 1 gone, no end recorded`.
fn holders(row: &LedgerRow) -> Option<String> {
    let of = |state: HolderState| {
        let n = row.holders.iter().filter(|holder| holder.state == state).count();
        (n > 0).then(|| format!("{n} {}", wording::holder(state)))
    };
    let states: Vec<String> = HolderState::ALL.into_iter().filter_map(of).collect();
    (!states.is_empty()).then(|| format!("members: {}", states.join(", ")))
}

/// What configuration and runtime say, where they say anything; and the last use, if none of the instants above is it.
fn beneath(page: &TextPage, view: &View<'_>, row: &LedgerRow) -> Vec<String> {
    let above = [row.last_old_use, row.first_new_success, row.last_new_success];
    let is_new = |at: At| above.iter().flatten().all(|printed| printed.row != at.row);
    let layers = Layer::ALL
        .iter()
        .zip(row.layers)
        .filter(|(layer, state)| **layer != Layer::Behavior || state.last.is_some_and(is_new));
    let states = layers.filter_map(|(layer, state)| {
        let at = moment(page, view, (state.last?, At::latest));
        Some(format!("{} {} {at}", layer.word(), wording::version_in_use(state.truth)))
    });
    states.collect()
}

/// Month, day and time with the id; the date alone in another year than that of the report.
fn moment(page: &TextPage, view: &View<'_>, (at, end): (At, fn(At) -> Timestamp)) -> String {
    let time = page.time(end(at));
    let year = page.time(view.decision.as_of);
    let same = time.len() >= 16 && time.get(..5) == year.get(..5);
    // In UTC the head of the report says so.
    let offset = page.zone().name().and_then(|_| time.get(time.len().checked_sub(6)?..));
    let short = if same {
        format!("{}{}", time[5..16].replace('T', " "), offset.unwrap_or_default())
    } else {
        time.chars().take(10).collect()
    };
    match view.row(at) {
        Some(position) => format!("{short} {}", evidence_id(position)),
        None => short,
    }
}
