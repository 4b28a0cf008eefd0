/*! Fabricated secrets, put together here so that no scanner takes them for real ones, and names that must stay. */

use super::*;

/// 40 characters as a cloud provider makes them.
const CLOUD: &str = concat!("wJalrXUtn", "FEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY");

fn secrets() -> Vec<String> {
    let hex = ["9f86d081884c7d65", "9a2feaa0c55ad015"].concat();
    let noise = ["q8Zt3LmX0vRb", "7KcPw2NyJ5hD"].concat();
    vec![
        format!("gh{}{noise}AbCdEf012345", "p_"),
        format!("github{}11ABCDEFG0{noise}_{noise}", "_pat_"),
        format!("gl{}{noise}", "pat-"),
        format!("xo{}123456789012-{noise}", "xb-"),
        format!("sk{}proj-{noise}{noise}", "-"),
        format!("sk{}{noise}", "_live_"),
        format!("AI{}{noise}{noise}", "zaSy"),
        format!("np{}{noise}{noise}", "m_"),
        format!("hv{}{noise}{noise}", "s."),
        format!("s{}{noise}", "."),
        format!("ey{}J9.ey{}IiOiIxIn0.{noise}", "JhbGciOiJIUzI1Ni", "JzdW"),
        format!("-----BEGIN {}-----\nMIIabc\n-----END PRIVATE KEY-----", "PRIVATE KEY"),
        CLOUD.to_owned(),
        format!("{noise}{noise}=="),
        hex.clone(),
        format!("{hex}{hex}"),
    ]
}

#[test]
fn secrets_never_stand_in_a_text() {
    for secret in secrets() {
        let shown = fingerprint(&secret);
        assert_eq!(mask(&secret), shown, "as a value");
        let text = mask_text(&format!("worker sent {secret} to host")).into_owned();
        assert_eq!(text, format!("worker sent {shown} to host"));
        for (before, after) in
            [("Authorization: Bearer ", ""), ("GET /x?api_key=", "&y=1"), ("{\"token\":\"", "\"}")]
        {
            let text = mask_text(&format!("{before}{secret}{after}")).into_owned();
            assert!(!text.contains(&secret), "{text}");
            assert!(text.contains("fp:"), "{text}");
        }
    }
}

#[test]
fn surroundings_give_plain_secrets_away() {
    let plain = ["hun", "ter2"].concat();
    let shown = fingerprint(&plain);
    for text in [
        "password=hunter2",
        "db_password=hunter2&x=1",
        "{\"client_secret\": \"hunter2\", \"a\": 1}",
        "{\\\"password\\\":\\\"hunter2\\\"}",
        "X-Amz-Signature=hunter2&X-Amz-Date=20260306T081102Z",
        "AccountKey=hunter2;EndpointSuffix=core.windows.net",
        "Authorization: Basic hunter2",
        "authorization=hunter2",
        "tool --password hunter2 --verbose",
        "password: hunter2",
        "postgres://app:hunter2@db:5432/x",
        "token = 'hunter2'",
    ] {
        assert_eq!(mask_text(text), text.replace(&plain, &shown));
    }
    let spaced = mask_text("\"password\":\"correct horse battery\",\"b\":1").into_owned();
    assert!(!spaced.contains("horse") && spaced.ends_with("\",\"b\":1"), "{spaced}");
}

#[test]
fn masking_twice_changes_nothing() {
    for secret in secrets() {
        let once = mask_text(&format!("token={secret} and {secret}")).into_owned();
        assert_eq!(mask_text(&once), once);
    }
}

#[test]
fn names_and_ids_stay() {
    let digest =
        ["9f86d081884c7d65", "9a2feaa0c55ad015", "a3bf4f1b2b0b822c", "d15d6c15b0f00a08"].concat();
    let key_id = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    for text in [
        key_id.as_str(),
        &format!("access_key={key_id}"),
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "doc-key-2024",
        &format!("sha256:{digest}"),
        &format!("registry.example/doc@sha256:{digest}"),
        "reconciliation-cron",
        "oversized-fallback-service-eu-central-1",
        "doc-retry-worker-7d9f8b6c5d-x2x4k",
        "arn:aws:sts::123456789012:assumed-role/DocWorkerRetryProductionRole/i-0abcd1234ef567890",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/doc-provider-AbCdEf",
        "secretsmanager:GetSecretValue",
        "aws-sdk-go-v2/1.30.3 ua/2.1 os/linux lang/go#1.22.5 md/GOOS#linux api/sts#1.30.3",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0",
        "2026-03-06T08:11:02.123456Z",
        "retry-worker used v1 (old): auth_failure, doc.call",
        "invalid token: expired credentials",
        "bearer authentication failed for basic Authentication",
        "task-runner-with-a-rather-long-name-2024-eu",
        "sk-learn-2024-service-worker",
        "exports/CloudTrail/us-east-1/2026/03/05/123456789012_CloudTrail_20260305T0000Z_Ab12Cd34.json.gz",
    ] {
        assert_eq!(mask_text(text), text);
        assert_eq!(mask(text), text);
    }
    let path = format!("/var/log/containers/doc-worker_prod_app-{digest}.log");
    assert_eq!(mask_path(&path), path);
    assert!(mask_path(&format!("logs/token={CLOUD}/a.log")).contains("fp:"));
}

#[test]
fn declared_names_are_shown_and_only_they() {
    let random = ["DataWarehouse", "Loader2026", "ProdEuCentral1"].concat();
    let other = ["q8Zt3LmX0vRb", "7KcPw2NyJ5hD", "9sQe4TgU1aWf"].concat();
    let names = ["db_password", "queue-worker", "night batch 7", &random].map(str::to_owned);
    let masked = |text: &str| with_names(&names, || mask_text(text).into_owned());
    for text in [
        "do not revoke v1 of db_password: queue-worker still uses it",
        "db_password: queue-worker. Then restart",
        "password: `queue-worker` still uses it",
        "api_token: night batch 7 still uses it",
        &format!("`{random}` used `v1`"),
        &format!("token={random}"),
        &random,
    ] {
        assert_eq!(masked(text), text);
    }
    for (text, secret) in [
        ("db_password: hunter2", "hunter2"),
        ("db_password: queue-worker2", "queue-worker2"),
        ("db_password: my-queue-worker", "my-queue-worker"),
        ("password=queue-worker/x", "queue-worker/x"),
        ("password: queue-worker.x", "queue-worker.x"),
        ("password=queue", "queue"),
        (&format!("sent {other}"), &other),
        (&format!("sent {random}{other}"), &other),
        (&format!("sent {random}-{other}"), &other),
        (&format!("sent {other}/{random}"), &other),
        (&format!("queue-worker {other}"), &other),
    ] {
        assert!(!masked(text).contains(secret), "{text}: {}", masked(text));
    }
    with_names(&names, || assert_eq!(mask(&random), random));
    assert_eq!(mask(&random), fingerprint(&random), "no longer");
    assert_eq!(
        mask_text("password: queue-worker"),
        "password: ".to_owned() + &fingerprint("queue-worker")
    );
}
