/*! Records as real programs write them. */

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::story::Outcome;

/// The spellings of a version, one for each kind of source.
#[derive(Clone, Debug)]
pub(super) struct Markers {
    pub(super) key: String,
    pub(super) account: String,
    pub(super) fingerprint: String,
    pub(super) secret: String,
    pub(super) access_key: String,
    pub(super) token: String,
}

impl Markers {
    pub(super) fn all(&self) -> [&str; 6] {
        [&self.key, &self.account, &self.fingerprint, &self.secret, &self.access_key, &self.token]
    }
}

/// One use, with what its record shows.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) at: DateTime<Utc>,
    pub(super) class: &'a str,
    pub(super) instance: Option<&'a str>,
    pub(super) address: &'a str,
    pub(super) action: &'a str,
    pub(super) environment: Option<&'a str>,
    pub(super) outcome: Outcome,
    pub(super) job: Option<&'a str>,
    /// The spellings of the version that it shows.
    pub(super) markers: Option<&'a Markers>,
    /// Another number for each record.
    pub(super) number: u64,
}

/// A source, and how its records and those of others in it are written.
#[derive(Debug)]
pub(super) struct Format {
    pub(super) name: &'static str,
    pub(super) extension: &'static str,
    /// Does it hold records of an application, which can say more than a server's?
    pub(super) is_of_application: bool,
    pub(super) shows_instances: bool,
    pub(super) shows_actions: bool,
    /// What stands before and after the records of a file, and between two of them.
    pub(super) frame: [&'static str; 3],
    pub(super) write: fn(&Row) -> Vec<String>,
    /// A record of somebody else.
    pub(super) tick: fn(DateTime<Utc>, u64) -> String,
    /// The key of the plan's `match`, and its value before and after the name of a consumer.
    pub(super) matches: [&'static str; 3],
}

const LINES: [&str; 3] = ["", "\n", "\n"];

const APPLICATION: Format = Format {
    name: "json",
    extension: "jsonl",
    is_of_application: true,
    shows_instances: true,
    shows_actions: true,
    frame: LINES,
    write: |row| vec![application(row, true).to_string()],
    tick: |at, _| {
        json!({"timestamp": stamp(at), "service_name": "scheduler", "message": "tick"}).to_string()
    },
    matches: ["service_name", "", ""],
};

const SERVER: Format = Format {
    is_of_application: false,
    shows_instances: false,
    shows_actions: false,
    extension: "log",
    ..APPLICATION
};

pub(super) const FORMATS: &[Format] = &[
    APPLICATION,
    Format {
        name: "docker-json",
        extension: "log",
        write: |row| vec![in_docker(row.at, &application(row, false).to_string())],
        tick: |at, _| in_docker(at, "cache warmed with 12 entries"),
        ..APPLICATION
    },
    Format {
        name: "cri",
        extension: "log",
        write: |row| vec![format!("{} stdout F {}", nanos(row.at), logfmt(row))],
        tick: |at, _| format!("{} stdout F level=info msg=\"cache warmed\"", nanos(at)),
        ..APPLICATION
    },
    Format {
        name: "csv",
        extension: "csv",
        frame: [
            "timestamp,service_name,service_instance_id,client_address,action,environment,credential_uid,outcome,degraded,kind,job_id\n",
            "\n",
            "\n",
        ],
        write: |row| vec![csv(row)],
        tick: |at, _| format!("{},scheduler,,,tick,,,,,,", stamp(at)),
        ..APPLICATION
    },
    Format {
        name: "postgresql",
        write: postgresql,
        tick: |at, n| {
            format!(
                "{} UTC [90]: user=,db=,app=,client= LOG:  checkpoint {n} starting: time",
                at.format("%F %T")
            )
        },
        ..SERVER
    },
    Format {
        name: "sshd",
        write: |row| vec![sshd(row)],
        tick: |at, _| {
            format!(
                "{} bastion sshd[700]: Server listening on 0.0.0.0 port 22.",
                at.format("%FT%T%.6f+00:00")
            )
        },
        matches: ["principal", "", ""],
        ..SERVER
    },
    Format {
        name: "vault-audit",
        write: vault,
        tick: |at, n| {
            vault_record(at, n, "response", ("ops", "hmac-sha256:00000000", "192.0.2.1"))
                .to_string()
        },
        ..SERVER
    },
    Format {
        name: "access-log",
        shows_actions: true,
        write: |row| vec![access(row)],
        tick: |at, _| {
            format!(
                "192.0.2.1 - - [{}] \"GET /health HTTP/1.1\" 200 2 \"-\" \"probe/1\"",
                at.format("%d/%b/%Y:%T +0000")
            )
        },
        matches: ["user_agent", "/^", "\\\\//"],
        ..SERVER
    },
    Format {
        name: "cloudtrail",
        extension: "json",
        shows_actions: true,
        frame: ["{\"Records\":[", ",", "]}"],
        write: |row| vec![cloudtrail(row).to_string()],
        tick: |at, n| trail_tick(at, n).to_string(),
        matches: ["user_agent", "", "/1.4"],
        ..SERVER
    },
    Format {
        name: "kubernetes-audit",
        shows_instances: true,
        write: |row| vec![kubernetes(row).to_string()],
        tick: |at, n| {
            kubernetes_record(at, n, "system:kube-scheduler", "192.0.2.1", &json!({})).to_string()
        },
        matches: ["principal", "system:serviceaccount:docs:", ""],
        ..SERVER
    },
];

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%FT%TZ").to_string()
}

fn nanos(at: DateTime<Utc>) -> String {
    at.format("%FT%T%.9fZ").to_string()
}

fn uuid(number: u64) -> String {
    format!("{:08x}-0000-4000-8000-{:012x}", number >> 48, number & 0xffff_ffff_ffff)
}

fn outcome(row: &Row) -> &'static str {
    match row.outcome {
        Outcome::Success | Outcome::Degraded => "success",
        Outcome::Refused => "auth_failure",
        Outcome::Failed => "failure",
        Outcome::Stop => "",
    }
}

