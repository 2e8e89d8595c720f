import MedaiText
import Testing

@testable import Deidentification

@Suite struct DateFormTests {
  @Test(arguments: [
    ("2024-03-05", "2024-03-15"), ("2024.03.05", "2024.03.15"), ("2024.3.5", "2024.3.15"),
    ("24.3.5", "24.3.15"), ("'24.3.25", "'24.4.4"), ("20240305", "20240315"),
    ("240325", "240404"), ("3/5", "3/15"), ("03/05", "03/15"), ("3월 5일", "3월 15일"),
    ("2024년 3월 5일", "2024년 3월 15일"), ("2023年 11月 7日", "2023年 11月 17日"),
    ("5 Mar 2024", "15 Mar 2024"), ("07MAR2024", "17MAR2024"), ("Mar 5, 2024", "Mar 15, 2024"),
    ("March 28, 2024", "April 7, 2024"), ("Mar/5", "Mar/15"), ("2024년 3월", "2024년 3월"),
    ("2024-03-25T14:30:00", "2024-04-04T14:30:00"), ("2024-03-25 14:30", "2024-04-04 14:30"),
    ("20240325143000", "20240404143000"), ("3/17~18", "3/27~28"), ("10.14", "10.24"),
    ("2024/12/25", "2025/01/04"), ("24.12.25", "25.1.4"), ("2024.12.", "2024.12."),
    ("25/12/2024", "04/01/2025"), ("’24.3.5", "’24.3.15"), ("2024년", "2024년"), ("2/29", "3/10"),
    ("12/31/1999", "01/10/2000"),
  ])
  func movesByTenDaysInItsOwnForm(text: String, expected: String) throws {
    let date = try #require(DateForm(Array(text.utf8)))
    #expect(String(decoding: date.shifted(by: 10, contextYear: 2024), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    "2024-02-30", "13/45", "", "환자", "2024-13-01", "99999999", "1234567", "20일", "5", "3-5-7-9-1",
    "32 Mar 2024", "00/00", "12:30",
  ])
  func whatIsNoDateIsRefused(text: String) { #expect(DateForm(Array(text.utf8)) == nil) }

  @Test func monthsAndYearsMoveAtTheirOwnGranularity() throws {
    let month = try #require(DateForm(Array("2024-11".utf8)))
    #expect(month.shifted(by: 60, contextYear: 2024) == Array("2025-01".utf8))
    let year = try #require(DateForm(Array("2024".utf8)))
    #expect(year.shifted(by: 300, contextYear: 2024) == Array("2025".utf8))
    #expect(year.shifted(by: 100, contextYear: 2024) == Array("2024".utf8))
  }

  @Test func anyShiftReadsBackAsTheSameDistance() throws {
    for text in ["2024-03-05", "24.3.5", "2024년 12월 31일", "5 Mar 2024", "20240229"] {
      let date = try #require(DateForm(Array(text.utf8)))
      for days in [-365, -59, -1, 1, 28, 364] {
        let moved = try #require(DateForm(date.shifted(by: days, contextYear: 2024)))
        let back = moved.shifted(by: -days, contextYear: 2024)
        #expect(back == Array(text.utf8), "\(text) by \(days)")
      }
    }
  }

  @Test(arguments: [
    (" (화)", 1, " (수)"), ("(화)", -2, "(일)"), (" 화요일", 7, " 화요일"), ("(Tue)", 3, "(Fri)"),
    ("(TUE)", 1, "(WED)"), (" 화장실", 1, " 화장실"), ("(화상)", 1, "(화상)"),
  ])
  func weekdaysMoveAlong(text: String, days: Int, expected: String) {
    var bytes = Array(text.utf8)
    if let fix = Weekday.repair(in: bytes, at: 0, by: days) {
      bytes.replaceSubrange(fix.range, with: fix.written)
    }
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }
}

