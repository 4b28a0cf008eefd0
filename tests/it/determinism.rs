/*! The same inputs and plan give the same bytes, with any number of threads and in any order of paths. */

use crate::harness::{holdover, root};

fn bytes(paths: &[&str], threads: &str) -> Vec<u8> {
    let folder = "fixtures/scenarios/document-provider/morning-after";
    let plan = format!("{folder}/plan.toml");
    let paths: Vec<String> = paths.iter().map(|path| format!("{folder}/logs/{path}")).collect();
    let mut args = vec!["report", "-p", &plan, "-f", "json", "--threads", threads];
    args.extend(paths.iter().map(String::as_str));
    let output = holdover(&args).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(10), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn threads_and_the_order_of_paths_change_no_byte() {
    let logs = root().join("fixtures/scenarios/document-provider/morning-after/logs");
    let mut folders: Vec<String> = walkdir::WalkDir::new(logs)
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut forward: Vec<&str> = folders.iter().map(String::as_str).collect();
    let expected = bytes(&forward, "1");
    assert_eq!(expected, bytes(&forward, "2"));
    assert_eq!(expected, bytes(&forward, "8"));
    forward.reverse();
    assert_eq!(expected, bytes(&forward, "2"));
    forward.swap(0, 2);
    forward.push(forward[0]);
    assert_eq!(expected, bytes(&forward, "8"), "a path given twice is read once");
}
