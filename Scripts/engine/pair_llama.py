"""Runs EngineBenchmark and llama-cpp-python in turns on one model and prints both.

    pip install llama-cpp-python      # builds natively, some minutes
    swift build -c release --product EngineBenchmark
    python Scripts/engine/pair_llama.py MODEL.gguf [threads = 2] [rounds = 3]

Without llama-cpp-python it says so and exits with 77.
"""

import json
import pathlib
import subprocess
import sys
import time

try:
    import llama_cpp
except ImportError:
    print("SKIPPED: llama-cpp-python is not installed; no comparison was made", file=sys.stderr)
    sys.exit(77)

PROMPT, GENERATE = 512, 64


def theirs(model):
    ids = [(7 + 7919 * i) % model.n_vocab() for i in range(PROMPT)]
    model.reset()
    start = time.perf_counter()
    model.eval(ids)
    prompt = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(GENERATE):
        model.eval([7])
    return PROMPT / prompt, GENERATE / (time.perf_counter() - start)


def main():
    path = sys.argv[1]
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    benchmark = pathlib.Path(__file__).parents[2] / ".build/release/EngineBenchmark"
    model = llama_cpp.Llama(
        path, n_ctx=PROMPT + GENERATE, n_batch=512, n_threads=threads, n_threads_batch=threads,
        verbose=False,
    )
    print("round  medai prompt  generate   llama.cpp prompt  generate   tokens/s")
    for number in range(rounds):
        command = [benchmark, path, str(threads), str(PROMPT), str(GENERATE)]
        ours = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        prompt, generate = theirs(model)
        print(f"{number:5}  {ours['prompt_tokens_per_second']:12}  "
              f"{ours['generate_tokens_per_second']:8}   {prompt:16.1f}  {generate:8.1f}")


main()
