/// `VERIFY.md` of every pack: the same commands as docs/verify.md, which a test runs.
let packGuide = Array(
  #"""
  # 이 묶음을 검증하는 법 · How to verify this pack

  이 묶음은 의료 AI 감사 기록의 사본입니다. 만든 프로그램 없이 `openssl` 과 `python3` 만으로 검증할 수
  있습니다. 환자의 내용은 들어 있지 않습니다.

  This pack is a copy of a medical AI audit log. It can be verified with `openssl` and `python3` alone,
  without the program that made it. It holds no content of patients.

  | file | |
  |---|---|
  | `checkpoint` | 서명된 머리: 이름, 항목 수, 루트 · signed head: origin, size, root (C2SP signed note) |
  | `tile/entries/` | 항목, 256개씩, 길이는 16비트 빅엔디언 · entries, 256 a file, big-endian 16-bit lengths |
  | `tile/0/`, `tile/1/`, … | 해시 · hashes (C2SP tlog-tiles, RFC 6962) |
  | `checkpoints/`, `consistency/` | 보관된 이전 체크포인트와 이어짐의 증명 · earlier checkpoints, and proofs that this log goes on from them |
  | `anchors/` | 시각 확인(RFC 3161), 기관 서명(CMS), 증인 서명 · time stamps, seals, witness cosignatures |
  | `proofs/` | 한 항목의 증명 · proofs of single entries (C2SP tlog-proof) |
  | `trust/` | 로그가 스스로 말하는 공개키 · the public keys in the log's own words |
  | `schemas.json` | 항목의 형식 · what an entry of each type may say |
  | `manifest.json` | 모든 파일의 SHA-256 · SHA-256 of every file |

  **공개키는 이 묶음에서 가져오지 말고 다른 길로 받은 것을 쓰십시오.** `trust/` 의 키는 누가 만들었든 자기
  이름을 적을 수 있습니다. · **Take the public key from elsewhere than this pack**: whoever forges a
  pack also writes its `trust/`.

  ## 1. 파일 · Files

  ```sh
  PACK=pack
  ENTRY=5
  KEY=audit.vkey
  ```

  ```sh
  openssl dgst -sha256 "$PACK/manifest.json"
  python3 -c '
  import hashlib, json, pathlib, sys
  pack = pathlib.Path(sys.argv[1])
  files = json.loads((pack / "manifest.json").read_bytes())["files"]
  for file in files:
      data = (pack / file["path"]).read_bytes()
      if [len(data), hashlib.sha256(data).hexdigest()] != [file["bytes"], file["sha256"]]:
          sys.exit("not as listed: " + file["path"])
  found = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if not path.is_dir()}
  if found != {file["path"] for file in files} | {"manifest.json"}:
      sys.exit("files that are not listed")
  print(len(files), "files as listed")
  ' "$PACK"
  ```

  첫 줄의 값을 묶음을 준 사람이 따로 알려 준 값과 비교하십시오. · Compare the first line with the value
  that you were told by other means.

  ## 2. 한 항목 · One entry

  `check_entry.py` 로 저장하십시오. · Save as `check_entry.py`.

  ```python
  """Checks one entry of a pack: python3 check_entry.py PACK ENTRY KEY.vkey [NOTE]"""
  import base64, hashlib, json, pathlib, sys

  pack, entry = pathlib.Path(sys.argv[1]), int(sys.argv[2])
  name, key_id, public = open(sys.argv[3]).read().strip().split("+", 2)
  note = pathlib.Path(sys.argv[4] if len(sys.argv) > 4 else pack / "checkpoint")

  def need(condition, otherwise):
      if not condition:
          sys.exit("NOT PROVED: " + otherwise)

  def sha(data):
      return hashlib.sha256(data).digest()

  def tile(kind, number, count):
      """The bytes of a tile where the pack has COUNT hashes or entries of its kind."""
      rest, path = number // 1000, "%03d" % (number % 1000)
      while rest:
          rest, path = rest // 1000, "x%03d/" % (rest % 1000) + path
      width = min(256, count - 256 * number)
      return (pack / "tile" / kind / (path + (f".p/{width}" if width < 256 else ""))).read_bytes()

  def node(level, index):
      """The hash over entries index * 2**level up to (index + 1) * 2**level."""
      if level % 8:
          return sha(b"\1" + node(level - 1, 2 * index) + node(level - 1, 2 * index + 1))
      hashes = tile(str(level // 8), index // 256, whole >> level)
      return hashes[32 * (index % 256):][:32]

  def root(first, last, leaf=None):
      """The RFC 6962 hash over entries first up to last; LEAF replaces the hash of the entry."""
      count, inside = last - first, leaf and first <= entry < last
      if count == 1 and inside:
          return leaf
      if count & (count - 1) == 0 and not inside:
          return node(count.bit_length() - 1, first // count)
      middle = first + (1 << (count - 1).bit_length() >> 1)
      return sha(b"\1" + root(first, middle, leaf) + root(middle, last, leaf))

  whole = int((pack / "checkpoint").read_text().split("\n")[1])
  text, _, block = note.read_bytes().rpartition(b"\n\n")
  origin, size, signed_root = text.decode().split("\n")
  need(0 <= entry < int(size) <= whole, "there is no such entry")
  bundle = tile("entries", entry // 256, whole)
  for _ in range(entry % 256):
      bundle = bundle[2 + int.from_bytes(bundle[:2], "big"):]
  leaf = bundle[2:][:int.from_bytes(bundle[:2], "big")]
  computed = base64.b64encode(root(0, int(size), sha(b"\0" + leaf))).decode()
  need(computed == signed_root, "the entry is not in the log of this checkpoint")
  lines = [line.split(" ") for line in block.decode().splitlines()]
  found = [base64.b64decode(line[2]) for line in lines if line[1] == name == origin]
  found = [signature[4:] for signature in found if signature[:4].hex() == key_id]
  need(len(found) == 1, "the checkpoint has no signature by this key")
  der = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(public)[1:]
  pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode()
  for file, data in ("key.pem", pem.encode()), ("signed", text + b"\n"), ("signature", found[0]):
      pathlib.Path(file).write_bytes(data)
  print(json.dumps(json.loads(leaf), indent=1))
  ```

  ```sh
  python3 check_entry.py "$PACK" "$ENTRY" "$KEY"
  openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in signed -sigfile signature
  ```

  항목이 찍히고 `Signature Verified Successfully` 가 나오면, 그 키의 주인이 그 항목을 이 로그의 그 자리에
  두었다고 서명한 것입니다. · The entry is printed, and `Signature Verified Successfully` means that the
  owner of the key vouched for this entry in this place of the log.

  ## 3. 시각과 기관 서명 · Time and seal

  `anchors/` 에 파일이 있을 때. 인증서는 다른 길로 받으십시오. · Where there are files in `anchors/`; take
  the certificates from elsewhere.

  ```sh
  SIZE=1000
  TSA=tsa-root.pem
  CA=hospital-ca.pem
  ```

  ```sh
  python3 check_entry.py "$PACK" "$ENTRY" "$KEY" "$PACK/anchors/$SIZE.note"
  openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in signed -sigfile signature
  openssl ts -verify -data "$PACK/anchors/$SIZE.note" -in "$PACK/anchors/$SIZE.tsr" -CAfile "$TSA"
  ```

  ```sh
  openssl cms -verify -binary -inform DER -in "$PACK/anchors/$SIZE.p7s" \
    -content "$PACK/anchors/$SIZE.note" -CAfile "$CA" -purpose any -out sealed
  cmp sealed "$PACK/anchors/$SIZE.note"
  ```

  ## 보증이 끝나는 곳 · Where this ends

  서명 키를 훔친 사람은 외부 증거(시각 확인, 증인, 따로 보관한 체크포인트)가 덮지 않는 부분을 다시 쓸 수
  있습니다. 항목의 시각은 기록한 컴퓨터의 주장입니다. 기록되지 않은 일은 여기서 알 수 없습니다.

  Whoever stole the signing key can rewrite what no outside evidence covers (time stamp, witness, a
  checkpoint kept elsewhere). Times in entries are the recording machine's claim. What was never logged
  cannot be seen here.

  """#.utf8)
