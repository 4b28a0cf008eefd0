/*! Which sessions with an old version no record ended, and how many sessions of their log source have a logged end. */

use super::columns::{HOST, SESSION_ID};
use super::ends::{Ends, least, most};
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::continuity::{EndedSessions, OpenSessions};
use crate::model::{ClassId, Duration, Kind, Outcome, State, Timestamp};
use crate::scan::Sym;

/// A stream and a host.
type Source = (Sym, Sym);

#[derive(Clone, Copy, Default)]
struct Session {
    opened: Option<Timestamp>,
    last_used: Option<Timestamp>,
    last_old: Option<(Timestamp, u64)>,
    /// The last use of another credential.
    last_other: Option<Timestamp>,
    last_ended: Option<Timestamp>,
    ends: u64,
}

impl Session {
    fn add(&mut self, seen: Seen<'_>) {
        let at = seen.earliest();
        let is_close = seen.kind == Kind::Close;
        if is_close || seen.outcome == Outcome::AuthFailure {
            most(&mut self.last_ended, Some(at));
        } else {
            least(&mut self.opened, Some(at));
            most(&mut self.last_used, Some(at));
            if seen.state == State::Old && seen.binding.proves() {
                let (known, row) = self.last_old.unwrap_or((at, seen.number));
                self.last_old = Some((known.max(at), row.max(seen.number)));
            }
        }
        if !is_close && seen.uid != Sym::NONE && seen.state != State::Old {
            most(&mut self.last_other, Some(at));
        }
        self.ends += u64::from(is_close);
    }

    /// Does a logged end follow its last use?
    fn is_ended(&self) -> bool {
        self.last_used.is_some() && self.last_ended >= self.last_used
    }
}

/// A session with an old version that no record ended.
struct Unended<'r> {
    last: Seen<'r>,
    at: Timestamp,
    opened: Option<Timestamp>,
    source: Source,
}

/// What the sessions of a source say.
#[derive(Clone, Copy, Default)]
struct Share {
    first_open: Option<Timestamp>,
    last_open: Option<Timestamp>,
    earlier: EndedSessions,
    before_first: EndedSessions,
    ends: u64,
    longest: Option<Duration>,
}

#[derive(Default)]
struct Open {
    count: u64,
    ends: Ends,
    share: Option<Share>,
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<OpenSessions> {
    let mut sessions: Groups<(Source, Sym), Session> = Groups::default();
    // A list shows who of a class is there only where it shows somebody of that class.
    let mut listings: Groups<(Sym, Option<ClassId>), Option<Timestamp>> = Groups::default();
    for seen in asked.known().filter(|seen| tells_of_session(*seen)) {
        let session = asked.filled(seen.texts[SESSION_ID]);
        sessions.of((source(asked, seen), session)).add(seen);
        let is_listed = seen.kind == Kind::Open;
        most(listings.of((seen.stream, seen.class)), is_listed.then(|| seen.earliest()));
    }
    let unended = unended(asked, &sessions);
    let shares = shares(&unended, &sessions);
    let mut groups: Groups<(Option<ClassId>, Sym, Sym), Open> = Groups::default();
    for session in &unended {
        let last = session.last;
        let open = groups.of((last.class, last.stream, last.instance()));
        open.count += 1;
        open.ends.extend(session.at, session.at, last.number);
        let share = shares.get(session.source).copied().unwrap_or_default();
        open.share = Some(open.share.map_or(share, |known| joined(known, share)));
    }
    groups.facts(|((class, stream, instance), open)| {
        let share = open.share.unwrap_or_default();
        OpenSessions {
            class,
            stream: asked.stream(stream),
            instance: asked.shared(instance),
            count: open.count,
            first: open.ends.first(),
            last: open.ends.last(),
            earlier: share.earlier,
            before_first: share.before_first,
            ends: share.ends,
            longest: share.longest,
            listed: listings.get((stream, class)).copied().flatten(),
        }
    })
}

fn source(asked: Beginning<'_>, seen: Seen<'_>) -> Source {
    (seen.stream, asked.filled(seen.texts[HOST]))
}

fn tells_of_session(seen: Seen<'_>) -> bool {
    let is_attempt = seen.kind.is_try() && seen.outcome != Outcome::Failure;
    let has_session = seen.texts[SESSION_ID] != Sym::NONE;
    seen.kind == Kind::Open || has_session && (seen.kind == Kind::Close || is_attempt)
}

/// Those whose last use with an old version nothing followed that ends a session.
fn unended<'r>(
    asked: Beginning<'r>,
    sessions: &Groups<(Source, Sym), Session>,
) -> Vec<Unended<'r>> {
    let mut restarts: Groups<Source, Option<Timestamp>> = Groups::default();
    let mut renewals: Groups<(ClassId, Sym), Option<Timestamp>> = Groups::default();
    for seen in asked.known() {
        let is_restart = matches!(seen.kind, Kind::Start | Kind::Stop);
        let restarted = is_restart.then(|| seen.earliest());
        match seen.class {
            Some(class) => {
                let renewed = restarted.or(seen.measured.instance_start);
                most(renewals.of((class, seen.instance())), renewed);
            }
            None => most(restarts.of(source(asked, seen)), restarted),
        }
    }
    let unended = sessions.iter().filter_map(|((source, _), session)| {
        let (at, row) = session.last_old?;
        let last = asked.row(row)?;
        let restarted = restarts.get(*source).copied().flatten();
        let instance = Some(last.instance()).filter(|instance| *instance != Sym::NONE);
        let member = last.class.zip(instance);
        let renewed = member.and_then(|member| renewals.get(member).copied().flatten());
        let is_open = session.last_ended < Some(at)
            && [session.last_other, restarted, renewed].iter().all(|after| *after <= Some(at));
        is_open.then_some(Unended { last, at, opened: session.opened, source: *source })
    });
    unended.collect()
}

/// How many sessions of the sources that have unended ones were opened before these, and how many of them ended.
fn shares(
    unended: &[Unended<'_>],
    sessions: &Groups<(Source, Sym), Session>,
) -> Groups<Source, Share> {
    let mut shares: Groups<Source, Share> = Groups::default();
    for session in unended {
        let share = shares.of(session.source);
        least(&mut share.first_open, session.opened);
        most(&mut share.last_open, session.opened);
    }
    for ((source, _), session) in sessions.iter() {
        if shares.get(*source).is_none() {
            continue;
        }
        let share = shares.of(*source);
        let count = |ended: &mut EndedSessions, before: Option<Timestamp>| {
            if session.opened.is_some() && session.opened < before {
                ended.of += 1;
                ended.ended += u64::from(session.is_ended());
            }
        };
        count(&mut share.earlier, share.last_open);
        count(&mut share.before_first, share.first_open);
        share.ends += session.ends;
        let lived = session.last_ended.zip(session.opened).map(|(ended, opened)| ended - opened);
        most(&mut share.longest, lived.filter(|_| session.ends == 1));
    }
    shares
}

/// Of several sources the ones that speak least for a logged end.
fn joined(known: Share, other: Share) -> Share {
    let fewest = |known: EndedSessions, other: EndedSessions| EndedSessions {
        of: known.of.max(other.of),
        ended: known.ended.min(other.ended),
    };
    Share {
        earlier: fewest(known.earlier, other.earlier),
        before_first: fewest(known.before_first, other.before_first),
        ends: known.ends.max(other.ends),
        longest: known.longest.max(other.longest),
        ..known
    }
}

pub(super) fn sort(sessions: &mut [OpenSessions]) {
    sessions.sort_by_key(|open| (open.class, open.first.row, open.stream));
}
