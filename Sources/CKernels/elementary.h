// What both implementations share word for word: exp, halves, the eight-lane sum.
#ifndef MEDAI_ELEMENTARY_H
#define MEDAI_ELEMENTARY_H

#include "kernels.h"

#define MEDAI_INLINE static inline __attribute__((always_inline))

// Copies through memcpy are the only punning that C allows.
MEDAI_INLINE uint32_t medai_bits(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  return bits;
}

MEDAI_INLINE float medai_float(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, 4);
  return x;
}

MEDAI_INLINE float medai_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 31, fraction = half & 1023;
  if (exponent == 31) {
    return medai_float(sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
  }
  if (exponent == 0) {
    float magnitude = (float)fraction * 0x1p-24f;  // exact
    return medai_float(sign | medai_bits(magnitude));
  }
  return medai_float(sign | (exponent + 112) << 23 | fraction << 13);
}

MEDAI_INLINE float medai_brain(uint16_t upper) { return medai_float((uint32_t)upper << 16); }

// exp(x) within 2 units in the last place; 0 below -87, infinity above 88.
#define MEDAI_EXP_LOW -87.0f
#define MEDAI_EXP_HIGH 88.0f
#define MEDAI_EXP_MAGIC 12582912.0f  // 1.5 * 2^23: adding it rounds to an integer
#define MEDAI_LOG2E 1.44269504088896340736f
#define MEDAI_LN2_HIGH 0.693145751953125f
#define MEDAI_LN2_LOW 1.42860682030941723212e-6f
#define MEDAI_EXP_C7 1.98412698412698412698e-4f
#define MEDAI_EXP_C6 1.38888888888888888889e-3f
#define MEDAI_EXP_C5 8.33333333333333333333e-3f
#define MEDAI_EXP_C4 4.16666666666666666667e-2f
#define MEDAI_EXP_C3 1.66666666666666666667e-1f

MEDAI_INLINE float medai_expf(float x) {
  float shifted = __builtin_fmaf(x, MEDAI_LOG2E, MEDAI_EXP_MAGIC);
  float n = shifted - MEDAI_EXP_MAGIC;
  float r = __builtin_fmaf(n, -MEDAI_LN2_HIGH, x);
  r = __builtin_fmaf(n, -MEDAI_LN2_LOW, r);
  float p = __builtin_fmaf(MEDAI_EXP_C7, r, MEDAI_EXP_C6);
  p = __builtin_fmaf(p, r, MEDAI_EXP_C5);
  p = __builtin_fmaf(p, r, MEDAI_EXP_C4);
  p = __builtin_fmaf(p, r, MEDAI_EXP_C3);
  p = __builtin_fmaf(p, r, 0.5f);
  p = __builtin_fmaf(p, r, 1.0f);
  p = __builtin_fmaf(p, r, 1.0f);
  // p is within 0.7 to 1.42, so adding n to its exponent cannot leave the normal range.
  float result = medai_float(medai_bits(p) + (medai_bits(shifted) << 23));
  result = x < MEDAI_EXP_LOW ? 0.0f : result;
  result = x > MEDAI_EXP_HIGH ? __builtin_inff() : result;
  return x != x ? x : result;
}

// The fixed tree over eight lanes.
MEDAI_INLINE float medai_lane_sum(const float *lanes) {
  float a = lanes[0] + lanes[4], b = lanes[1] + lanes[5];
  float c = lanes[2] + lanes[6], d = lanes[3] + lanes[7];
  return (a + c) + (b + d);
}

// Square root is correctly rounded everywhere.
MEDAI_INLINE float medai_norm_factor(float square_sum, int64_t n, float eps) {
  return 1.0f / __builtin_sqrtf(square_sum / (float)n + eps);
}

// A block whose largest magnitude is below this becomes zero: its reciprocal would overflow.
#define MEDAI_QUANT_FLOOR 0x1p-100f
#define MEDAI_QUANT_LIMIT 16256  // 127 * 128

MEDAI_INLINE int64_t medai_round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// Blocks whose weights are 4-bit numbers.
MEDAI_INLINE int medai_is_nibble(medai_type type) {
  return type == medai_q4_0 || type == medai_q4_1 || type == medai_wide4;
}

// Blocks whose columns 0-15 and 16-31 have scales of their own.
MEDAI_INLINE int medai_has_halves(medai_type type) {
  return type == medai_wide16 || type == medai_wide16m;
}

// Blocks with minima for all 32 columns.
MEDAI_INLINE int medai_has_minimum(medai_type type) {
  return type == medai_q4_1 || type == medai_wide4 || type == medai_wide8;
}

// Blocks that are multiplied as floats.
MEDAI_INLINE int medai_is_float(medai_type type) {
  return type == medai_f32 || type == medai_f16 || type == medai_bf16;
}

// Bytes of the scales and minima of sixteen rows at the head of a packed block.
MEDAI_INLINE int64_t medai_head_bytes(medai_type type) {
  switch (type) {
    case medai_q4_1: return 64;
    case medai_wide4:
    case medai_wide8:
    case medai_wide16: return 128;
    case medai_wide16m: return 256;
    default: return 32;
  }
}

// blocks.c: rows, packing and unpacking of the newer types.
int64_t medai_newer_row_bytes(medai_type type, int64_t columns);
void medai_pack_newer_group(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *packed);
void medai_unpack_wide_row(
  medai_type type, const uint8_t *packed, int64_t columns, int row, float *out);

// One implementation, both forms of it with the same signature (see kernels.h for what they do).
#define MEDAI_DECLARE(isa)                                                                        \
  void medai_quantize_##isa(                                                                      \
    const float *x, int64_t length, int64_t column, int64_t n, int8_t *quants, float *scales,     \
    float *sums, int32_t *counts);                                                                \
  void medai_multiply_##isa(                                                                      \
    medai_type type, const uint8_t *packed, int64_t columns, int64_t first, int64_t last,         \
    const medai_activations *x, int64_t n, float *out, int64_t out_stride);                       \
  void medai_add_##isa(float *x, const float *y, int64_t n);                                      \
  void medai_add_scaled_##isa(float *x, const float *y, float factor, int64_t n);                 \
  void medai_scale_##isa(float *x, float factor, int64_t n);                                      \
  void medai_layer_norm_##isa(                                                                    \
    const float *x, const float *w, const float *b, int64_t n, float eps, float *out);            \
  void medai_rotate_halves_##isa(                                                                 \
    float *head, int64_t dims, const float *cosines, const float *sines);                         \
  void medai_attend_window_##isa(                                                                 \
    const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t window, \
    int64_t d, float scale, const float *keys, const float *values, float *scratch, float *out,   \
    int64_t out_stride);                                                                          \
  void medai_rms_norm_##isa(const float *x, const float *w, int64_t n, float eps, float *out);    \
  void medai_swiglu_##isa(const float *gate, const float *up, int64_t n, float *out);             \
  void medai_rotate_##isa(float *head, int64_t dims, const float *cosines, const float *sines);   \
  void medai_attend_##isa(                                                                        \
    const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t d,     \
    float scale, const float *keys, const float *values, float *scratch, float *out,              \
    int64_t out_stride);

MEDAI_DECLARE(portable)
MEDAI_DECLARE(avx2)

#endif
