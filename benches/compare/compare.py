#!/usr/bin/env python3
"""Measures holdover next to other programs on the same logs, in the same run, and prints tables.

    compare.py HOLDOVER GENERATOR [--megabytes 256] [--rounds 3] [--growth 1024,10240]

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
import time
from pathlib import Path

import peers

WHOLE_REPORT = "holdover, whole report"


def run(command):
    """Runs a command. Answers with its output, its CPU seconds, its wall seconds, and its largest resident set in MB."""
    with tempfile.TemporaryFile() as out:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, shell=isinstance(command, str))
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return out.read().decode(), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def report(binary, plan, paths, *, threads=1, digest="none"):
    """The command for a report, and how to read its answer."""
    command = [binary, "report", "-p", plan, *paths, "-f", "json", "--digest", digest, "--threads", threads, "--as-of",
               "2026-03-12T00:00:00Z"]

    def answer(text):
        classes = json.loads(text)["classes"]
        return tuple(sum(sum(one["events"][state].values()) for one in classes) for state in ("old", "new"))

    return [str(word) for word in command], answer


def compress(folder, kind, program, suffix):
    """The files of one kind, compressed."""
    (folder / f"{kind}-{suffix}").mkdir()
    for file in sorted((folder / kind).iterdir()):
        with open(folder / f"{kind}-{suffix}" / f"{file.name}.{suffix}", "wb") as out:
            subprocess.run([*program, "-c", str(file)], stdout=out, check=True)


def prepare(folder, truth):
    """Makes further logs of those of the generator. Answers with what is true of all."""
    compress(folder, "app", ["gzip", "-6"], "gz")
    compress(folder, "trail", ["gzip", "-6"], "gz")
    compress(folder, "app", ["zstd", "-q", "-3"], "zst")
    for name in ("small", "whole", "used", "one", "one-gz"):
        (folder / name).mkdir()
    # What this process holds counts as the memory of each child, so nothing is kept.
    with open(folder / "whole" / "part.jsonl", "wb") as whole, open(folder / "app" / "app-000.jsonl", "rb") as lines:
        for start in range(0, 24_000, 12):
            few = b"".join(itertools.islice(lines, 12))
            (folder / "small" / f"part-{start:05}.jsonl").write_bytes(few)
            whole.write(few)
    with open(folder / "used" / "used.jsonl", "wb") as used, open(folder / "one" / "one.jsonl", "wb") as one:
        for file in sorted((folder / "app").iterdir()):
            with open(file, "rb") as lines:
                for line in lines:
                    one.write(line)
                    if b"doc-key-20" in line:
                        used.write(line)
    with open(folder / "one-gz" / "one.jsonl.gz", "wb") as out:
        subprocess.run(["gzip", "-6", "-c", str(folder / "one" / "one.jsonl")], stdout=out, check=True)
    return truth | dict.fromkeys(("app-gz", "app-zst", "used", "one", "one-gz"), truth["app"]) | {"trail-gz": truth["trail"]}


def further_plans(folder):
    """Plans with many more consumers: by expression, and by name."""
    plan = (folder / "plan.toml").read_text()
    consumer = '[[consumer]]\nclass = "{name}"\nmatch = [{{ service_name = "{match}", credential_uid = ["doc-key-2024", "doc-key-2026"] }}]\n'
    expressions = (consumer.format(name=f"x-{i}", match=f"/^svc-{i}-[a-z]+$/") for i in range(200))
    names = (consumer.format(name=f"n-{i}", match=f"svc-{i}") for i in range(300))
    (folder / "expressions.toml").write_text(plan + "".join(expressions))
    (folder / "classes.toml").write_text(plan + "".join(names))


def measure(rows, rounds, truth):
    """Medians of CPU seconds, wall seconds and memory, by kind and name, over rounds in which all run in turn."""
    measured = {}
    for _ in range(rounds):
        for kind, name, command, answer in rows:
            text, *figures = run(command)
            wanted = truth.get(kind)
            if answer and wanted:
                given = answer(text)
                expected = wanted["old"] + wanted["new"] if answer is peers.total else (wanted["old"], wanted["new"])
                if given != expected:
                    sys.exit(f"{name} on {kind}: {given}, and the truth is {expected}")
            measured.setdefault((kind, name), []).append(figures)
    return {key: [statistics.median(values) for values in zip(*runs)] for key, runs in measured.items()}


def megabytes(folder):
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


def table(head, rows):
    print(f"| {' | '.join(head)} |")
    print(f"|{'|'.join('---' if word in ('logs', 'program') else '---:' for word in head)}|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print()


def compare(options, folder, truth):
    """holdover and the other programs, on one thread."""
    rows = []
    for kind in ("app", "app-gz", "app-zst", "trail-gz", "access", "used", "small", "whole"):
        rows.append((kind, WHOLE_REPORT, *report(options.holdover, folder / "plan.toml", [folder / kind])))
    found, missing = peers.commands(folder)
    rows += found
    rows.append(("app", "holdover, 200 consumers by expression more",
                 *report(options.holdover, folder / "expressions.toml", [folder / "app"])))
    rows.append(("app", "holdover, 300 consumers by name more",
                 *report(options.holdover, folder / "classes.toml", [folder / "app"])))
    rows.append(("app", "holdover, with SHA-256",
                 *report(options.holdover, folder / "plan.toml", [folder / "app"], digest="sha256")))
    measured = measure(rows, options.rounds, truth)
    print(f"{options.megabytes} MB of application logs; medians of {options.rounds} rounds; one thread")
    print(f"not here: {', '.join(missing) or 'nothing'}\n")
    lines = []
    for kind in dict.fromkeys(kind for kind, _ in measured):
        ours = measured[(kind, WHOLE_REPORT)][0]
        for (of, name), (cpu, _, memory) in measured.items():
            if of == kind:
                size = f"{megabytes(folder / kind):.0f} MB"
                lines.append((kind, size, name, f"{cpu:.2f}", f"{memory:.0f}", f"{ours / cpu:.2f}"))
    table(("logs", "bytes", "program", "CPU s", "peak MB", "holdover ÷ it"), lines)


def threads(options, folder, truth):
    """Wall time on one thread and on two, with digests."""
    rows = []
    for kind in ("app", "app-gz", "trail-gz", "one", "one-gz"):
        for count in (1, 2):
            command = report(options.holdover, folder / "plan.toml", [folder / kind], threads=count, digest="sha256")
            rows.append((kind, str(count), *command))
    measured = measure(rows, options.rounds, truth)
    lines = []
    for kind in dict.fromkeys(kind for kind, _ in measured):
        one, two = (measured[(kind, count)][1] for count in ("1", "2"))
        lines.append((kind, f"{one:.2f}", f"{two:.2f}", f"{two / one:.2f}"))
    table(("logs", "one thread, wall s", "two threads", "two ÷ one"), lines)


def growth(options):
    """CPU time and memory as logs grow."""
    lines = []
    for size in options.growth:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run([options.generator, "generate", name, str(size)], check=True)
            for other in ("access", "trail"):
                shutil.rmtree(folder / other)
            truth = json.loads((folder / "truth.json").read_text())
            command = report(options.holdover, folder / "plan.toml", [folder / "app"])
            rows = [("app", WHOLE_REPORT, *command)]
            if shutil.which("rg"):
                search = f"rg -F -j1 -c -e {peers.OLD} -e {peers.NEW} {folder}/app"
                rows.append(("app", "ripgrep", search, peers.total))
            for (_, program), (cpu, wall, memory) in measure(rows, 1, truth).items():
                lines.append((f"{megabytes(folder / 'app'):,.0f} MB", program, f"{cpu:.2f}", f"{wall:.2f}", f"{memory:.0f}"))
    table(("logs", "program", "CPU s", "wall s", "peak MB"), lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("holdover")
    parser.add_argument("generator")
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=lambda text: [int(size) for size in text.split(",")], default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([options.generator, "generate", name, str(options.megabytes)], check=True)
        truth = prepare(folder, json.loads((folder / "truth.json").read_text()))
        further_plans(folder)
        compare(options, folder, truth)
        threads(options, folder, truth)
    growth(options)


if __name__ == "__main__":
    main()
