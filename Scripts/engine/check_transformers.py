"""Peer check: the engine's logits and greedy text against transformers in Float32.

    pip install torch transformers accelerate gguf
    python Scripts/engine/check_transformers.py MEDAI MODEL.gguf

MEDAI is the built command. Prints the largest difference of a logit and of a probability for each
prompt, and exits with 1 where the greedy choice differs or a logit is off by more than 0.02.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from transformers import AutoModelForCausalLM

from texts import TEXTS


def engine(medai, model, ids):
    with tempfile.TemporaryDirectory() as folder:
        raw = pathlib.Path(folder) / "logits"
        command = [medai, "model", "logits", model, "--ids", ",".join(map(str, ids))]
        answer = subprocess.run(
            command + ["--raw", str(raw)], check=True, capture_output=True, text=True
        )
        assert json.loads(answer.stdout)["tokens"] == len(ids)
        return np.fromfile(raw, "<f4")


def main():
    medai, path = sys.argv[1], pathlib.Path(sys.argv[2])
    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32
    )
    vectors = json.loads(
        (pathlib.Path(__file__).parents[2] / "Tests/InferenceTests/Golden/tokens-demo.json").read_text()
    )
    assert len(vectors) == len(TEXTS)
    failed = 0
    for number, vector in enumerate(vectors):
        ids = vector["tokens"]
        if not ids:
            continue
        with torch.no_grad():
            theirs = model(torch.tensor([ids])).logits[0, -1].double()
        ours = torch.from_numpy(engine(medai, str(path), ids)).double()
        logit = (ours - theirs).abs().max().item()
        chance = (ours.softmax(0) - theirs.softmax(0)).abs().max().item()
        same = ours.argmax().item() == theirs.argmax().item()
        print(f"text {number:2}: {len(ids):4} tokens, logit {logit:.5f}, probability {chance:.6f}, "
              f"same choice: {same}")
        failed += not same or logit > 0.02
    print(failed, "of", len(vectors), "texts differ")
    sys.exit(1 if failed else 0)


main()
