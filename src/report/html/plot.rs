/*! The drawing: lanes and curves over one axis of time. Positions are percentages of the axis, so zooming needs no new
 * drawing. Each kind of mark has its own height, so nobody needs colours to tell the kinds apart.
 */

use super::classes::ClassRow;
use super::holders::Member;
use super::texts::time;
use crate::model::course::{Alarm, Course, Lane, Mark, Trace};
use crate::model::decision::Verdict;
use crate::model::replay::CurvePoint;
use crate::model::{Duration, Span, Timestamp};
use crate::report::View;
use crate::wording::{self, Zone, count, number};

/// With more bars, neighbours of a curve cannot be told apart.
const BARS_MAX: usize = 240;
/// The height of a curve, in percent of its band, so that a label that wraps stretches both.
const CURVE_HEIGHT: u64 = 100;
/// The distance between the labels of two instants.
const LABEL_HEIGHT: usize = 14;

pub(super) struct Plot {
    pub from: i64,
    pub to: i64,
    pub ticks: Vec<AxisTick>,
    pub window: Option<SpanBox>,
    pub instants: Vec<TimeLine>,
    pub lanes: Vec<PlotLane>,
    pub readiness: Vec<Bar>,
    pub readiness_label: String,
    pub what_if: Vec<Bar>,
    pub what_if_label: String,
    pub what_if_max: String,
}

pub(super) struct AxisTick {
    pub x: String,
    pub text: String,
    pub parity: &'static str,
}

pub(super) struct SpanBox {
    pub x: String,
    pub width: String,
    pub title: String,
}

/// A vertical line at one time, with a label in a line of its own.
pub(super) struct TimeLine {
    pub class: &'static str,
    pub x: String,
    pub y: usize,
    /// On which side of the line its label is.
    pub anchor: &'static str,
    pub label: &'static str,
    pub title: String,
}

pub(super) struct PlotLane {
    pub row: Option<LaneRow>,
    pub label: String,
    pub holes: Vec<SpanBox>,
    pub marks: Vec<PlotMark>,
}

/// What the label of a lane shows of its class.
pub(super) struct LaneRow {
    pub anchor: String,
    pub name: String,
    pub path: String,
    pub owner: String,
    pub verdict: super::texts::VerdictWord,
    pub position: usize,
    pub old_use: i64,
    pub members: Vec<MemberLane>,
    pub members_count: String,
    pub members_more: Option<String>,
}

/// A member of a class on a lane of its own.
pub(super) struct MemberLane {
    pub name: String,
    pub state: (&'static str, &'static str),
    pub label: String,
    pub marks: Vec<PlotMark>,
}

pub(super) struct PlotMark {
    pub class: &'static str,
    pub x: String,
    pub end: String,
    pub y: u32,
    pub title: String,
}

pub(super) struct Bar {
    pub class: &'static str,
    pub x: String,
    pub width: String,
    pub y: u64,
    pub height: u64,
    pub title: String,
}

/// The style of each kind of mark, and its distance from the top of its lane.
pub(super) fn style(trace: Trace) -> (&'static str, u32) {
    match trace {
        Trace::Old => ("old", 8),
        Trace::New => ("new", 19),
        Trace::Degraded => ("degraded", 27),
        Trace::Unversioned => ("bare", 33),
        Trace::Failure => ("failure", 40),
    }
}

/// Converts instants to positions.
#[derive(Clone, Copy)]
struct Axis {
    span: Span,
    /// The zone of what is said of positions; the axis itself is in UTC.
    zone: Zone,
}

impl Axis {
    fn part(self, at: Timestamp) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a position on a screen")]
        let (part, whole) = ((at - self.span.from).0 as f64, self.span.length().0.max(1) as f64);
        (part / whole * 100.0).clamp(0.0, 100.0)
    }

    fn time(self, at: Timestamp) -> String {
        time(self.zone, at)
    }

    fn x(self, at: Timestamp) -> String {
        format!("{:.3}", self.part(at))
    }

    fn width(self, span: Span) -> String {
        format!("{:.3}", self.part(span.to) - self.part(span.from))
    }

    fn span(self, span: Span, what: &str) -> SpanBox {
        let title = format!("{what}, {} to {}", self.time(span.from), self.time(span.to));
        SpanBox { x: self.x(span.from), width: self.width(span), title }
    }
}

pub(super) fn plot(view: &View<'_>, classes: &[ClassRow]) -> Plot {
    let course = &view.decision.course;
    let axis = Axis { span: course.span, zone: view.zone };
    let max = course.what_if.iter().map(|point| point.events).max().unwrap_or(0);
    let window = view.decision.window.intersect(course.span);
    Plot {
        from: course.span.from.0 / 1_000,
        to: course.span.to.0 / 1_000,
        ticks: ticks(axis),
        window: window.map(|window| axis.span(window, "window")),
        instants: instants(view, axis),
        lanes: lanes(course, classes, view.decision.rotation.introduced, axis),
        readiness: readiness(course, view.decision.rotation.introduced, axis),
        readiness_label: readiness_label(course, axis),
        what_if: what_if(course, axis, max),
        what_if_label: format!(
            "If the old version had been revoked: at most {} after it",
            count(max, "use")
        ),
        what_if_max: number(max),
    }
}

