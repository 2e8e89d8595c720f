// Attention with AVX2: lanes are keys or dimensions, never parts of one sum.
#if defined(__x86_64__)

#include <immintrin.h>

#include "avx2.h"

#pragma STDC FP_CONTRACT OFF

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

// Scores of `n` queries against the 64 keys of a chunk: [n][64].
MEDAI_INLINE void chunk_scores(
  const int n, const float *queries, int64_t stride, int64_t d, float scale, const float *keys,
  int64_t count, float *scores) {
  const __m256 s = _mm256_set1_ps(scale);
  for (int64_t j = 0; j < count; j += 16) {
    __m256 sum[4][2];
    for (int t = 0; t < n; t++) sum[t][0] = sum[t][1] = _mm256_setzero_ps();
    for (int64_t i = 0; i < d; i++) {
      __m256 k0 = _mm256_loadu_ps(keys + i * medai_chunk + j);
      __m256 k1 = _mm256_loadu_ps(keys + i * medai_chunk + j + 8);
      for (int t = 0; t < n; t++) {
        __m256 q = _mm256_set1_ps(queries[t * stride + i]);
        sum[t][0] = _mm256_fmadd_ps(q, k0, sum[t][0]);
        sum[t][1] = _mm256_fmadd_ps(q, k1, sum[t][1]);
      }
    }
    for (int t = 0; t < n; t++) {
      _mm256_storeu_ps(scores + t * medai_chunk + j, _mm256_mul_ps(sum[t][0], s));
      _mm256_storeu_ps(scores + t * medai_chunk + j + 8, _mm256_mul_ps(sum[t][1], s));
    }
  }
}

// Turns the first `count` scores into exp(score - max) and the rest of the last vector into
// nothing; returns what the running output must be multiplied by.
MEDAI_INLINE float chunk_softmax(float *scores, int64_t count, float *maximum, float *total) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256 none = _mm256_set1_ps(-__builtin_inff());
  __m256 largest = none;
  for (int64_t j = 0; j < count; j += 8) {
    __m256i seen = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count - j)), lane);
    __m256 v = _mm256_blendv_ps(none, _mm256_loadu_ps(scores + j), _mm256_castsi256_ps(seen));
    _mm256_storeu_ps(scores + j, v);
    largest = _mm256_max_ps(v, largest);  // gives the second where the first is not a number
  }
  float lanes[8], top = *maximum;
  _mm256_storeu_ps(lanes, largest);
  for (int i = 0; i < 8; i++) top = lanes[i] > top ? lanes[i] : top;
  const __m256 m = _mm256_set1_ps(top);
  __m256 sum = _mm256_setzero_ps();
  for (int64_t j = 0; j < count; j += 8) {
    __m256 p = exp8(_mm256_sub_ps(_mm256_loadu_ps(scores + j), m));
    _mm256_storeu_ps(scores + j, p);
    sum = _mm256_add_ps(sum, p);
  }
  _mm256_storeu_ps(lanes, sum);
  float correction = medai_expf(*maximum - top);
  *total = __builtin_fmaf(*total, correction, medai_lane_sum(lanes));
  *maximum = top;
  return correction;
}

// o = o * correction, then o = fma(p, v, o) over each query's own keys from `begin` on, ascending.
MEDAI_INLINE void chunk_values(
  const int n, const float *scores, const int64_t begin, const int64_t *counts,
  const float *corrections, const float *values, int64_t wide, float *sums) {
  int64_t shared = counts[0];
  for (int64_t i = 0; i < wide; i += 16) {
    __m256 o[4][2];
    for (int t = 0; t < n; t++) {
      __m256 c = _mm256_set1_ps(corrections[t]);
      o[t][0] = _mm256_mul_ps(_mm256_loadu_ps(sums + t * wide + i), c);
      o[t][1] = _mm256_mul_ps(_mm256_loadu_ps(sums + t * wide + i + 8), c);
    }
    for (int64_t j = begin; j < shared; j++) {
      __m256 v0 = _mm256_loadu_ps(values + j * wide + i);
      __m256 v1 = _mm256_loadu_ps(values + j * wide + i + 8);
      for (int t = 0; t < n; t++) {
        __m256 p = _mm256_set1_ps(scores[t * medai_chunk + j]);
        o[t][0] = _mm256_fmadd_ps(p, v0, o[t][0]);
        o[t][1] = _mm256_fmadd_ps(p, v1, o[t][1]);
      }
    }
    for (int t = 0; t < n; t++) {
      for (int64_t j = shared; j < counts[t]; j++) {
        __m256 p = _mm256_set1_ps(scores[t * medai_chunk + j]);
        o[t][0] = _mm256_fmadd_ps(p, _mm256_loadu_ps(values + j * wide + i), o[t][0]);
        o[t][1] = _mm256_fmadd_ps(p, _mm256_loadu_ps(values + j * wide + i + 8), o[t][1]);
      }
      _mm256_storeu_ps(sums + t * wide + i, o[t][0]);
      _mm256_storeu_ps(sums + t * wide + i + 8, o[t][1]);
    }
  }
}

