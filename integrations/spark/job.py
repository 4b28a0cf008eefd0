"""Scans exports with holdover in the tasks of a Spark cluster, seals the parts, asks Spark SQL for the facts, and prints the
report that holdover makes of them.

    spark-submit --master spark://HOST:7077 job.py --plan holdover.toml --parts /shared/parts --bundle /shared/bundle \
      --facts facts exports/

Spark schedules, retries and speculates. A task is one process of holdover, which gets lines of a list on stdin, leaves parts in
a folder that all machines see, and prints the lines again; these lines are all that Spark carries. A part is named by its
content, so an attempt that was killed, doubled or late changes nothing. Ends with the exit status of the report.

It calls nothing that Spark Connect lacks, so that it runs on Sail too.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pyarrow

HERE = os.path.dirname(os.path.abspath(__file__))
# `facts.py` is of no engine.
sys.path.append(os.path.dirname(HERE))

# What `seal` ends with if inputs have to be scanned again.
AGAIN = 11


def holdover(program, *args, fine=(0,)):
    """Runs holdover on the driver and returns its exit status and what it printed."""
    done = subprocess.run([program, *args], stdout=subprocess.PIPE)
    if done.returncode not in fine:
        raise SystemExit(done.returncode)
    return done.returncode, done.stdout.decode()


def scanning(program, plan, parts, learned):
    """The function that scans in a task. It takes texts and no files: only the folder of parts is shared."""

    def scan(batches):
        with tempfile.TemporaryDirectory() as scratch:
            args = [program, "scan", "--plan", put(scratch, "plan.toml", plan), "-o", parts, "--threads", "1"]
            if learned is not None:
                args += ["--learned", put(scratch, "learned.json", learned)]
            for batch in batches:
                for text in batch.column(0).to_pylist():
                    yield pyarrow.RecordBatch.from_pydict({"line": scanned(args, text)})

    def put(folder, name, text):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def scanned(args, text):
        done = subprocess.run(args, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(f"holdover ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
        lines = done.stdout.decode().splitlines()
        # A process that dies between two lines looks like one that had less to do.
        asked = [json.loads(line)["path"] for line in text.splitlines()]
        given = [json.loads(line)["path"] for line in lines if json.loads(line).get("scanned")]
        if asked != given:
            raise RuntimeError(f"holdover scanned {len(given)} of {len(asked)} inputs: its output was cut")
        return lines

    return scan


def scan_all(spark, program, plan, parts, lines, learned=None):
    """Scans the inputs of a list, each of its tasks in a task of Spark, and returns the lines with their parts."""
    tasks = {}
    for line in lines.splitlines(keepends=True):
        tasks.setdefault(json.loads(line)["task"], []).append(line)
    if not tasks:
        return ""
    rows = [("".join(tasks[task]), task) for task in sorted(tasks)]
    frame = spark.createDataFrame(rows, "lines string, task long").repartitionByRange(len(rows), "task")
    done = frame.select("lines").mapInArrow(scanning(program, plan, parts, learned), "line string")
    return "".join(sorted(row.line + "\n" for row in done.collect()))


def run(spark, options):
    """From exports to a bundle."""
    with open(options.plan, encoding="utf-8") as file:
        plan = file.read()
    program, parts = options.holdover, os.path.abspath(options.parts)
    args = ["--plan", options.plan, "--task-bytes", options.task_bytes]
    known = ["--known", options.known] if options.known else []
    _, lines = holdover(program, "list", *args, *known, *options.paths)
    done = scan_all(spark, program, plan, parts, lines)
    with tempfile.TemporaryDirectory() as scratch:
        listed, learned = os.path.join(scratch, "done.jsonl"), os.path.join(scratch, "learned.json")
        while True:
            with open(listed, "w", encoding="utf-8") as file:
                file.write(done)
            seal = ["seal", *args, parts, "--list", listed, "--learned", learned, "-o", options.bundle]
            status, again = holdover(program, *seal, fine=(0, AGAIN))
            if status == 0:
                break
            with open(learned, encoding="utf-8") as file:
                done += scan_all(spark, program, plan, parts, again, file.read())
    if options.done:
        with open(options.done, "w", encoding="utf-8") as file:
            file.write(done)


def spark_answers(spark, bundle):
    """Answers from Spark SQL over the evidence of a bundle, which all machines see."""
    import pyarrow.parquet

    import facts

    evidence = pathlib.Path(bundle).absolute() / "evidence.parquet"
    spark.read.parquet(evidence.as_uri()).createOrReplaceTempView("evidence")
    spark.sql(facts.params_sql(bundle)).createOrReplaceTempView("params")

    def answer(_name, text, path):
        # The one operator that Spark spells otherwise.
        table = spark.sql(text.replace(" ~ ", " RLIKE ")).toArrow()
        pyarrow.parquet.write_table(table, path)
        return table.num_rows

    return answer


def write_facts(spark, options):
    """From a bundle to the facts of a report. They are small: a few rows for each consumer, instance and hour."""
    import facts

    facts.write(options.bundle, options.queries, options.facts, spark_answers(spark, options.bundle))


def report(options, *more):
    """The status of the report and its text."""
    args = ["report", "--plan", options.plan, options.bundle, "--facts", options.facts, *more]
    return holdover(options.holdover, *args, fine=(0, 10, 11))


def options(args):
    parser = argparse.ArgumentParser(description="Scan exports with holdover in the tasks of a Spark cluster.")
    parser.add_argument("--holdover", default="holdover", help="the program, at the same path on each machine")
    parser.add_argument("--plan", required=True)
    parser.add_argument("--parts", required=True, help="a folder that each machine sees under the same path")
    parser.add_argument("--bundle", required=True, help="the folder of the bundle, under the same path on each machine")
    parser.add_argument("--facts", required=True, help="the folder of the facts, on the driver; it must be new")
    parser.add_argument("--queries", default=os.path.join(HERE, "..", "..", "queries"))
    parser.add_argument("--task-bytes", default="256M")
    parser.add_argument("--known", help="the lines of an earlier run, whose inputs are not read again")
    parser.add_argument("--done", help="write the lines of this run into this file")
    parser.add_argument("--format", default="text")
    parser.add_argument("--conf", action="append", default=[], help="a setting of the session, as KEY=VALUE")
    parser.add_argument("paths", nargs="+")
    return parser.parse_args(args)


def main():
    from pyspark.sql import SparkSession

    given = options(sys.argv[1:])
    spark = SparkSession.builder.appName("holdover").getOrCreate()
    for setting in given.conf:
        spark.conf.set(*setting.split("=", 1))
    run(spark, given)
    write_facts(spark, given)
    status, text = report(given, "--format", given.format)
    sys.stdout.write(text)
    spark.stop()
    sys.exit(status)


if __name__ == "__main__":
    main()
