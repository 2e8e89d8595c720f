"""Makes the tiny models of every family from Tests/InferenceTests/Golden/families.

The models are transformers' own classes with random weights; the expected logits are their own
Float32 forward pass. Weights are rounded to BF16 (F16, F32 where a case says so) before that, so a
file holds exactly what the reference multiplied. EXAONE 3's class is not part of transformers: its
case is a Llama of the same mathematics under EXAONE's names.

    pip install torch --index-url https://download.pytorch.org/whl/cpu; pip install transformers gguf
    python make_families.py OUT
"""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from texts import TEXTS

VOCABULARY = 270
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PROMPT = [1] + [(7 * i * i + 3 * i) % VOCABULARY for i in range(1, 150)]
POSITIONS = [0, 5, 63, 64, 149]
SHARED = dict(
    vocab_size=VOCABULARY, max_position_embeddings=512, bos_token_id=1, eos_token_id=2,
    pad_token_id=None, attention_dropout=0.0,
)
LLAMA3 = dict(
    rope_type="llama3", rope_theta=1e4, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=64,
)
YARN = dict(rope_type="yarn", rope_theta=1e6, factor=4.0, original_max_position_embeddings=64)
LINEAR = dict(rope_type="linear", rope_theta=1e4, factor=2.5)
NEOX = dict(rope_type="default", rope_theta=1e4, partial_rotary_factor=0.25)

# Name, family, transformers' class, dtype of the weights, settings.
CASES = [
    ("llama", "llama", "Llama", "bfloat16", dict(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        intermediate_size=40, rope_parameters=LLAMA3)),
    ("llama-bias", "llama", "Llama", "float32", dict(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2,
        intermediate_size=24, attention_bias=True, mlp_bias=True, tie_word_embeddings=True)),
    ("qwen2", "qwen2", "Qwen2", "float16", dict(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=6, intermediate_size=40, rms_norm_eps=1e-6, tie_word_embeddings=True)),
    ("qwen3", "qwen3", "Qwen3", "bfloat16", dict(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        head_dim=16, intermediate_size=40, rope_parameters=YARN, tie_word_embeddings=True)),
    ("exaone", "exaone", "Llama", "bfloat16", dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=40, rope_parameters=LLAMA3, tie_word_embeddings=True)),
    ("exaone4", "exaone4", "Exaone4", "bfloat16", dict(
        hidden_size=24, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, intermediate_size=32, sliding_window=70, sliding_window_pattern=4,
        tie_word_embeddings=True, rope_parameters=dict(rope_type="default", rope_theta=1e6))),
    ("exaone4-global", "exaone4", "Exaone4", "bfloat16", dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        head_dim=8, intermediate_size=24, sliding_window=None, tie_word_embeddings=True,
        layer_types=["full_attention"] * 2, rope_parameters=LLAMA3)),
    ("hyperclovax", "hyperclovax", "HyperCLOVAX", "bfloat16", dict(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=3,
        intermediate_size=40, rope_parameters=dict(rope_type="default", rope_theta=1e8),
        embedding_multiplier=7.5, attention_multiplier=0.21, residual_multiplier=0.6,
        logits_scaling=0.37, use_post_norm=True, tie_word_embeddings=True)),
    ("hyperclovax-pre", "hyperclovax", "HyperCLOVAX", "bfloat16", dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=24, rope_parameters=LINEAR, logits_scaling=3.0, use_post_norm=False,
        tie_word_embeddings=True)),
    ("gptneox", "gptneox", "GPTNeoX", "bfloat16", dict(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=40,
        rope_parameters=NEOX, use_parallel_residual=True)),
    ("gptneox-sequential", "gptneox", "GPTNeoX", "bfloat16", dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
        rope_parameters=NEOX | dict(partial_rotary_factor=0.5), use_parallel_residual=False)),
]


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=CONTROLS, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    return tokenizer


def make(class_name, dtype, settings):
    config = getattr(transformers, class_name + "Config")(**SHARED | settings)
    config._attn_implementation = "eager"
    model = getattr(transformers, class_name + "ForCausalLM")(config).float().eval()
    random = torch.Generator().manual_seed(20261124)
    with torch.no_grad():
        for name, value in sorted(model.named_parameters()):
            noise = torch.randn(value.shape, generator=random)
            is_norm = value.dim() == 1 and name.endswith("weight")
            value.copy_((1 + 0.2 * noise if is_norm else 0.35 * noise).to(getattr(torch, dtype)))
        logits = model(torch.tensor([PROMPT])).logits[0]
    return model, config, logits[POSITIONS].numpy().astype("<f4")


