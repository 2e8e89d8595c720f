#!/usr/bin/env bash
# Makes the certificates, time stamps and seals that these tests judge, with the openssl command
# alone, over the checkpoint of ../log. Certificates last until 2100, so no test needs luck with the
# clock. Run again only to change the set: every run makes new keys.
set -euo pipefail
cd "$(dirname "$0")"
note=../log/checkpoint
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/ca.cnf" <<'CNF'
[ca]
default_ca = any
[any]
dir = .
new_certs_dir = $ENV::WORK/new
database = $ENV::WORK/index
serial = $ENV::WORK/serial
default_md = sha256
policy = loose
unique_subject = no
copy_extensions = none
email_in_dn = no
[loose]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[middle]
basicConstraints = critical,CA:true,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa_soft]
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
[tsa_more]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,1.2.410.200004.2.1
[tsa_none]
keyUsage = critical,digitalSignature
[seal]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[cipher]
keyUsage = critical,keyEncipherment
[silent]
basicConstraints = critical,CA:false
[ts]
default_tsa = stamper
[stamper]
serial = $ENV::WORK/tsaserial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.410.200004.9.1
digests = sha256
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
CNF
export WORK=$work
mkdir "$work/new"
: >"$work/index"
echo 1000 >"$work/serial"
echo 01 >"$work/tsaserial"
always=(-startdate 20200101000000Z -enddate 21000101000000Z)
past=(-startdate 20150101000000Z -enddate 20160101000000Z)

key() { # NAME rsa|weak|ec|ed
  case $2 in
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key" ;;
    weak) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out "$work/$1.key" ;;
    ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" ;;
    ed) openssl genpkey -algorithm ED25519 -out "$work/$1.key" ;;
  esac 2>/dev/null
}
# NAME KIND SUBJECT EXTENSIONS ISSUER [DATES…]; an issuer of its own name signs itself
certificate() {
  local name=$1 kind=$2 subject=$3 extensions=$4 issuer=$5
  shift 5
  [ -f "$work/$name.key" ] || key "$name" "$kind"
  openssl req -new -utf8 -config "$work/ca.cnf" -key "$work/$name.key" -subj "$subject" \
    -out "$work/$name.csr"
  local sign=(-cert "$work/$issuer.pem" -keyfile "$work/$issuer.key")
  [ "$name" != "$issuer" ] || sign=(-selfsign -keyfile "$work/$name.key")
  openssl ca -batch -notext -utf8 -config "$work/ca.cnf" -in "$work/$name.csr" \
    -out "$work/$name.pem" -extensions "$extensions" "${sign[@]}" "$@" 2>/dev/null
}

certificate root rsa "/C=KR/O=Test Root/CN=Root" root root "${always[@]}"
certificate middle ec "/C=KR/O=Test Root/CN=Middle" middle root "${always[@]}"
certificate other rsa "/C=KR/O=Other Root/CN=Root" root other "${always[@]}"
certificate tsa rsa "/C=KR/O=시험 시점확인/CN=TSA" tsa root "${always[@]}"
certificate tsa-ec ec "/C=KR/O=Test/CN=TSA EC" tsa middle "${always[@]}"
certificate tsa-past rsa "/C=KR/O=Test/CN=TSA past" tsa root "${past[@]}"
certificate tsa-soft rsa "/C=KR/O=Test/CN=TSA soft" tsa_soft root "${always[@]}"
certificate tsa-more rsa "/C=KR/O=Test/CN=TSA more" tsa_more root "${always[@]}"
certificate tsa-none rsa "/C=KR/O=Test/CN=TSA none" tsa_none root "${always[@]}"
certificate tsa-other rsa "/C=KR/O=Test/CN=TSA other" tsa other "${always[@]}"
certificate seal rsa "/C=KR/O=시험병원/CN=Seal" seal root "${always[@]}"
certificate seal-ec ec "/C=KR/O=시험병원/CN=Seal EC" seal middle "${always[@]}"
certificate seal-past rsa "/C=KR/O=Test/CN=Seal past" seal root "${past[@]}"
certificate seal-cipher rsa "/C=KR/O=Test/CN=Seal cipher" cipher root "${always[@]}"
certificate seal-silent rsa "/C=KR/O=Test/CN=Seal silent" silent root "${always[@]}"
certificate seal-weak weak "/C=KR/O=Test/CN=Seal weak" seal root "${always[@]}"
certificate seal-other rsa "/C=KR/O=시험병원/CN=Seal" seal other "${always[@]}"
certificate seal-ed ed "/C=KR/O=Test/CN=Seal Ed25519" seal root "${always[@]}"
# Not a CA, and signs all the same.
certificate rogue rsa "/C=KR/O=Test/CN=Rogue" seal seal "${always[@]}"

