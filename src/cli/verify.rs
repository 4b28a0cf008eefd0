/*! `holdover verify`: does a report still hold? */

use std::sync::Arc;

use crate::pipeline::{self, Error, Progress, Request};
use crate::report;

use super::args::VerifyArgs;
use super::exit::Exit;
use super::run::{asked_time, now, own_profiles, print};

pub(super) fn verify(args: &VerifyArgs) -> Result<Exit, Error> {
    let as_of = match asked_time("--as-of", args.as_of.as_deref()) {
        Ok(as_of) => as_of,
        Err(exit) => return Ok(exit),
    };
    let request = Request {
        paths: args.paths.clone(),
        as_of,
        now: now(),
        threads: args.threads.map(usize::from),
        drawn: false,
        digest: true,
        keep: false,
        profiles: own_profiles(args.profiles.as_deref())?,
    };
    let progress = Arc::new(Progress::default());
    let told = pipeline::verify(&args.report, args.plan.as_deref(), &request, &progress)?;
    let text = if args.format == "json" {
        format!("{:#}\n", report::verified::json(&told))
    } else {
        report::verified::text(&told)
    };
    if !print(text.as_bytes())? {
        return Ok(Exit::Failed);
    }
    Ok(match (told.newer_old_uses(), told.holds()) {
        (1.., _) => Exit::NotReady,
        (0, false) => Exit::Inconclusive,
        // That a report holds is no leave to revoke unless it says ready.
        (0, true) => Exit::of(told.verdict),
    })
}
