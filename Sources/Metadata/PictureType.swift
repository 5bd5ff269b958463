/// What a picture is by its first bytes; what a server says of it is not believed. Nothing that can hold a script.
public enum PictureType: String, Sendable, CaseIterable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"
    case gif = "image/gif"
    case avif = "image/avif"

    /// Nil for what is no picture.
    public init?(of bytes: [UInt8]) {
        func has(_ sign: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: sign) }
        if has([0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if has([0x89] + Array("PNG\r\n\u{1a}\n".utf8)) {
            self = .png
        } else if has(Array("RIFF".utf8)), has(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if has(Array("GIF8".utf8)) {
            self = .gif
        } else if has(Array("ftypavif".utf8), at: 4) {
            self = .avif
        } else {
            return nil
        }
    }
}
