// Weights as files hold them, and as the kernels want them.
#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

float medai_half_value(uint16_t half) { return medai_half(half); }

float medai_brain_value(uint16_t upper) { return medai_brain(upper); }

// Bytes of one block in a file, and of the scales at its head.
static int64_t block_bytes(medai_type type) {
  switch (type) {
    case medai_q4_0: return 18;
    case medai_q4_1: return 20;
    case medai_q8_0: return 34;
    default: return 0;
  }
}

static int64_t head_bytes(medai_type type) { return type == medai_q4_1 ? 4 : 2; }

int64_t medai_row_bytes(medai_type type, int64_t columns) {
  if (type == medai_f32) return 4 * columns;
  if (type == medai_f16 || type == medai_bf16) return 2 * columns;
  if (block_bytes(type) == 0) return medai_newer_row_bytes(type, columns);
  return columns % medai_block == 0 ? columns / medai_block * block_bytes(type) : 0;
}

int64_t medai_group_bytes(medai_type type, int64_t columns) {
  if (type < medai_wide4) return medai_group * medai_row_bytes(type, columns);
  int64_t bytes = medai_head_bytes(type) + (medai_is_nibble(type) ? 256 : 512);
  return columns % medai_block == 0 ? columns / medai_block * bytes : 0;
}

static void pack_blocks(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *packed) {
  int64_t bytes = block_bytes(type), head = head_bytes(type), words = (bytes - head) / 4;
  int64_t row_bytes = medai_row_bytes(type, columns);
  for (int64_t b = 0; b < columns / medai_block; b++) {
    for (int row = 0; row < rows; row++) {
      const uint8_t *block = file + row * row_bytes + b * bytes;
      __builtin_memcpy(packed + 2 * row, block, 2);
      if (head == 4) __builtin_memcpy(packed + 32 + 2 * row, block + 2, 2);
      uint8_t *half = packed + 16 * head + (row / 8) * (words * 32) + (row % 8) * 4;
      for (int64_t word = 0; word < words; word++) {
        __builtin_memcpy(half + word * 32, block + head + 4 * word, 4);
      }
    }
    packed += medai_group * bytes;
  }
}

static void pack_floats(
  int64_t bytes, const uint8_t *file, int64_t columns, int rows, uint8_t *packed) {
  for (int row = 0; row < rows; row++) {
    const uint8_t *source = file + row * columns * bytes;
    for (int64_t k = 0; k < columns; k++) {
      __builtin_memcpy(packed + (k * medai_group + row) * bytes, source + k * bytes, bytes);
    }
  }
}

void medai_pack_group(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *packed) {
  if (rows < medai_group) {
    __builtin_memset(packed, 0, medai_group_bytes(medai_packed_type(type), columns));
  }
  if (block_bytes(type) == 0 && !medai_is_float(type)) {
    medai_pack_newer_group(type, file, columns, rows, packed);
  } else if (medai_is_float(type)) {
    pack_floats(type == medai_f32 ? 4 : 2, file, columns, rows, packed);
  } else {
    pack_blocks(type, file, columns, rows, packed);
  }
}

static uint16_t half_at(const uint8_t *bytes) {
  uint16_t half;
  __builtin_memcpy(&half, bytes, 2);
  return half;
}

static void unpack_blocks(
  medai_type type, const uint8_t *packed, int64_t columns, int row, float *out) {
  int64_t bytes = block_bytes(type), head = head_bytes(type), words = (bytes - head) / 4;
  for (int64_t b = 0; b < columns / medai_block; b++, packed += medai_group * bytes, out += 32) {
    float scale = medai_half(half_at(packed + 2 * row));
    float minimum = head == 4 ? medai_half(half_at(packed + 32 + 2 * row)) : 0;
    const uint8_t *half = packed + 16 * head + (row / 8) * (words * 32) + (row % 8) * 4;
    for (int k = 0; k < (int)words * 4; k++) {
      uint8_t byte = half[(k / 4) * 32 + k % 4];
      if (type == medai_q8_0) {
        out[k] = (float)(int8_t)byte * scale;
      } else if (type == medai_q4_0) {
        out[k] = (float)((byte & 15) - 8) * scale;
        out[k + 16] = (float)((byte >> 4) - 8) * scale;
      } else {
        out[k] = __builtin_fmaf((float)(byte & 15), scale, minimum);
        out[k + 16] = __builtin_fmaf((float)(byte >> 4), scale, minimum);
      }
    }
  }
}

void medai_unpack_row(
  medai_type type, const uint8_t *packed, int64_t columns, int row, float *out) {
  if (type == medai_f32) {
    for (int64_t k = 0; k < columns; k++) {
      __builtin_memcpy(out + k, packed + 4 * (k * medai_group + row), 4);
    }
  } else if (type == medai_f16) {
    for (int64_t k = 0; k < columns; k++) {
      out[k] = medai_half(half_at(packed + 2 * (k * medai_group + row)));
    }
  } else if (type == medai_bf16) {
    for (int64_t k = 0; k < columns; k++) {
      out[k] = medai_brain(half_at(packed + 2 * (k * medai_group + row)));
    }
  } else if (type >= medai_wide4) {
    medai_unpack_wide_row(type, packed, columns, row, out);
  } else {
    unpack_blocks(type, packed, columns, row, out);
  }
}

int64_t medai_key_chunk_floats(int64_t d) { return d * medai_chunk; }

int64_t medai_value_chunk_floats(int64_t d) { return medai_round_up(d, 16) * medai_chunk; }

void medai_store_pair(
  const float *key, const float *value, int64_t d, int64_t slot, float *keys, float *values) {
  for (int64_t i = 0; i < d; i++) keys[i * medai_chunk + slot] = key[i];
  __builtin_memcpy(values + slot * medai_round_up(d, 16), value, d * sizeof(float));
}
