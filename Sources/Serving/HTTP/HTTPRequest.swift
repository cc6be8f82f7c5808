/// One request of HTTP/1.1, whole.
struct HTTPRequest: Sendable {
    var method: String
    /// As it was asked for, with what follows a question mark.
    var target: String
    /// By name in lower case; each once.
    var fields: [String: String]
    var body: [UInt8] = []

    /// `target` up to a question mark.
    var path: Substring { target.prefix { $0 != "?" } }
}

/// Why a request is not read on.
enum HTTPFault: Error, Hashable, Sendable {
    /// Not HTTP/1.1, or said twice what may be said once.
    case malformed
    /// The lines before the body are more than ``HTTPHead/longest`` bytes.
    case headTooLong
    /// A body whose length is not stated first.
    case noLength
    /// A body longer than is taken.
    case bodyTooLong
}

/// The lines before a request's body.
enum HTTPHead {
    /// Bytes of all lines together: a browser's are a tenth of it.
    static let longest = 16 << 10

    /// Reads the lines, if all have come.
    ///
    /// - Returns: The request without its body, and the head's bytes; nil: there is more to come.
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
                // Two readings of one of these are how a request is smuggled past a guard.
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

    /// Behind the empty line.
    private static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...min(bytes.count, longest + 4)).first { index in
            bytes[index - 1] == 0x0A && bytes[index - 2] == 0x0D && bytes[index - 3] == 0x0A && bytes[index - 4] == 0x0D
        }
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Bytes of the body that follows.
    ///
    /// - Parameter most: The longest that is taken.
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
