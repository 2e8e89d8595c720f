/// `VERIFY.md` of every pack.
let packGuide = Array("# pending\n".utf8)
