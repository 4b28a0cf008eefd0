/*! `holdover collect`: evidence into a bundle, run after run. */

use std::fmt::Write;
use std::sync::Arc;

use crate::pipeline::{self, Counts, Error, Progress};
use crate::safe::{mask_file, terminal};
use crate::wording::count;

use super::args::{CollectArgs, DigestArg, ReadingArgs};
use super::exit::Exit;
use super::progress::Bar;
use super::run::{print, with_plan};
use super::terminal::Terminal;

/// So many inputs are named.
const NAMED_MAX: usize = 20;

pub(super) fn collect(args: &CollectArgs, terminal: Terminal) -> Result<Exit, Error> {
    let reading = ReadingArgs {
        digest: DigestArg::Sha256,
        profiles: args.profiles.clone(),
        threads: args.threads,
        strict: false,
    };
    let (loaded, request) = with_plan(&args.plan, (&args.paths, None), &reading)?;
    let progress = Arc::new(Progress::default());
    let bar = Bar::start(&progress, terminal.talks);
    let counts = pipeline::add(loaded, &request, &args.output, &progress);
    drop(bar);
    print(told(&counts?).as_bytes())?;
    Ok(Exit::Ready)
}

fn told(counts: &Counts) -> String {
    let mut text = format!(
        "{}: {} read, {} known from before\n",
        count(counts.read + counts.known, "input"),
        counts.read,
        counts.known,
    );
    if counts.stale.is_empty() {
        return text;
    }
    let stale = count(counts.stale.len() as u64, "input");
    let _infallible =
        writeln!(text, "{stale} stale, which withholds the verdict until given again:");
    for path in counts.stale.iter().take(NAMED_MAX) {
        let _infallible = writeln!(text, "  {}", terminal(&mask_file(path)));
    }
    if let Some(more @ 1..) = counts.stale.len().checked_sub(NAMED_MAX) {
        let _infallible = writeln!(text, "  and {more} more");
    }
    text
}
