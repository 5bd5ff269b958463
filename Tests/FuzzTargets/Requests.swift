import HTTP
import HTTPTypes

@testable import HTTPServer

extension FuzzTarget {
    /// A head that comes whole and one that comes a byte at a time are the same head, or the same error.
    static let requestHead = FuzzTarget(name: "request-head") { input in
        let (whole, split) = (
            outcome { try head(of: input, step: input.count) }, outcome { try head(of: input, step: 1) }
        )
        demand(whole == split, "whole: \(whole)\nsplit: \(split)")
    }

    private static func head(of input: [UInt8], step: Int) throws -> String {
        var parser = RequestHeadParser()
        var end = 0
        while end < input.count {
            end = min(input.count, end + step)
            guard let head = try parser.parse(input.span.extracting(0..<end)) else { continue }
            demand(parser.consumed <= end, "more was taken than came")
            return "\(head), \(parser.consumed) bytes"
        }
        return "not complete"
    }

    /// The same of a chunked body; what it leaves behind it is the next request's.
    static let chunkedBody = FuzzTarget(name: "chunked-body") { input in
        let (whole, split) = (
            outcome { try body(of: input, step: input.count) }, outcome { try body(of: input, step: 1) }
        )
        demand(whole == split, "whole: \(whole)\nsplit: \(split)")
    }

    private static func body(of input: [UInt8], step: Int) throws -> String {
        var decoder = ChunkedDecoder(bodyLimit: 4096)
        var (body, taken) = ([UInt8](), 0)
        while taken < input.count, !decoder.isComplete {
            let end = min(input.count, taken + step)
            taken += try decoder.decode(input.span.extracting(taken..<end), into: &body)
            demand(body.count <= 4096, "the body is longer than it may be")
        }
        return "\(decoder.isComplete) \(taken) \(body)"
    }

    private static func outcome(_ read: () throws -> String) -> String {
        do { return try read() } catch { return "\(error)" }
    }

    /// Fields of a form, or the reason why there are none.
    static let form = FuzzTarget(name: "form") { input in
        do { _ = try Form.parse(input) } catch { return }
    }

    /// What was encoded is decoded to what it was.
    static let percentEncoding = FuzzTarget(name: "percent-encoding") { input in
        _ = PercentCoding.decode(input)
        guard let text = String(validating: input, as: UTF8.self) else { return }
        let encoded = PercentCoding.encode(text)
        demand(PercentCoding.decode(encoded.utf8) == input, "\(encoded) is not \(text)")
    }
}
