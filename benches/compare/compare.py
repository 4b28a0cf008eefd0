#!/usr/bin/env python3
"""Measures holdover next to other programs on the same logs, in the same run, and prints a table.

    compare.py HOLDOVER GENERATOR [--megabytes 256] [--rounds 3]

HOLDOVER is the release binary, GENERATOR is `holdover-hot` of benches/hot, which writes the logs and what is true of
them. Each program answers the same question: how many uses of the old and of the new version are there? An answer that
differs from the truth ends the run. Programs that are not here are named and left out.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

KEYS = ("doc-key-2024", "doc-key-2026")

DUCKDB_LINES = """
import duckdb, sys
keys = ('doc-key-2024', 'doc-key-2026')
con = duckdb.connect()
con.execute("SET threads = 1")
rows = con.execute(
    "SELECT sum(CASE WHEN contains(line, ?) THEN 1 ELSE 0 END), sum(CASE WHEN contains(line, ?) THEN 1 ELSE 0 END) "
    "FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = chr(1), header = false, quote = '', escape = '', "
    "max_line_size = 10000000) WHERE contains(line, 'doc-key-20')", [*keys, sys.argv[1]]).fetchone()
print(int(rows[0] or 0), int(rows[1] or 0))
"""

DUCKDB_COLUMNS = """
import duckdb, sys
con = duckdb.connect()
con.execute("SET threads = 1")
rows = con.execute(
    "SELECT auth.key_id, count(*) FROM read_json(?, format = 'newline_delimited', "
    "columns = {'ts': 'VARCHAR', 'service': 'VARCHAR', 'auth': 'STRUCT(key_id VARCHAR)', 'outcome': 'VARCHAR'}) "
    "WHERE auth.key_id IS NOT NULL GROUP BY 1", [sys.argv[1]]).fetchall()
found = dict(rows)
print(found.get('doc-key-2024', 0), found.get('doc-key-2026', 0))
"""

PYTHON_JSON = """
import glob, gzip, json, sys
old = new = 0
for path in glob.glob(sys.argv[1]):
    with (gzip.open(path, 'rb') if path.endswith('.gz') else open(path, 'rb')) as file:
        for line in file:
            key = json.loads(line).get('auth', {}).get('key_id')
            old += key == 'doc-key-2024'
            new += key == 'doc-key-2026'
print(old, new)
"""


def run(command, shell=False):
    """Runs a command. Answers with its output, its CPU seconds, and its largest resident set in MB."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, shell=shell)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return out.read().decode(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def holdover(binary, folder, paths):
    command = [binary, "report", "-p", folder / "plan.toml", *paths, "-f", "json", "--digest", "none", "--threads", "1",
               "--as-of", "2026-03-12T00:00:00Z"]

    def answer(text):
        classes = json.loads(text)["classes"]
        counted = [sum(sum(one["events"][state].values()) for one in classes) for state in ("old", "new")]
        return tuple(counted)

    return [str(word) for word in command], answer


def numbers(text):
    return tuple(int(word) for word in text.split())


def total(text):
    """The sum of the counts that a search prints: the uses of both versions together."""
    return sum(int(line.rsplit(":", 1)[-1]) for line in text.split())


def peers(kind, folder):
    """The programs that answer the question about one kind of log: name, command, how to read the answer."""
    pattern, packed = str(folder / kind / "*"), str(folder / f"{kind}-gz" / "*")
    python = sys.executable
    has_duckdb = subprocess.run([python, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode == 0
    found = []
    if shutil.which("rg") and kind != "trail":
        search = f"rg -c -F -j1 -e {KEYS[0]} -e {KEYS[1]} {pattern}"
        found.append((kind, "ripgrep, both keys, counts lines", search, total))
    if kind == "app":
        if has_duckdb:
            found.append((kind, "DuckDB, lines that hold a key", [python, "-c", DUCKDB_LINES, pattern], numbers))
            found.append((kind, "DuckDB, columns named", [python, "-c", DUCKDB_COLUMNS, pattern], numbers))
            found.append(("app-gz", "DuckDB, columns named", [python, "-c", DUCKDB_COLUMNS, packed], numbers))
        found.append((kind, "Python, json", [python, "-c", PYTHON_JSON, pattern], numbers))
    if kind == "access" and has_duckdb:
        found.append((kind, "DuckDB, lines that hold a key", [python, "-c", DUCKDB_LINES, pattern], numbers))
    if kind in ("app", "trail"):
        found.append((f"{kind}-gz", "gzip -dc alone", f"gzip -dc {packed} >/dev/null", None))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("holdover")
    parser.add_argument("generator")
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([options.generator, "generate", name, str(options.megabytes)], check=True)
        truth = json.loads((folder / "truth.json").read_text())
        for kind in ("app", "trail"):
            (folder / f"{kind}-gz").mkdir()
            for file in sorted((folder / kind).iterdir()):
                with open(folder / f"{kind}-gz" / (file.name + ".gz"), "wb") as out:
                    subprocess.run(["gzip", "-6", "-c", str(file)], stdout=out, check=True)
        (folder / "small").mkdir()
        (folder / "whole").mkdir()
        # What this process holds counts as the memory of each child, so nothing is kept.
        with open(folder / "whole" / "part.jsonl", "wb") as whole, open(folder / "app" / "app-000.jsonl", "rb") as lines:
            for start in range(0, 24_000, 12):
                few = b"".join(itertools.islice(lines, 12))
                (folder / "small" / f"part-{start:05}.jsonl").write_bytes(few)
                whole.write(few)
        rows = []
        for kind in ("app", "app-gz", "trail-gz", "access", "small", "whole"):
            command, answer = holdover(options.holdover, folder, [folder / kind])
            rows.append((kind, "holdover, whole report", command, answer))
        for kind in ("app", "trail", "access"):
            rows.extend(peers(kind, folder))
        measured = {}
        for _ in range(options.rounds):
            for kind, name, command, answer in rows:
                text, seconds, memory = run(command, shell=isinstance(command, str))
                wanted = truth.get(kind.removesuffix("-gz"))
                if answer and wanted:
                    given = answer(text)
                    expected = wanted["old"] + wanted["new"] if answer is total else (wanted["old"], wanted["new"])
                    if given != expected:
                        sys.exit(f"{name} on {kind}: {given}, and the truth is {expected}")
                measured.setdefault((kind, name), []).append((seconds, memory))
        print(f"{options.megabytes} MB of application logs; medians of {options.rounds} rounds; one thread\n")
        print("| logs | bytes | program | CPU s | peak MB | holdover ÷ it |")
        print("|---|---:|---|---:|---:|---:|")
        for kind in dict.fromkeys(kind for kind, _ in measured):
            size = sum(file.stat().st_size for file in (folder / kind).iterdir()) / 1e6
            ours = statistics.median(cpu for cpu, _ in measured[(kind, "holdover, whole report")])
            for (of, name), runs in measured.items():
                if of == kind:
                    cpu = statistics.median(one for one, _ in runs)
                    memory = statistics.median(one for _, one in runs)
                    print(f"| {kind} | {size:.0f} MB | {name} | {cpu:.2f} | {memory:.0f} | {ours / cpu:.2f} |")


if __name__ == "__main__":
    main()
