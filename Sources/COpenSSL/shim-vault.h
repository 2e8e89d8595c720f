#ifndef MEDAI_COPENSSL_SHIM_VAULT_H
#define MEDAI_COPENSSL_SHIM_VAULT_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stddef.h>
#include <string.h>
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

/* AES-256-GCM with a nonce of 12 bytes and a tag of 16: `out` takes `count` bytes and the tag.
   Returns 1 on success. */
static inline int medai_gcm_seal(
    const void *key, const void *nonce, const void *associated, int associated_count,
    const void *plain, int count, unsigned char *out) {
  int done = 0, written = 0, rest = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  done = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
         (associated_count == 0 ||
          EVP_EncryptUpdate(context, NULL, &written, associated, associated_count) == 1) &&
         (count == 0 || EVP_EncryptUpdate(context, out, &written, plain, count) == 1) &&
         EVP_EncryptFinal_ex(context, out + count, &rest) == 1 && rest == 0 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, out + count) == 1;
  EVP_CIPHER_CTX_free(context);
  if (!done) ERR_clear_error();
  return done;
}

/* Opens what medai_gcm_seal made; `count` includes the tag. Where the tag does not hold, nothing
   of the plain text stays in `out`. Returns 1 on success. */
static inline int medai_gcm_open(
    const void *key, const void *nonce, const void *associated, int associated_count,
    const unsigned char *sealed, int count, unsigned char *out) {
  int done = 0, written = 0, rest = 0, plain = count - 16;
  unsigned char tag[16];
  EVP_CIPHER_CTX *context;
  if (plain < 0) return 0;
  context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  memcpy(tag, sealed + plain, 16);
  done = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
         (associated_count == 0 ||
          EVP_DecryptUpdate(context, NULL, &written, associated, associated_count) == 1) &&
         (plain == 0 || EVP_DecryptUpdate(context, out, &written, sealed, plain) == 1) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, tag) == 1 &&
         EVP_DecryptFinal_ex(context, out + plain, &rest) == 1 && rest == 0;
  EVP_CIPHER_CTX_free(context);
  if (!done) {
    if (plain > 0) OPENSSL_cleanse(out, (size_t)plain);
    ERR_clear_error();
  }
  return done;
}

/* AES key wrap (RFC 3394) with the default initial value. Wrapping gives 8 bytes more than it
   takes. Returns the count of bytes, 0 on failure. */
static inline int medai_key_wrap(
    const void *key, int key_count, int wraps, const void *in, int count, unsigned char *out) {
  int written = 0, rest = 0, done = 0;
  const EVP_CIPHER *cipher = key_count == 16   ? EVP_aes_128_wrap()
                             : key_count == 24 ? EVP_aes_192_wrap()
                             : key_count == 32 ? EVP_aes_256_wrap()
                                               : NULL;
  EVP_CIPHER_CTX *context;
  if (cipher == NULL || count <= 0 || count % 8 != 0) return 0;
  context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  done = EVP_CipherInit_ex(context, cipher, NULL, key, NULL, wraps) == 1 &&
         EVP_CipherUpdate(context, out, &written, in, count) == 1 &&
         EVP_CipherFinal_ex(context, out + written, &rest) == 1;
  EVP_CIPHER_CTX_free(context);
  if (!done) {
    OPENSSL_cleanse(out, (size_t)(wraps ? count + 8 : count));
    ERR_clear_error();
    return 0;
  }
  return written + rest;
}

/* HMAC-SHA-256 into 32 bytes. Returns 1 on success. */
static inline int medai_hmac_sha256(
    const void *key, int key_count, const unsigned char *message, size_t count,
    unsigned char *out) {
  unsigned int written = 0;
  return HMAC(EVP_sha256(), key, key_count, message, count, out, &written) != NULL && written == 32;
}

#endif
