#ifndef MEDAI_COPENSSL_SHIM_SEAL_H
#define MEDAI_COPENSSL_SHIM_SEAL_H

/* Certificates, CMS and RFC 3161: what needs libcrypto's macros. Every reader wants all bytes used,
   and leaves no error behind. */

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdint.h>

#include "shim.h"

/* Certificates */

static inline X509 *medai_certificate_read(const unsigned char *der, long count) {
  const unsigned char *at = der;
  X509 *certificate = d2i_X509(NULL, &at, count);
  if (certificate != NULL && at != der + count) {
    X509_free(certificate);
    certificate = NULL;
  }
  ERR_clear_error();
  return certificate;
}

/* Reads a private key of any algorithm from PKCS#8 in PEM; NULL where the text or the passphrase does
   not serve. */
static inline EVP_PKEY *medai_sealing_key_read(
    const unsigned char *pem, int count, const unsigned char *passphrase, int passphrase_count) {
  int other = 0;
  PKCS8_PRIV_KEY_INFO *plain =
      medai_pkcs8_read(pem, count, passphrase, passphrase_count, &other);
  EVP_PKEY *key = plain == NULL ? NULL : EVP_PKCS82PKEY(plain);
  PKCS8_PRIV_KEY_INFO_free(plain);
  ERR_clear_error();
  return key;
}

/* The next certificate of a PEM text; `*status` is 1, 0 at the end, -1 where one is malformed.
   libcrypto never asks at a terminal. */
static inline X509 *medai_certificate_next(BIO *pem, int *status) {
  X509 *certificate = PEM_read_bio_X509(pem, NULL, medai_no_passphrase, NULL);
  if (certificate != NULL) {
    *status = 1;
  } else {
    *status = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE ? 0 : -1;
  }
  ERR_clear_error();
  return certificate;
}

/* The subject in the form of RFC 2253, UTF-8, control characters escaped; 0 where it is longer. */
static inline size_t medai_certificate_subject(
    const X509 *certificate, unsigned char *out, size_t capacity) {
  size_t count = 0;
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio == NULL) return 0;
  if (X509_NAME_print_ex(
          bio, X509_get_subject_name(certificate), 0,
          (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >=
      0) {
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    if (size > 0 && (size_t)size <= capacity) {
      memcpy(out, data, (size_t)size);
      count = (size_t)size;
    }
  }
  BIO_free(bio);
  ERR_clear_error();
  return count;
}

enum medai_key_kind { MEDAI_KEY_OTHER = 0, MEDAI_KEY_RSA = 1, MEDAI_KEY_EC = 2 };

static inline int medai_key_kind(const EVP_PKEY *key) {
  if (key == NULL) return MEDAI_KEY_OTHER;
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS: return MEDAI_KEY_RSA;
    case EVP_PKEY_EC: return MEDAI_KEY_EC;
    default: return MEDAI_KEY_OTHER;
  }
}

static inline int medai_certificate_key_kind(const X509 *certificate) {
  int kind = medai_key_kind(X509_get0_pubkey(certificate));
  ERR_clear_error();
  return kind;
}

/* Whether the certificate says that its key signs (digitalSignature or nonRepudiation), and is not
   for servers, code, time stamps or OCSP answers only. */
