"""Runs the job, and lets go wrong what goes wrong in a cluster: on a standalone master of Spark with two workers on
loopback, or on Sail, whose cluster is threads of this process, so that no worker can be killed.

    python check.py spark|sail PROGRAM PLAN EXPORTS [PLAN EXPORTS]…

Each case must give the report of one process, byte for byte, or fail aloud. Needs pyspark and pyarrow; Spark needs Java,
and Sail pysail.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import job

HERE = os.path.dirname(os.path.abspath(__file__))
CORES_TIMEOUT = 90


class Cluster:
    """A master and two workers of one core each. Each worker is a session, which ends with its executors."""

    def __init__(self, folder):
        import pyspark

        home = os.path.dirname(pyspark.__file__)
        self.spark_class = os.path.join(home, "bin", "spark-class")
        self.env = {
            **os.environ, "SPARK_HOME": home, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": HERE, "SPARK_DAEMON_MEMORY": "512m",
        }
        os.environ.update(self.env)
        self.folder = folder
        self.port = free_port()
        deploy = "org.apache.spark.deploy"
        self.master = self.start("master", f"{deploy}.master.Master", "-h", "127.0.0.1", "-p", str(self.port),
                                 "--webui-port", str(free_port()))
        self.workers = [
            self.start(f"worker{number}", f"{deploy}.worker.Worker", "-h", f"127.0.0.{number}", "-c", "1", "-m", "1g",
                       "--webui-port", str(free_port()), "-d", os.path.join(folder, f"w{number}"), self.url())
            # Spark makes a second attempt only on another host.
            for number in (2, 3)
        ]

    def url(self):
        return f"spark://127.0.0.1:{self.port}"

    def start(self, name, *args):
        log = open(os.path.join(self.folder, f"{name}.log"), "w", encoding="utf-8")
        env = {**self.env, "SPARK_LOCAL_IP": args[args.index("-h") + 1]}
        return subprocess.Popen([self.spark_class, *args], env=env, stdout=log, stderr=log, start_new_session=True)

    def kill(self, process):
        # An executor is a child of its worker, in the same group.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self):
        for process in [*self.workers, self.master]:
            self.kill(process)


def free_port():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def session(cluster):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(cluster.url()).appName("holdover check")
    for key, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.python.worker.reuse": "false",
        "spark.sql.shuffle.partitions": "2",
        # So eager that a task that is slow once has a second attempt.
        "spark.speculation": "true",
        "spark.speculation.interval": "200ms",
        "spark.speculation.multiplier": "1.2",
        "spark.speculation.quantile": "0.3",
        "spark.speculation.minTaskRuntime": "500ms",
        "spark.speculation.efficiency.enabled": "false",
    }.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def executors(spark):
    return spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1


def wait_until(what, true, seconds=CORES_TIMEOUT):
    end = time.time() + seconds
    while not true():
        assert time.time() < end, f"waited {seconds} s, and still not: {what}"
        time.sleep(0.1)


class World:
    """A plan with exports, the report of one process, and programs that stand in for holdover."""

    def __init__(self, folder, program, plan, exports):
        self.folder, self.program, self.plan, self.exports = folder, program, plan, exports
        self.whole = self.report([exports])
        self.cases = 0

    def report(self, paths):
        done = subprocess.run([self.program, "report", "-p", self.plan, "-f", "json", *paths], stdout=subprocess.PIPE)
        assert done.returncode in (0, 10, 11), done.returncode
        return done.returncode, done.stdout

    def stand_in(self, name, scan):
        """A program that does what `scan` says in place of `holdover scan`, and else what holdover does."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/bash\nH={self.program}\n[ $1 = scan ] || exec $H \"$@\"\n{scan}\n")
        os.chmod(path, 0o755)
        return path

    def options(self, program, **more):
        self.cases += 1
        case = os.path.join(self.folder, f"case{self.cases}")
        given = {"plan": self.plan, "parts": f"{case}-parts", "bundle": f"{case}-bundle", "facts": f"{case}-facts",
                 "holdover": program, "task-bytes": "200K", **more}
        flags = [word for key, value in given.items() for word in (f"--{key}", value)]
        return job.options([*flags, self.exports])

    def equal(self, spark, options, what):
        assert self.report([options.bundle]) == self.whole, f"{what}: another report"
        job.write_facts(spark, options)
        status, text = job.report(options, "--format", "json")
        assert (status, text.encode()) == self.whole, f"{what}: another report by facts"
        print(f"ok: {what}: the report of one process, status {self.whole[0]}", flush=True)


def fails(what, says, run):
    try:
        run()
    except BaseException as error:  # seal ends the driver, a task raises
        text = str(error)
        assert says in text, f"{what}: {text[-3000:]}"
        print(f"ok: {what}: {says}", flush=True)
        return
    raise AssertionError(f"{what}: it did not fail")


