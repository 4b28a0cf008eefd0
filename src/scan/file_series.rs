/*! The series of a file: its name without what differs between files of one log, so that one file cannot cover for
 * another.
 *
 * Here goes what the name alone tells: dates and times, UUIDs, names of pods and containers, the instance, rotation
 * and compression. Numbers and random texts stay: only all files together tell what they count, when parts are sealed.
 */

use std::sync::LazyLock;

use regex::Regex;

use super::path_time;

/// Stands for what was left out.
pub(crate) const LEFT_OUT: char = '*';

/// What differs between files of one log, wherever it stands in their names. `\x02` stands for `_`, which is no part of
/// a word here.
static VARIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
            [0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}
            # the pod of a Deployment
          | \b[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b
            # a container, a cloud instance, a digest
          | \b(?:i-)?[0-9a-f]{12,64}\b
            # times of day, and shards of them
          | \b[0-2]\d[:h][0-5]\d(?:[:m][0-5]\d)?s?(?:\x02[SA]\d+)?\b
          | \bPT\d+[HM]\b
          | [-.\x02](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b
          | \b(?:19|20)\d{2}[-.\x02][01]\d\b
            # an hour after a date
          | \*[-.\x02T][0-2]\d(?:[-.:\x02]?[0-5]\d){0,2}Z?\b",
    )
    .expect("a valid expression")
});

/// What follows the name of a file that was compressed or rotated.
static ROTATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)(?:\.\d{1,4}
          |[-_.](?:gz|gzip|zst|zstd|bz2|xz|lz4|br|tgz|tbz2|txz|old|prev|previous|current|bak|backup|rotated))+$",
    )
    .expect("a valid expression")
});

/// The same before the ending of a file.
static EARLIER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[-_.](?:previous|prev|current|rotated)(\.[a-z]{2,6})$")
        .expect("a valid expression")
});

/// The series of a file: of its name, and of the names of the archives that it lies in.
pub(crate) fn of(chain: &[String], instance: Option<&str>) -> String {
    let names = chain.iter().map(|path| path.rsplit(['/', '\\']).next().unwrap_or_default());
    let names: Vec<String> = names.map(|name| of_name(name, instance)).collect();
    names.join("!")
}

fn of_name(name: &str, instance: Option<&str>) -> String {
    let without_instance = match instance.filter(|instance| instance.len() > 1) {
        Some(instance) => without_word(name, instance),
        None => name.to_owned(),
    };
    let undated = path_time::without_times(&without_instance).replace('_', "\u{2}");
    let varied = VARIES.replace_all(&undated, |found: &regex::Captures<'_>| {
        // Twelve digits alone are an account.
        let is_number = found[0].bytes().all(|byte| byte.is_ascii_digit());
        if is_number { found[0].to_owned() } else { LEFT_OUT.to_string() }
    });
    let varied = varied.replace('\u{2}', "_");
    let stem = ROTATED.replace(&varied, "");
    let stem = if stem.is_empty() { varied.as_str().into() } else { stem };
    cleaned(&EARLIER.replace(&stem, "$1"))
}

/// A name in which this text, where it stands between separators, is left out.
fn without_word(name: &str, word: &str) -> String {
    let is_end = |text: Option<char>| text.is_none_or(|next| !next.is_ascii_alphanumeric());
    let found = name.match_indices(word).find(|(at, _)| {
        is_end(name[..*at].chars().next_back()) && is_end(name[at + word.len()..].chars().next())
    });
    match found {
        Some((at, _)) => format!("{}{LEFT_OUT}{}", &name[..at], &name[at + word.len()..]),
        None => name.to_owned(),
    }
}

/// A name without the marks of what was left out, and without the separators that set it off. A name of nothing else
/// keeps one mark.
pub(crate) fn cleaned(name: &str) -> String {
    static MARKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[-_.+@~=,]*\*(?:[-_.+@~=,]*\*)*").expect("a valid expression")
    });
    let cleaned = MARKS.replace_all(name, |found: &regex::Captures<'_>| {
        let whole = found.get(0).map_or(0, |found| found.start());
        let starts_name = whole == 0 || name[..whole].ends_with('!');
        if starts_name { "*" } else { "" }
    });
    let cleaned = cleaned.trim_end_matches(['-', '_', '.']);
    match cleaned.strip_prefix("*-").or_else(|| cleaned.strip_prefix("*_")) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => cleaned.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], instance: Option<&str>, expected: &str) {
        for path in paths {
            let chain: Vec<String> = path.split('!').map(str::to_owned).collect();
            assert_eq!(of(&chain, instance), expected, "{path}");
        }
    }

    #[test]
    fn rotated_and_dated_files_are_one_series() {
        let files = [
            "logs/app.log",
            "logs/app.log.1",
            "logs/app.log.2.gz",
            "logs/app.log.old",
            "logs/app.log-20260301",
            "logs/app.log-20260301.gz",
            "logs/app-2026-03-01.log.gz",
            "logs/app_2026-03-01T10-15-30Z.log",
            "logs/app-2026-03-01-10.log.zst",
            "logs/app.1772705730.log",
            "logs/2026-03-01_app.log",
            "logs/app-Mon.log",
            "logs/app-previous.log",
        ];
        check(&files, None, "app.log");
        check(
            &["2026-03-01.jsonl.gz", "2026-03-02.jsonl", "m/20260305T101530Z.jsonl"],
            None,
            "*.jsonl",
        );
        check(&["07:00:00_07:59:59_S0.json", "10:00:00_10:59:59_S1.json"], None, "*.json");
    }

    #[test]
    fn pods_containers_and_the_instance_are_left_out() {
        let files = ["web-7d4b9c6f5d-x2k9p.log", "web-5c8f9d7b6-bbcdf.log", "web.log"];
        check(&files, None, "web.log");
        check(
            &["web-7d4b9c6f5d-x2k9p_prod_web-0123456789abcdef0123456789abcdef.log"],
            None,
            "web_prod_web.log",
        );
        check(
            &["web-i-0abc1234def567890.log", "web-6f9619ff-8b86-d011-b42d-00cf4fc964ff.log"],
            None,
            "web.log",
        );
        check(&["host-a-app.log"], Some("host-a"), "app.log");
        check(&["host-a.log"], Some("host-a"), "*.log");
        check(&["host-abc.log"], Some("host-a"), "host-abc.log");
    }

    #[test]
    fn other_files_are_other_series() {
        let series = |path: &str| of(&[path.to_owned()], None);
        for (one, other) in [
            ("api.log", "worker.log"),
            ("api-2026-03-01.log", "worker-2026-03-01.log"),
            ("web-1.log", "web-2.log"),
            ("app.log", "app-https.log"),
            ("old.log", "new.log"),
            ("node-1", "node-2"),
            ("111122223333_app.log", "444455556666_app.log"),
            ("eu-west-1.json", "us-east-1.json"),
        ] {
            assert_ne!(series(one), series(other), "{one} {other}");
        }
        check(&["node-a.tar.gz!app.log"], None, "node-a.tar!app.log");
        check(&["logs-2026-03-01.tar.gz!app.log"], None, "logs.tar!app.log");
    }
}
