/// What a template's `view` declaration becomes: the values it shows, and how they are shown.
public protocol HTMLTemplate: Sendable {
    /// Writes the template with these values.
    func render(into out: inout HTMLBuffer)
}

extension HTMLTemplate {
    /// The template with these values, as UTF-8. Addresses of our own come to lie under `base`.
    public func rendered(base: String = "") -> [UInt8] {
        var out = HTMLBuffer(base: base)
        render(into: &out)
        return out.bytes
    }
}

/// Markup that is safe as it is, shown by `{{{name}}}`: a constant of the program, or the output of a template.
/// There is deliberately no way to make it from a `String`.
public struct SafeHTML: Sendable {
    let bytes: [UInt8]

    /// Markup written in the program's own source.
    public init(_ constant: StaticString) {
        bytes = constant.withUTF8Buffer { Array($0) }
    }

    /// The output of a template.
    public init(_ template: some HTMLTemplate) {
        bytes = template.rendered()
    }
}
