import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The fuzz targets read everything that was kept, and a few new inputs each time.
@Suite struct FuzzTests {
  private static let folder = repositoryRoot().appending("Fuzz").appending("AuditFuzz")
  private static let models = repositoryRoot().appending("Fuzz").appending("ModelFuzz")

  private func fuzz(
    _ arguments: [String], by program: String = "AuditFuzz"
  ) throws -> (status: Int32, output: String) {
    try withScratchFolder { scratch in
      let child = try Child(
        Child.program(program), arguments, streams: scratch.appending("fuzz"))
      let output = child.output
      let status = try child.wait()
      return (status, String(decoding: try readFile(output), as: UTF8.self))
    }
  }

  @Test func everyKeptInputKeepsItsPromises() throws {
    let run = try fuzz(["replay", Self.folder.string])
    #expect(run.status == 0 && run.output.contains(" 0 broken promises"), "\(run.output)")
  }

  @Test(arguments: [("leaf", 3000), ("note", 3000), ("proof", 1000), ("database", 200)])
  func newInputsKeepThem(target: String, runs: Int) throws {
    // In a copy of the folder: a failing input is kept there, and its name is printed.
    try withScratchFolder { scratch in
      let source = Self.folder.appending("Corpus").appending(target)
      let place = scratch.appending("Corpus").appending(target)
      try createFolder(place)
      for name in try folderEntries(source) {
        try writeDurably(readFile(source.appending(name)), to: place.appending(name))
      }
      let runs = Extent.of(20 * runs, short: runs)
      let run = try fuzz(["run", target, scratch.string, String(runs), String(Extent.seed)])
      #expect(run.status == 0 && run.output.contains("0 failures"), "\(run.output)")
      if Extent.isFull { print(run.output) }
    }
  }

  @Test func everyKeptModelKeepsItsPromises() throws {
    let run = try fuzz(["replay", Self.models.string], by: "ModelFuzz")
    #expect(run.status == 0 && run.output.contains(" 0 broken promises"), "\(run.output)")
  }

  /// The corpus is what the program that made it makes today.
  @Test func theCorpusIsMadeByTheProgram() throws {
    try withScratchFolder { scratch in
      let run = try fuzz(["corpus", scratch.string])
      #expect(run.status == 0)
      for target in ["leaf", "note", "proof"] {
        let made = scratch.appending("Corpus").appending(target)
        let kept = Self.folder.appending("Corpus").appending(target)
        let names = try folderEntries(made)
        #expect(!names.isEmpty)
        #expect(try folderEntries(kept) == names)
        for name in names {
          #expect(try readFile(made.appending(name)) == readFile(kept.appending(name)), "\(name)")
        }
      }
    }
  }
}
