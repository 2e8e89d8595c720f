internal import Deidentification
import Testing

private let names: [Example] = [
  Example(.name, "환자명 홍길동 M/45", "홍길동"),
  Example(.name, "성명: 김 영 수", "김 영 수"),
  Example(.name, "성명 홍 길동", "홍 길동"),
  Example(.name, "호소영님 두통 호소하심", "호소영"),
  Example(.name, "주치의 R2 배윤슬", "배윤슬"),
  Example(.name, "홍길동님께서는 귀가", "홍길동"),
  Example(.name, "보호자 김민수에게 설명", "김민수"),
  Example(.name, "김교수님 컨펌", "김"),
  Example(.name, "홍 교수 회진", "홍"),
  Example(.name, "박씨 할머니", "박"),
  Example(.name, "김O수 M/16", "김O수"),
  Example(.name, "환자 이OO 님", "이OO"),
  Example(.name, "김○○ 님", "김○○"),
  Example(.name, "남편 황달수 ☎", "황달수"),
  Example(.name, "아내(한소리)가 동행", "한소리"),
  Example(.name, "제갈순덕 / 82F", "제갈순덕"),
  Example(.name, "Dr. Hong Gil-dong", "Hong Gil-dong"),
  Example(.name, "Prof. Seo Tae-woong", "Seo Tae-woong"),
  Example(.name, "Interpreter: Kwon Hye-rin", "Kwon Hye-rin"),
  Example(.name, "고혈압으로 약 복용"),
  Example(.name, "전이 감별 위해 신장 검사"),
  Example(.name, "황달 호전, 정상 범위"),
  Example(.name, "최근 소변량 감소함"),
  Example(.name, "조영제 부작용 없음"),
  Example(.name, "담당 교수님께 보고"),
  Example(.name, "주치의 선생님 오더 확인"),
  Example(.name, "Murphy sign(-), Gartland type III"),
  Example(.name, "Parkinson disease, Hashimoto thyroiditis"),
  Example(.name, "파킨슨병, 크론병 의심"),
  Example(.name, "보호자 동의하 시행"),
  Example(.name, "유지 및 이상 소견 없음"),
  Example(.name, "수간호사에게 문의"),
]

private let places: [Example] = [
  Example(.address, "주소: 서울 중랑구 면목로 112가길 9", "서울 중랑구 면목로 112가길 9"),
  Example(
    .address, "주소 경기도 안양시 동안구 벌말로 48번길 17, 302호(비산동, 한결빌라)",
    "경기도 안양시 동안구 벌말로 48번길 17, 302호(비산동, 한결빌라)"),
  Example(.address, "자택(용인시 처인구 김량장동)에서", "용인시 처인구 김량장동"),
  Example(.address, "전북 익산시 거주", "전북 익산시"),
  Example(.address, "전남 강진군 도암면 만덕리 412번지", "전남 강진군 도암면 만덕리 412번지"),
  Example(.address, "고양시 덕양구 삼송로 139으로 부탁", "고양시 덕양구 삼송로 139"),
  Example(.address, "(48059) 부산광역시 해운대구 센텀동로 71", "(48059) 부산광역시 해운대구 센텀동로 71"),
  Example(.address, "32 Dasan-ro 14-gil, Jung-gu, Seoul", "32 Dasan-ro 14-gil, Jung-gu, Seoul"),
  Example(.address, "서울에서 옴"),
  Example(.address, "경구로 3회 투여"),
  Example(.address, "우측 상완 3-4 cm"),
  Example(.address, "수술실 12"),
  Example(.hospital, "연세밝은내과 방문", "연세밝은내과"),
  Example(.hospital, "서해대학교병원 ER", "서해대학교병원"),
  Example(.hospital, "박내과에서 처방", "박내과"),
  Example(.hospital, "동명대학교 성심병원 외래", "동명대학교 성심병원"),
  Example(.hospital, "포항북구보건소", "포항북구보건소"),
  Example(.hospital, "본원 소화기내과 협진"),
  Example(.hospital, "타병원 CT, 신경외과 의뢰"),
  Example(.hospital, "요양병원 전원 예정"),
  Example(.org, "안양동안경찰서 교통조사계", "안양동안경찰서"),
  Example(.org, "㈜오션로지스 근무", "㈜오션로지스"),
  Example(.org, "꿈나무어린이집 결석", "꿈나무어린이집"),
  Example(.org, "면목본동 주민센터", "면목본동 주민센터"),
  Example(.org, "자동차보험 접수"),
  Example(.org, "학교와 어린이집"),
  Example(.org, "건강보험 적용"),
]

@Test(arguments: names)
func namesAreFoundAndClinicalWordsLeft(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}

@Test(arguments: places)
func placesAreFoundAndGenericOnesLeft(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}

@Test func aNameOnceEstablishedIsFoundEverywhere() {
  let text = "환자명 박도윤 M/45\n박도윤은 안정 중. 도윤이 아버지 면회. 도윤에게 설명함."
  #expect(found(.name, text) == ["박도윤", "박도윤", "도윤", "도윤"])
}

@Test func anOrdinaryWordStaysThoughAPersonBearsIt() {
  let text = "환자명 최근 님\n최근 식사량 줄고 소변 탁함"
  #expect(found(.name, text) == ["최근"])
}

@Test(arguments: ["은", "는", "이", "가", "을", "를", "에게", "께서", "한테", "와", "과", "의", "도", "이랑"])
func particlesStayOutsideTheName(_ particle: String) {
  #expect(found(.name, "환자명 홍길순\n홍길순\(particle) 검사함").last == "홍길순")
}
