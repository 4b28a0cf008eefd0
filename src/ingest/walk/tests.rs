/*! What is listed, and under which name. */

use std::fs;
use std::path::Path;

use super::*;

fn make(root: &Path, files: &[&str]) {
    for file in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "{}\n").unwrap();
    }
}

/// Paths below the root, each with its trouble.
fn listed(root: &Path, paths: &[&str]) -> Vec<String> {
    let paths: Vec<String> =
        paths.iter().map(|path| root.join(path).to_str().unwrap().to_owned()).collect();
    let reversed: Vec<String> = paths.iter().rev().cloned().collect();
    let inputs = walk(&paths);
    assert_eq!(inputs, walk(&reversed), "the order of the paths must not matter");
    let ids: Vec<u32> = inputs.iter().map(|input| input.id.0).collect();
    assert_eq!(ids, (0..u32::try_from(inputs.len()).unwrap()).collect::<Vec<_>>());
    let root = format!("{}/", root.display());
    inputs
        .iter()
        .map(|input| {
            let path = input.path.strip_prefix(&root).unwrap_or(&input.path);
            match &input.trouble {
                None => path.to_owned(),
                Some(trouble) => format!("{path}: {trouble}"),
            }
        })
        .collect()
}

#[test]
fn a_folder_gives_hidden_and_ignored_files_too() {
    let root = tempfile::tempdir().unwrap();
    make(root.path(), &["logs/b.json", "logs/.hidden", "logs/x/a.part", "logs/x.jsonl/inside"]);
    fs::write(root.path().join("logs/.gitignore"), "*\n").unwrap();
    let all =
        ["logs/.gitignore", "logs/.hidden", "logs/b.json", "logs/x.jsonl/inside", "logs/x/a.part"];
    assert_eq!(listed(root.path(), &["logs"]), all);
    assert_eq!(listed(root.path(), &["logs", "logs/b.json", "logs/x"]), all);
}

#[test]
fn what_cannot_be_read_is_listed() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("empty")).unwrap();
    assert_eq!(
        listed(root.path(), &["gone", "empty", "*.none"]),
        [
            "*.none: no file matches the pattern",
            "empty: a folder without files",
            "gone: no such file or directory",
        ]
    );
}

#[test]
fn patterns_match_files_and_folders() {
    let root = tempfile::tempdir().unwrap();
    make(root.path(), &["d/2026-01/a.json", "d/2026-02/b.json", "d/c.json", "d/[x].json"]);
    assert_eq!(listed(root.path(), &["d/2026-*"]), ["d/2026-01/a.json", "d/2026-02/b.json"]);
    assert_eq!(listed(root.path(), &["d/*.json"]), ["d/[x].json", "d/c.json"]);
    assert_eq!(listed(root.path(), &["d/[x].json"]), ["d/[x].json"], "a name before a pattern");
    let all = ["d/2026-01/a.json", "d/2026-02/b.json", "d/[x].json", "d/c.json"];
    assert_eq!(listed(root.path(), &["d//**/*.json"]), all);
}

#[test]
fn a_bundle_is_not_walked() {
    let root = tempfile::tempdir().unwrap();
    make(root.path(), &["out/bundle.json", "out/evidence.parquet", "a.json"]);
    assert_eq!(
        listed(root.path(), &["."]),
        ["./a.json", "./out: a holdover bundle, not an export",]
    );
    assert_eq!(listed(root.path(), &["out"]), ["out: a holdover bundle, not an export"]);
}

#[cfg(unix)]
#[test]
fn links_stay_inside_and_are_read_once() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    make(root.path(), &["logs/z/real.json", "outside.json"]);
    let logs = root.path().join("logs");
    symlink("z/real.json", logs.join("a-link.json")).unwrap();
    symlink("../outside.json", logs.join("b-out")).unwrap();
    symlink("..", logs.join("z/loop")).unwrap();
    symlink("nothing", logs.join("c-dead")).unwrap();
    let loops = "logs/z/loop";
    let out = "a link that leads out of the folder; name its target to read it";
    let dead = "logs/c-dead: a link that leads nowhere: no such file or directory";
    let found = listed(root.path(), &["logs"]);
    assert_eq!(found, [format!("logs/b-out: {out}"), dead.into(), "logs/z/real.json".into()]);
    assert!(!found.iter().any(|path| path.starts_with(loops)), "a loop adds nothing");
}

