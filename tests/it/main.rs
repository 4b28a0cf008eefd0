/*! One test binary: the engine is linked once. */

mod ingest;
