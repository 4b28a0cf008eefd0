/*! What is made from the command line itself: completions, man pages, and the reference pages of the documentation. */

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::{Cli, ManArgs};
use super::exit::Exit;
use super::reference;
use super::run::print;
use crate::pipeline::Error;

/// Prints what a shell completes the command line by.
pub(super) fn completions(shell: Shell) -> Result<Exit, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "holdover", &mut bytes);
    print(&bytes)?;
    Ok(Exit::Ready)
}

/// Prints the page of the program, or writes one page a command, or the reference.
pub(super) fn man(args: &ManArgs) -> Result<Exit, Error> {
    if let Some(folder) = &args.markdown {
        for (name, text) in reference::pages(&command()) {
            write(folder, name, text.as_bytes())?;
        }
    }
    if let Some(folder) = &args.dir {
        pages(&command(), "holdover", folder)?;
    }
    if args.dir.is_none() && args.markdown.is_none() {
        print(&page(&command(), "holdover")?)?;
    }
    Ok(Exit::Ready)
}

/// The whole command line, as wide as a page.
fn command() -> Command {
    let mut command = Cli::command().term_width(100);
    command.build();
    command
}

fn pages(command: &Command, name: &str, folder: &Path) -> Result<(), Error> {
    write(folder, &format!("{name}.1"), &page(command, name)?)?;
    let own = command.get_subcommands().filter(|one| one.get_name() != "help");
    own.into_iter().try_for_each(|one| pages(one, &format!("{name}-{}", one.get_name()), folder))
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    Man::new(command.clone().display_name(name.to_owned())).render(&mut bytes)?;
    Ok(bytes)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes));
    written.map_err(|source| Error::DraftUnwritten { path: path.display().to_string(), source })
}
