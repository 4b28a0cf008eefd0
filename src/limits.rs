/*! Every cap of the program, with its reason. A cap that is reached is reported, and counts against readiness. */

/// The longest record, in bytes. Long JSON exists, but memory must not grow with it.
pub const RECORD_BYTES: usize = 16 << 20;

/// How many bytes of a record over `RECORD_BYTES` are kept to show.
pub const RECORD_HEAD_BYTES: usize = 4 << 10;

/// How deep JSON may nest. The parser has this limit to protect the stack.
pub const JSON_DEPTH: usize = 127;

/// How many layouts of JSON records are remembered for an input, and for the payloads in it. A program has few, and a
/// file may hold the records of several.
pub const JSON_LAYOUTS: usize = 64;

/// The layouts of this many inputs are kept for others of their folders: those of the inputs that ended last.
pub const LAYOUT_FOLDERS: usize = 64;

/// Of these, what this many said that came last is kept, too.
pub const STATEMENT_FOLDERS: usize = 4;
/// What was said is not kept if it takes more memory than this.
pub const KEPT_STATEMENTS_BYTES: usize = 6 << 20;

/// Layouts that take more memory than this are not kept for others.
pub const KEPT_LAYOUTS_BYTES: usize = 256 << 10;

/// A record longer than this is not remembered as a layout: so memory stays small.
pub const JSON_LAYOUT_BYTES: usize = 32 << 10;

/// How many statements of records without rows are remembered for an input. A log has some for each instance.
pub const REPEATED_STATEMENTS: usize = 8192;

/// A longer statement is not remembered: so memory stays small.
pub const REPEATED_STATEMENT_BYTES: usize = 1 << 10;

/// The records of an input that are known at sight.
pub const FAMILIAR_RECORDS: usize = 1 << 14;

/// How many zero bytes end a record. A shorter run belongs to a faulty record, a longer one is a hole in the file.
pub const NUL_RUN_BYTES: usize = 8;

/// How many bytes of a stream are inspected before its framing is chosen.
pub const SNIFF_BYTES: usize = 64 << 10;

/// How many bytes of a stream are inspected for the mark of a compression. Tar has its mark at byte 257.
pub const MAGIC_BYTES: usize = 512;

/// How many bytes are read at a time.
pub const BLOCK_BYTES: usize = 256 << 10;

/// How many batches of records may wait for those who work on them. The bytes of each are about a block.
pub const BATCHES_AHEAD: usize = 2;
/// How many records a batch has at most.
pub const STEPS_AHEAD: usize = 4096;
/// From this size on, an input that is most of what is left is read by a thread of its own.
pub const AHEAD_BYTES: u64 = 1 << 20;
/// The stack of that thread: archives in each other take some of it.
pub const READER_STACK_BYTES: usize = 8 << 20;

/// How many bytes around the records of an array are kept. The rest is searched and dropped.
pub const ENVELOPE_BYTES: usize = 1 << 20;

/// How many bytes two neighbouring pieces of skipped bytes share, so that one of them holds a marker as a whole.
pub const SKIP_OVERLAP_BYTES: usize = 4 << 10;

/// How many bytes one stored byte may become. Deflate reaches about 1030; a real log of equal lines reached 290.
pub const EXPANSION_RATIO: u64 = 500;

/// How many bytes a stream may become before `EXPANSION_RATIO` applies.
pub const EXPANSION_FREE_BYTES: u64 = 1 << 30;

/// How many bytes one input may become. This bounds the time of a run.
pub const DECODED_BYTES: u64 = 1 << 40;

/// How many values a row may have. Each is held as a text.
pub const ROW_VALUES: usize = 10_000;

/// How many compressions may be nested.
pub const NESTING: usize = 3;

/// How many ids one record may say that an id was issued for. Each is paired with each id that was issued.
pub const LINK_PARENTS: usize = 16;

/// How many bytes all members of an archive may become before `EXPANSION_RATIO` counts for them together: time.
pub const ARCHIVE_FREE_BYTES: u64 = 4 << 30;

/// How many members the archives of one input may have, those of archives in archives included: time, and a row each in
/// the report.
pub const ARCHIVE_MEMBERS: u64 = 100_000;
/// The longest name of a member, or target of a link, in bytes: the longest path of common systems.
pub const MEMBER_NAME_BYTES: usize = 4 << 10;
/// How many bytes all headers before one member of a tar may have: long names and attributes.
pub const MEMBER_HEADER_BYTES: u64 = 1 << 20;
/// How many bytes all names of an archive may have; each counts `NAME_COST_BYTES` more. They are held to follow links.
pub const ARCHIVE_NAME_BYTES: usize = 64 << 20;
/// What a name costs besides its bytes.
pub const NAME_COST_BYTES: usize = 64;
/// How many links may stand behind each other, as on disk.
pub const LINK_HOPS: usize = 40;
/// How many bytes of paths are compared to follow the links of one archive: time.
pub const LINK_WORK_BYTES: usize = 256 << 20;
/// How many faults of one archive the report tells one by one; the rest are counted.
pub const ARCHIVE_FAULTS: usize = 50;
/// How many characters of a member's name a fault of its archive tells.
pub const FAULT_NAME_CHARS: usize = 200;

