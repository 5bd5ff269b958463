import HTTPTypes
import Testing

@testable import HTTP

/// What became of some bytes.
enum Outcome: Equatable {
    case head(RequestHead, rest: Int)
    case incomplete
    case refused(Int)
}

/// Hands the bytes over in pieces of this size.
func parse(_ text: [UInt8], piece: Int, limits: HTTPLimits = HTTPLimits()) -> Outcome {
    var parser = RequestHeadParser(limits: limits)
    var end = 0
    repeat {
        end = min(text.count, end + piece)
        do {
            if let head = try parser.parse(Array(text[..<end]).span) {
                return .head(head, rest: text.count - parser.consumed)
            }
        } catch {
            return .refused(error.status.code)
        }
    } while end < text.count
    return .incomplete
}

/// The outcome, which must be the same whole, byte by byte, and split in two anywhere.
func outcome(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Outcome {
    outcome(Array(text.utf8), limits: limits)
}

func outcome(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> Outcome {
    let whole = parse(bytes, piece: max(1, bytes.count), limits: limits)
    var split: [Outcome] = [parse(bytes, piece: 1, limits: limits)]
    if bytes.count < 300 {
        split += (1..<max(2, bytes.count)).map { parse(bytes, piece: $0, limits: limits) }
    }
    for other in split {
        switch (whole, other) {
        case (.head(let a, _), .head(let b, _)): #expect(a == b)
        default: #expect(whole == other)
        }
    }
    return whole
}

func head(_ text: String) throws -> RequestHead {
    guard case .head(let head, _) = outcome(text) else {
        Issue.record("not a head: \(outcome(text)) for \(text.debugDescription)")
        throw RequestError(.badRequest, "test")
    }
    return head
}

func status(_ text: String) -> Int? {
    if case .refused(let status) = outcome(text) { return status }
    return nil
}
