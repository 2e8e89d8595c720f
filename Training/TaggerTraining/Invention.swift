import Deidentification

/// Invents surfaces of identifiers in the forms that records write them in.
struct Invention {
  private let sido: [String]
  private let sigungu: [String]
  private let hospitals: [String]
  private let organisations: [String]
  private let romanSurnames: [String]
  private let romanGiven: [String]

  /// Takes the words of the module's lists.
  init(list: (String) throws -> [String]) throws {
    sido = try list("sido")
    sigungu = try list("sigungu")
    hospitals = try list("hospital-suffixes") + list("clinic-suffixes")
    organisations = try list("org-suffixes")
    romanSurnames = try list("roman-surnames").filter { $0.count > 1 }
    romanGiven = try list("roman-given").filter { $0.count > 1 }
  }

  private static let foreignGiven = [
    "Maria", "James", "Anna", "Olga", "Ahmed", "Fatima", "Wei", "Yuki", "Haruto", "Linh", "Thi Hoa",
    "Van Minh", "Rajesh", "Sunil", "Bayar", "Ganbold", "John", "Emily", "Carlos", "Jose", "Aigul",
    "Rustam", "Sergey", "Natalia", "Siti", "Budi", "Grace", "Michael", "Chloe", "Omar",
  ]
  private static let foreignFamily = [
    "Santos", "Reyes", "Nguyen", "Tran", "Pham", "Tanaka", "Suzuki", "Smith", "Johnson", "Miller",
    "Garcia", "Ivanova", "Petrov", "Karimov", "Hossain", "Rahman", "Gurung", "Thapa", "Wang",
    "Zhang", "Bat-Erdene", "Dorj", "Wijaya", "Khan", "Müller", "Dubois", "O'Brien", "Cruz",
  ]
  private static let foreignHangul = [
    "응우옌", "티", "란", "흐엉", "쩐", "반", "팜", "바트", "에르덴", "오트공", "마리아", "산토스", "제임스",
    "스미스", "유키", "다나카", "스즈키", "하루토", "왕웨이", "리샤오", "밍", "알렉산드르", "나탈리아", "카리모프",
    "루스탐", "라만", "호세", "구룽", "타파", "아흐메드", "파티마", "존", "에밀리", "올가", "수닐",
  ]
  private static let stems = [
    "가", "나", "다", "라", "마", "바", "사", "새", "한", "빛", "들", "온", "샘", "누리", "푸른", "늘", "하늘", "은혜",
    "세종",
    "중앙", "제일", "우리", "동", "서", "남", "북", "대", "강", "산", "수", "청", "백", "금", "은", "연", "미래", "성모",
    "효",
    "예", "참", "바른", "믿음", "사랑", "큰", "해", "달", "별", "무지개", "솔", "가온", "다온", "이레", "평화", "서울", "부산",
    "명", "신", "구", "상", "하", "정", "경", "영", "진", "호", "태", "원", "인", "안", "양", "월", "일", "석", "화",
    "춘",
  ]

  private func pick<Element>(_ list: [Element], _ numbers: inout SeededNumbers) -> Element {
    list[Int.random(in: 0..<list.count, using: &numbers)]
  }
  private func number(_ range: Range<Int>, _ numbers: inout SeededNumbers) -> String {
    "\(Int.random(in: range, using: &numbers))"
  }
  private func digits(_ count: Int, _ numbers: inout SeededNumbers) -> String {
    (0..<count).map { _ in number(0..<10, &numbers) }.joined()
  }
  private func two(_ range: Range<Int>, _ numbers: inout SeededNumbers) -> String {
    let value = number(range, &numbers)
    return value.count < 2 ? "0" + value : value
  }
  private func letters(_ count: Int, _ numbers: inout SeededNumbers) -> String {
    (0..<count).map { _ in String(pick(Array("ABCDEFGHJKLMNPRSTUVWXYZ"), &numbers)) }.joined()
  }
  private func stem(_ numbers: inout SeededNumbers) -> String {
    (0..<Int.random(in: 1..<4, using: &numbers)).map { _ in pick(Self.stems, &numbers) }.joined()
  }
  private func capital(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }

