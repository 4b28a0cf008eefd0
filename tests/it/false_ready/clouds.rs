/*! Exports of clouds and services: what is a use of the old version there, and what only speaks of it. */

use serde_json::{Value, json};

use super::World;

const TIME: &str = "2026-03-02T18:05:00Z";
const TIME_MS: i64 = 1_772_474_700_000;
const OLD: &str = "doc-key-2024";

fn kubernetes(version: &str, time: &str, extra: &Value) -> Value {
    json!({
        "kind": "Event", "apiVersion": version, "auditID": "a1", "stage": "ResponseComplete", "requestURI": "/api", "verb": "list",
        "user": {"username": "rogue", "extra": extra}, "sourceIPs": ["192.0.2.9"], "userAgent": "rogue/1",
        "objectRef": {"resource": "pods"}, "responseStatus": {"code": 200}, time: TIME,
    })
}

fn ocsf(class: u32, actor: &str, status: &Value) -> Value {
    let mut record = json!({
        "class_uid": class, "category_uid": class / 1000, "time": TIME_MS, "metadata": {"version": "1.1.0", "uid": "e1"},
        actor: {"user": {"uid": "rogue", "credential_uid": OLD}}, "user": {"name": "someone else"},
        "http_request": {"user_agent": "rogue/1"},
    });
    let object = record.as_object_mut().expect("an object");
    object.extend(status.as_object().expect("an object").clone());
    record
}

fn github(action: &str, token: &str) -> Value {
    json!({
        "action": action, "actor": "rogue", "created_at": TIME_MS, "org": "example", "user_agent": "rogue/1",
        "programmatic_access_type": "Personal access token (classic)", "token_id": token,
    })
}

fn sign_in(key: &str, code: u32) -> Value {
    json!({
        "id": "s1", "createdDateTime": TIME, "appId": "rogue", "ipAddress": "192.0.2.9", "correlationId": "c1",
        "servicePrincipalCredentialKeyId": key, "status": {"errorCode": code},
    })
}

fn gcp(method: &str, key: Option<&str>, response: &Value) -> Value {
    let account = "projects/demo/serviceAccounts/rogue@demo.iam.gserviceaccount.com";
    let name = key.map(|key| format!("//iam.googleapis.com/{account}/keys/{key}"));
    json!({
        "insertId": "i1", "timestamp": TIME, "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "iam.googleapis.com",
            "methodName": method, "authenticationInfo": {"principalEmail": "rogue@example.org", "serviceAccountKeyName": name},
            "requestMetadata": {"callerIp": "192.0.2.9"}, "response": response, "status": {},
        },
    })
}

fn cloudtrail(name: &str, key: &str, request: &Value) -> Value {
    json!({
        "eventVersion": "1.09", "eventTime": TIME, "eventSource": "iam.amazonaws.com", "eventName": name, "eventID": "e1",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/rogue", "accessKeyId": key},
        "sourceIPAddress": "192.0.2.9", "userAgent": "rogue/1", "requestParameters": request, "responseElements": null,
    })
}

fn last_used(key: &str) -> Value {
    json!({
        "UserName": "rogue", "AccessKeyId": key,
        "AccessKeyLastUsed": {"LastUsedDate": TIME, "ServiceName": "s3", "Region": "eu-central-1"},
    })
}

fn verdict(record: &Value) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().rogue(&record.to_string()).verdict(folder.path())
}

#[test]
fn an_old_use_is_found_in_the_export_of_a_cloud() {
    let deploy_key = github("deploy_key.create", OLD);
    for (name, record) in [
        (
            "EKS",
            kubernetes(
                "audit.k8s.io/v1",
                "requestReceivedTimestamp",
                &json!({"accessKeyId": [OLD]}),
            ),
        ),
        (
            "old Kubernetes",
            kubernetes("audit.k8s.io/v1beta1", "timestamp", &json!({"accessKeyId": [OLD]})),
        ),
        ("OCSF 3001", ocsf(3001, "actor", &json!({"status": "Success"}))),
        ("OCSF 3005", ocsf(3005, "identity", &json!({"status_id": 1}))),
        ("OCSF 3004", ocsf(3004, "actor", &json!({}))),
        ("GitHub", github("git.clone", OLD)),
        ("GitHub, by the old token", deploy_key),
        ("Microsoft Graph", sign_in(OLD, 0)),
        ("GCP", gcp("storage.objects.get", Some(OLD), &Value::Null)),
        (
            "GCP, by the old key",
            gcp("google.iam.admin.v1.ListServiceAccountKeys", Some(OLD), &Value::Null),
        ),
        ("CloudTrail, by the old key", cloudtrail("CreateAccessKey", OLD, &Value::Null)),
        ("last used", last_used(OLD)),
    ] {
        assert_eq!(verdict(&record), "not_ready", "{name}");
    }
}

#[test]
fn what_only_speaks_of_the_old_version_is_no_use() {
    let listed = json!({"keys": [{"name": format!("projects/demo/serviceAccounts/a/keys/{OLD}")}]});
    let by_other = |name| cloudtrail(name, "AKIAEXAMPLE00000OTHR", &json!({"accessKeyId": OLD}));
    for (name, record) in [
        ("GitHub", github("personal_access_token.access_revoked", OLD)),
        ("GitHub, a grant", github("org_credential_authorization.revoke", OLD)),
        ("GCP", gcp("google.iam.admin.v1.ListServiceAccountKeys", None, &listed)),
        ("CloudTrail, made inactive", by_other("UpdateAccessKey")),
        ("CloudTrail, deleted", by_other("DeleteAccessKey")),
        ("last used, of another", last_used("AKIAEXAMPLE00000OTHR")),
    ] {
        assert_eq!(verdict(&record), "ready", "{name}");
    }
}
