/*! Which pairs are handovers, what is a session, and what is left out of a first plan. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::Column;
use crate::model::{Duration, Span, Timestamp};

use super::holder::Holder;
use super::inputs::FoundInput;
use super::tally::{CredentialTally, Declared, Seen, Usage, hull};
use super::{Choice, DiscoveredCredential, Discovery, Issuer, NoChoice, choose, discover, draft};

fn usage(hours: &[i64]) -> Usage {
    let at = |hour: i64| Timestamp(hour * 3_600_000_000);
    let span = hours
        .iter()
        .min()
        .zip(hours.iter().max())
        .map(|(first, last)| Span { from: at(*first), to: at(*last) });
    Usage {
        records: hours.len() as u64,
        span,
        minutes: hours.iter().map(|hour| hour * 60).collect(),
        refused: 0,
        sources: BTreeSet::from(["json".to_owned()]),
    }
}

/// A credential that these holders used in these hours.
pub(super) fn credential(uid: &str, uses: &[(Holder, &[i64])]) -> DiscoveredCredential {
    let mut tally = CredentialTally::default();
    for (holder, hours) in uses {
        used_by(&mut tally, uid, holder.clone(), hours);
    }
    found(tally).credentials.remove(0)
}

fn found(tally: CredentialTally) -> Discovery {
    discover(tally, vec![FoundInput::new("a.jsonl".to_owned())])
}

fn seen<'t>(tally: &'t mut CredentialTally, uid: &str) -> &'t mut Seen {
    tally.seen.entry(uid.to_owned()).or_insert_with(|| Seen::new(uid, uid))
}

fn used_by(tally: &mut CredentialTally, uid: &str, holder: Holder, hours: &[i64]) {
    let usage = usage(hours);
    let seen = seen(tally, uid);
    seen.records += usage.records;
    seen.span = hull(seen.span, usage.span);
    tally.uses.entry((uid.to_owned(), holder)).or_default().join(usage);
}

fn used(tally: &mut CredentialTally, uid: &str, name: &str, hours: &[i64]) {
    used_by(tally, uid, Holder::named(Column::ServiceName, name), hours);
}

fn handovers(found: &Discovery) -> Vec<(&str, &str, usize)> {
    let uid = |position: usize| found.credentials[position].uid.as_str();
    let handovers = found.handovers.iter();
    handovers.map(|handover| (uid(handover.old), uid(handover.new), handover.consumers)).collect()
}

#[test]
fn a_handover_is_what_consumers_used_one_after_the_other() {
    let mut tally = CredentialTally::default();
    used(&mut tally, "k1", "a", &[0, 1, 2, 3]);
    used(&mut tally, "k1", "b", &[0, 5]);
    used(&mut tally, "k2", "a", &[4, 5, 6]);
    // Another credential of the same consumer, there from the start.
    used(&mut tally, "db", "a", &[0, 1, 2, 3, 4, 5]);
    let found = found(tally);
    assert_eq!(handovers(&found), [("k1", "k2", 1)]);
    assert_eq!(found.credentials.len(), 3);
    assert_eq!(found.credentials[0].uid, "db", "the busiest first");
    let (usual, most) = found.credentials[0].users[0].gaps.expect("gaps");
    assert_eq!((usual, most), (Duration::HOUR, Duration::HOUR));
}

#[test]
fn every_handover_is_found_and_the_likeliest_comes_first() {
    let mut tally = CredentialTally::default();
    for name in ["a", "b", "c"] {
        used(&mut tally, "k1", name, &[0, 1]);
        used(&mut tally, "k2", name, &[7, 8]);
    }
    used(&mut tally, "k3", "c", &[20]);
    used(&mut tally, "role_old", "a", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    used(&mut tally, "role_new", "a", &[9, 10]);
    let found = found(tally);
    assert_eq!(handovers(&found), [("k1", "k2", 3), ("role_old", "role_new", 1), ("k2", "k3", 1)]);
}

#[test]
fn a_credential_that_appears_with_another_does_not_follow_it() {
    let mut tally = CredentialTally::default();
    used(&mut tally, "k1", "a", &[0, 9]);
    used(&mut tally, "k2", "a", &[0, 9]);
    used(&mut tally, "k3", "b", &[5, 9]);
    assert_eq!(found(tally).handovers, []);
    let none = choose(&found(CredentialTally::default()), &Choice::default());
    assert_eq!(none.err(), Some(NoChoice::NothingFound));
}

#[test]
fn session_keys_stand_under_what_issued_them_and_follow_nothing() {
    let mut tally = CredentialTally::default();
    let role = Holder::named(Column::Principal, "arn:aws:sts::1:assumed-role/ci");
    for key in 0..30 {
        let uid = format!("ASIAEXAMPLESESSION{key:02}");
        used_by(&mut tally, &uid, role.clone(), &[key, key + 1]);
    }
    used(&mut tally, "AKIAEXAMPLEOLDKEY001", "deploy", &[0]);
    used(&mut tally, "ASIAEXAMPLEOFKEY0001", "deploy", &[3, 4]);
    seen(&mut tally, "ASIAEXAMPLEOFKEY0001").parents.insert("AKIAEXAMPLEOLDKEY001".to_owned());
    let found = found(tally);
    let groups: Vec<(&Issuer, usize, u64)> =
        found.sessions.iter().map(|group| (&group.issuer, group.keys, group.records)).collect();
    let (ci, key) =
        (Issuer::Named("role ci".to_owned()), Issuer::Key("AKIAEXAMPLEOLDKEY001".to_owned()));
    assert_eq!(groups, [(&ci, 30, 60), (&key, 1, 2)]);
    assert_eq!(found.handovers, []);
    assert_eq!(found.credentials.len(), 1);
    // What a session did, its key did.
    assert_eq!(found.credentials[0].uses.values().map(|usage| usage.records).sum::<u64>(), 3);
    let asked = Choice { old: Some("ASIAEXAMPLESESSION00".to_owned()), new: None };
    assert_eq!(
        choose(&found, &asked).err(),
        Some(NoChoice::Session("ASIAEXAMPLESESSION00".to_owned()))
    );
}

#[test]
fn a_key_that_was_made_with_the_old_one_follows_it() {
    let mut tally = CredentialTally::default();
    let deploy = || Holder::named(Column::Principal, "user/deploy");
    used_by(&mut tally, "AKIAEXAMPLEOLDKEY001", deploy(), &[0, 1, 2]);
    used_by(&mut tally, "AKIAEXAMPLENEWKEY002", deploy(), &[2, 3]);
    let by = Some("AKIAEXAMPLEOLDKEY001".to_owned());
    seen(&mut tally, "AKIAEXAMPLENEWKEY002").declared = Some(Declared { at: None, by });
    let found = found(tally);
    assert!(found.handovers[0].is_declared);
    let chosen = choose(&found, &Choice::default()).expect("a handover");
    assert_eq!(chosen.new.expect("a new key").uid, "AKIAEXAMPLENEWKEY002");
}

#[test]
fn ids_that_each_last_an_hour_are_no_credentials_to_rotate() {
    let mut tally = CredentialTally::default();
    for id in 0..120 {
        used(&mut tally, &format!("4f2a9c{id:03}"), "web", &[id]);
    }
    used(&mut tally, "k1", "web", &[0, 119]);
    let found = found(tally);
    assert_eq!(found.credentials.len(), 1);
    assert_eq!((found.sessions[0].noun, found.sessions[0].keys), ("short-lived id", 120));
}

#[test]
fn a_draft_names_unknown_words_and_leaves_open_what_nobody_knows() {
    let mut tally = CredentialTally::default();
    used(&mut tally, "k1", "a", &[0, 1]);
    let word = super::tally::UnknownWord {
        uid: "k1".to_owned(),
        word: "converted".to_owned(),
        profile: "json".to_owned(),
        input: 0,
    };
    tally.words.insert(word, 2);
    let found = found(tally);
    let chosen = choose(&found, &Choice::default()).expect("a credential");
    let text = draft(&found, &chosen, &BTreeMap::new());
    for expected in [
        "outcomes = { success = [\"converted\"] }   # CONFIRM",
        "owner         = \"<which team>\"",
        "markers = [\"<the id of the new version>\"]",
        "match = [{ service_name = \"a\" }]",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
