#ifndef MEDAI_COPENSSL_SHIM_H
#define MEDAI_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>

/* A passphrase that is lent to libcrypto for one call. */
struct medai_passphrase {
  const unsigned char *bytes;
  int count;
};

/* Hands the lent passphrase over; a longer one than libcrypto can take is a failure, not a cut. */
static inline int medai_passphrase_callback(char *buffer, int size, int writing, void *lent) {
  const struct medai_passphrase *passphrase = (const struct medai_passphrase *)lent;
  (void)writing;
  if (passphrase == NULL || passphrase->count > size) return -1;
  memcpy(buffer, passphrase->bytes, (size_t)passphrase->count);
  return passphrase->count;
}

/* Reads a PKCS#8 private key in PEM. Without a passphrase an encrypted key fails; libcrypto never
   asks at a terminal. */
static inline EVP_PKEY *medai_private_key_read(
    const unsigned char *pem, int count, const unsigned char *passphrase, int passphrase_count) {
  struct medai_passphrase lent = {passphrase, passphrase_count};
  BIO *bio = BIO_new_mem_buf(pem, count);
  if (bio == NULL) return NULL;
  EVP_PKEY *key = PEM_read_bio_PrivateKey(
      bio, NULL, medai_passphrase_callback, passphrase == NULL ? NULL : &lent);
  BIO_free(bio);
  ERR_clear_error();
  return key;
}

/* Writes a private key as PKCS#8 PEM into `out`: plain, or under AES-256-CBC with a key that scrypt
   (N 16384, r 8, p 1) makes of the passphrase. Returns the count of bytes, 0 on failure. */
static inline size_t medai_private_key_write(
    const EVP_PKEY *key, const unsigned char *passphrase, int passphrase_count, unsigned char *out,
    size_t capacity) {
  size_t count = 0;
  X509_ALGOR *scheme = NULL;
  X509_SIG *sealed = NULL;
  PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
  BIO *bio = BIO_new(BIO_s_secmem());
  if (plain == NULL || bio == NULL) goto done;
  if (passphrase == NULL) {
    if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, plain) != 1) goto done;
  } else {
    scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, 16384, 8, 1);
    if (scheme == NULL) goto done;
    sealed = PKCS8_set0_pbe((const char *)passphrase, passphrase_count, plain, scheme);
    if (sealed == NULL) goto done;
    scheme = NULL;
    if (PEM_write_bio_PKCS8(bio, sealed) != 1) goto done;
  }
  {
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    if (size > 0 && (size_t)size <= capacity) {
      memcpy(out, data, (size_t)size);
      count = (size_t)size;
    }
  }
done:
  X509_ALGOR_free(scheme);
  X509_SIG_free(sealed);
  PKCS8_PRIV_KEY_INFO_free(plain);
  BIO_free_all(bio);
  ERR_clear_error();
  return count;
}

/* Whether a key is of the Ed25519 algorithm. */
static inline int medai_is_ed25519(const EVP_PKEY *key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

/* SHA-256 of two parts in a row. Returns 1 on success. */
static inline int medai_sha256_parts(
    EVP_MD_CTX *context, const EVP_MD *digest, const void *first, size_t first_count,
    const void *second, size_t second_count, unsigned char *out) {
  return EVP_DigestInit_ex(context, digest, NULL) == 1 &&
         EVP_DigestUpdate(context, first, first_count) == 1 &&
         EVP_DigestUpdate(context, second, second_count) == 1 &&
         EVP_DigestFinal_ex(context, out, NULL) == 1;
}

#endif
