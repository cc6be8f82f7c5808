/// One complete request of HTTP/1.1.
struct HTTPRequest: Sendable {
    var method: String
    /// The request target including its query.
    var target: String
    /// The header fields by lower-case name, each of which may occur once.
    var fields: [String: String]
    var body: [UInt8] = []

    /// `target` without its query.
    var path: Substring { target.prefix { $0 != "?" } }
}

/// The reason why a request cannot be read.
enum HTTPFault: Error, Hashable, Sendable {
    /// Not HTTP/1.1, or with a field twice that may occur once only.
    case malformed
    /// The header is longer than ``HTTPHead/longest`` bytes.
    case headTooLong
    /// The length of the body is not stated in advance.
    case noLength
    /// The body is longer than accepted.
    case bodyTooLong
}

/// The header of a request: the lines before its body.
enum HTTPHead {
    /// The largest number of bytes in a header: about ten times that of a browser.
    static let longest = 16 << 10

    /// Reads the header once it is complete.
    ///
    /// - Parameters:
    ///   - bytes: All bytes received so far.
    /// - Returns: The request without its body, and the number of bytes in the header; nil: the header is incomplete.
    /// - Throws: ``HTTPFault`` if the header is malformed or too long.
    static func read(_ bytes: [UInt8]) throws(HTTPFault) -> (request: HTTPRequest, length: Int)? {
        guard let end = end(of: bytes) else {
            guard bytes.count <= longest else { throw .headTooLong }
            return nil
        }
        guard end <= longest else { throw .headTooLong }
        guard let text = String(validating: bytes[..<end], as: UTF8.self) else { throw .malformed }
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
        let words = (lines.popFirst() ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", words[1].hasPrefix("/"),
            isToken(words[0])
        else { throw .malformed }
        var request = HTTPRequest(method: String(words[0]), target: String(words[1]), fields: [:])
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else { throw .malformed }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            if let before = request.fields[name] {
                // Fields that two programs may read differently are how requests are smuggled past a guard.
                guard !["host", "origin", "content-length", "transfer-encoding"].contains(name) else {
                    throw .malformed
                }
                request.fields[name] = before + ", " + value
            } else {
                request.fields[name] = value
            }
        }
        return (request, end)
    }

    /// The number of bytes up to and including the empty line.
    private static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...min(bytes.count, longest + 4)).first { index in
            bytes[index - 1] == 0x0A && bytes[index - 2] == 0x0D && bytes[index - 3] == 0x0A && bytes[index - 4] == 0x0D
        }
    }

    /// Whether the text is a token by RFC 9110, 5.6.2.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The number of bytes in the body that follows.
    ///
    /// - Parameters:
    ///   - request: The request without its body.
    ///   - most: The largest number of bytes accepted.
    /// - Throws: ``HTTPFault`` if the length is missing, malformed or too large.
    static func bodyLength(_ request: HTTPRequest, most: Int) throws(HTTPFault) -> Int {
        guard request.fields["transfer-encoding"] == nil else { throw .noLength }
        guard let text = request.fields["content-length"] else {
            guard request.method != "POST" else { throw .noLength }
            return 0
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .malformed }
        guard let length = Int(text), length <= most else { throw .bodyTooLong }
        return length
    }
}
