internal import Deidentification
import Testing

/// One sentence and what one type finds in it.
struct Example: Sendable, CustomTestStringConvertible {
  var type: IdentifierType
  var text: String
  var surfaces: [String]
  var testDescription: String { "\(type.rawValue) \(text)" }

  init(_ type: IdentifierType, _ text: String, _ surfaces: String...) {
    self.type = type
    self.text = text
    self.surfaces = surfaces
  }
}

private let numbers: [Example] = [
  Example(.rrn, "주민번호 850315-1234567 임", "850315-1234567"),
  Example(.rrn, "번호는850315-1234567이고", "850315-1234567"),
  Example(.rrn, "850315 - 1234567", "850315 - 1234567"),
  Example(.rrn, "(9011132875143)", "9011132875143"),
  Example(.rrn, "690128-2******", "690128-2******"),
  Example(.rrn, "주민 8503151******", "8503151******"),
  Example(.rrn, "남아(190301-3), 5세", "190301-3"),
  Example(.rrn, "주민번호 앞자리 850315", "850315"),
  Example(.rrn, "외국인등록번호 921130-5981962", "921130-5981962"),
  Example(.rrn, "８５０３１５－１２３４５６７", "８５０３１５－１２３４５６７"),
  Example(.rrn, "850315–1234567", "850315–1234567"),
  Example(.rrn, "850315\n-1234567", "850315\n-1234567"),
  Example(.rrn, "851315-1234567"),
  Example(.rrn, "850230-1234567"),
  Example(.phone, "HP 010-1234-5678.", "010-1234-5678"),
  Example(.phone, "01012345678로 연락", "01012345678"),
  Example(.phone, "연락처 010.1234.5678", "010.1234.5678"),
  Example(.phone, "연락처 010 1234 5678", "010 1234 5678"),
  Example(.phone, "전화 02)123-4567", "02)123-4567"),
  Example(.phone, "전화 (054)282-7719 /", "(054)282-7719"),
  Example(.phone, "0507-1234-5678", "0507-1234-5678"),
  Example(.phone, "공단 1577-1000", "1577-1000"),
  Example(.phone, "+82 10-1234-5678", "+82 10-1234-5678"),
  Example(.phone, "내선 7214", "7214"),
  Example(.phone, "ext. 7017", "7017"),
  Example(.phone, "공일공-4482-7719", "공일공-4482-7719"),
  Example(.phone, "112와 119에 신고"),
  Example(.phone, "Hb 10.2, WBC 7840"),
  Example(.phone, "혈압 120/80 맥박 72"),
  Example(.email, "a.b@mail.example.com로", "a.b@mail.example.com"),
  Example(.email, "bok71(at)mail.example.com", "bok71(at)mail.example.com"),
  Example(.email, "bok71 골뱅이 mail.example.com", "bok71 골뱅이 mail.example.com"),
  Example(.email, "threshold 0.75V@0.4ms"),
  Example(.url, "https://a.example.kr/x?y=1에서", "https://a.example.kr/x?y=1"),
  Example(.url, "(www.a.example.kr/refer)", "www.a.example.kr/refer"),
  Example(.ip, "host 10.24.118.37", "10.24.118.37"),
  Example(.ip, "IP 2001:db8:0:4f::1c,", "2001:db8:0:4f::1c"),
  Example(.ip, "v1.2.3.4 배포"),
  Example(.ip, "1.2.3.4 항목"),
  Example(.ip, "10:20:30 투약"),
  Example(.card, "카드 4573-1170-6622-8876", "4573-1170-6622-8876"),
  Example(.card, "카드(9481-02**-****-3317)", "9481-02**-****-3317"),
  Example(.account, "한들은행 계좌 356-1182-4470-13", "356-1182-4470-13"),
  Example(.account, "급여계좌: 한들은행 820-01-448190", "820-01-448190"),
  Example(.plate, "차량 147머 3829", "147머 3829"),
  Example(.plate, "서울 31 바 7745", "서울 31 바 7745"),
  Example(.plate, "12가 1000명"),
  Example(.driver, "13-11-483920-60", "13-11-483920-60"),
  Example(.driver, "경기 04-127730-11", "경기 04-127730-11"),
  Example(.driver, "99-11-483920-60"),
  Example(.passport, "여권 M12345678", "M12345678"),
  Example(.passport, "여권번호: M317B4402", "M317B4402"),
  Example(.passport, "passport 553201887", "553201887"),
  Example(.insurance, "건강보험증 번호 80417729013", "80417729013"),
  Example(.insurance, "의료급여 1종 (1-0220441879)", "1-0220441879"),
  Example(.mrn, "등록번호 20481173", "20481173"),
  Example(.mrn, "등록번호: 01-884213", "01-884213"),
  Example(.mrn, "차트번호는 IVF-4471", "IVF-4471"),
  Example(.mrn, "등록번호 발급 위해 원무과 방문"),
  Example(.id, "검체번호 20240227-HN-006", "20240227-HN-006"),
  Example(.id, "사건번호 2023-원주-018842", "2023-원주-018842"),
  Example(.id, "조직 (S24-003318) 제출", "S24-003318"),
  Example(.id, "혈액번호 10-23-551093, 10-23-551094", "10-23-551093", "10-23-551094"),
  Example(.id, "검체는 10cc 보존액"),
  Example(.device, "S/N PWB402188S", "PWB402188S"),
  Example(.device, "LOT 65183392", "65183392"),
  Example(.device, "제조번호 50993821", "50993821"),
  Example(.license, "면허번호 제73019호", "73019"),
  Example(.license, "면허 109,338", "109,338"),
  Example(.license, "전문의 2명"),
  Example(.sns, "카톡 ID sky_haneul05", "sky_haneul05"),
  Example(.sns, "인스타 @bom_ivf_diary 에", "@bom_ivf_diary"),
  Example(.sns, "7.5 @23cm 고정"),
  Example(.age, "94세 여환", "94"),
  Example(.age, "F/91", "91"),
  Example(.age, "92/F", "92"),
  Example(.age, "만 92세", "92"),
  Example(.age, "89세 여환"),
  Example(.age, "SpO2 98% HR 96"),
  Example(.age, "BP 98/60"),
  Example(.age, "Tc-99m"),
]

