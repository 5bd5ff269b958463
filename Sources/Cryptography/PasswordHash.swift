import COpenSSL

/// Passwords as they are stored: scrypt (RFC 7914) in the PHC string format,
/// `$scrypt$ln=15,r=8,p=3$salt$hash` with salt and hash in base64 without padding.
///
/// One call takes about a third of a second and 32 MiB, on purpose: call it on a `BlockingPool`, few at a time.
public enum PasswordHash {
    /// N = 2^15, r = 8, p = 3: one of the sets that OWASP ASVS 5.0.0 (11.4.2, appendix C) approves.
    static let current = Cost(logN: 15, r: 8, p: 3)
    private static let saltLength = 16
    private static let hashLength = 32

    struct Cost: Equatable {
        var logN: Int
        var r: Int
        var p: Int
    }

    /// The string to store for a password.
    public static func make(password: String) throws(PasswordHashError) -> String {
        let salt = randomBytes(saltLength)
        let hash = try scrypt(Array(password.utf8), salt, current, length: hashLength)
        let cost = "ln=\(current.logN),r=\(current.r),p=\(current.p)"
        return "$scrypt$\(cost)$\(salt.base64(.standard))$\(hash.base64(.standard))"
    }

    /// Whether this is the password that `stored` was made from.
    public static func verify(_ password: String, against stored: String) throws(PasswordHashError) -> Bool {
        guard let parts = Stored(stored) else { throw .malformed }
        let hash = try scrypt(Array(password.utf8), parts.salt, parts.cost, length: parts.hash.count)
        return constantTimeEqual(hash, parts.hash)
    }

    /// Whether the string was made at another cost than today's, so that it should be made anew at the next sign-in.
    public static func needsRehash(_ stored: String) -> Bool {
        Stored(stored)?.cost != current
    }

    private struct Stored {
        var cost: Cost
        var salt: [UInt8]
        var hash: [UInt8]

        init?(_ text: String) {
            let parts = text.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
                let cost = Cost(parts[2]),
                let salt = [UInt8](base64: String(parts[3]), .standard), salt.count >= 8,
                let hash = [UInt8](base64: String(parts[4]), .standard), 16...64 ~= hash.count
            else { return nil }
            (self.cost, self.salt, self.hash) = (cost, salt, hash)
        }
    }

    static func scrypt(
        _ password: [UInt8], _ salt: [UInt8], _ cost: Cost, length: Int
    ) throws(PasswordHashError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: length)
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress, password.count, salt, salt.count, 1 << UInt64(cost.logN), UInt64(cost.r),
                UInt64(cost.p), 300 << 20, &result, length)
        }
        guard done == 1 else {
            ERR_clear_error()
            throw .outOfMemory
        }
        return result
    }
}

extension PasswordHash.Cost {
    /// `ln=15,r=8,p=3`, within what a server can be asked to spend.
    fileprivate init?(_ text: Substring) {
        var values: [Int] = []
        for (part, name) in zip(text.split(separator: ",", omittingEmptySubsequences: false), ["ln=", "r=", "p="]) {
            guard part.hasPrefix(name), let value = Int(part.dropFirst(name.count)) else { return nil }
            values.append(value)
        }
        guard values.count == 3, text.split(separator: ",").count == 3, 1...18 ~= values[0], 1...8 ~= values[1],
            1...16 ~= values[2]
        else { return nil }
        self.init(logN: values[0], r: values[1], p: values[2])
    }
}

/// Why a password could not be hashed or compared.
public enum PasswordHashError: Error, Equatable {
    /// The stored string is not one of ours.
    case malformed
    /// There is no memory for it now.
    case outOfMemory
}
