#!/usr/bin/env python3
"""Cuts NIST's CAVP response files down to what the vault uses, one case a line.

usage: cut_vectors.py FOLDER
FOLDER holds gcmEncryptExtIV256.rsp, gcmDecrypt256.rsp (CAVP gcmtestvectors) and KW_AE_256.txt,
KW_AD_256.txt (CAVP kwtestvectors). Kept: nonces of 96 bits with tags of 128; every length of key
wrapping, five cases each. `-` stands for nothing, FAIL for a case that must be refused.
"""
import sys
from pathlib import Path


def cases(path):
    head, case = {}, {}
    for line in path.read_text().splitlines() + [""]:
        line = line.strip()
        if line.startswith("["):
            key, value = line.strip("[]").split("=")
            head[key.strip()] = value.strip()
        elif "=" in line and not line.startswith("#"):
            key, value = line.split("=")
            if key.strip().upper() == "COUNT" and case:
                yield head, case
                case = {}
            case[key.strip()] = value.strip()
        elif line == "FAIL":
            case["FAIL"] = "FAIL"
        elif not line and case:
            yield head, case
            case = {}


def word(case, name):
    return case.get(name) or "-"


def main():
    folder, here = Path(sys.argv[1]), Path(__file__).parent
    gcm, wrap = [], []
    for name in ["gcmEncryptExtIV256.rsp", "gcmDecrypt256.rsp"]:
        kept = {}
        for head, case in cases(folder / name):
            if head["IVlen"] != "96" or head["Taglen"] != "128":
                continue
            lengths = (head["PTlen"], head["AADlen"])
            kept[lengths] = kept.get(lengths, 0) + 1
            if kept[lengths] > 8:
                continue
            plain = "FAIL" if "FAIL" in case else word(case, "PT")
            gcm.append(" ".join(
                [word(case, n) for n in ["Key", "IV", "AAD", "CT", "Tag"]] + [plain]))
    for name in ["KW_AE_256.txt", "KW_AD_256.txt"]:
        for head, case in cases(folder / name):
            if int(case["COUNT"]) < 10 and int(head["PLAINTEXT LENGTH"]) <= 320:
                plain = "FAIL" if "FAIL" in case else case["P"]
                wrap.append(" ".join([case["K"], case.get("C", "-"), plain]))
    (here / "aes-256-gcm.txt").write_text("\n".join(gcm) + "\n")
    (here / "aes-256-kw.txt").write_text("\n".join(wrap) + "\n")


main()
