internal import MedaiText

/// Invents addresses, institutions and addresses on networks.
struct PlaceSurrogate {
  let key: PseudonymKey
  let patient: [UInt8]

  private static let stems = [
    "한들", "새빛", "솔내", "가람", "온누리", "푸른뫼", "달빛", "해오름", "맑은샘", "은하", "버들", "참솔",
    "두레", "미리내", "너른들", "새롬",
  ]
  private static let latinStems = [
    "Handeul", "Saebit", "Solnae", "Garam", "Onnuri", "Dalbit", "Haeoreum", "Eunha", "Beodeul",
    "Chamsol", "Dure", "Mirinae",
  ]
  /// Stems that every invented name of a place or institution has one of.
  static var inventedStems: [String] { stems + latinStems }
  /// Kinds of institution that follow a stem, longer ones before their own endings.
  static var institutionKinds: [String] { hospitals + organisations }
  private static let hospitals = [
    "대학교병원", "대학병원", "종합병원", "요양병원", "한방병원", "치과병원", "재활병원", "의료원", "보건지소",
    "보건소", "요양원", "한의원", "치과의원", "이비인후과", "소아청소년과", "정신건강의학과", "정형외과", "산부인과",
    "비뇨의학과", "신경외과", "신경과", "피부과", "내과", "외과", "안과", "치과", "의원", "병원", "약국", "클리닉",
  ]
  private static let organisations = [
    "초등학교", "중학교", "고등학교", "대학교", "대학원", "유치원", "어린이집", "학원", "은행", "생명보험", "손해보험",
    "생명", "화재", "보험", "교회", "성당", "사", "경찰서", "지구대", "파출소", "소방서", "119안전센터", "주민센터",
    "행정복지센터", "복지관", "복지센터", "지원센터", "센터", "구청", "시청", "군청", "면사무소", "사단", "여단", "연대",
    "대대", "부대", "전자", "건설", "물산", "상사", "산업", "공업", "물류", "운수", "마트", "식당", "공장", "재단",
    "협회", "조합", "연구소", "연구원",
  ]
  /// Last syllables of the parts of an address, longest first.
  private static let addressEndings = [
    "특별자치시", "특별자치도", "특별시", "광역시", "대로", "번길", "시", "도", "군", "구", "읍", "면", "동", "리",
    "가", "로", "길", "마을", "아파트", "빌라", "빌딩", "타워", "맨션", "오피스텔",
  ]

