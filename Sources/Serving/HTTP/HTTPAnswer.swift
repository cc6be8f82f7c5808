import SourceText

/// The answer to a request.
struct HTTPAnswer: Sendable {
    enum Status: Int, Sendable {
        case fine = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case wrongMethod = 405
        case conflict = 409
        case noLength = 411
        case tooLarge = 413
        case notUnderstood = 422
        case headTooLarge = 431

        var phrase: String {
            switch self {
            case .fine: "OK"
            case .badRequest: "Bad Request"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .wrongMethod: "Method Not Allowed"
            case .conflict: "Conflict"
            case .noLength: "Length Required"
            case .tooLarge: "Content Too Large"
            case .notUnderstood: "Unprocessable Content"
            case .headTooLarge: "Request Header Fields Too Large"
            }
        }
    }

    var status = Status.fine
    var type = "application/json"
    var text: String
    /// The methods that the address accepts, if another one was used.
    var allowed: [String] = []

    static func json(_ value: JSONValue) -> HTTPAnswer { HTTPAnswer(text: value.text() + "\n") }

    static func page(_ html: String) -> HTTPAnswer { HTTPAnswer(type: "text/html; charset=utf-8", text: html) }

    static func problem(_ status: Status, _ sentence: String) -> HTTPAnswer {
        HTTPAnswer(status: status, text: (["problem": JSONValue(VisibleText.of(sentence))] as JSONValue).text() + "\n")
    }

    static let done = json(["done": true])

    init(status: Status = .fine, type: String = "application/json", text: String) {
        self.status = status
        self.type = type
        self.text = text
    }

    init(_ fault: HTTPFault, longestBody: Int) {
        self =
            switch fault {
            case .malformed: .problem(.badRequest, "this is not a request of HTTP/1.1")
            case .headTooLong:
                .problem(.headTooLarge, "the lines before the body are more than \(HTTPHead.longest) bytes")
            case .noLength: .problem(.noLength, "a body's length must be given first, by Content-Length")
            case .bodyTooLong: .problem(.tooLarge, "the body is larger than \(longestBody >> 20) MiB")
            }
    }

    /// The bytes to send; a connection gets one answer only.
    ///
    /// - Parameters:
    ///   - isHead: Whether to omit the body, of which only the length is then given (for HEAD).
    func bytes(isHead: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        head += "Content-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n"
        if !allowed.isEmpty { head += "Allow: \(allowed.joined(separator: ", "))\r\n" }
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
        head += "Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\n\r\n"
        return Array(head.utf8) + (isHead ? [] : Array(text.utf8))
    }
}