  /// A romanised or foreign name of one or more words.
  func romanName(words: Int, isUpper: Bool, _ numbers: inout SeededNumbers) -> String {
    let surname = capital(pick(romanSurnames, &numbers))
    let one = capital(pick(romanGiven, &numbers))
    let other = pick(romanGiven, &numbers)
    let initials = letters(2, &numbers)
    var name: String
    if words == 1 {
      name = pick([surname, one, one + other, pick(Self.foreignGiven, &numbers)], &numbers)
    } else if Int.random(in: 0..<3, using: &numbers) == 0 {
      let given = pick(Self.foreignGiven, &numbers)
      let family = pick(Self.foreignFamily, &numbers)
      name = pick(
        [
          "\(given) \(family)", "\(family) \(given)", "\(family), \(given)",
          "\(given) A. \(family)",
        ],
        &numbers)
    } else {
      name = pick(
        [
          "\(surname) \(one)-\(other)", "\(surname) \(one)\(other)", "\(one)\(other) \(surname)",
          "\(surname), \(one) \(capital(other))", "\(surname) \(one) \(capital(other))",
          "\(one)-\(other) \(surname)", "\(surname) \(initials)",
          "\(surname) \(initials.prefix(1)).",
          "\(initials.prefix(1)).\(initials.suffix(1)). \(surname)", "\(one) \(other) \(surname)",
        ], &numbers)
    }
    return isUpper ? name.uppercased() : name
  }

  /// A foreigner's name in Hangul.
  func foreignName(_ numbers: inout SeededNumbers) -> String {
    let words = (0..<Int.random(in: 1..<4, using: &numbers)).map { _ in
      pick(Self.foreignHangul, &numbers)
    }
    let name = words.joined(separator: pick(["", " ", " "], &numbers))
    return name.count > 1 ? name : name + pick(Self.foreignHangul, &numbers)
  }

