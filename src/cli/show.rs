/*! `holdover show`: show the record behind an evidence id, with its neighbours. */

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use crate::model::record::{Lost, Record};
use crate::pipeline::{self, Error, EvidenceRecord, Extent, ShowAnswer};
use crate::safe::terminal;
use crate::wording;

use super::exit::Exit;
use super::failure::usage;
use super::terminal::print;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The folder that `report -o` wrote.
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// Evidence ids, such as `E12`; then the files or folders where moved inputs are now.
    #[arg(required = true, value_name = "ID|PATH")]
    what: Vec<String>,
    /// Records of context on each side.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(..=1000))]
    context: u16,
    /// Maximum characters per record.
    #[arg(long, value_name = "N", default_value_t = crate::limits::RECORD_CHARS)]
    chars: usize,
}

pub(super) fn run(args: &ShowArgs) -> Result<Exit, Error> {
    let (ids, paths): (Vec<String>, Vec<String>) =
        args.what.iter().cloned().partition(|word| is_id(word));
    if ids.is_empty() {
        return Ok(usage("expected an evidence id, such as `E12`"));
    }
    let extent = Extent { chars: args.chars, neighbours: usize::from(args.context) };
    let records = match pipeline::show(&args.bundle, &ids, &paths, extent)? {
        ShowAnswer::Records(records) => records,
        ShowAnswer::UnknownId { id, last } => return Ok(usage(&unknown(&id, last))),
    };
    let mut text = String::new();
    for evidence in &records {
        if !text.is_empty() {
            text.push('\n');
        }
        write_evidence(&mut text, evidence);
    }
    let is_whole =
        print(text.as_bytes())? && records.iter().all(|evidence| evidence.record.is_ok());
    Ok(if is_whole { Exit::Ready } else { Exit::NoInput })
}

/// Is it an evidence id, rather than a path?
fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix(['E', 'e']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn unknown(id: &str, known: usize) -> String {
    let help = match known {
        0 => "the report cites no evidence".to_owned(),
        1 => "the report cites only `E1`".to_owned(),
        last => format!("the report cites `E1` to `E{last}`"),
    };
    format!("no evidence `{}`\n  help: {help}", terminal(id))
}

fn write_evidence(text: &mut String, evidence: &EvidenceRecord) {
    let _infallible = writeln!(text, "{}  {}", evidence.id, terminal(&evidence.says));
    if let Some((path, record, offset)) = &evidence.place {
        let time = evidence.time.as_ref().map_or_else(String::new, |time| format!(", {time}"));
        let path = terminal(path);
        let _infallible = writeln!(text, "     {path} record {record}, byte {offset}{time}");
    }
    match &evidence.record {
        Ok(record) => write_records(text, record),
        Err(lost) => {
            let _infallible = writeln!(text, "     not shown: {}", terminal(&wording::lost(lost)));
            if matches!(lost, Lost::Gone(_)) {
                let help = "after the id, give the file or folder where the input is now";
                let _infallible = writeln!(text, "     help: {help}");
            }
        }
    }
}

fn write_records(text: &mut String, record: &Record) {
    if !record.is_checked {
        text.push_str(
            "     the report has no digest of the input: this is the record that is there now\n",
        );
    }
    let mut lines = |mark: char, record: &str| {
        for line in record.lines() {
            let _infallible = writeln!(text, "   {mark} {}", terminal(line));
        }
    };
    record.header.iter().for_each(|header| lines('#', header));
    record.before.iter().for_each(|before| lines(' ', before));
    lines('>', &record.text);
    record.after.iter().for_each(|after| lines(' ', after));
}