EXAONE = {
    "model.embed_tokens": "transformer.wte", "model.norm": "transformer.ln_f",
    "model.layers": "transformer.h", "input_layernorm": "ln_1",
    "post_attention_layernorm": "ln_2", "self_attn.o_proj": "attn.attention.out_proj",
    "self_attn": "attn.attention", "mlp.gate_proj": "mlp.c_fc_0", "mlp.up_proj": "mlp.c_fc_1",
    "mlp.down_proj": "mlp.c_proj",
}


def folder_config(name, family, config):
    """config.json, here and there in the older words that published files use."""
    entries = json.loads(config.to_json_string(use_diff=False))
    kept = {key: entries[key] for key in (
        "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "head_dim", "intermediate_size", "hidden_act", "vocab_size",
        "max_position_embeddings", "rms_norm_eps", "layer_norm_eps", "tie_word_embeddings",
        "rope_parameters", "attention_bias", "mlp_bias", "bos_token_id", "eos_token_id",
        "sliding_window", "sliding_window_pattern", "layer_types", "use_sliding_window",
        "embedding_multiplier", "attention_multiplier", "residual_multiplier", "logits_scaling",
        "use_post_norm", "use_parallel_residual",
    ) if key in entries}
    if name == "qwen3":
        kept["eos_token_id"] = [2, 0]
    if family in ("llama", "exaone"):
        rope = kept.pop("rope_parameters")
        kept["rope_theta"] = rope.pop("rope_theta")
        if rope["rope_type"] != "default":
            kept["rope_scaling"] = rope
    if name == "exaone4":
        del kept["layer_types"]
        kept["sliding_window_pattern"] = "LLLG"
    if name == "gptneox":
        rope = kept.pop("rope_parameters")
        kept |= {"rotary_emb_base": rope["rope_theta"], "rotary_pct": 0.25}
    if family == "exaone":
        kept |= {"model_type": "exaone", "num_layers": kept.pop("num_hidden_layers"),
                 "activation_function": kept.pop("hidden_act"),
                 "layer_norm_epsilon": kept.pop("rms_norm_eps")}
        for key in ("attention_bias", "mlp_bias"):
            del kept[key]
    return kept


def write_folder(out, name, family, model, config, dtype):
    tensors = {key: value.to(getattr(torch, dtype)).contiguous()
               for key, value in model.state_dict().items()
               if not (key == "lm_head.weight" and config.tie_word_embeddings)}
    if family == "gptneox":  # as save_pretrained names it
        tensors = {key.replace("lm_head", "embed_out"): value for key, value in tensors.items()}
    if family == "exaone":
        for old, new in EXAONE.items():
            tensors = {key.replace(old, new): value for key, value in tensors.items()}
    (out / f"{name}.json").write_text(json.dumps(folder_config(name, family, config)) + "\n")
    save_file(tensors, out / f"{name}.safetensors", metadata={"format": "pt"})
    if name == "exaone4-global":  # once more as the two parts of a sharded folder
        keys = sorted(tensors)
        for number, part in enumerate((keys[::2], keys[1::2])):
            path = out / f"part-{number + 1}.safetensors"
            save_file({key: tensors[key] for key in part}, path, metadata={"format": "pt"})


NAMES = {
    "model.embed_tokens": "token_embd", "gpt_neox.embed_in": "token_embd",
    "model.norm": "output_norm", "gpt_neox.final_layer_norm": "output_norm",
    "lm_head": "output", "embed_out": "output",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_norm1":
    "post_attention_norm", "post_norm2": "post_ffw_norm", "post_feedforward_layernorm":
    "post_ffw_norm", "post_attention_layernorm": "ffn_norm",
    "attention.query_key_value": "attn_qkv", "attention.dense": "attn_output",
    "mlp.dense_h_to_4h": "ffn_up", "mlp.dense_4h_to_h": "ffn_down",
}


