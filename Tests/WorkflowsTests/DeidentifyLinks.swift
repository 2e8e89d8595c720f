import Glibc
import SystemPackage

/// Makes a symbolic link.
func makeLink(_ path: FilePath, to target: FilePath) throws {
  let status = unsafe target.withPlatformString { target in
    unsafe path.withPlatformString { unsafe symlink(target, $0) }
  }
  if status != 0 { throw Errno(rawValue: errno) }
}
