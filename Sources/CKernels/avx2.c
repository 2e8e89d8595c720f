// AVX2 with FMA and F16C: the same results as portable.c, bit for bit. A lane is always a whole
// output element (a row, a key or a dimension), so no sum crosses lanes.
#if defined(__x86_64__)

#include <immintrin.h>

#include "avx2.h"

#pragma STDC FP_CONTRACT OFF

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

static const uint32_t sign_mask = 0x7fffffff;

MEDAI_INLINE int32_t largest_lane(__m256i v) {
  __m128i x = _mm_max_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  x = _mm_max_epi32(x, _mm_shuffle_epi32(x, 0x4e));
  x = _mm_max_epi32(x, _mm_shuffle_epi32(x, 0xb1));
  return _mm_cvtsi128_si32(x);
}

MEDAI_INLINE int32_t integer_sum(__m256i v) {
  __m128i x = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0x4e));
  x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0xb1));
  return _mm_cvtsi128_si32(x);
}

void medai_quantize_avx2(
  const float *x, int64_t length, int64_t column, int64_t n, int8_t *quants, float *scales,
  float *sums, int32_t *counts) {
  const __m256i mask = _mm256_set1_epi32((int)sign_mask);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  const __m256i top = _mm256_set1_epi32(MEDAI_QUANT_LIMIT);
  const __m256i bottom = _mm256_set1_epi32(-MEDAI_QUANT_LIMIT);
  for (int64_t block = 0; block < length / medai_block; block++, x += 32) {
    int64_t place = block * n + column;
    __m256i *out = (__m256i *)(void *)(quants + 64 * place);
    __m256 v[4];
    __m256i largest = _mm256_setzero_si256();
    for (int i = 0; i < 4; i++) {
      v[i] = _mm256_loadu_ps(x + 8 * i);
      largest = _mm256_max_epi32(largest, _mm256_and_si256(_mm256_castps_si256(v[i]), mask));
    }
    uint32_t bits = (uint32_t)largest_lane(largest);
    float maximum = medai_float(bits);
    if (bits >= 0x7f800000 || maximum < MEDAI_QUANT_FLOOR) {
      _mm256_storeu_si256(out, _mm256_setzero_si256());
      _mm256_storeu_si256(out + 1, _mm256_setzero_si256());
      scales[place] = sums[place] = bits >= 0x7f800000 ? medai_float(0x7fc00000) : 0;
      counts[place] = 0;
      continue;
    }
    float scale = maximum / (float)MEDAI_QUANT_LIMIT;
    __m256 inverse = _mm256_set1_ps((float)MEDAI_QUANT_LIMIT / maximum);
    __m256i q[4], count = _mm256_setzero_si256();
    for (int i = 0; i < 4; i++) {
      q[i] = _mm256_cvtps_epi32(_mm256_mul_ps(v[i], inverse));
      q[i] = _mm256_max_epi32(_mm256_min_epi32(q[i], top), bottom);
      count = _mm256_add_epi32(count, q[i]);
    }
    // (q + 64) >> 7 is the high part, which leaves -64...63.
    __m256i high[2], low[2];
    for (int i = 0; i < 2; i++) {
      __m256i pair = _mm256_packs_epi32(q[2 * i], q[2 * i + 1]);
      high[i] = _mm256_srai_epi16(_mm256_add_epi16(pair, _mm256_set1_epi16(64)), 7);
      low[i] = _mm256_sub_epi16(pair, _mm256_slli_epi16(high[i], 7));
    }
    __m256i h = _mm256_packs_epi16(high[0], high[1]), l = _mm256_packs_epi16(low[0], low[1]);
    _mm256_storeu_si256(out, _mm256_permutevar8x32_epi32(h, order));
    _mm256_storeu_si256(out + 1, _mm256_permutevar8x32_epi32(l, order));
    int32_t total = integer_sum(count);
    scales[place] = scale;
    counts[place] = total;
    sums[place] = scale * (float)total;
  }
}

MEDAI_INLINE __m256i four_bytes(const int8_t *bytes) {
  int32_t word;
  __builtin_memcpy(&word, bytes, 4);
  return _mm256_set1_epi32(word);
}

