#ifndef MEDAI_COPENSSL_SHIM_FF1_H
#define MEDAI_COPENSSL_SHIM_FF1_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* AES-CBC with an initial vector of zeros and no padding over `count` bytes, a multiple of 16. The
   last block is the PRF of NIST SP 800-38G; one block alone is the block cipher itself. Returns 1
   on success. */
static inline int medai_aes_cbc_zero(
    const void *key, int key_count, const unsigned char *in, int count, unsigned char *out) {
  static const unsigned char zero[16];
  int written = 0, rest = 0, done = 0;
  const EVP_CIPHER *cipher = key_count == 16   ? EVP_aes_128_cbc()
                             : key_count == 24 ? EVP_aes_192_cbc()
                             : key_count == 32 ? EVP_aes_256_cbc()
                                               : NULL;
  EVP_CIPHER_CTX *context;
  if (cipher == NULL || count <= 0 || count % 16 != 0) return 0;
  context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  done = EVP_EncryptInit_ex(context, cipher, NULL, key, zero) == 1 &&
         EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
         EVP_EncryptUpdate(context, out, &written, in, count) == 1 &&
         EVP_EncryptFinal_ex(context, out + written, &rest) == 1 && written + rest == count;
  EVP_CIPHER_CTX_free(context);
  if (!done) ERR_clear_error();
  return done;
}

#endif
