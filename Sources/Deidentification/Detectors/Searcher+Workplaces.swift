/// Employers whose name no suffix gives away, by what is done there.
extension Searcher {
  private static let working: [[UInt16]] = [
    "근무", "재직", "재학", "다님", "다니", "퇴사", "입사", "소속",
  ].map { Array($0.utf16) }
  private static let places: [[UInt16]] = ["에서", "에"].map { Array($0.utf16) }
  /// Kinds of work and places of every sort: 사무직, 야간, 현장, 교대.
  private static let kindsOfWork: [UInt16] = Array("직간장실팀과부반원일년대점집업사력면서터가소재속".utf16)

  /// 한결누리 재직, 푸른솔데이터에서 근무.
  mutating func workplace(_ word: Word) {
    let next = page.skipSpaces(word.end, limit: 1)
    guard next > word.end, page.isHangul(next), word.end - word.start <= 10,
      Self.working.contains(where: { matches($0, at: next) })
    else { return }
    var end = word.end
    for tail in Self.places where end == word.end && matches(tail, at: word.end - tail.count) {
      end -= tail.count
    }
    guard end - word.start >= 4, !page.isDigit(word.start - 1),
      !Self.kindsOfWork.contains(page.unit(end - 1)),
      lexicon.classes(page, word.start..<end).isDisjoint(
        with: WordClass.notName.union([.sigungu, .place])),
      lexicon.longest(page, at: word.start, limit: end, wanted: [.clinical, .common, .department])
        == nil
    else { return }
    add(.org, word.start..<end, "org.work", 560, .rightCue)
  }
}
