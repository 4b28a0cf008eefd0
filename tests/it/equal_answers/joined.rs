/*! Many small worlds as one: the rows of all, with classes, log sources, jobs and requests of their own, so that a few
 * questions ask all of them.
 */

use std::collections::BTreeMap;

use holdover::model::ClassId;
use holdover::model::columns::{Column, text_slot};
use holdover::model::coverage::StreamId;
use holdover::scan::{Row, Sym};
use holdover::table::Sealed;
use holdover::table::bundle::Params;

use super::Ask;

/// The rows of all worlds in the order of time.
pub(super) fn joined(worlds: &[&Sealed]) -> Sealed {
    let mut all = Sealed::default();
    let mut classes = 0;
    let ids = [Column::JobId, Column::TraceId].map(|id| text_slot(id).expect("a text column"));
    for (number, world) in worlds.iter().enumerate() {
        let mut moved: BTreeMap<Sym, Sym> = BTreeMap::from([(Sym::NONE, Sym::NONE)]);
        let mut most = 0;
        for row in &world.rows {
            let mut text = |sym: Sym| {
                *moved.entry(sym).or_insert_with(|| all.texts.intern_some(world.text(sym)))
            };
            let (uid, mut texts) = (text(row.uid), row.texts.map(&mut text));
            for id in ids {
                // With a name in front, an id is made to be unique as before.
                let own = world.text(row.texts[id]).map(|id| format!("{number}:{id}"));
                texts[id] = all.texts.intern_some(own.as_deref());
            }
            let stream = format!("{number} {}", world.text(row.stream).expect("a stream"));
            let stream = all.texts.intern(&stream);
            let next = StreamId(u32::try_from(all.stream_ids.len()).expect("few streams"));
            all.stream_ids.entry(stream).or_insert(next);
            most = most.max(row.class.map_or(0, |class| class.0 + 1));
            let class = row.class.map(|class| ClassId(class.0 + classes));
            all.rows.push(Row { uid, texts, stream, class, ..row.clone() });
        }
        classes += most;
    }
    all.rows.sort_by_key(|row| row.when.at);
    all
}

/// The change, the window and the judgement at several rows.
pub(super) fn asks(all: &Sealed) -> [Ask; 4] {
    let at = |part: usize| {
        let row = &all.rows[(all.rows.len() - 1) * part / 100];
        row.when.earliest().0
    };
    let ask = |[t0, window, as_of, height]: [usize; 4], revoked_us| -> Ask {
        let params =
            Params { t0_us: at(t0), window_from_us: at(window), as_of_us: at(as_of), revoked_us };
        (all.rows.len() * height / 100, params)
    };
    [
        ask([50, 75, 100, 100], i64::MAX),
        ask([20, 90, 95, 100], at(60)),
        ask([70, 40, 99, 100], i64::MAX),
        ask([30, 50, 60, 61], at(20)),
    ]
}
