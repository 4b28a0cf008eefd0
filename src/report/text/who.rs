/*! Who holds a credential, for people: a block for each holder, then where the marker stands unread, then what could
 * hide a use. It never says whether the credential may go.
 */

use std::fmt::Write;

use super::page::{TextPage, Tone};
use super::unread;
use crate::model::Timestamp;
use crate::model::columns::Column;
use crate::model::facts::Stray;
use crate::model::who::{Does, MarkerHolder, Seen, UnmappedMarker, Unread, Who};
use crate::report::TextOptions;
use crate::wording::{count, length, length_up, list, list_all, number};

/// At most this many entries of a section are printed unless all are wanted.
const SHOWN_MAX: usize = 20;

/// The answer as lines of the given width.
pub fn who(who: &Who, options: TextOptions) -> String {
    let mut page = TextPage::new(options);
    head(&mut page, who);
    page.leave_out(&who.root);
    if !who.root.is_empty() {
        page.para(2, Tone::Quiet, &format!("paths below {}", page.name(&who.root, 200)));
    }
    for does in Does::ALL {
        let of_sort: Vec<&MarkerHolder<Seen>> =
            who.holders.iter().filter(|holder| holder.does == does).collect();
        if !of_sort.is_empty() {
            section(&mut page, who, does, &of_sort);
        }
    }
    unmapped(&mut page, who);
    unread(&mut page, who);
    rest(&mut page, who);
    page.into_text()
}

fn head(page: &mut TextPage, who: &Who) {
    let markers: Vec<String> = who.markers.iter().map(|marker| page.name(marker, 60)).collect();
    let of_uses = who.holders.iter().filter(|holder| holder.does == Does::Uses);
    let (mut holders, mut uses, mut refused) = (0, 0, 0);
    for holder in of_uses {
        (holders, uses, refused) = (holders + 1, uses + holder.events, refused + holder.refused);
    }
    let found = if holders == 0 && who.unmapped.is_empty() && who.holders.is_empty() {
        nothing_read(who)
    } else if holders == 0 {
        "no use of it was seen, but records name it".to_owned()
    } else {
        let refused =
            if refused > 0 { format!(", {} refused", number(refused)) } else { String::new() };
        format!("{} by {}{refused}", count(uses, "use"), count(holders, "holder"))
    };
    page.labelled(0, (Tone::Strong, &format!("{}   ", list(&markers))), Tone::Strong, &found);
    let read = &who.read;
    let mut searched =
        format!("searched {} in {}", count(read.records, "record"), count(read.inputs, "input"));
    if let Some(of) = read.span {
        let _infallible = write!(searched, ", {}", page.zone().span(of.from, of.to));
    }
    page.para(2, Tone::Quiet, &searched);
    if let (Some(since), Some(as_of)) = (who.since, who.as_of) {
        let text = format!(
            "counted since {}, {} before {}",
            page.time(since),
            length(as_of - since),
            page.time(as_of)
        );
        page.para(2, Tone::Quiet, &text);
    }
    if who.markers.iter().any(|marker| !marker.contains(':')) && who.holders.is_empty() {
        let text = "records may show another string than the one asked for: a key id, the digest of the key, its last \
                    characters. `holdover discover` lists the credentials that these records show";
        page.para(2, Tone::Plain, text);
    }
}

/// That no field shows it, in which records that were not understood still hold it.
fn nothing_read(who: &Who) -> String {
    let hiding: Vec<&Unread> = who.unread.iter().filter(|unread| unread.holds_marker).collect();
    if hiding.is_empty() {
        return "nothing in these records shows it".to_owned();
    }
    let records: u64 = hiding.iter().filter_map(|unread| unread.records).sum();
    let what = if records > 0 {
        format!("{} that could not be understood", count(records, "record"))
    } else {
        format!("{} that could not be read", count(hiding.len(), "input"))
    };
    let hold = if records.max(hiding.len() as u64) == 1 { "holds" } else { "hold" };
    format!("{what} {hold} it, and a use may be among them")
}

