/*! The job for Spark, on a master and two workers on loopback: a doubled task and a killed worker change no byte of the
 * report, a cut stream and a deleted part fail aloud. Takes a minute or two. The same job on Sail, in seconds.
 */

use std::process::Command;

use super::MORNING_AFTER;
use crate::harness::{printed, root, said, skip, status};

fn is_there(program: &str, args: &[&str]) -> bool {
    let output = Command::new(program).args(args).output();
    output.is_ok_and(|output| output.status.success())
}

/// Runs the check on an engine, and counts its cases.
#[track_caller]
fn check(engine: &str, expected: usize) {
    let world = root().join(MORNING_AFTER);
    let check = Command::new("python3")
        .arg(root().join("integrations/spark/check.py"))
        .arg(engine)
        .arg(env!("CARGO_BIN_EXE_holdover"))
        .args([world.join("plan.toml"), world.join("logs")])
        .output()
        .expect("python starts");
    assert_eq!(status(&check), 0, "{}{}", printed(&check), said(&check));
    let cases = printed(&check).matches("ok: ").count();
    assert_eq!(cases, expected, "{}", printed(&check));
}

#[cfg(unix)]
#[test]
fn a_cluster_gives_the_report_of_one_process_or_fails_aloud() {
    if !is_there("java", &["-version"])
        || !is_there("python3", &["-c", "import pyspark, pyarrow, pandas"])
    {
        skip("Java, or Python's packages `pyspark`, `pyarrow` and `pandas` are not there");
        return;
    }
    check("spark", 5);
}

#[cfg(unix)]
#[test]
fn sail_gives_the_report_of_one_process_or_fails_aloud() {
    if !is_there("python3", &["-c", "import pysail, pyspark, pyarrow, pandas, grpc, grpc_status"]) {
        skip("Python does not have `pysail` and what the client of Spark Connect needs");
        return;
    }
    check("sail", 4);
}