// The sums of eight rows of 4-bit weights with one column's block. Eight products of pairs are at
// most 8 * 2 * 15 * 127 = 30480, so sixteen bits hold them until the last step.
MEDAI_INLINE __m256i nibble_sums(const __m256i *w, const int8_t *q) {
  __m256i h = _mm256_maddubs_epi16(w[0], four_bytes(q));
  __m256i l = _mm256_maddubs_epi16(w[0], four_bytes(q + 32));
#pragma clang loop unroll(full)
  for (int j = 1; j < 8; j++) {
    h = _mm256_add_epi16(h, _mm256_maddubs_epi16(w[j], four_bytes(q + 4 * j)));
    l = _mm256_add_epi16(l, _mm256_maddubs_epi16(w[j], four_bytes(q + 32 + 4 * j)));
  }
  __m256i high = _mm256_madd_epi16(h, _mm256_set1_epi16(128));
  return _mm256_add_epi32(high, _mm256_madd_epi16(l, _mm256_set1_epi16(1)));
}

// The same for two neighbouring columns: their chains of additions fill each other's gaps.
MEDAI_INLINE void nibble_sums_of_two(const __m256i *w, const int8_t *q, __m256i *isums) {
  __m256i h[2], l[2];
  for (int c = 0; c < 2; c++) {
    h[c] = _mm256_maddubs_epi16(w[0], four_bytes(q + 64 * c));
    l[c] = _mm256_maddubs_epi16(w[0], four_bytes(q + 64 * c + 32));
  }
#pragma clang loop unroll(full)
  for (int j = 1; j < 8; j++) {
    for (int c = 0; c < 2; c++) {
      const int8_t *v = q + 64 * c + 4 * j;
      h[c] = _mm256_add_epi16(h[c], _mm256_maddubs_epi16(w[j], four_bytes(v)));
      l[c] = _mm256_add_epi16(l[c], _mm256_maddubs_epi16(w[j], four_bytes(v + 32)));
    }
  }
  for (int c = 0; c < 2; c++) {
    __m256i high = _mm256_madd_epi16(h[c], _mm256_set1_epi16(128));
    isums[c] = _mm256_add_epi32(high, _mm256_madd_epi16(l[c], _mm256_set1_epi16(1)));
  }
}

// The same for 8-bit weights: |w| is at most 128 as unsigned and the signed factor at most 127, so
// a pair fits sixteen bits.
MEDAI_INLINE __m256i byte_sums(
  const uint8_t *body, const int8_t *q, const int first, const int last) {
  __m256i sum = _mm256_setzero_si256();
  for (int j = first; j < last; j++) {
    __m256i w = _mm256_loadu_si256((const __m256i *)(const void *)(body + 32 * j));
    __m256i a = _mm256_abs_epi8(w);
    __m256i h = _mm256_maddubs_epi16(a, _mm256_sign_epi8(four_bytes(q + 4 * j), w));
    __m256i l = _mm256_maddubs_epi16(a, _mm256_sign_epi8(four_bytes(q + 32 + 4 * j), w));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(h, _mm256_set1_epi16(128)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(l, _mm256_set1_epi16(1)));
  }
  return sum;
}

// One block's part of eight rows' running sums.
MEDAI_INLINE __m256 add_block(
  const medai_type type, __m256 total, __m256i isum, __m256 d, __m256 m, float scale, float sum,
  int32_t count) {
  if (type == medai_q4_0) isum = _mm256_sub_epi32(isum, _mm256_set1_epi32(8 * count));
  __m256 factor = _mm256_mul_ps(d, _mm256_set1_ps(scale));
  total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(isum), factor, total);
  return medai_has_minimum(type) ? _mm256_fmadd_ps(m, _mm256_set1_ps(sum), total) : total;
}

// Eight scales or minima at the head of a block.
MEDAI_INLINE __m256 head_values(
  const medai_type type, const uint8_t *head, const int part, const int h) {
  if (type < medai_wide4) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(head + 32 * part + 16 * h)));
  }
  return _mm256_loadu_ps((const float *)(const void *)(head + 64 * part + 32 * h));
}

