/*! Advice on a plan, from the facts of a report: models, the order of moves, splits, and markers that nobody logs. It
 * gives no verdict.
 */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::activity::{self, count, keep};
use super::case::Case;
use super::class::ClassCase;
use super::{cutover, failure, phrases};
use crate::model::advice::{
    Advice, ModelAdvice, NextMove, Split, SplitBy, SplitGroup, Turn, Unmarked,
};
use crate::model::coverage::StreamId;
use crate::model::cutover::ModelView;
use crate::model::facts::{Activity, Facts};
use crate::model::ledger::Truth;
use crate::model::{Duration, MarkerShown, PathKind, Refresh};
use crate::plan::{CutoverModel, Plan};
use crate::wording::length;

/// The profile that reads a log source, and the fields in which it looks for a marker.
pub type MarkerFields = BTreeMap<StreamId, (String, Vec<String>)>;

/// What the facts advise as of their instant.
pub fn advise(plan: &Plan, facts: &Facts, fields: &MarkerFields) -> Advice {
    let case = Case::new(plan, facts);
    let judged: Vec<&ClassCase> = case.judged().collect();
    let mut order: Vec<(usize, NextMove)> = judged
        .iter()
        .enumerate()
        .filter_map(|(position, class)| Some((position, next_move(&case, class)?)))
        .collect();
    // Within a turn the slowest goes first, since its silence takes longest, then the one with the most members left.
    order.sort_by_key(|(position, one)| {
        (one.turn, Reverse(one.every), Reverse(one.members), *position)
    });
    let order: Vec<NextMove> = order.into_iter().map(|(_, one)| one).collect();
    let is_open = |name: &str| order.iter().any(|one| one.consumer == name);
    let moved = judged.iter().map(|class| class.name()).filter(|name| !is_open(name));
    let wait = judged.iter().map(|class| class.silence.needed).max().unwrap_or_default();
    Advice {
        credential: plan.credential.name.clone(),
        as_of: case.as_of,
        models: models(&case),
        fitting: cutover::fitting(&case).map(|(model, _)| model.word()),
        moved: moved.map(str::to_owned).collect(),
        order,
        wait,
        splits: splits(&judged, wait),
        unmarked: unmarked(&case, &judged, fields),
        unread: Vec::new(),
    }
}

fn models(case: &Case) -> Vec<ModelAdvice> {
    let declared = &case.plan.rotation.models;
    let of_model = |(model, view): (CutoverModel, ModelView)| ModelAdvice {
        model: view.model,
        is_declared: declared.contains(&model),
        state: view.state,
        why: view.why,
    };
    cutover::all(case).into_iter().map(of_model).collect()
}

/// Nothing, if it works on the new version and so does each member that used the old one.
fn next_move(case: &Case, class: &ClassCase) -> Option<NextMove> {
    let open = class.holders.followed.iter().filter(|holder| holder.state.is_open());
    // Values that show the same old uses are one member.
    let members: BTreeSet<_> = open
        .map(|holder| {
            let fact = holder.fact;
            (fact.first_old.map(|at| at.row), holder.last.row, fact.old_uses)
        })
        .collect();
    let members = members.len() as u64;
    let refused = keep(&class.in_window(), failure::is_refusal);
    let is_refused = activity::latest(&refused).is_some_and(|refused| {
        class.fresh.is_none_or(|fresh| fresh.earliest() <= refused.last.latest())
    });
    let turn = match (is_refused, class.truth, class.consumer.path) {
        (true, ..) => Turn::Refused,
        (false, Truth::Old | Truth::Mixed, PathKind::Primary) => Turn::PrimaryOnOld,
        (false, Truth::Old | Truth::Mixed, PathKind::Background) => Turn::BackgroundOnOld,
        (false, Truth::Old | Truth::Mixed, PathKind::Exception) => Turn::ExceptionOnOld,
        (false, Truth::New, _) if members > 0 => Turn::Member,
        (false, Truth::New, _) => return None,
        (false, Truth::Unknown, _) => Turn::Unseen,
    };
    Some(NextMove {
        consumer: class.name().to_owned(),
        path: class.consumer.path,
        turn,
        members,
        every: class.cadence.declared.max(class.cadence.gap()),
        needed: class.silence.needed,
        step: step(case, class, turn),
    })
}

