#!/usr/bin/env python3
"""Writes Tests/ExaminationTests/Golden/statistics.json with SciPy as the judge.

    python3 Scripts/exam/golden-statistics.py > Tests/ExaminationTests/Golden/statistics.json

The intervals, tails and tests come from SciPy. The resampled intervals come from NumPy, fed with
the generator that docs/exam.md describes and that is written out again here, so that both sides
draw the same items.
"""
import json
import sys

import numpy
import scipy
from scipy.stats import binomtest

SEED, RESAMPLES = 20_260_124, 10_000
COUNTS = [
    (0, 1), (1, 1), (0, 10), (10, 10), (1, 2), (5, 10), (1, 100), (99, 100), (334, 435),
    (375, 435), (376, 435), (0, 435), (435, 435), (276, 320), (812, 942), (192, 320), (128, 320),
    (7, 48), (31, 48), (1118, 1273), (1144, 1273), (21613, 35030), (35029, 35030),
]
TAILS = [
    (375, 435, 0.7966), (334, 435, 0.7966), (0, 1, 0.5), (1, 1, 0.5), (1, 1, 0.7966),
    (0, 435, 0.7966), (435, 435, 0.7966), (435, 435, 0.999), (12, 48, 0.2), (10, 48, 0.2),
    (30, 48, 0.2), (21613, 35030, 0.626), (22200, 35030, 0.626), (5, 10, 1e-9), (5, 10, 0.0),
    (5, 10, 1.0), (400, 435, 0.05), (100, 100, 0.5),
]
# Right by this model only, right by the other only.
PAIRS = [
    (0, 0), (1, 0), (0, 5), (6, 0), (3, 3), (5, 10), (40, 22), (71, 97), (72, 98), (60, 86), (67, 93),
    (500, 430), (1000, 1000), (3000, 3200),
]
# Both right, this only, other only, neither: laid out in this order.
RESAMPLED = [(300, 75, 40, 20), (5, 3, 1, 1), (0, 2, 0, 2), (1, 0, 0, 0), (10, 0, 0, 38)]


def generator(seed):
    mask = (1 << 64) - 1
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        yield mixed ^ (mixed >> 31)


def interval(result, method):
    bounds = result.proportion_ci(confidence_level=0.95, method=method)
    return [float(bounds.low), float(bounds.high)]


def resampled(counts):
    both, this_only, other_only, neither = counts
    this = numpy.repeat([1, 1, 0, 0], counts)
    other = numpy.repeat([1, 0, 1, 0], counts)
    numbers, n = generator(SEED), sum(counts)
    differences, ratios = [], []
    for _ in range(RESAMPLES):
        draw = [(next(numbers) * n) >> 64 for _ in range(n)]
        a, b = int(this[draw].sum()), int(other[draw].sum())
        differences.append((a - b) / n)
        ratios.append(a / b if b else numpy.inf)
    bounds = [numpy.percentile(v, [2.5, 97.5], method="inverted_cdf") for v in (differences, ratios)]
    finite = [[float(x) if numpy.isfinite(x) else None for x in pair] for pair in bounds]
    return {"counts": list(counts), "difference": finite[0], "ratio": finite[1]}


json.dump(
    {
        "made_by": f"scipy {scipy.__version__}, numpy {numpy.__version__}",
        "intervals": [
            {
                "correct": k, "n": n,
                "wilson": interval(binomtest(k, n), "wilson"),
                "clopper_pearson": interval(binomtest(k, n), "exact"),
            }
            for k, n in COUNTS
        ],
        "tails": [
            {"correct": k, "n": n, "p": p,
             "greater": float(binomtest(k, n, p, alternative="greater").pvalue),
             "less": float(binomtest(k, n, p, alternative="less").pvalue)}
            for k, n, p in TAILS
        ],
        "mcnemar": [
            {"this": b, "other": c, "p": float(binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0}
            for b, c in PAIRS
        ],
        "resampled": [resampled(counts) for counts in RESAMPLED],
    },
    sys.stdout, indent=1)
print()
