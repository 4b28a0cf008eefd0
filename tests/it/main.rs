/*! One test binary: the engine is linked once. */

mod report;
mod report_sample;
