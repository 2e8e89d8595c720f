// All float arithmetic of the engine.
//
// One rule makes the same bits on every machine: each output element has ONE order of operations,
// written down here, and every implementation follows it. Vector lanes hold different output
// elements, never parts of one, so the width of a vector cannot change a result.
//
// No function here allocates, keeps state or calls a mathematical function of the C library
// (except fmaf and fma, whose results IEEE 754 fixes).
#ifndef MEDAI_KERNELS_H
#define MEDAI_KERNELS_H

#include <stdint.h>

// Which implementation runs. The result does not depend on it.
typedef enum { medai_isa_portable = 0, medai_isa_avx2 = 1 } medai_isa;

// How the weights of a matrix are stored; numbers are those of GGUF.
typedef enum {
  medai_f32 = 0,
  medai_f16 = 1,
  medai_q4_0 = 2,
  medai_q4_1 = 3,
  medai_q5_0 = 6,
  medai_q5_1 = 7,
  medai_q8_0 = 8,
  medai_q2_k = 10,
  medai_q3_k = 11,
  medai_q4_k = 12,
  medai_q5_k = 13,
  medai_q6_k = 14,
  medai_iq4_nl = 20,
  medai_iq4_xs = 23,
  medai_bf16 = 30,
  // Packed forms that no file has.
  medai_wide4 = 1001,    // 4-bit numbers, a float scale and minimum for 32
  medai_wide8 = 1002,    // signed bytes, a float scale and minimum for 32
  medai_wide16 = 1003,   // signed bytes, a float scale for 16
  medai_wide16m = 1004,  // signed bytes, a float scale and minimum for 16
} medai_type;

enum {
  medai_block = 32,       // elements that share a scale
  medai_group = 16,       // rows that are packed together
  medai_chunk = 64,       // keys of one attention chunk
  medai_query_tile = 4,   // queries that one attention call may take
};

// choose.c

// The fastest implementation this processor runs.
medai_isa medai_best_isa(void);
// 1 where this processor runs the implementation.
int medai_isa_runs(medai_isa isa);
// 1 where the calling thread rounds to nearest, keeps subnormals and traps nothing.
int medai_float_environment_is_default(void);
// Tells the processor that the thread spins.
void medai_pause(void);

// Weights

// The form that a file's type is packed in: itself, or one that stands for the same numbers.
medai_type medai_packed_type(medai_type type);
// Bytes of `columns` elements of one row as a file holds them; 0 where the type needs a multiple
// of 32 (256 for q2_k to q6_k and iq4_xs) and does not get it, or where no file has the type.
int64_t medai_row_bytes(medai_type type, int64_t columns);
// Bytes of one packed group of 16 rows of a packed type.
int64_t medai_group_bytes(medai_type type, int64_t columns);
// Packs one group of a file's type into its packed type. `rows` (1 to 16) rows are read from `file`; missing ones become zero.
//
// Packed f32/f16/bf16: for each column 16 values. Packed blocks: for each block of 32 columns 16 scales
// (f16), for q4_1 16 minima (f16), then, for rows 0-7 and rows 8-15, 32-byte vectors that hold four
// successive columns of each of eight rows. Wide blocks begin with 16 floats for each of: scale (two
// where 16 columns share one), minimum (likewise). A 4-bit vector j holds columns 4j..4j+3 in its low and
// columns 16+4j.. in its high nibbles.
void medai_pack_group(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *packed);
// Turns rows of f32, f16 or bf16 (a multiple of 32 columns) into blocks of q8_0 as ggml does: scale =
// max|x| / 127 as the nearest half, q = x * (1 / scale) rounded half away from zero.
void medai_quantize_rows(
  medai_type type, const uint8_t *file, int64_t columns, int rows, uint8_t *blocks);
// Reads one row of a packed group (of a packed type) back as floats: d * q, or fma(d, q, m).
void medai_unpack_row(
  medai_type type, const uint8_t *packed, int64_t columns, int row, float *out);
// Float value of an IEEE half.
float medai_half_value(uint16_t half);
// Float value of the upper half of a float.
float medai_brain_value(uint16_t upper);

// Activations of several columns (tokens). Each is kept as floats and, for weights in blocks, as
// fifteen-bit integers q = 128 * high + low, whose products with weights two eight-bit multiplies
// give exactly. Fifteen bits keep the logits within rounding of Float32; eight do not.
typedef struct {
  const float *values;   // [n][stride]
  const int8_t *quants;  // [block][n][64]: 32 high parts in -127...127, 32 low ones in -64...63
  const float *scales;   // [block][n]
  const float *sums;     // [block][n]: scale * count
  const int32_t *counts; // [block][n]: sum of the block's q
  int64_t stride;        // floats from one column of `values` to the next
} medai_activations;

// Quantises one column of n columns. Per block of 32: scale = max|x| / 16256,
// q = round-half-even(x * (16256 / max|x|)). A block whose maximum is below 2^-100 becomes zero; one
// that is not finite gets the scale NaN. The pointers are those of `medai_activations`.
void medai_quantize(
  medai_isa isa, const float *x, int64_t length, int64_t column, int64_t n, int8_t *quants,
  float *scales, float *sums, int32_t *counts);

