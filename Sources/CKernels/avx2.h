// What the AVX2 files share.
#ifndef MEDAI_AVX2_H
#define MEDAI_AVX2_H

#include <immintrin.h>

#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

// medai_expf on eight lanes.
MEDAI_INLINE __m256 exp8(__m256 x) {
  const __m256 magic = _mm256_set1_ps(MEDAI_EXP_MAGIC);
  __m256 shifted = _mm256_fmadd_ps(x, _mm256_set1_ps(MEDAI_LOG2E), magic);
  __m256 n = _mm256_sub_ps(shifted, magic);
  __m256 r = _mm256_fmadd_ps(n, _mm256_set1_ps(-MEDAI_LN2_HIGH), x);
  r = _mm256_fmadd_ps(n, _mm256_set1_ps(-MEDAI_LN2_LOW), r);
  __m256 p = _mm256_fmadd_ps(_mm256_set1_ps(MEDAI_EXP_C7), r, _mm256_set1_ps(MEDAI_EXP_C6));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MEDAI_EXP_C5));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MEDAI_EXP_C4));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MEDAI_EXP_C3));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.5f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  __m256i power = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
  __m256 result = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), power));
  __m256 low = _mm256_cmp_ps(x, _mm256_set1_ps(MEDAI_EXP_LOW), _CMP_LT_OQ);
  __m256 high = _mm256_cmp_ps(x, _mm256_set1_ps(MEDAI_EXP_HIGH), _CMP_GT_OQ);
  result = _mm256_andnot_ps(low, result);
  result = _mm256_blendv_ps(result, _mm256_set1_ps(__builtin_inff()), high);
  return _mm256_blendv_ps(result, x, _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}

#pragma clang attribute pop

#endif
