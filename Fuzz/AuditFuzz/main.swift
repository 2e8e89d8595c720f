import FuzzSupport
import Glibc

// Changed inputs for the readers of a log. See `runFuzzer` for the command line.
exit(runFuzzer(AuditTarget.self, CommandLine.arguments) { try FuzzLog.corpus() })
