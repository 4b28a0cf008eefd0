/*! Answers that only look like a success in the records of an application: worlds whose successes with the new version
 * carry one more field, and their healthy neighbours.
 */

use serde_json::{Value, json};

use super::{World, old};

/// Fields that show that nobody accepted the new version, or that nothing was tried with it.
fn refuted() -> Vec<Value> {
    vec![
        json!({"outcome": null, "status": 200, "grpc_status": 16}),
        json!({"grpc_code": "Unauthenticated"}),
        json!({"status": 200, "upstream_status": "401"}),
        json!({"status": 200, "cache_status": "HIT"}),
        json!({"outcome": null, "status": 200, "x_cache": "Hit from cloudfront"}),
        json!({"status": 200, "from_cache": true}),
        json!({"outcome": null, "status": 200, "errors": [{"message": "no", "extensions": {"code": "UNAUTHENTICATED"}}]}),
        json!({"errors": ["token expired"]}),
        json!({"outcome": null, "status": 200, "grpc_status": "StatusCode.UNAUTHENTICATED"}),
        json!({"outcome": null, "status": 200, "grpc_status": "16 UNAUTHENTICATED"}),
        json!({"outcome": null, "status": 200, "grpc_status": "who goes there"}),
        json!({"status_code": "HTTP/1.1 401 Unauthorized"}),
        json!({"status_code": 401.0}),
        json!({"status_code": "refused by the broker"}),
        json!({"status_code": "HTTPStatus.UNAUTHORIZED"}),
        json!({"outcome": null, "status": {"code": 401}}),
        json!({"status": 200, "upstream_status": ["200", "401"]}),
        json!({"outcome": {"result": "failure", "reason": "unauthorized"}}),
        json!({"outcome": ["success", "unauthorized"]}),
        json!({"error_code": ["E_AUTH_17"]}),
        json!({"error_type": {"name": "TokenRejected"}}),
        json!({"degraded": ["cache"]}),
        json!({"fallback_used": {"name": "local"}}),
        json!({"fallback_used": {"enabled": [false, {"by": "timeout"}]}}),
        json!({"sampling": 0.1}),
        json!({"sample_rate": {"rate": 10}}),
        json!({"itemType": "request", "itemCount": 10}),
        json!({"authenticated": false}),
        json!({"authorized": "no"}),
        json!({"action": "token.created"}),
        json!({"action": "ListAccessKeys"}),
        json!({"action": "secret.rotated"}),
        json!({"action": "job.enqueued"}),
    ]
}

/// The same fields where they contradict nothing.
fn harmless() -> Vec<Value> {
    vec![
        json!({"status": 200, "grpc_status": 0}),
        json!({"grpc_code": "OK"}),
        json!({"status": 200, "upstream_status": "502, 200"}),
        json!({"cache_status": "MISS"}),
        json!({"x_cache": "Miss from cloudfront", "from_cache": false}),
        json!({"errors": []}),
        json!({"outcome": null, "grpc_status": "StatusCode.OK"}),
        json!({"outcome": null, "status": 200, "grpc_status": "0 OK"}),
        json!({"outcome": null, "status_code": 200.0}),
        json!({"outcome": null, "status_code": "HTTP/2 204"}),
        json!({"status_code": 0, "grpc_status": "-"}),
        json!({"outcome": null, "status": {"code": 200}}),
        json!({"status": {"phase": "Running"}, "result": {"id": 7}}),
        json!({"outcome": null, "status": 200, "upstream_status": ["502", "200"]}),
        json!({"outcome": ["success"]}),
        json!({"outcome": ["success", "ok", null]}),
        json!({"error_code": [], "error_type": {}}),
        json!({"degraded": [], "fallback_used": {"used": false, "name": null}}),
        json!({"sampling": {"priority": 2, "rate": 1}, "itemCount": 10}),
        json!({"authenticated": true, "authorized": "yes"}),
        json!({"action": "invoice.created"}),
        json!({"action": "list-documents"}),
        json!({"action": "token.used"}),
    ]
}

#[test]
fn an_answer_that_nobody_checked_or_that_refuses_is_no_success() {
    for fields in refuted() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        assert_ne!(World::ready().worker(&fields).verdict(folder.path()), "ready", "{fields}");
    }
}

#[test]
fn fields_that_contradict_nothing_change_nothing() {
    for fields in harmless() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        assert_eq!(World::ready().worker(&fields).verdict(folder.path()), "ready", "{fields}");
    }
}

/// The old version is used, whatever the application calls it.
#[test]
fn a_name_that_sounds_like_a_life_cycle_hides_no_old_use() {
    for action in ["token.created", "ListAccessKeys", "job.enqueued"] {
        for outcome in [json!("success"), Value::Null] {
            let fields = json!({"action": action, "outcome": outcome});
            let folder = tempfile::tempdir().expect("a scratch folder");
            let world = World::ready().rogue(&old(&fields));
            assert_eq!(world.verdict(folder.path()), "not_ready", "{fields}");
        }
    }
}
