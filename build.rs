/*! Finds the corpora that some tests read and the repository does not ship.
 *
 * They lie in `HOLDOVER_SHARED`, or in `../shared` where that variable is not set. Where they are, the cfg `has_shared`
 * is set and the tests run; elsewhere the test runner shows them as ignored. Run `touch build.rs` after the data has
 * come or gone.
 */

use std::env;
use std::path::{Path, PathBuf};

const VARIABLE: &str = "HOLDOVER_SHARED";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rustc-check-cfg=cfg(has_shared)");
    let given = env::var_os(VARIABLE).map(PathBuf::from);
    let folder =
        given.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    if folder.is_dir() {
        println!("cargo::rustc-cfg=has_shared");
    } else if given.is_some() {
        println!("cargo::error={VARIABLE} is `{}`, which is not a folder", folder.display());
    }
    println!("cargo::rustc-env={VARIABLE}={}", folder.display());
}