  /// An address.
  func address(_ numbers: inout SeededNumbers) -> String {
    let province = pick(sido, &numbers)
    let town = pick(sigungu, &numbers)
    let quarter =
      stem(&numbers) + pick(["동", "동", "읍", "면", "리", "\(number(1..<5, &numbers))동"], &numbers)
    let road =
      stem(&numbers)
      + pick(
        ["로", "길", "대로", "로\(number(1..<40, &numbers))길", "로 \(number(1..<40, &numbers))번길"],
        &numbers)
    let house = pick(
      [number(1..<300, &numbers), "\(number(1..<900, &numbers))-\(number(1..<30, &numbers))"],
      &numbers)
    let block =
      stem(&numbers) + pick(["아파트", "빌라", "맨션", "오피스텔", "타운", "APT", "하이츠", "캐슬"], &numbers)
    let room = pick(
      [
        "\(number(101..<130, &numbers))동 \(number(1..<25, &numbers))0\(number(1..<8, &numbers))호",
        "\(number(101..<130, &numbers))-\(number(1..<25, &numbers))0\(number(1..<8, &numbers))",
        "\(number(1..<9, &numbers))층", "\(number(1..<6, &numbers))0\(number(1..<8, &numbers))호",
        "B\(number(1..<3, &numbers))", "반지하",
      ], &numbers)
    let head = pick(["\(province) \(town)", town, town, "\(province) \(town)"], &numbers)
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0: return "\(head) \(quarter)"
    case 1: return "\(head) \(quarter) \(house)번지"
    case 2: return "\(head) \(road) \(house), \(room) (\(quarter))"
    case 3: return "\(head) \(road) \(house) \(block) \(room)"
    case 4: return "\(quarter) \(block) \(room)"
    case 5: return "\(head) \(road) \(house)\n \(room)(\(quarter), \(block))"
    case 6: return "(\(digits(5, &numbers))) \(head) \(road) \(house) \(room)"
    case 7: return "\(block) \(room)"
    case 8: return "\(road) \(house) \(room)"
    default: return "\(head) \(quarter) \(house) \(block) \(room)"
    }
  }

  /// The name of a hospital or of an organisation.
  func place(_ type: IdentifierType, _ numbers: inout SeededNumbers) -> String {
    let suffix = pick(type == .hospital ? hospitals : organisations, &numbers)
    let stem = stem(&numbers) + (Int.random(in: 0..<3, using: &numbers) == 0 ? stem(&numbers) : "")
    return stem + suffix
  }

  /// A telephone number with its area or mobile code.
  func phone(_ numbers: inout SeededNumbers) -> String {
    let sep = pick(["-", "-", "-", " ", ".", "", ")"], &numbers)
    let code = pick(
      ["010", "010", "010", "02", "031", "051", "062", "070", "011", "033"], &numbers)
    let mark = sep == ")" ? "-" : sep
    let middle = digits(code == "010" ? 4 : 3, &numbers)
    if Int.random(in: 0..<10, using: &numbers) == 0 {
      return "+82-10-\(middle)-\(digits(4, &numbers))"
    }
    return "\(code)\(sep)\(middle)\(mark)\(digits(4, &numbers))"
  }

  /// A date, in full or without its year.
  func date(isFull: Bool, _ numbers: inout SeededNumbers) -> String {
    let year =
      Int.random(in: 0..<3, using: &numbers) == 0
      ? Int.random(in: 1930..<2020, using: &numbers) : Int.random(in: 2020..<2027, using: &numbers)
    let short = two(year % 100..<year % 100 + 1, &numbers)
    let month = Int.random(in: 1..<13, using: &numbers)
    let day = Int.random(in: 1..<29, using: &numbers)
    let mm = two(month..<month + 1, &numbers)
    let dd = two(day..<day + 1, &numbers)
    let english = pick(
      ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"], &numbers)
    if isFull {
      return pick(
        [
          "\(year)-\(mm)-\(dd)", "\(year).\(mm).\(dd)", "\(year). \(month). \(day).",
          "\(year)/\(mm)/\(dd)", "\(short)/\(mm)/\(dd)", "\(short).\(mm).\(dd)",
          "\(short)\(mm)\(dd)",
          "\(year)\(mm)\(dd)", "\(year)년 \(month)월 \(day)일", "\(short)년 \(month)월 \(day)일",
          "'\(short).\(month).\(day)", "\(year).\(month).\(day)", "\(dd) \(english) \(year)",
        ], &numbers)
    }
    return pick(
      [
        "\(month)/\(day)", "\(month)/\(day)", "\(mm)/\(dd)", "\(month)월 \(day)일",
        "\(month)월\(day)일", "\(month).\(day)", "\(mm).\(dd)", "\(month)/\(day)",
      ], &numbers)
  }

  /// A number of a record, an event or a thing.
  func code(_ numbers: inout SeededNumbers) -> String {
    let head = letters(Int.random(in: 0..<4, using: &numbers), &numbers)
    let sep = pick(["", "", "-", "-", ""], &numbers)
    let body = digits(Int.random(in: 5..<10, using: &numbers), &numbers)
    switch Int.random(in: 0..<5, using: &numbers) {
    case 0: return head + sep + body
    case 1: return "\(head)\(sep)\(number(19..<27, &numbers))-\(digits(5, &numbers))"
    case 2:
      return "\(digits(Int.random(in: 2..<9, using: &numbers), &numbers))-\(digits(4, &numbers))"
    case 3: return digits(Int.random(in: 6..<11, using: &numbers), &numbers)
    default: return "\(head)\(digits(4, &numbers))\(letters(1, &numbers))\(digits(3, &numbers))"
    }
  }
}
