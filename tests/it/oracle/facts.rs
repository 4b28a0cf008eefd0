/*! The evidence of a bundle, asked with SQL that the program does not use, and the facts that slots name. */

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use holdover::model::{Duration, Timestamp};
use holdover::table::{Engine, PlainTable};
use holdover::wording;
use serde_json::Value;

use super::groups;
use super::templates::Template;
use crate::harness::{run, said};

/// The evidence of one report.
pub(super) struct Evidence {
    engine: Engine,
    pub(super) report: Value,
    /// What the sentence itself names, for the rows of its other slots.
    pub(super) bound: Vec<(&'static str, String)>,
    /// The templates that its sentences fit, and those of their parts.
    pub(super) met: Vec<&'static str>,
    pub(super) plan: toml::Table,
    /// The exports, as the report names them.
    pub(super) logs: PathBuf,
    /// What was asked before.
    answers: BTreeMap<String, PlainTable>,
    /// The tables are read when they are asked.
    _bundle: tempfile::TempDir,
}

/// What a slot states.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fact {
    /// The class of the finding.
    Class,
    /// The versions that these rows show.
    Versions(&'static str),
    /// How often: `once`, `3 times`.
    Times(&'static str),
    /// A sum of occurrences.
    Number(&'static str),
    /// A sum of occurrences with its noun.
    Count(&'static str, &'static str),
    /// How many different values these rows have, with a noun.
    Distinct(&'static str, &'static str, &'static str),
    /// The different values, listed.
    Names(&'static str, &'static str),
    /// The part of some rows in others.
    Percent(&'static str, &'static str),
    /// From the first to the last of these rows.
    Span(&'static str),
    /// The instances of these rows: ` on i1 and i2`.
    On(&'static str),
    /// An instant: an aggregate over rows.
    At(&'static str, &'static str),
    /// The time between two instants.
    Between((&'static str, &'static str), (&'static str, &'static str)),
    /// A time of the report, by its pointer.
    Report(&'static str),
    /// The length of the window.
    Window,
    /// `session_max` of the class, as the plan has it.
    Session,
    /// An instant, by a query of its own.
    Asked(&'static str),
    /// How many instances: ` on 2 instances`, or nothing.
    OnInstances(&'static str),
    /// The longest pause between the hours of these rows, or nothing.
    Pause(&'static str),
    /// How often before: `, and twice before the change`, or nothing.
    Before(&'static str),
    /// How often these rows switch between the versions; from the last of the first turn to the first of the last; and
    /// how long that is.
    Switches(&'static str),
    SwitchSpan(&'static str),
    SwitchLength(&'static str),
    /// `session_max` of the class alone.
    SessionLength,
    /// Of these rows the consumers that no sentence with this beginning names, and how often they come.
    MoreGroups(&'static str, &'static str, &'static str),
    MoreTimes(&'static str, &'static str),
    /// Names the rows that the other slots are about.
    Bound,
    /// A word that only joins.
    Word(&'static [&'static str]),
    /// What this computes.
    Of(fn(&mut Evidence, Option<&str>) -> String),
    /// One of these sentences, each with facts of its own.
    Says(&'static [Template]),
}

impl Fact {
    /// The sentences of which a slot holds one.
    pub(super) fn parts(&self) -> Option<&'static [Template]> {
        match self {
            Self::Says(parts) => Some(parts),
            _ => None,
        }
    }
}

/// What names one group of undeclared consumers.
pub(super) const HINTS: [&str; 5] =
    ["service_name", "user_agent", "principal", "client_address", "host_name"];

/// The tables that a bundle holds with the evidence.
const COMPANIONS: [&str; 4] = ["inputs", "coverage", "presence", "rejects"];

const TABLES: [(&str, &str); 10] = [
    (
        "logged",
        "SELECT stream, CAST(\"from\" AS BIGINT) AS from_us, CAST(\"to\" AS BIGINT) AS to_us, \
         CAST(records AS BIGINT) AS records FROM coverage",
    ),
    (
        "present",
        "SELECT consumer_class, instance, CAST(\"from\" AS BIGINT) AS from_us, CAST(\"to\" AS BIGINT) AS to_us \
         FROM presence",
    ),
    (
        "refused",
        "SELECT stream, reason, old_marker, CAST(before AS BIGINT) AS before_us, CAST(after AS BIGINT) AS after_us, \
         CAST(record AS BIGINT) AS record FROM rejects",
    ),
    (
        "reads",
        "SELECT consumer_class, COALESCE(service_instance_id, host_name, '') AS instance, credential_version, \
         credential_state, credential_binding, count, earliest_us, latest_us, service_name, user_agent, principal, \
         client_address, host_name FROM evidence WHERE kind = 'refresh'",
    ),
    (
        "told",
        "SELECT consumer_class, class_basis, COALESCE(service_instance_id, host_name, '') AS instance, \
         credential_version, credential_state, credential_binding, credential_uid, outcome, degraded, count, \
         earliest_us, latest_us, environment, service_name, user_agent, principal, client_address, host_name, \
         job_id, stream, attempt, duration_ms, size, action, latest_us - (latest_us % 3600000000) AS hour_us \
         FROM evidence WHERE kind IN ('auth', 'work')",
    ),
    (
        "ok",
        "SELECT consumer_class AS ok_class, instance AS ok_instance, MAX(earliest_us) AS ok_us, \
         MIN(earliest_us) AS first_ok_us FROM told WHERE outcome = 'success' AND credential_state = 'new' \
         AND credential_binding IN ('direct', 'derived') AND class_basis = 'matched' AND NOT degraded \
         AND earliest_us >= $t0 AND earliest_us <= $a GROUP BY consumer_class, instance",
    ),
    (
        "uids",
        "SELECT consumer_class AS uid_class, credential_uid AS uid, MIN(earliest_us) AS uid_us FROM told \
         WHERE credential_uid IS NOT NULL GROUP BY consumer_class, credential_uid",
    ),
    (
        "tries",
        "SELECT told.*, COALESCE(ok.ok_us, CAST(0 AS BIGINT)) AS ok_us, \
         COALESCE(ok.first_ok_us, CAST(0 AS BIGINT)) AS first_ok_us, \
         COALESCE(uids.uid_us, CAST(0 AS BIGINT)) AS uid_us FROM told LEFT JOIN ok \
         ON told.consumer_class = ok.ok_class AND told.instance = ok.ok_instance LEFT JOIN uids \
         ON told.consumer_class = uids.uid_class AND told.credential_uid = uids.uid",
    ),
    (
        "sides",
        "SELECT consumer_class, instance, \
         MAX(CASE WHEN credential_state = 'old' THEN latest_us ELSE CAST(0 AS BIGINT) END) AS o, \
         MAX(CASE WHEN credential_state = 'new' AND class_basis = 'matched' THEN earliest_us ELSE CAST(0 AS BIGINT) END) \
         AS n FROM told WHERE credential_binding IN ('direct', 'derived') AND latest_us >= $from AND earliest_us <= $a \
         AND consumer_class IS NOT NULL GROUP BY consumer_class, instance",
    ),
    (
        "classes",
        "SELECT consumer_class, MAX(o) AS o, MAX(n) AS n FROM sides GROUP BY consumer_class",
    ),
];

impl Evidence {
    /// A report over a fixture, and the tables of its bundle.
    pub(super) fn of(plan: &Path, logs: &Path, as_of: Option<&str>) -> Self {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let bundle = scratch.path().join("bundle");
        let [plan_text, exports, folder] =
            [plan, logs, &bundle].map(|path| path.to_string_lossy().into_owned());
        let mut args = vec!["report", "-p", &plan_text, &exports, "-o", &folder, "--exit-zero"];
        args.extend(as_of.iter().flat_map(|as_of| ["--as-of", as_of]));
        let output = run(&args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        let read = |path: &Path| std::fs::read_to_string(path).expect("a file");
        let mut engine = Engine::default();
        let report = serde_json::from_str(&read(&bundle.join("report.json"))).expect("a report");
        let path = bundle.join("evidence.parquet");
        engine.register_file("evidence", &path).expect("evidence");
        for name in COMPANIONS {
            let path = bundle.join(format!("{name}.parquet"));
            engine.register_file(name, &path).expect(name);
        }
        let (plan, logs) = (read(plan).parse().expect("a plan"), logs.to_owned());
        let mut evidence = Self {
            engine,
            report,
            plan,
            logs,
            answers: BTreeMap::new(),
            bound: Vec::new(),
            met: Vec::new(),
            _bundle: scratch,
        };
        for (name, sql) in TABLES {
            let table = evidence.ask(sql, None);
            evidence.engine.register(name, &table).expect(name);
        }
        evidence
    }

    pub(super) fn time(&self, pointer: &str) -> Option<Timestamp> {
        Timestamp::from_rfc3339(self.report.pointer(pointer)?.as_str()?)
    }

    /// The answer to a query in which `$class`, `$t0`, `$a`, `$from` and `$revoked` stand for what a finding is about.
    pub(super) fn ask(&mut self, sql: &str, class: Option<&str>) -> PlainTable {
        let us =
            |pointer: &str| self.time(pointer).map_or("0".to_owned(), |time| time.0.to_string());
        let mut text = sql.to_owned();
        for (name, value) in &self.bound {
            text = text.replace(&format!("${name}"), value);
        }
        let sql = text
            .replace("$class", &format!("'{}'", class.unwrap_or_default()))
            .replace("$t0", &us("/rotation/introduced"))
            .replace("$revoked", &us("/rotation/revoked"))
            .replace("$from", &us("/window/from"))
            .replace("$a", &us("/as_of"));
        if let Some(answer) = self.answers.get(&sql) {
            return answer.clone();
        }
        let answer = self.engine.run(&sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        self.answers.insert(sql, answer.clone());
        answer
    }

    pub(super) fn texts(&mut self, what: &str, rows: &str, class: Option<&str>) -> Vec<String> {
        let table = if what == "consumer_class" { "classes" } else { "tries" };
        let table = if rows.contains("sides.") { "sides" } else { table };
        let table = if rows.contains("reads.") { "reads" } else { table };
        let sql = format!("SELECT DISTINCT {what} AS v FROM {table} WHERE {rows}");
        let answer = self.ask(&sql, class);
        let column = answer.column("v").expect("a column");
        let mut texts: Vec<String> =
            (0..answer.height()).filter_map(|row| column.show(row)).collect();
        texts.sort();
        texts
    }

    /// An aggregate over these rows, in whole numbers.
    pub(super) fn number(&mut self, what: &str, rows: &str, class: Option<&str>) -> Option<i64> {
        let table = if rows.contains("reads.") { "reads" } else { "tries" };
        let answer = self.ask(&format!("SELECT {what} AS v FROM {table} WHERE {rows}"), class);
        answer.column("v").and_then(|column| column.int(0))
    }

    pub(super) fn sum(&mut self, rows: &str, class: Option<&str>) -> u64 {
        let sum = self.number("CAST(SUM(count) AS BIGINT)", rows, class);
        sum.and_then(|sum| u64::try_from(sum).ok()).unwrap_or(0)
    }

    fn at(&mut self, (what, rows): (&str, &str), class: Option<&str>) -> Timestamp {
        Timestamp(self.number(what, rows, class).unwrap_or(0))
    }

    /// The words that the slot must hold.
    pub(super) fn words(&mut self, fact: Fact, class: Option<&str>) -> String {
        match fact {
            Fact::Class => class.unwrap_or_default().to_owned(),
            Fact::Versions(rows) => self.versions(rows, class),
            Fact::Times(rows) => wording::times(self.sum(rows, class)),
            Fact::Number(rows) => wording::number(self.sum(rows, class)),
            Fact::Count(rows, noun) => wording::count(self.sum(rows, class), noun),
            Fact::Distinct(what, rows, noun) => {
                let n = self.texts(what, rows, class).len();
                if noun.is_empty() { wording::number(n) } else { wording::count(n, noun) }
            }
            Fact::Names(what, rows) => self.names(what, rows, class),
            Fact::Percent(rows, all) => {
                wording::percent(self.sum(rows, class), self.sum(all, class))
            }
            Fact::Span(rows) => wording::span(
                self.at(("MIN(earliest_us)", rows), class),
                self.at(("MAX(latest_us)", rows), class),
            ),
            Fact::On(rows) => {
                let names = self.texts("instance", &format!("({rows}) AND instance <> ''"), class);
                if names.is_empty() {
                    String::new()
                } else {
                    format!(" on {}", wording::list(&names))
                }
            }
            Fact::At(what, rows) => self.at((what, rows), class).to_string(),
            Fact::Between(from, to) => wording::length(self.at(to, class) - self.at(from, class)),
            Fact::Report(pointer) => {
                self.time(pointer).map(|time| time.to_string()).unwrap_or_default()
            }
            Fact::Window => {
                let [from, to] = ["/window/from", "/window/to"].map(|pointer| self.time(pointer));
                wording::length(to.zip(from).map(|(to, from)| to - from).unwrap_or_default())
            }
            Fact::Session => self.session(class).map_or_else(
                || "session_max is not declared".to_owned(),
                |session| format!("session_max is {}", wording::length(session)),
            ),
            Fact::Asked(sql) => {
                let answer = self.ask(sql, class);
                let time = answer.column("v").and_then(|column| column.int(0)).map(Timestamp);
                time.map(|time| time.to_string()).unwrap_or_default()
            }
            Fact::OnInstances(rows) => match self.texts("instance", rows, class).len() {
                0 => String::new(),
                n => format!(" on {}", wording::count(n, "instance")),
            },
            Fact::Pause(rows) => self.pause(rows, class),
            Fact::Before(rows) => match self.sum(rows, class) {
                0 => String::new(),
                n => format!(", and {} before the change", wording::times(n)),
            },
            Fact::Of(compute) => compute(self, class),
            Fact::Bound | Fact::Word(_) | Fact::Says(_) => String::new(),
            fact => groups::words(self, fact, class),
        }
    }

    fn versions(&mut self, rows: &str, class: Option<&str>) -> String {
        let shown = "CASE WHEN credential_binding IN ('direct', 'derived') THEN \
                     '`' || credential_version || '`' ELSE 'no version shown' END";
        let mut versions = self.texts(shown, rows, class);
        versions.sort_by_key(|version| (!version.starts_with('`'), version.clone()));
        wording::list(&versions)
    }

    /// The classes whose move is to be proven, in the plan's order, or other values.
    fn names(&mut self, what: &str, rows: &str, class: Option<&str>) -> String {
        let mut names = self.texts(what, rows, class);
        if what == "consumer_class" {
            let order = self.report["classes"].as_array().cloned().unwrap_or_default();
            let is_judged =
                |name: &String| self.consumer(Some(name)).is_some_and(super::planned::is_judged);
            names.retain(is_judged);
            names.sort_by_key(|name| order.iter().position(|row| row["class"] == name.as_str()));
        }
        wording::list(&names)
    }

    /// Said of three hours or more that do not all follow each other.
    fn pause(&mut self, rows: &str, class: Option<&str>) -> String {
        let hours = self.texts("hour_us", rows, class);
        let mut hours: Vec<i64> = hours.iter().filter_map(|hour| hour.parse().ok()).collect();
        hours.sort_unstable();
        let gaps = hours.windows(2).map(|pair| Duration(pair[1] - pair[0]));
        match gaps.max() {
            Some(gap) if hours.len() > 2 && gap > Duration::HOUR => {
                format!(", longest pause about {}", wording::length_up(gap))
            }
            Some(_) | None => String::new(),
        }
    }

    pub(super) fn session(&self, class: Option<&str>) -> Option<Duration> {
        super::planned::duration(self.consumer(class)?, "session_max")
    }

    /// What the sentence itself names.
    pub(super) fn value(&self, name: &str) -> String {
        let found = self.bound.iter().find(|(bound, _)| *bound == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Whole numbers, in the order of the answer: its column `v`.
    pub(super) fn ints(&mut self, sql: &str, class: Option<&str>) -> Vec<i64> {
        let answer = self.ask(sql, class);
        let column = answer.column("v").expect("a column");
        (0..answer.height()).filter_map(|row| column.int(row)).collect()
    }

    /// Texts, in the order of the answer: its column `v`.
    pub(super) fn strings(&mut self, sql: &str, class: Option<&str>) -> Vec<String> {
        let answer = self.ask(sql, class);
        let column = answer.column("v").expect("a column");
        (0..answer.height()).filter_map(|row| column.show(row)).collect()
    }

    /// The rows of the undeclared consumer that a match line names.
    pub(super) fn group(line: &str) -> String {
        let inside = line.trim_matches(|c| c == '{' || c == '}' || c == ' ');
        let table: toml::Table = inside.replace(", ", "\n").parse().expect("a match line");
        let of = HINTS.map(|hint| match table.get(hint).and_then(toml::Value::as_str) {
            Some(value) => format!("{hint} = '{value}'"),
            None => format!("{hint} IS NULL"),
        });
        of.join(" AND ")
    }
}