@Suite struct ParticleTests {
  @Test(arguments: [
    ("은 ", true, "는 "), ("는 ", false, "은 "), ("이 ", true, "가 "), ("가 ", false, "이 "),
    ("을,", true, "를,"), ("를", false, "을"), ("과 ", true, "와 "), ("와 ", false, "과 "),
    ("으로 ", true, "로 "), ("로 ", false, "으로 "), ("이라고 ", true, "라고 "), ("라고", false, "이라고"),
    ("아!", true, "야!"), ("야", false, "아"), ("이랑 ", true, "랑 "), ("이가 ", true, "가 "),
    ("이는 ", true, "는 "), ("님은 ", true, "님은 "), ("에게 ", true, "에게 "), ("이었", true, "였"),
    ("은행 ", true, "은행 "), ("가족 ", false, "가족 "), ("입니다", true, "입니다"),
  ])
  func agreesWithTheNewEnding(text: String, opens: Bool, expected: String) {
    var bytes = Array(text.utf8)
    let (old, new): (Particle.Ending, Particle.Ending) = opens ? (.closed, .open) : (.open, .closed)
    if let fix = Particle.repair(in: bytes, at: 0, from: old, to: new) {
      bytes.replaceSubrange(0..<fix.taken, with: fix.written)
    }
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test func rieulTakesRoAsAnOpenSyllableDoes() {
    #expect(
      Particle.repair(in: Array("으로".utf8), at: 0, from: .closed, to: .rieul)?.written
        == Array("로".utf8))
    #expect(Particle.repair(in: Array("로".utf8), at: 0, from: .open, to: .rieul) == nil)
    #expect(
      Particle.repair(in: Array("는".utf8), at: 0, from: .open, to: .rieul)?.written
        == Array("은".utf8))
    #expect(Particle.ending(of: Array("김일".utf8)) == .rieul)
    #expect(Particle.ending(of: Array("Kim".utf8)) == nil)
  }
}

@Suite struct SurrogateTests {
  private let key: PseudonymKey

  init() throws { key = try PseudonymKey(bytes: testKey) }

  private func name(_ text: String, patient: String = "P1") -> String? {
    NameSurrogate(key: key, patient: Array(patient.utf8)).replacement(for: Array(text.utf8))
      .map { String(decoding: $0, as: UTF8.self) }
  }
  private func number(_ text: String, _ type: IdentifierType) -> String {
    String(
      decoding: NumberSurrogate(key: key, patient: []).replacement(
        for: Array(text.utf8), type: type), as: UTF8.self)
  }

  @Test(arguments: ["홍길동", "김영", "남궁민수", "서준", "김", "이서연", "황보관", "독고영재", "사공"])
  func namesKeepTheirSyllables(text: String) throws {
    let invented = try #require(name(text))
    #expect(invented.unicodeScalars.count == text.unicodeScalars.count)
    #expect(invented != text)
    #expect(invented.unicodeScalars.allSatisfy(isHangulSyllable))
  }

