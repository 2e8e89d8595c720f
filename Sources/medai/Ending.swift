import ArgumentParser
import Cryptography
import MedaiCore
import Settings
import Workflows

extension AsyncParsableCommand {
  /// Runs a job, prints what it gives, and ends with its status.
  ///
  /// - Parameters:
  ///   - common: The options of every command.
  ///   - own: Settings that this command's flags give.
  ///   - job: The one job of the command.
  /// - Throws: `ExitCode` where the status is not 0, an error told on standard error before;
  ///   `ValidationError` as it is, which the argument parser explains.
  func finish(
    _ common: CommonOptions, _ own: [SettingKey: String?] = [:],
    _ job: (JobContext) async throws -> JobResult
  ) async throws {
    // Keys and patient text pass through this process's memory.
    forbidCoreDumps()
    var context: JobContext?
    do {
      let made = try common.context(own)
      context = made
      let result = try await job(made)
      try writeStandardOutput(result.output)
      let status = ExitStatus.worst(result.statuses)
      if status != .done { throw ExitCode(status.rawValue) }
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      throw error
    } catch {
      let failure = explain(error)
      say(failure, language: context?.language ?? languageOfFailure(flag: common.lang))
      throw ExitCode(failure.status.rawValue)
    }
  }
}
