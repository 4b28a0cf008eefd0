/*! What a log says itself of what it lacks: samples, running numbers, sessions without an end; and what lists show.
 * Each case has a healthy neighbour.
 */

use serde_json::{Value, json};

use super::World;

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

#[test]
fn a_sample_is_not_taken_for_the_whole() {
    for fields in [
        json!({"sample_rate": 10}),
        json!({"SampleRate": "2"}),
        json!({"sampling": {"probability": 0.25}}),
        json!({"sampling.threshold": "c"}),
        json!({"tracestate": "ot=th:8"}),
        json!({"sampled_rate": 0.1}),
        json!({"sampledRate": "20"}),
        json!({"_dd.agent_psr": 0.5}),
        json!({"_dd.rule_psr": 1, "_dd.limit_psr": 0.2}),
        json!({"metrics": {"_sampling_priority_v1": 1, "_dd.rule_psr": 0.25}}),
        json!({"metrics": {"_dd.span_sampling.rule_rate": 0.5}}),
        json!({"meta": {"_dd.agent_psr": "0.1"}}),
        json!({"meta.refinery.original_sample_rate": 4}),
    ] {
        assert_eq!(verdict(&World::ready().worker(&fields)), "inconclusive", "{fields}");
    }
    for fields in [
        json!({"sample_rate": 1}),
        json!({"sampling": {"probability": 1.0}}),
        json!({"tracestate": "ot=th:0"}),
        json!({"tracestate": "congo=t61rcWkgMzE"}),
        json!({"sample_rate": "none"}),
        json!({"sampled_rate": 1}),
        json!({"sampled_rate": "100%"}),
        json!({"metrics": {"_dd.rule_psr": 1, "_dd.agent_psr": 1.0, "_dd.limit_psr": 1, "_sampling_priority_v1": 2}}),
        json!({"metrics": {"_sampling_priority_v1": 0.5}}),
        json!({"meta": {"_dd.agent_psr": "1"}}),
        json!({"meta.refinery.original_sample_rate": 1}),
    ] {
        assert_eq!(verdict(&World::ready().worker(&fields)), "ready", "{fields}");
    }
}

/// A log of ticks, each minute of the last two days, with numbers by their position.
fn numbered(number: impl Fn(i64) -> Option<i64>) -> World {
    let ticks = (0..2 * 24 * 60).filter_map(|minute| {
        let (day, hour, minute_of_hour) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        let at = format!("2026-03-0{day}T{hour:02}:{minute_of_hour:02}:30Z");
        Some(json!({"timestamp": at, "message": "tick", "service_name": "worker", "seq": number(minute)?}).to_string())
    });
    World::ready().input("main/ticks.jsonl", &ticks.collect::<Vec<_>>())
}

#[test]
fn numbers_that_are_missing_are_noticed() {
    let last = 24 * 60 + 18 * 60;
    assert_eq!(verdict(&numbered(Some)), "ready");
    assert_eq!(verdict(&numbered(|n| (n != last).then_some(n))), "inconclusive", "one is missing");
    assert_eq!(
        verdict(&numbered(|n| Some(if n < last { n } else { n + 7 }))),
        "inconclusive",
        "seven are missing"
    );
    assert_eq!(
        verdict(&numbered(|n| Some(if n < last { n } else { n - last }))),
        "ready",
        "the count began anew"
    );
    assert_eq!(
        verdict(&numbered(|n| (n != 100).then_some(n))),
        "ready",
        "one is missing long before"
    );
    assert_eq!(
        verdict(&numbered(|n| Some(n * 3))),
        "ready",
        "a number that never was without gaps"
    );
}

/// A server log of `PostgreSQL`: sessions of the old user by day, and these lines.
fn postgres(more: &[&str]) -> World {
    let mut lines: Vec<String> = (0..42)
        .flat_map(|n| {
            let (hour, user) = (n / 2, if n < 18 { "app_a" } else { "app_b" });
            let minute = n % 2 * 30;
            let opened = format!(
                "2026-03-02 {hour:02}:{minute:02}:00.000 UTC [{}] {user}@shop LOG:  connection authorized: user={user} database=shop application_name=db-user",
                100 + n
            );
            let ended = format!(
                "2026-03-02 {hour:02}:{:02}:00.000 UTC [{}] {user}@shop LOG:  disconnection: session time: 0:08:00.000 user={user} database=shop host=10.2.0.8 port=5000",
                minute + 8,
                100 + n
            );
            [opened, ended]
        })
        .collect();
    lines.extend(more.iter().map(|line| (*line).to_owned()));
    lines.sort();
    World::ready()
        .plan("[\"doc-key-2024\"]", "[\"doc-key-2024\", \"app_a\"]")
        .plan("[\"doc-key-2026\"]", "[\"doc-key-2026\", \"app_b\"]")
        .source("\n[[consumer]]\nclass = \"db-user\"\npath = \"primary\"\nowner = \"shop\"\nrefresh = \"on-start\"\nsession_max = \"1h\"\nmatch = [{ service_name = \"db-user\" }]\n")
        .input("pg/postgresql.log", &lines)
}

