/*! Finds the inputs. Every path gives inputs, and what cannot be read is listed too. */

mod folder;
mod glob;
mod inputs;
mod leftover;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::objects::{find, is_address, without_secrets};

pub use inputs::{Input, Locator};

pub(super) use inputs::modified;

use inputs::InputSet;

/// All inputs under the paths, sorted by path; the order of the paths does not matter.
pub fn walk(paths: &[String]) -> Vec<Input> {
    walk_outside(paths, None)
}

/// The same without what is in the folder that the run writes to: what it leaves is no input of it.
pub fn walk_outside(paths: &[String], output: Option<&Path>) -> Vec<Input> {
    let mut inputs = InputSet::outside(output);
    for path in paths {
        if path == "-" {
            inputs.add(Locator::Stdin, String::from("-"), false);
        } else if is_address(path) {
            match find(path) {
                Ok(found) => found.into_iter().for_each(|version| {
                    let path = version.url.clone();
                    inputs.add(Locator::Object(version), path, false);
                }),
                Err(why) => inputs.trouble(Path::new(&*without_secrets(path)), why),
            }
        } else if let Some(scheme) = unread_scheme(path) {
            let shown = path.split(['?', '#']).next().unwrap_or_default();
            let why = format!("`{scheme}` is not read: only `https`, `s3`, `gs` and `az` are");
            inputs.trouble(Path::new(shown), why);
        } else if Path::new(path).symlink_metadata().is_ok() || !glob::is_pattern(path) {
            folder::add_root(Path::new(path), &mut inputs);
        } else {
            glob::add_matches(path, &mut inputs);
        }
    }
    inputs.into_inputs()
}

/// The scheme of an address that is neither read nor the path of a file.
fn unread_scheme(path: &str) -> Option<&str> {
    let (scheme, _) = path.split_once("://")?;
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_scheme && Path::new(path).symlink_metadata().is_err()).then_some(scheme)
}