static inline int medai_certificate_signs(X509 *certificate) {
  uint32_t usage = X509_get_key_usage(certificate);
  int fits = usage != UINT32_MAX && (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
  EXTENDED_KEY_USAGE *uses = (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(
      certificate, NID_ext_key_usage, NULL, NULL);
  int others = 0;
  for (int i = 0; i < sk_ASN1_OBJECT_num(uses); i++) {
    switch (OBJ_obj2nid(sk_ASN1_OBJECT_value(uses, i))) {
      case NID_server_auth:
      case NID_code_sign:
      case NID_time_stamp:
      case NID_OCSP_sign: break;
      default: others++;
    }
  }
  if (uses != NULL && others == 0) fits = 0;
  EXTENDED_KEY_USAGE_free(uses);
  ERR_clear_error();
  return fits;
}

/* Whether the certificate is for time stamps and nothing else, and insists on it (RFC 3161 section
   2.3). */
static inline int medai_certificate_stamps(X509 *certificate) {
  int critical = 0;
  uint32_t usage = X509_get_key_usage(certificate);
  EXTENDED_KEY_USAGE *uses = (EXTENDED_KEY_USAGE *)X509_get_ext_d2i(
      certificate, NID_ext_key_usage, &critical, NULL);
  int fits = uses != NULL && critical == 1 && sk_ASN1_OBJECT_num(uses) == 1 &&
             OBJ_obj2nid(sk_ASN1_OBJECT_value(uses, 0)) == NID_time_stamp;
  if (usage != UINT32_MAX &&
      ((usage & ~(uint32_t)(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0 || usage == 0)) {
    fits = 0;
  }
  EXTENDED_KEY_USAGE_free(uses);
  ERR_clear_error();
  return fits;
}

/* Piles of certificates */

static inline STACK_OF(X509) *medai_pile_new(void) { return sk_X509_new_null(); }

static inline void medai_pile_free(STACK_OF(X509) *pile) { sk_X509_pop_free(pile, X509_free); }

static inline int medai_pile_add(STACK_OF(X509) *pile, const unsigned char *der, long count) {
  X509 *certificate = medai_certificate_read(der, count);
  if (certificate == NULL) return 0;
  if (sk_X509_push(pile, certificate) > 0) return 1;
  X509_free(certificate);
  return 0;
}

/* CMS */

static inline CMS_ContentInfo *medai_cms_read(const unsigned char *der, long count) {
  const unsigned char *at = der;
  CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, count);
  if (cms != NULL && (at != der + count || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)) {
    CMS_ContentInfo_free(cms);
    cms = NULL;
  }
  ERR_clear_error();
  return cms;
}

static inline CMS_ContentInfo *medai_cms_read_pem(const unsigned char *pem, int count) {
  BIO *bio = BIO_new_mem_buf(pem, count);
  if (bio == NULL) return NULL;
  CMS_ContentInfo *cms = PEM_read_bio_CMS(bio, NULL, medai_no_passphrase, NULL);
  BIO_free(bio);
  ERR_clear_error();
  return cms;
}

static inline int medai_cms_signer_count(CMS_ContentInfo *cms) {
  return sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms));
}

static inline CMS_SignerInfo *medai_cms_signer(CMS_ContentInfo *cms) {
  return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

/* Bits of the SHA-2 digest that the signer used; 0 for any other. */
static inline int medai_cms_digest_bits(CMS_ContentInfo *cms) {
  X509_ALGOR *digest = NULL;
  CMS_SignerInfo_get0_algs(medai_cms_signer(cms), NULL, NULL, &digest, NULL);
  if (digest == NULL) return 0;
  switch (OBJ_obj2nid(digest->algorithm)) {
    case NID_sha256: return 256;
    case NID_sha384: return 384;
    case NID_sha512: return 512;
    default: return 0;
  }
}

enum medai_content { MEDAI_CONTENT_OTHER = 0, MEDAI_CONTENT_DATA = 1, MEDAI_CONTENT_STAMP = 2 };

static inline int medai_content_kind(const ASN1_OBJECT *type) {
  switch (type == NULL ? NID_undef : OBJ_obj2nid(type)) {
    case NID_pkcs7_data: return MEDAI_CONTENT_DATA;
    case NID_id_smime_ct_TSTInfo: return MEDAI_CONTENT_STAMP;
    default: return MEDAI_CONTENT_OTHER;
  }
}

/* The kind of content, where the envelope and what is signed agree on it. */
static inline int medai_cms_content_kind(CMS_ContentInfo *cms) {
  const ASN1_OBJECT *named = (const ASN1_OBJECT *)CMS_signed_get0_data_by_OBJ(
      medai_cms_signer(cms), OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
  int kind = medai_content_kind(CMS_get0_eContentType(cms));
  ERR_clear_error();
  return kind == medai_content_kind(named) ? kind : MEDAI_CONTENT_OTHER;
}

static inline const unsigned char *medai_cms_content(CMS_ContentInfo *cms, int *count) {
  ASN1_OCTET_STRING **content = CMS_get0_content(cms);
  ERR_clear_error();
  if (content == NULL || *content == NULL) return NULL;
  *count = ASN1_STRING_length(*content);
  return ASN1_STRING_get0_data(*content);
}

/* The signer's certificate, from inside or from `others`; borrowed. */
static inline X509 *medai_cms_certificate(CMS_ContentInfo *cms, STACK_OF(X509) *others) {
  X509 *certificate = NULL;
  int found = CMS_set1_signers_certs(cms, others, 0);
  ERR_clear_error();
  if (found < 1) return NULL;
  CMS_SignerInfo_get0_algs(medai_cms_signer(cms), NULL, &certificate, NULL, NULL);
  return certificate;
}

/* Whether the signature and the digest of the content hold. Says nothing of the certificate. */
static inline int medai_cms_holds(
    CMS_ContentInfo *cms, STACK_OF(X509) *others, const unsigned char *content, int count) {
  BIO *bio = content == NULL ? NULL : BIO_new_mem_buf(content, count);
  if (content != NULL && bio == NULL) return 0;
  int holds =
      CMS_verify(cms, others, NULL, bio, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  BIO_free(bio);
  ERR_clear_error();
  return holds;
}

/* Whether what is signed names this certificate as the signer's (RFC 5035): 1 it does, 0 it names
   none, -1 it names another or is malformed. */
static inline int medai_cms_names(
    CMS_ContentInfo *cms, X509 *certificate, STACK_OF(X509) *others) {
  CMS_SignerInfo *signer = medai_cms_signer(cms);
  const int nids[2] = {NID_id_smime_aa_signingCertificate, NID_id_smime_aa_signingCertificateV2};
  ESS_SIGNING_CERT *first = NULL;
  ESS_SIGNING_CERT_V2 *second = NULL;
  STACK_OF(X509) *known = sk_X509_new_null(), *inside = NULL;
  int present = 0, result = -1;
  if (known == NULL) return -1;
  for (int i = 0; i < 2; i++) {
    if (CMS_signed_get_attr_by_NID(signer, nids[i], -1) < 0) continue;
    present = 1;
    ASN1_STRING *data = (ASN1_STRING *)CMS_signed_get0_data_by_OBJ(
        signer, OBJ_nid2obj(nids[i]), -3, V_ASN1_SEQUENCE);
    if (data == NULL) goto done;
    const unsigned char *at = ASN1_STRING_get0_data(data);
    long count = ASN1_STRING_length(data);
    if (i == 0) {
      first = d2i_ESS_SIGNING_CERT(NULL, &at, count);
      if (first == NULL) goto done;
    } else {
      second = d2i_ESS_SIGNING_CERT_V2(NULL, &at, count);
      if (second == NULL) goto done;
    }
  }
  if (!present) {
    result = 0;
    goto done;
  }
  inside = CMS_get1_certs(cms);
  if (sk_X509_push(known, certificate) <= 0) goto done;
  for (int i = 0; i < sk_X509_num(inside); i++) {
    if (sk_X509_push(known, sk_X509_value(inside, i)) <= 0) goto done;
  }
  for (int i = 0; i < sk_X509_num(others); i++) {
    if (sk_X509_push(known, sk_X509_value(others, i)) <= 0) goto done;
  }
  if (OSSL_ESS_check_signing_certs(first, second, known, 1) > 0) result = 1;
done:
  ESS_SIGNING_CERT_free(first);
  ESS_SIGNING_CERT_V2_free(second);
  sk_X509_free(known);
  medai_pile_free(inside);
  ERR_clear_error();
  return result;
}

/* The signer's own claim of the time as generalized time; 0 where there is none. */
static inline size_t medai_cms_signing_time(
    CMS_ContentInfo *cms, unsigned char *out, size_t capacity) {
  CMS_SignerInfo *signer = medai_cms_signer(cms);
  size_t count = 0;
  int place = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  if (place < 0) return 0;
  X509_ATTRIBUTE *attribute = CMS_signed_get_attr(signer, place);
  ASN1_TYPE *value = X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0)
                                                          : NULL;
  if (value != NULL && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME)) {
    ASN1_GENERALIZEDTIME *time = ASN1_TIME_to_generalizedtime(value->value.asn1_string, NULL);
    if (time != NULL && (size_t)ASN1_STRING_length(time) <= capacity) {
      count = (size_t)ASN1_STRING_length(time);
      memcpy(out, ASN1_STRING_get0_data(time), count);
    }
    ASN1_GENERALIZEDTIME_free(time);
  }
  ERR_clear_error();
  return count;
}

enum medai_chain {
  MEDAI_CHAIN_TRUSTED = 0,
  MEDAI_CHAIN_UNKNOWN_ISSUER = 1,
  MEDAI_CHAIN_NOT_VALID_THEN = 2,
  MEDAI_CHAIN_WEAK = 3,
  MEDAI_CHAIN_BROKEN = 4
};

/* Whether a certificate leads to one of `trusted` at a moment; certificates inside the CMS help on
   the way. Keys below 112 bits of strength and SHA-1 are refused on the way. */
static inline int medai_cms_chain(
    CMS_ContentInfo *cms, X509 *certificate, STACK_OF(X509) *trusted, int64_t at) {
  int result = MEDAI_CHAIN_BROKEN;
  STACK_OF(X509) *inside = CMS_get1_certs(cms);
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  if (store == NULL || context == NULL) goto done;
  for (int i = 0; i < sk_X509_num(trusted); i++) {
    if (X509_STORE_add_cert(store, sk_X509_value(trusted, i)) != 1) goto done;
  }
  if (X509_STORE_CTX_init(context, store, certificate, inside) != 1) goto done;
  X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(parameters, (time_t)at);
  X509_VERIFY_PARAM_set_auth_level(parameters, 2);
  X509_VERIFY_PARAM_set_depth(parameters, 8);
  if (X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN) != 1) goto done;
  if (X509_verify_cert(context) == 1) {
    result = MEDAI_CHAIN_TRUSTED;
    goto done;
  }
  switch (X509_STORE_CTX_get_error(context)) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: result = MEDAI_CHAIN_UNKNOWN_ISSUER; break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED: result = MEDAI_CHAIN_NOT_VALID_THEN; break;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: result = MEDAI_CHAIN_WEAK; break;
    default: break;
  }
done:
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  medai_pile_free(inside);
  ERR_clear_error();
  return result;
}

