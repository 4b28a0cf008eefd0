/*! `holdover explain`: explain a rule from its documentation, or a column, an exit status or a word from its table. */

use std::fmt::Write;

use clap::{Args, ValueEnum};

use crate::diag;
use crate::judge::RULES;
use crate::model::columns::{COLUMNS, Column, ColumnDef, ColumnType, Role};
use crate::model::words::WORDS;
use crate::pipeline::Error;
use crate::{plan, safe, wire};

use super::exit::Exit;
use super::failure::usage;
use super::terminal::{Terminal, eprint, print};

const DOCS: &str = include_str!("../../docs/rules.md");

/// The names of the lists themselves.
const LISTS: [&str; 4] = ["rules", "columns", "exit-codes", "words"];

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule (`split-brain`), column (`credential_uid`), exit status (`11`) or word (`coverage`); `rules`,
    /// `columns`, `exit-codes` or `words` to list them.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Print the JSON Schema of a file that the program reads or writes.
    #[arg(long, value_enum, value_name = "OF", conflicts_with = "name")]
    schema: Option<SchemaArg>,
}

/// A file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaArg {
    /// What `--plan` takes.
    Plan,
    /// What `report -f json` writes.
    Report,
    /// What `who -f json` writes.
    Who,
    /// What `during -f json` writes.
    During,
    /// What `plan advise -f json` writes.
    Advice,
}

pub(super) fn run(args: &ExplainArgs, terminal: Terminal) -> Result<Exit, Error> {
    let text = match (args.schema, args.name.as_deref()) {
        (Some(of), _) => Some(schema(of)),
        (None, None) => {
            if terminal.shows_progress() {
                eprint(MORE);
            }
            Some(rules())
        }
        (None, Some(name)) => named(name),
    };
    let Some(text) = text else { return Ok(unknown(args.name.as_deref().unwrap_or_default())) };
    print(text.as_bytes())?;
    Ok(Exit::Ready)
}

const MORE: &str = "`explain NAME` takes a rule, a column of the evidence table, an exit status or a word;\n\
                    `explain columns`, `explain exit-codes` and `explain words` list them\n";

pub(super) fn schema(of: SchemaArg) -> String {
    let schema = match of {
        SchemaArg::Plan => plan::schema(),
        SchemaArg::Report => serde_json::Value::from(wire::schema()),
        SchemaArg::During => serde_json::Value::from(wire::during_schema()),
        SchemaArg::Advice => serde_json::Value::from(wire::advice_schema()),
        SchemaArg::Who => serde_json::Value::from(wire::who_schema()),
    };
    format!("{schema:#}\n")
}

fn named(name: &str) -> Option<String> {
    match name {
        "rules" => return Some(rules()),
        "columns" => return Some(columns()),
        "exit-codes" => return Some(exits()),
        "words" => return Some(words()),
        _ => {}
    }
    let column = || Column::named(name).map(|column| column_text(column.def()));
    let exit = || {
        let exit = Exit::ALL.into_iter().find(|exit| exit.code().to_string() == name)?;
        Some(format!("exit status {name}\n\n{}\n", sentence(exit.meaning())))
    };
    let word = || {
        let (word, meaning) = WORDS.iter().find(|(word, _)| *word == name)?;
        Some(format!("{word}\n\n{}\n", sentence(meaning)))
    };
    // Where a word is also the name of a column, both are printed.
    let found: Vec<String> = [rule(name), column(), exit(), word()].into_iter().flatten().collect();
    (!found.is_empty()).then(|| found.join("\n"))
}

fn unknown(name: &str) -> Exit {
    let rules = RULES.iter().map(|rule| rule.code.word());
    let columns = COLUMNS.iter().map(|def| def.name);
    let words = WORDS.iter().map(|(word, _)| *word);
    let near = diag::nearest(name, rules.chain(columns).chain(words).chain(LISTS));
    let help = near.map_or_else(String::new, |near| format!("the nearest is `{near}`; "));
    let name = safe::terminal(name);
    usage(&format!(
        "no rule, column, exit status or word named `{name}`\n  help: {help}`holdover explain rules` lists all rules"
    ))
}

/// The documentation of a rule: its heading and everything up to the next.
fn rule(name: &str) -> Option<String> {
    let mut lines = DOCS.lines().skip_while(|line| line.strip_prefix("## ") != Some(name));
    let heading = lines.next()?;
    let body = lines.take_while(|line| !line.starts_with("## ") && !line.starts_with("# "));
    let mut text = heading.trim_start_matches("## ").to_owned();
    for line in body {
        text.push('\n');
        text.push_str(line);
    }
    Some(format!("{}\n", text.trim_end()))
}

/// The first sentence of a rule's documentation after its severity.
pub(super) fn rule_in_short(name: &str) -> Option<String> {
    let text = rule(name)?;
    let paragraph = text.split("\n\n").nth(1)?.replace('\n', " ");
    let (_, rest) = paragraph.split_once(". ")?;
    let end = rest.find(". ").map_or(rest.len(), |end| end + 1);
    Some(rest[..end].to_owned())
}

fn rules() -> String {
    let mut text = String::new();
    for rule in RULES {
        let _infallible = writeln!(text, "{:<10} {}", rule.severity.word(), rule.code.word());
    }
    text
}

fn columns() -> String {
    let width = COLUMNS.iter().map(|def| def.name.len()).max().unwrap_or(0);
    let lines = COLUMNS.iter().map(|def| format!("{:width$}  {}\n", def.name, def.meaning));
    lines.collect()
}

fn column_text(def: &ColumnDef) -> String {
    let null = if def.nullable { ", may be null" } else { "" };
    format!(
        "{}\n\n{}\n{}{null}; {}.\n",
        def.name,
        def.meaning,
        type_word(def.ty),
        role_words(def.role)
    )
}

pub(super) fn type_word(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Time => "timestamp in microseconds, UTC",
        ColumnType::Text => "text",
        ColumnType::I64 => "whole number, 64 bits with sign",
        ColumnType::U64 => "whole number, 64 bits",
        ColumnType::U32 => "whole number, 32 bits",
        ColumnType::F64 => "number",
        ColumnType::Bool => "true or false",
    }
}

/// Where a plan may name the column.
pub(super) fn role_words(role: Role) -> &'static str {
    match role {
        Role::Computed => "computed",
        Role::Mapped => "`fields` may map it",
        Role::Hint => "`fields` may map it, `match` may name it",
    }
}

fn exits() -> String {
    let lines = Exit::ALL
        .into_iter()
        .map(|exit| format!("{:>2}  {}\n", exit.code(), sentence(exit.meaning())));
    lines.collect()
}

fn words() -> String {
    let width = WORDS.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    let lines = WORDS.iter().map(|(word, meaning)| format!("{word:width$}  {meaning}\n"));
    lines.collect()
}

/// Adds a capital and a full stop.
pub(super) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}
