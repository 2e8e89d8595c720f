import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

private func add(_ path: FilePath) throws {
  let database = try Database.open(path, .create)
  try database.execute("CREATE TABLE IF NOT EXISTS thing (id INTEGER PRIMARY KEY) STRICT")
  try database.execute("INSERT INTO thing DEFAULT VALUES")
}

/// A database that a process opens, changes and leaves while another reads it at rest.
@Suite struct ReadSettledTests {
  @Test func whatChangedMeanwhileIsReadAgain() throws {
    try withScratchFolder { folder in
      let path = folder.appending("a.db")
      try add(path)
      for writers in 0..<6 {
        var ways: [Database.Access] = []
        let rows = try readSettled(path, otherwise: StorageError.locked as any Error) { access in
          ways.append(access)
          let reader = try Database.open(path, access)
          if ways.count <= writers { try add(path) }
          return try reader.integer("SELECT count(*) FROM thing")
        }
        // From the third time on with locks; then a writer no longer disturbs.
        #expect(ways.count == min(writers, 2) + 1)
        #expect(ways.last == (writers >= 2 ? .read : .readUnchanging))
        let left = try Database.open(path, .write).integer("SELECT count(*) FROM thing")
        #expect(writers >= 3 || rows == left)
      }
    }
  }

  @Test func aFileThatNeverRestsIsSaidToBeHeld() throws {
    try withScratchFolder { folder in
      let path = folder.appending("a.db")
      try add(path)
      var times = 0
      #expect(throws: StorageError.locked) {
        try readSettled(path, otherwise: StorageError.locked) { (_) throws(StorageError) in
          times += 1
          try? writeDurably([UInt8(times)], to: path)
          throw .corrupt
        }
      }
      #expect(times > 1)
    }
  }
}
