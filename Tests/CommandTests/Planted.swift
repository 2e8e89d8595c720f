/// Records with planted identifiers, none of them a real person's, and the values to search for.
enum Planted {
  /// What may be seen nowhere but in the inputs and in `names.ndjson`.
  static let values = [
    "850315-1234567", "8503151234567", "901224-2345678", "김철수", "이영희", "20418837",
    "010-2345-6789", "010-9876-5432", "02-345-6789", "kim.cs@example.org", "N-77120419",
    "77120419", "1985-03-15",
  ]

  /// A note whose file name holds a name and a chart number.
  static let note = """
    환자: 김철수 (M/41)   등록번호: 20418837
    주민등록번호 850315-1234567   연락처 010-2345-6789   kim.cs@example.org
    보호자 이영희(배우자, 901224-2345678) 010-9876-5432, 자택 02-345-6789
    생년월일 1985-03-15. 혈압 120/80, 체온 36.5도.

    """

  /// Records of the same patient: good, undecodable, good.
  static let lines: [UInt8] =
    Array(
      """
      {"id":"N-77120419","patient":"20418837","text":"김철수님 내원. 주민번호 850315-1234567, 010-2345-6789"}
      {"id":"n2","patient":"20418837","text":"
      """.utf8) + [0xFF, 0xFE]
    + Array(
      """
       850315-1234567 김철수"}
      {"id":"n3","patient":"20418837","text":"보호자 이영희님 010-9876-5432 통화. 혈압 130/85"}

      """.utf8)

  /// An OMOP NOTE table.
  static let omop = """
    note_id,person_id,note_date,note_title,note_text,encoding_concept_id
    77120419,20418837,2026-03-05,경과기록,"환자 김철수, 등록번호 20418837.
    연락처 010-2345-6789, 배우자 이영희 010-9876-5432",32678

    """

  /// The same as the columns of a hospital's export, in CP949.
  static let export: [UInt8] =
    // 등록번호,성명,연락처,기록 / 20418837,김철수,010-2345-6789,"환자 김철수 내원"
    [
      0xB5, 0xEE, 0xB7, 0xCF, 0xB9, 0xF8, 0xC8, 0xA3, 0x2C, 0xBC, 0xBA, 0xB8, 0xED, 0x2C, 0xBF,
      0xAC, 0xB6, 0xF4, 0xC3, 0xB3, 0x2C, 0xB1, 0xE2, 0xB7, 0xCF, 0x0A,
    ] + Array("20418837,".utf8) + kimInCP949 + Array(",010-2345-6789,".utf8)
    + [0xC8, 0xAF, 0xC0, 0xDA, 0x20] + kimInCP949 + [0x20, 0xB3, 0xBB, 0xBF, 0xF8, 0x0A]

  /// `김철수` in CP949.
  static let kimInCP949: [UInt8] = [0xB1, 0xE8, 0xC3, 0xB6, 0xBC, 0xF6]

  /// Lays all of them out below `in`, with a link and a binary file.
  static func write(in place: Workplace) throws {
    try place.write("in/김철수_20418837.txt", note)
    try place.write("in/010-2345-6789/notes.ndjson", lines)
    try place.write("in/omop/NOTE.csv", omop)
    try place.write("in/export.csv", export)
    try place.write("in/image.dat", [0x00, 0x01, 0x02] + Array("850315-1234567 김철수".utf8))
    try place.link("in/김철수 link.txt", to: "/etc/hostname")
    try place.write("patients.csv", "patient,name,mrn,phone\n20418837,김철수,20418837,010-2345-6789\n")
  }

  /// The planted values that occur in bytes, in UTF-8 or CP949.
  static func found(in bytes: [UInt8]) -> [String] {
    var found = values.filter { contains(bytes, Array($0.utf8)) }
    if contains(bytes, kimInCP949) { found.append("김철수 (CP949)") }
    return found
  }
}
