/*! `holdover show`: show the record behind an evidence id, with its neighbours, and what is known of a member. */

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use crate::model::facts::Facet;
use crate::model::record::{Lost, Record};
use crate::pipeline::{self, Error, EvidenceRecord, Extent, ShowAnswer, Shown, ShownMember};
use crate::safe::terminal;
use crate::wording::{self, Zone};

use super::args::ZoneArgs;
use super::exit::Exit;
use super::failure::usage;
use super::terminal::print;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The folder that `report -o` wrote.
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// Evidence ids, such as `E12`, or members that used the old version, such as `address=203.0.113.77`; then the
    /// files or folders where moved inputs are now.
    #[arg(required = true, value_name = "ID|MEMBER|PATH")]
    what: Vec<String>,
    /// Records of context on each side.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(..=1000))]
    context: u16,
    /// Maximum characters per record.
    #[arg(long, value_name = "N", default_value_t = crate::limits::RECORD_CHARS)]
    chars: usize,
    #[command(flatten)]
    zone: ZoneArgs,
}

pub(super) fn run(args: &ShowArgs) -> Result<Exit, Error> {
    let (mut asked, mut paths) = (Vec::new(), Vec::new());
    for word in &args.what {
        match shown(word) {
            Some(one) => asked.push(one),
            None => paths.push(word.clone()),
        }
    }
    if asked.is_empty() {
        return Ok(usage(
            "expected an evidence id, such as `E12`, or a member, such as `address=203.0.113.77`",
        ));
    }
    let extent = Extent { chars: args.chars, neighbours: usize::from(args.context) };
    let (members, records) = match pipeline::show(&args.bundle, &asked, &paths, extent)? {
        ShowAnswer::Records(members, records) => (members, records),
        ShowAnswer::UnknownMember(facet, value, known) => {
            return Ok(usage(&unknown_member(facet, &value, &known)));
        }
        ShowAnswer::UnknownId { id, last } => return Ok(usage(&unknown(&id, last))),
    };
    let mut text = String::new();
    for member in &members {
        write_member(&mut text, member, args.zone.timezone);
    }
    for evidence in &records {
        if !text.is_empty() {
            text.push('\n');
        }
        write_evidence(&mut text, evidence, args.zone.timezone);
    }
    let is_whole =
        print(text.as_bytes())? && records.iter().all(|evidence| evidence.record.is_ok());
    Ok(if is_whole { Exit::Ready } else { Exit::NoInput })
}

/// At most this many members of a report are offered instead of one that it does not name.
const OFFERED_MAX: usize = 10;

/// The id or the member that a word means. Any other word is a path.
fn shown(word: &str) -> Option<Shown> {
    if is_id(word) {
        return Some(Shown::Id(word.to_owned()));
    }
    Facet::ALL.into_iter().find_map(|facet| {
        let rest = [facet.word(), facet.noun()]
            .into_iter()
            .find_map(|name| word.strip_prefix(name)?.strip_prefix(['=', ' ']))?;
        Some(Shown::Member(facet, rest.to_owned()))
    })
}

fn unknown_member(facet: Facet, value: &str, known: &[String]) -> String {
    let offered: Vec<String> = known
        .iter()
        .take(OFFERED_MAX)
        .map(|value| format!("`{}={}`", facet.noun().replace(' ', "_"), terminal(value)))
        .collect();
    let help = match known.len().saturating_sub(offered.len()) {
        _ if offered.is_empty() => {
            format!("the report tells no members apart by their {}", facet.noun())
        }
        0 => format!("the report names {}", wording::list(&offered)),
        rest => format!("the report names {} and {rest} more", offered.join(", ")),
    };
    format!("no member `{} {}` used the old version\n  help: {help}", facet.noun(), terminal(value))
}

fn write_member(text: &mut String, member: &ShownMember, zone: Zone) {
    let ShownMember { class, facet, value, state, ids, .. } = member;
    let _infallible = writeln!(
        text,
        "{} {} of {}: {}",
        facet.noun(),
        terminal(value),
        terminal(class),
        wording::holder(*state)
    );
    let told = [
        ("last old use", &member.last_old_use),
        ("first success with the new version", &member.first_new_success),
        ("must be silent for", &member.needed),
        ("silence will do at", &member.until),
    ];
    for (what, when) in told.into_iter().filter_map(|(what, when)| Some((what, when.as_ref()?))) {
        let _infallible = writeln!(text, "     {what}: {}", zone.sentence(when));
    }
    let _infallible = writeln!(text, "     shown by: {}", ids.join(", "));
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

fn write_evidence(text: &mut String, evidence: &EvidenceRecord, zone: Zone) {
    let _infallible = writeln!(text, "{}  {}", evidence.id, terminal(&evidence.says));
    if let Some((path, record, offset)) = &evidence.place {
        let time = evidence.time.as_ref();
        let time = time.map_or_else(String::new, |time| format!(", {}", zone.sentence(time)));
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
