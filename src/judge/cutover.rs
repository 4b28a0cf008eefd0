/*! The ways of cutting over that a plan can declare, each held against the records: what it promises, what it rules
 * out, and what is not seen yet. Everything counts per class, for those whose move is to be proven.
 */

use super::activity::{self, keep};
use super::case::Case;
use super::class::ClassCase;
use crate::model::cutover::{ClassMove, ModelState, ModelView, MoveState};
use crate::model::decision::Mode;
use crate::model::facts::{Activity, Statement};
use crate::model::{At, Duration, Layer, Refresh, State, Timestamp};
use crate::plan::CutoverModel;
use crate::wording::{length, length_up, list};

/// What was found about one model: whether it holds, and the sentence that says why.
struct Held {
    state: ModelState,
    why: String,
    cites: Vec<At>,
}

/// A model with the rows on which its state rests.
pub struct JudgedModel {
    /// What the report says of it.
    pub view: ModelView,
    /// The rows that decide.
    pub cites: Vec<At>,
}

/// The declared models, in the plan's order.
pub fn declared(case: &Case) -> Vec<JudgedModel> {
    case.plan.rotation.models.iter().map(|model| judged(case, *model)).collect()
}

/// Every model, declared or not, in the order of plans.
pub fn all(case: &Case) -> Vec<(CutoverModel, ModelView)> {
    let models = [
        CutoverModel::Atomic,
        CutoverModel::DualValid,
        CutoverModel::VersionedAlias,
        CutoverModel::ConsumerByConsumer,
    ];
    models.into_iter().map(|model| (model, judged(case, model).view)).collect()
}

/// The model that fits what was seen, and why. `None` if no class has moved yet.
pub fn fitting(case: &Case) -> Option<(CutoverModel, String)> {
    // From the one that promises most to the one that promises least. One class alone has no order.
    let has_order = case.judged().count() > 1;
    let strict =
        [CutoverModel::VersionedAlias, CutoverModel::Atomic, CutoverModel::ConsumerByConsumer];
    let strict =
        strict.into_iter().filter(|model| has_order || *model != CutoverModel::ConsumerByConsumer);
    let fits = |model: CutoverModel| {
        let view = judged(case, model).view;
        (view.state == ModelState::Fits).then_some((model, view.why))
    };
    let both = || {
        let view = judged(case, CutoverModel::DualValid).view;
        let has_begun = case.judged().any(|class| class.first_new_success.is_some());
        (view.state != ModelState::Violated && has_begun)
            .then_some((CutoverModel::DualValid, view.why))
    };
    strict.into_iter().find_map(fits).or_else(both)
}

fn judged(case: &Case, model: CutoverModel) -> JudgedModel {
    let held = if case.mode == Mode::Planned {
        open(format!(
            "the new version is introduced at {}, and nothing moves before",
            case.introduced
        ))
    } else if case.judged().next().is_none() {
        open("no consumer is asked to prove its move".to_owned())
    } else {
        match model {
            CutoverModel::Atomic => atomic(case),
            CutoverModel::DualValid => dual_valid(case),
            CutoverModel::VersionedAlias => alias(case),
            CutoverModel::ConsumerByConsumer => one_by_one(case),
        }
    };
    let order = if model == CutoverModel::ConsumerByConsumer { moves(case) } else { Vec::new() };
    let next = order.iter().find(|one| one.state != MoveState::Moved).map(|one| one.class);
    let Held { state, why, cites } = held;
    JudgedModel { view: ModelView { model: model.word(), state, why, order, next }, cites }
}

fn open(why: String) -> Held {
    Held { state: ModelState::Open, why, cites: Vec::new() }
}

fn fits(why: String, cites: Vec<At>) -> Held {
    Held { state: ModelState::Fits, why, cites }
}

fn violated(why: String, cites: Vec<At>) -> Held {
    Held { state: ModelState::Violated, why, cites }
}

/// The last success with the old version.
fn last_old_success<'a>(class: &ClassCase<'a>) -> Option<&'a Activity> {
    activity::latest(&keep(&class.old_uses, activity::is_success))
}

/// The classes without a success on the new version.
fn waiting(case: &Case) -> Vec<String> {
    let waiting = case.judged().filter(|class| class.first_new_success.is_none());
    waiting.map(|class| format!("`{}`", class.name())).collect()
}

fn session(class: &ClassCase) -> Duration {
    class.consumer.session_max.unwrap_or_default()
}

