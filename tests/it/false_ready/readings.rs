/*! Fields that say more than one thing, and names that mean one thing here and another there. Each case has a healthy
 * neighbour.
 */

use serde_json::{Value, json};

use super::{MARKER, World, old};

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

/// The world with another old marker, and these markers in the plan.
fn marked(markers: &str, shown: &str) -> World {
    let mut world = World::ready().plan(MARKER, markers);
    world.logs = world.logs.replace("doc-key-2024", shown);
    world
}

fn used(fields: &Value) -> String {
    old(fields)
}

#[test]
fn an_answer_that_nobody_checked_is_no_success() {
    let hollow = [
        json!({"outcome": null, "status": 302}),
        json!({"outcome": null, "status": 307}),
        json!({"status": 302}),
        json!({"outcome": null, "status": 200, "error_code": "E_AUTH_17"}),
        json!({"status": 200, "error_type": "TokenRejected"}),
        json!({"outcome": null, "status": 200, "ok": false}),
        json!({"outcome": null, "status": "200, 401"}),
    ];
    for fields in hollow {
        assert_ne!(verdict(&World::ready().worker(&fields)), "ready", "{fields}");
    }
    let sound = [
        json!({"outcome": null, "status": 200, "error_code": "0"}),
        json!({"outcome": null, "status": 304}),
        json!({"outcome": null, "status": 101}),
        json!({"status": 200, "error_code": 0, "error_type": "-"}),
        json!({"outcome": null, "status": "502, 200"}),
        json!({"outcome": "success", "status": ""}),
    ];
    for fields in sound {
        assert_eq!(verdict(&World::ready().worker(&fields)), "ready", "{fields}");
    }
}

#[test]
fn the_word_that_an_application_calls_its_kind_hides_no_use() {
    for kind in ["lookup", "refresh", "start", "stop", "job", "declare", "invoice"] {
        let world = World::ready().rogue(&used(&json!({"kind": kind})));
        assert_ne!(verdict(&world), "ready", "an old {kind}");
    }
    for kind in ["start", "stop", "job", "declare"] {
        assert_ne!(
            verdict(&World::ready().worker(&json!({"kind": kind}))),
            "ready",
            "a new {kind}"
        );
    }
    for kind in ["lookup", "refresh", "auth", "invoice"] {
        assert_eq!(
            verdict(&World::ready().worker(&json!({"kind": kind}))),
            "ready",
            "a new {kind}"
        );
    }
}

#[test]
fn names_with_several_meanings_are_not_guessed() {
    let harmless = json!({
        "count": 100_000, "started_at": "2026-03-02T17:59:00Z", "task_id": "sync", "reqId": 7, "stage": "RequestReceived",
        "name": "x", "subject": "y", "peer": "z",
    });
    assert_eq!(verdict(&World::ready().worker(&harmless)), "ready");
}

#[test]
fn one_credential_is_one_in_each_spelling() {
    let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let same = [
        ("[\"k1\"]", "k1", " k1 "),
        ("[\"k1\"]", "k1", "'k1'"),
        ("[\"k1\"]", "k1", "\u{1b}[31mk1\u{1b}[0m"),
        ("[\"serial:0a1b2c3d4e5f607182\"]", "0A:1B:2C:3D:4E:5F:60:71:82", "186425448081911738754"),
        ("[\"serial:0A:1B:2C\"]", "0A1B2C", "0x0a1b2c"),
        (
            "[\"0f8fad5b-d9cb-469f-a165-70867728950e\"]",
            guid,
            "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
        ),
        ("[\"0f8fad5b-d9cb-469f-a165-70867728950e\"]", guid, "0F8FAD5BD9CB469FA16570867728950E"),
    ];
    for (markers, shown, other) in same {
        let healthy = marked(markers, shown);
        assert_eq!(verdict(&healthy), "ready", "{markers}");
        let world = healthy.rogue(&used(&json!({"credential_uid": other})));
        assert_eq!(verdict(&world), "not_ready", "{other:?} of {markers}");
    }
    for respelled in ["DOC-KEY-2024", "doc_key_2024", "doc.key.2024", "\"DOC-KEY-2024\""] {
        let world = World::ready().rogue(&used(&json!({"credential_uid": respelled})));
        assert_eq!(verdict(&world), "inconclusive", "{respelled}");
    }
    let world = World::ready().rogue(&used(&json!({"credential_uid": "doc-key-2023"})));
    assert_eq!(verdict(&world), "ready", "another credential");
}

