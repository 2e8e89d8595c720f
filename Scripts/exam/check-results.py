#!/usr/bin/env python3
"""Finds every value of the golden results file again, without our program.

    python3 Scripts/exam/check-results.py

Builds the KorMedMCQA prompts, the option orders and the fake model of Tests/ExaminationTests
anew and compares all 48 lines of Golden/results.ndjson with them, key by key.
"""
import hashlib
import itertools
import json
import struct


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def body(item, order):
    options = "".join(f"{'ABCDE'[i]}. {item['options'][o]}\n" for i, o in enumerate(order))
    return f"{item['question'].strip()}\n{options}정답："


def scores(prompt, count):
    logits = []
    for letter in "ABCDE"[:count]:
        digest = hashlib.sha256(f"{prompt} {letter}".encode()).digest()
        # 24 bits over 2^16: exact in Float32.
        logits.append(int.from_bytes(digest[:3], "big") / 65536 - 128)
    return logits


def answer(prompt, order):
    shown = scores(prompt, len(order))
    best = order[max(range(len(shown)), key=lambda i: (shown[i], -i))]
    in_file = [0.0] * len(order)
    for place, option in enumerate(order):
        in_file[option] = shown[place]
    return "ABCDE"[best], in_file


own, turned = [0, 1, 2, 3, 4], [1, 2, 3, 4, 0]
shots = "".join(
    body(shot, own) + f" {shot['answer']}\n\n" for shot in read("Samples/exam/dev.ndjson")[:2])
golden = "Tests/ExaminationTests/Golden/results.ndjson"
items = read("Samples/exam/items.ndjson")
checked = 0
for item, line in itertools.zip_longest(items, read(golden)):
    prompt = shots + body(item, own)
    prediction, logits = answer(prompt, own)
    other, other_logits = answer(shots + body(item, turned), turned)
    packed = struct.pack("<5f", *logits)
    assert list(struct.unpack("<5f", packed)) == logits, "the fake scores fit Float32"
    expected = {
        "id": item["id"], "subject": item["subject"], "prediction": prediction,
        "answer": item["answer"], "correct": prediction == item["answer"],
        "option_logits": line["option_logits"],
        "option_logits_sha256": hashlib.sha256(packed).hexdigest(),
        "prompt_sha256": hashlib.sha256(prompt.encode()).hexdigest(),
        "prompt_tokens": len(prompt.encode()), "model_sha256": "ab" * 32, "numerics": 0,
        "exam": item["exam"], "year": item["year"],
        "option_logprobs": [logit - 100 for logit in logits],
        "permutations": [{
            "order": "BCDEA", "prediction": other,
            "option_logits": line["permutations"][0]["option_logits"],
        }],
    }
    assert list(line) == list(expected), (item["id"], list(line))
    assert line == expected, item["id"]
    # Decimal digits are the shortest that read back as the same Float32.
    pairs = zip(line["option_logits"] + line["permutations"][0]["option_logits"],
                logits + other_logits)
    for written, exact in pairs:
        assert struct.pack("<f", written) == struct.pack("<f", exact), item["id"]
    checked += 1
print(checked, "lines hold")
