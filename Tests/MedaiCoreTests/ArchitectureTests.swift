import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The manifest and ARCHITECTURE.md's table, read as text.
private struct Structure {
  /// Imports of each target by the manifest.
  var manifest: [String: Set<String>] = [:]
  /// Imports of each target that the table allows.
  var table: [String: Set<String>] = [:]

  init() throws {
    let root = repositoryRoot()
    let products = [
      "argumentParser": "ArgumentParser", "configuration": "Configuration",
      "logging": "Logging", "mustache": "Mustache", "system": "SystemPackage", "yams": "Yams",
    ]
    let text = String(decoding: try readFile(root.appending("Package.swift")), as: UTF8.self)
    let body = try #require(text.split(separator: "  targets: [").last)
    // One declaration runs to the next one at the same indentation of four.
    var declarations: [String] = []
    for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("    "), !line.hasPrefix("     "), !line.hasPrefix("    //"),
        !line.hasPrefix("    ]"), !line.hasPrefix("    )")
      {
        declarations.append(String(line))
      } else if !declarations.isEmpty {
        declarations[declarations.count - 1] += "\n" + line
      }
    }
    for declaration in declarations {
      let head = declaration.drop { $0 == " " }
      guard
        ["library(", ".executableTarget(", ".target(", ".systemLibrary("]
          .contains(where: { head.hasPrefix($0) })
      else { continue }
      let quoted = head.split(separator: "\"", omittingEmptySubsequences: false)
        .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      let name = try #require(quoted.first)
      // Programs of the tests, the fuzzers and the training: nothing of the product links them.
      let aside = ["Tests/", "Fuzz/", "Training/"]
      guard !quoted.contains(where: { word in aside.contains { word.hasPrefix($0) } }) else {
        continue
      }
      var imports = Set(quoted.dropFirst().filter { $0 != "Resources" })
      if head.hasPrefix(".systemLibrary(") { imports = [] }
      for (variable, module) in products
      where head.split(whereSeparator: { !$0.isLetter }).contains(Substring(variable)) {
        imports.insert(module)
      }
      manifest[name] = imports
    }
    let page = String(decoding: try readFile(root.appending("ARCHITECTURE.md")), as: UTF8.self)
    let section = try #require(page.split(separator: "## Targets and arrows").last)
    for line in section.split(separator: "\n").prefix(while: { !$0.hasPrefix("## ") })
    where line.hasPrefix("| ") && !line.hasPrefix("| Target") {
      let cells = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
      let name = try #require(cells.first?.first)
      table[name] = Set(try #require(cells.last)).subtracting(["–"])
    }
  }
}

@Test func everyArrowIsInTheTable() throws {
  let structure = try Structure()
  #expect(structure.manifest.count > 12)
  #expect(Set(structure.manifest.keys) == Set(structure.table.keys))
  for (name, imports) in structure.manifest {
    #expect(imports == structure.table[name], "imports of \(name)")
  }
}

@Test func noPillarImportsAnother() throws {
  let pillars: Set = ["Deidentification", "Inference", "Examination", "Compliance", "Auditing"]
  let structure = try Structure()
  for pillar in pillars {
    let imports = try #require(structure.manifest[pillar]).intersection(pillars)
    #expect(imports.isEmpty, "imports of \(pillar)")
  }
}
