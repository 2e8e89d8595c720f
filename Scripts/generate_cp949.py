#!/usr/bin/env python3
"""Writes the CP949 table of MedaiText and the digests that its tests compare with.

Only the 94 x 94 plane of KS X 1001 is stored. The 8,822 further syllables of CP949 (Unified
Hangul Code) need no table: they are the Hangul syllables that KS X 1001 lacks, in Unicode order,
over the codes below it. This script proves that against Python's own codec before it writes.

    python3 Scripts/generate_cp949.py
"""

import base64
import hashlib
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def decode(lead: int, trail: int) -> str | None:
    try:
        return bytes([lead, trail]).decode("cp949")
    except UnicodeDecodeError:
        return None


def extension_codes() -> list[tuple[int, int]]:
    """The codes outside the KS X 1001 plane, in order."""
    trails = [*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x81, 0xFF)]
    codes = []
    for lead in range(0x81, 0xC7):
        for trail in trails:
            if lead >= 0xA1 and trail >= 0xA1:
                continue
            if lead == 0xC6 and trail > 0x52:
                continue
            codes.append((lead, trail))
    return codes


def main() -> None:
    plane = bytearray()
    standard = set()
    for lead in range(0xA1, 0xFF):
        for trail in range(0xA1, 0xFF):
            text = decode(lead, trail)
            value = ord(text) if text else 0
            plane += value.to_bytes(2, "big")
            if text:
                standard.add(value)
    missing = [value for value in range(0xAC00, 0xD7A4) if value not in standard]
    codes = extension_codes()
    assert len(codes) == len(missing) == 8822, (len(codes), len(missing))
    for (lead, trail), value in zip(codes, missing, strict=True):
        assert decode(lead, trail) == chr(value), (lead, trail)
    known = set(codes)
    everything = hashlib.sha256()
    count = 0
    for lead in range(0x80, 0x100):
        for trail in range(0x100):
            text = decode(lead, trail)
            if text is None or len(text) != 1:
                continue
            assert (lead, trail) in known or (lead >= 0xA1 and trail >= 0xA1), (lead, trail)
            everything.update(bytes([lead, trail]) + text.encode("utf-8") + b"\n")
            count += 1

    text = base64.b64encode(bytes(plane)).decode("ascii")
    width = 94
    lines = [text[start : start + width] for start in range(0, len(text), width)]
    body = "\\\n".join("  " + line for line in lines)
    table = f'''// Written by Scripts/generate_cp949.py; not edited by hand.

/// The 94 x 94 plane of KS X 1001, row by row: UTF-16 big endian in base64, 0 where no character is.
let ksx1001Plane = """
{body}
  """
'''
    (ROOT / "Sources/MedaiText/CP949Table.swift").write_text(table, encoding="utf-8")
    golden = ROOT / "Tests/MedaiTextTests/Golden/cp949.txt"
    golden.write_text(f"{count} {everything.hexdigest()}\n", encoding="utf-8")
    print(count, everything.hexdigest(), len(lines))


if __name__ == "__main__":
    main()
