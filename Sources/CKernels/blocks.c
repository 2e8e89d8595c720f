// Blocks of the newer GGUF types, taken apart exactly and packed for the kernels.
//
// Every type becomes integers of at most eight bits with a float scale (and minimum) for 16 or 32
// of them. d * sub-scale is exact in Float32 for all of them, so a packed block stands for the very
// numbers that the file's block does.
#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

enum { super_block = 256 };

medai_type medai_packed_type(medai_type type) {
  switch (type) {
    case medai_q5_0:
    case medai_iq4_nl: return medai_q8_0;
    case medai_q4_k: return medai_wide4;
    case medai_q5_1:
    case medai_q5_k:
    case medai_iq4_xs: return medai_wide8;
    case medai_q3_k:
    case medai_q6_k: return medai_wide16;
    case medai_q2_k: return medai_wide16m;
    default: return type;
  }
}

int64_t medai_newer_row_bytes(medai_type type, int64_t columns) {
  int64_t bytes = 0, length = super_block;
  switch (type) {
    case medai_q5_0: bytes = 22, length = medai_block; break;
    case medai_q5_1: bytes = 24, length = medai_block; break;
    case medai_iq4_nl: bytes = 18, length = medai_block; break;
    case medai_q2_k: bytes = 84; break;
    case medai_q3_k: bytes = 110; break;
    case medai_q4_k: bytes = 144; break;
    case medai_q5_k: bytes = 176; break;
    case medai_q6_k: bytes = 210; break;
    case medai_iq4_xs: bytes = 136; break;
    default: return 0;
  }
  return columns % length == 0 ? columns / length * bytes : 0;
}