/* A detached CAdES-BES signature over the content as it is, by SHA-256. */
static inline CMS_ContentInfo *medai_cms_make(
    X509 *certificate, EVP_PKEY *key, STACK_OF(X509) *chain, const unsigned char *content,
    int count) {
  const unsigned int flags =
      CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP | CMS_PARTIAL;
  BIO *bio = BIO_new_mem_buf(content, count);
  CMS_ContentInfo *cms = bio == NULL ? NULL : CMS_sign(NULL, NULL, chain, bio, flags);
  if (cms != NULL && (CMS_add1_signer(cms, certificate, key, EVP_sha256(), flags) == NULL ||
                      CMS_final(cms, bio, NULL, flags) != 1)) {
    CMS_ContentInfo_free(cms);
    cms = NULL;
  }
  BIO_free(bio);
  ERR_clear_error();
  return cms;
}

/* RFC 3161 */

static inline int medai_imprint(TS_MSG_IMPRINT *imprint, unsigned char *out) {
  if (imprint == NULL) return 0;
  const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
  if (OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) != NID_sha256 ||
      ASN1_STRING_length(digest) != 32) {
    return 0;
  }
  memcpy(out, ASN1_STRING_get0_data(digest), 32);
  return 1;
}

/* Bytes of a positive number, most significant first; 0 where there is none, -1 where it does not
   fit. */
