/*! The reference pages of the documentation: made from the tables that the program itself goes by. */

use std::fmt::Write;

use clap::Command;

use super::exit::Exit;
use super::explain::{role_words, rule_in_short, sentence, type_word};
use crate::judge::RULES;
use crate::model::columns::COLUMNS;
use crate::model::words::WORDS;
use crate::pipeline;
use crate::profile::builtin;
use crate::safe::markdown;

const MADE: &str = "<!-- Made from the program's tables by `holdover man --markdown docs/reference`; change those. -->\n";

/// Name and text of each page.
pub(super) fn pages(command: &Command) -> [(&'static str, String); 6] {
    [
        ("rules.md", rules()),
        ("columns.md", columns()),
        ("profiles.md", profiles()),
        ("exit-codes.md", exits()),
        ("words.md", words()),
        ("command-line.md", command_line(command)),
    ]
}

fn page(title: &str, lead: &str) -> String {
    format!("# {title}\n\n{MADE}\n{lead}\n\n")
}

fn rules() -> String {
    let lead = "In the order in which a report tells them. Each links to its whole text, which `holdover explain RULE` prints.";
    let mut text = page("Rules", lead);
    text.push_str("| rule | the verdict | may be waived | in short |\n|---|---|---|---|\n");
    for rule in RULES {
        let (code, waivable) = (rule.code(), if rule.waivable() { "yes" } else { "no" });
        let short = rule_in_short(code).unwrap_or_default().replace('|', "\\|");
        let does = rule.severity().word();
        let _infallible =
            writeln!(text, "| [`{code}`](../rules.md#{code}) | {does} | {waivable} | {short} |");
    }
    text
}

fn columns() -> String {
    let lead = "The columns of `evidence` in a bundle, which `holdover query` asks; `holdover explain COLUMN` prints one.";
    let mut text = page("The evidence table", lead);
    text.push_str("| column | type | null | in a plan | meaning |\n|---|---|---|---|---|\n");
    for def in COLUMNS {
        let null = if def.nullable { "yes" } else { "no" };
        let (ty, role) = (type_word(def.ty), role_words(def.role));
        let _infallible =
            writeln!(text, "| `{}` | {ty} | {null} | {role} | {} |", def.name, def.meaning);
    }
    text.push_str("\n## Named queries\n\n| query | answers | columns |\n|---|---|---|\n");
    for known in pipeline::queries() {
        let columns: Vec<String> = known.columns.iter().map(|name| format!("`{name}`")).collect();
        let answers = markdown(known.answers);
        let _infallible =
            writeln!(text, "| `{}` | {answers} | {} |", known.name, columns.join(", "));
    }
    text
}

fn profiles() -> String {
    let lead = "What is recognised, the most specific first. `holdover sources show NAME` prints a profile; \
                [one of your own](../profiles.md) is a file like it.";
    let mut text = page("Source profiles", lead);
    text.push_str(
        "| profile | source | layer | arrives within | never records |\n|---|---|---|---|---|\n",
    );
    for profile in builtin::profiles() {
        let wraps = if profile.payload.is_some() { " (wraps others)" } else { "" };
        let never: Vec<String> = profile.blind_spots.iter().map(|spot| markdown(spot)).collect();
        let _infallible = writeln!(
            text,
            "| `{}` | {}{wraps} | {} | {} | {} |",
            profile.name,
            markdown(&profile.title),
            profile.layer.word(),
            profile.lag.hours_minutes(),
            never.join("; ")
        );
    }
    text
}

fn exits() -> String {
    let mut text = page("Exit statuses", "A promise to scripts. All other numbers are reserved.");
    text.push_str("| status | meaning |\n|---:|---|\n");
    for exit in Exit::ALL {
        let _infallible = writeln!(text, "| {} | {} |", exit.code(), sentence(exit.meaning()));
    }
    text
}

fn words() -> String {
    let mut text = page("Words", "One word, one meaning: in plans, columns, reports and here.");
    text.push_str("| word | meaning |\n|---|---|\n");
    for (word, meaning) in WORDS {
        let _infallible = writeln!(text, "| {word} | {meaning} |");
    }
    text
}

fn command_line(command: &Command) -> String {
    let mut text = page("The command line", "As `--help` prints it.");
    section(&mut text, command, "holdover");
    text
}

fn section(text: &mut String, command: &Command, name: &str) {
    let help = command.clone().render_long_help().to_string();
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    let _infallible = writeln!(text, "## {name}\n\n```text\n{}\n```\n", lines.join("\n"));
    for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
        section(text, one, &format!("{name} {}", one.get_name()));
    }
}
