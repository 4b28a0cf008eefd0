/*! `model-mismatch`: what was seen does not fit the way of cutting over that the plan declares. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::cutover::{self, JudgedModel};
use crate::model::cutover::ModelState;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("model-mismatch"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let declared = cutover::declared(case);
    let violated = declared.iter().filter(|model| model.view.state == ModelState::Violated);
    violated.map(|model| rule.finding(None, claim(case, model))).collect()
}

fn claim(case: &Case, model: &JudgedModel) -> Claim {
    let (name, why) = (model.view.model, &model.view.why);
    let fitting = cutover::fitting(case).filter(|(fitting, _)| fitting.word() != name);
    let fits = fitting.as_ref().map_or_else(
        || "no other model fits either".to_owned(),
        |(fitting, why)| format!("`{}` fits: {why}", fitting.word()),
    );
    let change = fitting.map_or_else(
        || "finish the moves, or find out what keeps them apart from the plan".to_owned(),
        |(fitting, _)| {
            format!("declare `{}`, or find out why the rotation left the plan", fitting.word())
        },
    );
    let site = case.plan.place(case.plan.rotation.site);
    Claim {
        summary: format!("the plan says `{name}`, and {why}; {fits}"),
        remedy: change,
        cites: Cites::plan(site).and_rows(model.cites.iter().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, minutes, row};
    use crate::model::cutover::{ModelState, ModelView, MoveState};
    use crate::model::finding::Severity;
    use crate::model::{Duration, State, Timestamp};
    use crate::plan::CutoverModel;

    fn with(world: World, model: CutoverModel) -> World {
        world.plan(|plan| plan.rotation.models = vec![model])
    }

    fn view(world: &World) -> ModelView {
        world.decide().models.remove(0)
    }

    fn state(world: &World) -> ModelState {
        view(world).state
    }

    /// One class that used both versions until that instant after its first success on the new one, at `h(1)`.
    fn atomic(until: Timestamp) -> World {
        let world = World::ready().consumer("w", |c| c.session_max = Some(hours(2)));
        with(world.old("w", "i1", until), CutoverModel::Atomic)
    }

    #[test]
    fn both_versions_for_longer_than_a_session_and_the_skew_are_not_atomic() {
        let narrow = hours(2) + minutes(1);
        // Boundary: both versions for a session and the skew, and a microsecond longer.
        atomic(h(1) + narrow).silent(&RULE);
        assert_eq!(state(&atomic(h(1) + narrow)), ModelState::Fits);
        let world = atomic(h(1) + narrow + Duration(1));
        let finding = world.fires(&RULE);
        assert_eq!(cited(&finding), [h(1), h(3) + minutes(1) + Duration(1)]);
        assert_eq!(
            finding.summary,
            "the plan says `atomic`, and `w` succeeded on both versions for 2 h 1 min, from 2026-03-02T10:00:00Z to 2026-03-02T12:01:00.000001Z: more than its session and the skew together, 2 h 1 min; `dual-valid` fits: both versions were in use for 2 h 1 min, from 2026-03-02T10:00:00Z to 2026-03-02T12:01:00.000001Z, and none of it lies in the window"
        );
        assert_eq!((finding.class, finding.severity), (None, Severity::Advises));
    }

    #[test]
    fn a_class_on_old_long_after_another_moved_is_not_atomic() {
        let late = |until| {
            let world = World::ready().class("v").old("v", "j1", until).new_ok(
                "v",
                "j1",
                until + minutes(1),
            );
            with(world, CutoverModel::Atomic)
        };
        assert_eq!(state(&late(h(1) + minutes(1))), ModelState::Fits);
        late(h(1) + minutes(1) + Duration(1)).fires(&RULE);
        let waiting = with(World::ready().class("v").old("v", "j1", h(-1)), CutoverModel::Atomic);
        assert_eq!(state(&waiting), ModelState::Open);
        assert!(view(&waiting).why.starts_with("`v` has not succeeded"), "{}", view(&waiting).why);
    }

    #[test]
    fn an_old_version_that_is_refused_is_not_dual_valid() {
        let dual = |world: World| with(world, CutoverModel::DualValid);
        assert_eq!(state(&dual(World::ready())), ModelState::Fits);
        assert_eq!(state(&dual(World::ready().old("w", "i2", h(50)))), ModelState::Open);
        let refused = |world: World| dual(world.put(row("w").old().refused().on("i2").at(h(20))));
        let finding = refused(World::ready()).fires(&RULE);
        assert!(
            finding.summary.contains("refused since 2026-03-03T05:00:00Z"),
            "{}",
            finding.summary
        );
        refused(World::ready().old("w", "i3", h(20))).silent(&RULE);
        let revoked = |at| refused(World::ready()).plan(|plan| plan.rotation.revoked = Some(at));
        revoked(h(20) - Duration(1)).silent(&RULE);
        revoked(h(20)).fires(&RULE);
    }

    #[test]
    fn an_alias_that_moved_back_or_that_nobody_follows_is_violated() {
        let alias = |world: World| with(world, CutoverModel::VersionedAlias);
        let moved = || World::ready().configured("w", None, State::New, h(0));
        assert_eq!(state(&alias(World::ready())), ModelState::Open, "behaviour moves no alias");
        assert_eq!(state(&alias(moved())), ModelState::Fits);
        assert_eq!(state(&alias(moved().class("v").old("v", "j1", h(-1)))), ModelState::Open);
        let back = alias(moved().configured("w", None, State::Old, h(5)));
        assert!(back.fires(&RULE).summary.contains("says old again at 2026-03-02T14:00:00Z"));
        let used = |at| alias(moved().old("w", "i1", at));
        let skew = minutes(1);
        used(h(0) + skew).silent(&RULE);
        let finding = used(h(0) + skew + Duration(1)).fires(&RULE);
        assert!(finding.summary.contains("had to follow within 1 min"), "{}", finding.summary);
        // How long a process may keep what it read is not known.
        let kept = |c: &mut crate::plan::Consumer| {
            (c.refresh, c.session_max) = (Some(crate::model::Refresh::OnStart), None);
        };
        used(h(20)).consumer("w", kept).silent(&RULE);
    }

    #[test]
    fn classes_that_move_at_the_same_time_are_not_one_after_the_other() {
        let both = |until| {
            let world = World::ready().old("w", "i1", until).class("v").old("v", "j1", h(-1));
            with(world.new_ok("v", "j1", h(5)), CutoverModel::ConsumerByConsumer)
        };
        let skew = minutes(1);
        assert_eq!(state(&both(h(5))), ModelState::Fits);
        both(h(5) + skew).silent(&RULE);
        let finding = both(h(5) + skew + Duration(1)).fires(&RULE);
        assert!(finding.summary.contains("`v` began to move at 2026-03-02T14:00:00Z, while `w`"));
    }

    #[test]
    fn consumer_by_consumer_names_the_order_and_the_next() {
        let world =
            World::ready().class("v").old("v", "j1", h(-1)).class("u").old("u", "k1", h(-1));
        let world = with(world.new_ok("u", "k1", h(9)), CutoverModel::ConsumerByConsumer);
        let view = view(&world);
        let order: Vec<(u16, MoveState)> =
            view.order.iter().map(|one| (one.class.0, one.state)).collect();
        let expected = [(0, MoveState::Moved), (2, MoveState::Moved), (1, MoveState::Waiting)];
        assert_eq!((order.as_slice(), view.state), (expected.as_slice(), ModelState::Open));
        assert_eq!(view.next, Some(world.id("v")));
        assert_eq!(view.why, "2 of 3 consumers moved so far, and `v` is the next to move");
    }

    #[test]
    fn before_the_change_and_without_a_model_nothing_is_said() {
        let planned = atomic(h(90)).judged_at(h(-1));
        planned.silent(&RULE);
        assert_eq!(state(&planned), ModelState::Open);
        let none = World::ready().old("w", "i1", h(90)).plan(|plan| plan.rotation.models.clear());
        none.silent(&RULE);
        assert_eq!(none.decide().models, []);
    }
}
