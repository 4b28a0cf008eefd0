/*! `undeclared-consumer`: old use since the change by somebody whom the plan does not know. */

use holdover::judge::decide;
use holdover::model::Duration;
use holdover::model::decision::Verdict;
use holdover::plan::{MatchKey, MatchTable, Pattern, Site, Waiver};

use super::build::{World, cited, h, hours};

const RULE: &str = "undeclared-consumer";

#[test]
fn it_names_the_hints_and_the_line_to_paste() {
    let world = World::ready().undeclared("cron", &[h(-30), h(2), h(20)]);
    let world = world.facts(|facts| facts.undeclared[0].cadence = Some(hours(18)));
    let finding = world.fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(cited(&finding), [h(2), h(20)]);
    assert_eq!(
        finding.summary,
        "a consumer that is not in the plan used the old version twice since the change at 2026-03-02T09:00:00Z, from 2026-03-02T11:00:00Z to 2026-03-03T05:00:00Z: { service_name = \"cron\" } (seen in 3 hours on 1 instance, longest pause about 18 h, and once before the change)"
    );
    assert!(finding.remedy.contains("match = [{ service_name = \"cron\" }]"), "{}", finding.remedy);
    assert_eq!((finding.total, finding.hints.len()), (2, 1));
}

#[test]
fn it_fires_at_the_change_and_at_any_age() {
    World::ready().undeclared("cron", &[h(0)]).fires(RULE);
    World::ready().undeclared("cron", &[h(0) - Duration(1)]).silent(RULE);
    World::ready().silent(RULE);
}

#[test]
fn past_two_hundred_one_more_finding_counts_the_rest() {
    let world = (0..203).fold(World::ready(), |world, n| {
        world.undeclared(&format!("svc-{n}"), &[h(1 + n % 90), h(91)])
    });
    let all = world.all(RULE);
    assert_eq!(all.len(), 201);
    assert_eq!(
        (all[200].total, all[200].waivable.is_waivable(), cited(&all[200]).len()),
        (6, false, 3)
    );
    assert_eq!(
        all[200].summary,
        "3 more consumers that are not in the plan used the old version since the change at 2026-03-02T09:00:00Z, 6 times in all"
    );
    assert_eq!(
        (0..200).fold(World::ready(), |w, n| w.undeclared(&n.to_string(), &[h(9)])).all(RULE).len(),
        200
    );
}

#[test]
fn only_a_waiver_that_names_it_takes_it_out() {
    let world = World::ready().undeclared("canary", &[h(9)]);
    let key = MatchKey::Column(holdover::model::columns::Column::ServiceName);
    let table = |name: &str| {
        let entries = vec![(key.clone(), vec![Pattern::Literal(name.to_owned())])];
        vec![MatchTable { entries }]
    };
    let waived = |matches| {
        let waiver = Waiver {
            rule: RULE.to_owned(),
            class: None,
            matches,
            owner: "security".to_owned(),
            until: h(200),
            reason: "a scanner".to_owned(),
            site: Site::default(),
        };
        let world = world.clone().plan(|plan| plan.waivers.push(waiver));
        decide(&world.plan, &world.finished()).verdict
    };
    assert_eq!(waived(table("canary")), Verdict::Ready);
    assert_eq!(waived(table("cron")), Verdict::NotReady);
    assert_eq!(waived(Vec::new()), Verdict::NotReady);
}