fn ticks(axis: Axis) -> Vec<AxisTick> {
    let steps = [1, 5, 15, 30, 60, 180, 360, 720, 1_440, 2_880, 7_200, 14_400, 43_200, 129_600];
    let minutes = axis.span.length().0 / Duration::MINUTE.0;
    let step = steps.into_iter().find(|step| minutes / step <= 8).unwrap_or(525_600);
    let step = step * Duration::MINUTE.0;
    let mut ticks = Vec::new();
    let mut at = Timestamp(axis.span.from.0.div_euclid(step) * step + step);
    while at < axis.span.to {
        let full = time(Zone::default(), at);
        let text = if step < Duration::DAY.0 { full.get(5..16) } else { full.get(5..10) };
        let parity = if ticks.len() % 2 == 1 { "odd" } else { "even" };
        ticks.push(AxisTick { x: axis.x(at), text: text.unwrap_or_default().to_owned(), parity });
        at = at + Duration(step);
    }
    ticks
}

fn instants(view: &View<'_>, axis: Axis) -> Vec<TimeLine> {
    let rotation = &view.decision.rotation;
    let instants = [
        ("introduced", Some(rotation.introduced), "new version introduced", "introduced"),
        ("target", rotation.revoke_target, "planned revocation", "planned"),
        ("revoked", rotation.revoked, "old version revoked", "revoked"),
        ("as-of", Some(view.decision.as_of), "as of", "as of"),
    ];
    let within = instants.into_iter().filter_map(|(class, at, what, label)| {
        let at = at.filter(|at| axis.span.contains(*at))?;
        let anchor = if axis.part(at) > 60.0 { "end" } else { "start" };
        Some(TimeLine {
            class,
            x: axis.x(at),
            y: 0,
            anchor,
            label,
            title: format!("{what}, {}", axis.time(at)),
        })
    });
    let lines = (1..).zip(within);
    lines.map(|(line, at)| TimeLine { y: line * LABEL_HEIGHT - 3, ..at }).collect()
}

/// The lanes in the order of the matrix. Undeclared consumers come first, since nobody looks after them.
fn lanes(
    course: &Course,
    classes: &[ClassRow],
    introduced: Timestamp,
    axis: Axis,
) -> Vec<PlotLane> {
    let undeclared = course.lanes.iter().filter(|lane| lane.class.is_none());
    let declared = classes.iter().filter_map(|row| Some((row, course.lanes.get(row.position)?)));
    let mut lanes: Vec<PlotLane> =
        undeclared.map(|lane| of_lane(lane, None, introduced, axis)).collect();
    lanes.extend(declared.map(|(row, lane)| {
        let row = LaneRow {
            anchor: row.anchor.clone(),
            name: row.name.clone(),
            path: row.path.clone(),
            owner: row.owner.clone(),
            verdict: row.verdict,
            position: row.position,
            old_use: row.old_use,
            members: row.members.lanes.iter().map(|one| member(one, axis)).collect(),
            members_count: row.members.count.clone(),
            members_more: row.members.more.clone(),
        };
        of_lane(lane, Some(row), introduced, axis)
    }));
    lanes
}

fn of_lane(lane: &Lane, row: Option<LaneRow>, introduced: Timestamp, axis: Axis) -> PlotLane {
    let style = |mark: &Mark| mark_style(mark, lane.alarm, introduced);
    let name = row.as_ref().map_or("undeclared consumers", |row| row.name.as_str());
    let traces = Trace::ALL.into_iter().filter_map(|trace| {
        let marks = lane.marks.iter().filter(|mark| mark.trace == trace);
        let (n, last) =
            marks.fold((0, None), |(n, last), mark| (n + mark.count, last.max(Some(mark.span.to))));
        Some(format!("{} {}, last {}", number(n), wording::trace(trace), axis.time(last?)))
    });
    let traces: Vec<String> = traces.collect();
    let traces = if traces.is_empty() { "nothing seen".to_owned() } else { traces.join("; ") };
    PlotLane {
        label: format!("{name}: {traces}"),
        row,
        holes: lane.holes.iter().map(|hole| axis.span(*hole, "not recorded")).collect(),
        marks: lane.marks.iter().map(|mark| of_mark(mark, style(mark), axis)).collect(),
    }
}

