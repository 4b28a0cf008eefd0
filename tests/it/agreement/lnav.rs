/*! Logs in odd encodings, times and mixtures: which profile knows them, and that each record is counted once. */

use std::collections::BTreeMap;

use super::{Records, parts};
use crate::harness::{collect, shared};

/// Logs whose format has a profile: the profile, the number of records, and how many were rejected.
const KNOWN: &[(&str, &str, u64, u64)] = &[
    ("gharchive_log.jsonl", "json", 50, 0),
    ("logfile_access_log.0", "access-log", 3, 0),
    ("logfile_access_log.1", "access-log", 1, 0),
    ("logfile_access_log_dupe.0", "access-log", 3, 0),
    ("logfile_bad_access_log.0", "access-log", 3, 1),
    ("logfile_bad_syslog.0", "pam, syslog-rfc3164", 4, 1),
    ("logfile_blued.0", "syslog-rfc3164", 6, 0),
    ("logfile_bunyan.0", "json", 10, 0),
    ("logfile_caddy_log.1", "caddy", 4, 0),
    ("logfile_cloudflare.1", "cloudflare-http", 15, 0),
    ("logfile_cloudflare.json", "cloudflare-http", 1, 0),
    ("logfile_docker_compose.0", "docker-compose-text", 22, 0),
    ("logfile_docker_compose_with_noise.0", "docker-compose-text", 25, 3),
    ("logfile_docker_compose_with_ts.0", "docker-compose-text", 22, 0),
    ("logfile_dst.0", "syslog-rfc3164", 10, 0),
    ("logfile_ecs_log.json", "json", 5, 0),
    ("logfile_filter.0", "pam, syslog-rfc3164", 13, 0),
    ("logfile_filter.1", "syslog-rfc3164", 5, 4),
    ("logfile_for_join.0", "syslog-rfc3164", 10, 0),
    ("logfile_grafana.0", "grafana", 5, 0),
    ("logfile_haproxy.0", "haproxy, syslog-rfc3164", 17, 0),
    ("logfile_invalid_json.json", "json", 5, 1),
    ("logfile_invalid_json2.json", "json", 3, 1),
    ("logfile_journald.json", "journald", 2, 0),
    ("logfile_json.json", "json", 14, 0),
    ("logfile_json2.json", "json", 3, 0),
    ("logfile_json3.json", "json", 3, 0),
    ("logfile_json_invalid.json", "json", 13, 1),
    ("logfile_json_subsec.json", "json", 2, 0),
    ("logfile_jsonid.json", "json", 2, 0),
    ("logfile_laravel.0", "monolog", 82, 1),
    ("logfile_laravel.1", "monolog", 4, 1),
    ("logfile_logfmt.0", "json", 5, 0),
    ("logfile_mixed_json2.json", "json", 18, 4),
    ("logfile_mongodb.0", "mongodb", 3, 0),
    ("logfile_muxed_syslog.0", "json", 14, 0),
    ("logfile_mysql_error.0", "mysql-error", 4, 0),
    ("logfile_mysql_gen.0", "mysql-general", 15, 0),
    ("logfile_mysql_slow.0", "mysql-slow", 12, 1),
    ("logfile_nested_json.json", "json", 13, 0),
    ("logfile_nextcloud.0", "json", 5, 0),
    ("logfile_otel_collector.jsonl", "otlp-logs", 6, 0),
    ("logfile_partitions.0", "syslog-rfc3164", 82, 1),
    ("logfile_pino.0", "json", 1, 0),
    ("logfile_postgres.0", "postgresql-stderr", 21, 0),
    ("logfile_postgres.1", "postgresql-stderr", 7, 0),
    ("logfile_postgres.2", "postgresql-stderr", 8, 0),
    ("logfile_pretty.0", "syslog-rfc3164", 23, 17),
    ("logfile_regexp_access_log.0", "access-log", 2, 0),
    ("logfile_rollover.1", "pam, syslog-rfc3164", 5, 0),
    ("logfile_rollover.2", "pam, syslog-rfc3164", 375, 0),
    ("logfile_rust_tracing.0", "tracing", 5, 0),
    ("logfile_shop_access_log.0", "access-log", 1000, 0),
    ("logfile_syslog.0", "pam, syslog-rfc3164", 4, 0),
    ("logfile_syslog.1", "pam, syslog-rfc3164", 4, 0),
    ("logfile_syslog.2", "syslog-rfc3164", 3, 0),
    ("logfile_syslog.3", "syslog-rfc3164", 17, 10),
    ("logfile_syslog_with_access_log.0", "pam, syslog-rfc3164", 5, 1),
    ("logfile_syslog_with_header.0", "pam, syslog-rfc3164", 6, 2),
    ("logfile_syslog_with_mixed_times.0", "syslog-rfc3164", 13, 0),
    ("logfile_w3c.0", "iis", 5, 1),
    ("logfile_w3c.1", "iis", 7, 2),
    ("logfile_w3c.2", "iis", 22, 14),
    ("logfile_w3c.3", "iis", 7, 3),
    ("logfile_w3c.4", "iis", 6, 2),
    ("logfile_w3c.5", "iis", 2, 0),
    ("logfile_w3c.6", "iis", 5, 0),
    ("logfile_w3c_big.0", "iis", 254, 0),
    ("logfile_xml_msg.0", "kafka-server", 3, 0),
];

