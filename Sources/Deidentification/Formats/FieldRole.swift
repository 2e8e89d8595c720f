internal import MedaiText

/// What a field is known to hold by its name.
enum FieldRole: Equatable {
  /// The id of the record.
  case record
  /// The id of the patient.
  case patient
  /// The id of something else that tables are joined by: a visit, a provider.
  case reference
  /// An identifier of one type.
  case identifier(IdentifierType)
  /// A part of the birth date that stands alone, as in OMOP's PERSON.
  case birthYear, birthMonth, birthDay
  /// Anything else: text to be searched.
  case text
}

/// Names that the caller gives to fields, beyond those that are known.
public struct FieldNames: Sendable {
  /// Fields of free text: searched, whatever their name suggests.
  public var text: [String]
  /// The field with the record's id.
  public var id: [String]
  /// The field with the patient's id.
  public var patient: [String]

  /// Names; none are needed.
  public init(text: [String] = [], id: [String] = [], patient: [String] = []) {
    self.text = text
    self.id = id
    self.patient = patient
  }

  /// What a field's name tells.
  struct Reading {
    var role: FieldRole
    /// How many bytes at the name's start are not known, so that they may hold anything.
    var unknown: Int
    /// Whether the name, or its ending, is known or was given by the caller.
    var isKnown: Bool
  }

  /// The role of a field, as `reading(of:isTop:)` tells it.
  func role(of name: [UInt8], isTop: Bool) -> FieldRole { reading(of: name, isTop: isTop).role }

  /// Reads a field's name.
  ///
  /// - Parameters:
  ///   - name: Its name, well-formed UTF-8.
  ///   - isTop: Whether it lies directly in the record; names as general as `id` count only there.
  /// - Returns: The role; a name that is not known is that of a text.
  func reading(of name: [UInt8], isTop: Bool) -> Reading {
    func isOneOf(_ names: [String]) -> Bool { names.contains { $0.utf8.elementsEqual(name) } }
    func known(_ role: FieldRole) -> Reading { Reading(role: role, unknown: 0, isKnown: true) }
    if isOneOf(text) { return Reading(role: .text, unknown: name.count, isKnown: true) }
    if isOneOf(id) { return known(isTop ? .record : .reference) }
    if isOneOf(patient) { return known(.patient) }
    let plain = Self.plain(name)
    if isTop, let role = Self.topRoles[plain] { return known(role) }
    if let role = Self.roles[plain] { return known(role) }
    for ending in ["_datetime", "_date", "일자", "일시", "날짜"] {
      let ends = name.hasSuffix(ending.utf8)
      guard ends || ending.utf8.first != 0x5F && plain.hasSuffix(ending.utf8) else { continue }
      return Reading(
        role: .identifier(.date), unknown: ends ? name.count - ending.utf8.count : name.count,
        isKnown: true)
    }
    return Reading(role: .text, unknown: name.count, isKnown: false)
  }

