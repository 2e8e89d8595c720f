#!/usr/bin/env bash
# Makes the golden files of key tests with the openssl command (3.0 or newer).
set -euo pipefail
cd "$(dirname "$0")"
# The key of RFC 8032 section 7.1, TEST 1, as PKCS#8.
printf '302e020100300506032b657004220420%s' \
  9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 | xxd -r -p > key.der
openssl pkey -inform DER -in key.der -out plain.pem
openssl pkey -in plain.pem -pubout -out public.pem
openssl pkcs8 -topk8 -in plain.pem -scrypt -passout pass:correct-horse -out scrypt.pem
openssl pkcs8 -topk8 -in plain.pem -v2 aes-256-cbc -v2prf hmacWithSHA256 \
  -passout pass:correct-horse -out pbes2.pem
printf 'a note\n' > message.txt
openssl pkeyutl -sign -rawin -inkey plain.pem -in message.txt -out signature.bin
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other-algorithm.pem
rm key.der
