"""A Llama forward pass in NumPy Float32 from the dequantised weights of a GGUF file.

Foreign to the engine: the header is read and the weights are dequantised by the `gguf` package of
llama.cpp's authors, the arithmetic is NumPy's, the formulas are those of the Llama paper.

    python reference.py MODEL.gguf 1,2,3        # ids -> last logits as JSON
"""

import json
import sys

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize


class Reference:
    def __init__(self, path):
        reader = GGUFReader(path)
        self.fields = {name: field.contents() for name, field in reader.fields.items()}
        self.tensors = {
            t.name: dequantize(t.data, t.tensor_type)
            .reshape([int(n) for n in reversed(t.shape)])
            .astype(np.float32)
            for t in reader.tensors
        }
        get = lambda key, default=None: self.fields.get("llama." + key, default)
        self.layers = get("block_count")
        self.heads = get("attention.head_count")
        self.key_heads = get("attention.head_count_kv", self.heads)
        self.head = get("attention.key_length", get("embedding_length") // self.heads)
        self.rotary = get("rope.dimension_count", self.head)
        self.base = get("rope.freq_base", 10000.0)
        self.epsilon = np.float32(get("attention.layer_norm_rms_epsilon"))

    def norm(self, x, name):
        mean = np.mean(np.square(x), axis=-1, keepdims=True, dtype=np.float32)
        return x / np.sqrt(mean + self.epsilon) * self.tensors[name]

    def rotate(self, x, count):
        # GGUF keeps llama's queries and keys so that neighbours (2i, 2i+1) turn together.
        frequency = self.base ** (-np.arange(0, self.rotary, 2) / self.rotary)
        if "rope_freqs.weight" in self.tensors:
            frequency = frequency / self.tensors["rope_freqs.weight"]
        angle = np.arange(count)[:, None] * frequency
        cos, sin = (f(angle).astype(np.float32)[:, None, :] for f in (np.cos, np.sin))
        even, odd = x[..., 0 : self.rotary : 2], x[..., 1 : self.rotary : 2]
        y = x.copy()
        y[..., 0 : self.rotary : 2] = even * cos - odd * sin
        y[..., 1 : self.rotary : 2] = even * sin + odd * cos
        return y

    def logits(self, ids):
        """Logits of every position, [tokens, vocabulary]."""
        t, n = self.tensors, len(ids)
        x = t["token_embd.weight"][np.array(ids)]
        mask = np.triu(np.full((n, n), -np.inf, np.float32), 1)
        for layer in range(self.layers):
            weight = lambda name: t[f"blk.{layer}.{name}.weight"]
            h = self.norm(x, f"blk.{layer}.attn_norm.weight")
            q = self.rotate((h @ weight("attn_q").T).reshape(n, self.heads, self.head), n)
            k = self.rotate((h @ weight("attn_k").T).reshape(n, self.key_heads, self.head), n)
            v = (h @ weight("attn_v").T).reshape(n, self.key_heads, self.head)
            k, v = (np.repeat(a, self.heads // self.key_heads, axis=1) for a in (k, v))
            score = np.einsum("ihd,jhd->hij", q, k) / np.float32(np.sqrt(self.head)) + mask
            score = np.exp(score - score.max(-1, keepdims=True))
            score /= score.sum(-1, keepdims=True)
            mixed = np.einsum("hij,jhd->ihd", score, v).reshape(n, -1)
            x = x + mixed @ weight("attn_output").T
            h = self.norm(x, f"blk.{layer}.ffn_norm.weight")
            gate, up = h @ weight("ffn_gate").T, h @ weight("ffn_up").T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ weight("ffn_down").T
        x = self.norm(x, "output_norm.weight")
        return x @ t.get("output.weight", t["token_embd.weight"]).T


if __name__ == "__main__":
    ids = [int(word) for word in sys.argv[2].split(",")]
    last = Reference(sys.argv[1]).logits(ids)[-1]
    top = np.argsort(-last, kind="stable")[:10]
    print(json.dumps({"top": [{"id": int(i), "logit": float(last[i])} for i in top]}))
