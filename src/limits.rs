/*! Every cap of the program with its reason. A cap that is hit is reported and counts against readiness. */

/// The longest record, in bytes: long JSON exists, memory does not grow with it.
pub const RECORD_BYTES: usize = 16 << 20;

/// How many bytes of a record over `RECORD_BYTES` are kept to show.
pub const RECORD_HEAD_BYTES: usize = 4 << 10;

/// How deep JSON may nest: the parser's own limit; the stack.
pub const JSON_DEPTH: usize = 127;

/// How many bytes of zeros end a record: shorter runs are a record's own fault, longer ones a hole in the file.
pub const NUL_RUN_BYTES: usize = 8;

/// How many bytes of a stream are looked at before its framing is chosen.
pub const SNIFF_BYTES: usize = 64 << 10;

/// How many bytes of a stream are looked at for the mark of a compression: tar has its mark at byte 257.
pub const MAGIC_BYTES: usize = 512;

/// How many bytes are read at a time.
pub const BLOCK_BYTES: usize = 256 << 10;

/// How many bytes around the records of an array are kept; the rest is searched, not kept.
pub const ENVELOPE_BYTES: usize = 1 << 20;

/// How many bytes two neighbouring pieces of skipped bytes share, so that a marker is whole in one of them.
pub const SKIP_OVERLAP_BYTES: usize = 4 << 10;

/// How many bytes one stored byte may become: deflate tops out near 1030, an honest log of equal lines reached 290.
pub const EXPANSION_RATIO: u64 = 500;

/// How many bytes a stream may become before `EXPANSION_RATIO` counts.
pub const EXPANSION_FREE_BYTES: u64 = 1 << 30;

/// How many bytes one input may become: time.
pub const DECODED_BYTES: u64 = 1 << 40;

/// How many compressions may lie around each other.
pub const NESTING: usize = 3;

/// How many members one archive may have: time, and a row each in the report.
pub const ARCHIVE_MEMBERS: u64 = 100_000;
/// The largest zip, in bytes: its list of members is at its end, so the whole file is held.
pub const ZIP_BYTES: u64 = 256 << 20;
/// The largest Parquet file, in bytes: its columns are described at its end, so the whole file is held.
pub const PARQUET_BYTES: u64 = 256 << 20;
/// The most memory that an xz stream may ask for, in bytes: its largest preset asks for 65 MiB.
pub const XZ_MEMORY_BYTES: u64 = 128 << 20;
/// The largest window a zstd frame may ask for, as a power of two: 128 MiB.
pub const ZSTD_WINDOW_LOG: u32 = 27;

/// How often inputs are read again because others taught what their ids mean. A chain of session keys seldom has more
/// than three steps.
pub const LINK_ROUNDS: usize = 16;

/// Ids of one input that are kept in case a link explains them; with more, any id may stand in it.
pub const LINKABLE_IDS: usize = 1 << 17;
/// Rows that are passed on at a time: few enough that a worker's share of memory is small, many enough that they share
/// texts.
pub const BATCH_ROWS: usize = 1 << 16;
/// Rejected records of one input that are listed one by one; all are counted.
pub const REJECT_ROWS: usize = 100_000;

/// The largest report that is read again, in bytes: it is held, and one of 10,000 inputs has a few MiB.
pub const REPORT_BYTES: u64 = 256 << 20;

/// Different pairs of a credential and a consumer that `discover` tells apart.
pub const DISCOVER_PAIRS: usize = 50_000;
/// Minutes of each such pair that it learns the usual gap from, in each input.
pub const DISCOVER_MINUTES: usize = 20_000;

/// Bytes of a rejected record that its excerpt is made of, before masking and cutting.
pub const EXCERPT_BYTES: usize = 4_096;

/// Characters of an excerpt.
pub const EXCERPT_CHARS: usize = 160;

/// Characters of a record that is read again, unless more are asked for: a record of an audit log has some 2,000.
pub const RECORD_CHARS: usize = 4_000;
