/*! `holdover verify BUNDLE` without paths: a bundle may come from a stranger, and what it names is not all there is. */

use std::fs;

use serde_json::{Value, json};

use crate::false_ready::World;
use crate::harness::{printed, run, said, status};
use crate::verify::{AS_OF, Bundled, SOON, tick, used};
use crate::verify_anew::sha256;

type Edit = fn(&Bundled);

const NOT_ONE: &str = "not of one plan";

impl Bundled {
    /// Verifies it with no path on the command line.
    fn verify_alone(&self, more: &[&str]) -> (i32, Value) {
        let bundle = self.text("bundle");
        let args = [&["verify", &bundle, "--as-of", SOON, "-f", "json"], more].concat();
        let output = run(&args);
        let told = serde_json::from_slice(&output.stdout);
        (status(&output), told.unwrap_or_else(|_| panic!("{args:?}: {}", said(&output))))
    }

    /// What it prints then.
    fn text_alone(&self) -> String {
        printed(&run(&["verify", &self.text("bundle"), "--as-of", SOON]))
    }

    /// Makes the bundle anew, of each export as a file, as a shell gives them for a pattern.
    fn of_files(world: &World) -> Self {
        let own = Self::new(world);
        let (plan, bundle) = (own.text("plan.toml"), own.text("bundle"));
        let files: Vec<String> = walkdir::WalkDir::new(own.path("in"))
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().to_string_lossy().into_owned())
            .collect();
        fs::remove_dir_all(own.path("bundle")).expect("removed");
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let args = ["report", "-p", &plan, "-o", &bundle, "--as-of", AS_OF];
        run(&[&args, &files[..]].concat());
        own
    }
}

#[test]
fn next_to_single_files_newer_exports_are_not_looked_for() {
    let world = Bundled::of_files(&World::ready());
    for is_used in [false, true] {
        if is_used {
            fs::create_dir_all(world.path("in/late")).expect("a folder");
            let late = used("2026-03-02T20:30:00Z").join("\n");
            fs::write(world.path("in/late/a.jsonl"), late).expect("written");
        }
        let (status, told) = world.verify_alone(&[]);
        assert_eq!((status, &told["holds"]), (11, &json!(false)), "{told:#}");
        assert_eq!(told["reasons"], json!([]), "what is named is unchanged: {told:#}");
        let unchecked = told["not_checked"].to_string();
        assert!(unchecked.contains("give the folder as a path"), "{told:#}");
        assert!(world.text_alone().starts_with("NOT CHECKED"), "{}", world.text_alone());
        let (status, told) = world.verify("bundle", &[]);
        assert_eq!(status, if is_used { 10 } else { 0 }, "with the folder: {told:#}");
        assert_eq!(told["paths_of_bundle"], json!([]), "{told:#}");
    }
}

#[test]
fn one_file_besides_a_folder_is_enough_to_leave_it_open() {
    let world = Bundled::ready();
    let file = walkdir::WalkDir::new(world.path("in")).into_iter().filter_map(Result::ok);
    let mut file = file.filter(|entry| entry.file_type().is_file());
    let file = file.next().expect("an export").path().to_string_lossy().into_owned();
    let folder = world.text("in");
    world.edit_manifest(|listed| listed["paths"] = json!([folder, file]));
    let (status, told) = world.verify_alone(&[]);
    assert_eq!((status, &told["reasons"]), (11, &json!([])), "{told:#}");
    assert!(told["not_checked"].to_string().contains("next to 1 file"), "{told:#}");
}

#[test]
fn the_paths_that_a_bundle_names_are_told_escaped() {
    let world = Bundled::ready();
    let (status, told) = world.verify_alone(&[]);
    assert_eq!((status, &told["paths_of_bundle"]), (0, &json!([world.text("in")])), "{told:#}");
    let line = format!("  bundled   {}\n", world.text("in"));
    assert!(world.text_alone().contains(&line), "{}", world.text_alone());
    let bad = world.text("in\u{1b}[2Jb");
    fs::create_dir(&bad).expect("a folder");
    fs::write(format!("{bad}/a.jsonl"), tick("2026-03-02T20:00:00Z")).expect("written");
    let folder = world.text("in");
    world.edit_manifest(|listed| listed["paths"] = json!([folder, bad]));
    let text = world.text_alone();
    assert!(!text.contains('\u{1b}'), "{text}");
    assert_eq!(text.matches("  bundled   ").count(), 2, "{text}");
}

/// No request is made: nobody speaks to the one who listens at the address.
#[test]
fn an_address_that_a_bundle_names_is_not_opened() {
    let world = Bundled::ready();
    let folder = world.text("in");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("no waiting");
    let own = format!("https://{}/a", listener.local_addr().expect("a port"));
    let mut addresses = vec!["//host/a", "\\\\host\\a"];
    if cfg!(feature = "stores") {
        addresses.extend([&*own, "s3://logs/a"]);
    }
    for address in addresses {
        world.edit_manifest(|listed| listed["paths"] = json!([folder, address]));
        let (status, told) = world.verify_alone(&[]);
        assert_eq!((status, &told["holds"]), (11, &json!(false)), "{address}: {told:#}");
        assert_eq!(told["paths_of_bundle"], json!([]), "{address}: {told:#}");
        let unchecked = told["not_checked"].to_string();
        assert!(unchecked.contains("on the command line"), "{address}: {told:#}");
        assert!(!told.to_string().contains(address), "{address}: {told:#}");
    }
    let called = listener.accept().expect_err("nobody calls");
    assert_eq!(called.kind(), std::io::ErrorKind::WouldBlock);
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!(status, 0, "with a path, those of the bundle do not matter: {told:#}");
}

#[test]
fn plan_manifest_and_report_of_a_bundle_are_of_one_plan() {
    let edits: [(&str, Edit); 3] = [
        ("report", |world| world.edit(|report| report["plan"]["sha256"] = json!(sha256(b"x")))),
        ("manifest", |world| {
            world.edit_manifest(|listed| listed["plan_sha256"] = json!(sha256(b"x")));
        }),
        ("plan", |world| {
            let plan = fs::read_to_string(world.path("bundle/plan.toml")).expect("a plan");
            world.replace("plan.toml", (plan + "# one more line\n").as_bytes());
        }),
    ];
    for (name, edit) in edits {
        let world = Bundled::ready();
        edit(&world);
        for more in [&[] as &[&str], &["-p", &world.text("plan.toml")]] {
            for (status, told) in [world.verify("bundle", more), world.verify_alone(more)] {
                assert_eq!((status, &told["holds"]), (11, &json!(false)), "{name}: {told:#}");
                assert!(told["reasons"].to_string().contains(NOT_ONE), "{name}: {told:#}");
            }
        }
    }
    // Plan and manifest agree, and only the report is of another plan.
    let world = Bundled::ready();
    let plan = fs::read_to_string(world.path("bundle/plan.toml")).expect("a plan");
    let plan = plan + "# one more line\n";
    world.replace("plan.toml", plan.as_bytes());
    world.edit_manifest(|listed| listed["plan_sha256"] = json!(sha256(plan.as_bytes())));
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!((status, told["reasons"].to_string().contains(NOT_ONE)), (11, true), "{told:#}");
}

#[test]
fn a_report_in_a_bundle_that_does_not_name_its_plan_is_not_checked() {
    let world = Bundled::ready();
    world.edit(|report| drop(report.as_object_mut().expect("keys").remove("plan")));
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!((status, &told["holds"]), (11, &json!(false)), "{told:#}");
    assert!(told["not_checked"].to_string().contains("digest"), "{told:#}");
}
