// exp, log, cosine and sine in double by our own polynomials, and what is built on them.
#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

float medai_exp_float(float x) { return medai_expf(x); }

static double double_of(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, 8);
  return x;
}

static uint64_t bits_of(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, 8);
  return bits;
}

static const double magic = 6755399441055744.0;  // 1.5 * 2^52
static const double ln2_high = 0x1.62e42fefa38p-1;
static const double ln2_low = 0x1.ef35793c7673p-45;

double medai_exp(double x) {
  if (x != x) return x;
  if (x < -708.0) return 0;
  if (x > 709.0) return __builtin_inf();
  double shifted = __builtin_fma(x, 0x1.71547652b82fep+0, magic);
  double n = shifted - magic;
  double r = __builtin_fma(n, -ln2_high, x);
  r = __builtin_fma(n, -ln2_low, r);
  // Taylor to the 13th power: |r| <= 0.347, remainder below 1e-17.
  double p = 1.0 / 6227020800.0;
  static const double inverse_factorials[] = {
    1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
    1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0};
  for (int i = 0; i < 13; i++) p = __builtin_fma(p, r, inverse_factorials[i]);
  return double_of(bits_of(p) + (bits_of(shifted) << 52));
}

double medai_log(double x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inf() : double_of(0x7ff8000000000000);
  if (x > 0x1.fffffffffffffp+1023) return x;
  double exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  uint64_t bits = bits_of(x);
  exponent += (double)((int64_t)(bits >> 52) - 1023);
  double m = double_of((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  // log m = 2 atanh(f), f = (m - 1) / (m + 1), |f| <= 0.1716: odd series to the 23rd power.
  double f = (m - 1) / (m + 1), s = f * f, p = 0;
  for (int power = 23; power >= 3; power -= 2) p = __builtin_fma(p, s, 1.0 / power);
  double tail = 2 * f * (s * p);
  return __builtin_fma(exponent, ln2_high, __builtin_fma(exponent, ln2_low, tail) + 2 * f);
}

// Sine and cosine of an angle of at most 2^30 by reduction to a quarter turn.
static void sine_cosine(double angle, double *sine, double *cosine) {
  double shifted = __builtin_fma(angle, 0x1.45f306dc9c883p-1, magic);
  double n = shifted - magic;
  uint64_t quadrant = bits_of(shifted) & 3;
  double r = __builtin_fma(n, -0x1.921fb54442d18p+0, angle);
  r = __builtin_fma(n, -0x1.1a62633145c07p-54, r);
  double s = r * r;
  // Taylor to the 17th and 18th power: |r| <= 0.7854, remainder below 1e-17.
  double a = 0, b = 0;
  static const double sines[] = {
    1.0 / 355687428096000.0, -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0,
    1.0 / 362880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0};
  static const double cosines[] = {
    -1.0 / 6402373705728000.0, 1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0,
    -1.0 / 3628800.0, 1.0 / 40320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5};
  for (int i = 0; i < 8; i++) a = __builtin_fma(a, s, sines[i]);
  for (int i = 0; i < 9; i++) b = __builtin_fma(b, s, cosines[i]);
  double sin_r = __builtin_fma(r * s, a, r), cos_r = __builtin_fma(b, s, 1.0);
  double x = quadrant & 1 ? cos_r : sin_r, y = quadrant & 1 ? sin_r : cos_r;
  *sine = quadrant & 2 ? -x : x;
  *cosine = quadrant == 1 || quadrant == 2 ? -y : y;
}

void medai_rotary_table(
  double base, int64_t dims, int64_t position, const float *factors, float *cosines,
  float *sines) {
  double log_base = medai_log(base);
  for (int64_t i = 0; i < dims / 2; i++) {
    double frequency = medai_exp(-((double)(2 * i) / (double)dims) * log_base);
    if (factors) frequency = frequency / (double)factors[i];
    double sine, cosine;
    sine_cosine((double)position * frequency, &sine, &cosine);
    sines[i] = (float)sine;
    cosines[i] = (float)cosine;
  }
}

int medai_all_finite(const float *x, int64_t n) {
  uint32_t largest = 0;
  for (int64_t i = 0; i < n; i++) {
    uint32_t magnitude = medai_bits(x[i]) & 0x7fffffff;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest < 0x7f800000;
}

int64_t medai_argmax(const float *x, int64_t n) {
  int64_t best = 0;
  for (int64_t i = 1; i < n; i++) {
    if (x[i] > x[best]) best = i;
  }
  return best;
}

double medai_log_sum_exp(const float *x, int64_t n) {
  double maximum = x[medai_argmax(x, n)], sum = 0;
  for (int64_t i = 0; i < n; i++) sum += medai_exp((double)x[i] - maximum);
  return medai_log(sum) + maximum;
}