/// The rejected records of a known log.
const REJECTED: &[(&str, &str)] = &[
    ("logfile_bad_access_log.0", "a line that lost its user"),
    ("logfile_bad_syslog.0", "a line that names no program"),
    (
        "logfile_docker_compose_with_noise.0",
        "two lines of no container, and a last line without an end",
    ),
    ("logfile_filter.1", "lines of bare text"),
    ("logfile_invalid_json.json", "an object that is cut"),
    ("logfile_invalid_json2.json", "an object that is cut"),
    ("logfile_json_invalid.json", "an object that is cut"),
    ("logfile_mixed_json2.json", "lines of a trace between objects"),
    ("logfile_partitions.0", "a line whose program has a blank in its name"),
    ("logfile_pretty.0", "lines that continue a message: syslog has no mark for them"),
    ("logfile_syslog.3", "lines that continue a message: syslog has no mark for them"),
    ("logfile_syslog_with_access_log.0", "a line that says how often the one before it came"),
    ("logfile_syslog_with_header.0", "lines of a header"),
    ("logfile_laravel.0", "a last line without an end"),
    ("logfile_laravel.1", "a last line without an end"),
    ("logfile_mysql_slow.0", "a last record without an end"),
    ("logfile_w3c.0", "a row of columns that no profile knows"),
    ("logfile_w3c.1", "a row of columns that no profile knows, and its zone"),
    ("logfile_w3c.2", "rows of an FTP server"),
    ("logfile_w3c.3", "rows of columns that no profile knows"),
    ("logfile_w3c.4", "rows of columns that no profile knows"),
];

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn known_logs_are_read_and_others_rejected() {
    let corpus = shared("corpora/lnav-logs");
    let mut known: BTreeMap<String, (String, u64, u64)> = BTreeMap::new();
    for part in parts(&corpus, &mut Records::default()) {
        let name = part.path.rsplit('/').next().unwrap_or_default().to_owned();
        if !name.contains("log") || part.path.contains("/formats/") {
            continue;
        }
        let (records, rejected) = (part.tally.records, part.tally.rejected);
        assert_eq!(rejected, part.rejects.iter().map(|run| run.run.count).sum::<u64>(), "{name}");
        if part.profile.is_empty() {
            assert_eq!(rejected, records, "{name}: no profile read it, so nothing of it is known");
            assert!(!part.damage.is_empty(), "{name}: and that is said");
        } else {
            known.insert(name, (part.profile, records, rejected));
        }
    }
    let mut wrong = Vec::new();
    for (name, profile, records, rejected) in KNOWN {
        let expected = ((*profile).to_owned(), *records, *rejected);
        let found = known.remove(*name);
        if found.as_ref() != Some(&expected) {
            wrong.push(format!("{name}: {found:?}, the table has {expected:?}"));
        }
        if REJECTED.iter().any(|(log, _)| log == name) != (*rejected > 0) {
            wrong.push(format!("{name}: what is rejected of it is said here"));
        }
    }
    wrong.extend(known.iter().map(|(name, found)| format!("{name}: {found:?}, in no table")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A plan in which each record is an attempt of a consumer.
const PLAN: &str = r#"
[credential]
name = "any"
[[credential.version]]
name = "old"
state = "old"
markers = ["/^old-/"]
[[credential.version]]
name = "new"
state = "new"
markers = ["no-such-key"]
[rotation]
introduced = 2026-03-02T09:00:00Z
window = "1h"
[[consumer]]
class = "everybody"
match = [{ action = "/./" }, { service_name = "/./" }]
[[source]]
paths = ["**"]
uses = [{ action = "/./" }, { service_name = "/./" }]
"#;

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn each_record_is_counted_once() {
    let corpus = shared("corpora/lnav-logs");
    let sums = collect(PLAN, &corpus, false).sealed.accounting;
    let counted = sums.evidence + sums.irrelevant + sums.rejected + sums.duplicate;
    assert_eq!(counted, sums.records, "{sums:?}");
    assert!(sums.evidence > 1_000 && sums.rejected > 1_000, "{sums:?}");
}