// The sum of an activation's integers 16 * half and following.
MEDAI_INLINE float half_count(const int8_t *q, const int half) {
  const __m128i ones8 = _mm_set1_epi8(1), ones16 = _mm_set1_epi16(1);
  __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(q + 16 * half));
  __m128i low = _mm_loadu_si128((const __m128i *)(const void *)(q + 32 + 16 * half));
  __m128i sum = _mm_madd_epi16(_mm_maddubs_epi16(ones8, high), _mm_set1_epi16(128));
  sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_maddubs_epi16(ones8, low), ones16));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
  return (float)_mm_cvtsi128_si32(sum);
}

// The same as add_block where columns 0-15 and 16-31 have scales of their own.
MEDAI_INLINE __m256 add_halves(
  const medai_type type, __m256 total, const uint8_t *head, const uint8_t *body, const int h,
  const int8_t *q, float scale) {
  for (int half = 0; half < 2; half++) {
    __m256i isum = byte_sums(body, q, 4 * half, 4 * half + 4);
    __m256 factor = _mm256_mul_ps(head_values(type, head, half, h), _mm256_set1_ps(scale));
    total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(isum), factor, total);
  }
  if (type == medai_wide16m) {
    for (int half = 0; half < 2; half++) {
      __m256 sum = _mm256_set1_ps(scale * half_count(q, half));
      total = _mm256_fmadd_ps(head_values(type, head, 2 + half, h), sum, total);
    }
  }
  return total;
}

enum { column_tile = 128 };

// Sixteen rows of blocks by at most 128 columns, `first` of `n` on. Eight rows of a block stay in
// registers while the columns pass by. The running sums lie side by side, not in `out`, whose
// stride would put them all in a few sets of the nearest cache.
MEDAI_INLINE void block_tile(
  const medai_type type, const uint8_t *group, int64_t blocks, const medai_activations *x,
  int64_t n, int64_t first, int64_t count, float *out, int64_t out_stride) {
  const int is_nibble = medai_is_nibble(type), has_halves = medai_has_halves(type);
  const int64_t head = medai_head_bytes(type), half = is_nibble ? 128 : 256;
  __m256 totals[2][column_tile];
  for (int64_t c = 0; c < count; c++) totals[0][c] = totals[1][c] = _mm256_setzero_ps();
  for (int64_t b = 0; b < blocks; b++, group += head + 2 * half) {
    const int64_t place = b * n + first;
    const int8_t *quants = x->quants + 64 * place;
    const float *scales = x->scales + place, *sums = x->sums + place;
    const int32_t *counts = x->counts + place;
    for (int h = 0; h < 2; h++) {
      const uint8_t *body = group + head + h * half;
      __m256i w[8];
      if (is_nibble) {
        const __m256i low = _mm256_set1_epi8(15);
#pragma clang loop unroll(full)
        for (int j = 0; j < 4; j++) {
          __m256i pair = _mm256_loadu_si256((const __m256i *)(const void *)(body + 32 * j));
          w[j] = _mm256_and_si256(pair, low);
          w[j + 4] = _mm256_and_si256(_mm256_srli_epi16(pair, 4), low);
        }
      }
      const __m256 d = head_values(type, group, 0, h);
      __m256 m = _mm256_setzero_ps();
      if (medai_has_minimum(type)) m = head_values(type, group, 1, h);
      int64_t c = 0;
      for (; is_nibble && c + 2 <= count; c += 2) {
        __m256i isums[2];
        nibble_sums_of_two(w, quants + 64 * c, isums);
        for (int64_t t = c; t < c + 2; t++) {
          totals[h][t] = add_block(
            type, totals[h][t], isums[t - c], d, m, scales[t], sums[t], counts[t]);
        }
      }
      for (; c < count; c++) {
        if (has_halves) {
          totals[h][c] =
            add_halves(type, totals[h][c], group, body, h, quants + 64 * c, scales[c]);
          continue;
        }
        __m256i isum =
          is_nibble ? nibble_sums(w, quants + 64 * c) : byte_sums(body, quants + 64 * c, 0, 8);
        totals[h][c] =
          add_block(type, totals[h][c], isum, d, m, scales[c], sums[c], counts[c]);
      }
    }
  }
  for (int64_t c = 0; c < count; c++) {
    _mm256_storeu_ps(out + (first + c) * out_stride, totals[0][c]);
    _mm256_storeu_ps(out + (first + c) * out_stride + 8, totals[1][c]);
  }
}

