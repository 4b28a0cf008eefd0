/*! One test binary: the engine is linked once. */

mod chance;
mod rules;
mod verdict;