/// All classes move within one narrow window: that of the skew and the longest session. No class works on both versions
/// for longer than the skew and its own session.
fn atomic(case: &Case) -> Held {
    let first = case
        .judged()
        .filter_map(|class| Some((class.first_new_success?, class)))
        .min_by_key(|(at, _)| (at.earliest(), at.row));
    let Some((first, leader)) = first else {
        return open("no consumer has succeeded on the new version yet".to_owned());
    };
    let overlaps = case.judged().filter_map(|class| {
        let (new, old) = (class.first_new_success?, last_old_success(class)?.last);
        let narrow = class.consumer.limits.skew + session(class);
        let overlap = old.latest() - new.earliest();
        (overlap > narrow).then_some((overlap, narrow, class, new, old))
    });
    if let Some((overlap, narrow, class, new, old)) = overlaps.max_by_key(|found| found.0) {
        let why = format!(
            "`{}` succeeded on both versions for {}, from {} to {}: more than its session and the skew together, {}",
            class.name(),
            length(overlap),
            new.earliest(),
            old.latest(),
            length_up(narrow),
        );
        return violated(why, vec![new, old]);
    }
    let skew = case.judged().map(|class| class.consumer.limits.skew).max().unwrap_or_default();
    let narrow = skew + case.judged().map(session).max().unwrap_or_default();
    let late = case.judged().filter_map(|class| Some((last_old_success(class)?.last, class)));
    let late = late.filter(|(old, _)| old.latest() > first.earliest() + narrow);
    if let Some((old, class)) = late.max_by_key(|(old, _)| old.latest()) {
        let why = format!(
            "`{}` succeeded on the new version from {} on, and `{}` on the old one until {}, {} later: more than the \
             longest session and the skew together, {}",
            leader.name(),
            first.earliest(),
            class.name(),
            old.latest(),
            length(old.latest() - first.earliest()),
            length_up(narrow),
        );
        return violated(why, vec![first, old]);
    }
    let waiting = waiting(case);
    if !waiting.is_empty() {
        return open(format!("{} not succeeded on the new version yet", have(&waiting)));
    }
    let why = format!(
        "no consumer succeeded on the old version later than {} after the first success on the new one, at {}",
        length_up(narrow),
        first.earliest(),
    );
    fits(why, case.judged().filter_map(|class| class.first_new_success).collect())
}

/// Both versions work side by side until the last class has moved: the time of both is measured, and it ends.
fn dual_valid(case: &Case) -> Held {
    let until = case.revoked.unwrap_or(case.as_of);
    let refused = case.judged().flat_map(|class| {
        keep(&class.old_uses, |row| {
            activity::is_auth_failure(row)
                && row.first.earliest() >= case.introduced
                && row.last.latest() <= until
        })
    });
    let refused: Vec<&Activity> = refused.collect();
    let worked = case.judged().filter_map(last_old_success).map(|row| row.last.latest()).max();
    if let Some(first) = activity::earliest(&refused)
        .filter(|first| worked.is_none_or(|worked| worked < first.first.earliest()))
    {
        let why = format!(
            "the old version is refused since {}, and no success on it is logged after that: it is no longer valid",
            first.first.earliest()
        );
        return violated(why, vec![first.first]);
    }
    let first = case.judged().filter_map(|class| class.first_new_success);
    let Some(first) = first.min_by_key(|at| (at.earliest(), at.row)) else {
        return open("no consumer has succeeded on the new version yet".to_owned());
    };
    let last = case.judged().filter_map(|class| class.last_old_use).max_by_key(|at| at.latest());
    let used = match last {
        Some(last) if last.latest() > first.earliest() => format!(
            "both versions were in use for {}, from {} to {}",
            length(last.latest() - first.earliest()),
            first.earliest(),
            last.latest()
        ),
        Some(_) | None => {
            format!(
                "no old use is logged after the first success on the new version, at {}",
                first.earliest()
            )
        }
    };
    let cites = [Some(first), last].into_iter().flatten().collect();
    let waiting = waiting(case);
    let in_window = last.is_some_and(|last| last.latest() >= case.window.from);
    if !waiting.is_empty() {
        Held {
            cites,
            ..open(format!("{used}; {} not succeeded on the new version yet", have(&waiting)))
        }
    } else if in_window {
        Held { cites, ..open(format!("{used}, and the last of it lies in the window")) }
    } else if last.is_some_and(|last| last.latest() > first.earliest()) {
        fits(format!("{used}, and none of it lies in the window"), cites)
    } else {
        fits(used, cites)
    }
}

/// A name points to the current version: that it moved is configuration, that processes followed is asked apart.
fn alias(case: &Case) -> Held {
    let of_state = |state: State| {
        case.judged()
            .flat_map(|class| class.statements.iter().copied())
            .filter(move |stated| stated.layer == Layer::Configuration && stated.state == state)
            .filter(|stated| stated.first.earliest() <= case.as_of)
    };
    let moved: Option<&Statement> = of_state(State::New)
        .filter(|stated| stated.last.latest() >= case.introduced)
        .min_by_key(|stated| (stated.first.earliest(), stated.first.row));
    let Some(moved) = moved else {
        return open(
            "no record of the configuration shows that the alias moved; what processes use proves no more than that they \
             moved"
                .to_owned(),
        );
    };
    let at = moved.first.earliest();
    let newest = of_state(State::New).map(|stated| stated.last.latest()).max();
    let back = of_state(State::Old).max_by_key(|stated| stated.last.latest());
    if let Some(back) = back.filter(|back| Some(back.last.latest()) > newest) {
        let why = format!(
            "the alias moved to the new version at {at}, and the configuration says old again at {}",
            back.last.latest()
        );
        return violated(why, vec![moved.first, back.last]);
    }
    if let Some((class, old, allowed)) = stuck(case, at) {
        let why = format!(
            "the alias moved at {at}, and `{}` still used the old version at {}, {} later: it had to follow within {}",
            class.name(),
            old.latest(),
            length(old.latest() - at),
            length_up(allowed),
        );
        return violated(why, vec![moved.first, old]);
    }
    let behind: Vec<String> = case
        .judged()
        .filter(|class| !has_followed(class, at))
        .map(|class| format!("`{}`", class.name()))
        .collect();
    if behind.is_empty() {
        let cites = case.judged().filter_map(|class| class.fresh.or(class.last_new_success));
        let cites = std::iter::once(moved.first).chain(cites).collect();
        return fits(
            format!("the alias moved at {at}, and every consumer was seen to follow"),
            cites,
        );
    }
    let why = format!("the alias moved at {at}; {} not been seen to follow since", have(&behind));
    Held { cites: vec![moved.first], ..open(why) }
}