fn title(does: Does) -> &'static str {
    match does {
        Does::Uses => "Uses it",
        Does::Holds => "Has a session with it",
        Does::Reads => "Was handed it",
        Does::Names => "Names it, without a use",
    }
}

fn section(page: &mut TextPage, who: &Who, does: Does, holders: &[&MarkerHolder<Seen>]) {
    page.heading(title(does), &count(holders.len(), "holder"));
    let max = if page.all_evidence() { holders.len() } else { SHOWN_MAX };
    let mut last: Option<String> = None;
    for holder in holders.iter().take(max) {
        let name = name(page, holder, who);
        // Actions of one holder stand below one name.
        if last.as_ref() != Some(&name) {
            page.line(2, &[(Tone::Strong, &name)]);
        }
        last = Some(name);
        facts(page, holder, who.as_of);
    }
    page.more(holders.len(), max);
}

/// Whose name it is, and by which facets it is told apart: `retry-worker (service) · host a · address b`.
fn name(page: &TextPage, holder: &MarkerHolder<Seen>, who: &Who) -> String {
    let (guess, by) = &holder.guess;
    let mut pieces = vec![match by {
        Some(column) => format!("{} ({})", page.name(guess, 80), word(*column)),
        None => format!("not named, in {}", page.path(guess, 60)),
    }];
    let told = holder.facets.iter();
    let told = told.filter(|(column, _)| Some(**column) != *by && **column != Column::Action);
    pieces.extend(told.map(|(column, value)| format!("{} {}", word(*column), page.value(value))));
    let many = holder.many.iter().filter(|(column, _)| **column != Column::Action);
    pieces.extend(many.map(|(column, values)| count(*values, word(*column))));
    if who.markers.len() > 1 {
        let marker = who.markers.get(usize::from(holder.version.0));
        pieces.extend(marker.map(|marker| format!("shows {}", page.name(marker, 40))));
    }
    pieces.join(page.symbol(" · ", " - "))
}

fn word(column: Column) -> &'static str {
    match column {
        Column::ServiceName => "service",
        Column::ServiceInstanceId => "instance",
        Column::HostName => "host",
        Column::ClientAddress => "address",
        Column::UserAgent => "agent",
        other => other.name(),
    }
}

fn facts(page: &mut TextPage, holder: &MarkerHolder<Seen>, as_of: Option<Timestamp>) {
    let mut pieces = Vec::new();
    let action = holder.facets.get(&Column::Action).map(|action| page.value(action));
    let many = holder.many.get(&Column::Action).map(|values| count(*values, "action"));
    pieces.extend(action.or(many));
    pieces.push(count(holder.events, if holder.does == Does::Uses { "use" } else { "record" }));
    if holder.refused > 0 {
        pieces.push(format!("{} refused", number(holder.refused)));
    }
    if holder.linked > 0 {
        pieces.push(format!("{} through what was issued from it", number(holder.linked)));
    }
    let dot = page.symbol(" · ", " - ");
    page.para(4, Tone::Plain, &pieces.join(dot));
    if let Some(rhythm) = rhythm(holder, as_of) {
        page.para(6, Tone::Plain, &page.zone().sentence(&rhythm));
    }
    between(page, &holder.first, &holder.last);
}

/// How often it comes, and when it is expected next; nothing of what was seen in one minute only.
fn rhythm(holder: &MarkerHolder<Seen>, as_of: Option<Timestamp>) -> Option<String> {
    let (usual, longest) = holder.gaps?;
    let rhythm = if usual == longest {
        format!("every {}", length_up(usual))
    } else {
        format!("usually every {}, at most {}", length_up(usual), length_up(longest))
    };
    let next = holder.next_expected()?;
    let late = as_of.is_some_and(|as_of| holder.is_overdue(as_of));
    let expected = if late {
        format!("was expected by {}", holder.span.to + longest)
    } else {
        format!("next expected about {next}")
    };
    Some(format!("{rhythm}; {expected}"))
}

