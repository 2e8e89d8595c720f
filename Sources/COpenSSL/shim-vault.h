#ifndef MEDAI_COPENSSL_SHIM_VAULT_H
#define MEDAI_COPENSSL_SHIM_VAULT_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Starts libcrypto's secure heap, once: memory that is locked, kept out of core dumps and fenced by
   guard pages. As large as the limit on locked memory allows, between 64 KiB and 1 MiB. Returns 1
   where it is locked, 2 where the system refused to lock it, 0 where there is none. */
static inline int medai_secure_heap_start(void) {
  if (CRYPTO_secure_malloc_initialized()) return 1;
  size_t bytes = (size_t)1 << 20;
  struct rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    while (bytes > (size_t)1 << 16 && bytes > limit.rlim_cur) bytes >>= 1;
  }
  return CRYPTO_secure_malloc_init(bytes, 32);
}

/* Memory of the secure heap, zeroed; NULL where it is exhausted. */
static inline void *medai_secure_allocate(size_t count) { return OPENSSL_secure_zalloc(count); }

/* Wipes memory of the secure heap and gives it back. */
static inline void medai_secure_free(void *memory, size_t count) {
  OPENSSL_secure_clear_free(memory, count);
}

/* Whether the process may be dumped or read by another process of its user: 0 forbids both. */
static inline int medai_set_dumpable(int dumpable) {
  return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
}

static inline int medai_get_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

#endif
