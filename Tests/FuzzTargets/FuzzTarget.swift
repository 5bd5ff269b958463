/// A reader of what comes from outside, and what must be true whatever comes: a trap is a defect, and so is an answer that
/// contradicts itself.
public struct FuzzTarget: Sendable {
    /// How it is called on the command line, and its folder of inputs.
    public let name: String
    /// Reads one input.
    public let read: @Sendable ([UInt8]) -> Void

    /// Every one there is.
    public static let all: [FuzzTarget] = [
        .requestHead, .chunkedBody, .form, .percentEncoding, .cookies, .markup, .pathComponent,
        .bencode, .magnet, .aria2Answer, .torznabAnswer, .tvmazeAnswer, .releaseName,
    ]

    /// The one of this name.
    public static func named(_ name: String) -> FuzzTarget? {
        all.first { $0.name == name }
    }
}

/// Ends the process: the fuzzer keeps the input that led here.
func demand(_ isSo: Bool, _ sentence: @autoclosure () -> String) {
    guard isSo else { fatalError(sentence()) }
}