fn between(page: &mut TextPage, first: &Seen, last: &Seen) {
    if first == last {
        seen(page, "seen  ", first);
    } else {
        seen(page, "first ", first);
        seen(page, "last  ", last);
    }
}

fn seen(page: &mut TextPage, label: &str, seen: &Seen) {
    let time = seen.time.map_or_else(|| "(no time)".to_owned(), |at| page.time(at));
    let place = format!("{}:{}", page.path(&seen.input, 200), seen.record);
    page.labelled(6, (Tone::Quiet, label), Tone::Plain, &format!("{time}  {place}"));
}

fn unmapped(page: &mut TextPage, who: &Who) {
    if who.unmapped.is_empty() {
        return;
    }
    page.heading("In fields that nobody reads", "a use may be among them");
    let max = if page.all_evidence() { who.unmapped.len() } else { SHOWN_MAX };
    for stray in who.unmapped.iter().take(max) {
        let (place, help) = place_of(page, stray);
        let stream = page.path(&stray.stream, 60);
        let text = format!("{} of {stream} {place}", count(stray.records, "record"));
        page.para(2, Tone::Strong, &text);
        between(page, &stray.first, &stray.last);
        if !help.is_empty() {
            page.verbatim(6, &help);
        }
    }
    page.more(who.unmapped.len(), max);
}

/// Where the marker stands, and the line of a plan that would read it.
fn place_of(page: &TextPage, stray: &UnmappedMarker) -> (String, String) {
    match stray.why {
        Stray::Unmapped if stray.place.is_empty() => {
            ("outside every field".to_owned(), String::new())
        }
        Stray::Unmapped => (
            format!("at {}", page.name(&stray.place, 120)),
            format!(
                "fields = {{ credential_uid = {:?} }}   # in a [[source]] of a plan",
                stray.place
            ),
        ),
        Stray::Respelled => {
            (format!("spell it otherwise: {}", page.value(&stray.place)), String::new())
        }
        Stray::PartOfSeries => ("in parts of a series without its count".to_owned(), String::new()),
    }
}

fn unread(page: &mut TextPage, who: &Who) {
    if who.unread.is_empty() {
        return;
    }
    page.heading("Not read: a use may hide here", &count(who.unread.len(), "place"));
    let (hiding, others): (Vec<&Unread>, Vec<&Unread>) =
        who.unread.iter().partition(|unread| unread.holds_marker);
    unread::write(page, Tone::Bad, &hiding, SHOWN_MAX);
    unread::write(page, Tone::Plain, &others, SHOWN_MAX);
    page.para(2, Tone::Quiet, "`holdover sources test FILE` shows how a file is read");
}

fn rest(page: &mut TextPage, who: &Who) {
    let never: Vec<_> = who.never.iter().filter(|(_, events)| !events.is_empty()).collect();
    if never.is_empty() && who.without.is_empty() {
        return;
    }
    page.heading("What this cannot show", "");
    for (profile, events) in never {
        let text = format!("{profile} never records {}", list(events));
        page.para(2, Tone::Quiet, &page.sentence(&text));
    }
    if !who.without.is_empty() {
        let max = if page.all_evidence() { who.without.len() } else { 5 };
        let names: Vec<String> =
            who.without.iter().take(max).map(|path| page.path(path, 60)).collect();
        let names = match who.without.len().checked_sub(max) {
            Some(more @ 1..) => format!("{} and {} more", names.join(", "), number(more)),
            _ => list_all(&names, "and"),
        };
        let inputs = count(who.without.len(), "input");
        let show = if who.without.len() == 1 { "shows" } else { "show" };
        let text = format!("{inputs} {show} it nowhere: {names}");
        page.para(2, Tone::Quiet, &text);
    }
}