  @Test func onePersonHasOneNameInEveryStyle() throws {
    let full = Array(try #require(name("홍길동")).unicodeScalars)
    #expect(name("홍") == String(String.UnicodeScalarView([full[0]])))
    let spaced = String(String.UnicodeScalarView([full[0], " ", full[1], " ", full[2]]))
    #expect(name("홍 길 동") == spaced)
    let masked = Array(try #require(name("홍OO")).unicodeScalars)
    #expect(masked[0] == full[0] && masked[1] == "O" && masked[2] == "O")
    #expect(name("홍길동", patient: "P2") != name("홍길동"))
    #expect(name("홍길동") == name("홍길동"))
  }

  @Test(arguments: ["김O수", "승○○", "김**", "박모"])
  func maskedNamesStayMasked(text: String) throws {
    let invented = Array(try #require(name(text)).unicodeScalars)
    let original = Array(text.unicodeScalars)
    #expect(invented.count == original.count && invented[0] != original[0])
    for (new, old) in zip(invented, original) where !isHangulSyllable(old) || old == "모" {
      #expect(new == old)
    }
  }

  @Test func latinNamesStayLatinInTheirCase() throws {
    let upper = try #require(name("HONG GILDONG"))
    #expect(upper.utf8.allSatisfy { $0 == 0x20 || $0 &- 0x41 < 26 })
    let hyphen = try #require(name("Hong Gil-dong"))
    #expect(hyphen.contains("-") && !hyphen.lowercased().contains("gil"))
    #expect(
      upper.split(separator: " ")[0].lowercased()
        == hyphen.split(separator: " ")[0].lowercased())
    let initials = try #require(name("K.M.S."))
    #expect(initials.utf8.count == 6 && initials != "K.M.S.")
    #expect(try #require(name("James Parkinson")) != "James Parkinson")
    #expect(name("洪吉童")?.unicodeScalars.count == 3)
    #expect(name("Иванов") == nil)
  }

  @Test func everyInventedHangulNameCanBeWrittenInCP949() throws {
    for text in ["홍길동", "남궁민수", "洪吉童", "서준"] {
      for patient in 0..<40 {
        _ = try CP949.encode(Array(try #require(name(text, patient: "\(patient)")).utf8))
      }
    }
  }

  @Test(arguments: [
    "010-1234-5678", "02-123-4567", "031)123-4567", "+82-10-1234-5678", "01012345678",
    "0507-1234-5678", "+1 415 555 0100",
  ])
  func phonesLieWhereNobodyIs(text: String) {
    let invented = number(text, .phone)
    #expect(invented.utf8.count == text.utf8.count && invented != text)
    let digits = invented.utf8.filter { $0 &- 0x30 < 10 }
    let place =
      text.hasPrefix("+82")
      ? 4
      : text.hasPrefix("02")
        ? 2
        : text.hasPrefix("050")
          ? 4
          : text.hasPrefix("+1") ? 1 : 3
    #expect(digits[place] == 0x30)
  }

  @Test(arguments: ["850315-1234567", "8503151234567", "850315-1******", "850315"])
  func registrationNumbersHaveNoMonthAndNoCheck(text: String) throws {
    let invented = number(text, .rrn)
    let digits = invented.utf8.filter { $0 &- 0x30 < 10 }.map { Int($0) - 0x30 }
    #expect(digits[2] >= 3 && invented != text)
    #expect(invented.utf8.count == text.utf8.count)
    if digits.count == 13 {
      let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
      let sum = zip(weights, digits).map(*).reduce(0, +) % 11
      #expect(digits[12] != (11 - sum) % 10 && digits[12] != (13 - sum) % 10)
    }
  }

  @Test func cardsFailLuhn() {
    #expect(passesLuhn([4, 5, 3, 9, 1, 4, 8, 8, 0, 3, 4, 3, 6, 4, 6, 7]))
    for card in ["4539-1488-0343-6467", "4111 1111 1111 1111"] {
      let digits = number(card, .card).utf8.filter { $0 &- 0x30 < 10 }.map { Int($0) - 0x30 }
      #expect(digits.count == 16 && digits[0] == 0 && !passesLuhn(digits))
    }
  }

  @Test func codesKeepTheirShape() {
    let invented = Array(number("S24-12345b", .id).utf8)
    #expect(invented.count == 10 && invented[3] == 0x2D)
    #expect(invented[0] &- 0x41 < 26 && invented[9] &- 0x61 < 26 && invented[4] &- 0x30 < 10)
    #expect(number("12가3456", .plate).hasPrefix("0"))
  }

  @Test func placesAreInvented() {
    let places = PlaceSurrogate(key: key, patient: [])
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    #expect(text(places.hospital(for: Array("서해대학교병원".utf8))).hasSuffix("대학교병원"))
    #expect(text(places.hospital(for: Array("연세밝은내과".utf8))).hasSuffix("내과"))
    #expect(text(places.organisation(for: Array("한빛초등학교".utf8))).hasSuffix("초등학교"))
    let address = text(places.address(for: Array("서울시 종로구 대학로 12, 101동 1203호".utf8)))
    for part in ["서울", "종로", "대학", "1203"] { #expect(!address.contains(part)) }
    #expect(address.contains("구 ") && address.hasSuffix("호"))
    #expect(text(places.email(for: Array("a@b.kr".utf8))).contains("@example."))
    #expect(
      text(places.networkAddress(for: Array("10.0.0.1".utf8))).split(separator: ".").count == 4)
    #expect(text(places.networkAddress(for: Array("fe80::1".utf8))).hasPrefix("2001:db8::"))
    #expect(PlaceSurrogate.province(of: Array("(03080) 서울특별시 종로구".utf8)) == Array("서울".utf8))
    #expect(PlaceSurrogate.province(of: Array("광주시 초월읍".utf8)) == nil)
  }
}
