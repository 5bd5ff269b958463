import Testing

@testable import Cryptography

@Suite struct DigestTests {
    @Test func knownAnswers() {
        #expect(Digest.sha1(Array("abc".utf8)).hex == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Digest.sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        // RFC 4231, test case 2.
        #expect(
            Digest.hmacSHA256(key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8)).hex
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func emptyKeyAndMessage() {
        #expect(
            Digest.hmacSHA256(key: [], message: []).hex
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func randomBytesDiffer() {
        #expect(randomBytes(32) != randomBytes(32))
        #expect(randomBytes(32).count == 32)
        #expect(randomBytes(0).isEmpty)
    }

    @Test func comparison() {
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(constantTimeEqual([], []))
    }
}

@Suite struct EncodingTests {
    @Test func hexRoundTrip() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect([UInt8](hex: bytes.hex) == bytes)
        #expect([UInt8](hex: "AbCd") == [0xab, 0xcd])
        #expect([UInt8](hex: "abc") == nil)
        #expect([UInt8](hex: "zz") == nil)
    }

    @Test(arguments: 0..<70) func base64RoundTrip(length: Int) {
        let bytes = randomBytes(length)
        #expect([UInt8](base64URL: bytes.base64URL) == bytes)
    }

    @Test func base64KnownAnswers() {
        #expect(Array("fooba".utf8).base64URL == "Zm9vYmE")
        #expect([UInt8]([0xff, 0xfe, 0xfd]).base64URL == "__79")
        #expect([UInt8](base64URL: "Zm9vYmE=") == nil)
        #expect([UInt8](base64URL: "Zm9vYmF") == nil)  // the spare bits are not zero
        #expect([UInt8](base64URL: "Z") == nil)
    }
}

@Suite struct PasswordHashTests {
    /// RFC 7914 §12.
    @Test func scryptKnownAnswers() throws {
        #expect(
            try PasswordHash.scrypt([], [], .init(logN: 4, r: 1, p: 1), length: 64).hex
                == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        )
        #expect(
            try PasswordHash.scrypt(
                Array("password".utf8), Array("NaCl".utf8), .init(logN: 10, r: 8, p: 16), length: 64
            ).hex
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        )
    }

    @Test func verifies() throws {
        let password = "correct horse 🐎 \u{0} battery"
        let stored = try PasswordHash.make(password: password)
        #expect(stored.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(try PasswordHash.verify(password, against: stored))
        #expect(try !PasswordHash.verify("correct horse 🐎 \u{0} batterz", against: stored))
        #expect(!PasswordHash.needsRehash(stored))
    }

    /// OWASP ASVS 5.0.0, 6.2.9: bcrypt, for one, stops at 72 bytes.
    @Test(arguments: [64, 72, 73, 1000]) func longPasswordsAreNotCutOff(length: Int) throws {
        let long = String(repeating: "x", count: length - 1)
        let stored = try PasswordHash.make(password: long + "a")
        #expect(try !PasswordHash.verify(long + "b", against: stored))
    }

    @Test func rehashAtAnotherCost() throws {
        let salt = [UInt8](repeating: 7, count: 16)
        let hash = try PasswordHash.scrypt(Array("p".utf8), salt, .init(logN: 4, r: 8, p: 1), length: 32)
        let stored = "$scrypt$ln=4,r=8,p=1$\(salt.base64(.standard))$\(hash.base64(.standard))"
        #expect(try PasswordHash.verify("p", against: stored))
        #expect(PasswordHash.needsRehash(stored))
    }

    @Test(arguments: [
        "", "x", "$scrypt$ln=15,r=8,p=3$$", "$bcrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        "$scrypt$ln=63,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=15,r=8,p=3,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func malformed(stored: String) {
        #expect(throws: PasswordHashError.malformed) { try PasswordHash.verify("x", against: stored) }
    }
}

@Suite("Keys that others sign with") struct VerifyingKeyTests {
    /// RFC 7515 §A.3.
    private static let message = Array(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            .utf8)
    private static let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    private func key() throws -> VerifyingKey {
        .p256(
            x: try #require([UInt8](base64URL: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")),
            y: try #require([UInt8](base64URL: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")))
    }

    @Test func verifiesTheExampleOfTheStandard() throws {
        let signature = try #require([UInt8](base64URL: Self.signature))
        let key = try key()
        #expect(key.verifies(signature, of: Self.message))
        #expect(!key.verifies(signature, of: Self.message + [0]))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.verifies(changed, of: Self.message), "\(index)")
        }
    }

    @Test func whatIsNoKeyOrNoSignatureVerifiesNothing() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let signature = try #require([UInt8](base64URL: Self.signature))
        #expect(!VerifyingKey.p256(x: zeros, y: zeros).verifies(signature, of: Self.message))
        #expect(!VerifyingKey.p256(x: [], y: []).verifies(signature, of: Self.message))
        #expect(!VerifyingKey.rsa(modulus: [], exponent: []).verifies(signature, of: Self.message))
        // 1024 bits are too few, whatever they sign.
        #expect(!VerifyingKey.rsa(modulus: Array(repeating: 0xff, count: 128), exponent: [3]).verifies([], of: []))
        for length in [0, 1, 63, 65] {
            #expect(!(try key().verifies(Array(repeating: 0, count: length), of: Self.message)))
        }
        #expect(!(try key().verifies(zeros + zeros, of: Self.message)))
    }
}
