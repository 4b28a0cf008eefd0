/*! A summary says when a credential was last used, not whether it worked: it proves old use, and never a success. */

use super::{MARKER, World};

const HEADER: &str = "user,arn,user_creation_time,\
    access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
    access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";

/// Adds a credential report: when each of the two keys of a user was last used.
fn reported(world: World, user: &str, [first, second]: [&str; 2]) -> World {
    let made = "2024-05-06T07:08:09+00:00";
    let row = format!(
        "{user},arn:aws:iam::111122223333:user/{user},{made},true,{made},{first},true,{made},{second}"
    );
    world
        .plan(MARKER, &format!("[\"doc-key-2024\", \"{user}/access_key_1\"]"))
        .plan("[\"doc-key-2026\"]", &format!("[\"doc-key-2026\", \"{user}/access_key_2\"]"))
        .input("iam/report.csv", &[HEADER.to_owned(), row])
}

fn verdict(world: &World) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

#[test]
fn a_last_use_within_the_window_is_old_use() {
    let late = reported(World::ready(), "rogue", ["2026-03-02T18:05:00+00:00", "N/A"]);
    assert_eq!(verdict(&late), "not_ready");
    let unreadable = reported(World::ready(), "rogue", ["some time", "N/A"]);
    assert_ne!(verdict(&unreadable), "ready");
    let early = reported(World::ready(), "rogue", ["N/A", "2026-03-02T18:05:00+00:00"]);
    assert_eq!(verdict(&early), "ready", "a use of the new key alone takes nothing back");
}

#[test]
fn a_last_use_of_the_new_key_is_not_a_success() {
    let mut world = World::ready();
    let is_logged = |line: &&str| !(line.contains("\"worker\"") && line.contains("doc-key-2026"));
    world.logs = world.logs.lines().filter(is_logged).collect::<Vec<_>>().join("\n") + "\n";
    let user = ["N/A", "2026-03-02T20:55:00+00:00"];
    let report = reported(world, "worker", [user[0], user[1]]);
    assert_ne!(verdict(&report), "ready");
    let trusting = report.source(
        "\n[[source]]\npaths = [\"iam/*.csv\"]\nclass = \"worker\"\nmax_gap = \"90d\"\n\
         \n[limits]\naggregates_prove = true\n",
    );
    assert_ne!(verdict(&trusting), "ready", "not even where a plan trusts aggregates");
}
