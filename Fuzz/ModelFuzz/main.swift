import FuzzSupport
import Glibc

// Changed inputs for the readers of a model's files. See `runFuzzer` for the command line.
exit(runFuzzer(ModelTarget.self, CommandLine.arguments) { try ModelTarget.corpus() })
