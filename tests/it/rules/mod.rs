/*! One file per rule: it fires, it stays silent, its boundary instant, the row it cites. */

mod build;
mod parts;

mod no_evidence;
