package import MedaiCore
package import Settings

/// The format of `medai.submission.yaml`, version 1. Every section is optional to the reader: a
/// missing one is a finding of a check, not a fault of the file.
extension SubmissionFile {
  /// The whole file.
  package static let shape = YAMLShape.map([
    YAMLField("medai_submission", .word(["1"]), required: true),
    YAMLField("product", product, required: true),
    YAMLField("intended_use", intendedUse),
    YAMLField("users", users),
    YAMLField("base_model", baseModel),
    YAMLField("structure", structure),
    YAMLField("training_data", trainingData),
    YAMLField("cloud", cloud),
    YAMLField("generation", generation),
    YAMLField("performance", performance),
    YAMLField("clinical", clinical),
    YAMLField("risks", .list(risk)),
    YAMLField("security", security),
    YAMLField("change_plan", changePlan),
    YAMLField("labelling", labelling),
    YAMLField("operation", operation),
  ])

  /// The JSON Schema of the format, as it stands in `Guidelines/schemas`.
  package static var jsonSchema: JSONValue {
    var schema: JSONObject = [
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "$id": .string("urn:medai:schema:submission:1"),
      "title": .string("medai.submission.yaml, format 1"),
    ]
    for member in shape.jsonSchema.members { schema[member.key] = member.value }
    return .object(schema)
  }

  private static let texts = YAMLShape.list(.text)

  /// A file inside the submission's folder, bound by digest.
  private static let file = YAMLShape.map([
    YAMLField("path", .text, required: true), YAMLField("sha256", .sha256),
  ])

  private static let product = YAMLShape.map([
    YAMLField("name", .text, required: true), YAMLField("name_en", .text),
    YAMLField("version", .text, required: true), YAMLField("maker", .text, required: true),
    YAMLField("device_class", .word(["1", "2", "3", "4", "not-a-device"])),
    YAMLField("licence", .text), YAMLField("exclusion_reason", .text),
    YAMLField("quality_certificate", .text), YAMLField("fictitious", .bool),
  ])

  private static let intendedUse = YAMLShape.map([
    YAMLField("purpose", .word(["diagnosis", "treatment", "prognosis", "monitoring", "other"])),
    YAMLField("statement", .text), YAMLField("role", .word(["support", "information"])),
    YAMLField("patients", .text), YAMLField("setting", .text),
    YAMLField("tasks", texts), YAMLField("excluded", texts),
  ])

  private static let users = YAMLShape.map([
    YAMLField("qualifications", texts), YAMLField("training", .text),
    YAMLField("professional_use", .bool),
  ])

  private static let baseModel = YAMLShape.map([
    YAMLField("relation", .word(["contained", "used"])), YAMLField("name", .text),
    YAMLField("provider", .text), YAMLField("version", .text), YAMLField("origin", .text),
    YAMLField("licence", .text), YAMLField("sha256", .sha256),
    YAMLField("tokenizer_sha256", .sha256), YAMLField("fine_tuning", .text),
    YAMLField("principle", .text), YAMLField("external_calls", texts),
  ])

  private static let structure = YAMLShape.map([
    YAMLField("diagram", file),
    YAMLField(
      "components",
      .list(
        .map([
          YAMLField("name", .text, required: true), YAMLField("version", .text, required: true),
          YAMLField("role", .text),
        ]))),
    YAMLField("environment", .text), YAMLField("compatible_software", texts),
    YAMLField("inputs", texts), YAMLField("outputs", texts),
  ])

  private static let trainingData = YAMLShape.map([
    YAMLField("summary", .text), YAMLField("method", .text), YAMLField("lawful_basis", .text),
    YAMLField("period", .text), YAMLField("country", .text), YAMLField("update_cycle", .text),
    YAMLField("deidentification", file), YAMLField("extra_inspection", .text),
  ])

  private static let cloud = YAMLShape.map([
    YAMLField("used", .bool), YAMLField("kind", .word(["none", "private", "public", "hybrid"])),
    YAMLField("configuration", .text), YAMLField("provider", .text), YAMLField("country", .text),
  ])

  private static let generation = YAMLShape.map([
    YAMLField("temperature_max", .decimal), YAMLField("top_p_max", .decimal),
    YAMLField("max_tokens", .integer(1...1_000_000)),
    YAMLField("languages", .list(.word(["ko", "en"]))),
  ])

  private static let performance = YAMLShape.map([
    YAMLField("metrics", texts), YAMLField("test_data", .text),
    YAMLField(
      "claims",
      .list(
        .map([
          YAMLField("id", .text, required: true), YAMLField("metric", .text),
          YAMLField("value", .decimal), YAMLField("n", .integer(1...100_000_000)),
          YAMLField("exam_result", file), YAMLField("model_sha256", .sha256),
        ]))),
  ])

  private static let clinical = YAMLShape.map([
    YAMLField("method", .text), YAMLField("scale", .text),
    YAMLField("scale_direction", .word(["higher-is-better", "lower-is-better"])),
    YAMLField("raters", .text), YAMLField("report", file),
  ])

  private static let risk = YAMLShape.map([
    YAMLField("id", .text, required: true), YAMLField("hazard", .text),
    YAMLField("cause", .text), YAMLField("control", .text), YAMLField("residual", .text),
    YAMLField("residual_acceptable", .text),
  ])

  private static let security = YAMLShape.map([
    YAMLField("sbom", file), YAMLField("threats", texts), YAMLField("protection", .text),
    YAMLField("vulnerability_contact", .text),
  ])

  private static let changePlan = YAMLShape.map([
    YAMLField("plan", file), YAMLField("items", texts), YAMLField("verification", .text),
  ])

  private static let labelling = YAMLShape.map([
    YAMLField("mark", .text), YAMLField("ai_mark", .word(["in-output", "screen", "metadata"])),
    YAMLField("prior_notice", .text), YAMLField("review_statement", .text),
    YAMLField("precautions", texts), YAMLField("training_information", .text),
    YAMLField("performance_limits", .text), YAMLField("cloud_information", .text),
    YAMLField("version", .text), YAMLField("support_contact", .text),
  ])

  private static let operation = YAMLShape.map([
    YAMLField("access_log_retention_days", .integer(0...100_000)),
    YAMLField("evidence_retention_days", .integer(0...100_000)),
    YAMLField("oversight", .text), YAMLField("stop_criteria", .text),
    YAMLField("high_impact_review", .text), YAMLField("explanation", .text),
    YAMLField("device_law_equivalence", .text), YAMLField("ethics_review", .text),
  ])
}
