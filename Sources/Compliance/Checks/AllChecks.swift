/// The checks this binary has, in the order in which they are reported.
public let allChecks: [any Check] =
  [IdentifierCheck(), AINoticeCheck()] as [any Check]
  + WordingCheck.all
  + [
    RedFlagCheck(), ReviewStatementCheck(), UngroundedNumberCheck(), LanguageCheck(),
    ModelIdentityCheck(), ParameterCheck(), ReviewRecordedCheck(), RepeatCheck(),
    IntendedUseCheck(), TrailIntegrityCheck(), OutputsLoggedCheck(), DeidFirstCheck(),
    ModelChangeCheck(), RunEndCheck(), AccessFieldsCheck(), AccessReviewCheck(),
  ] as [any Check]
  + RetentionCheck.all
  + SubmissionSectionCheck.all
  + [LabelVersionCheck(), PerformanceClaimCheck(), DeidManifestCheck()] as [any Check]