def gguf_name(family, name):
    stem, kind = name.rsplit(".", 1)
    parts = stem.split(".")
    if "layers" in parts:
        number = parts[parts.index("layers") + 1]
        stem = stem.split(f"layers.{number}.")[1]
        if family == "exaone4" and stem == "post_attention_layernorm":
            return f"blk.{number}.post_attention_norm.{kind}"
        return f"blk.{number}.{NAMES[stem]}.{kind}"
    return f"{NAMES[stem]}.{kind}"


def neighbours(value, heads):
    """Rows of each head reordered so that (2i, 2i + 1) turn together."""
    rest = value.shape[1:]
    return value.reshape(heads, 2, -1, *rest).swapaxes(1, 2).reshape(value.shape)


def write_gguf(out, name, family, model, config, dtype, tokenizer, tensors_a_file=0):
    stem = f"{name}-split" if tensors_a_file else name
    writer = gguf.GGUFWriter(
        out / f"{stem}.gguf", family, split_max_tensors=tensors_a_file)
    heads = config.num_attention_heads
    key_heads = getattr(config, "num_key_value_heads", heads)
    head = getattr(config, "head_dim", None) or config.hidden_size // heads
    writer.add_name(f"tiny {name}")
    writer.add_license("CC0-1.0")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    rope = config.rope_parameters
    rotary = int(head * rope.get("partial_rotary_factor", 1.0))
    writer.add_rope_dimension_count(rotary)
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] in ("yarn", "linear"):
        writer.add_string(f"{family}.rope.scaling.type", rope["rope_type"])
        writer.add_rope_scaling_factor(rope["factor"])
        if rope["rope_type"] == "yarn":
            writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if rope["rope_type"] == "llama3":
        plain = 1.0 / rope["rope_theta"] ** (np.arange(0, rotary, 2) / rotary)
        scaled = transformers.modeling_rope_utils.ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")[0]
        writer.add_tensor("rope_freqs.weight", (plain / scaled.numpy()).astype(np.float32))
    if family == "gptneox":
        writer.add_layer_norm_eps(config.layer_norm_eps)
        writer.add_parallel_residual(config.use_parallel_residual)
    else:
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if family == "hyperclovax":
        writer.add_float32("hyperclovax.embedding_scale", config.embedding_multiplier)
        writer.add_float32("hyperclovax.residual_scale", config.residual_multiplier)
        writer.add_float32("hyperclovax.attention.scale", config.attention_multiplier)
        writer.add_float32("hyperclovax.logit_scale", config.logits_scaling)
    if family == "exaone4" and config.sliding_window:
        writer.add_sliding_window(config.sliding_window)
        writer.add_sliding_window_pattern([t == "sliding_attention" for t in config.layer_types])
    state = json.loads(tokenizer.to_str())["model"]
    words = [word for word, _ in sorted(state["vocab"].items(), key=lambda item: item[1])]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words)
    writer.add_token_types([3 if i < len(CONTROLS) else 1 for i in range(len(words))])
    writer.add_token_merges([" ".join(pair) for pair in state["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    kind = {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}[dtype]
    kind = getattr(gguf.GGMLQuantizationType, kind)
    for key, value in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        value = value.float().numpy()
        if family in ("llama", "hyperclovax") and ".q_proj" in key:
            value = neighbours(value, heads)
        if family in ("llama", "hyperclovax") and ".k_proj" in key:
            value = neighbours(value, key_heads)
        if "query_key_value" in key:
            rest = value.shape[1:]
            value = value.reshape(heads, 3, -1, *rest).swapaxes(0, 1).reshape(value.shape)
        target = gguf_name(family, key)
        value = np.ascontiguousarray(value)
        if value.ndim == 1:
            writer.add_tensor(target, value)
        else:
            writer.add_tensor(target, gguf.quants.quantize(value, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = train()
    (out / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=True) + "\n")
    for name, family, class_name, dtype, settings in CASES:
        model, config, logits = make(class_name, dtype, settings)
        logits.tofile(out / f"{name}.logits")
        write_folder(out, name, family, model, config, dtype)
        if name == family:  # the variants as folders only
            write_gguf(out, name, family, model, config, dtype, tokenizer)
        if name == "exaone":
            write_gguf(out, name, family, model, config, dtype, tokenizer, 8)
        print(name, float(np.abs(logits).max()))


main()
