/// Room in the write-ahead log of a connection that commits often.
///
/// A sync of a file that grew writes the file's metadata, too; one of a file whose bytes are only
/// replaced does not. So the log is lengthened with zeros by the megabyte, not by the frame. A frame of
/// zeros has no valid checksum: every reader, also one that recovers after a crash, ends before it.
public struct WriteAheadReserve {
  /// The length that the file was given last.
  private var length = 0
  private var commits = 0

  /// A job that appends a few entries should not pay for room.
  private static let commitsBefore = 32
  private static let leastBytes = 1 << 18
  private static let mostBytes = 1 << 20

  /// Nothing reserved yet.
  public init() {}

  /// Sees to it that there is room; called inside an immediate transaction, before it writes.
  ///
  /// Where there can be none, on a full disk for one, the commit itself says so.
  public mutating func keep(in database: borrowing Database) {
    commits += 1
    guard commits > Self.commitsBefore, let bytes = database.writeAheadBytes(),
      bytes > 0, bytes != length
    else { return }
    // Another length than the one given: frames have run past the reserve.
    let more = min(max(bytes, Self.leastBytes), Self.mostBytes)
    length = database.lengthenWriteAheadLog(from: bytes, by: Int32(more)) ? bytes + more : bytes
  }
}
