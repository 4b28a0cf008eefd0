#!/usr/bin/env python3
"""Measures the peak memory and the time of a report on hostile inputs, and prints a table.

    measure.py HOLDOVER [--bad-input FOLDER] [--only NAME]

HOLDOVER is the binary to run. Each input is made in a temporary folder, read by `holdover report` under a limit of 8 GiB
of address space and of ten minutes, and deleted. FOLDER has `gen_bad.py`, which writes further cases; they are told as a
group, with the largest of them. The same inputs are made in each run. A run that is killed, or ends with a status that no
report has, ends the table with status 1.
"""

import argparse
import bz2
import gzip
import io
import json
import lzma
import os
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zlib
from pathlib import Path

MIB = 1 << 20
ADDRESS_SPACE = 8 << 30
SECONDS = 600
# Ready, not ready, inconclusive; a bad plan, no readable input.
REPORTS = (0, 4, 10, 11)

RECORD = b'{"time":"2026-03-08T08:00:00Z","service_name":"worker","message":"tick"}\n'

PLAN = """
[credential]
name = "credential"
version = [
  { name = "v1", state = "old", markers = ["doc-key-2024"] },
  { name = "v2", state = "new", markers = ["doc-key-2026"] },
]
[rotation]
introduced = 2026-03-02T09:00:00Z
window = "6h"
rollback = "put the old key back"
decision_owner = "identity"
in_flight = "fail"
[[consumer]]
class = "worker"
owner = "jobs"
path = "primary"
refresh = "per-request"
every = "1h"
match = [{ service_name = "worker" }]
"""


def number(n):
    """A number of thrift's compact protocol."""
    out = b""
    while n >= 0x80:
        out, n = out + bytes([n & 0x7F | 0x80]), n >> 7
    return out + bytes([n])


def parquet(folder, depth):
    """A Parquet file without rows whose columns are nested."""
    group = b"\x35\x02" + b"\x18\x01g" + b"\x15\x02\0"
    root, leaf = b"\x48\x01r" + b"\x15\x02\0", b"\x15\x02" + b"\x25\x02" + b"\x18\x01x\0"
    columns = b"\xfc" + number(depth + 2) + root + group * depth + leaf
    footer = b"\x15\x02" + b"\x19" + columns + b"\x16\0" + b"\x19\x0c" + b"\0"
    (folder / "a.parquet").write_bytes(b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1")


def header_bomb(folder, kind, size):
    """A tar with one member whose name or attributes have `size` bytes."""
    header = tarfile.TarInfo("header")
    header.type, header.size = kind, size
    with gzip.open(folder / "a.tar.gz", "wb", 6) as out:
        out.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size // MIB):
            out.write(b"a" * MIB)
        add(out, "a.jsonl", RECORD)
        out.write(bytes(1024))


def add(out, name, data):
    member = tarfile.TarInfo(name)
    member.size = len(data)
    out.write(member.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512))


def folders(folder, members):
    """A tar with a folder for each member."""
    with gzip.open(folder / "a.tar.gz", "wb", 1) as out:
        for n in range(members):
            add(out, f"service-{n}x/a.jsonl", RECORD)
        out.write(bytes(1024))


def members_of_a_gibibyte(folder, members):
    """A tar of members that are small and become a GiB each."""
    packer, lines = bz2.BZ2Compressor(9), b"\n" * MIB
    parts = [packer.compress(lines) for _ in range((1 << 30) // MIB)]
    member = b"".join(parts) + packer.flush()
    with gzip.open(folder / "a.tar.gz", "wb", 1) as out:
        for n in range(members):
            add(out, f"{n}.jsonl.bz2", member)
        out.write(bytes(1024))


def zip_of_many(folder, members):
    """A zip of empty members, by hand: a library would hold them."""
    with open(folder / "a.zip", "wb") as out:
        for n in range(members):
            name = b"%07x" % n
            out.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 10, 0, 0, 0, 0, 0, 0, 0, 7, 0) + name)
        start = out.tell()
        for n in range(members):
            fixed = struct.pack(
                "<IHHHHHHIIIHHHHHII", 0x02014B50, 10, 10, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, n * 37
            )
            out.write(fixed + b"%07x" % n)
        end = out.tell()
        size = end - start
        out.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, members, members, size, start))
        out.write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, size, start, 0))


