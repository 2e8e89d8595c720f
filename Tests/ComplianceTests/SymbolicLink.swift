import Glibc
import SystemPackage

/// Makes a symbolic link.
func makeLink(_ path: FilePath, to target: String) throws {
  let code = unsafe path.withPlatformString { unsafe symlink(target, $0) }
  if code != 0 { throw Errno(rawValue: errno) }
}