#[test]
fn a_short_marker_is_one_in_each_spelling_that_no_chance_makes() {
    let of = |markers: &str, shown: &str, used_as: &Value| {
        let record = old(&json!({"credential_uid": used_as}));
        verdict(&marked(markers, shown).input("other/a.jsonl", &[record]))
    };
    for text in [json!(51207.0), json!("0051207"), json!("5.1207e4"), json!("51,207")] {
        assert_eq!(of("[\"51207\"]", "51207", &text), "inconclusive", "{text}");
    }
    assert_eq!(of("[\"app_v1\"]", "app_v1", &json!("APP_V1")), "inconclusive");
    assert_eq!(of("[\"svc@example\"]", "svc@example", &json!("svc%40example")), "inconclusive");
    for other in [json!(51208.0), json!("51207.5"), json!("app-v1")] {
        assert_eq!(of("[\"51207\", \"app_v1\"]", "51207", &other), "ready", "{other}");
    }
}

#[test]
fn short_markers_are_found_where_no_profile_reads_them() {
    let other = |fields: Value| {
        let mut record = json!({"timestamp": "2026-03-02T18:05:00Z", "message": "verified"});
        record
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        record.to_string()
    };
    let mentions = [
        ("[\"k1\"]", "k1", json!({"jwt": {"header": {"kid": "k1"}}})),
        ("[\"k1\"]", "k1", json!({"user": "k1"})),
        ("[\"k1\"]", "k1", json!({"message": "signed with k1"})),
        ("[\"/k-(1|2)/\"]", "k-1", json!({"jwt": {"header": {"kid": "k-2"}}})),
        ("[\"51\"]", "51", json!({"db": {"secret_version": 51}})),
        ("[\"k1\"]", "k1", json!({"user": "K1"})),
        ("[\"app_a\"]", "app_a", json!({"message": "signed in as APP_A."})),
        ("[\"App-A\"]", "App-A", json!({"db": {"login": "app-a"}})),
        ("[\"orders\"]", "orders", json!({"jwt": {"header": {"kid": "ORDERS"}}})),
    ];
    for (markers, shown, fields) in mentions {
        let world = marked(markers, shown);
        assert_eq!(verdict(&world), "ready", "{markers}");
        assert_ne!(verdict(&world.rogue(&other(fields.clone()))), "ready", "{markers} in {fields}");
    }
    let chance = [
        ("[\"k1\"]", "k1", json!({"path": "/api/k1/users", "id": "xk12"})),
        ("[\"51\"]", "51", json!({"attempts": 51, "message": "51 rows"})),
        ("[\"k1\"]", "k1", json!({"path": "/api/K1/users", "id": "XK12"})),
        ("[\"orders\"]", "orders", json!({"message": "Orders are late", "page": "ORDERS"})),
        ("[\"app_a\"]", "app_a", json!({"message": "MY_APP_A, App A, APP-A"})),
    ];
    for (markers, shown, fields) in chance {
        let world = marked(markers, shown).rogue(&other(fields.clone()));
        assert_eq!(verdict(&world), "ready", "{markers} in {fields}");
    }
}

#[test]
fn a_marker_may_be_part_of_another() {
    let mut world =
        marked("[\"orders_app\"]", "orders_app").plan("doc-key-2026", "orders_app_2026");
    world.logs = world.logs.replace("doc-key-2026", "orders_app_2026");
    assert_eq!(verdict(&world), "ready", "the new name begins with the old one");
    let foreign = used(&json!({"credential_uid": "orders_app_reports"}));
    assert_eq!(verdict(&world.rogue(&foreign)), "ready", "a field that was read is not unmapped");
}

#[test]
fn a_source_says_where_markers_are_only_mentioned() {
    let note = json!({
        "timestamp": "2026-03-02T18:05:00Z", "message": "tick", "comment": {"text": "doc-key-2024 goes soon"},
    });
    let world = || World::ready().rogue(&note.to_string());
    assert_eq!(verdict(&world()), "inconclusive");
    let source = "\n[[source]]\npaths = [\"other/**\"]\nignore = [\"/comment\"]\n";
    assert_eq!(verdict(&world().source(source)), "ready");
}

#[test]
fn an_id_is_compared_with_its_type() {
    let source = "\n[[source]]\npaths = [\"other/**\"]\nfields = { credential_uid = [\"/token_type\", \"/token_id\"] }\n";
    let record =
        |of: &str| used(&json!({"credential_uid": null, "token_type": of, "token_id": 60411}));
    let world = || marked("[\"k1\", \"PersonalAccessToken:60411\"]", "k1").source(source);
    assert_eq!(verdict(&world().rogue(&record("PersonalAccessToken"))), "not_ready");
    assert_eq!(verdict(&world().rogue(&record("DeployToken"))), "ready");
}

