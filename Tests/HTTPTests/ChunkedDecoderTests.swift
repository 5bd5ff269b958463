import HTTPTypes
import Testing

@testable import HTTP

@Suite struct ChunkedDecoderTests {
    enum Outcome: Equatable {
        case complete(String, rest: Int)
        case incomplete
        case refused(Int)
    }

    func decode(_ text: String, piece: Int, limit: Int) -> Outcome {
        let bytes = Array(text.utf8)
        var decoder = ChunkedDecoder(bodyLimit: limit)
        var body: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let end = min(bytes.count, position + piece)
            do {
                let taken = try decoder.decode(Array(bytes[position..<end]).span, into: &body)
                position += taken
                if decoder.isComplete {
                    return .complete(String(decoding: body, as: UTF8.self), rest: bytes.count - position)
                }
                #expect(position == end)
            } catch {
                return .refused(error.status.code)
            }
        }
        return .incomplete
    }

    func decode(_ text: String, limit: Int = 1000) -> Outcome {
        let whole = decode(text, piece: max(1, text.utf8.count), limit: limit)
        for piece in 1..<min(60, max(2, text.utf8.count)) {
            #expect(decode(text, piece: piece, limit: limit) == whole)
        }
        return whole
    }

    @Test func bodies() {
        #expect(decode("0\r\n\r\n") == .complete("", rest: 0))
        #expect(decode("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET") == .complete("hello world", rest: 3))
        #expect(decode("00A\r\n0123456789\r\n000\r\n\r\n") == .complete("0123456789", rest: 0))
        #expect(decode("2\r\n\r\n\r\n0\r\n\r\n") == .complete("\r\n", rest: 0))
        #expect(decode("0\r\nX: y\r\nA-B:\r\n\r\n") == .complete("", rest: 0))
    }

    @Test(arguments: [
        "1;a\r\nx\r\n0\r\n\r\n", "1;a=b\r\nx\r\n0\r\n\r\n", "1 ; a = \"b;\\\"\r\n\";c\r\nx\r\n0\r\n\r\n",
        "1;a=\"b c\" ;d=e\r\nx\r\n0;z\r\n\r\n",
    ])
    func extensions(text: String) {
        if text.contains("\\\"\r\n") {
            #expect(decode(text) == .refused(400))  // a line end is none even between quotes
        } else {
            #expect(decode(text) == .complete("x", rest: 0))
        }
    }

    @Test(arguments: ["", "5", "5\r", "5\r\n", "5\r\nhell", "5\r\nhello\r\n", "0\r\n", "0\r\n\r", "0\r\nX: y\r\n"])
    func incomplete(text: String) {
        #expect(decode(text) == .incomplete)
    }

    @Test(arguments: [
        "\r\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1\n", "1\rx", "1;\r\n", "1;=b\r\n",
        "1;a=\r\n", "1;a=\"b\r\n", "1;a b\r\n", "1,a\r\n", "1\u{0}\r\n", "1;a\u{0}\r\n", "1;a\nx\r\n", "1 a\r\n",
        "1;a=b c\r\n", "1_0\r\n", "1\r\nxx", "1\r\nx\n", "1\r\nx\rx", "0\r\n\n", "0\r\nX y\r\n", "0\r\n X: y\r\n",
        "0\r\nX : y\r\n", "0\r\nX: \u{0}\r\n", "0\r\nX: y\n", "1000000000000000\r\n", "ffffffffffffffff\r\n",
        "10000000000000000\r\n", "0000000000000001\r\n",
    ])
    func malformed(text: String) {
        #expect(decode(text) == .refused(400), "\(text.debugDescription)")
    }

    @Test func limits() {
        #expect(decode("a\r\n0123456789\r\n0\r\n\r\n", limit: 10) == .complete("0123456789", rest: 0))
        #expect(decode("b\r\n", limit: 10) == .refused(413))
        #expect(decode("a\r\n0123456789\r\n1\r\n", limit: 10) == .refused(413))
        #expect(decode("fffffffffffffff\r\n") == .refused(413))
        #expect(decode("1;" + String(repeating: "a", count: 5000)) == .refused(400))
        let chunk = "1;" + String(repeating: "a", count: 4000) + "\r\nx\r\n"
        #expect(decode(String(repeating: chunk, count: 5)) == .refused(400))
        #expect(decode("0\r\nX: " + String(repeating: "a", count: 17000)) == .refused(431))
    }
}