/// The largest zip, in bytes: its list of members is at its end, so the whole file is held.
pub const ZIP_BYTES: u64 = 256 << 20;
/// The largest Parquet file, in bytes: its columns are described at its end, so the whole file is held.
pub const PARQUET_BYTES: u64 = 256 << 20;
/// How many bytes of such files one input may hold at a time, one in the other.
pub const HELD_BYTES: u64 = 512 << 20;
/// The largest description of a Parquet file, in bytes: it becomes some 25 times as large in memory.
pub const PARQUET_FOOTER_BYTES: usize = 16 << 20;
/// How many columns and groups of columns a Parquet file may have: a reader is made for each.
pub const PARQUET_COLUMNS: usize = 10_000;
/// How deep the columns of a Parquet file may nest: its reader is recursive, and JSON may not nest deeper than 127.
pub const PARQUET_DEPTH: usize = 64;
/// How many bytes the pages of a Parquet file may become that are decompressed at a time, two of each column.
pub const PARQUET_PAGES_BYTES: u64 = 512 << 20;
/// How many values the lists of a group of rows may have beyond one a row: all may be in one row, which is held.
pub const PARQUET_LIST_VALUES: i64 = 16 << 20;

/// The most memory that an xz stream may ask for, in bytes: its largest preset asks for 65 MiB.
pub const XZ_MEMORY_BYTES: u64 = 128 << 20;
/// The largest window a zstd frame may ask for, as a power of two: 128 MiB.
pub const ZSTD_WINDOW_LOG: u32 = 27;
/// How many bytes the windows of all decoders of one input may have: each takes at most two fifths of what is left, so
/// the first may have 128 MiB, the second 76 MiB and the third 46 MiB.
pub const WINDOW_BYTES: u64 = 320 << 20;

/// Lines of a Docker log that were cut into pieces and have not ended: a container has two streams.
pub const OPEN_LINES: usize = 64;
/// How many bytes all such lines of one input may have.
pub const OPEN_LINE_BYTES: usize = 32 << 20;

/// What an input costs a task besides its bytes: that it is listed, opened and written about.
pub const TASK_INPUT_BYTES: u64 = 64 << 10;

/// How often a request to a store is made again that it refused or dropped: throttling takes seconds, and an input that
/// cannot be read is damage, not the end of the run.
pub const STORE_RETRIES: usize = 8;
/// The seconds after which no request is made again. Credentials outlive them.
pub const STORE_RETRY_SECONDS: u64 = 120;
/// How often a range of an object is asked for whose bytes ended early.
pub const STORE_BODIES: usize = 4;
/// How many bytes of an object are asked for at a time. Each is held in memory, and each costs a request.
pub const STORE_BLOCK_BYTES: u64 = 8 << 20;

/// How often inputs are scanned again because other inputs showed what their ids mean. A chain of session keys seldom
/// has more than three steps.
pub const LINK_ROUNDS: usize = 16;

/// How many ids of one input are kept in case a link explains them. An input with more may hold any id.
pub const LINKABLE_IDS: usize = 1 << 17;
/// How many digests of ids are remembered at a time, since most ids of an input come again soon.
pub const DIGESTED_IDS: usize = 1 << 12;
/// How many rows are passed on at a time: few enough that a worker needs little memory, and many enough that they share
/// texts.
pub const BATCH_ROWS: usize = 1 << 13;
/// How many bytes of lines are written into Parquet at a time: a group of rows is held until it is complete.
pub const LINE_GROUP_BYTES: usize = 4 << 20;
/// How many runs of running numbers are kept of one log source and instance in one input. A source with more gaps does
/// not number its records without gaps.
pub const NUMBER_RUNS: usize = 4096;
/// How many ends of sessions are kept of one input, apart from those of consumers. Where one is missing, its session
/// counts as open.
pub const SESSION_ENDS: usize = 1 << 20;

/// How many rejected records of one input are listed. All are counted.
pub const REJECT_ROWS: usize = 100_000;

/// The largest report that is read, in bytes. It is held in memory; a report on 10,000 inputs has a few MiB.
pub const REPORT_BYTES: u64 = 256 << 20;

/// How much of a bundle's manifest is read, in bytes. That of a report in all formats has 3 KiB.
pub const MANIFEST_BYTES: u64 = 1 << 20;

/// How many credentials `discover` tells apart: session keys, too, of which an account issues thousands a day.
pub const DISCOVER_IDS: usize = 500_000;
/// How many pairs of a credential and a consumer `discover` tells apart.
pub const DISCOVER_PAIRS: usize = 50_000;
/// From how many minutes of each such pair `discover` learns the usual gap, in each input.
pub const DISCOVER_MINUTES: usize = 20_000;

/// How many fields of one source `sources test` tells apart.
pub const SEEN_FIELDS: usize = 2_000;
/// In how many records of an input it looks for fields that are not read: each is decoded as a whole.
pub const FIELD_RECORDS: u64 = 2_000;

/// From how many bytes of a rejected record its excerpt is made, before it is masked and cut.
pub const EXCERPT_BYTES: usize = 4_096;

/// How many characters an excerpt has at most.
pub const EXCERPT_CHARS: usize = 160;

/// How many characters of a record `show` prints unless asked for more. A record of an audit log has about 2,000.
pub const RECORD_CHARS: usize = 4_000;
