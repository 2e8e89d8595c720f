// The plain implementation: the definition of every result. Read this one first.
#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

void medai_quantize_portable(
  const float *x, int64_t length, int64_t column, int64_t n, int8_t *quants, float *scales,
  float *sums, int32_t *counts) {
  for (int64_t block = 0; block < length / medai_block; block++, x += 32) {
    int64_t place = block * n + column;
    int8_t *high = quants + 64 * place, *low = high + 32;
    uint32_t largest = 0;  // compared as bits, so that NaN wins over every number
    for (int i = 0; i < 32; i++) {
      uint32_t magnitude = medai_bits(x[i]) & 0x7fffffff;
      if (magnitude > largest) largest = magnitude;
    }
    float maximum = medai_float(largest);
    if (largest >= 0x7f800000 || maximum < MEDAI_QUANT_FLOOR) {
      __builtin_memset(high, 0, 64);
      scales[place] = sums[place] = largest >= 0x7f800000 ? medai_float(0x7fc00000) : 0;
      counts[place] = 0;
      continue;
    }
    float scale = maximum / (float)MEDAI_QUANT_LIMIT;
    float inverse = (float)MEDAI_QUANT_LIMIT / maximum;
    int32_t count = 0;
    for (int i = 0; i < 32; i++) {
      // Adding and removing 1.5 * 2^23 rounds half to even.
      float rounded = (x[i] * inverse + MEDAI_EXP_MAGIC) - MEDAI_EXP_MAGIC;
      int32_t q = (int32_t)rounded;
      q = q > MEDAI_QUANT_LIMIT ? MEDAI_QUANT_LIMIT : q;
      q = q < -MEDAI_QUANT_LIMIT ? -MEDAI_QUANT_LIMIT : q;
      int32_t l = ((q + 64) & 127) - 64;
      low[i] = (int8_t)l;
      high[i] = (int8_t)((q - l) / 128);
      count += q;
    }
    scales[place] = scale;
    counts[place] = count;
    sums[place] = scale * (float)count;
  }
}

// The integers of sixteen rows of a block, [row][column].
static void block_weights(medai_type type, const uint8_t *body, int32_t *weights) {
  const int is_nibble = medai_is_nibble(type);
  for (int row = 0; row < medai_group; row++) {
    for (int k = 0; k < 32; k++) {
      int word = k / 4 % (is_nibble ? 4 : 8);
      int half = row / 8 * (is_nibble ? 128 : 256);
      uint8_t byte = body[half + word * 32 + row % 8 * 4 + k % 4];
      weights[row * 32 + k] = !is_nibble ? (int8_t)byte : k < 16 ? byte & 15 : byte >> 4;
    }
  }
}

static float half_at(const uint8_t *bytes) {
  uint16_t half;
  __builtin_memcpy(&half, bytes, 2);
  return medai_half(half);
}

// Number `part` of a row at the head of a block: scale or minimum.
static float head_value(medai_type type, const uint8_t *head, int part, int row) {
  if (type < medai_wide4) return half_at(head + 32 * part + 2 * row);
  float value;
  __builtin_memcpy(&value, head + 64 * part + 4 * row, 4);
  return value;
}

