"""Asks an engine the queries of tier 1 over the evidence of a bundle, and leaves the answers for `holdover report --facts`.

    python facts.py BUNDLE QUERIES DIR

QUERIES is the folder `queries/` of the version that reports. Here the engine is DuckDB; `write` takes any other.
"""
import hashlib
import json
import os
import sys

EVIDENCE = "evidence.parquet"
PARAMS = ("t0_us", "as_of_us", "window_from_us", "revoked_us")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole(bundle):
    """The digest of `bundle.json`, if the evidence next to it is what it names."""
    with open(os.path.join(bundle, "bundle.json"), "rb") as file:
        text = file.read()
    named = {file["name"]: file["sha256"] for file in json.loads(text)["files"]}
    if digest(os.path.join(bundle, EVIDENCE)) != named[EVIDENCE]:
        raise ValueError(f"{EVIDENCE} in {bundle} is not that of its bundle.json")
    return hashlib.sha256(text).hexdigest()


def params(bundle):
    """The one row of the table `params`."""
    with open(os.path.join(bundle, "bundle.json"), encoding="utf-8") as file:
        given = json.load(file)["params"]
    return {name: given[name] for name in PARAMS}


def params_sql(bundle):
    return "SELECT " + ", ".join(f"CAST({value} AS BIGINT) AS {name}" for name, value in params(bundle).items())


def texts(queries):
    """Name and text of each query of tier 1."""
    for file_name in sorted(os.listdir(queries)):
        name, ending = os.path.splitext(file_name)
        with open(os.path.join(queries, file_name), encoding="utf-8") as file:
            text = file.read()
        if ending == ".sql" and "\n-- tier: 1\n" in text:
            yield name, text


def write(bundle, queries, folder, answer):
    """Fills a new folder. `answer(name, text, path)` writes the answer to a query into a Parquet file and returns how many
    rows the engine counted. The manifest comes last, so that a run that was stopped leaves no facts."""
    os.makedirs(folder)
    of_bundle, found = whole(bundle), {}
    for name, text in texts(queries):
        path = os.path.join(folder, name + ".parquet")
        rows = answer(name, text, path)
        file = {"name": name + ".parquet", "bytes": os.path.getsize(path), "sha256": digest(path)}
        found[name] = {"sql": hashlib.sha256(text.encode()).hexdigest(), "rows": rows, "files": [file]}
    if whole(bundle) != of_bundle:
        raise ValueError(f"{bundle} changed while its evidence was asked")
    manifest = {"schema": "holdover.facts/1", "bundle": of_bundle, "params": params(bundle), "queries": found}
    with open(os.path.join(folder, "facts.json"), "x", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2)


def duckdb_answers(bundle):
    import duckdb

    con = duckdb.connect()
    con.execute("CREATE VIEW evidence AS SELECT * FROM read_parquet('{}')".format(
        os.path.join(bundle, EVIDENCE).replace("'", "''")))
    con.execute("CREATE TABLE params AS " + params_sql(bundle))

    def answer(_name, text, path):
        path = path.replace("'", "''")
        return con.execute(f"COPY ({text}) TO '{path}' (FORMAT parquet)").fetchone()[0]

    return answer


if __name__ == "__main__":
    bundle, queries, folder = sys.argv[1:]
    write(bundle, queries, folder, duckdb_answers(bundle))