def check_doubled(spark, world):
    """A task whose first attempt hangs until there is a second one, which Spark starts once nothing else is left."""
    first, second = os.path.join(world.folder, "first"), os.path.join(world.folder, "second")
    slow = f"""
lines=$(cat)
if echo "$lines" | grep -q '"task":0,'; then
  if mkdir {first} 2>/dev/null; then
    for _ in $(seq 180); do [ -d {second} ] && break; sleep 1; done
  else
    mkdir {second}
  fi
fi
echo "$lines" | exec $H "$@"
"""
    options = world.options(world.stand_in("slow", slow))
    job.run(spark, options)
    assert os.path.isdir(second), "no task had a second attempt"
    world.equal(spark, options, "speculation on, a task that ran twice")
    return options


def check_killed(spark, cluster, world):
    """A worker dies while it scans."""
    slow = world.stand_in("each-slow", 'sleep 1.5; exec $H "$@"')
    options = world.options(slow)
    wait_until("two executors", lambda: executors(spark) == 2)
    done = threading.Event()

    def killer():
        wait_until("the first part", lambda: done.is_set() or os.path.isdir(options.parts) and os.listdir(options.parts))
        cluster.kill(cluster.workers[0])

    thread = threading.Thread(target=killer)
    thread.start()
    job.run(spark, options)
    done.set()
    thread.join()
    wait_until("one executor", lambda: executors(spark) == 1)
    world.equal(spark, options, "one of two workers killed")


def check_cut(spark, world):
    """A process that dies between two lines, with the status of one that is done."""
    options = world.options(world.stand_in("cut", '$H "$@" | head -n -1'))
    fails("a stream that ends one line early", "its output was cut", lambda: job.run(spark, options))
    assert not os.path.exists(os.path.join(options.bundle, "bundle.json"))
    options = world.options(world.stand_in("dead", '$H "$@" | head -n 1; exit 137'))
    fails("a process that is killed", "holdover ended with 137", lambda: job.run(spark, options))


def check_deleted(spark, world, options):
    """A part goes between scanning and sealing."""
    shutil.rmtree(options.bundle)
    done = options.done
    with open(done, encoding="utf-8") as file:
        part = json.loads(file.readline())["scanned"]["part"]
    for ending in (".account.json", ".rows.parquet"):
        os.remove(os.path.join(options.parts, part + ending))
    seal = ["seal", "-p", world.plan, options.parts, "--list", done, "-o", options.bundle]
    ended = subprocess.run([world.program, *seal], stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1 and "no part of" in ended.stderr, ended
    assert not os.path.exists(os.path.join(options.bundle, "bundle.json"))
    print("ok: a part that was deleted:", ended.stderr.strip(), flush=True)


def check_spark(folder, worlds):
    cluster = Cluster(folder)
    try:
        spark = session(cluster)
        spark.sparkContext.setLogLevel("ERROR")
        wait_until("two executors", lambda: executors(spark) == 2)
        for world in worlds[1:]:
            options = world.options(world.program)
            job.run(spark, options)
            world.equal(spark, options, f"{world.exports}, two workers")
        world = worlds[0]
        check_doubled(spark, world)
        check_killed(spark, cluster, world)
        check_cut(spark, world)
        options = world.options(world.program, done=os.path.join(folder, "done.jsonl"))
        job.run(spark, options)
        check_deleted(spark, world, options)
        spark.stop()
    finally:
        cluster.stop()


def check_sail(folder, worlds):
    """The cases of Spark that need no second attempt: Sail's local cluster makes none that could be seen from here."""
    os.environ["SAIL_MODE"] = "local-cluster"
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    # Sail 0.7.2 raises the error of a division by zero for divisors of which none is zero.
    spark.conf.set("spark.sql.ansi.enabled", "false")
    for number, world in enumerate(worlds):
        options = world.options(world.program, done=os.path.join(folder, f"done{number}.jsonl"))
        job.run(spark, options)
        world.equal(spark, options, "Sail, a local cluster")
        check_cut(spark, world)
        check_deleted(spark, world, options)
    spark.stop()


def main():
    engine, program, *worlds = sys.argv[1:]
    # Workers have folders of their own.
    program, *worlds = map(os.path.abspath, [program, *worlds])
    with tempfile.TemporaryDirectory() as folder:
        started = [
            World(tempfile.mkdtemp(dir=folder), program, plan, exports)
            for plan, exports in zip(worlds[::2], worlds[1::2])
        ]
        {"spark": check_spark, "sail": check_sail}[engine](folder, started)


if __name__ == "__main__":
    main()
