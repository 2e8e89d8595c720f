#!/usr/bin/env python3
"""Writes Guidelines/lock.json: path, version and SHA-256 of the canonical JSON form (RFC 8785) of
each guideline file. YAML scalars count as text, a CSV file as a list of rows.

Usage: Scripts/guidelines/lock.py [FOLDER]   (needs PyYAML)
"""
import csv
import hashlib
import json
import pathlib
import sys

import yaml

EXEMPT = {"events", "policies", "exams"}


def ordered(value):
    """Members sorted by UTF-16 code units, as RFC 8785 wants."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: ordered(value[name]) for name in names}
    if isinstance(value, list):
        return [ordered(element) for element in value]
    return value


def canonical(value):
    text = json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def form(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return yaml.load(text, Loader=yaml.BaseLoader)
    if path.suffix == ".json":
        return json.loads(text)
    return [row for row in csv.reader(text.splitlines())]


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Guidelines")
    entries = []
    for path in sorted(folder.glob("*/*"), key=lambda path: str(path).encode()):
        if path.parent.name in EXEMPT or path.suffix not in {".yaml", ".csv", ".json"}:
            continue
        value = form(path)
        entry = {"path": f"{path.parent.name}/{path.name}"}
        if path.name == "catalog.yaml":
            entry["id"] = path.parent.name
            entry["version"] = value["catalog"]["metadata"]["version"]
        entry["sha256"] = hashlib.sha256(canonical(value)).hexdigest()
        entries.append(entry)
    lock = json.dumps({"files": entries}, indent=2, ensure_ascii=False)
    (folder / "lock.json").write_text(lock + "\n", encoding="utf-8")


main()
