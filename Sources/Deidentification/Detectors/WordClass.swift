/// What a word of the lists is to the rules; a word may be several things.
struct WordClass: OptionSet, Sendable {
  let rawValue: UInt64

  /// The list that gives each class, in bit order: one resource file `<name>.txt` a class.
  static let lists = [
    "surnames", "surnames-two", "name-labels", "staff-roles", "titles", "honorifics", "kinship",
    "particles", "clinical-words", "common-words", "sido", "sigungu", "hospital-suffixes",
    "clinic-suffixes", "departments", "org-suffixes", "cue-mrn", "cue-id", "cue-insurance",
    "cue-passport", "cue-driver", "cue-license", "cue-account", "cue-card", "cue-phone",
    "cue-extension", "cue-device", "cue-sns", "cue-date", "cue-birth", "cue-address",
    "cue-workplace", "english-name-labels", "eponyms", "months", "ratio-words", "generic-places",
    "buildings", "cue-rrn", "given-names", "countries", "english-words",
    "english-hospital-words", "english-org-words", "roman-surnames", "roman-given", "places",
    "cue-age", "foreign-names",
  ]

  private init(bit: Int) { rawValue = 1 << UInt64(bit) }
  init(rawValue: UInt64) { self.rawValue = rawValue }

  static let surname = WordClass(bit: 0)
  static let surnameTwo = WordClass(bit: 1)
  static let nameLabel = WordClass(bit: 2)
  static let staffRole = WordClass(bit: 3)
  static let title = WordClass(bit: 4)
  static let honorific = WordClass(bit: 5)
  static let kinship = WordClass(bit: 6)
  static let particle = WordClass(bit: 7)
  static let clinical = WordClass(bit: 8)
  static let common = WordClass(bit: 9)
  static let sido = WordClass(bit: 10)
  static let sigungu = WordClass(bit: 11)
  static let hospitalSuffix = WordClass(bit: 12)
  static let clinicSuffix = WordClass(bit: 13)
  static let department = WordClass(bit: 14)
  static let orgSuffix = WordClass(bit: 15)
  static let cueMRN = WordClass(bit: 16)
  static let cueID = WordClass(bit: 17)
  static let cueInsurance = WordClass(bit: 18)
  static let cuePassport = WordClass(bit: 19)
  static let cueDriver = WordClass(bit: 20)
  static let cueLicense = WordClass(bit: 21)
  static let cueAccount = WordClass(bit: 22)
  static let cueCard = WordClass(bit: 23)
  static let cuePhone = WordClass(bit: 24)
  static let cueExtension = WordClass(bit: 25)
  static let cueDevice = WordClass(bit: 26)
  static let cueSNS = WordClass(bit: 27)
  static let cueDate = WordClass(bit: 28)
  static let cueBirth = WordClass(bit: 29)
  static let cueAddress = WordClass(bit: 30)
  static let cueWorkplace = WordClass(bit: 31)
  static let englishNameLabel = WordClass(bit: 32)
  static let eponym = WordClass(bit: 33)
  static let month = WordClass(bit: 34)
  static let ratioWord = WordClass(bit: 35)
  static let genericPlace = WordClass(bit: 36)
  static let building = WordClass(bit: 37)
  static let cueRRN = WordClass(bit: 38)
  static let givenName = WordClass(bit: 39)
  static let country = WordClass(bit: 40)
  static let englishWord = WordClass(bit: 41)
  static let englishHospital = WordClass(bit: 42)
  static let englishOrg = WordClass(bit: 43)
  static let romanSurname = WordClass(bit: 44)
  static let romanGiven = WordClass(bit: 45)
  static let place = WordClass(bit: 46)
  static let cueAge = WordClass(bit: 47)
  static let foreignName = WordClass(bit: 48)

  /// Every class.
  static let all = WordClass(rawValue: .max)
  /// Words that announce a number or a value.
  static let valueCue: WordClass = [
    .cueMRN, .cueID, .cueInsurance, .cuePassport, .cueDriver, .cueLicense, .cueAccount, .cueCard,
    .cuePhone, .cueExtension, .cueDevice, .cueSNS, .cueRRN, .cueDate, .cueBirth, .cueAddress,
    .cueWorkplace, .cueAge,
  ]
  /// Words that cannot be a Korean name unless something strong says so.
  static let notName: WordClass = [
    .clinical, .common, .nameLabel, .staffRole, .title, .kinship, .sido, .department,
    .genericPlace, .hospitalSuffix, .clinicSuffix, .country, .valueCue, .eponym, .orgSuffix,
  ]
}
