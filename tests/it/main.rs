/*! One test binary: the engine is linked once. */

mod rules;
mod verdict;