/// When it last used the old version, until when it must be silent, and its first success with the new one.
fn member(of: &Member, axis: Axis) -> MemberLane {
    let mut marks = Vec::new();
    let mut mark = |(class, y), what: &str, from: Timestamp, to: Timestamp| {
        let title = if from == to {
            format!("{what}, {}", axis.time(from))
        } else {
            format!("{what}, {} to {}", axis.time(from), axis.time(to))
        };
        let end = axis.part(to).max(axis.part(from) + 0.01);
        marks.push(PlotMark { class, x: axis.x(from), end: format!("{end:.3}"), y, title });
    };
    if let Some((from, to)) = of.last_old_use.zip(of.until) {
        mark(("wait", 14), "must be silent", from, to);
    }
    if let Some(at) = of.last_old_use {
        mark(style(Trace::Old), "last old use", at, at);
    }
    if let Some(at) = of.first_new_success {
        mark(style(Trace::New), "first new success", at, at);
    }
    let titles: Vec<&str> = marks.iter().map(|mark| mark.title.as_str()).collect();
    MemberLane {
        label: format!("{}, {}: {}", of.name, of.state.1, titles.join("; ")),
        name: of.name.clone(),
        state: of.state,
        marks,
    }
}

/// How a mark is styled, and what its title adds to its kind.
fn mark_style(mark: &Mark, alarm: Alarm, introduced: Timestamp) -> (&'static str, &'static str) {
    let is_before = mark.span.to < introduced;
    match alarm {
        Alarm::SinceChange | Alarm::Never if mark.trace == Trace::Failure && is_before => {
            ("usual", ", before the change")
        }
        Alarm::Never if mark.trace == Trace::Failure => {
            ("usual", ", as often as before the change")
        }
        _ => (style(mark.trace).0, ""),
    }
}

fn of_mark(mark: &Mark, (class, adds): (&'static str, &str), axis: Axis) -> PlotMark {
    let y = style(mark.trace).1;
    let Span { from, to } = mark.span;
    let when = if from == to {
        axis.time(from)
    } else {
        format!("{} to {}", axis.time(from), axis.time(to))
    };
    let what = wording::trace(mark.trace);
    let title = format!("{what}{adds}: {}, {when}", number(mark.count));
    // Some browsers do not draw a line without length.
    let end = (axis.part(to)).max(axis.part(from) + 0.01);
    PlotMark { class, x: axis.x(from), end: format!("{end:.3}"), y, title }
}

/// The bar of a point starts at the point before it, the first bar at the change.
fn readiness(course: &Course, introduced: Timestamp, axis: Axis) -> Vec<Bar> {
    let mut from = course.readiness.first().map_or(course.span.from, |first| first.at);
    if let [first, second, ..] = course.readiness.as_slice() {
        from = (first.at - (second.at - first.at)).max(introduced);
    }
    let mut bars = Vec::new();
    for point in &course.readiness {
        let (class, height) = match point.verdict {
            Verdict::NotReady => ("not_ready", 21),
            Verdict::Inconclusive => ("inconclusive", 52),
            Verdict::Ready => ("ready", 90),
        };
        let (blocks, withholds) = (number(point.blocks), number(point.withholds));
        let span = Span { from, to: point.at };
        let title = format!(
            "{}: {}; {blocks} block, {withholds} leave it undecided",
            axis.time(point.at),
            wording::verdict(point.verdict)
        );
        let width = axis.width(span);
        bars.push(Bar { class, x: axis.x(from), width, y: CURVE_HEIGHT - height, height, title });
        from = point.at;
    }
    bars
}

fn readiness_label(course: &Course, axis: Axis) -> String {
    let mut changes: Vec<String> = Vec::new();
    let mut last = None;
    for point in &course.readiness {
        if last != Some(point.verdict) {
            let word = wording::verdict(point.verdict);
            changes.push(format!("{word} from {}", axis.time(point.at)));
            last = Some(point.verdict);
        }
    }
    format!("The verdict at each time: {}", changes.join("; "))
}

fn what_if(course: &Course, axis: Axis, max: u64) -> Vec<Bar> {
    let step = course.what_if.len().div_ceil(BARS_MAX).max(1);
    // Of points that share a bar the worst is shown.
    let worst = |points: &[CurvePoint]| {
        let most = points.iter().max_by_key(|point| point.events);
        points
            .first()
            .zip(most)
            .map(|(first, most)| CurvePoint { revoke_at: first.revoke_at, ..*most })
    };
    let points: Vec<_> = course.what_if.chunks(step).filter_map(worst).collect();
    let next = points.iter().skip(1).map(|point| point.revoke_at).chain([course.span.to]);
    let bars = points.iter().zip(next).filter(|(point, _)| point.events > 0).map(|(point, to)| {
        let height = (point.events * (CURVE_HEIGHT - 6)).div_ceil(max.max(1));
        let title = format!(
            "revoked at {}: {} of {} after it",
            axis.time(point.revoke_at),
            count(point.events, "use"),
            count(point.classes, "class")
        );
        let width = axis.width(Span { from: point.revoke_at, to });
        let x = axis.x(point.revoke_at);
        Bar { class: "cost", x, width, y: CURVE_HEIGHT - height, height, title }
    });
    bars.collect()
}