private let dates: [Example] = [
  Example(.date, "2024-03-11 15:42", "2024-03-11"),
  Example(.date, "2024. 1. 17. 면담", "2024. 1. 17."),
  Example(.date, "2024년 3월 5일(화)", "2024년 3월 5일"),
  Example(.date, "3월2일부터", "3월2일"),
  Example(.date, "2019년 8월 수술", "2019년 8월"),
  Example(.date, "2023年 11月 7日", "2023年 11月 7日"),
  Example(.date, "일자 240318 (월)", "240318"),
  Example(.date, "판독 20240216", "20240216"),
  Example(.date, "20231103171802", "20231103"),
  Example(.date, "'24.1 안과", "'24.1"),
  Example(.date, "23/10/24 촬영", "23/10/24"),
  Example(.date, "3/2~3/5", "3/2", "3/5"),
  Example(.date, "dexa 3/27~28 완료", "3/27~28"),
  Example(.date, "10.14 오후", "10.14"),
  Example(.date, "03-05 10:11", "03-05"),
  Example(.date, "07MAR2024", "07MAR2024"),
  Example(.date, "June 4, 2024", "June 4, 2024"),
  Example(.date, "25 May", "25 May"),
  Example(.date, "12/APR/1976", "12/APR/1976"),
  Example(.date, "08/23/1991", "08/23/1991"),
  Example(.date, "２０２４．３．５", "２０２４．３．５"),
  Example(.date, "2024-02-30"),
  Example(.date, "2023-02-29"),
  Example(.date, "13월 2일"),
  Example(.date, "4월 31일"),
  Example(.date, "BP 120/80"),
  Example(.date, "MMT 4/5"),
  Example(.date, "grade 2/6 SM"),
  Example(.date, "NRS 3/10"),
  Example(.date, "L4/5, C5-6"),
  Example(.date, "pupil 3/3"),
  Example(.date, "아침 1/2 섭취"),
  Example(.date, "LN 1/34"),
  Example(.date, "VF (24-2)"),
  Example(.date, "3-5회/일"),
  Example(.date, "POD#3, HD 5, D+3"),
  Example(.date, "20일 전, 6월 중순"),
  Example(.date, "4-0 nylon, 2-0 silk"),
  Example(.date, "112/68 - 88 - 20 - 37.4"),
  Example(.date, "7.28/34/71/-8.2"),
]

@Test(arguments: numbers)
func numbersAreFoundAndLookAlikesLeft(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}

@Test(arguments: dates)
func datesAreFoundAndLookAlikesLeft(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}
