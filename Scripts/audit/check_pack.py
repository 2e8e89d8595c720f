#!/usr/bin/env python3
"""Verifies a pack of `medai audit export` with other people's code and none of ours: every leaf is
canonical by rfc8785, the tree by pymerkle, the signatures by cryptography, the tiles and the
manifest by hashlib. Ends with 1 at the first thing that does not hold.

Usage: check_pack.py PACK KEY.vkey      (needs pymerkle, rfc8785, cryptography)
"""
import base64
import hashlib
import json
import pathlib
import sys

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

pack = pathlib.Path(sys.argv[1])
name, key_id, public = pathlib.Path(sys.argv[2]).read_text().strip().split("+", 2)
key = base64.b64decode(public)


def need(condition, what):
    if not condition:
        sys.exit(f"NOT PROVED: {what}")


def opened(path):
    """Size and root of a signed checkpoint; the signature is checked where the key signed it."""
    text, _, block = path.read_bytes().rpartition(b"\n\n")
    origin, size, root = text.decode().split("\n")
    signed = False
    for line in block.decode().splitlines():
        _, signer, data = line.split(" ")
        data = base64.b64decode(data)
        if signer == name and data[:4].hex() == key_id:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(data[4:], text + b"\n")
            signed = True
    need(origin == name, "the origin is the key's name")
    return int(size), base64.b64decode(root), signed


def tile_path(kind, index, width):
    path, rest = "%03d" % (index % 1000), index // 1000
    while rest:
        path, rest = "x%03d/" % (rest % 1000) + path, rest // 1000
    return pack / "tile" / kind / (path + ("" if width == 256 else f".p/{width}"))


def bundles(size):
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        data = tile_path("entries", index, width).read_bytes()
        leaves = []
        while data:
            length = int.from_bytes(data[:2], "big")
            need(len(data) >= 2 + length, "a bundle ends with an entry")
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :]
        need(len(leaves) == width, "a bundle has as many entries as its name says")
        yield index, width, leaves


size, root, signed = opened(pack / "checkpoint")
need(signed, "the key signed the checkpoint")
need(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id, "the key's id")

tree = InmemoryTree(algorithm="sha256")
entries = []
for index, width, leaves in bundles(size):
    stored = tile_path("0", index, width).read_bytes()
    for place, leaf in enumerate(leaves):
        need(rfc8785.dumps(json.loads(leaf)) == leaf, f"entry {tree.get_size()} is canonical")
        tree.append_entry(leaf)
        entries.append(leaf)
        need(
            stored[32 * place : 32 * place + 32] == hashlib.sha256(b"\0" + leaf).digest(),
            f"the hash of entry {tree.get_size() - 1} stands in the tile",
        )
    need(len(stored) == 32 * width, "a tile is as wide as its name says")
need(tree.get_root() == root, "pymerkle's root is the checkpoint's")

for level in range(1, 8):
    count = size >> (8 * level)
    for index in range((count + 255) // 256):
        width = min(256, count - 256 * index)
        stored = tile_path(str(level), index, width).read_bytes()
        need(len(stored) == 32 * width, "a tile is as wide as its name says")
        for place in range(width):
            first = (256 * index + place) * 256**level
            part = InmemoryTree(algorithm="sha256")
            for leaf in entries[first : first + 256**level]:
                part.append_entry(leaf)
            need(part.get_root() == stored[32 * place :][:32], f"tile {level}/{index}")

for number in sorted({0, size // 3, size - 1}):
    verify_inclusion(tree.get_leaf(number + 1), root, tree.prove_inclusion(number + 1))

kept = 0
if (pack / "checkpoints").is_dir():
    for path in (pack / "checkpoints").iterdir():
        old_size, old_root, _ = opened(path)
        need(str(old_size) == path.name, "a kept checkpoint has the size of its name")
        need(tree.get_root(old_size) == old_root, f"pymerkle's root at {old_size}")
        verify_consistency(old_root, root, tree.prove_consistency(old_size, size))
        kept += 1

manifest = (pack / "manifest.json").read_bytes()
need(rfc8785.dumps(json.loads(manifest)) == manifest, "the manifest is canonical")
schemas = (pack / "schemas.json").read_bytes()
need(rfc8785.dumps(json.loads(schemas)) == schemas, "the schemas are canonical")
for schema in json.loads(schemas)["schemas"]:
    digest = hashlib.sha256(rfc8785.dumps(schema["form"])).hexdigest()
    need(digest == schema["sha256"], f"digest of the schema {schema['form']['type']}")
listed = json.loads(manifest)["files"]
for file in listed:
    data = (pack / file["path"]).read_bytes()
    need(len(data) == file["bytes"], f"length of {file['path']}")
    need(hashlib.sha256(data).hexdigest() == file["sha256"], f"digest of {file['path']}")
found = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
need(found == {file["path"] for file in listed} | {"manifest.json"}, "no other files")
print(f"{size} entries, {kept} earlier checkpoints, {len(listed)} files: all hold")
