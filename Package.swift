// swift-tools-version: 6.2

import PackageDescription

/// One list of settings for every Swift target (STYLE: no unsafe flags, no conditionals).
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(
  name: "Configuration", package: "swift-configuration")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A library target of ours.
func library(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of one target; golden files are read from the source folder, not bundled.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["MedaiCore", "MedaiTestSupport"],
    exclude: ["Golden"], swiftSettings: strict)
}

/// A benchmark: a plain synchronous program (instruction counters abort on an async main).
func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies + ["MedaiCore"], path: "Benchmarks/\(name)",
    swiftSettings: strict)
}

let package = Package(
  name: "medai",
  products: [.executable(name: "medai", targets: ["medai"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // C
    .target(name: "CKernels"),
    .target(name: "CRE2"),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),

    // Shared ground
    library("MedaiCore", [system]),
    library("MedaiText", ["CUtf8proc", "MedaiCore"], resources: [.copy("Resources")]),
    library("Cryptography", ["COpenSSL", "MedaiCore", system]),
    library("Storage", ["CSQLite", "MedaiCore", system]),
    library("Settings", [configuration, yams, "MedaiCore", system]),
    library("Presentation", [mustache, "MedaiCore", system], resources: [.copy("Resources")]),

    // Three pillars
    library(
      "Deidentification",
      ["CRE2", "Settings", "Cryptography", "MedaiText", "MedaiCore", system],
      resources: [.copy("Resources")]),
    library("Inference", ["CKernels", "Cryptography", "MedaiText", "MedaiCore", system]),
    library("Examination", ["Settings", "Cryptography", "MedaiText", "MedaiCore", system]),
    library("Auditing", ["Storage", "Cryptography", "MedaiCore", system]),
    library(
      "Compliance", ["Settings", "Cryptography", "MedaiText", "MedaiCore", system]),

    // The jobs and the command
    library(
      "Workflows",
      [
        "Auditing", "Compliance", "Cryptography", "Deidentification", "Examination", "Inference",
        "MedaiCore", "MedaiText", "Presentation", "Settings", "Storage", system,
      ]),
    .executableTarget(
      name: "medai",
      dependencies: [
        "Workflows", "Cryptography", "MedaiCore", "Settings", argumentParser, system,
      ],
      swiftSettings: strict),

    // Tests
    .target(
      name: "MedaiTestSupport", dependencies: ["MedaiCore", system], path: "Tests/MedaiTestSupport",
      swiftSettings: strict),
    tests("MedaiCoreTests", []),
    tests("MedaiTextTests", ["MedaiText", "Cryptography"]),
    tests("CryptographyTests", ["Cryptography"]),
    tests("StorageTests", ["Storage"]),
    tests("SettingsTests", ["Settings"]),
    tests("PresentationTests", ["Presentation"]),
    tests("DeidentificationTests", ["Deidentification", "Cryptography", "MedaiText"]),
    tests("InferenceTests", ["Inference", "CKernels", "Cryptography"]),
    tests("ExaminationTests", ["Examination", "Cryptography"]),
    tests("AuditingTests", ["Auditing", "Cryptography", "Storage"]),
    tests("ComplianceTests", ["Compliance", "Auditing", "Cryptography", "Settings"]),
    tests("WorkflowsTests", ["Workflows", "Auditing", "Cryptography"]),
    tests("CommandTests", ["Auditing", "Cryptography", "Storage"]),
    .testTarget(
      name: "FaultTests",
      dependencies: ["Auditing", "Cryptography", "MedaiCore", "MedaiTestSupport", system],
      swiftSettings: strict),

    // Programs that the fault tests kill, starve and lie to; nothing of ours links them.
    .target(
      name: "CFaultFileSystem", dependencies: ["CSQLite"], path: "Tests/CFaultFileSystem"),
    .executableTarget(
      name: "AuditProbe",
      dependencies: [
        "Auditing", "CFaultFileSystem", "Cryptography", "MedaiCore", "Storage", system,
      ],
      path: "Tests/AuditProbe", swiftSettings: strict),

    // Fuzzing
    .target(
      name: "FuzzSupport", dependencies: ["Cryptography", "MedaiCore", system],
      path: "Fuzz/FuzzSupport", swiftSettings: strict),
    .executableTarget(
      name: "AuditFuzz",
      dependencies: ["Auditing", "Cryptography", "FuzzSupport", "MedaiCore", "Storage", system],
      path: "Fuzz/AuditFuzz", exclude: ["Corpus", "FailCases"], swiftSettings: strict),
    .executableTarget(
      name: "ModelFuzz",
      dependencies: ["Cryptography", "FuzzSupport", "Inference", "MedaiCore", "MedaiText", system],
      path: "Fuzz/ModelFuzz", exclude: ["Corpus", "FailCases"], swiftSettings: strict),

    // Benchmarks
    benchmark("DeidBenchmark", ["Deidentification"]),
    .executableTarget(
      name: "TaggerTraining", dependencies: ["Deidentification", "MedaiCore", system],
      path: "Training/TaggerTraining", swiftSettings: strict),
    benchmark("AuditBenchmark", ["Auditing", "Cryptography", "Storage"]),
    benchmark("EngineBenchmark", ["Inference", "CKernels", "Cryptography"]),
  ],
  cxxLanguageStandard: .cxx17
)
