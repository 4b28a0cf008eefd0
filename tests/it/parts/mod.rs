/*! `list`, `scan`, `seal`: scanned in parts, wherever and however often, the exports give the report that they give to
 * one process; and what a part lacks is said aloud.
 */

mod broken;
mod links;
mod lists;
mod spark;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::harness::{holdover, printed, run, said, status};

const MORNING_AFTER: &str = "fixtures/scenarios/document-provider/morning-after";

/// A plan, exports, and the folders that the commands write.
struct Cluster {
    folder: tempfile::TempDir,
    plan: String,
    exports: String,
}

impl Cluster {
    fn new(plan: &str, exports: &str) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        Self { folder, plan: plan.to_owned(), exports: exports.to_owned() }
    }

    fn morning_after() -> Self {
        Self::new(&format!("{MORNING_AFTER}/plan.toml"), &format!("{MORNING_AFTER}/logs"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    }

    /// The lines of the list.
    #[track_caller]
    fn list(&self, more: &[&str]) -> Vec<String> {
        let output = run(&[&["list", "-p", &self.plan, &self.exports], more].concat());
        assert_eq!(status(&output), 0, "{}", said(&output));
        lines(&printed(&output))
    }

    /// Scans the inputs of lines into a folder, and returns the lines with their parts.
    #[track_caller]
    fn scan(&self, lines: &[String], parts: &str, more: &[&str]) -> Vec<String> {
        let output = self.try_scan(lines, parts, more);
        assert_eq!(status(&output), 0, "{}", said(&output));
        self::lines(&printed(&output))
    }

    fn try_scan(&self, lines: &[String], parts: &str, more: &[&str]) -> Output {
        let parts = self.text(parts);
        let args = [&["scan", "-p", &self.plan, "-o", &parts], more].concat();
        let mut child = holdover(&args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A plan that is refused closes the pipe.
        let _closed = stdin.write_all(lines.concat().as_bytes());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }

    /// Seals a folder of parts under a list.
    fn seal(&self, parts: &str, list: &[String], more: &[&str]) -> Output {
        let (parts, list) = (self.text(parts), self.write("list.jsonl", &list.concat()));
        let bundle = self.text("bundle");
        run(&[&["seal", "-p", &self.plan, &parts, "--list", &list, "-o", &bundle], more].concat())
    }

    /// The report over paths in a format: its exit status and its bytes.
    #[track_caller]
    fn report(&self, paths: &[&str], format: &str) -> (i32, Vec<u8>) {
        let args = [&["report", "-p", &self.plan, "-f", format, "-vv"], paths].concat();
        let output = run(&args);
        assert!([0, 10, 11].contains(&status(&output)), "{args:?}: {}", said(&output));
        (status(&output), output.stdout)
    }

    /// Files, bundle and parts give the same report.
    #[track_caller]
    fn agrees(&self, parts: &str) {
        self.agrees_in(&["json"], parts);
    }

    #[track_caller]
    fn agrees_in(&self, formats: &[&str], parts: &str) {
        let (parts, list, bundle) =
            (self.text(parts), self.text("list.jsonl"), self.text("bundle"));
        for format in formats {
            let whole = self.report(&[&self.exports], format);
            let over = |paths: &[&str], what: &str| {
                let (status, bytes) = self.report(paths, format);
                let (theirs, ours) =
                    (String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&whole.1));
                let line = theirs.lines().zip(ours.lines()).find(|(left, right)| left != right);
                assert!(bytes == whole.1, "{format} over {what}: {line:?}");
                assert_eq!(status, whole.0, "{format} over {what}");
            };
            over(&[&parts, "--list", &list], "the parts");
            if format == &"json" {
                over(&[&bundle], "the bundle");
            }
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// All files of a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    walk.map(|entry| entry.expect("an entry"))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

#[test]
fn files_bundle_and_parts_give_the_same_report() {
    let cluster = Cluster::morning_after();
    let list = cluster.list(&["--task-bytes", "128K"]);
    // Each task is a process of its own.
    let task = |line: &String| line.split(',').next().map(str::to_owned);
    for task in list.chunk_by(|left, right| task(left) == task(right)) {
        cluster.scan(task, "parts", &[]);
    }
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
    cluster.agrees_in(&["json", "text", "html"], "parts");
}

#[test]
fn two_scans_of_the_same_bytes_write_the_same_files() {
    let cluster = Cluster::morning_after();
    let list = cluster.list(&[]);
    let done = cluster.scan(&list, "one", &["--threads", "1"]);
    let (first, second) = list.split_at(list.len() / 3);
    let other = [
        cluster.scan(second, "other", &["--threads", "4"]),
        cluster.scan(first, "other", &["--threads", "2"]),
    ];
    assert_eq!([other[1].as_slice(), &other[0]].concat(), done, "the lines name the same parts");
    let files_of = |name: &str| files(&cluster.path(name));
    assert_eq!(files_of("one"), files_of("other"));
    assert_eq!(files_of("one").len(), 2 * list.len(), "two files a part, and nothing else");
    // Two processes with the same task at the same time, and once more.
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| assert_eq!(cluster.scan(&list, "both", &[]), done));
        }
    });
    assert_eq!(cluster.scan(&list, "both", &[]), done);
    assert_eq!(files_of("both"), files_of("one"));
}

#[test]
fn paths_can_be_scanned_without_a_list_and_their_lines_are_one() {
    let cluster = Cluster::morning_after();
    let parts = cluster.text("parts");
    let output = run(&["scan", "-p", &cluster.plan, "-o", &parts, &cluster.exports]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let done = lines(&printed(&output));
    assert_eq!(done, cluster.scan(&cluster.list(&["--task-bytes", "1G"]), "parts", &[]));
}

/// The first block of commands of the page, over the fixture.
#[cfg(unix)]
#[test]
fn the_commands_of_the_page_run() {
    let page = fs::read_to_string(crate::harness::root().join("docs/scale.md")).expect("the page");
    let block = page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    let cluster = Cluster::morning_after();
    let root = crate::harness::root();
    let given = |path: &str| root.join(path).to_string_lossy().into_owned();
    let script = block.expect("commands").replace("holdover.toml", &given(&cluster.plan));
    let script = script.replace("exports/", &given(&cluster.exports));
    let program = Path::new(env!("CARGO_BIN_EXE_holdover")).parent().expect("a folder");
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut shell = std::process::Command::new("bash");
    shell.args(["-euc", &script]).env("PATH", path);
    let output = shell.current_dir(cluster.folder.path()).output().expect("bash starts");
    assert_eq!(status(&output), 10, "{}", said(&output));
    assert!(printed(&output).contains("NOT READY"), "{}", printed(&output));
}

#[test]
fn a_folder_of_parts_is_no_export() {
    let cluster = Cluster::morning_after();
    let list = cluster.list(&[]);
    cluster.scan(&list[..1], "in/parts", &[]);
    cluster.write("in/app.jsonl", "{}\n");
    let listed = run(&["list", "-p", &cluster.plan, &cluster.text("in")]);
    let troubles: Vec<String> =
        lines(&printed(&listed)).into_iter().filter(|line| line.contains("trouble")).collect();
    assert_eq!(troubles.len(), 1, "one line for the folder: {troubles:?}");
    assert!(troubles[0].contains("parts of `holdover scan`, not an export"), "{}", troubles[0]);
}
