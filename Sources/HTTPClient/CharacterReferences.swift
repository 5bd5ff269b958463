/// The character references of HTML and XML: `&amp;`, `&#38;`, `&#x26;`.
public enum CharacterReferences {
    /// The text with its references replaced, once, and without control characters. What is no reference stays.
    public static func decode(_ text: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.underestimatedCount)
        /// Bytes since an ampersand, while they may still be a reference.
        var pending: [UInt8]?
        for byte in text {
            if byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d || byte == 0x7f { continue }
            if byte == UInt8(ascii: "&") {
                if let pending { result += pending }
                pending = [byte]
            } else if var reference = pending {
                if byte == UInt8(ascii: ";") {
                    result += meaning(of: reference.dropFirst()) ?? reference + [byte]
                    pending = nil
                } else if reference.count < 12, isPart(byte) {
                    reference.append(byte)
                    pending = reference
                } else {
                    result += reference + [byte]
                    pending = nil
                }
            } else {
                result.append(byte)
            }
        }
        if let pending { result += pending }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"): true
        default: false
        }
    }

    private static func meaning(of reference: ArraySlice<UInt8>) -> [UInt8]? {
        let name = String(decoding: reference, as: UTF8.self)
        guard name.hasPrefix("#") else {
            return names[name].map { Array(String($0).utf8) }
        }
        let digits = name.dropFirst()
        let number = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, let scalar = Unicode.Scalar(number) else { return [] }  // no character at all
        let isControl = scalar.properties.generalCategory == .control && !"\t\n\r".unicodeScalars.contains(scalar)
        return isControl ? [] : Array(String(Character(scalar)).utf8)
    }

    /// The five of XML, those of HTML 2 in the order of their code points from U+00A0, and the commonest of the rest.
    private static let names: [String: Unicode.Scalar] = {
        let latin = """
            nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
            acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
            Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc \
            Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml \
            aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc \
            otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
            """
        var names: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "ndash": "–", "mdash": "—", "lsquo": "‘",
            "rsquo": "’", "ldquo": "“", "rdquo": "”", "hellip": "…", "bull": "•", "trade": "™", "euro": "€",
            "Scaron": "Š", "scaron": "š", "OElig": "Œ", "oelig": "œ", "Yuml": "Ÿ", "thinsp": "\u{2009}",
        ]
        for (offset, name) in latin.split(separator: " ").enumerated() {
            names[String(name)] = Unicode.Scalar(UInt32(0xa0 + offset))
        }
        return names
    }()
}
