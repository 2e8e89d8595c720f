"""Tiny tokenizers of every kind and what the reference makes of many lines.

tokenizer.json files for `tokenizers`, SentencePiece models for GGUF files without weights worth
the name. Golden samples are small; `--many N` prints N mixed lines as JSON for test-peers.

    pip install tokenizers sentencepiece gguf numpy
    python make_tokenizers.py OUT
"""

import io
import json
import pathlib
import random
import sys

import gguf
import numpy as np
import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import trainers

from texts import TEXTS

CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MODERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
WORDS = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
         r"""| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""")
SIGNS = "[一-龥\u3040-ゟ゠-ヿ]+"
# Two ways of nearly one score: `sentencepiece` adds them in Float32, `tokenizers` in Float64.
TIES = ["\u3000_😀mg?!_'''  혈압", "?!\u017f'SThe_'''doseก็\t"]
PATTERNS = {
    "qwen2": [MODERN % r"\p{N}"],
    "llama3": [MODERN % r"\p{N}{1,3}"],
    "deepseek": [r"\p{N}{1,3}", SIGNS, WORDS],
    "deepseek-digits": [r"\p{N}", SIGNS, WORDS],
}
PIECES = [
    "환자", "혈압", " patient", "The", "dose", "mg", " 12", "7", "1234567", "½", "٣", "²", " ", "  ",
    "\n", "\r\n", "\t", "\u3000", "\u00a0", "'s", "'S", "'LL", "\u017f", "don't", "'", "''", "—", "…",
    "!", "?!", "😀", "👩‍⚕️", "🇰🇷", "漢字", "かな", "カタ・カナ", "々", "e\u0301", "\u1112\u1161\u11ab",
    "가", "힣", "ㄱ", "A", "b", "_", "{x}", "==", "->", "#", ".", ",", "정답：", "(", ")", "\u200b", "\u0000",
    "\u001f", "\ufeff", "ก็", "हिन्दी", "العربية", "<|im_start|>", "<s>", "</s>", "<0x41>", "▁", "▁▁",
]


def lines(count, seed=20261124):
    choose = random.Random(seed)
    made = list(TEXTS)
    while len(made) < count:
        made.append("".join(choose.choice(PIECES) for _ in range(choose.randint(1, 14))))
    return made[:count]


def byte_level(patterns, nfc=False, begin=False, whole=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=whole))
    if nfc:
        tokenizer.normalizer = normalizers.NFC()
    if patterns is None:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        splits = [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
        level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(splits + [level])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(lines(400), trainers.BpeTrainer(
        vocab_size=400, special_tokens=CONTROLS, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    if begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<|im_start|> $A", special_tokens=[("<|im_start|>", 1)])
    return tokenizer


def sentence_piece(kind):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line.replace("\n", " ") for line in lines(800)), model_writer=model,
        vocab_size=480, model_type=kind, byte_fallback=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, add_dummy_prefix=True, character_coverage=0.98,
        split_digits=True, allow_whitespace_only_pieces=True, hard_vocab_limit=False)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def as_json(processor, kind, scheme):
    """A SentencePiece model as a tokenizer.json, the way transformers' converters write it."""
    count = processor.vocab_size()
    pieces = [processor.id_to_piece(i) for i in range(count)]
    scores = [processor.get_score(i) for i in range(count)]
    if kind == "unigram":
        tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores)), 0, byte_fallback=True))
    else:
        index = {piece: i for i, piece in enumerate(pieces)}
        merges = []
        for piece in pieces:
            if processor.is_byte(index[piece]) or processor.is_control(index[piece]):
                continue
            local = [(piece[:i], piece[i:]) for i in range(1, len(piece))
                     if piece[:i] in index and piece[i:] in index]
            merges += [(-scores[index[piece]], *pair) for pair in local]
        merges.sort(key=lambda merge: merge[0])
        tokenizer = Tokenizer(models.BPE(
            index, [merge[1:] for merge in merges], unk_token="<unk>", fuse_unk=True,
            byte_fallback=True))
    if scheme is None:
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
            replacement="▁", prepend_scheme=scheme, split=False)
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def without_controls(tokenizer):
    """The same tokenizer where the text of a control token is only text."""
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = []
    state["post_processor"] = None
    return Tokenizer.from_str(json.dumps(state))


def write_gguf(path, processor, kind):
    writer = gguf.GGUFWriter(path, "llama")
    for add, number in (
        (writer.add_context_length, 64), (writer.add_embedding_length, 2),
        (writer.add_block_count, 1), (writer.add_feed_forward_length, 1),
        (writer.add_head_count, 1), (writer.add_layer_norm_rms_eps, 1e-5),
    ):
        add(number)
    count = processor.vocab_size()
    kinds = [3 if processor.is_control(i) else 2 if processor.is_unknown(i)
             else 6 if processor.is_byte(i) else 1 for i in range(count)]
    writer.add_tokenizer_model("llama" if kind == "bpe" else "t5")
    writer.add_token_list([processor.id_to_piece(i) for i in range(count)])
    writer.add_token_scores([processor.get_score(i) for i in range(count)])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(processor.bos_id())
    writer.add_eos_token_id(processor.eos_id())
    writer.add_add_bos_token(kind == "bpe")
    writer.add_add_space_prefix(True)
    writer.add_tensor("token_embd.weight", np.zeros((count, 2), np.float16))
    writer.add_tensor("output_norm.weight", np.ones(2, np.float32))
    for name, shape in (("attn_norm", 2), ("attn_q", (2, 2)), ("attn_k", (2, 2)),
                        ("attn_v", (2, 2)), ("attn_output", (2, 2)), ("ffn_norm", 2),
                        ("ffn_gate", (1, 2)), ("ffn_up", (1, 2)), ("ffn_down", (2, 1))):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def save(out, name, encode, texts):
    vectors = [{"text": text, "tokens": encode(text)} for text in texts]
    path = out / f"{name}.vectors.json"
    path.write_text(json.dumps(vectors, ensure_ascii=True, separators=(",", ":")) + "\n")


def main():
    out = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 104
    out.mkdir(parents=True, exist_ok=True)
    # NUL ends a text of SentencePiece's own library; byte-level files keep it.
    texts = lines(count) + TIES
    spm_texts = [text for text in texts if "\0" not in text and "▁" not in text
                 and not any(mark in text for mark in ("<s>", "</s>", "<0x41>"))]
    made = {name: byte_level(patterns) for name, patterns in PATTERNS.items()}
    made["llama3"] = byte_level(PATTERNS["llama3"], begin=True, whole=True)
    made["gpt2-nfc"] = byte_level(None, nfc=True)
    for kind in ("bpe", "unigram"):
        processor = sentence_piece(kind)
        write_gguf(out / f"spm-{kind}.gguf", processor, kind)
        save(out, f"spm-{kind}", lambda text: processor.encode(text), spm_texts)
        made[f"{kind}-prepend"] = as_json(processor, kind, None)
        made[f"{kind}-first"] = as_json(processor, kind, "first")
    for name, tokenizer in made.items():
        state = json.loads(tokenizer.to_str())
        (out / f"{name}.json").write_text(
            json.dumps(state, ensure_ascii=True, separators=(",", ":")) + "\n")
        plain = without_controls(tokenizer)
        # A unigram model of `tokenizers` takes the text of a control token for a piece.
        kept = spm_texts if name.startswith("unigram") else texts
        save(out, name, lambda text: plain.encode(text).ids, kept)


main()