static const int8_t nonlinear[16] = {
  -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

static uint16_t word_at(const uint8_t *bytes) {
  return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static float half_at(const uint8_t *bytes) { return medai_half(word_at(bytes)); }

// Thirty-two columns of one row: value = fma(q, scale, minimum), each half with its own pair.
typedef struct {
  int8_t q[32];
  float scale[2], minimum[2];
} expanded;

// Sixteen bytes of two 4-bit numbers each: low ones first, then high ones.
static void nibbles(const uint8_t *bytes, int8_t *q) {
  for (int i = 0; i < 16; i++) {
    q[i] = (int8_t)(bytes[i] & 15);
    q[i + 16] = (int8_t)(bytes[i] >> 4);
  }
}

// The 6-bit scale and minimum of sub-block `b` (0 to 7) of Q4_K and Q5_K.
static void scale_and_minimum(const uint8_t *s, int b, int *scale, int *minimum) {
  if (b < 4) {
    *scale = s[b] & 63;
    *minimum = s[b + 4] & 63;
  } else {
    *scale = (s[b + 4] & 15) | (s[b - 4] >> 6) << 4;
    *minimum = (s[b + 4] >> 4) | (s[b] >> 6) << 4;
  }
}

static void expand_5(const uint8_t *block, int has_minimum, expanded *x) {
  const uint8_t *high = block + (has_minimum ? 4 : 2);
  uint32_t bits = word_at(high) | (uint32_t)word_at(high + 2) << 16;
  nibbles(high + 4, x->q);
  for (int i = 0; i < 32; i++) {
    x->q[i] = (int8_t)((x->q[i] | (bits >> i & 1) << 4) - (has_minimum ? 0 : 16));
  }
  x->scale[0] = half_at(block);
  x->minimum[0] = has_minimum ? half_at(block + 2) : 0;
}

static void expand_2k(const uint8_t *block, int b, expanded *x) {
  const uint8_t *q = block + 16 + 32 * (b / 4);
  float d = half_at(block + 80), dmin = half_at(block + 82);
  for (int i = 0; i < 32; i++) x->q[i] = (int8_t)(q[i] >> 2 * (b % 4) & 3);
  for (int h = 0; h < 2; h++) {
    uint8_t s = block[2 * b + h];
    x->scale[h] = d * (float)(s & 15);
    x->minimum[h] = -(dmin * (float)(s >> 4));
  }
}

static void expand_3k(const uint8_t *block, int b, expanded *x) {
  const uint8_t *mask = block, *q = block + 32 + 32 * (b / 4), *s = block + 96;
  float d = half_at(block + 108);
  for (int i = 0; i < 32; i++) {
    x->q[i] = (int8_t)((q[i] >> 2 * (b % 4) & 3) - (mask[i] >> b & 1 ? 0 : 4));
  }
  for (int h = 0; h < 2; h++) {
    int i = 2 * b + h;
    int low = i < 8 ? s[i] & 15 : s[i - 8] >> 4, high = s[8 + i % 4] >> 2 * (i / 4) & 3;
    x->scale[h] = d * (float)((low | high << 4) - 32);
    x->minimum[h] = 0;
  }
}

static void expand_45k(const uint8_t *block, int b, int has_fifth, expanded *x) {
  const uint8_t *fifth = block + 16, *q = block + (has_fifth ? 48 : 16) + 32 * (b / 2);
  int scale, minimum;
  scale_and_minimum(block + 4, b, &scale, &minimum);
  for (int i = 0; i < 32; i++) {
    int value = b % 2 ? q[i] >> 4 : q[i] & 15;
    if (has_fifth) value |= (fifth[i] >> b & 1) << 4;
    x->q[i] = (int8_t)value;
  }
  x->scale[0] = half_at(block) * (float)scale;
  x->minimum[0] = -(half_at(block + 2) * (float)minimum);
}

static void expand_6k(const uint8_t *block, int b, expanded *x) {
  int n = b / 4, j = b % 4;
  const uint8_t *low = block + 64 * n + 32 * (j & 1), *high = block + 128 + 32 * n;
  float d = half_at(block + 208);
  for (int i = 0; i < 32; i++) {
    int nibble = j < 2 ? low[i] & 15 : low[i] >> 4;
    x->q[i] = (int8_t)((nibble | (high[i] >> 2 * j & 3) << 4) - 32);
  }
  for (int h = 0; h < 2; h++) {
    x->scale[h] = d * (float)(int8_t)block[192 + 8 * n + 2 * j + h];
    x->minimum[h] = 0;
  }
}

static void expand_nonlinear(const uint8_t *bytes, float scale, expanded *x) {
  nibbles(bytes, x->q);
  for (int i = 0; i < 32; i++) x->q[i] = nonlinear[x->q[i]];
  x->scale[0] = scale;
  x->minimum[0] = 0;
}

// Columns 32 * b and following of a row.
static void expand(medai_type type, const uint8_t *row, int64_t b, expanded *x) {
  int64_t per = type == medai_q5_0 || type == medai_q5_1 || type == medai_iq4_nl ? 1 : 8;
  const uint8_t *block = row + b / per * medai_newer_row_bytes(type, 32 * per);
  int sub = (int)(b % per);
  switch (type) {
    case medai_q5_0: expand_5(block, 0, x); break;
    case medai_q5_1: expand_5(block, 1, x); break;
    case medai_iq4_nl: expand_nonlinear(block + 2, half_at(block), x); break;
    case medai_q2_k: expand_2k(block, sub, x); break;
    case medai_q3_k: expand_3k(block, sub, x); break;
    case medai_q4_k: expand_45k(block, sub, 0, x); break;
    case medai_q5_k: expand_45k(block, sub, 1, x); break;
    case medai_q6_k: expand_6k(block, sub, x); break;
    default: {  // iq4_xs
      int low = block[4 + sub / 2] >> 4 * (sub % 2) & 15;
      int high = word_at(block + 2) >> 2 * sub & 3;
      expand_nonlinear(
        block + 8 + 16 * sub, half_at(block) * (float)((low | high << 4) - 32), x);
    }
  }
}

void medai_pack_newer_group(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *packed) {
  medai_type target = medai_packed_type(type);
  int64_t row_bytes = medai_newer_row_bytes(type, columns), head = medai_head_bytes(target);
  int is_nibble = medai_is_nibble(target), has_halves = medai_has_halves(target);
  int64_t half_bytes = is_nibble ? 128 : 256;
  for (int64_t b = 0; b < columns / medai_block; b++, packed += head + 2 * half_bytes) {
    for (int row = 0; row < rows; row++) {
      expanded x;
      expand(type, file + row * row_bytes, b, &x);
      if (target == medai_q8_0) {
        __builtin_memcpy(packed + 2 * row, file + row * row_bytes + b * (row_bytes * 32 / columns), 2);
      } else {
        float parts[4] = {x.scale[0], x.minimum[0]};
        if (has_halves) parts[1] = x.scale[1], parts[2] = x.minimum[0], parts[3] = x.minimum[1];
        for (int i = 0; i < head / 64; i++) {
          __builtin_memcpy(packed + 64 * i + 4 * row, parts + i, 4);
        }
      }
      uint8_t *half = packed + head + (row / 8) * half_bytes + (row % 8) * 4;
      for (int k = 0; k < (is_nibble ? 16 : 32); k++) {
        half[k / 4 * 32 + k % 4] =
          is_nibble ? (uint8_t)(x.q[k] | x.q[k + 16] << 4) : (uint8_t)x.q[k];
      }
    }
  }
}

void medai_unpack_wide_row(
  medai_type type, const uint8_t *packed, int64_t columns, int row, float *out) {
  int64_t head = medai_head_bytes(type);
  int is_nibble = medai_is_nibble(type), has_halves = medai_has_halves(type);
  int64_t half_bytes = is_nibble ? 128 : 256;
  for (int64_t b = 0; b < columns / medai_block; b++, packed += head + 2 * half_bytes) {
    float parts[4] = {0};
    for (int i = 0; i < head / 64; i++) {
      __builtin_memcpy(parts + i, packed + 64 * i + 4 * row, 4);
    }
    const uint8_t *half = packed + head + (row / 8) * half_bytes + (row % 8) * 4;
    for (int k = 0; k < 32; k++) {
      int column = is_nibble ? k % 16 : k;
      uint8_t byte = half[column / 4 * 32 + column % 4];
      float q = is_nibble ? (float)(k < 16 ? byte & 15 : byte >> 4) : (float)(int8_t)byte;
      int h = has_halves ? k / 16 : 0;
      float minimum = has_halves ? parts[2 + h] : parts[1];
      *out++ = __builtin_fmaf(q, parts[h], minimum);
    }
  }
}

// The nearest half, ties to even.
static uint16_t nearest_half(float x) {
  uint32_t bits = medai_bits(x), magnitude = bits & 0x7fffffff;
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;  // rounds beyond the largest half
  if (magnitude < 0x38800000) {
    // Below the smallest normal half: adding 1/2 leaves units of 2^-24, rounded by the addition.
    return sign | (uint16_t)(medai_bits(medai_float(magnitude) + 0.5f) - 0x3f000000);
  }
  uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return sign | (uint16_t)((rounded >> 13) - (112 << 10));
}

void medai_quantize_rows(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *blocks) {
  int64_t bytes = type == medai_f32 ? 4 : 2;
  for (int64_t b = 0; b < rows * columns / medai_block; b++, blocks += 34) {
    float x[32], largest = 0;
    for (int i = 0; i < 32; i++) {
      const uint8_t *source = file + (32 * b + i) * bytes;
      if (type == medai_f32) {
        __builtin_memcpy(x + i, source, 4);
      } else {
        x[i] = type == medai_f16 ? half_at(source) : medai_brain(word_at(source));
      }
      float magnitude = x[i] < 0 ? -x[i] : x[i];
      // A weight that is no number makes the whole block none, so that logits show it.
      if (!(magnitude <= largest)) largest = magnitude;
      if (largest != largest) break;
    }
    float scale = largest / 127.0f, inverse = scale > 0 ? 1.0f / scale : 0;
    uint16_t half = nearest_half(scale);
    __builtin_memcpy(blocks, &half, 2);
    int is_sound = largest < __builtin_inff() && inverse < __builtin_inff();
    for (int i = 0; i < 32; i++) {
      float value = is_sound ? x[i] * inverse : 0, magnitude = value < 0 ? -value : value;
      int whole = (int)magnitude;
      int rounded = whole + (magnitude - (float)whole >= 0.5f);
      blocks[2 + i] = (uint8_t)(int8_t)(value < 0 ? -rounded : rounded);
    }
  }
}