/// The class that used the old version longest after the alias moved, although it had to follow.
fn stuck<'c, 'a>(
    case: &'c Case<'a>,
    moved: Timestamp,
) -> Option<(&'c ClassCase<'a>, At, Duration)> {
    let found = case.judged().filter_map(|class| {
        let reads_anew = class.consumer.refresh.is_some_and(Refresh::is_fresh_each_time);
        let session = if reads_anew { Some(session(class)) } else { class.consumer.session_max };
        let allowed = session? + class.consumer.limits.skew;
        let old = class.last_old_use?;
        (old.latest() - moved > allowed).then_some((class, old, allowed))
    });
    found.max_by_key(|(_, old, _)| old.latest())
}

/// Was a new version loaded or used since, and no old one after that?
fn has_followed(class: &ClassCase, moved: Timestamp) -> bool {
    let loaded = class.statements.iter().filter(|stated| {
        stated.layer == Layer::Runtime
            && stated.state == State::New
            && stated.last.latest() <= class.times.as_of
    });
    let loaded = loaded.map(|stated| stated.last.earliest());
    let used = class.last_new_success.map(At::earliest);
    let last = loaded.chain(used).max();
    last.is_some_and(|last| {
        last >= moved - class.consumer.limits.skew
            && class.last_old_use.is_none_or(|old| old.latest() < last)
    })
}

/// One class after the other: no class begins before the one before it is done.
fn one_by_one(case: &Case) -> Held {
    let moves = moves(case);
    let name = |one: &ClassMove| case.class(one.class).name();
    let started: Vec<&ClassMove> = moves.iter().filter(|one| one.began.is_some()).collect();
    if started.is_empty() {
        return open("no consumer has succeeded on the new version yet".to_owned());
    }
    let skew = case.judged().map(|class| class.consumer.limits.skew).max().unwrap_or_default();
    for (at, earlier) in started.iter().enumerate() {
        let Some(ended) = earlier.ended else { continue };
        let mut later = started.iter().skip(at + 1);
        let overtaken = later.find_map(|later| {
            let began = later.began.filter(|began| *began + skew < ended)?;
            Some((later, began))
        });
        if let Some((later, began)) = overtaken {
            let why = format!(
                "`{}` began to move at {began}, while `{}`, which began before it, used the old version until {ended}",
                name(later),
                name(earlier),
            );
            let cites =
                [case.class(earlier.class).last_old_use, case.class(later.class).first_new_success];
            return violated(why, cites.into_iter().flatten().collect());
        }
    }
    let cites = started.iter().filter_map(|one| case.class(one.class).first_new_success).collect();
    match moves.iter().find(|one| one.state != MoveState::Moved) {
        None => fits(
            "every consumer has moved, and none began before the one before it was done".to_owned(),
            cites,
        ),
        Some(next) => {
            let done = moves.iter().filter(|one| one.state == MoveState::Moved).count();
            let what = if next.state == MoveState::Moving {
                "has to finish its move"
            } else {
                "is the next to move"
            };
            let why = format!(
                "{done} of {} consumers moved so far, and `{}` {what}",
                moves.len(),
                name(next)
            );
            Held { cites, ..open(why) }
        }
    }
}

/// The moves in the order in which they began. Those that have not begun follow in the plan's order.
fn moves(case: &Case) -> Vec<ClassMove> {
    let mut moves: Vec<ClassMove> = case.judged().map(class_move).collect();
    moves.sort_by_key(|one| (one.began.is_none(), one.began));
    moves
}

fn class_move(class: &ClassCase) -> ClassMove {
    let began = class.first_new_success.map(At::earliest);
    let old = class.last_old_use.map(At::latest);
    let ended = old.filter(|old| began.is_some_and(|began| *old > began));
    let state = match (began, class.last_new_success) {
        (Some(_), Some(last)) if old.is_none_or(|old| old < last.earliest()) => MoveState::Moved,
        (None, _) => MoveState::Waiting,
        (Some(_), _) => MoveState::Moving,
    };
    ClassMove { class: class.id, state, began, ended }
}

/// `` `a` and `b` have ``, `` `a` has ``.
fn have(names: &[String]) -> String {
    format!("{} {}", list(names), if names.len() == 1 { "has" } else { "have" })
}
