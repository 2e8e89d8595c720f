/// Parts of invented names. Written for medai, CC0 1.0; no list of real people went into it.
enum NamePool {
  /// Surnames of one syllable with a usual Latin spelling and a hanja.
  static let surnames: [(hangul: Unicode.Scalar, latin: String, hanja: Unicode.Scalar)] = [
    ("김", "Kim", "金"), ("이", "Lee", "李"), ("박", "Park", "朴"), ("최", "Choi", "崔"),
    ("정", "Jung", "鄭"), ("강", "Kang", "姜"), ("조", "Cho", "趙"), ("윤", "Yoon", "尹"),
    ("장", "Jang", "張"), ("임", "Lim", "林"), ("한", "Han", "韓"), ("오", "Oh", "吳"),
    ("서", "Seo", "徐"), ("신", "Shin", "申"), ("권", "Kwon", "權"), ("황", "Hwang", "黃"),
    ("안", "Ahn", "安"), ("송", "Song", "宋"), ("전", "Jeon", "全"), ("홍", "Hong", "洪"),
    ("유", "Yoo", "劉"), ("고", "Ko", "高"), ("문", "Moon", "文"), ("양", "Yang", "梁"),
    ("손", "Son", "孫"), ("배", "Bae", "裵"), ("백", "Baek", "白"), ("허", "Heo", "許"),
    ("남", "Nam", "南"), ("심", "Shim", "沈"), ("노", "Noh", "盧"), ("하", "Ha", "河"),
  ]

  /// Surnames of two syllables.
  static let longSurnames = [
    "남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방", "망절", "어금", "소봉", "장곡", "강전",
  ]

  /// Further Latin spellings by which a surname is known.
  static let latinVariants: [(latin: String, hangul: Unicode.Scalar)] = [
    ("gim", "김"), ("yi", "이"), ("rhee", "이"), ("rhie", "이"), ("pak", "박"), ("bak", "박"),
    ("choe", "최"), ("jeong", "정"), ("chung", "정"), ("jo", "조"), ("yun", "윤"), ("im", "임"),
    ("rim", "임"), ("suh", "서"), ("sin", "신"), ("kwak", "곽"), ("gwon", "권"), ("an", "안"),
    ("jun", "전"), ("yu", "유"), ("ryu", "유"), ("go", "고"), ("koh", "고"), ("mun", "문"),
    ("gang", "강"), ("ro", "노"), ("roh", "노"), ("no", "노"), ("hur", "허"), ("huh", "허"),
    ("chang", "장"), ("paik", "백"), ("woo", "우"), ("min", "민"), ("cha", "차"), ("joo", "주"),
  ]

  /// Surnames met in text beyond those that surrogates use.
  static let otherSurnames: [Unicode.Scalar] = [
    "곽", "성", "차", "주", "우", "구", "민", "류", "나", "진", "지", "엄", "채", "원", "천", "방", "공",
    "현", "함", "변", "염", "여", "추", "도", "소", "석", "선", "설", "마", "길", "연", "위", "표", "명",
    "기", "반", "라", "왕", "금", "옥", "육", "인", "맹", "제", "모", "탁", "국", "어", "은", "편", "용",
    "예", "경", "봉", "사", "부", "가", "복", "태", "목", "형", "피", "두", "감", "음", "빈", "동", "온",
    "호", "범", "좌", "팽", "승", "간", "상", "시", "갈", "단", "견", "당", "화", "창", "리", "림",
  ]

  /// First and second syllables of given names; every first goes with every second of its row.
  static let female: (first: [Unicode.Scalar], second: [Unicode.Scalar]) = (
    ["서", "지", "하", "수", "예", "은", "민", "채", "다", "소", "윤", "가", "나", "유", "혜", "미"],
    ["연", "윤", "은", "아", "린", "희", "영", "진", "주", "정", "경", "원", "나", "빈", "인", "솔"]
  )
  static let male: (first: [Unicode.Scalar], second: [Unicode.Scalar]) = (
    ["민", "준", "도", "지", "현", "성", "재", "태", "승", "우", "건", "시", "동", "상", "진", "영"],
    ["준", "우", "호", "훈", "석", "혁", "현", "민", "수", "식", "철", "규", "환", "욱", "찬", "빈"]
  )

  /// Last syllables that mostly end a woman's or a man's name.
  static let femaleEndings: [Unicode.Scalar] = [
    "희", "숙", "자", "순", "미", "은", "아", "연", "혜", "옥", "례", "지", "린", "나", "윤", "란", "화",
    "애", "심", "월", "임",
  ]
  static let maleEndings: [Unicode.Scalar] = [
    "호", "철", "식", "석", "준", "우", "훈", "혁", "규", "환", "욱", "찬", "수", "섭", "길", "동", "근",
    "만", "용", "태", "건", "묵", "복",
  ]

  /// Syllables of names of other lengths and behind masks.
  static let syllables: [Unicode.Scalar] = [
    "가", "건", "경", "나", "다", "도", "동", "민", "빈", "서", "성", "소", "수", "승", "시", "아", "연",
    "영", "예", "우", "원", "유", "윤", "은", "인", "재", "정", "주", "준", "지", "진", "찬", "채", "태",
    "하", "현", "혜", "호", "훈", "희",
  ]

  /// Hanja of given names; all lie in CP949.
  static let hanja: [Unicode.Scalar] = [
    "秀", "英", "美", "正", "賢", "俊", "浩", "善", "姬", "榮", "成", "東", "敏", "恩", "慶", "明", "元",
    "光", "惠", "仁",
  ]

  /// Names for people whose names are not Korean, none of them a pair of a known person.
  static let foreignFirst = [
    "Alex", "Robin", "Casey", "Jamie", "Taylor", "Morgan", "Jordan", "Riley", "Quinn", "Avery",
    "Dana", "Kim", "Lee", "Noel", "Sasha", "Toni",
  ]
  static let foreignLast = [
    "Ashby", "Birch", "Colby", "Dalton", "Elmore", "Fenwick", "Garner", "Hadley", "Ingram",
    "Keaton", "Landry", "Marlow", "Norwood", "Oakes", "Preston", "Rowan",
  ]
}
