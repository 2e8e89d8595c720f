/// The checks this binary has, in the order in which they are reported.
public let allChecks: [any Check] = []
