/*! What is made from the command line itself: completions, man pages, and the reference pages of the documentation. */

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::pipeline::Error;

use super::exit::Exit;
use super::reference;
use super::terminal::print;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// Complete for this shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write a page for each command into this folder.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Write the reference pages of the documentation into this folder, as Markdown.
    #[arg(long, value_name = "DIR")]
    markdown: Option<PathBuf>,
}

pub(super) fn completions(args: &CompletionsArgs, command: &mut Command) -> Result<Exit, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, command, "holdover", &mut bytes);
    print(&bytes)?;
    Ok(Exit::Ready)
}

pub(super) fn man(args: &ManArgs, command: Command) -> Result<Exit, Error> {
    // Wide enough that the pages do not depend on the terminal.
    let mut command = command.term_width(100);
    command.build();
    if let Some(folder) = &args.markdown {
        for (name, text) in reference::pages(&command) {
            write(folder, name, text.as_bytes())?;
        }
    }
    if let Some(folder) = &args.dir {
        write_pages(&command, "holdover", folder)?;
    }
    if args.dir.is_none() && args.markdown.is_none() {
        print(&page(&command, "holdover")?)?;
    }
    Ok(Exit::Ready)
}

fn write_pages(command: &Command, name: &str, folder: &Path) -> Result<(), Error> {
    write(folder, &format!("{name}.1"), &page(command, name)?)?;
    command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help").try_for_each(
        |subcommand| write_pages(subcommand, &format!("{name}-{}", subcommand.get_name()), folder),
    )
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    Man::new(command.clone().display_name(name.to_owned())).render(&mut bytes)?;
    Ok(bytes)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes));
    written.map_err(|source| Error::FileUnwritten { path: path.display().to_string(), source })
}