#[cfg(unix)]
#[test]
fn odd_names_and_kinds_are_listed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join(OsStr::from_bytes(b"caf\xe9.json")), "{}").unwrap();
    fs::write(root.path().join("new\nline"), "{}").unwrap();
    std::os::unix::net::UnixListener::bind(root.path().join("socket")).unwrap();
    let found = listed(root.path(), &[""]);
    assert_eq!(found, ["caf\\xe9.json", "new\nline", "socket: a socket, not a file"]);
}

#[test]
fn standard_input_is_one_input() {
    let inputs = walk(&["-".into(), "-".into()]);
    assert_eq!(inputs.len(), 1);
    assert_eq!(inputs[0].source, Locator::Stdin);
}

#[test]
fn the_folder_that_a_run_writes_to_is_no_input_of_it() {
    let root = tempfile::tempdir().unwrap();
    let output = root.path().join("logs/out");
    make(root.path(), &["logs/a.json", "logs/out/.lock", "logs/out/x/b.json", "logs/out2/c.json"]);
    let given = |path: &str, output: Option<&Path>| {
        let path = root.path().join(path).to_str().unwrap().to_owned();
        let inputs = walk_outside(&[path], output);
        inputs.into_iter().map(|input| input.path).collect::<Vec<_>>()
    };
    let path = |path: &str| root.path().join(path).to_str().unwrap().to_owned();
    let others = [path("logs/a.json"), path("logs/out2/c.json")];
    assert_eq!(given("logs", Some(&output)), others);
    assert_eq!(given("logs/*", Some(&output)), others);
    assert_eq!(given("l*", Some(&output)), others);
    assert_eq!(given("logs", None).len(), 4);
    // A folder that is not there yet leaves nothing out.
    assert_eq!(given("logs", Some(&root.path().join("logs/new"))).len(), 4);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("out/x/b.json", root.path().join("logs/link.json")).unwrap();
        std::os::unix::fs::symlink(&output, root.path().join("elsewhere")).unwrap();
        assert_eq!(given("logs", Some(&root.path().join("elsewhere"))), others);
    }
}

#[test]
fn what_a_stopped_run_left_is_no_input_and_what_others_left_is() {
    let root = tempfile::tempdir().unwrap();
    let ours = [".lock", ".plan.toml.partial", ".evidence.parquet.partial", ".report.md.partial"];
    let others = [".app.log.partial", "evidence.parquet", "plan.toml.partial"];
    for name in ours.iter().chain(&others) {
        make(root.path(), &[&format!("logs/{name}"), &format!("more/{name}")]);
    }
    fs::write(root.path().join("logs/.lock"), "").unwrap();
    let left: Vec<String> = others.iter().map(|name| format!("logs/{name}")).collect();
    assert_eq!(listed(root.path(), &["logs"]), left);
    assert_eq!(listed(root.path(), &["more"]).len(), 7, "a lock with bytes is not ours");
    make(root.path(), &["stopped/.bundle.json.next", "stopped/evidence.parquet"]);
    let bundle = ["stopped: a holdover bundle, not an export"];
    assert_eq!(listed(root.path(), &["stopped"]), bundle);
}

#[cfg(unix)]
#[test]
fn a_pattern_goes_through_links_as_a_shell_does() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    make(root.path(), &["real/a.json", "logs/b/x.json"]);
    symlink("../real", root.path().join("logs/a")).unwrap();
    symlink("nothing", root.path().join("logs/dead")).unwrap();
    symlink("nothing", root.path().join("logs/b/dead.json")).unwrap();
    let dead = "logs/b/dead.json: no such file or directory";
    assert_eq!(listed(root.path(), &["logs/*/*.json"]), ["logs/a/a.json", dead, "logs/b/x.json"]);
    let out = "logs/a: a link that leads out of the folder; name its target to read it";
    assert_eq!(listed(root.path(), &["logs/**/*.json"]), [out, dead, "logs/b/x.json"]);
}
