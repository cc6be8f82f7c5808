import OperatingSystem

/// Decides which requests are answered: those with the token that name this host and do not come from another page.
struct LiveGuard {
    let token: String
    /// The address of the listening socket; unless it is a loopback address, other numeric addresses may lead here too.
    let address: String
    let port: UInt16

    /// A new token: 128 random bits in hexadecimal.
    static func freshToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<16).map { _ in
            let byte = UInt8.random(in: 0...255, using: &random)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The answer to a request that is refused; nil: it is allowed.
    func refusal(of request: HTTPRequest) -> HTTPAnswer? {
        let host = request.fields["host"] ?? ""
        guard isOurs(host) else { return .problem(.forbidden, "only this host is served, by its own address") }
        if let origin = request.fields["origin"], origin != "http://\(host)" {
            return .problem(.forbidden, "requests from other pages are refused")
        }
        // Requests without an Origin, such as those for images or links in another page.
        if let site = request.fields["sec-fetch-site"], site == "cross-site" || site == "same-site" {
            return .problem(.forbidden, "requests from other pages are refused")
        }
        guard path(of: request) != nil else {
            return .problem(.forbidden, "the address lacks the token that the program printed")
        }
        return nil
    }

    /// The part of the path after the token; nil: the path does not begin with the token.
    func path(of request: HTTPRequest) -> String? {
        let path = Array(request.path.utf8)
        let expected = Array("/\(token)/".utf8)
        guard path.count >= expected.count else { return nil }
        // All bytes are compared, so that the time taken does not tell where they differ.
        let difference = zip(path, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 ? String(decoding: path[expected.count...], as: UTF8.self) : nil
    }

    /// Whether the host is named by a number or a loopback name: another page can make its own name lead here, but not
    /// a number.
    private func isOurs(_ host: String) -> Bool {
        guard host.hasSuffix(":\(port)") else { return false }
        let name = String(host.dropLast(":\(port)".count))
        if ["127.0.0.1", "localhost", address].contains(name) { return true }
        return address == "0.0.0.0" && Sockets.isNumeric(name)
    }
}
