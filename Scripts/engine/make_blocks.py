"""Random blocks of each GGUF type and what the `gguf` package (llama.cpp's authors) makes of them.

    python make_blocks.py OUT
"""

import pathlib
import sys

import gguf
import numpy as np

# Type, bytes of a block, elements of a block, where its Float16 numbers lie.
TYPES = [
    ("Q4_0", 18, 32, [0]), ("Q4_1", 20, 32, [0, 2]), ("Q5_0", 22, 32, [0]),
    ("Q5_1", 24, 32, [0, 2]), ("Q8_0", 34, 32, [0]), ("Q2_K", 84, 256, [80, 82]),
    ("Q3_K", 110, 256, [108]), ("Q4_K", 144, 256, [0, 2]), ("Q5_K", 176, 256, [0, 2]),
    ("Q6_K", 210, 256, [208]), ("IQ4_NL", 18, 32, [0]), ("IQ4_XS", 136, 256, [0]),
    ("BF16", 2, 1, []), ("F16", 2, 1, []),
]
ROWS, COLUMNS = 3, 512


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20261124)
    for name, size, length, halves in TYPES:
        count = ROWS * COLUMNS // length
        blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
        for place in halves:
            values = (random.standard_normal(count) * 0.05).astype("<f2")
            blocks[:, place : place + 2] = values.view(np.uint8).reshape(count, 2)
        if not halves:
            values = random.standard_normal(count).astype(np.float32)
            type_ = getattr(gguf.GGMLQuantizationType, name)
            blocks = gguf.quants.quantize(values.reshape(ROWS, COLUMNS), type_).view(np.uint8)
        blocks = np.ascontiguousarray(blocks).reshape(ROWS, -1)
        type_ = getattr(gguf.GGMLQuantizationType, name)
        data = blocks.view(np.float16) if name == "F16" else blocks
        floats = gguf.quants.dequantize(data, type_).astype("<f4")
        assert floats.shape == (ROWS, COLUMNS), floats.shape
        blocks.tofile(out / f"{name}.blocks")
        floats.tofile(out / f"{name}.floats")
        if name in ("BF16", "F16"):  # the same numbers as ggml's eight-bit blocks
            q8 = gguf.GGMLQuantizationType.Q8_0
            gguf.quants.quantize(floats, q8).tofile(out / f"{name}.q8_0")


main()