#[test]
fn a_time_that_cannot_be_read_is_a_flaw_beside_one_that_can() {
    let fields = json!({"timestamp": "yesterday evening", "date": "2026-03-01T10:00:00Z"});
    let world = World::ready().rogue(&used(&fields));
    assert_ne!(verdict(&world), "ready");
}

/// A log of the pod that used the old version last, in a file that is named after it.
fn pod_log(name: &str, source: &str) -> Value {
    let line = |hour: u32, key: &str| {
        old(&json!({
            "timestamp": format!("2026-03-02T{hour:02}:25:00Z"), "service_name": "worker", "host_name": null,
            "credential_uid": key,
        }))
    };
    let lines: Vec<String> = (2..9).map(|hour| line(hour, "doc-key-2024")).collect();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let report = World::ready().source(source).input(name, &lines).report(folder.path());
    report["classes"][0]["instances"].clone()
}

#[test]
fn a_file_may_be_named_after_its_instance() {
    let count = |instances: Value| -> u64 {
        let numbers = instances.as_object().expect("counts").values();
        numbers.filter_map(Value::as_u64).sum()
    };
    let without = count(pod_log("pods/current.jsonl", ""));
    let pod = count(pod_log("pods/worker-5d4f8c7b9d-x2x7k.jsonl", ""));
    assert_eq!(pod, without + 1, "the name of a pod");
    let source = "\n[[source]]\npaths = [\"hosts/**\"]\nfields = { service_instance_id = \"@path:/hosts\\\\/([^\\\\/]+)\\\\//\" }\n";
    let host = count(pod_log("hosts/node-7/a.jsonl", source));
    assert_eq!(host, without + 1, "a part of the path that the plan names");
}

/// Records in which the old credential administers something else: that it is used for this is a use.
fn administered() -> [(&'static str, String); 6] {
    let key = "doc-key-2024";
    let at = "2026-03-02T18:05:00Z";
    let jumpcloud = json!({
        "initiated_by": {"type": "admin", "api_key_id": key}, "success": true, "event_type": "user_create",
        "service": "directory", "organization": "6f00", "@version": "1", "id": "ev-1", "timestamp": at,
    });
    let crowdstrike = json!({
        "metadata": {"customerIDString": "c", "offset": 1, "eventType": "UserActivityAuditEvent", "eventCreationTime": 1_772_474_700_000_u64},
        "event": {"UserId": key, "OperationName": "createUser", "ServiceName": "groups", "Success": true, "UTCTimestamp": 1_772_474_700_000_u64},
    });
    let atlassian = json!({
        "timestamp": at, "author": {"name": key, "type": "user", "id": "J1"}, "source": "10.0.0.9", "affectedObjects": [], "changedValues": [],
        "type": {"categoryI18nKey": "c", "category": "Permissions", "action": "Group created", "actionI18nKey": "jira.auditing.group.created"},
    });
    let lastpass = json!({"Time": "2026-03-02 18:05:00", "Username": key, "IP_Address": "10.0.0.9", "Action": "Employee Account Deleted", "Data": "jane"});
    let fortinet = format!(
        "date=2026-03-02 time=18:05:00 tz=\"+0000\" devname=\"fw1\" logid=\"0100044547\" type=\"event\" user=\"{key}\" \
         ui=\"GUI(10.0.0.9)\" action=\"Add\" cfgpath=\"user.local\" cfgobj=\"jane\""
    );
    let sophos = format!(
        "device=\"SFW\" date=2026-03-02 time=18:05:00 timezone=\"UTC\" device_name=\"x\" device_id=C1 log_id=1 log_type=\"Event\" \
         log_component=\"GUI\" log_subtype=\"Admin\" status=\"Successful\" user_name=\"{key}\" message=\"User jane was added\""
    );
    [
        ("jumpcloud", jumpcloud.to_string()),
        ("crowdstrike-audit", crowdstrike.to_string()),
        ("atlassian-audit", atlassian.to_string()),
        ("lastpass", lastpass.to_string()),
        ("fortinet", fortinet),
        ("sophos", sophos),
    ]
}

#[test]
fn who_administers_uses_its_credential() {
    for (profile, record) in administered() {
        let by_old = World::ready().input("other/a.log", std::slice::from_ref(&record));
        assert_eq!(verdict(&by_old), "not_ready", "{profile}: {record}");
        let by_another =
            World::ready().input("other/a.log", &[record.replace("doc-key-2024", "jane-admin")]);
        assert_eq!(verdict(&by_another), "ready", "{profile}: {record}");
    }
}
