#!/usr/bin/env python3
"""Validates OSCAL files of this project against the published OSCAL 1.2.1 JSON schemas, and
submissions against Guidelines/schemas. Part of `make test-peers`.

Usage: Scripts/guidelines/validate.py SCHEMA_FOLDER [FILE...]
  SCHEMA_FOLDER  holds oscal_catalog_schema.json and its siblings
  FILE           further OSCAL JSON files, e.g. assessment results that `medai check` wrote
Needs PyYAML, jsonschema and regex (OSCAL's patterns use Unicode classes that `re` lacks).
"""
import json
import pathlib
import sys

import jsonschema
import regex
import yaml

ROOTS = {
    "catalog": "oscal_catalog_schema.json",
    "component-definition": "oscal_component_schema.json",
    "assessment-results": "oscal_assessment-results_schema.json",
    "plan-of-action-and-milestones": "oscal_poam_schema.json",
}


def pattern(validator, expected, instance, schema):
    if isinstance(instance, str) and not regex.search(expected, instance):
        yield jsonschema.ValidationError(f"does not match {expected}")


def judge(value, schema, name):
    base = jsonschema.validators.validator_for(schema)
    validator = jsonschema.validators.extend(base, {"pattern": pattern})(schema)
    faults = sorted(validator.iter_errors(value), key=lambda fault: list(map(str, fault.path)))
    for fault in faults:
        print(f"{name}: {'/'.join(map(str, fault.path))}: {fault.message[:200]}")
    return not faults


def main():
    schemas = pathlib.Path(sys.argv[1])
    root = pathlib.Path(__file__).resolve().parents[2]
    files = sorted((root / "Guidelines").glob("*/catalog.yaml"))
    files += sorted((root / "Guidelines" / "components").glob("*.yaml"))
    files += [pathlib.Path(name) for name in sys.argv[2:]]
    passed = True
    for path in files:
        text = path.read_text(encoding="utf-8")
        value = json.loads(text) if path.suffix == ".json" else yaml.load(
            text, Loader=yaml.BaseLoader)
        kind = next(iter(value))
        schema = json.loads((schemas / ROOTS[kind]).read_text(encoding="utf-8"))
        passed &= judge(value, schema, path.name)
    sample = root / "Samples" / "submission" / "medai.submission.yaml"
    value = yaml.load(sample.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    schema = root / "Guidelines" / "schemas" / "submission.schema.json"
    passed &= judge(value, json.loads(schema.read_text(encoding="utf-8")), sample.name)
    print(f"{len(files) + 1} files: {'valid' if passed else 'NOT valid'}")
    sys.exit(0 if passed else 1)


main()
