import Auditing
import CFaultFileSystem
import Glibc

/// SQLite's code for success; the probe does not import SQLite for one number.
let SQLITE_OK_VALUE: Int32 = 0

/// The probe's command line: a folder and pairs of option and value.
struct ProbeOptions {
  var folder = ""
  var count = 1
  var batch = 1
  var fault = MEDAI_FAULT_NONE
  var failingCall = 0
  var isSticky = false
  var isHurried = false
  var goesOn = false
  var closes = true
  var fileLimit: Int?
  var holdMilliseconds: Int?
  var user: UInt32?
  let role: Identifier
  let origin: Identifier

  init(_ arguments: [String]) {
    guard let role = Identifier("probe"), let origin = Identifier("medai.test/audit") else {
      exit(70)
    }
    self.role = role
    self.origin = origin
    guard arguments.count >= 2 else { exit(64) }
    folder = arguments[1]
    var index = 2
    while index < arguments.count {
      let value = index + 1 < arguments.count ? arguments[index + 1] : ""
      switch arguments[index] {
      case "--count": count = Int(value) ?? 1
      case "--batch": batch = Int(value) ?? 1
      case "--fault": fault = medai_fault(rawValue: UInt32(value) ?? 0)
      case "--at": failingCall = Int(value) ?? 0
      case "--file-limit": fileLimit = Int(value)
      case "--hold": holdMilliseconds = Int(value)
      case "--user": user = UInt32(value)
      case "--sticky": isSticky = value == "yes"
      case "--hurry": isHurried = value == "yes"
      case "--go-on": goesOn = value == "yes"
      case "--close": closes = value == "yes"
      default: exit(64)
      }
      index += 2
    }
  }
}
