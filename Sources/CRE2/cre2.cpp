#include "cre2.h"

#include <new>

#include <re2/re2.h>

struct medai_re2 {
  re2::RE2 pattern;
  medai_re2(re2::StringPiece text, const re2::RE2::Options &options) : pattern(text, options) {}
};

/* RE2 reports look-behind as a bad name of a group or a missing bracket. */
static bool looks_behind(re2::StringPiece pattern) {
  return pattern.find("(?<=") != re2::StringPiece::npos ||
         pattern.find("(?<!") != re2::StringPiece::npos;
}

static int reason_of(re2::RE2::ErrorCode code, re2::StringPiece pattern) {
  if (code != re2::RE2::NoError && looks_behind(pattern)) return MEDAI_RE2_UNSUPPORTED;
  switch (code) {
    case re2::RE2::NoError: return MEDAI_RE2_OK;
    case re2::RE2::ErrorBadPerlOp:
    case re2::RE2::ErrorBadEscape: return MEDAI_RE2_UNSUPPORTED;
    case re2::RE2::ErrorPatternTooLarge:
    case re2::RE2::ErrorRepeatSize: return MEDAI_RE2_TOO_LARGE;
    default: return MEDAI_RE2_SYNTAX;
  }
}

extern "C" medai_re2 *medai_re2_compile(
    const char *pattern, size_t count, int64_t max_memory, int *reason) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(max_memory);
    options.set_never_nl(false);
    medai_re2 *made = new medai_re2(re2::StringPiece(pattern, count), options);
    *reason = reason_of(made->pattern.error_code(), re2::StringPiece(pattern, count));
    if (*reason == MEDAI_RE2_OK) return made;
    delete made;
  } catch (...) {
    *reason = MEDAI_RE2_NO_MEMORY;
  }
  return nullptr;
}

extern "C" void medai_re2_free(medai_re2 *compiled) { delete compiled; }

extern "C" int medai_re2_find(
    const medai_re2 *compiled, const char *text, size_t count, size_t from, size_t to,
    size_t *start, size_t *end) {
  re2::StringPiece found;
  if (!compiled->pattern.Match(
          re2::StringPiece(text, count), from, to, re2::RE2::UNANCHORED, &found, 1)) {
    return 0;
  }
  *start = static_cast<size_t>(found.data() - text);
  *end = *start + found.size();
  return 1;
}