rm -f ./*.pem ./*.key ./*.tsq ./*.tsr ./*.p7s ./*.vkey ./*.cosig
for name in root other middle tsa seal seal-ec seal-ed seal-other seal-cipher; do
  cp "$work/$name.pem" .
done
for name in tsa seal seal-ec seal-ed seal-cipher; do cp "$work/$name.key" .; done

# Time stamps
reply() { # NAME REQUEST SIGNER [OPTIONS…]
  local name=$1 request=$2 signer=$3
  shift 3
  openssl ts -reply -config "$work/ca.cnf" -section stamper -queryfile "$request" \
    -signer "$work/$signer.pem" -inkey "$work/$signer.key" -out "$name.tsr" "$@" 2>/dev/null
}
openssl ts -query -data "$note" -sha256 -cert -out request.tsq 2>/dev/null
openssl ts -query -data "$note" -sha256 -cert -out request-again.tsq 2>/dev/null
printf 'medai.test/audit\n15\nanother root\n' >"$work/another"
openssl ts -query -data "$work/another" -sha256 -cert -out "$work/another.tsq" 2>/dev/null
openssl ts -query -data "$note" -sha512 -cert -out "$work/sha512.tsq" 2>/dev/null
openssl ts -query -data "$note" -sha256 -out "$work/bare.tsq" 2>/dev/null
reply good request.tsq tsa
reply good-ec request.tsq tsa-ec -chain "$work/middle.pem"
reply good-again request-again.tsq tsa
reply other-checkpoint "$work/another.tsq" tsa
reply other-authority request.tsq tsa-other
reply injected request.tsq tsa -chain <(cat "$work/other.pem" "$work/seal-other.pem" "$work/tsa-more.pem")
reply no-certificate "$work/bare.tsq" tsa
reply refused "$work/sha512.tsq" tsa
reply past request.tsq tsa-past

# Statements that the openssl command would not sign: the statement is cut out and signed as CMS.
openssl ts -reply -in good.tsr -token_out -out "$work/token" 2>/dev/null
openssl cms -verify -noverify -inform DER -in "$work/token" -binary -out "$work/statement" 2>/dev/null
token() { # NAME STATEMENT SIGNER [OPTIONS…]
  local name=$1 statement=$2 signer=$3
  shift 3
  openssl cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -outform DER \
    -in "$statement" -signer "$work/$signer.pem" -inkey "$work/$signer.key" \
    -out "$work/signed" "$@"
  openssl ts -reply -in "$work/signed" -token_in -out "$name.tsr" 2>/dev/null
}
token signed-as-cms "$work/statement" tsa -cades -md sha256
token soft-use "$work/statement" tsa-soft -cades -md sha256
token more-uses "$work/statement" tsa-more -cades -md sha256
token no-use "$work/statement" tsa-none -cades -md sha256
token no-name "$work/statement" tsa -md sha256
token weak-digest "$work/statement" tsa -cades -md sha1
token two-signers "$work/statement" tsa -cades -md sha256 \
  -signer "$work/tsa-ec.pem" -inkey "$work/tsa-ec.key"
openssl asn1parse -inform DER -in "$work/statement" | sed -n 's/.*GENERALIZEDTIME *://p' >"$work/when"
LC_ALL=C sed "s/$(cat "$work/when")/20200615120000Z/" "$work/statement" >"$work/early"
LC_ALL=C sed "s/$(cat "$work/when")/20990615120000Z/" "$work/statement" >"$work/late"
LC_ALL=C sed "s/$(cat "$work/when")/20261399120000Z/" "$work/statement" >"$work/never"
token early "$work/early" tsa -cades -md sha256
token late "$work/late" tsa -cades -md sha256
token no-such-day "$work/never" tsa -cades -md sha256
# The status says "rejected" above a token that holds.
LC_ALL=C perl -0pe 's/^(\x30\x82..\x30\x03\x02\x01)\x00/$1\x02/s' good.tsr >rejected.tsr

# Seals
seal() { # NAME CONTENT SIGNER [OPTIONS…]
  local name=$1 content=$2 signer=$3
  shift 3
  openssl cms -sign -binary -outform DER -in "$content" -signer "$work/$signer.pem" \
    -inkey "$work/$signer.key" -out "$name.p7s" "$@"
}
seal good "$note" seal -cades -md sha256
seal good-ec "$note" seal-ec -cades -md sha384 -certfile "$work/middle.pem"
seal plain "$note" seal -md sha256
seal pss "$note" seal -cades -md sha256 -keyopt rsa_padding_mode:pss
seal stream "$note" seal -cades -md sha256 -stream
seal injected "$note" seal -cades -md sha256 \
  -certfile <(cat "$work/other.pem" "$work/seal-other.pem" "$work/rogue.pem")
seal sha1 "$note" seal -cades -md sha1
seal attached "$note" seal -cades -md sha256 -nodetach
seal other-content "$work/another" seal -cades -md sha256
seal no-attributes "$note" seal -md sha256 -noattr
seal no-certificate "$note" seal -cades -md sha256 -nocerts
seal two-signers "$note" seal -cades -md sha256 -signer "$work/seal-ec.pem" -inkey "$work/seal-ec.key"
seal other-authority "$note" seal-other -cades -md sha256
seal past "$note" seal-past -cades -md sha256
seal cipher "$note" seal-cipher -cades -md sha256
seal stamper "$note" tsa -cades -md sha256
seal silent "$note" seal-silent -cades -md sha256
seal weak-key "$note" seal-weak -cades -md sha256
seal rogue "$note" rogue -cades -md sha256 -certfile "$work/seal.pem"
openssl cms -sign -binary -outform PEM -in "$note" -signer "$work/seal.pem" \
  -inkey "$work/seal.key" -cades -md sha256 -out pem.p7s
# Cosignatures of two witnesses, as tlog-cosignature describes them, by openssl alone
cosign() { # NAME KEY SECONDS
  local name=witness.test/$1 seconds=$3
  openssl pkey -in "$work/$2.key" -pubout -outform DER | tail -c 32 >"$work/public"
  id() { { printf '%s\n\004' "$name" && cat "$work/public"; } | openssl dgst -sha256 -binary | head -c 4; }
  printf '%s+%s+%s\n' "$name" "$(id | od -An -tx1 | tr -d ' \n')" \
    "$({ printf '\004' && cat "$work/public"; } | base64 -w0)" >"$1.vkey"
  { printf 'cosignature/v1\ntime %s\n' "$seconds" && head -3 "$note"; } >"$work/message"
  openssl pkeyutl -sign -rawin -inkey "$work/$2.key" -in "$work/message" -out "$work/signature"
  printf '\xe2\x80\x94 %s %s\n' "$name" \
    "$({ id && printf "$(printf '\\x%s' $(printf '%016x' "$seconds" | sed 's/../& /g'))" &&
      cat "$work/signature"; } | base64 -w0)" >"$1.cosig"
}
key first ed
key second ed
cosign first first 1795520000
cosign second second 1795530000
