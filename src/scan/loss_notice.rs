/*! Lines by which those who carry logs say that they suppressed, dropped or lost records. */

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

/// Words that each notice holds, so that most records are passed over quickly: as an expression they are searched for
/// many bytes at a time, as an automaton one byte after the other.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let words = [
        "uppressed",
        "lost",
        "issed",
        "rop",
        "overlimit",
        "verflow",
        "limit exceeded",
        "queue is full",
        "retried",
        "ailed to log",
        "iscarded",
        "runcated",
    ];
    let any = RegexBuilder::new(&words.join("|")).unicode(false).build();
    any.expect("a few words")
});

static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?-u)
            # journald
            Suppressed\ \d+\ messages\ from
          | [Mm]issed\ \d+\ (?:kernel\ )?messages
          | buffer\ overrun,\ some\ messages\ lost
            # rsyslog
          | \d+\ messages?\ lost\ due\ to\ rate
          | lost\ \d+\ messages?\ from\ pid
          | begin(?:ning)?\ to\ drop\ messages\ due\ to\ rate
            # the audit system of Linux
          | audit[^\n]{0,200}?lost=[1-9]
          | audit[^\n]{0,40}?(?:backlog|rate)\ limit\ exceeded
            # Docker, fluentd, Fluent Bit, OpenTelemetry, Loki
          | [Ff]ailed\ to\ log\ (?:msg|message)
          | dropping\ all\ chunks | BufferOverflowError | paused\ \(mem\ buf\ overlimit\)
          | chunk\ '?[^\ ]*\ cannot\ be\ retried
          | sending[_\ ]queue\ is\ full
          | [Ii]ngestion\ rate\ limit\ exceeded
            # and in general
          | \d+\ (?:log|audit|syslog)\ (?:messages?|events?|records?|lines?|entries)\ (?:were\ |was\ |have\ been\ )?
            (?:dropped|lost|suppressed|discarded|truncated)
          | [Dd]ropp(?:ed|ing)\ \d+\ (?:log|audit|syslog)\ (?:messages?|events?|records?|lines?|entries)
          | [Dd]ropped\ (?:logs?|log\ (?:messages?|events?|records?|lines?|entries)):\ [1-9]",
    )
    .expect("a valid expression")
});

/// Whether a record says that others were lost.
pub(super) fn is_in(record: &[u8]) -> bool {
    WORDS.is_match(record) && NOTICE.is_match(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_of_lost_records_are_seen() {
        for line in [
            "systemd-journald[312]: Suppressed 1043 messages from worker.service",
            r#"{"MESSAGE":"Suppressed 12 messages from /system.slice/worker.service"}"#,
            "rsyslogd: imjournal: 1203 messages lost due to rate-limiting (20000 allowed within 600 seconds)",
            "rsyslogd-2177: imuxsock lost 353 messages from pid 4711 due to rate-limiting",
            "rsyslogd: imjournal: begin to drop messages due to rate-limiting",
            "systemd-journald[1]: Missed 17 kernel messages",
            "systemd-journald[1]: /dev/kmsg buffer overrun, some messages lost.",
            "kernel: audit: audit_lost=6 audit_rate_limit=0 audit_backlog_limit=64",
            "kernel: audit: backlog limit exceeded",
            "dockerd: Failed to log message for logger json-file: no space left on device",
            "[warn]: #0 failed to flush the buffer, and hit limit for retries. dropping all chunks in the buffer queue.",
            "[ warn] [input] tail.0 paused (mem buf overlimit)",
            "[error] [engine] chunk '1-1.flb' cannot be retried: task_id=1",
            "Dropping data because sending_queue is full",
            "agent: dropped 14 log events",
            "agent: 14 log lines were discarded",
        ] {
            assert!(is_in(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn the_work_of_an_application_is_none() {
        for line in [
            "sshd[1]: message repeated 3 times: [ Failed password for app ]",
            "kernel: audit: audit_lost=0 audit_rate_limit=0",
            "worker: 3 messages dropped from the queue",
            "ping: sent=4 lost=1",
            "gateway: rate limit exceeded for client 4",
            "worker: lost connection to the database",
            "Suppressed exception: java.io.IOException",
        ] {
            assert!(!is_in(line.as_bytes()), "{line}");
        }
    }
}
