"""Other programs that answer the question of compare.py, each in the best form that we know. All use one thread."""

import shutil
import subprocess
import sys

OLD, NEW = "doc-key-2024", "doc-key-2026"

# What each needs of Python, and its script. The argument is a pattern of paths; the answer is two numbers, old and new.
SCRIPTS = {
    ("app", "DuckDB, columns named"): ("duckdb", """
import duckdb, sys
con = duckdb.connect()
con.execute("SET threads = 1")
found = dict(con.execute("SELECT auth.key_id, count(*) FROM read_json(?, format = 'newline_delimited', columns = {'ts': 'VARCHAR', "
    "'service': 'VARCHAR', 'auth': 'STRUCT(key_id VARCHAR)', 'outcome': 'VARCHAR'}) GROUP BY 1", [sys.argv[1]]).fetchall())
print(found.get(OLD, 0), found.get(NEW, 0))
"""),
    ("app", "DuckDB, lines that hold a key, then JSON"): ("duckdb", """
import duckdb, sys
con = duckdb.connect()
con.execute("SET threads = 1")
con.execute("CREATE TEMP TABLE hits AS SELECT line FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = chr(1), header = false, "
    "quote = '', escape = '', max_line_size = 10000000) WHERE contains(line, 'doc-key-20')", [sys.argv[1]])
found = dict(con.execute("SELECT line ->> '$.auth.key_id', count(*) FROM hits GROUP BY 1").fetchall())
print(found.get(OLD, 0), found.get(NEW, 0))
"""),
    ("app", "ClickHouse, lines that hold a key, then JSON"): ("chdb", """
import chdb, sys
print(str(chdb.query(f"SELECT countIf(k = '{OLD}'), countIf(k = '{NEW}') FROM (SELECT JSONExtractString(line, 'auth', 'key_id') AS k "
    f"FROM file('{sys.argv[1]}', 'LineAsString', 'line String') WHERE multiSearchAny(line, ['{OLD}', '{NEW}'])) "
    "SETTINGS max_threads = 1", "TSV")))
"""),
    ("app", "ClickHouse, columns named"): ("chdb", """
import chdb, sys
print(str(chdb.query(f"SELECT countIf(auth.key_id = '{OLD}'), countIf(auth.key_id = '{NEW}') FROM file('{sys.argv[1]}', "
    "'JSONEachRow', 'auth Tuple(key_id String)') SETTINGS max_threads = 1, input_format_skip_unknown_fields = 1, "
    "input_format_json_ignore_unknown_keys_in_named_tuple = 1", "TSV")))
"""),
    ("app", "polars, columns named"): ("polars", """
import os, sys
os.environ["POLARS_MAX_THREADS"] = "1"
import polars as pl
key = pl.col("auth").struct.field("key_id")
lines = pl.scan_ndjson(sys.argv[1], schema={"auth": pl.Struct({"key_id": pl.String})})
print(*lines.select(old=(key == OLD).sum(), new=(key == NEW).sum()).collect(engine="streaming").row(0))
"""),
    ("app", "DataFusion, columns named"): ("datafusion", """
import os, sys
import pyarrow as pa
from datafusion import SessionConfig, SessionContext
context = SessionContext(SessionConfig().with_target_partitions(1))
schema = pa.schema([("auth", pa.struct([("key_id", pa.string())]))])
packed = sys.argv[1].endswith("-gz/*")
context.register_json("lines", os.path.dirname(sys.argv[1]) + "/", schema=schema, file_extension=".gz" if packed else ".jsonl",
    **({"file_compression_type": "gzip"} if packed else {}))
count = "count(*) FILTER (WHERE auth['key_id'] = '{}')"
print(*context.sql(f"SELECT {count.format(OLD)} AS old, {count.format(NEW)} AS new FROM lines").to_pylist()[0].values())
"""),
    ("app", "Python, orjson"): ("orjson", """
import glob, gzip, orjson, sys
found = {OLD: 0, NEW: 0}
for path in glob.glob(sys.argv[1]):
    for line in gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb"):
        key = orjson.loads(line).get("auth", {}).get("key_id")
        if key in found:
            found[key] += 1
print(*found.values())
"""),
    ("trail", "DuckDB, columns named"): ("duckdb", """
import duckdb, sys
con = duckdb.connect()
con.execute("SET threads = 1")
found = dict(con.execute("SELECT r.userIdentity.accessKeyId, count(*) FROM (SELECT unnest(Records) AS r FROM read_json(?, "
    "columns = {'Records': 'STRUCT(userIdentity STRUCT(accessKeyId VARCHAR))[]'}, maximum_object_size = 100000000)) GROUP BY 1",
    [sys.argv[1]]).fetchall())
print(found.get(OLD, 0), found.get(NEW, 0))
"""),
    ("trail", "ClickHouse, columns named"): ("chdb", """
import chdb, sys
print(str(chdb.query(f"SELECT countIf(r.1.1 = '{OLD}'), countIf(r.1.1 = '{NEW}') FROM file('{sys.argv[1]}', 'JSONEachRow', "
    "'Records Array(Tuple(userIdentity Tuple(accessKeyId String)))') ARRAY JOIN Records AS r SETTINGS max_threads = 1, "
    "input_format_json_ignore_unknown_keys_in_named_tuple = 1", "TSV")))
"""),
    ("trail", "Python, orjson"): ("orjson", """
import glob, gzip, orjson, sys
found = {OLD: 0, NEW: 0}
for path in glob.glob(sys.argv[1]):
    for record in orjson.loads((gzip.open if path.endswith(".gz") else open)(path, "rb").read())["Records"]:
        key = record["userIdentity"].get("accessKeyId")
        if key in found:
            found[key] += 1
print(*found.values())
"""),
    ("access", "DuckDB, lines that hold a key"): ("duckdb", """
import duckdb, sys
con = duckdb.connect()
con.execute("SET threads = 1")
print(*con.execute("SELECT count(*) FILTER (contains(line, ?)), count(*) FILTER (contains(line, ?)) FROM read_csv(?, columns = "
    "{'line': 'VARCHAR'}, delim = chr(1), header = false, quote = '', escape = '', max_line_size = 10000000) "
    "WHERE contains(line, 'doc-key-20')", [f" {OLD} [", f" {NEW} [", sys.argv[1]]).fetchone())
"""),
    ("access", "ClickHouse, lines that hold a key"): ("chdb", """
import chdb, sys
print(str(chdb.query(f"SELECT countIf(position(line, ' {OLD} [') > 0), countIf(position(line, ' {NEW} [') > 0) FROM "
    f"file('{sys.argv[1]}', 'LineAsString', 'line String') WHERE multiSearchAny(line, ['{OLD}', '{NEW}']) "
    "SETTINGS max_threads = 1", "TSV")))
"""),
}