// Eight floats from their upper halves.
MEDAI_INLINE __m256 brain8(const uint8_t *bytes) {
  __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)bytes));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}

// Sixteen rows by `count` columns of floats or halves.
MEDAI_INLINE void float_tile(
  const medai_type type, const int count, const uint8_t *group, int64_t columns,
  const medai_activations *x, int64_t column, float *out, int64_t out_stride) {
  const float *values = x->values + column * x->stride;
  __m256 total[4][2];
  for (int c = 0; c < count; c++) total[c][0] = total[c][1] = _mm256_setzero_ps();
  for (int64_t k = 0; k < columns; k++) {
    __m256 w0, w1;
    if (type == medai_f32) {
      w0 = _mm256_loadu_ps((const float *)(const void *)(group + 64 * k));
      w1 = _mm256_loadu_ps((const float *)(const void *)(group + 64 * k + 32));
    } else if (type == medai_f16) {
      w0 = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(group + 32 * k)));
      w1 = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(group + 32 * k + 16)));
    } else {
      w0 = brain8(group + 32 * k);
      w1 = brain8(group + 32 * k + 16);
    }
    for (int c = 0; c < count; c++) {
      __m256 v = _mm256_set1_ps(values[c * x->stride + k]);
      total[c][0] = _mm256_fmadd_ps(w0, v, total[c][0]);
      total[c][1] = _mm256_fmadd_ps(w1, v, total[c][1]);
    }
  }
  for (int c = 0; c < count; c++) {
    _mm256_storeu_ps(out + c * out_stride, total[c][0]);
    _mm256_storeu_ps(out + c * out_stride + 8, total[c][1]);
  }
}

MEDAI_INLINE void multiply_group(
  const medai_type type, const uint8_t *group, int64_t columns, const medai_activations *x,
  int64_t n, float *out, int64_t out_stride) {
  if (!medai_is_float(type)) {
    for (int64_t c = 0; c < n; c += column_tile) {
      int64_t count = n - c < column_tile ? n - c : column_tile;
      block_tile(type, group, columns / medai_block, x, n, c, count, out, out_stride);
    }
    return;
  }
#define TILE(count)                                                                               \
  float_tile(type, count, group, columns, x, c, out + c * out_stride, out_stride)
  int64_t c = 0;
  for (; c + 4 <= n; c += 4) TILE(4);
  if (c + 2 <= n) {
    TILE(2);
    c += 2;
  }
  if (c < n) TILE(1);
#undef TILE
}

void medai_multiply_avx2(
  medai_type type, const uint8_t *packed, int64_t columns, int64_t first, int64_t last,
  const medai_activations *x, int64_t n, float *out, int64_t out_stride) {
  int64_t bytes = medai_group_bytes(type, columns);
  for (int64_t g = first; g < last; g++) {
    const uint8_t *group = packed + g * bytes;
    float *place = out + g * medai_group;
    switch (type) {
      case medai_f32:
        multiply_group(medai_f32, group, columns, x, n, place, out_stride);
        break;
      case medai_f16:
        multiply_group(medai_f16, group, columns, x, n, place, out_stride);
        break;
      case medai_bf16:
        multiply_group(medai_bf16, group, columns, x, n, place, out_stride);
        break;
      case medai_q4_0:
        multiply_group(medai_q4_0, group, columns, x, n, place, out_stride);
        break;
      case medai_q4_1:
        multiply_group(medai_q4_1, group, columns, x, n, place, out_stride);
        break;
      case medai_q8_0:
        multiply_group(medai_q8_0, group, columns, x, n, place, out_stride);
        break;
      case medai_wide4:
        multiply_group(medai_wide4, group, columns, x, n, place, out_stride);
        break;
      case medai_wide8:
        multiply_group(medai_wide8, group, columns, x, n, place, out_stride);
        break;
      case medai_wide16:
        multiply_group(medai_wide16, group, columns, x, n, place, out_stride);
        break;
      case medai_wide16m:
        multiply_group(medai_wide16m, group, columns, x, n, place, out_stride);
        break;
      default: break;  // no packed type
    }
  }
}

