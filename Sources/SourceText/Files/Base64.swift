/// Bytes as text in base 64 (RFC 4648).
package enum Base64 {
    package static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var end = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let count = min(3, bytes.count - start)
                var bits = 0
                for place in 0..<3 { bits = bits << 8 | (place < count ? Int(bytes[start + place]) : 0) }
                for place in 0..<4 {
                    text[end] = place <= count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "=")
                    end += 1
                }
            }
            return end
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