fn step(case: &Case, class: &ClassCase, turn: Turn) -> String {
    let new = phrases::new_versions(case);
    if turn == Turn::Member {
        return format!("run each member that the report lists once on {new}, or show its end");
    }
    match class.consumer.refresh {
        Some(Refresh::PerRequest) => format!("give it {new}: it reads the value at each request"),
        Some(Refresh::PerRun) => format!("give it {new}, and run it once"),
        Some(Refresh::OnStart) => format!("give it {new}, and restart each instance"),
        Some(Refresh::AtLaunch) => format!("relaunch it with {new}"),
        Some(Refresh::Cached) => format!("give it {new}, and refresh or restart each instance"),
        None => format!("find out how it takes a new value, and give it {new}"),
    }
}

/// The ways to split that shorten the wait of somebody. The one with the smallest sum of waits is the best; of equal
/// ones, that with the fewest groups.
fn splits(judged: &[&ClassCase], wait: Duration) -> Vec<Split> {
    let mut splits: Vec<(i64, usize, Split)> = SplitBy::ALL
        .into_iter()
        .filter_map(|by| {
            let split = Split { by, groups: groups(judged, by) };
            let waits =
                |group: &SplitGroup| group.consumers.iter().map(|_| group.wait.0).sum::<i64>();
            let gains = split.groups.iter().any(|group| group.wait < wait);
            let sum = split.groups.iter().map(waits).sum();
            (split.groups.len() > 1 && gains).then_some((sum, split.groups.len(), split))
        })
        .collect();
    splits.sort_by_key(|(sum, groups, split)| (*sum, *groups, split.by));
    splits.into_iter().map(|(_, _, split)| split).collect()
}

fn groups(judged: &[&ClassCase], by: SplitBy) -> Vec<SplitGroup> {
    let mut groups: Vec<SplitGroup> = Vec::new();
    for class in judged {
        let (name, wait) = (common(class, by), class.silence.needed);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => {
                group.consumers.push(class.name().to_owned());
                group.wait = group.wait.max(wait);
            }
            None => {
                groups.push(SplitGroup { name, consumers: vec![class.name().to_owned()], wait });
            }
        }
    }
    groups.sort_by_key(|group| group.wait);
    groups
}

/// What a consumer has in common with the others of its group.
fn common(class: &ClassCase, by: SplitBy) -> String {
    let consumer = class.consumer;
    match by {
        SplitBy::Rhythm => rhythm(class.cadence.declared.max(class.cadence.gap())),
        SplitBy::Refresh => match consumer.refresh {
            Some(refresh) => refresh.word().to_owned(),
            None => "refresh not declared".to_owned(),
        },
        SplitBy::Owner => consumer.owner.clone().unwrap_or_else(|| "no owner".to_owned()),
        SplitBy::Path => consumer.path.word().to_owned(),
    }
}

fn rhythm(every: Option<Duration>) -> String {
    let bounds = [Duration::HOUR, Duration::DAY, Duration::DAY.scaled(7, 1)];
    match every {
        None => "no known rhythm".to_owned(),
        Some(every) => match bounds.into_iter().find(|bound| every <= *bound) {
            Some(bound) => format!("at least every {}", length(bound)),
            None => "more rarely than every 7 d".to_owned(),
        },
    }
}

