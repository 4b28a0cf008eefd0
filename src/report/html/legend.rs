/*! The legend of the drawing: each kind of mark, and what else is drawn. */

use super::plot::{Plot, PlotMark, style};
use crate::model::course::Trace;
use crate::wording;

/// How each is styled, and its words.
pub(super) fn of(plot: &Plot) -> Vec<(&'static str, &'static str)> {
    let kinds = Trace::ALL.into_iter().map(|trace| (style(trace).0, wording::trace(trace)));
    let lanes = plot.lanes.iter();
    let members = lanes.clone().flat_map(|lane| &lane.row).flat_map(|row| &row.members);
    let of_members = members.flat_map(|member| &member.marks);
    let drawn: Vec<&PlotMark> = lanes.flat_map(|lane| &lane.marks).chain(of_members).collect();
    let more =
        [("usual", "failure, before the change or as often as then"), ("wait", "must be silent")];
    let is_drawn = |class| drawn.iter().any(|mark| mark.class == class);
    kinds.chain(more.into_iter().filter(|(class, _)| is_drawn(*class))).collect()
}
