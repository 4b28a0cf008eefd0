/*! Worlds made by hand, on which the tests of rules and of the rest of judgement run. */

mod calibration;
mod chance;
mod laws;
mod liveness;
mod members;
mod residual;
mod rows;
mod world;

pub(crate) use chance::Chance;
pub(crate) use members::{Hints, fill};
pub(crate) use rows::{RowBuilder, h, hours, minutes, row};
pub(crate) use world::{World, cited};