static void multiply_blocks(
  medai_type type, const uint8_t *group, int64_t columns, const medai_activations *x, int64_t n,
  float *out, int64_t out_stride) {
  const int halves = medai_has_halves(type) ? 2 : 1, length = 32 / halves;
  const int has_minimum = medai_has_minimum(type) || type == medai_wide16m;
  int64_t bytes = medai_group_bytes(type, medai_block);
  for (int64_t c = 0; c < n; c++) {
    for (int row = 0; row < medai_group; row++) out[c * out_stride + row] = 0;
  }
  for (int64_t b = 0; b < columns / medai_block; b++, group += bytes) {
    int32_t weights[medai_group * 32];
    block_weights(type, group + medai_head_bytes(type), weights);
    for (int64_t c = 0; c < n; c++) {
      int64_t place = b * n + c;
      const int8_t *high = x->quants + 64 * place, *low = high + 32;
      int32_t quants[32], counts[2] = {0};
      for (int k = 0; k < 32; k++) quants[k] = 128 * high[k] + low[k];
      for (int k = 0; k < 32; k++) counts[k / length] += quants[k];
      for (int row = 0; row < medai_group; row++) {
        float sum = out[c * out_stride + row];
        for (int h = 0; h < halves; h++) {
          int32_t isum = type == medai_q4_0 ? -8 * x->counts[place] : 0;
          for (int k = h * length; k < (h + 1) * length; k++) {
            isum += weights[row * 32 + k] * quants[k];
          }
          float scale = head_value(type, group, h, row);
          sum = __builtin_fmaf((float)isum, scale * x->scales[place], sum);
        }
        for (int h = 0; h < halves && has_minimum; h++) {
          float part = halves == 1 ? x->sums[place] : x->scales[place] * (float)counts[h];
          sum = __builtin_fmaf(head_value(type, group, halves + h, row), part, sum);
        }
        out[c * out_stride + row] = sum;
      }
    }
  }
}

static float multiply_floats(
  medai_type type, const uint8_t *group, int64_t columns, int row, const float *x) {
  float sum = 0;
  for (int64_t k = 0; k < columns; k++) {
    float weight;
    if (type == medai_f32) {
      __builtin_memcpy(&weight, group + 4 * (k * medai_group + row), 4);
    } else if (type == medai_f16) {
      weight = half_at(group + 2 * (k * medai_group + row));
    } else {
      uint16_t upper;
      __builtin_memcpy(&upper, group + 2 * (k * medai_group + row), 2);
      weight = medai_brain(upper);
    }
    sum = __builtin_fmaf(weight, x[k], sum);
  }
  return sum;
}

void medai_multiply_portable(
  medai_type type, const uint8_t *packed, int64_t columns, int64_t first, int64_t last,
  const medai_activations *x, int64_t n, float *out, int64_t out_stride) {
  int64_t bytes = medai_group_bytes(type, columns);
  for (int64_t g = first; g < last; g++) {
    const uint8_t *group = packed + g * bytes;
    float *place = out + g * medai_group;
    if (!medai_is_float(type)) {
      multiply_blocks(type, group, columns, x, n, place, out_stride);
      continue;
    }
    for (int64_t c = 0; c < n; c++) {
      for (int row = 0; row < medai_group; row++) {
        place[c * out_stride + row] =
          multiply_floats(type, group, columns, row, x->values + c * x->stride);
      }
    }
  }
}

void medai_add_portable(float *x, const float *y, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] += y[i];
}

void medai_rms_norm_portable(
  const float *x, const float *w, int64_t n, float eps, float *out) {
  float lanes[8] = {0};
  for (int64_t i = 0; i < n; i++) lanes[i % 8] = __builtin_fmaf(x[i], x[i], lanes[i % 8]);
  float factor = medai_norm_factor(medai_lane_sum(lanes), n, eps);
  for (int64_t i = 0; i < n; i++) out[i] = (x[i] * factor) * w[i];
}

void medai_add_scaled_portable(float *x, const float *y, float factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] += y[i] * factor;
}

void medai_scale_portable(float *x, float factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) x[i] *= factor;
}

void medai_layer_norm_portable(
  const float *x, const float *w, const float *b, int64_t n, float eps, float *out) {
  float lanes[8] = {0};
  for (int64_t i = 0; i < n; i++) lanes[i % 8] += x[i];
  float mean = medai_lane_sum(lanes) / (float)n;
  for (int i = 0; i < 8; i++) lanes[i] = 0;
  for (int64_t i = 0; i < n; i++) {
    float d = x[i] - mean;
    lanes[i % 8] = __builtin_fmaf(d, d, lanes[i % 8]);
  }
  float factor = medai_norm_factor(medai_lane_sum(lanes), n, eps);
  for (int64_t i = 0; i < n; i++) {
    out[i] = __builtin_fmaf((x[i] - mean) * factor, w[i], b[i]);
  }
}

