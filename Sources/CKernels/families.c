// What other families than llama need: the error function, GELU, stretched rotary frequencies.
#include "elementary.h"

#pragma STDC FP_CONTRACT OFF

// The error function and its derivative 2 / sqrt(pi) * exp(-c^2) at c = 0, 1/4, ... 6.
static const double erf_nodes[] = {
  0, 0x1.1af54e232d608p-2, 0x1.0a7ef5c18edd2p-1, 0x1.6c1c9759d0e5fp-1,
  0x1.af767a741088bp-1, 0x1.d8865d98abe00p-1, 0x1.eea5557137ae0p-1, 0x1.f92d077f8d56dp-1,
  0x1.fd9ae142795e3p-1, 0x1.ff404760319b4p-1, 0x1.ffcaa8f4c9beap-1, 0x1.fff2cfb0453d9p-1,
  0x1.fffd1ac4135f9p-1, 0x1.ffff6f9f67e55p-1, 0x1.ffffe710d565ep-1, 0x1.fffffc2f171e3p-1,
  0x1.ffffff7b91176p-1, 0x1.fffffff01a8b6p-1, 0x1.fffffffe4fa30p-1, 0x1.ffffffffd759dp-1,
  0x1.fffffffffc9e8p-1, 0x1.ffffffffffc05p-1, 0x1.fffffffffffbep-1, 0x1.ffffffffffffcp-1,
  0x1p+0};
static const double slope_nodes[] = {
  0x1.20dd750429b6dp+0, 0x1.0f5d1602f7e41p+0, 0x1.c1efca49a5011p-1, 0x1.492e42d78d2c5p-1,
  0x1.a911f096fbc26p-2, 0x1.e4652fadcb6b1p-3, 0x1.e723726b824a8p-4, 0x1.b055303221015p-5,
  0x1.529b9e8cf9a1ep-6, 0x1.d4143a9dfe965p-8, 0x1.1d83170fbf6fcp-9, 0x1.3360ccd23db3ap-11,
  0x1.2408e9ba3327fp-13, 0x1.e9b5e8d00ce76p-16, 0x1.6a597219a93d9p-18, 0x1.d9371e2ff7c35p-21,
  0x1.10b1488aeb235p-23, 0x1.155a09065d4f7p-26, 0x1.f1e3523b41d7dp-30, 0x1.8a61745ec7d1ep-33,
  0x1.13af4f04f9998p-36, 0x1.5422ef5d8949dp-40, 0x1.7258610b3b233p-44, 0x1.63daf8b4b1e0cp-48,
  0x1.2dc119095729fp-52};
static const double reciprocals[] = {
  1.0 / 1.0,  1.0 / 2.0,  1.0 / 3.0,  1.0 / 4.0,  1.0 / 5.0,  1.0 / 6.0,  1.0 / 7.0,  1.0 / 8.0,
  1.0 / 9.0,  1.0 / 10.0, 1.0 / 11.0, 1.0 / 12.0, 1.0 / 13.0, 1.0 / 14.0, 1.0 / 15.0, 1.0 / 16.0};

double medai_erf(double x) {
  if (x != x) return x;
  double z = x < 0 ? -x : x, sign = x < 0 ? -1.0 : 1.0;
  if (z >= 6.0) return sign;
  int node = (int)(z * 4.0 + 0.5);
  double c = node * 0.25, h = z - c;
  // Taylor series at the node, |h| <= 1/8. The coefficients of the derivative g follow from
  // g' = -2 t g: (n + 1) g[n + 1] = -2 c g[n] - 2 g[n - 1].
  double before = 0, now = slope_nodes[node], power = h, sum = 0;
  for (int n = 0; n < 15; n++) {
    sum = __builtin_fma(now * power, reciprocals[n], sum);
    double after = -2.0 * __builtin_fma(c, now, before) * reciprocals[n];
    before = now;
    now = after;
    power *= h;
  }
  return sign * (erf_nodes[node] + sum);
}

void medai_gelu(medai_isa isa, float *x, int64_t n) {
  (void)isa;  // scalar double arithmetic everywhere: little beside the products around it
  for (int64_t i = 0; i < n; i++) {
    double v = x[i];
    x[i] = (float)(v * (0.5 * (1.0 + medai_erf(v * 0x1.6a09e667f3bcdp-1))));
  }
}

static const double two_pi = 0x1.921fb54442d18p+2;

static double frequency_of(double log_base, int64_t i, int64_t dims) {
  return medai_exp(-((double)(2 * i) / (double)dims) * log_base);
}

void medai_llama3_divisors(
  double base, int64_t dims, double factor, double low, double high, double original,
  float *divisors) {
  double log_base = medai_log(base);
  for (int64_t i = 0; i < dims / 2; i++) {
    double wave = two_pi / frequency_of(log_base, i, dims);
    double divisor = 1;
    if (wave > original / low) {
      divisor = factor;
    } else if (wave >= original / high) {
      double smooth = (original / wave - low) / (high - low);
      divisor = 1.0 / ((1.0 - smooth) / factor + smooth);
    }
    divisors[i] = (float)divisor;
  }
}

void medai_yarn_divisors(
  double base, int64_t dims, double factor, double original, double fast, double slow,
  int truncate, float *divisors) {
  double log_base = medai_log(base);
  double begin = (double)dims * medai_log(original / (fast * two_pi)) / (2.0 * log_base);
  double end = (double)dims * medai_log(original / (slow * two_pi)) / (2.0 * log_base);
  if (truncate) {
    begin = __builtin_floor(begin);
    end = __builtin_ceil(end);
  }
  if (begin < 0) begin = 0;
  if (end > (double)(dims - 1)) end = (double)(dims - 1);
  if (begin == end) end += 0.001;
  for (int64_t i = 0; i < dims / 2; i++) {
    double ramp = ((double)i - begin) / (end - begin);
    ramp = ramp < 0 ? 0 : ramp > 1 ? 1 : ramp;
    divisors[i] = (float)(1.0 / (ramp / factor + (1.0 - ramp)));
  }
}

double medai_yarn_magnitude(double factor, double multiplier) {
  return factor <= 1 ? 1 : 0.1 * multiplier * medai_log(factor) + 1.0;
}