// out[c * out_stride + 16 * g + r] = row (16 * g + r) times column c, for groups first..<last.
//
// Order of one element, from zero, k ascending:
//   f32, f16, bf16: acc = fma(w, x, acc)
//   q8_0:     acc = fma(float(isum), dw * dx, acc)
//   q4_0:     the same with isum - 8 * count
//   q4_1, wide4, wide8: the same with isum, then acc = fma(mw, sum, acc)
//   wide16:   acc = fma(float(isum), dw * dx, acc) for columns 0-15, then for columns 16-31
//   wide16m:  the same, then acc = fma(mw, dx * float(sum of the activation's q), acc) for each half
// where isum is the exact integer sum of a block or half.
void medai_multiply(
  medai_isa isa, medai_type type, const uint8_t *packed, int64_t columns, int64_t first,
  int64_t last, const medai_activations *x, int64_t n, float *out, int64_t out_stride);

// Vectors

// x += y.
void medai_add(medai_isa isa, float *x, const float *y, int64_t n);
// out = (x * (1 / sqrt(mean(x^2) + eps))) * w; the squares are summed in eight lanes (element i in
// lane i mod 8, fma, ascending) which are then added ((0+4)+(2+6))+((1+5)+(3+7)).
void medai_rms_norm(
  medai_isa isa, const float *x, const float *w, int64_t n, float eps, float *out);
// x += y * factor, the product rounded first.
void medai_add_scaled(medai_isa isa, float *x, const float *y, float factor, int64_t n);
// x *= factor.
void medai_scale(medai_isa isa, float *x, float factor, int64_t n);
// mean = sum / n, d = x - mean, out = fma(d * (1 / sqrt(sum of d^2 / n + eps)), w, b); both sums in
// eight lanes as in medai_rms_norm.
void medai_layer_norm(
  medai_isa isa, const float *x, const float *w, const float *b, int64_t n, float eps, float *out);
// x = x * (1 + erf(x / sqrt(2))) / 2, computed in double and rounded once.
void medai_gelu(medai_isa isa, float *x, int64_t n);
// out = gate / (1 + exp(-gate)) * up.
void medai_swiglu(medai_isa isa, const float *gate, const float *up, int64_t n, float *out);
// Cosines and sines of position * base^(-2i/dims) / factor[i], i < dims / 2; factors may be null.
void medai_rotary_table(
  double base, int64_t dims, int64_t position, const float *factors, float *cosines, float *sines);
// Turns the pairs (2i, 2i+1) of one head: (fma(a, c, -(b*s)), fma(b, c, a*s)).
void medai_rotate(
  medai_isa isa, float *head, int64_t dims, const float *cosines, const float *sines);
// The same with the pairs (i, dims / 2 + i).
void medai_rotate_halves(
  medai_isa isa, float *head, int64_t dims, const float *cosines, const float *sines);

// Divisors of the rotary frequencies for `medai_rotary_table`, dims / 2 of them (families.c).

// The published rule of Llama 3.1: wavelengths above original / low are stretched by `factor`,
// those below original / high stay, between them the frequency is interpolated.
void medai_llama3_divisors(
  double base, int64_t dims, double factor, double low, double high, double original,
  float *divisors);
// YaRN (Peng et al. 2023): a linear ramp over the dimensions between `fast` and `slow` turns within
// the original context; `truncate` widens the ramp to whole dimensions.
void medai_yarn_divisors(
  double base, int64_t dims, double factor, double original, double fast, double slow,
  int truncate, float *divisors);
// YaRN's factor of cosines and sines: 0.1 * multiplier * log(factor) + 1; 1 for factors up to 1.
double medai_yarn_magnitude(double factor, double multiplier);

// Attention

// Floats of one chunk: keys are stored [d][64 keys], values [64 keys][d rounded up to 16].
int64_t medai_key_chunk_floats(int64_t d);
int64_t medai_value_chunk_floats(int64_t d);
// Puts one key and one value into their chunk, in place `slot` (0 to 63).
void medai_store_pair(
  const float *key, const float *value, int64_t d, int64_t slot, float *keys, float *values);
// Attention of up to four queries of one head over chunks 0, 1, ... of a cache.
//
// Query t sits at position first_position + t and sees keys 0...its position. For each chunk in
// ascending order: score = (fma over d ascending) * scale; m' = max(m, scores); correction =
// exp(m - m'); p = exp(score - m'); l = fma(l, correction, sum of p in eight lanes as in
// medai_rms_norm); o = fma(p, v, o) over keys ascending from o * correction. At the end o / l.
// queries and out: [n][stride]. scratch: 4 * 64 floats and 4 * (d rounded up to 16) floats.
void medai_attend(
  medai_isa isa, const float *queries, int64_t query_stride, int64_t n, int64_t first_position,
  int64_t d, float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride);
// The same where each query sees only its last `window` keys (itself among them). Chunks before the
// first seen key are passed over, keys before it within a chunk are left out of every sum.
void medai_attend_window(
  medai_isa isa, const float *queries, int64_t query_stride, int64_t n, int64_t first_position,
  int64_t window, int64_t d, float scale, const float *keys, const float *values, float *scratch,
  float *out, int64_t out_stride);

// Scores

// exp and log in double, by our own polynomials (within 2 units in the last place).
double medai_exp(double x);
double medai_log(double x);
// The error function in double (within 4 units in the last place of 1).
double medai_erf(double x);
float medai_exp_float(float x);
// 1 where every value is finite.
int medai_all_finite(const float *x, int64_t n);
// Index of the largest value, the lowest such index.
int64_t medai_argmax(const float *x, int64_t n);
// log(sum of exp(x - max)) + max, summed in double in ascending order.
double medai_log_sum_exp(const float *x, int64_t n);

#endif
