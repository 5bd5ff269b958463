/// The elements of an array that can be read.
struct Lossy<Element: Decodable & Sendable>: Decodable, Sendable {
    let elements: [Element]

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        var elements: [Element] = []
        while !container.isAtEnd {
            if let element = try container.decode(Attempt.self).element { elements.append(element) }
        }
        self.elements = elements
    }

    private struct Attempt: Decodable {
        let element: Element?

        init(from decoder: any Decoder) {
            element = try? Element(from: decoder)  // an element that cannot be read is passed over
        }
    }
}
