"""Makes the tiny models of Tests/InferenceTests/Golden and what is expected of them.

Foreign makers: `tokenizers` (Hugging Face) trains and applies the vocabularies, `gguf` (llama.cpp)
quantises and writes the files, NumPy computes the expected Float32 logits from the dequantised
weights (reference.py). Run it again only to change the fixtures:

    pip install numpy gguf tokenizers
    python Scripts/engine/make_fixtures.py Tests/InferenceTests/Golden [DEMO.gguf]

With the demo model's file, its token vectors are written too.
"""

import json
import pathlib
import sys

import gguf
import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from reference import Reference
from texts import TEXTS

WIDTH, LAYERS, HEADS, KEY_HEADS, HIDDEN, CONTEXT, VOCABULARY = 64, 2, 4, 2, 96, 512, 397
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PROMPT = [1] + [(7 * i * i + 3 * i) % VOCABULARY for i in range(1, 150)]
POSITIONS = [0, 5, 63, 64, 149]


def cutter(pre):
    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if pre == "smollm":
        return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level])
    return level


def train(pre):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = cutter(pre)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=CONTROLS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    words = [word for word, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    assert len(words) == VOCABULARY
    return words, [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]


def plain(words, merges, pre):
    """The same vocabulary without control tokens in the text."""
    pairs = [tuple(merge.split(" ")) for merge in merges]
    tokenizer = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, pairs))
    tokenizer.pre_tokenizer = cutter(pre)
    return tokenizer


def write(path, kind, pre, tied, words, merges):
    random = np.random.default_rng(20261124)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(f"tiny {kind}")
    writer.add_license("CC0-1.0")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(words)
    writer.add_token_types([3 if i < len(CONTROLS) else 1 for i in range(len(words))])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(not tied)
    if kind == "Q8_0":
        writer.add_chat_template("{{ messages }}")
    type_ = getattr(gguf.GGMLQuantizationType, kind)

    def add(name, rows, columns, scale):
        values = (random.standard_normal((rows, columns)) * scale).astype(np.float32)
        writer.add_tensor(name, gguf.quants.quantize(values, type_), raw_dtype=type_)

    def norm(name):
        writer.add_tensor(name, (1 + 0.2 * random.standard_normal(WIDTH)).astype(np.float32))

    head = WIDTH // HEADS
    add("token_embd.weight", VOCABULARY, WIDTH, 0.7)
    norm("output_norm.weight")
    if not tied:
        add("output.weight", VOCABULARY, WIDTH, 0.3)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        norm(prefix + "attn_norm.weight")
        add(prefix + "attn_q.weight", WIDTH, WIDTH, 0.3)
        add(prefix + "attn_k.weight", KEY_HEADS * head, WIDTH, 0.3)
        add(prefix + "attn_v.weight", KEY_HEADS * head, WIDTH, 0.2)
        add(prefix + "attn_output.weight", WIDTH, WIDTH, 0.2)
        norm(prefix + "ffn_norm.weight")
        add(prefix + "ffn_gate.weight", HIDDEN, WIDTH, 0.2)
        add(prefix + "ffn_up.weight", HIDDEN, WIDTH, 0.2)
        add(prefix + "ffn_down.weight", WIDTH, HIDDEN, 0.2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def token_vectors(path, words, merges, pre):
    tokenizer = plain(words, merges, pre)
    vectors = [{"text": text, "tokens": tokenizer.encode(text).ids} for text in TEXTS]
    path.write_text(json.dumps(vectors, ensure_ascii=True, indent=0) + "\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    vocabularies = {pre: train(pre) for pre in ("smollm", "gpt-2")}
    for pre, (words, merges) in vocabularies.items():
        token_vectors(folder / f"tokens-{pre}.json", words, merges, pre)
    for kind in ("F32", "F16", "Q8_0", "Q4_0", "Q4_1"):
        pre = "gpt-2" if kind == "F16" else "smollm"
        path = folder / f"tiny-{kind}.gguf"
        write(path, kind, pre, kind != "F16", *vocabularies[pre])
        logits = Reference(path).logits(PROMPT)
        logits[POSITIONS].astype("<f4").tofile(folder / f"tiny-{kind}.logits")
    if len(sys.argv) > 2:
        fields = {k: f.contents() for k, f in gguf.GGUFReader(sys.argv[2]).fields.items()}
        token_vectors(
            folder / "tokens-demo.json",
            fields["tokenizer.ggml.tokens"],
            fields["tokenizer.ggml.merges"],
            "smollm",
        )
        ids = [1, 9690, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018,
               411, 407, 19712, 8182, 2, 198, 1, 4093, 198, 1780, 314, 260, 3575, 282, 4649, 47, 2,
               198, 1, 520, 9531, 198]
        Reference(sys.argv[2]).logits(ids)[-1].astype("<f4").tofile(folder / "demo.logits")


main()