const OPENED: &str = "2026-03-02 07:10:00.000 UTC [99] app_a@shop LOG:  connection authorized: user=app_a database=shop application_name=db-user";

#[test]
fn a_session_that_nothing_ends_is_noticed() {
    assert_eq!(verdict(&postgres(&[])), "ready");
    assert_eq!(verdict(&postgres(&[OPENED])), "inconclusive");
    let ended = "2026-03-02 11:40:00.000 UTC [99] app_a@shop LOG:  disconnection: session time: 4:30:00.000 user=app_a database=shop host=10.2.0.8 port=5000";
    assert_eq!(verdict(&postgres(&[OPENED, ended])), "ready", "its end is logged, and is no use");
    let restarted =
        "2026-03-02 11:40:00.000 UTC [1] LOG:  database system is ready to accept connections";
    assert_eq!(verdict(&postgres(&[OPENED, restarted])), "ready", "the server was restarted");
    let again = "2026-03-02 11:40:00.000 UTC [99] app_b@shop LOG:  connection authorized: user=app_b database=shop application_name=db-user";
    assert_eq!(
        verdict(&postgres(&[OPENED, again])),
        "ready",
        "its id belongs to another session by then"
    );
    let other = "2026-03-02 11:40:00.000 UTC [98] app_a@shop LOG:  disconnection: session time: 4:30:00.000 user=app_a database=shop host=10.2.0.8 port=5000";
    assert_eq!(verdict(&postgres(&[OPENED, other])), "inconclusive", "the end of another session");
}

/// A list of pods of the worker: their names, phases and starts.
fn pods(path: &str, pods: &[(&str, &str, &str)]) -> (String, Vec<String>) {
    let items: Vec<Value> = pods
        .iter()
        .map(|(name, phase, start)| {
            json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": name, "labels": {"app": "worker"}, "uid": format!("uid-{name}"), "creationTimestamp": start},
                "spec": {"containers": [{"name": "worker", "image": "w:1"}]},
                "status": {"phase": phase, "startTime": start},
            })
        })
        .collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    (path.to_owned(), vec![list.to_string()])
}

fn listed(lists: &[(String, Vec<String>)]) -> Value {
    let world = lists.iter().fold(World::ready(), |world, (path, lines)| world.input(path, lines));
    verdict(&world)
}

#[test]
fn a_list_shows_who_runs_and_is_no_log() {
    let new = ("worker-0", "Running", "2026-03-02T09:40:00Z");
    let old = ("worker-7d9f8b6c5d-x2x4z", "Running", "2026-02-20T08:00:00Z");
    let done = ("worker-7d9f8b6c5d-x2x4z", "Succeeded", "2026-02-20T08:00:00Z");
    assert_eq!(listed(&[pods("k8s/pods-20260302T204000Z.json", &[new])]), "ready");
    assert_eq!(listed(&[pods("k8s/pods.json", &[new])]), "ready", "nobody knows when it was taken");
    let fresh = pods("k8s/pods-20260302T204000Z.json", &[new, old]);
    assert_eq!(
        listed(std::slice::from_ref(&fresh)),
        "inconclusive",
        "a pod of before the change still runs"
    );
    assert_eq!(
        listed(&[pods("k8s/pods-20260302T204000Z.json", &[new, done])]),
        "ready",
        "it has ended"
    );
    let later = pods("k8s/pods-20260302T205000Z.json", &[new]);
    assert_eq!(listed(&[fresh.clone(), later]), "ready", "a later list no longer shows it");
    let elsewhere = pods("other/pods-20260302T205000Z.json", &[new]);
    assert_eq!(listed(&[fresh, elsewhere]), "inconclusive", "a list of another cluster");
}