void medai_swiglu_portable(const float *gate, const float *up, int64_t n, float *out) {
  for (int64_t i = 0; i < n; i++) {
    out[i] = gate[i] / (1.0f + medai_expf(-gate[i])) * up[i];
  }
}

void medai_rotate_portable(
  float *head, int64_t dims, const float *cosines, const float *sines) {
  for (int64_t i = 0; i < dims / 2; i++) {
    float a = head[2 * i], b = head[2 * i + 1];
    head[2 * i] = __builtin_fmaf(a, cosines[i], -(b * sines[i]));
    head[2 * i + 1] = __builtin_fmaf(b, cosines[i], a * sines[i]);
  }
}

void medai_rotate_halves_portable(
  float *head, int64_t dims, const float *cosines, const float *sines) {
  float *other = head + dims / 2;
  for (int64_t i = 0; i < dims / 2; i++) {
    float a = head[i], b = other[i];
    head[i] = __builtin_fmaf(a, cosines[i], -(b * sines[i]));
    other[i] = __builtin_fmaf(b, cosines[i], a * sines[i]);
  }
}

// The query sees the keys from `first` to its own position.
static void attend_one(
  const float *query, int64_t first, int64_t position, int64_t d, float scale, const float *keys,
  const float *values, float *out) {
  int64_t wide = medai_round_up(d, 16);
  float maximum = -__builtin_inff(), total = 0;
  for (int64_t i = 0; i < d; i++) out[i] = 0;
  for (int64_t chunk = first / medai_chunk; chunk * medai_chunk <= position; chunk++) {
    const float *k = keys + chunk * medai_key_chunk_floats(d);
    const float *v = values + chunk * medai_value_chunk_floats(d);
    int64_t count = position + 1 - chunk * medai_chunk;
    if (count > medai_chunk) count = medai_chunk;
    int64_t begin = first - chunk * medai_chunk;
    if (begin < 0) begin = 0;
    float scores[medai_chunk], lanes[8] = {0};
    float largest = maximum;
    for (int64_t j = begin; j < count; j++) {
      float sum = 0;
      for (int64_t i = 0; i < d; i++) sum = __builtin_fmaf(query[i], k[i * medai_chunk + j], sum);
      scores[j] = sum * scale;
      largest = scores[j] > largest ? scores[j] : largest;
    }
    float correction = medai_expf(maximum - largest);
    for (int64_t j = begin; j < count; j++) {
      scores[j] = medai_expf(scores[j] - largest);
      lanes[j % 8] += scores[j];
    }
    total = __builtin_fmaf(total, correction, medai_lane_sum(lanes));
    maximum = largest;
    for (int64_t i = 0; i < d; i++) {
      float sum = out[i] * correction;
      for (int64_t j = begin; j < count; j++) sum = __builtin_fmaf(scores[j], v[j * wide + i], sum);
      out[i] = sum;
    }
  }
  for (int64_t i = 0; i < d; i++) out[i] = out[i] / total;
}

void medai_attend_portable(
  const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t d,
  float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
  (void)scratch;
  for (int64_t t = 0; t < n; t++) {
    attend_one(
      queries + t * query_stride, 0, first_position + t, d, scale, keys, values,
      out + t * out_stride);
  }
}

void medai_attend_window_portable(
  const float *queries, int64_t query_stride, int64_t n, int64_t first_position, int64_t window,
  int64_t d, float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
  (void)scratch;
  for (int64_t t = 0; t < n; t++) {
    int64_t position = first_position + t;
    int64_t first = position + 1 > window ? position + 1 - window : 0;
    attend_one(
      queries + t * query_stride, first, position, d, scale, keys, values, out + t * out_stride);
  }
}
