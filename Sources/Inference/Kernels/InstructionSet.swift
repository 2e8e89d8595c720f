internal import CKernels

/// Which implementation of the arithmetic runs. No result depends on it.
public enum ISAChoice: String, Sendable, CaseIterable {
  /// The fastest that this processor runs.
  case auto
  /// Plain C: the definition of every result.
  case portable
  /// AVX2 with FMA and F16C.
  case avx2
  /// AVX-512; named by the command, not made yet, so that no processor runs it.
  case avx512

  /// Whether this processor runs it.
  public var runsHere: Bool { kernel != nil }

  /// The C name; `nil` where this processor does not run it.
  var kernel: medai_isa? {
    switch self {
    case .auto: medai_best_isa()
    case .portable: medai_isa_portable
    case .avx2: medai_isa_runs(medai_isa_avx2) == 1 ? medai_isa_avx2 : nil
    case .avx512: nil
    }
  }
}