  /// Lower-case letters, digits and everything beyond ASCII.
  private static func plain(_ name: [UInt8]) -> [UInt8] {
    nfc(name).compactMap { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
        byte
      default: nil
      }
    }
  }

  private static let topRoles: [[UInt8]: FieldRole] = table([
    (.record, "id recordid noteid docid documentid"),
    (.patient, "patient"),
    (.identifier(.name), "name"),
    (.identifier(.address), "city county state zip"),
  ])

  private static let roles: [[UInt8]: FieldRole] = table([
    (.patient, "patientid personid subjectid 환자id"),
    (
      .reference,
      "visitoccurrenceid visitdetailid precedingvisitoccurrenceid precedingvisitdetailid providerid "
        + "caresiteid locationid noteeventid encounterid"
    ),
    (.birthYear, "yearofbirth birthyear 출생연도 출생년도"),
    (.birthMonth, "monthofbirth birthmonth 출생월"),
    (.birthDay, "dayofbirth birthday 출생일"),
    (
      .identifier(.mrn),
      "mrn 등록번호 환자번호 환자등록번호 병록번호 차트번호 진료카드번호 personsourcevalue chartno chartnumber hospno "
        + "unitno ptno patientno patientnumber"
    ),
    (
      .identifier(.name),
      "성명 이름 환자명 환자성명 환자이름 patientname ptname fullname 보호자 보호자명 보호자성명 보호자이름 주치의 주치의명 담당의 "
        + "담당의사 담당의명 담당교수 집도의 마취의 판독의 처방의 의사명 의사 간호사 간호사명 담당간호사 작성자 작성자명 기록자 확인자 "
        + "doctor doctorname physician attending providername guardianname author"
    ),
    (.identifier(.rrn), "rrn 주민번호 주민등록번호 외국인등록번호 외국인번호 residentno ssn"),
    (.identifier(.passport), "여권번호 passport passportno passportnumber"),
    (.identifier(.driver), "운전면허번호 운전면허 driverlicense"),
    (.identifier(.insurance), "보험증번호 건강보험증번호 증번호 의료급여번호 insuranceno insurancenumber"),
    (
      .identifier(.phone),
      "연락처 전화 전화번호 휴대폰 휴대폰번호 휴대전화 휴대전화번호 핸드폰 핸드폰번호 보호자연락처 보호자전화번호 집전화 비상연락처 팩스 "
        + "팩스번호 phone phoneno phonenumber tel telno telephone mobile mobilephone cellphone fax"
    ),
    (.identifier(.email), "email emailaddress 이메일 이메일주소 메일 전자우편"),
    (
      .identifier(.address),
      "주소 집주소 상세주소 거주지 주소지 우편번호 address address1 address2 addr addr1 addr2 street zipcode "
        + "postalcode locationsourcevalue"
    ),
    (
      .identifier(.hospital),
      "병원 병원명 의료기관 의료기관명 요양기관명 의뢰병원 전원병원 hospital hospitalname caresitename cdmholder"
    ),
    (.identifier(.org), "직장 직장명 회사 회사명 근무처 학교 학교명 employer company school"),
    (
      .identifier(.date),
      "생년월일 생일 birthdate dateofbirth dob 입원일 퇴원일 진료일 수술일 검사일 접수일 작성일 내원일 사망일 처방일 시술일 "
        + "기록일 판독일 예약일 date visitdate admissiondate dischargedate"
    ),
    (.identifier(.age), "age 나이 연령 만나이"),
    (.identifier(.account), "계좌 계좌번호 account accountno accountnumber"),
    (.identifier(.card), "카드번호 cardno cardnumber 신용카드번호"),
    (.identifier(.plate), "차량번호 차량번호판 plate"),
    (.identifier(.url), "url homepage 홈페이지"),
    (.identifier(.ip), "ip ipaddress ipaddr"),
    (
      .identifier(.device),
      "uniquedeviceid productionid lotnumber serialno serialnumber 시리얼번호 제조번호"
    ),
    (.identifier(.license), "면허번호 의사면허번호 전문의번호 licenseno licensenumber npi dea"),
    (.identifier(.sns), "카카오톡 카톡 카카오톡아이디 kakaoid sns instagram"),
    (
      .identifier(.id),
      "검체번호 접수번호 내원번호 수납번호 처방번호 사번 직원번호 학번 군번 specimensourceid visitsourcevalue "
        + "visitoccurrencesourcevalue visitdetailsourcevalue providersourcevalue "
        + "caresitesourcevalue familysourcevalue accession accessionno accessionnumber specimenno"
    ),
  ])

  private static func table(_ rows: [(FieldRole, String)]) -> [[UInt8]: FieldRole] {
    var result: [[UInt8]: FieldRole] = [:]
    for (role, names) in rows {
      for name in names.utf8.split(separator: 0x20) { result[Array(name)] = role }
    }
    return result
  }
}
