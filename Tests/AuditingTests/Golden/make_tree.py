#!/usr/bin/env python3
"""Writes tree.json: roots and proofs of RFC 6962 trees by their recursive definition.

Leaf i is the decimal text of i. The rolling hash runs over every size up to 130: root, then every
inclusion path, then every consistency proof, each hash as 32 bytes.
"""
import hashlib
import json
import pathlib

SIZES = 130


def sha(data):
    return hashlib.sha256(data).digest()


LEAVES = [str(i).encode() for i in range(SIZES)]
cache = {}


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(a, b):
    if (a, b) not in cache:
        n = b - a
        if n == 0:
            cache[a, b] = sha(b"")
        elif n == 1:
            cache[a, b] = sha(b"\0" + LEAVES[a])
        else:
            k = split(n)
            cache[a, b] = sha(b"\1" + mth(a, a + k) + mth(a + k, b))
    return cache[a, b]


def path(m, a, b):
    if b - a == 1:
        return []
    k = split(b - a)
    if m < k:
        return path(m, a, a + k) + [mth(a + k, b)]
    return path(m - k, a + k, b) + [mth(a, a + k)]


def proof(m, a, b, whole):
    if m == b - a:
        return [] if whole else [mth(a, b)]
    k = split(b - a)
    if m <= k:
        return proof(m, a, a + k, whole) + [mth(a + k, b)]
    return proof(m - k, a + k, b, False) + [mth(a, a + k)]


roots, inclusion, consistency = [], hashlib.sha256(), hashlib.sha256()
for n in range(SIZES + 1):
    roots.append(mth(0, n).hex())
    for i in range(n):
        for h in path(i, 0, n):
            inclusion.update(h)
    for m in range(1, n + 1):
        for h in proof(m, 0, n, True):
            consistency.update(h)

pathlib.Path(__file__).with_name("tree.json").write_text(
    json.dumps(
        {
            "roots": roots,
            "inclusion_sha256": inclusion.hexdigest(),
            "consistency_sha256": consistency.hexdigest(),
        },
        indent=0,
    )
    + "\n"
)
