/*! Shares with their intervals, and the table of the kinds. */

use std::fmt::Write;

use super::asked::{Answers, Tally};
use super::kinds::KINDS;

/// `3 of 120, 2.5 % (0.9 to 7.1)`: a share with its interval at 95 % (Wilson).
pub(super) fn share(n: u32, of: u32) -> String {
    if of == 0 {
        return "–".to_owned();
    }
    let (p, of_f, z) = (f64::from(n) / f64::from(of), f64::from(of), 1.96_f64);
    let middle = (p + z * z / (2.0 * of_f)) / (1.0 + z * z / of_f);
    let half =
        z * (p * (1.0 - p) / of_f + z * z / (4.0 * of_f * of_f)).sqrt() / (1.0 + z * z / of_f);
    let (low, high) = ((middle - half).max(0.0), (middle + half).min(1.0));
    format!("{n} of {of}, {:.1} % ({:.1} to {:.1})", 100.0 * p, 100.0 * low, 100.0 * high)
}

impl Answers {
    /// All kinds together.
    pub(super) fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.kinds.values().for_each(|tally| total.add(tally));
        total
    }

    /// The kinds, each with its shares.
    pub(super) fn table(&self) -> String {
        let mut table = String::from(
            "| kind | consumers | on old at first | on old, shown: ready | on old, not shown: ready | moved and due: ready |\n|---|---:|---:|---:|---:|---:|\n",
        );
        let total = self.total();
        let rows = KINDS.iter().filter_map(|kind| Some((kind.name, self.kinds.get(kind.name)?)));
        for (name, tally) in rows.chain([("all", &total)]) {
            let _infallible = writeln!(
                table,
                "| {name} | {} | {} | {} | {} | {} |",
                tally.worlds,
                tally.dependent,
                share(tally.owed_ready, tally.owed),
                share(tally.unseen_ready, tally.unseen),
                share(tally.due_ready, tally.due),
            );
        }
        table
    }
}
