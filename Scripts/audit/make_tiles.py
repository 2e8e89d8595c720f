#!/usr/bin/env python3
"""Writes Tests/AuditingTests/Golden/tiles.json: for trees over the leaves "leaf 0", "leaf 1", … the
root by pymerkle and the SHA-256 of every tile, each hash by the definition in C2SP tlog-tiles.

Usage: Scripts/audit/make_tiles.py      (needs pymerkle)
"""
import hashlib
import json
import pathlib

from pymerkle import InmemoryTree

SIZES = [1, 2, 255, 256, 257, 512, 700, 1025, 65537]


def sha(data):
    return hashlib.sha256(data).digest()


def tree_hash(leaves):
    """MTH of RFC 6962 section 2.1 over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() >> 1
    return sha(b"\1" + tree_hash(leaves[:half]) + tree_hash(leaves[half:]))


def path(level, number, width):
    groups = "%03d" % (number % 1000)
    if number >= 1000:
        groups = "x%03d/" % (number // 1000) + groups
    return f"tile/{level}/{groups}" + ("" if width == 256 else f".p/{width}")


tree = InmemoryTree(algorithm="sha256")
hashes, cases = [], []
for number in range(max(SIZES)):
    leaf = b"leaf %d" % number
    tree.append_entry(leaf)
    hashes.append(sha(b"\0" + leaf))
for size in SIZES:
    tiles = {}
    for level in range(3):
        span = 256**level
        whole = [tree_hash(hashes[n * span : (n + 1) * span]) for n in range(size // span)]
        for start in range(0, len(whole), 256):
            part = whole[start : start + 256]
            tiles[path(level, start // 256, len(part))] = sha(b"".join(part)).hex()
    together = sha("".join(f"{name} {tiles[name]}\n" for name in tiles).encode()).hex()
    few = tiles if len(tiles) < 10 else {name: tiles[name] for name in list(tiles)[-4:]}
    cases.append(
        {"size": size, "root": tree.get_root(size).hex(), "count": len(tiles),
         "all": together, "tiles": few})
target = pathlib.Path(__file__).parents[2] / "Tests/AuditingTests/Golden/tiles.json"
target.write_text(json.dumps({"cases": cases}, indent=1) + "\n")
