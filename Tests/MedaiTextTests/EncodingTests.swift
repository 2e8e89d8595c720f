import Cryptography
import MedaiCore
import MedaiTestSupport
import MedaiText
import SystemPackage
import Testing

@Suite struct CP949Tests {
  @Test func everyCodeDecodesAsPythonDecodesIt() throws {
    var lines: [UInt8] = []
    var count = 0
    for lead in UInt8(0x80)...0xFF {
      for trail in UInt8(0)...0xFF {
        guard let text = try? CP949.decode([lead, trail]) else { continue }
        lines += [lead, trail] + text + [0x0A]
        count += 1
        #expect(try CP949.encode(text) == [lead, trail])
      }
    }
    let golden = try readFile(goldenFolder().appending("cp949.txt"))
    #expect(Array("\(count) \(sha256(lines).hex)\n".utf8) == golden)
    #expect(count == 17_048)
  }

  @Test(
    arguments: [
      ([0x41, 0x80], 1), ([0xB0], 0), ([0xB0, 0xA1, 0xFF, 0xFE], 2), ([0xC9, 0xA1], 0),
      ([0xFE, 0xA1], 0), ([0xC6, 0x53], 0), ([0xB0, 0x40], 0),
    ] as [([UInt8], Int)])
  func undecodableBytesAreRefusedWithTheirOffset(bytes: [UInt8], offset: Int) {
    #expect(throws: CP949Error.undecodable(offset: offset)) { try CP949.decode(bytes) }
    var validator = CP949Validator()
    for byte in bytes { validator.append([byte]) }
    #expect(validator.faultAtEnd == offset)
  }

  @Test(arguments: [("가µ", 3), ("é", 0), ("a\u{1F600}", 1), ("⟦", 0)])
  func unencodableScalarsAreRefused(text: String, offset: Int) {
    #expect(throws: CP949Error.unencodable(offset: offset)) {
      try CP949.encode(Array(text.utf8))
    }
  }

  @Test func syllablesOutsideTheStandardDecode() throws {
    #expect(try CP949.decode([0x8C, 0x63]) == Array("똠".utf8))
  }
}

@Suite struct UTF8Tests {
  @Test(
    arguments: [
      ([0xC0, 0x80], 0), ([0x61, 0xE0, 0x80, 0x80], 1), ([0xED, 0xA0, 0x80], 0),
      ([0xF4, 0x90, 0x80, 0x80], 0), ([0xEA, 0xB0], 0), ([0x61, 0x80], 1),
      ([0xEA, 0xB0, 0x80, 0xEA, 0x41], 3), ([0xFF], 0),
    ] as [([UInt8], Int)])
  func faultsHaveTheOffsetOfTheirSequence(bytes: [UInt8], offset: Int) {
    #expect(firstInvalidUTF8(in: bytes) == offset)
  }

  @Test func validityAgreesWithTheStandardLibraryOnEveryThreeBytes() {
    var state: UInt64 = 7
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: state >> (32 + 8 * $0)) | 0x80 }
      #expect(
        (firstInvalidUTF8(in: bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}

@Suite struct DetectionTests {
  private func verdict(_ bytes: [UInt8], chunk: Int = 3) -> EncodingVerdict {
    var detector = EncodingDetector()
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      detector.append(Array(bytes[start..<min(start + chunk, bytes.count)]))
    }
    return detector.verdict()
  }

  @Test func eachEncodingIsSeen() throws {
    let text = "등록번호,성명\r\n1,홍길동\r\n"
    #expect(verdict(Array(text.utf8)).encoding == .utf8)
    #expect(verdict(try CP949.encode(Array(text.utf8))).encoding == .cp949)
    #expect(verdict(Array("\u{FEFF}abc".utf8)).evidence == .mark)
    #expect(verdict(Array("abc".utf8)).evidence == .whole)
    #expect(verdict(Array("abc".utf8)).encoding == .utf8)
  }

  @Test func aSyllableThatFitsBothIsCalledSo() throws {
    let both = try CP949.encode(Array("징".utf8))
    #expect(verdict(both).encoding == .utf8)
    #expect(verdict(both).evidence == .both)
  }

  @Test func oneDamagedLineDoesNotHideTheEncodingOfTheOthers() {
    let bytes = Array("{\"a\":\"홍길동\"}\n".utf8) + [0x22, 0xFF, 0x22, 0x0A]
    #expect(verdict(bytes).encoding == .utf8)
    #expect(verdict(bytes).evidence == .lines)
    #expect(verdict(bytes).utf8Fault == 19)
  }

  @Test func bytesThatFitNothingHaveNoEncoding() {
    let found = verdict(Array("abcdef".utf8) + [0xFF])
    #expect(found.encoding == nil)
    #expect(found.utf8Fault == 6)
    #expect(found.cp949Fault == 6)
  }
}
