"""Reads a report in a format of CI systems or monitors with the libraries that its readers use.

python3 formats.py sarif|junit|openmetrics FILE [SCHEMA] prints what it found, one fact a line, and fails if the file is not valid.
"""

import json
import sys


def sarif(path):
    import jsonschema

    schema = json.load(open(sys.argv[3], encoding="utf-8"))
    log = json.load(open(path, encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(log)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    return [f"results {len(run['results'])}", f"rules {len(run['tool']['driver']['rules'])}"]


def junit(path):
    from junitparser import JUnitXml

    suites = JUnitXml.fromfile(path)
    suite = next(iter(suites))
    return [f"tests {suite.tests}", f"failures {suite.failures}", f"cases {len(list(suite))}"]


def openmetrics(path):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    text = open(path, encoding="utf-8").read()
    return [f"{family.name} {family.type} {len(family.samples)}" for family in text_string_to_metric_families(text)]


print("\n".join({"sarif": sarif, "junit": junit, "openmetrics": openmetrics}[sys.argv[1]](sys.argv[2])))
