/// A table for a terminal, whose columns line up in Korean too.
public struct TextTable: Sendable {
  /// Where a cell's text stands.
  public enum Alignment: Sendable { case left, right }

  /// A column.
  public struct Column: Sendable {
    /// Its heading.
    public var title: String
    /// Where its text stands; numbers go right.
    public var alignment: Alignment
    /// The greatest width in columns; longer text ends in `…`.
    public var maxWidth: Int

    /// A column.
    public init(_ title: String, _ alignment: Alignment = .left, maxWidth: Int = .max) {
      self.title = title
      self.alignment = alignment
      self.maxWidth = max(1, maxWidth)
    }
  }

  /// The columns.
  public let columns: [Column]
  private var rows: [[String]] = []

  /// An empty table.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, cells beyond the columns are a caller's bug.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count <= columns.count, "more cells than columns")
    rows.append(shortened(cells + Array(repeating: "", count: columns.count - cells.count)))
  }

  /// The lines: heading, rule, rows; each ends in LF and has no trailing spaces.
  public func rendered() -> String {
    let head = shortened(columns.map(\.title))
    let widths = columns.indices.map { column in
      ([head] + rows).map { displayWidth(of: $0[column]) }.max() ?? 0
    }
    var text = line(head, widths)
    text += line(widths.map { String(repeating: "-", count: $0) }, widths)
    for row in rows { text += line(row, widths) }
    return text
  }

  private func shortened(_ cells: [String]) -> [String] {
    zip(cells, columns).map { truncated(visible($0), toWidth: $1.maxWidth) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for column in columns.indices {
      let padding = String(
        repeating: " ", count: widths[column] - displayWidth(of: cells[column]))
      let cell =
        columns[column].alignment == .right ? padding + cells[column] : cells[column] + padding
      text += column == 0 ? cell : "  " + cell
    }
    while text.utf8.last == 0x20 { text.unicodeScalars.removeLast() }
    return text + "\n"
  }
}
