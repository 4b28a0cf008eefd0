/*! `holdover query`: ask a bundle by a named query or in SQL, and print a table, CSV, JSON or Parquet. */

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::pipeline::{self, Error, Question};
use crate::{diag, safe};

use super::exit::Exit;
use super::failure::usage;
use super::grid;
use super::terminal::{Terminal, print};

#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// The folder that `report -o` or `collect` wrote.
    #[arg(value_name = "BUNDLE", required_unless_present = "list")]
    bundle: Option<PathBuf>,
    /// A named query; without one, list all of them.
    #[arg(value_name = "NAME", conflicts_with = "sql")]
    name: Option<String>,
    /// Run this SQL over evidence, inputs, coverage, presence, rejects, links and the named queries.
    #[arg(long, value_name = "TEXT")]
    sql: Option<String>,
    /// List the named queries, with the question that each answers and its columns.
    #[arg(long)]
    list: bool,
    /// Print in this format; Parquet needs `-o`.
    #[arg(short, long, visible_alias = "output-format", value_enum, default_value_t = QueryFormat::Table)]
    format: QueryFormat,
    /// Write the answer into this new file.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum QueryFormat {
    Table,
    Csv,
    Json,
    Parquet,
}

pub(super) fn run(args: &QueryArgs, terminal: Terminal) -> Result<Exit, Error> {
    let queries = pipeline::queries();
    if args.list {
        print(list().as_bytes())?;
        return Ok(Exit::Ready);
    }
    let Some(bundle) = &args.bundle else { return Ok(usage("expected a bundle, or `--list`")) };
    let question = match (&args.name, &args.sql) {
        (_, Some(text)) => Question::Sql(text),
        (Some(name), None) if queries.iter().any(|query| query.name == name) => {
            Question::Named(name)
        }
        (Some(name), None) => {
            let near = diag::nearest(name, queries.iter().map(|query| query.name));
            let help = near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
            let name = safe::terminal(name);
            return Ok(usage(&format!(
                "no query named `{name}`\n  help: {help}`holdover query --list` lists all"
            )));
        }
        (None, None) => {
            pipeline::open(bundle)?;
            print(list().as_bytes())?;
            return Ok(Exit::Ready);
        }
    };
    let answer = || pipeline::ask(bundle, question);
    let text = match args.format {
        QueryFormat::Parquet => {
            let Some(path) = &args.output else {
                return Ok(usage(
                    "Parquet cannot be printed\n  help: name a new file with `-o FILE`",
                ));
            };
            pipeline::ask_into(bundle, question, path)?;
            return Ok(Exit::Ready);
        }
        QueryFormat::Csv => grid::csv(&answer()?),
        QueryFormat::Json => grid::json(&answer()?),
        QueryFormat::Table => {
            grid::aligned(&answer()?, terminal.cell_max.filter(|_| args.output.is_none()))
        }
    };
    match &args.output {
        Some(path) => write_new(path, text.as_bytes())?,
        None => {
            print(text.as_bytes())?;
        }
    }
    Ok(Exit::Ready)
}

fn list() -> String {
    let mut text = String::new();
    for query in pipeline::queries() {
        let _infallible = writeln!(text, "{:<18} {}", query.name, query.answers);
        let _infallible = writeln!(text, "{:<18} {}", "", query.columns.join(", "));
    }
    text
}

/// Writes a new file; an existing file is left as it is.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritten = |source| Error::FileUnwritten { path: path.display().to_string(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(unwritten)?;
    file.write_all(bytes).map_err(unwritten)
}
