/// A value that a template can show as `{{name}}`.
///
/// Conform a type of your own by writing its words with `escape`:
///
///     extension Resolution: HTMLRenderable {
///         func write(into out: inout HTMLBuffer) { out.escape(rawValue) }
///     }
public protocol HTMLRenderable {
    /// Appends the value's text, escaped.
    func write(into out: inout HTMLBuffer)
}

extension String: HTMLRenderable {
    /// Appends the text, escaped.
    public func write(into out: inout HTMLBuffer) { out.escape(self) }
}

extension Substring: HTMLRenderable {
    /// Appends the text, escaped.
    public func write(into out: inout HTMLBuffer) { out.escape(self) }
}

extension HTMLRenderable where Self: BinaryInteger {
    /// Appends the number in decimal digits.
    public func write(into out: inout HTMLBuffer) { out.escape(String(self)) }
}

extension Int: HTMLRenderable {}
extension Int32: HTMLRenderable {}
extension Int64: HTMLRenderable {}