/// A list of one object, of which a container names a secret.
fn object(kind: &str, app: &str, secret: &str) -> Vec<String> {
    let from = json!({"secretKeyRef": {"name": secret, "key": "token"}});
    let container =
        json!({"name": app, "image": "w:1", "env": [{"name": "TOKEN", "valueFrom": from}]});
    let metadata = json!({
        "name": app, "labels": {"app": app}, "uid": format!("uid-{app}-{secret}"),
        "creationTimestamp": "2026-01-05T08:00:00Z",
    });
    let pod = json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]}});
    let (version, spec) = match kind {
        "Pod" => ("v1", pod["spec"].clone()),
        "CronJob" => ("batch/v1", json!({"jobTemplate": {"spec": {"template": pod}}})),
        _ => ("apps/v1", json!({"template": pod})),
    };
    let status = json!({"phase": "Running", "startTime": "2026-01-05T08:00:00Z"});
    let object = json!({
        "apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec, "status": status,
    });
    vec![json!({"apiVersion": "v1", "kind": "List", "items": [object]}).to_string()]
}

#[test]
fn what_a_list_shows_with_the_old_version_is_held_whoever_it_is() {
    let now = "k8s/objects-20260302T204000Z.json";
    let ready = |kind, app, secret| {
        verdict(&World::ready().input(now, &object(kind, app, secret))) == "ready"
    };
    for kind in ["CronJob", "Deployment", "StatefulSet"] {
        for app in ["worker", "reporter"] {
            assert!(!ready(kind, app, "doc-key-2024"), "a {kind} of {app} would run on old");
            assert!(ready(kind, app, "doc-key-2026"), "a {kind} of {app} runs on new");
        }
    }
    assert!(!ready("Pod", "reporter", "doc-key-2024"), "a pod of nobody holds it");
    assert!(ready("Pod", "reporter", "other"), "a pod of nobody holds another secret");
    assert!(ready("ReplicaSet", "worker", "doc-key-2024"), "it is kept for a rollback");
    let moved = World::ready()
        .input("k8s/objects-20260301T080000Z.json", &object("CronJob", "worker", "doc-key-2024"))
        .input(now, &object("CronJob", "worker", "doc-key-2026"));
    assert_eq!(verdict(&moved), "ready", "a later list shows that it moved");
}

#[test]
fn a_metric_that_says_who_holds_the_old_version_counts_for_a_whole_class() {
    let info = |version: &str, minutes: std::ops::Range<i64>| {
        let sample = |minute: i64| {
            let at = 1_772_478_000_000_i64 + minute * 60_000;
            format!(
                "worker_credential_info{{service=\"worker\",credential_version=\"{version}\"}} 1 {at}"
            )
        };
        minutes.step_by(5).map(sample).collect::<Vec<_>>()
    };
    let with = |samples: Vec<Vec<String>>| {
        let head = vec!["# TYPE worker_credential_info gauge".to_owned()];
        let lines: Vec<String> = head.into_iter().chain(samples.into_iter().flatten()).collect();
        verdict(&World::ready().input("metrics/dump.prom", &lines))
    };
    assert_eq!(with(vec![info("doc-key-2024", -720..121)]), "inconclusive");
    assert_eq!(with(vec![info("doc-key-2026", -720..121)]), "ready");
}

#[test]
fn a_list_of_sessions_shows_who_still_holds_the_old_version() {
    let header = "now,pid,usename,application_name,client_addr,backend_start,state_change,state";
    let list = |at: &str, users: &[&str]| {
        let row = |(pid, user): (usize, &&str)| {
            let (user, program) = user.split_once('/').unwrap_or((user, "db-user"));
            format!(
                "{at},{},{user},{program},10.2.0.8,2026-03-02 07:00:00+00,2026-03-02 07:00:00+00,idle",
                900 + pid
            )
        };
        let rows = users.iter().enumerate().map(row);
        std::iter::once(header.to_owned()).chain(rows).collect::<Vec<_>>()
    };
    let with = |lists: &[(&str, &[&str])]| {
        let world = postgres(&[]);
        let add = |world: World, (at, users): &(&str, &[&str])| {
            world.input(&format!("activity/a-20260302T{}0000Z.csv", &at[11..13]), &list(at, users))
        };
        verdict(&lists.iter().fold(world, add))
    };
    let late = "2026-03-02 20:40:00+00";
    assert_eq!(with(&[(late, &["app_b"])]), "ready");
    assert_eq!(with(&[(late, &["app_b", "app_a"])]), "inconclusive");
    assert_eq!(
        with(&[("2026-03-02 12:40:00+00", &["app_b", "app_a"])]),
        "ready",
        "longer ago than a session lasts"
    );
    assert_eq!(
        with(&[("2026-03-02 19:40:00+00", &["app_a"]), (late, &["app_b"])]),
        "ready",
        "a later list is without it"
    );
    assert_eq!(
        with(&[("2026-03-02 19:40:00+00", &["app_a"]), (late, &["postgres/psql"])]),
        "inconclusive",
        "a later list shows nobody of the class"
    );
}