def pieces(folder, streams):
    """A Docker log: the first piece of a line of ever new streams."""
    with gzip.open(folder / "a-json.log.gz", "wb", 1) as out:
        for n in range(streams):
            text = "%06d" % n + "a" * 16_378
            record = {"log": text, "stream": f"s{n}", "time": "2026-03-08T08:00:00Z"}
            out.write(json.dumps(record).encode() + b"\n")


def ids(folder, count):
    """A record with a list of ids where the credential stands."""
    record = {"time": "2026-03-08T08:00:00Z", "service_name": "worker", "key_id": [f"k{n}" for n in range(count)]}
    (folder / "a.jsonl").write_text(json.dumps(record) + "\n")


def xz_window(data, exponent):
    """An xz stream that asks for a window of 2 to this power. The packer would fill it; the header alone asks for it."""
    packed = bytearray(lzma.compress(data, check=lzma.CHECK_CRC32))
    length = (packed[12] + 1) * 4
    at = packed.index(b"\x21\x01", 12)
    packed[at + 2] = (exponent - 12) * 2
    packed[12 + length - 4 : 12 + length] = struct.pack("<I", zlib.crc32(packed[12 : 12 + length - 4]))
    return bytes(packed)


def zstd_window(data, exponent):
    """A zstd frame that asks for such a window, of blocks as they are."""
    blocks = [data[at : at + 65_536] for at in range(0, len(data), 65_536)]
    sized = [
        struct.pack("<I", (n + 1 == len(blocks)) | len(block) << 3)[:3] + block for n, block in enumerate(blocks)
    ]
    return b"\x28\xb5\x2f\xfd\0" + bytes([(exponent - 10) << 3]) + b"".join(sized)


def windows(folder, pack, exponent, depth):
    """Streams in each other that each ask for a large window, in four inputs that are read at a time."""
    data = RECORD * 100_000
    for _ in range(depth):
        data = pack(data, exponent)
    for n in range(4):
        (folder / f"{n}.packed").write_bytes(data)


def long_line(folder):
    """A line of a GiB."""
    with gzip.open(folder / "a.jsonl.gz", "wb", 1) as out:
        out.write(b'{"time":"2026-03-08T08:00:00Z","a":"')
        block = b"0123456789abcdef" * 65_536
        for _ in range(1024):
            out.write(block)
        out.write(b'"}\n')


def one_line(folder):
    (folder / "a.jsonl").write_bytes(RECORD)


CASES = (
    ("a log of one line", one_line),
    ("Parquet, 1,000 groups in each other", lambda to: parquet(to, 1_000)),
    ("Parquet, 10,000 groups in each other", lambda to: parquet(to, 10_000)),
    ("Parquet, 200,000 groups in each other", lambda to: parquet(to, 200_000)),
    ("tar.gz, a GNU long name of 900 MB", lambda to: header_bomb(to, b"L", 900 * MIB)),
    ("tar.gz, PAX attributes of 900 MB", lambda to: header_bomb(to, b"x", 900 * MIB)),
    ("tar.gz, 8,000 members, a folder each", lambda to: folders(to, 8_000)),
    ("tar.gz, 100,000 members, a folder each", lambda to: folders(to, 100_000)),
    ("tar.gz, 100,000 members of 1 GiB each", lambda to: members_of_a_gibibyte(to, 100_000)),
    ("zip of 2,000,000 members", lambda to: zip_of_many(to, 2_000_000)),
    ("Docker log, first pieces of 8,000 streams", lambda to: pieces(to, 8_000)),
    ("Docker log, first pieces of 40,000 streams", lambda to: pieces(to, 40_000)),
    ("a record with 40,000 ids", lambda to: ids(to, 40_000)),
    ("a record with 200,000 ids", lambda to: ids(to, 200_000)),
    ("4 × xz in xz in xz, windows of 64 MiB", lambda to: windows(to, xz_window, 26, 3)),
    ("4 × zstd in zstd in zstd, windows of 128 MiB", lambda to: windows(to, zstd_window, 27, 3)),
    ("4 × zstd, a window of 2 GiB", lambda to: windows(to, zstd_window, 31, 1)),
    ("JSON, a line of 1 GiB, gzip", long_line),
)


