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

/* No passphrase is ever asked for, and none is known to the PEM layer: only PKCS#8 carries one. */
static inline int medai_no_passphrase(char *buffer, int size, int writing, void *lent) {
  (void)buffer;
  (void)size;
  (void)writing;
  (void)lent;
  return -1;
}

/* PKCS#8 of an Ed25519 key (RFC 8410 section 7) up to its 32 bytes of seed. */
static const unsigned char medai_ed25519_lead[16] = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

/* The PKCS#8 structure of a PEM text, plain or under a passphrase; NULL where the text or the
   passphrase does not serve. `*other` is 1 where the text holds a key in another form.

   Everything that holds the key lies in the secure heap or is wiped by libcrypto (PKCS8_decrypt,
   PKCS8_PRIV_KEY_INFO_free). */
static inline PKCS8_PRIV_KEY_INFO *medai_pkcs8_read(
    const unsigned char *pem, int count, const unsigned char *passphrase, int passphrase_count,
    int *other) {
  unsigned char *data = NULL;
  long size = 0;
  char *name = NULL;
  PKCS8_PRIV_KEY_INFO *plain = NULL;
  BIO *bio = BIO_new_mem_buf(pem, count);
  *other = 0;
  if (bio != NULL && PEM_bytes_read_bio_secmem(
          &data, &size, &name, PEM_STRING_EVP_PKEY, bio, medai_no_passphrase, NULL) == 1) {
    const unsigned char *start = data;
    if (strcmp(name, PEM_STRING_PKCS8INF) == 0) {
      plain = d2i_PKCS8_PRIV_KEY_INFO(NULL, &start, size);
    } else if (strcmp(name, PEM_STRING_PKCS8) == 0) {
      X509_SIG *sealed = passphrase == NULL ? NULL : d2i_X509_SIG(NULL, &start, size);
      if (sealed != NULL) plain = PKCS8_decrypt(sealed, (const char *)passphrase, passphrase_count);
      X509_SIG_free(sealed);
    } else {
      *other = 1;
    }
  }
  if (data != NULL) OPENSSL_secure_clear_free(data, (size_t)size);
  OPENSSL_secure_free(name);
  BIO_free(bio);
  ERR_clear_error();
  return plain;
}

/* Reads the seed of an Ed25519 key from PKCS#8 in PEM, plain or under a passphrase.

   Not by PEM_read_bio_PrivateKey: its decoders give the decoded key back to the heap unwiped.

   Returns 1 on success, 0 where the text or the passphrase does not serve, -1 for a private key of
   another algorithm. */
static inline int medai_ed25519_read(
    const unsigned char *pem, int count, const unsigned char *passphrase, int passphrase_count,
    unsigned char seed[32]) {
  int other = 0;
  PKCS8_PRIV_KEY_INFO *plain =
      medai_pkcs8_read(pem, count, passphrase, passphrase_count, &other);
  int result = other ? -1 : 0;
  if (plain != NULL) {
    const ASN1_OBJECT *algorithm = NULL;
    const unsigned char *key = NULL;
    int key_count = 0;
    if (PKCS8_pkey_get0(&algorithm, &key, &key_count, NULL, plain) == 1) {
      if (OBJ_obj2nid(algorithm) != NID_ED25519) {
        result = -1;
      } else if (key_count == 34 && memcmp(key, medai_ed25519_lead + 14, 2) == 0) {
        memcpy(seed, key + 2, 32);
        result = 1;
      }
    }
  }
  PKCS8_PRIV_KEY_INFO_free(plain);
  ERR_clear_error();
  return result;
}

/* Writes an Ed25519 key as PKCS#8 PEM into `out`: plain, or under AES-256-CBC with a key that scrypt
   (N 16384, r 8, p 1) makes of the passphrase. Returns the count of bytes, 0 on failure.

   The structure is put together here: EVP_PKEY2PKCS8 gives the encoded key back to the heap
   unwiped. */
static inline size_t medai_ed25519_write(
    const EVP_PKEY *key, const unsigned char *passphrase, int passphrase_count, unsigned char *out,
    size_t capacity) {
  size_t count = 0;
  size_t seed_count = 32;
  unsigned char der[48];
  const unsigned char *start = der;
  X509_ALGOR *scheme = NULL;
  X509_SIG *sealed = NULL;
  PKCS8_PRIV_KEY_INFO *plain = NULL;
  BIO *bio = BIO_new(BIO_s_secmem());
  memcpy(der, medai_ed25519_lead, 16);
  if (bio == NULL || EVP_PKEY_get_raw_private_key(key, der + 16, &seed_count) != 1) goto done;
  plain = d2i_PKCS8_PRIV_KEY_INFO(NULL, &start, sizeof der);
  if (plain == NULL) goto done;
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
  OPENSSL_cleanse(der, sizeof der);
  X509_ALGOR_free(scheme);
  X509_SIG_free(sealed);
  PKCS8_PRIV_KEY_INFO_free(plain);
  BIO_free_all(bio);
  ERR_clear_error();
  return count;
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
