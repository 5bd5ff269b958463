import FoundationEssentials

/// The folder of one torrent while it downloads.
struct IncomingFolder: Sendable {
    let path: String

    /// Makes the folder ready for aria2, and answers whether data lies in it that has to be verified: data without one
    /// of aria2's control files, which say what is there.
    ///
    /// A control file that is empty (a full disk leaves such) says nothing, and one that is distrusted goes too.
    func prepare(distrustingControlFiles distrust: Bool) throws -> Bool {
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        var hasData = false
        var hasControl = false
        for name in try files.contentsOfDirectory(atPath: path) {
            let file = "\(path)/\(name)"
            if name.hasSuffix(".aria2") {
                let size = try files.attributesOfItem(atPath: file)[.size] as? Int
                if distrust || size == 0 {
                    try files.removeItem(atPath: file)
                } else {
                    hasControl = true
                }
            } else if !name.hasSuffix(".torrent") {
                hasData = true
            }
        }
        return hasData && !hasControl
    }
}
