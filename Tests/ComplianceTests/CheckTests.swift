import Compliance
