internal import Deidentification
import Testing

private let beside: [Example] = [
  Example(.mrn, "유가람 / 20418837 / 1958.03.14생", "20418837"),
  Example(.mrn, "환자 유가람 20418837 / 발신 010-0417-8826", "20418837"),
  Example(.mrn, "환자명 유가람(20418837) 내원", "20418837"),
  Example(.mrn, "20418837 유가람 F/67", "20418837"),
  Example(.mrn, "Pt: 표진서  #31760254   Room 7", "31760254"),
  Example(.mrn, "유가람님 20418837 접수", "20418837"),
  Example(.mrn, "표진서 / 54M / 31760254 / 입원", "31760254"),
  Example(.mrn, "P0417723  F/31  산모", "P0417723"),
  Example(.mrn, "PID|1||33018824||원^인호||19680621|M", "33018824"),
  Example(.name, "PID|1||33018824||원^인호||19680621|M", "원^인호"),
  Example(.id, "OBR|1||IR-1103-07|M6644^TACE", "IR-1103-07"),
  // The same number again, bare.
  Example(.mrn, "등록번호 20418837\n파일 20260221_20418837_ct.mp4", "20418837", "20418837"),
  Example(.mrn, "등록번호: 임시 T260302-07\n이후 T260302-07 통합", "T260302-07", "T260302-07"),
  Example(.mrn, "등록번호 20418837\n수치 20418837.5 및 120418837", "20418837"),
  // Dates, amounts, laboratory values, codes of fees and diseases.
  Example(.mrn, "환자 유가람 20260112 입원"),
  Example(.mrn, "유가람 F/67 WBC 13200 PLT 254000/uL"),
  Example(.mrn, "환자 유가람 1200000원 수납"),
  Example(.mrn, "유가람 M/54, NT-proBNP 6,820,000"),
  Example(.mrn, "유가람 (F/67) 580314 생"),
  Example(.mrn, "헤파린 250000 unit 투여"),
  Example(.mrn, "10000000 / 20000000"),
  Example(.id, "표준질병분류번호 K80.0"),
  Example(.id, "임상시험 NCT04412345 등록"),
  Example(.id, "(E20117744) 접속", "E20117744"),
  Example(.id, "UID 1.2.840.113619.2.55.3.60", "1.2.840.113619.2.55.3.60"),
  Example(.id, "1.2.3 항, 2.16.840 항"),
  Example(.rrn, "840817-5*****1", "840817-5*****1"),
  Example(.rrn, "310816 - 2 0 4 1 7 7 2", "310816 - 2 0 4 1 7 7 2"),
  Example(.rrn, "영수 R-240602-7"),
  Example(.phone, "T 718-555-0120 F 718-555-0121", "718-555-0120", "718-555-0121"),
  Example(.phone, "BP 118-555-0120"),
  Example(.ip, "Viewer http://10.20.7.15:8080 ,", "10.20.7.15"),
  Example(.url, "Viewer http://10.20.7.15/a/b ,", "http://10.20.7.15/a/b"),
  Example(.plate, "오토바이 강원 원주 가 4418", "강원 원주 가 4418"),
  Example(.license, "사회복지사 (자격 제1-990417호)", "1-990417"),
  Example(.license, "지원 자격 3-4가지"),
  Example(.sns, "LINE cwhit_84", "cwhit_84"),
  Example(.sns, "A-line (radial) 유지, line change"),
  Example(.sns, "오전 9:20, 봄봄맘88 : 네", "봄봄맘88"),
  Example(.sns, "오전 9:20, 혈압 : 120/80"),
]

private let words: [Example] = [
  Example(.name, "6남매(종철, 종숙, 미숙)", "종철", "종숙", "미숙"),
  Example(.name, "증상 3가지(두통, 오심, 구토)"),
  Example(.name, "가정전문간호사 소나은, 센터", "소나은"),
  Example(.name, "통역 쩐티란(센터)", "쩐티란"),
  Example(.name, "OS 입원 예정.   EM 사공윤", "사공윤"),
  Example(.name, "표진서 / 31760254", "표진서"),
  Example(.name, "조사관 어경사 내원", "어"),
  Example(.name, "급경사 계단에서 넘어짐"),
  Example(
    .name, "Patient: Callum Whitfield\nMr. Whitfield feels better", "Callum Whitfield", "Whitfield"),
  Example(.name, "Op name: Laparoscopic cholecystectomy"),
  Example(.hospital, "서해대학교병원 내원력, 이후 서해대 CT시", "서해대학교병원", "서해대"),
  Example(.address, "who lives in Bundang.", "Bundang"),
  Example(.address, "아들(미국 Palo Alto)와", "Palo Alto"),
  Example(.address, "미국 Pfizer 제품"),
]

@Test(arguments: beside)
func numbersBesideAPersonAreFoundAndOthersLeft(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}

@Test(arguments: words)
func wordsOfListsAndRepetitionsAreFound(_ example: Example) {
  #expect(found(example.type, example.text) == example.surfaces)
}
