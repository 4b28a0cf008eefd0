/*! One test binary: the engine is linked once. */

mod corpora;
mod harness;
mod tidy;
