/// What the codes of evidence mean, in both languages.
package enum EvidenceWords {
  /// The words for a code; `nil` for one that this table lacks.
  package static func words(for code: String) -> (ko: String, en: String)? {
    table.first { $0.code.utf8.elementsEqual(code.utf8) }.map { ($0.ko, $0.en) }
  }

  private static let table: [(code: String, ko: String, en: String)] = [
    ("shape", "모양이 이 유형과 같다", "it has the shape of this type"),
    ("left-cue", "바로 앞에 이를 알리는 말이 있다", "a word before it announces it"),
    ("right-cue", "바로 뒤에 이를 알리는 말이 있다", "a word after it tells what it is"),
    ("check-digit", "검증 숫자가 맞다", "its check digit holds"),
    ("calendar", "달력에 있는 날짜다", "it is a date of the calendar"),
    ("list-word", "낱말 목록에 있다", "it stands in a word list"),
    ("repeated", "같은 기록에 다시 나온다", "it occurs elsewhere in the record"),
    ("neighbour", "이웃에 같은 유형이 있다", "a neighbour is of the same type"),
    ("header-line", "기록의 머리 줄에 있다", "it stands in the head of the record"),
    ("known-value", "이 환자에 대해 이미 아는 값이다", "it is known of this patient already"),
    ("syllables", "이름에 흔한 음절이다", "its syllables are usual in names"),
    ("particle", "이름에 붙는 조사가 뒤따른다", "a particle follows as after a name"),
    ("masked", "일부가 가려져 있다", "a part of it is masked"),
    ("site-shape", "기관이 정한 형식·낱말·패턴이다", "the site's own shape, word or pattern"),
    ("romanised", "로마자로 적은 한국 이름이다", "a Korean name in Latin letters"),
    ("foreign", "외국 이름 목록에 있다", "it stands in the list of foreign names"),
    ("time-follows", "시각이 뒤따른다", "a clock time follows"),
    ("weekday", "요일이 뒤따른다", "a weekday follows"),
    ("bracketed", "괄호 안에 있다", "it stands in brackets"),
    ("place-name", "지명이다", "it is a place name"),
    ("suffix", "이 유형의 끝말로 끝난다", "it ends as names of this type do"),
    ("impossible-date", "달력에 없는 날짜다", "no calendar has this date"),
    ("ratio-context", "비율이나 수치로 쓰였다", "it is a ratio or measurement here"),
    ("unit-follows", "단위가 뒤따른다", "a unit follows"),
    ("clinical-word", "임상 용어다", "it is a clinical word"),
    ("common-word", "보통 낱말이다", "it is an ordinary word"),
    ("generic-place", "특정하지 않는 장소 말이다", "it names no particular place"),
    ("eponym", "병명·술식에 쓰인 사람 이름이다", "it is an eponym"),
    ("weak-shape", "모양만으로는 약하다", "its shape alone is weak"),
    ("alone", "홀로 있어 뒷받침이 없다", "nothing around it supports it"),
    ("version-like", "판 번호나 절 번호 같다", "it looks like a version or section number"),
    ("below-threshold", "근거를 합쳐도 기준에 못 미친다", "the evidence together is not enough"),
    ("weak-right-cue", "뒤의 말이 약한 근거다", "the word after it is a weak cue"),
    ("trained", "학습된 표지기가 찾았다", "the trained tagger found it"),
  ]
}
