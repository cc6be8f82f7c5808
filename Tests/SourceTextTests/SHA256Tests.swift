import SourceText
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples, and a million letters in uneven parts.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests of the standard's examples`(_ text: String, _ digest: String) {
        var sum = SHA256()
        sum.update(Array(text.utf8))
        #expect(sum.finish() == digest)
    }

    @Test func `parts of any length give the digest of the whole`() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var whole = SHA256()
        whole.update(bytes)
        let digest = whole.finish()
        for part in [1, 3, 55, 56, 63, 64, 65, 200] {
            var sum = SHA256()
            for start in stride(from: 0, to: bytes.count, by: part) {
                sum.update(bytes[start..<min(start + part, bytes.count)])
            }
            #expect(sum.finish() == digest, "parts of \(part)")
        }
    }
}
