/*! Metrics that others wrote: each sample is read with its name, and each counter with what it stands at. */

use std::collections::BTreeMap;
use std::path::Path;

use holdover::map::Occurrences;
use holdover::model::bounds::TimeBounds;
use holdover::model::columns::Column;
use holdover::model::evidence::SampleRole;
use holdover::plan::ReadingPlan;
use holdover::profile::builtin;
use holdover::scan::{ObservedRecord, Observer, ScanOptions, Wanted, look};
use serde_json::Value;

use super::Share;
use crate::harness::shared;

/// The name and the number of each sample, in the order of the file.
#[derive(Default)]
struct Samples(Vec<(String, Option<f64>)>);

impl Observer for Samples {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        let name = record.mapped.text(Column::Action).unwrap_or_default().to_owned();
        let counter = match record.mapped.occurrences {
            // The reference knows no bucket that stands for the count.
            Occurrences::Grown(total)
                if total.role == SampleRole::Total && !name.ends_with("_bucket") =>
            {
                Some(total.value)
            }
            #[expect(clippy::cast_precision_loss, reason = "a few")]
            Occurrences::Times(times) => Some(times as f64),
            Occurrences::Grown(_)
            | Occurrences::LastUse(_)
            | Occurrences::Idle(_)
            | Occurrences::State
            | Occurrences::Unreadable
            | Occurrences::Unknown => None,
        };
        self.0.push((name, counter));
    }
}

fn samples(path: &Path) -> Vec<(String, Option<f64>)> {
    use holdover::attribute::CompiledRotation;
    use holdover::model::Timestamp;
    let bounds = TimeBounds::around(Timestamp(0));
    let wanted = Wanted::new(
        CompiledRotation::new(ReadingPlan::nothing()),
        builtin::profiles(),
        &[],
        bounds,
    );
    let watch = ScanOptions { digest: None, strict: false, ahead: false, progress: &|_| {} };
    let mut seen = Samples::default();
    for input in holdover::ingest::walk(&[path.to_string_lossy().into_owned()]) {
        look(&input, &wanted, &watch, &mut seen).expect("a scan");
    }
    seen.0
}

/// The same from the words of the text: `_total` or the bare name for counters, `_count` for others.
fn expected(text: &str) -> Vec<(String, Option<f64>)> {
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    let mut all = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["#", "TYPE", name, kind] => drop(kinds.insert(name, kind)),
            ["#" | "#EOF", ..] => {}
            _ => all.push(sample(line, &kinds)),
        }
    }
    all
}

fn sample(line: &str, kinds: &BTreeMap<&str, &str>) -> (String, Option<f64>) {
    let name = line.split(['{', ' ']).next().unwrap_or_default();
    let rest = line.rsplit_once('}').map_or(line, |(_, rest)| rest);
    let rest = if rest == line { &line[name.len()..] } else { rest };
    let value = rest.split_whitespace().next().and_then(|word| word.parse().ok());
    let family = |ending: &str| kinds.get(name.strip_suffix(ending).unwrap_or(name)).copied();
    let counts = kinds.get(name) == Some(&"counter")
        || (name.ends_with("_total") && family("_total") == Some("counter"))
        || (name.ends_with("_count") && matches!(family("_count"), Some("histogram" | "summary")));
    let untold = kinds.is_empty() && (name.ends_with("_total") || name.ends_with("_count"));
    (name.to_owned(), value.filter(|_| counts || untold))
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn prometheus_texts() {
    let corpora = shared("corpora");
    let (parsed, scraped) =
        ("prometheus-textparse/model/textparse/testdata", "prometheus-expfmt/expfmt/testdata");
    let files = [
        (parsed, "alltypes.237mfs.prom.txt"),
        (parsed, "alltypes.237mfs.nometa.prom.txt"),
        (parsed, "alltypes.5mfs.om.txt"),
        (scraped, "text"),
    ];
    for (folder, name) in files {
        let path = corpora.join(folder).join(name);
        let text = std::fs::read_to_string(&path).expect("a file of the corpus");
        let (found, expected) = (samples(&path), expected(&text));
        assert!(expected.len() > 50 && expected.iter().any(|(_, counter)| counter.is_some()));
        let mut share = Share::default();
        for (position, sample) in expected.iter().enumerate() {
            let own = found.get(position);
            share.count(own == Some(sample), || format!("{name}: {sample:?}, found {own:?}"));
        }
        let corpus = folder.split('/').next().unwrap_or_default();
        share.judge((corpus, &format!("{name} samples")), None);
        assert_eq!(found.len(), expected.len(), "{name}");
    }
    let of = |name| samples(&corpora.join(scraped).join(name));
    assert_eq!(of("text.gz"), of("text"), "packed, it says the same");
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn otlp_metrics_of_the_specification() {
    let corpora = shared("corpora");
    let path = corpora.join("otlp-proto-examples/examples/metrics.json");
    let text = std::fs::read_to_string(&path).expect("a file of the corpus");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let metrics = &value["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
    let name = |metric: &Value| metric["name"].as_str().map(str::to_owned);
    let mut expected: Vec<String> =
        metrics.as_array().expect("metrics").iter().filter_map(name).collect();
    let mut found = samples(&path);
    expected.sort();
    found.sort_by(|one, two| one.0.cmp(&two.0));
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, expected);
    let counts: Vec<Option<f64>> = found.iter().map(|(_, count)| *count).collect();
    // The counter, the exponential histogram's count, the gauge, the histogram's count: deltas, and a state.
    assert_eq!(counts, [Some(5.0), Some(3.0), None, Some(2.0)]);
}