/// A record of a JSON logger; without a time where its envelope has one.
fn application(row: &Row, is_dated: bool) -> Value {
    let mut record = json!({
        "service_name": row.class, "action": row.action, "client_address": row.address, "outcome": outcome(row),
    });
    let object = record.as_object_mut().expect("an object");
    let mut put = |key: &str, value: &str| object.insert(key.to_owned(), value.into());
    if is_dated {
        put("timestamp", &stamp(row.at));
    }
    if let Some(name) = row.instance {
        put("service_instance_id", name);
    }
    if let Some(name) = row.environment {
        put("environment", name);
    }
    if let Some(markers) = row.markers {
        put("credential_uid", &markers.key);
    }
    if let Some(job) = row.job {
        put("job_id", job);
    }
    match row.outcome {
        Outcome::Degraded => {
            object.insert("degraded".to_owned(), true.into());
        }
        Outcome::Stop => {
            object.remove("outcome");
            object.insert("kind".to_owned(), "stop".into());
        }
        Outcome::Success | Outcome::Failed | Outcome::Refused => {}
    }
    record
}

fn in_docker(at: DateTime<Utc>, line: &str) -> String {
    json!({"log": format!("{line}\n"), "stream": "stdout", "time": nanos(at)}).to_string()
}

fn logfmt(row: &Row) -> String {
    let record = application(row, false);
    let fields = record.as_object().expect("an object").iter();
    let fields = fields.map(|(key, value)| match value.as_str() {
        Some(text) => format!("{key}={text}"),
        None => format!("{key}={value}"),
    });
    let fields: Vec<String> = std::iter::once("level=info".to_owned()).chain(fields).collect();
    fields.join(" ")
}

fn csv(row: &Row) -> String {
    let is_degraded = row.outcome == Outcome::Degraded;
    [
        stamp(row.at).as_str(),
        row.class,
        row.instance.unwrap_or_default(),
        row.address,
        row.action,
        row.environment.unwrap_or_default(),
        row.markers.map(|markers| markers.key.as_str()).unwrap_or_default(),
        outcome(row),
        if is_degraded { "true" } else { "" },
        if row.outcome == Outcome::Stop { "stop" } else { "" },
        row.job.unwrap_or_default(),
    ]
    .join(",")
}

fn postgresql(row: &Row) -> Vec<String> {
    let user = row.markers.map(|markers| markers.account.as_str()).unwrap_or_default();
    let pid = 1000 + row.number % 30_000;
    let start = format!("{} UTC [{pid}]: user=", row.at.format("%F %T"));
    let (class, client) = (row.class, row.address);
    vec![
        format!(
            "{start}[unknown],db=[unknown],app=[unknown],client={client} LOG:  connection received: host={client} port=40112"
        ),
        format!(
            "{start}{user},db=shop,app=[unknown],client={client} LOG:  connection authorized: user={user} database=shop application_name={class}"
        ),
    ]
}

fn sshd(row: &Row) -> String {
    let fingerprint = row.markers.map(|markers| markers.fingerprint.as_str()).unwrap_or_default();
    format!(
        "{} bastion sshd[{}]: Accepted publickey for {} from {} port {} ssh2: ED25519 {fingerprint}",
        row.at.format("%FT%T%.6f+00:00"),
        4000 + row.number % 20_000,
        row.class,
        row.address,
        40_000 + row.number % 20_000,
    )
}