ORJSON_OF_HITS = f"""
import orjson, sys
found = {{'{OLD}': 0, '{NEW}': 0}}
for line in sys.stdin.buffer:
    key = orjson.loads(line).get('auth', {{}}).get('key_id')
    if key in found:
        found[key] += 1
print(*found.values())
"""


def has(module):
    """Whether Python has a module."""
    return subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0


def total(text):
    """The sum of the counts that a search prints: the uses of both versions together."""
    return sum(int(line.rsplit(":", 1)[-1]) for line in text.split())


def numbers(text):
    """Two numbers: the uses of the old and of the new version."""
    return tuple(int(word) for word in text.split())


def commands(folder):
    """For each kind of log the programs that are here: kind, name, command, how to read the answer; and what is missing."""
    found, missing = [], []
    kinds = {"app": ("app", "app-gz", "used"), "trail": ("trail-gz",), "access": ("access",)}
    search = f"rg -F -j1 -I -N -e {OLD} -e {NEW}"
    if shutil.which("rg"):
        for kind in ("app", "access"):
            found.append((kind, "ripgrep, both keys, counts lines", f"{search} -c {folder}/{kind}/*", total))
        hits = f'{sys.executable} -c "{ORJSON_OF_HITS}"'
        if has("orjson"):
            found.append(("app", "ripgrep, then Python with orjson", f"{search} {folder}/app/* | {hits}", numbers))
        if shutil.which("mawk"):
            words = f"""mawk '{{ c[$3]++ }} END {{ print c["{OLD}"], c["{NEW}"] }}'"""
            found.append(("access", "ripgrep, then mawk", f"{search} {folder}/access/* | {words}", numbers))
    else:
        missing.append("ripgrep")
    for (of, name), (module, script) in SCRIPTS.items():
        if not has(module):
            missing.append(name)
            continue
        script = f"OLD, NEW = '{OLD}', '{NEW}'{script}"
        for kind in kinds[of]:
            found.append((kind, name, [sys.executable, "-c", script, f"{folder}/{kind}/*"], numbers))
    for kind, program in (("app-gz", "gzip"), ("trail-gz", "gzip"), ("app-zst", "zstd")):
        if shutil.which(program):
            found.append((kind, f"{program} -dc alone", f"{program} -dc {folder}/{kind}/* >/dev/null", None))
    return found, missing
