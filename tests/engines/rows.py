"""Runs named queries over the evidence of a bundle on another engine: ENGINE BUNDLE QUERIES NAME,NAME.

Each query's answer is a table for those after it. Prints {name: [columns, rows]}, with values as the program prints them.
With BUNDLE `-` it only checks that the engine is there, and ends with 1 if it is not.
"""
import json
import sys

engine, bundle, queries, names = (sys.argv[1:] + ["", ""])[:4]


def word(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


class DuckDb:
    def __init__(self):
        import duckdb

        self.con = duckdb.connect()

    def load(self, evidence, params):
        self.con.execute("CREATE TABLE evidence AS SELECT * FROM read_parquet(?)", [evidence])
        self.con.execute("CREATE TABLE params AS " + params)

    def answer(self, name, text):
        self.con.execute(f"CREATE TABLE {name} AS " + text)
        found = self.con.execute(f"SELECT * FROM {name}")
        return [column[0] for column in found.description], found.fetchall()


class DataFusion:
    def __init__(self):
        import datafusion

        self.con = datafusion.SessionContext()

    def load(self, evidence, params):
        self.con.register_parquet("evidence", evidence)
        self.con.sql("CREATE TABLE params AS " + params)

    def answer(self, name, text):
        found = self.con.sql(text).to_arrow_table()
        self.con.register_record_batches(name, [found.to_batches() or [empty(found.schema)]])
        return found.column_names, [tuple(row.values()) for row in found.to_pylist()]


def empty(schema):
    import pyarrow

    return pyarrow.RecordBatch.from_pylist([], schema=schema)


class Spark:
    """Spark SQL in this process, or whatever answers at the address in SPARK_REMOTE."""

    def __init__(self):
        import pyspark.sql

        builder = pyspark.sql.SparkSession.builder
        builder = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.session.timeZone", "UTC")
        self.con = builder.master("local[2]").getOrCreate()

    def load(self, evidence, params):
        self.con.read.parquet(evidence).createOrReplaceTempView("evidence")
        self.con.sql(params).createOrReplaceTempView("params")

    def answer(self, name, text):
        # The one operator that Spark spells otherwise.
        found = self.con.sql(text.replace(" ~ ", " RLIKE "))
        rows = [tuple(row) for row in found.collect()]
        # Written as a view, it would be computed once more for each query that reads it.
        self.con.createDataFrame(rows, found.schema).createOrReplaceTempView(name)
        return found.columns, rows


class Sail(Spark):
    """Sail speaks the protocol of Spark Connect."""

    def __init__(self):
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        self.server = SparkConnectServer("127.0.0.1", 0)
        self.server.start(background=True)
        _, port = self.server.listening_address
        self.con = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        # Sail 0.7.2 raises the error of a division by zero for divisors of which none is zero.
        self.con.conf.set("spark.sql.ansi.enabled", "false")


ENGINES = {"duckdb": DuckDb, "datafusion": DataFusion, "spark": Spark, "sail": Sail}
MODULES = {"duckdb": "duckdb", "datafusion": "datafusion", "spark": "pyspark", "sail": "pysail"}

if bundle == "-":
    import importlib.util
    import shutil

    there = importlib.util.find_spec(MODULES[engine]) is not None
    if engine == "spark":
        there = there and shutil.which("java") is not None
    if engine == "sail":
        there = there and importlib.util.find_spec("grpc") is not None
    sys.exit(0 if there else 1)

params = json.load(open(bundle + "/bundle.json"))["params"]
columns = ["t0_us", "as_of_us", "window_from_us", "revoked_us"]
params = "SELECT " + ", ".join(f"CAST({params[column]} AS BIGINT) AS {column}" for column in columns)
con = ENGINES[engine]()
con.load(bundle + "/evidence.parquet", params)
answers = {}
for name in names.split(","):
    text = open(f"{queries}/{name}.sql").read()
    try:
        found, rows = con.answer(name, text)
    except Exception as error:
        sys.exit(f"{name}: {error}")
    answers[name] = [list(found), [[word(value) for value in row] for row in rows]]
print(json.dumps(answers))