static inline int medai_nonce(const ASN1_INTEGER *number, unsigned char *out, int capacity) {
  if (number == NULL) return 0;
  BIGNUM *value = ASN1_INTEGER_to_BN(number, NULL);
  int count = -1;
  if (value != NULL && !BN_is_negative(value) && !BN_is_zero(value) &&
      BN_num_bytes(value) <= capacity) {
    count = BN_bn2bin(value, out);
  }
  BN_free(value);
  ERR_clear_error();
  return count;
}

/* A request that asks for the certificate; returns the count of bytes, 0 on failure. */
static inline int medai_request_write(
    const unsigned char *digest, const unsigned char *nonce, int nonce_count, unsigned char *out,
    int capacity) {
  int count = 0;
  TS_REQ *request = TS_REQ_new();
  TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR *algorithm = X509_ALGOR_new();
  BIGNUM *number = BN_bin2bn(nonce, nonce_count, NULL);
  ASN1_INTEGER *integer = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
  if (request == NULL || imprint == NULL || algorithm == NULL || integer == NULL) goto done;
  if (X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) != 1) goto done;
  if (TS_MSG_IMPRINT_set_algo(imprint, algorithm) != 1) goto done;
  if (TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, 32) != 1) goto done;
  if (TS_REQ_set_version(request, 1) != 1 || TS_REQ_set_msg_imprint(request, imprint) != 1 ||
      TS_REQ_set_nonce(request, integer) != 1 || TS_REQ_set_cert_req(request, 1) != 1) {
    goto done;
  }
  if (i2d_TS_REQ(request, NULL) <= capacity) count = i2d_TS_REQ(request, &out);
