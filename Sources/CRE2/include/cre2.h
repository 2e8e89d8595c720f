#ifndef MEDAI_CRE2_H
#define MEDAI_CRE2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RE2 for the patterns that a site supplies: linear time in the text, whatever the pattern. No
   C++ exception and no message with the pattern's text comes through here. */

typedef struct medai_re2 medai_re2;

/* Why a pattern is refused. */
enum {
  MEDAI_RE2_OK = 0,
  /* Syntax that RE2 has none of: look-around, backreferences, atomic groups. */
  MEDAI_RE2_UNSUPPORTED = 1,
  MEDAI_RE2_SYNTAX = 2,
  MEDAI_RE2_TOO_LARGE = 3,
  MEDAI_RE2_NO_MEMORY = 4,
};

/* Compiles a UTF-8 pattern; NULL where it is refused, and `reason` says why. */
medai_re2 *medai_re2_compile(const char *pattern, size_t count, int64_t max_memory, int *reason);

void medai_re2_free(medai_re2 *compiled);

/* The first match in text[from..<to], with what lies outside as its context. Returns 1 and the
   match's bytes, or 0. Threads may share a compiled pattern. */
int medai_re2_find(
    const medai_re2 *compiled, const char *text, size_t count, size_t from, size_t to,
    size_t *start, size_t *end);

#ifdef __cplusplus
}
#endif

#endif