class Run:
    """One report: how it ended, and what it cost."""

    def __init__(self, binary, plan, path):
        command = [binary, "report", "-p", plan, path, "-f", "json", "--threads", "2", "--as-of", "2026-03-08T12:00:00Z"]
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        started = time.monotonic()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            child = subprocess.Popen(command, stdout=out, stderr=errors, preexec_fn=limit)
            timer = threading.Timer(SECONDS, child.kill)
            timer.start()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            timer.cancel()
            out.seek(0)
            errors.seek(0)
            self.text, self.errors = out.read(), errors.read().decode("utf-8", "replace").strip()
        self.status = child.returncode
        self.wall = time.monotonic() - started
        self.seconds = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024

    def said(self):
        """What the report says of the input: its damage, or how many of its records were rejected."""
        if self.status not in REPORTS:
            return f"**ended with {self.status}**: {self.errors[-120:]}"
        try:
            report = json.loads(self.text)
        except ValueError:
            return self.errors.splitlines()[-1][:120] if self.errors else "no report"
        inputs = report.get("inputs", [])
        damage = [entry["damage"] for entry in inputs if entry.get("damage")]
        rejected = sum(entry.get("rejected") or 0 for entry in inputs)
        return (damage or [f"{rejected:,} records are rejected" if rejected else "read"])[0][:110]


def measured(binary, plan, name, make):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "logs"
        folder.mkdir()
        make(folder)
        stored = sum(path.stat().st_size for path in folder.iterdir())
        run = Run(binary, plan, str(folder))
    print(
        f"| {name} | {stored / 1e6:,.1f} MB | {run.megabytes:,.0f} MB | {run.seconds:.1f} s | {run.said()} |", flush=True
    )
    return run.status in REPORTS


def of_generator(binary, plan, source):
    """The cases of `gen_bad.py`, one report each."""
    with tempfile.TemporaryDirectory() as scratch:
        made = [sys.executable, str(source / "gen_bad.py"), str(Path(scratch) / "cases")]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        files = sorted(path for path in Path(scratch, "cases").rglob("*") if path.is_file())
        runs = [(Run(binary, plan, str(path)), path.name) for path in files]
    most = max(runs, key=lambda run: run[0].megabytes)
    slowest = max(runs, key=lambda run: run[0].seconds)
    print(
        f"| `bad-input`, {len(runs)} files, a report each | | {most[0].megabytes:,.0f} MB (`{most[1]}`) | "
        f"{slowest[0].seconds:.1f} s (`{slowest[1]}`) | all end with a report, or name the file |"
    )
    failed = [name for run, name in runs if run.status not in REPORTS]
    print("".join(f"{name} ended as no report ends\n" for name in failed), end="")
    return not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("holdover")
    parser.add_argument("--bad-input", type=Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        plan = Path(scratch) / "plan.toml"
        plan.write_text(PLAN)
        print("| input | stored | peak memory | CPU | what is said |\n|---|---:|---:|---:|---|")
        cases = [case for case in CASES if arguments.only in case[0]]
        held = [measured(arguments.holdover, str(plan), *case) for case in cases]
        if arguments.bad_input:
            held.append(of_generator(arguments.holdover, str(plan), arguments.bad_input))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