MEDAI_INLINE void attend(
  const int n, const float *queries, int64_t query_stride, int64_t first_position, int64_t d,
  float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
  int64_t wide = medai_round_up(d, 16);
  float *scores = scratch, *sums = scratch + medai_query_tile * medai_chunk;
  float maximum[4], total[4], corrections[4];
  for (int t = 0; t < n; t++) {
    maximum[t] = -__builtin_inff();
    total[t] = 0;
  }
  for (int64_t i = 0; i < n * wide; i++) sums[i] = 0;
  int64_t last = first_position + n - 1;
  for (int64_t chunk = 0; chunk * medai_chunk <= last; chunk++) {
    int64_t counts[4];
    for (int t = 0; t < n; t++) {
      int64_t count = first_position + t + 1 - chunk * medai_chunk;
      counts[t] = count < 0 ? 0 : count > medai_chunk ? medai_chunk : count;
    }
    chunk_scores(
      n, queries, query_stride, d, scale, keys + chunk * d * medai_chunk, counts[n - 1], scores);
    for (int t = 0; t < n; t++) {
      corrections[t] = chunk_softmax(
        scores + t * medai_chunk, counts[t], &maximum[t], &total[t]);
    }
    chunk_values(
      n, scores, 0, counts, corrections, values + chunk * wide * medai_chunk, wide, sums);
  }
  for (int t = 0; t < n; t++) {
    for (int64_t i = 0; i < d; i++) out[t * out_stride + i] = sums[t * wide + i] / total[t];
  }
}

void medai_attend_avx2(
  const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t d,
  float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
#define ATTEND(n)                                                                                 \
  attend(                                                                                         \
    n, queries, query_stride, first_position, d, scale, keys, values, scratch, out, out_stride)
  switch (n) {
    case 1: ATTEND(1); break;
    case 2: ATTEND(2); break;
    case 3: ATTEND(3); break;
    default: ATTEND(4); break;
  }
#undef ATTEND
}

// One query that sees the keys from `first` to its own position. A score left out becomes minus
// infinity, whose weight is zero exactly; its value is not read.
MEDAI_INLINE void attend_from(
  const float *query, int64_t first, int64_t position, int64_t d, float scale, const float *keys,
  const float *values, float *scratch, float *out) {
  int64_t wide = medai_round_up(d, 16);
  float *scores = scratch, *sums = scratch + medai_query_tile * medai_chunk;
  float maximum = -__builtin_inff(), total = 0;
  for (int64_t i = 0; i < wide; i++) sums[i] = 0;
  for (int64_t chunk = first / medai_chunk; chunk * medai_chunk <= position; chunk++) {
    int64_t start = chunk * medai_chunk, count = position + 1 - start;
    if (count > medai_chunk) count = medai_chunk;
    int64_t begin = first > start ? first - start : 0;
    chunk_scores(1, query, 0, d, scale, keys + start * d, count, scores);
    for (int64_t j = 0; j < begin; j++) scores[j] = -__builtin_inff();
    float correction = chunk_softmax(scores, count, &maximum, &total);
    chunk_values(1, scores, begin, &count, &correction, values + start * wide, wide, sums);
  }
  for (int64_t i = 0; i < d; i++) out[i] = sums[i] / total;
}

void medai_attend_window_avx2(
  const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t window,
  int64_t d, float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
  for (int64_t t = 0; t < n; t++) {
    int64_t position = first_position + t;
    int64_t first = position + 1 > window ? position + 1 - window : 0;
    attend_from(
      queries + t * query_stride, first, position, d, scale, keys, values, scratch,
      out + t * out_stride);
  }
}

#pragma clang attribute pop

#endif