  /// An invented address with the same kinds of parts in the same order.
  func address(for original: [UInt8]) -> [UInt8] {
    let words = scalars(of: original)
    guard words.contains(where: isHangulSyllable) else { return latinAddress(for: original) }
    var result: [Unicode.Scalar] = []
    var word: [Unicode.Scalar] = []
    var number = NumberSurrogate(key: key, patient: patient)
    func flush() {
      defer { word = [] }
      guard !word.isEmpty else { return }
      let bytes = utf8Bytes(of: word)
      guard word.contains(where: { isHangulSyllable($0) }) else {
        result += scalars(of: smallNumber(bytes, &number))
        return
      }
      let ending = Self.addressEndings.first { ending in
        bytes.count > ending.utf8.count
          && bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8)
      }
      let isUnit = ["동", "호", "층", "번지", "통", "반", "길", "번길", "가"].contains { unit in
        bytes.suffix(unit.utf8.count).elementsEqual(unit.utf8)
          && bytes.dropLast(unit.utf8.count).allSatisfy { $0 &- 0x30 < 10 || $0 == 0x2D }
      }
      if isUnit {
        result += word.map { scalar in
          scalar.value &- 0x30 < 10
            ? scalars(of: smallNumber(utf8Bytes(of: [scalar]), &number))[0]
            : scalar
        }
        return
      }
      var choice = key.choice("deid.address.v1", patient, bytes)
      result += Array((choice.of(Self.stems) + (ending ?? "")).unicodeScalars)
    }
    for scalar in words {
      if isLetter(scalar) || isNumber(scalar) || scalar == "-" {
        word.append(scalar)
      } else {
        flush()
        result.append(scalar)
      }
    }
    flush()
    return utf8Bytes(of: result)
  }

  private func smallNumber(_ bytes: [UInt8], _ number: inout NumberSurrogate) -> [UInt8] {
    number.replacement(for: bytes, type: .address)
  }

  private func latinAddress(for original: [UInt8]) -> [UInt8] {
    var choice = key.choice("deid.address.v1", patient, original)
    let number = 1 + choice.below(98)
    return Array(
      "\(number), \(choice.of(Self.latinStems))-ro, \(choice.of(Self.latinStems))-si".utf8)
  }

  /// An invented hospital, clinic or pharmacy of the same kind.
  func hospital(for original: [UInt8]) -> [UInt8] {
    institution(
      original, kinds: Self.hospitals, latin: ["Hospital", "Clinic", "Pharmacy"],
      purpose: "hospital",
      fallback: "병원")
  }

  /// An invented organisation of the same kind.
  func organisation(for original: [UInt8]) -> [UInt8] {
    institution(
      original, kinds: Self.organisations, latin: ["School", "Bank", "Church", "University"],
      purpose: "org", fallback: "상사")
  }

  private func institution(
    _ original: [UInt8], kinds: [String], latin: [String], purpose: String, fallback: String
  ) -> [UInt8] {
    let value = original.filter { $0 != 0x20 }
    var choice = key.choice("deid.\(purpose).v1", patient, value)
    guard scalars(of: original).contains(where: isHangulSyllable) else {
      let lower = original.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
      let kind = latin.first { lower.hasSuffix($0.lowercased().utf8) } ?? latin[0]
      return Array("\(choice.of(Self.latinStems)) \(kind)".utf8)
    }
    let kind = kinds.first { original.hasSuffix($0.utf8) } ?? fallback
    let stems = Self.stems.filter { !original.starts(with: $0.utf8) }
    return Array((choice.of(stems) + kind).utf8)
  }

  /// An address at a domain that is reserved for examples (RFC 2606).
  func email(for original: [UInt8]) -> [UInt8] {
    var choice = key.choice("deid.email.v1", patient, original.filter { $0 > 0x20 })
    let domain = choice.of(["example.com", "example.net", "example.org"])
    return Array("user\(100_000 + choice.below(900_000))@\(domain)".utf8)
  }

  /// A page at a domain that is reserved for examples.
  func url(for original: [UInt8]) -> [UInt8] {
    var choice = key.choice("deid.url.v1", patient, original)
    let scheme = original.starts(with: "http".utf8) ? "https://" : ""
    return Array("\(scheme)www.example.com/\(100_000 + choice.below(900_000))".utf8)
  }

  /// An address of the ranges for documentation (RFC 5737, RFC 3849).
  func networkAddress(for original: [UInt8]) -> [UInt8] {
    var choice = key.choice("deid.ip.v1", patient, original)
    if original.contains(UInt8(ascii: ":")) && !original.contains(UInt8(ascii: ".")) {
      return Array("2001:db8::\(String(1 + choice.below(65_534), radix: 16))".utf8)
    }
    let net = choice.of(["192.0.2", "198.51.100", "203.0.113"])
    return Array("\(net).\(1 + choice.below(254))".utf8)
  }

  /// The province or metropolitan city that an address begins with.
  ///
  /// - Returns: `nil` where it names none.
  static func province(of address: [UInt8]) -> [UInt8]? {
    let provinces = [
      ("서울", "서울"), ("부산", "부산"), ("대구", "대구"), ("인천", "인천"), ("대전", "대전"), ("울산", "울산"),
      ("세종", "세종"), ("경기도 광주", "경기"), ("경기", "경기"), ("강원", "강원"), ("충청북도", "충북"),
      ("충북", "충북"), ("충청남도", "충남"), ("충남", "충남"), ("전라북도", "전북"), ("전북", "전북"),
      ("전라남도", "전남"), ("전남", "전남"), ("경상북도", "경북"), ("경북", "경북"), ("경상남도", "경남"),
      ("경남", "경남"), ("제주", "제주"), ("광주광역시", "광주"), ("광주시 동구", "광주"), ("광주 동구", "광주"),
      ("광주 서구", "광주"), ("광주 남구", "광주"), ("광주 북구", "광주"), ("광주 광산구", "광주"),
    ]
    let start = address.drop {
      $0 == 0x28 || $0 == 0x5B || $0 == 0x20 || $0 &- 0x30 < 10 || $0 == 0x29
        || $0 == 0x5D || $0 == 0x2D || $0 == 0x2C
    }
    return provinces.first { start.starts(with: $0.0.utf8) }.map { Array($0.1.utf8) }
  }
}

extension [UInt8] {
  func hasSuffix(_ suffix: String.UTF8View) -> Bool {
    count > suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}
