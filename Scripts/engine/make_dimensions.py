"""A folder with EXAONE 4.0 1.2B's published dimensions and random weights, and its Float32 logits.

For a check by hand (2.6 GB on disk, about 8 GB of memory):

    python make_dimensions.py DIR
    MEDAI_DIMENSIONS=DIR swift test -c release --filter publishedDimensions
"""

import json
import pathlib
import shutil
import sys

import torch
import transformers
from safetensors.torch import save_file

PROMPT = [(7 * i * i + 3 * i) % 102_400 for i in range(1, 97)]


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    config = transformers.Exaone4Config(
        vocab_size=102_400, hidden_size=2048, num_hidden_layers=30, num_attention_heads=32,
        num_key_value_heads=8, head_dim=64, intermediate_size=4096, max_position_embeddings=65_536,
        sliding_window=None, layer_types=["full_attention"] * 30, tie_word_embeddings=True,
        rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=361, rope_parameters=dict(
            rope_type="llama3", rope_theta=1e6, factor=16.0, low_freq_factor=1.0,
            high_freq_factor=4.0, original_max_position_embeddings=8192))
    torch.manual_seed(20261124)
    model = transformers.Exaone4ForCausalLM(config).eval()
    model = model.to(torch.bfloat16)
    parameters = sum(value.numel() for value in model.parameters())
    tensors = {key: value for key, value in model.state_dict().items() if key != "lm_head.weight"}
    save_file({key: value.contiguous() for key, value in tensors.items()},
              out / "model.safetensors", metadata={"format": "pt"})
    (out / "config.json").write_text(config.to_json_string(use_diff=False))
    golden = pathlib.Path(__file__).parents[2] / "Tests/InferenceTests/Golden/families"
    shutil.copy(golden / "tokenizer.json", out / "tokenizer.json")
    model = model.float()
    with torch.no_grad():
        logits = model(torch.tensor([PROMPT])).logits[0, -1]
    logits.numpy().astype("<f4").tofile(out / "expected.logits")
    print(json.dumps({"parameters": parameters, "largest": float(logits.abs().max())}))


main()
