#!/usr/bin/env python3
"""Checks the golden log with hashlib and the openssl command alone; exit 0 where all holds."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

folder = pathlib.Path(__file__).with_name("log")
leaves = (folder / "leaves.txt").read_bytes().split(b"\n")[:-1]
note = (folder / "checkpoint").read_bytes()
name, key_id, key = (folder / "origin.vkey").read_text().strip().split("+", 2)


def sha(data):
    return hashlib.sha256(data).digest()


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha(b"\1" + root(hashes[:k]) + root(hashes[k:]))


for number, leaf in enumerate(leaves):
    value = json.loads(leaf)
    assert value["seq"] == number and value["log"] == name
    # Every name and text is ASCII, so Python's sorted compact form is the canonical one.
    assert json.dumps(value, sort_keys=True, separators=(",", ":")).encode() == leaf

text, signatures = note[: note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2 :]
origin, size, top, end = text.decode().split("\n")
assert (origin, int(size), end) == (name, len(leaves), "")
assert base64.b64decode(top) == root([sha(b"\0" + leaf) for leaf in leaves])

key = base64.b64decode(key)
assert key[0] == 1 and len(key) == 33
assert sha(name.encode() + b"\n" + key)[:4].hex() == key_id
dash, signer, blob = signatures.decode().strip().split(" ")
blob = base64.b64decode(blob)
assert dash == "\u2014" and signer == name and blob[:4].hex() == key_id

with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    spki = bytes.fromhex("302a300506032b6570032100") + key[1:]
    (scratch / "key.der").write_bytes(spki)
    (scratch / "text").write_bytes(text)
    (scratch / "signature").write_bytes(blob[4:])
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
    command += ["-inkey", scratch / "key.der", "-in", scratch / "text"]
    command += ["-sigfile", scratch / "signature"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
