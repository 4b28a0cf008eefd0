/*! `holdover query`: named questions and one's own, as a table, CSV, JSON or Parquet. */

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use super::args::QueryArgs;
use super::exit::Exit;
use super::grid;
use super::run::{print, usage};
use super::terminal::Terminal;
use crate::pipeline::{self, Error, Question};
use crate::{diag, safe};

pub(super) fn query(args: &QueryArgs, terminal: Terminal) -> Result<Exit, Error> {
    let known = pipeline::queries();
    if args.list {
        print(list().as_bytes())?;
        return Ok(Exit::Ready);
    }
    let Some(bundle) = &args.bundle else { return Ok(usage("expected a bundle, or `--list`")) };
    let question = match (&args.name, &args.sql) {
        (_, Some(text)) => Question::Sql(text),
        (Some(name), None) if known.iter().any(|known| known.name == name) => Question::Named(name),
        (Some(name), None) => {
            let near = diag::nearest(name, known.iter().map(|known| known.name));
            let help = near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
            let name = safe::terminal(name);
            return Ok(usage(&format!(
                "no query named `{name}`\n  help: {help}`holdover query --list` names all"
            )));
        }
        (None, None) => {
            pipeline::open(bundle)?;
            print(list().as_bytes())?;
            return Ok(Exit::Ready);
        }
    };
    if args.format == "parquet" {
        let Some(path) = &args.output else {
            return Ok(usage(
                "Parquet is not for a terminal\n  help: name a new file with `-o FILE`",
            ));
        };
        pipeline::ask_into(bundle, question, path)?;
        return Ok(Exit::Ready);
    }
    let answer = pipeline::ask(bundle, question)?;
    let text = match args.format.as_str() {
        "csv" => grid::csv(&answer),
        "json" => grid::json(&answer),
        _ => grid::aligned(&answer, terminal.cell_max.filter(|_| args.output.is_none())),
    };
    match &args.output {
        Some(path) => write_new(path, text.as_bytes())?,
        None => {
            print(text.as_bytes())?;
        }
    }
    Ok(Exit::Ready)
}

/// All named queries, with what they answer and the columns of the answer.
fn list() -> String {
    let mut text = String::new();
    for known in pipeline::queries() {
        let _infallible = writeln!(text, "{:<18} {}", known.name, known.answers);
        let _infallible = writeln!(text, "{:<18} {}", "", known.columns.join(", "));
    }
    text
}

/// A file that is there stays.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritten = |source| Error::DraftUnwritten { path: path.display().to_string(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(unwritten)?;
    file.write_all(bytes).map_err(unwritten)
}
