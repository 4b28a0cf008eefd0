/*! One test binary: the engine is linked once. */

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests read files of their own, and say aloud what they skip"
)]

mod advise;
mod agreement;
mod asking;
mod bad_input;
mod browser;
mod ci;
mod ci_formats;
mod claims;
mod cli;
mod collect;
mod corpora;
mod determinism;
mod diff;
mod discover;
mod docs;
mod during;
mod equal_answers;
mod explain;
mod false_ready;
mod formats;
mod given_facts;
mod given_plans;
mod harness;
mod identity;
mod ingest;
mod instances;
mod messages;
mod mistakes;
mod models;
mod objects;
mod old_reads;
mod oracle;
mod other_shapes;
mod own_words;
mod parts;
mod plan;
mod queries;
mod reference;
mod repeats;
mod replay;
mod report;
mod report_course;
mod report_edits;
mod report_formats;
mod report_rows;
mod report_sample;
mod reread;
mod rule_fixtures;
mod scenarios;
mod schemas;
mod seal_splits;
mod show;
mod sources;
mod statement;
mod templates;
mod tidy;
mod timezone;
mod tutorial;
mod verify;
mod verify_anew;
mod verify_named;
mod who;
mod worlds;
