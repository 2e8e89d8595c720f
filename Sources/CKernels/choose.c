// Which implementation runs. The choice is an argument, so nothing here keeps state.
#include "elementary.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#pragma STDC FP_CONTRACT OFF

int medai_isa_runs(medai_isa isa) {
  switch (isa) {
    case medai_isa_portable: return 1;
    case medai_isa_avx2:
#if defined(__x86_64__)
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("f16c");
#else
      return 0;
#endif
  }
  return 0;
}

medai_isa medai_best_isa(void) {
  return medai_isa_runs(medai_isa_avx2) ? medai_isa_avx2 : medai_isa_portable;
}

int medai_float_environment_is_default(void) {
#if defined(__x86_64__)
  // All exceptions masked, round to nearest, no flush to zero, no denormals-are-zero; the six low
  // bits are sticky flags.
  return (_mm_getcsr() & ~0x3fu) == 0x1f80;
#elif defined(__aarch64__)
  uint64_t control;
  __asm__("mrs %0, fpcr" : "=r"(control));
  return control == 0;
#else
  return 1;
#endif
}

void medai_pause(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#if defined(__x86_64__)
#define DISPATCH(name, ...)                                                                       \
  do {                                                                                            \
    if (isa == medai_isa_avx2) {                                                                  \
      name##_avx2(__VA_ARGS__);                                                                   \
    } else {                                                                                      \
      name##_portable(__VA_ARGS__);                                                               \
    }                                                                                             \
  } while (0)
#else
#define DISPATCH(name, ...)                                                                       \
  do {                                                                                            \
    (void)isa;                                                                                    \
    name##_portable(__VA_ARGS__);                                                                 \
  } while (0)
#endif

void medai_quantize(
  medai_isa isa, const float *x, int64_t length, int64_t column, int64_t n, int8_t *quants,
  float *scales, float *sums, int32_t *counts) {
  DISPATCH(medai_quantize, x, length, column, n, quants, scales, sums, counts);
}

void medai_multiply(
  medai_isa isa, medai_type type, const uint8_t *packed, int64_t columns, int64_t first,
  int64_t last, const medai_activations *x, int64_t n, float *out, int64_t out_stride) {
  DISPATCH(medai_multiply, type, packed, columns, first, last, x, n, out, out_stride);
}

void medai_add(medai_isa isa, float *x, const float *y, int64_t n) {
  DISPATCH(medai_add, x, y, n);
}

void medai_add_scaled(medai_isa isa, float *x, const float *y, float factor, int64_t n) {
  DISPATCH(medai_add_scaled, x, y, factor, n);
}

void medai_scale(medai_isa isa, float *x, float factor, int64_t n) {
  DISPATCH(medai_scale, x, factor, n);
}

void medai_layer_norm(
  medai_isa isa, const float *x, const float *w, const float *b, int64_t n, float eps,
  float *out) {
  DISPATCH(medai_layer_norm, x, w, b, n, eps, out);
}

void medai_rotate_halves(
  medai_isa isa, float *head, int64_t dims, const float *cosines, const float *sines) {
  DISPATCH(medai_rotate_halves, head, dims, cosines, sines);
}

void medai_attend_window(
  medai_isa isa, const float *queries, int64_t query_stride, int64_t n, int64_t first_position,
  int64_t window, int64_t d, float scale, const float *keys, const float *values, float *scratch,
  float *out, int64_t out_stride) {
  DISPATCH(
    medai_attend_window, queries, query_stride, n, first_position, window, d, scale, keys, values,
    scratch, out, out_stride);
}

void medai_rms_norm(
  medai_isa isa, const float *x, const float *w, int64_t n, float eps, float *out) {
  DISPATCH(medai_rms_norm, x, w, n, eps, out);
}

void medai_swiglu(medai_isa isa, const float *gate, const float *up, int64_t n, float *out) {
  DISPATCH(medai_swiglu, gate, up, n, out);
}

void medai_rotate(
  medai_isa isa, float *head, int64_t dims, const float *cosines, const float *sines) {
  DISPATCH(medai_rotate, head, dims, cosines, sines);
}

void medai_attend(
  medai_isa isa, const float *queries, int64_t query_stride, int64_t n, int64_t first_position,
  int64_t d, float scale, const float *keys, const float *values, float *scratch, float *out,
  int64_t out_stride) {
  DISPATCH(
    medai_attend, queries, query_stride, n, first_position, d, scale, keys, values, scratch, out,
    out_stride);
}