void medai_add_avx2(float *x, const float *y, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] += y[i];
}

void medai_rms_norm_avx2(const float *x, const float *w, int64_t n, float eps, float *out) {
  __m256 sum = _mm256_setzero_ps();
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 v = _mm256_loadu_ps(x + i);
    sum = _mm256_fmadd_ps(v, v, sum);
  }
  float lanes[8];
  _mm256_storeu_ps(lanes, sum);
  for (; i < n; i++) lanes[i % 8] = __builtin_fmaf(x[i], x[i], lanes[i % 8]);
  float factor = medai_norm_factor(medai_lane_sum(lanes), n, eps);
  for (i = 0; i < n; i++) out[i] = (x[i] * factor) * w[i];
}

void medai_add_scaled_avx2(float *x, const float *y, float factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] += y[i] * factor;
}

void medai_scale_avx2(float *x, float factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] *= factor;
}

void medai_layer_norm_avx2(
  const float *x, const float *w, const float *b, int64_t n, float eps, float *out) {
  __m256 sum = _mm256_setzero_ps();
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) sum = _mm256_add_ps(sum, _mm256_loadu_ps(x + i));
  float lanes[8];
  _mm256_storeu_ps(lanes, sum);
  for (; i < n; i++) lanes[i % 8] += x[i];
  float mean = medai_lane_sum(lanes) / (float)n;
  const __m256 m = _mm256_set1_ps(mean);
  sum = _mm256_setzero_ps();
  for (i = 0; i + 8 <= n; i += 8) {
    __m256 d = _mm256_sub_ps(_mm256_loadu_ps(x + i), m);
    sum = _mm256_fmadd_ps(d, d, sum);
  }
  _mm256_storeu_ps(lanes, sum);
  for (; i < n; i++) {
    float d = x[i] - mean;
    lanes[i % 8] = __builtin_fmaf(d, d, lanes[i % 8]);
  }
  float factor = medai_norm_factor(medai_lane_sum(lanes), n, eps);
  for (i = 0; i < n; i++) out[i] = __builtin_fmaf((x[i] - mean) * factor, w[i], b[i]);
}

void medai_rotate_halves_avx2(
  float *head, int64_t dims, const float *cosines, const float *sines) {
  float *other = head + dims / 2;
  for (int64_t i = 0; i < dims / 2; i++) {
    float a = head[i], b = other[i];
    head[i] = __builtin_fmaf(a, cosines[i], -(b * sines[i]));
    other[i] = __builtin_fmaf(b, cosines[i], a * sines[i]);
  }
}

void medai_swiglu_avx2(const float *gate, const float *up, int64_t n, float *out) {
  const __m256 one = _mm256_set1_ps(1.0f), flip = _mm256_set1_ps(-0.0f);
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 g = _mm256_loadu_ps(gate + i);
    __m256 e = exp8(_mm256_xor_ps(g, flip));
    __m256 s = _mm256_div_ps(g, _mm256_add_ps(one, e));
    _mm256_storeu_ps(out + i, _mm256_mul_ps(s, _mm256_loadu_ps(up + i)));
  }
  for (; i < n; i++) out[i] = gate[i] / (1.0f + medai_expf(-gate[i])) * up[i];
}

void medai_rotate_avx2(float *head, int64_t dims, const float *cosines, const float *sines) {
  for (int64_t i = 0; i < dims / 2; i++) {
    float a = head[2 * i], b = head[2 * i + 1];
    head[2 * i] = __builtin_fmaf(a, cosines[i], -(b * sines[i]));
    head[2 * i + 1] = __builtin_fmaf(b, cosines[i], a * sines[i]);
  }
}

#pragma clang attribute pop

#endif