/// Attempts that show no marker at all, by consumer and log source. Another credential is a marker too.
fn unmarked(case: &Case, judged: &[&ClassCase], fields: &MarkerFields) -> Vec<Unmarked> {
    let of_class = |class: &&ClassCase| -> Vec<Unmarked> {
        let mut sources: BTreeMap<StreamId, Vec<&Activity>> = BTreeMap::new();
        for row in class.tries.iter().filter(|row| !row.degraded) {
            sources.entry(row.stream).or_default().push(row);
        }
        let bare = |row: &Activity| row.shown == MarkerShown::None && !row.binding.proves();
        let found = sources.into_iter().filter_map(|(stream, rows)| {
            let attempts = count(&keep(&rows, bare));
            let (profile, names) = fields.get(&stream).cloned().unwrap_or_default();
            (attempts > 0).then(|| Unmarked {
                consumer: class.name().to_owned(),
                source: case.stream_names(&[stream]).concat(),
                profile,
                fields: names,
                attempts,
                of: count(&rows),
            })
        });
        found.collect()
    };
    let mut unmarked: Vec<Unmarked> = judged.iter().flat_map(of_class).collect();
    unmarked.sort_by_key(|one| Reverse(one.attempts));
    unmarked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::tests::{World, h, row};
    use crate::model::cutover::ModelState;

    fn advice(world: &World) -> Advice {
        advise(&world.plan, &world.finished(), &MarkerFields::new())
    }

    fn order(advice: &Advice) -> Vec<(&str, Turn)> {
        advice.order.iter().map(|one| (&*one.consumer, one.turn)).collect()
    }

    #[test]
    fn the_refused_move_first_then_the_primary_path() {
        let world = World::new().class("cron").class("web").class("tool").class("done");
        let world = world.consumer("cron", |c| c.path = PathKind::Background);
        let world = world.consumer("tool", |c| c.path = PathKind::Exception);
        let world = world.old("cron", "", h(60)).old("web", "", h(60)).old("tool", "", h(60));
        let world = world.old("done", "", h(-9)).new_ok("done", "", h(60));
        let calm = advice(&world);
        assert_eq!(
            order(&calm),
            [
                ("web", Turn::PrimaryOnOld),
                ("cron", Turn::BackgroundOnOld),
                ("tool", Turn::ExceptionOnOld),
            ]
        );
        assert_eq!(calm.moved, ["done"]);
        let refused = world.put(row("tool").refused().at(h(61)));
        assert_eq!(order(&advice(&refused))[0], ("tool", Turn::Refused));
    }

    #[test]
    fn within_a_turn_the_slowest_moves_first() {
        let world = World::new().class("fast").class("slow").old("fast", "", h(60));
        let world = world.old("slow", "", h(60));
        let world = world.consumer("slow", |c| c.every = Some(Duration::DAY));
        assert_eq!(
            order(&advice(&world)).iter().map(|one| one.0).collect::<Vec<_>>(),
            ["slow", "fast"]
        );
    }

    #[test]
    fn a_split_is_advised_only_if_it_shortens_a_wait() {
        let alike = World::ready();
        assert!(advice(&alike).splits.is_empty());
        let apart = World::new().class("a").class("b").old("a", "", h(1)).old("b", "", h(1));
        let apart = apart.consumer("b", |c| {
            c.every = Some(Duration::DAY.scaled(30, 1));
            c.owner = Some("others".to_owned());
        });
        let advised = advice(&apart);
        let by: Vec<SplitBy> = advised.splits.iter().map(|split| split.by).collect();
        assert_eq!(by, [SplitBy::Rhythm, SplitBy::Owner]);
        let [first, last] = advised.splits[0].groups.as_slice() else { panic!("two groups") };
        assert_eq!(
            (&*first.consumers, &*last.consumers),
            (&["a".to_owned()][..], &["b".to_owned()][..])
        );
        assert!(first.wait < advised.wait && last.wait == advised.wait);
    }

    #[test]
    fn each_model_is_judged_and_the_declared_ones_are_marked() {
        let world =
            World::ready().plan(|plan| plan.rotation.models = vec![CutoverModel::DualValid]);
        let found = advice(&world);
        let declared: Vec<&str> =
            found.models.iter().filter(|one| one.is_declared).map(|one| one.model).collect();
        assert_eq!((found.models.len(), declared), (4, vec!["dual-valid"]));
        let fitting = found.models.iter().find(|one| Some(one.model) == found.fitting);
        assert!(fitting.is_some_and(|one| one.state == ModelState::Fits));
        assert_eq!(advice(&World::new().class("w").old("w", "", h(-9))).fitting, None);
    }

    #[test]
    fn attempts_without_a_marker_are_counted_for_each_log_source() {
        let world = World::ready().put(row("w").unversioned().at(h(50)));
        let found = advice(&world).unmarked;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].consumer.as_str(), found[0].attempts), ("w", 1));
        assert!(found[0].of > 1);
        assert!(advice(&World::ready()).unmarked.is_empty());
        assert!(advice(&World::ready().put(row("w").foreign().at(h(50)))).unmarked.is_empty());
    }
}