fn vault(row: &Row) -> Vec<String> {
    let secret = row.markers.map(|markers| markers.secret.as_str()).unwrap_or_default();
    let login = (row.class, secret, row.address);
    let write = |kind| vault_record(row.at, row.number, kind, login).to_string();
    vec![write("request"), write("response")]
}

/// A login with a `SecretID`.
fn vault_record(
    at: DateTime<Utc>,
    number: u64,
    kind: &str,
    (role, secret, address): (&str, &str, &str),
) -> Value {
    let mut record = json!({
        "time": nanos(at), "type": kind,
        "auth": {"token_type": "default"},
        "request": {
            "id": uuid(number), "operation": "update", "mount_point": "auth/", "mount_type": "approle",
            "namespace": {"id": "root"}, "path": "auth/approle/login", "remote_address": address,
            "data": {"role_id": "hmac-sha256:0f0f0f0f", "secret_id": secret},
        },
    });
    if kind == "response" {
        let accessor = format!("hmac-sha256:{number:064x}");
        record["auth"] = json!({
            "accessor": accessor, "display_name": "approle", "policies": ["default"], "token_type": "service",
            "metadata": {"role_name": role}, "policy_results": {"allowed": true},
        });
        record["response"] = json!({
            "mount_type": "approle",
            "auth": {"accessor": accessor, "display_name": "approle", "metadata": {"role_name": role}, "token_type": "service"},
        });
    }
    record
}

fn access(row: &Row) -> String {
    format!(
        "{} - {} [{}] \"{} /v1/orders/{} HTTP/1.1\" 200 512 \"-\" \"{}/4.2 (linux)\"",
        row.address,
        row.markers.map_or("-", |markers| &markers.account),
        row.at.format("%d/%b/%Y:%T +0000"),
        row.action,
        row.number % 100,
        row.class,
    )
}

fn trail_record(at: DateTime<Utc>, number: u64, identity: &Value, more: &Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.08", "userIdentity": identity, "eventTime": stamp(at), "eventSource": "s3.amazonaws.com",
        "awsRegion": "eu-central-1", "requestParameters": null, "responseElements": null, "eventID": uuid(number),
        "eventType": "AwsApiCall", "recipientAccountId": "111122223333",
    });
    let object = record.as_object_mut().expect("an object");
    object.extend(more.as_object().expect("an object").clone());
    record
}

fn cloudtrail(row: &Row) -> Value {
    let identity = json!({
        "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/app", "accountId": "111122223333",
        "accessKeyId": row.markers.map(|markers| markers.access_key.as_str()),
    });
    let agent = format!("[{}/1.4]", row.class);
    let more = json!({"eventName": row.action, "sourceIPAddress": row.address, "userAgent": agent});
    trail_record(row.at, row.number, &identity, &more)
}

fn trail_tick(at: DateTime<Utc>, number: u64) -> Value {
    let identity = json!({"type": "AWSService", "invokedBy": "backup.amazonaws.com"});
    let name = "backup.amazonaws.com";
    let more = json!({"eventName": "ListBuckets", "sourceIPAddress": name, "userAgent": name});
    trail_record(at, number, &identity, &more)
}

fn kubernetes(row: &Row) -> Value {
    let token = row.markers.map(|markers| format!("JTI={}", markers.token));
    let mut extra = json!({"authentication.kubernetes.io/credential-id": [token]});
    if let Some(name) = row.instance {
        extra["authentication.kubernetes.io/pod-name"] = json!([name]);
    }
    let user = format!("system:serviceaccount:docs:{}", row.class);
    kubernetes_record(row.at, row.number, &user, row.address, &extra)
}

fn kubernetes_record(
    at: DateTime<Utc>,
    number: u64,
    user: &str,
    address: &str,
    extra: &Value,
) -> Value {
    json!({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": uuid(number),
        "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces/docs/configmaps", "verb": "get",
        "user": {"username": user, "groups": ["system:authenticated"], "extra": extra},
        "sourceIPs": [address], "userAgent": "client-go/1.33", "responseStatus": {"metadata": {}, "code": 200},
        "objectRef": {"resource": "configmaps", "namespace": "docs", "apiVersion": "v1", "name": "settings"},
        "requestReceivedTimestamp": at.format("%FT%T%.6fZ").to_string(),
        "stageTimestamp": at.format("%FT%T%.6fZ").to_string(),
    })
}