done:
  TS_REQ_free(request);
  TS_MSG_IMPRINT_free(imprint);
  X509_ALGOR_free(algorithm);
  BN_free(number);
  ASN1_INTEGER_free(integer);
  ERR_clear_error();
  return count < 0 ? 0 : count;
}

static inline TS_REQ *medai_request_read(const unsigned char *der, long count) {
  const unsigned char *at = der;
  TS_REQ *request = d2i_TS_REQ(NULL, &at, count);
  if (request != NULL && at != der + count) {
    TS_REQ_free(request);
    request = NULL;
  }
  ERR_clear_error();
  return request;
}

/* What the authority answered: 0 granted, another number a refusal or a change, -1 no answer. */
static inline long medai_reply_status(TS_RESP *reply) {
  TS_STATUS_INFO *info = TS_RESP_get_status_info(reply);
  const ASN1_INTEGER *status = info == NULL ? NULL : TS_STATUS_INFO_get0_status(info);
  long number = status == NULL ? -1 : ASN1_INTEGER_get(status);
  ERR_clear_error();
  return number;
}

static inline TS_RESP *medai_reply_read(const unsigned char *der, long count) {
  const unsigned char *at = der;
  TS_RESP *reply = d2i_TS_RESP(NULL, &at, count);
  if (reply != NULL && at != der + count) {
    TS_RESP_free(reply);
    reply = NULL;
  }
  ERR_clear_error();
  return reply;
}

/* The token of a reply as a CMS of its own; NULL where there is none. */
static inline CMS_ContentInfo *medai_reply_token(TS_RESP *reply) {
  PKCS7 *token = TS_RESP_get_token(reply);
  unsigned char *der = NULL;
  int count = token == NULL ? 0 : i2d_PKCS7(token, &der);
  CMS_ContentInfo *cms = count <= 0 ? NULL : medai_cms_read(der, count);
  OPENSSL_free(der);
  ERR_clear_error();
  return cms;
}

/* The statement in a token; NULL where it is malformed, of another version, or has an extension
   that must be understood and is not. */
static inline TS_TST_INFO *medai_stamp_read(const unsigned char *der, long count) {
  const unsigned char *at = der;
  TS_TST_INFO *stamp = d2i_TS_TST_INFO(NULL, &at, count);
  if (stamp != NULL && (at != der + count || TS_TST_INFO_get_version(stamp) != 1 ||
                        TS_TST_INFO_get_ext_by_critical(stamp, 1, -1) >= 0)) {
    TS_TST_INFO_free(stamp);
    stamp = NULL;
  }
  ERR_clear_error();
  return stamp;
}

static inline size_t medai_stamp_time(
    const TS_TST_INFO *stamp, unsigned char *out, size_t capacity) {
  const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(stamp);
  if (time == NULL || (size_t)ASN1_STRING_length(time) > capacity) return 0;
  memcpy(out, ASN1_STRING_get0_data(time), (size_t)ASN1_STRING_length(time));
  return (size_t)ASN1_STRING_length(time);
}

static inline size_t medai_stamp_policy(TS_TST_INFO *stamp, char *out, int capacity) {
  int count = OBJ_obj2txt(out, capacity, TS_TST_INFO_get_policy_id(stamp), 1);
  ERR_clear_error();
  return count > 0 && count < capacity ? (size_t)count : 0;
}

#endif
