import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Disks that take no more.
@Suite struct FullDiskTests {
  /// The portable form: a limit on the size of a file, which gives EFBIG where a disk gives ENOSPC.
  @Test func aFileThatMayNotGrowStopsTheWriter() throws {
    try withScratchFolder { scratch in
      for limit in stride(from: 4096, through: 200_000, by: Extent.of(4_099, short: 32_771)) {
        let folder = scratch.appending("\(limit)")
        let told = try probe(
          folder, "--count", "2000", "--batch", "20", "--file-limit", String(limit))
        #expect(told.errors.count == 1, "limit \(limit)")
        try expectWhole(folder, told.acknowledged, "limit \(limit)")
      }
    }
  }

  /// A real disk of two megabytes, where this user may mount one.
  @Test(.enabled(if: Extent.isFull))
  func aFullDiskLosesNothing() throws {
    try withScratchFolder { scratch in
      let disk = scratch.appending("disk")
      try createFolder(disk)
      let code = unsafe mount("tmpfs", disk.string, "tmpfs", 0, "size=2m,mode=0700")
      guard code == 0 else {
        print("!! SKIPPED: a full disk: no tmpfs can be mounted here (errno \(errno))")
        return
      }
      defer { unsafe umount2(disk.string, Int32(MNT_DETACH)) }
      var moments = SplitMix64(seed: Extent.seed)
      var acknowledged: [Int: String] = [:]
      let folder = disk.appending("log")
      let streams = scratch.appending("probe")
      for round in 0..<8 {
        // Ballast leaves anything from nothing to some hundred kilobytes.
        let ballast = disk.appending("ballast")
        try fill(ballast, leaving: moments.below(300_000), of: disk)
        let child = try Child(
          Child.program("AuditProbe"),
          [folder.string, "--count", "100000", "--batch", String(1 + moments.below(40))],
          streams: streams)
        let output = child.output
        #expect(try child.wait() == 0)
        let told = try ProbeRun(output)
        // The append, and then the copy of the checkpoint on closing.
        #expect(
          told.errors.first.map { $0.contains("full") || $0.contains("No space") } ?? false,
          "round \(round): \(told.errors)")
        acknowledged.merge(told.acknowledged) { first, _ in first }
        if !acknowledged.isEmpty {
          // Reading needs no room.
          let key = try ProbeLog.key()
          let found = try verifyProbeLog(folder, key)
          #expect(found == "intact", "round \(round)")
        }
        try removeFile(ballast)
        try expectWhole(folder, acknowledged, "round \(round)")
      }
      print("filled a disk 8 times, \(acknowledged.count) acknowledged entries found again")
    }
  }

  private func fill(_ path: FilePath, leaving bytes: Int, of disk: FilePath) throws {
    var status = statvfs()
    _ = unsafe statvfs(disk.string, &status)
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try file.closeAfter {
      _ = try file.writeAll([UInt8](repeating: 0x55, count: max(0, free - bytes)))
    }
  }
}
