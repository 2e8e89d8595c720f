import Presentation
import Testing

@Test(arguments: [
  ("ko", Language.korean), ("KO", .korean), ("en", .english), ("En", .english),
])
func theOptionNamesALanguage(text: String, expected: Language) {
  #expect(Language(option: text) == expected)
}

@Test(arguments: ["", "k", "kor", "ko_KR", " ko", "fr", "ko\0", "\u{212A}o"])
func anythingElseIsNoLanguage(text: String) {
  #expect(Language(option: text) == nil)
}

@Test(
  arguments: [
    ("ko_KR.UTF-8", nil, "en_US.UTF-8", Language.korean),
    ("", "ko_KR", "en_US", .korean),
    (nil, "", "ko", .korean),
    (nil, nil, "ko-KR", .korean),
    (nil, nil, "korean", .korean),
    ("C", "ko_KR.UTF-8", "ko_KR.UTF-8", .english),
    ("kok_IN", nil, nil, .english),
    ("POSIX", nil, nil, .english),
    (nil, nil, nil, .english),
  ] as [(String?, String?, String?, Language)])
func theFirstLocaleVariableThatIsSetDecides(
  all: String?, messages: String?, lang: String?, expected: Language
) {
  #expect(Language(lcAll: all, lcMessages: messages, lang: lang) == expected)
}

@Test func anEmptyTextFallsBackToTheOtherLanguage() {
  #expect(Bilingual(ko: "", en: "only")[.korean] == "only")
  #expect(Bilingual(ko: "만", en: "")[.english] == "만")
  #expect(Bilingual("name")[.korean] == "name")
}
